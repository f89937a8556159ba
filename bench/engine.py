"""The engine against the usual way, on PostgreSQL and SQLite, in one run: `bench engine`."""

import json
import os
import platform
import sqlite3
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import psycopg

from bench.databases import Databases, open_databases

if TYPE_CHECKING:
    from bench.closes import Closes
    from bench.comparison import Compared

MEMBERS = 100_000
SHOWN_FROM_US = 0.05
SYNCS = 200
VENDORS = ("postgresql", "sqlite")
EMPTY = tuple(f"{vendor}_{name}" for vendor in VENDORS for name in ("ours", "few", "many"))
COPIES = tuple(f"{vendor}_usual" for vendor in VENDORS)


def measure(made: Databases) -> dict[str, float]:
    """All figures of the benchmark, by key."""
    from bench.closes import time_closes  # noqa: PLC0415 - needs Django set up
    from bench.comparison import compare  # noqa: PLC0415 - as above
    from bench.golden import closed_form_error  # noqa: PLC0415 - as above

    figures: dict[str, float] = {}
    ratios = []
    for vendor in VENDORS:
        print(f"{vendor}: orders of {MEMBERS:,} members", file=sys.stderr)
        figures |= of_orders(vendor, compare(made, vendor, MEMBERS))
        print(f"{vendor}: daily closes", file=sys.stderr)
        closes = time_closes(made, vendor)
        ratios.append(closes.many / closes.few)
        figures |= of_closes(vendor, closes)
    figures["close_1m_over_10k"] = round(max(ratios), 2)
    figures["example_1m_error"] = closed_form_error(1_000_000)
    return figures


def of_orders(vendor: str, found: "Compared") -> dict[str, float]:
    """A comparison's figures under their keys."""
    out: dict[str, float] = {}
    for command, place in (("batch", 0), ("pay", 1), ("mature", 2)):
        out[f"{vendor}_{command}_ratio"] = round(found.ratios[place], 2)
        out[f"{vendor}_{command}_orders_s"] = round(found.ours[place])
        usual = "usual" if command == "batch" else f"usual_{command}"
        out[f"{vendor}_{usual}_orders_s"] = round(found.theirs[place])
    for part, microseconds in sorted(found.parts.items(), key=lambda item: -item[1]):
        if microseconds >= SHOWN_FROM_US:
            out[f"{vendor}_us_{part.replace(' ', '_')}"] = round(microseconds, 2)
    return out


def of_closes(vendor: str, found: "Closes") -> dict[str, float]:
    """The times of closes under their keys."""
    by_name = {"10k": found.few, "1m": found.many}
    by_name |= {f"{count}_exits": seconds for count, seconds in found.exits.items()}
    return {f"{vendor}_close_{name}_ms": round(1_000 * by_name[name], 2) for name in by_name}


def machine(made: Databases) -> dict[str, object]:
    """What the run ran on, as far as its figures depend on it."""
    with psycopg.connect(made.server) as connection:
        server = connection.info.server_version
    return {
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "postgresql": f"{server // 10_000}.{server % 10_000}",
        "sqlite": sqlite3.sqlite_version,
        "psycopg": psycopg.__version__,
        "sync_us": sync_microseconds(made.folder / "sync"),
    }


def sync_microseconds(path: Path) -> int:
    """How long the disk takes to keep a page for good: what one transaction an order waits for."""
    taken = []
    with path.open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            start = time.perf_counter()
            file.write(bytes(4_096))
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - start)
    return round(1_000_000 * median(taken))


def main() -> None:
    """Run everything and print it."""
    with open_databases(EMPTY, COPIES) as made:
        figures, ran_on = measure(made), machine(made)
    if "--json" in sys.argv:
        print(json.dumps({"bench": "engine", "figures": figures, "machine": ran_on}))
        return
    show(figures)
    print(", ".join(f"{name} {value}" for name, value in ran_on.items()))


def show(figures: dict[str, float]) -> None:
    """The figures as a table, PostgreSQL's and SQLite's side by side."""
    print(f"{'':28}{'PostgreSQL':>14}{'SQLite':>14}")
    for key, value in figures.items():
        vendor, _, name = key.partition("_")
        if vendor == "sqlite" and f"postgresql_{name}" in figures:
            continue
        if vendor not in VENDORS:
            print(f"{key:28}{value:>14,g}")
            continue
        both = [figures.get(f"{one}_{name}") for one in VENDORS]
        shown = [f"{'–' if one is None else format(one, ',')}" for one in both]
        print(f"{name:28}{shown[0]:>14}{shown[1]:>14}")


if __name__ == "__main__":
    main()
