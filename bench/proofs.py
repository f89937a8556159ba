"""Proofs: the log verified, appended to and kept, and the tree of accounts: `bench proofs`."""

import json
import os
import platform
import sqlite3
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

import psycopg

from bench.databases import Databases, open_databases

if TYPE_CHECKING:
    from bench.trees import Crowd

VENDORS = ("postgresql", "sqlite")
LOG = "postgresql_log"
TREES = {vendor: f"{vendor}_tree" for vendor in VENDORS}


def measure(made: Databases) -> dict[str, float]:
    """All figures of the benchmark, by key."""
    from bench.trees import Crowd  # noqa: PLC0415 - needs Django set up

    print("a log lived through, exported and verified", file=sys.stderr)
    figures = of_log(made)
    print("a tree of a million accounts", file=sys.stderr)
    return figures | of_trees(Crowd())


def of_log(made: Databases) -> dict[str, float]:
    """The figures of the log."""
    from bench import logs  # noqa: PLC0415 - needs Django set up

    folder = made.folder / "export"
    engine = logs.live(made, LOG)
    found = logs.verified(engine, folder)
    append = logs.appended(folder)
    return {
        "verify_ratio": round(found.ours / found.plain, 1),
        "verify_events_s": round(found.ours),
        "plain_events_s": round(found.plain),
        "log_append_us": round(append.ours, 2),
        "log_tree_us": round(append.tree, 2),
        "pymerkle_us": round(append.pymerkle, 2),
        "pymerkle_ratio": round(append.pymerkle / append.tree, 1),
        "row_bytes_postgresql": round(logs.row_bytes(LOG), 1),
        "event_bytes_parquet": round(found.file_bytes, 2),
    }


def of_trees(crowd: "Crowd") -> dict[str, float]:
    """The figures of the tree of accounts."""
    from bench import trees  # noqa: PLC0415 - needs Django set up

    held = trees.in_memory(crowd)
    figures = {
        "sum_tree_1m_s": round(held.whole, 3),
        "touched_10k_of_1m_s": round(held.touched, 3),
    }
    for vendor in VENDORS:
        print(f"{vendor}: the tree stored", file=sys.stderr)
        kept = trees.stored(crowd, TREES[vendor])
        figures |= {
            f"{vendor}_sum_tree_1m_s": round(kept.whole, 2),
            f"{vendor}_touched_10k_of_1m_s": round(kept.touched, 3),
            f"{vendor}_proof_ms": round(1_000 * kept.proof, 2),
        }
    return figures


def machine(made: Databases) -> dict[str, object]:
    """What the run ran on, as far as its figures depend on it."""
    with psycopg.connect(made.server) as connection:
        server = connection.info.server_version
    return {
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "postgresql": f"{server // 10_000}.{server % 10_000}",
        "sqlite": sqlite3.sqlite_version,
        "pyarrow": version("pyarrow"),
        "pymerkle": version("pymerkle"),
    }


def main() -> None:
    """Run everything and print it."""
    with open_databases((LOG, *TREES.values()), ()) as made:
        figures, ran_on = measure(made), machine(made)
    if "--json" in sys.argv:
        print(json.dumps({"bench": "proofs", "figures": figures, "machine": ran_on}))
        return
    for key, value in figures.items():
        print(f"{key:32}{value:>14,}")
    print(", ".join(f"{name} {value}" for name, value in ran_on.items()))


if __name__ == "__main__":
    main()
