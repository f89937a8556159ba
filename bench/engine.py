"""The engine against the usual way, on PostgreSQL and SQLite, in one run: `bench engine`."""

import json
import os
import platform
import sqlite3
import sys
from typing import TYPE_CHECKING

import psycopg

from bench.databases import Databases, open_databases

if TYPE_CHECKING:
    from bench.comparison import Compared

MEMBERS = 100_000
VENDORS = ("postgresql", "sqlite")
EMPTY = tuple(f"{vendor}_{name}" for vendor in VENDORS for name in ("ours", "few", "many"))
COPIES = tuple(f"{vendor}_usual" for vendor in VENDORS)


def measure(made: Databases) -> dict[str, float]:
    """All figures of the benchmark, by key."""
    from bench.closes import time_closes  # noqa: PLC0415 - needs Django set up
    from bench.comparison import compare  # noqa: PLC0415 - as above

    figures: dict[str, float] = {}
    ratios = []
    for vendor in VENDORS:
        print(f"{vendor}: orders of {MEMBERS:,} members", file=sys.stderr)
        figures |= named(vendor, compare(made, vendor, MEMBERS))
        print(f"{vendor}: daily closes", file=sys.stderr)
        closes = time_closes(made, vendor)
        ratios.append(closes.many_over_few)
        figures[f"{vendor}_close_10k_ms"] = round(1_000 * closes.few, 2)
        figures[f"{vendor}_close_1m_ms"] = round(1_000 * closes.many, 2)
        for count, seconds in closes.exits.items():
            figures[f"{vendor}_close_{count}_exits_ms"] = round(1_000 * seconds, 2)
    figures["close_1m_over_10k"] = round(max(ratios), 2)
    return figures


def named(vendor: str, found: "Compared") -> dict[str, float]:
    """A comparison's figures under their keys."""
    out = {
        f"{vendor}_batch_ratio": round(found.ratios.both, 2),
        f"{vendor}_pay_ratio": round(found.ratios.pay, 2),
        f"{vendor}_mature_ratio": round(found.ratios.mature, 2),
    }
    for way, rates in (("batch", found.ours), ("usual", found.theirs)):
        out[f"{vendor}_{way}_orders_s"] = round(rates.both)
        out[f"{vendor}_{way}_pay_orders_s"] = round(rates.pay)
        out[f"{vendor}_{way}_mature_orders_s"] = round(rates.mature)
    return out


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
    }


def main() -> None:
    """Run everything and print it."""
    with open_databases(EMPTY, COPIES) as made:
        figures, ran_on = measure(made), machine(made)
    if "--json" in sys.argv:
        print(json.dumps({"bench": "engine", "figures": figures, "machine": ran_on}))
        return
    for name, value in figures.items():
        print(f"{name:40} {value:>14,}")


if __name__ == "__main__":
    main()
