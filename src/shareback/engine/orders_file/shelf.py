"""The temporary database in which the rows of an orders file wait."""

import os
import sqlite3
import tempfile
from collections.abc import Iterable
from pathlib import Path

from shareback.engine.orders_file.faults import Fault
from shareback.engine.orders_file.sheet import Line

_SETTINGS = (
    # Nothing here survives the process, so nothing is kept for a recovery.
    "journal_mode = OFF",
    "synchronous = OFF",
    "locking_mode = EXCLUSIVE",
    "page_size = 8192",
    # 32 MiB; what does not fit is sorted on disk, so that any file takes the same memory.
    "cache_size = -32768",
    "temp_store = FILE",
)
NEVER = -1
"""Stands for the receipt of an order that is closed before."""

_TABLES = """
CREATE TABLE line (
    row INTEGER PRIMARY KEY,
    order_id TEXT NOT NULL, member_id TEXT NOT NULL,
    merchant_id TEXT NOT NULL, referrer_id TEXT NOT NULL,
    -- Moments (moments.py). Received is NULL at payment, NEVER where no receipt follows.
    paid INTEGER NOT NULL,
    amount INTEGER NOT NULL, profit INTEGER,
    received INTEGER, refunded INTEGER, refund INTEGER,
    later INTEGER NOT NULL DEFAULT 0, refund_index INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE bad (
    row INTEGER PRIMARY KEY, order_id TEXT, said_of TEXT NOT NULL, text TEXT NOT NULL,
    reason TEXT NOT NULL
);
"""


class Shelf:
    """The temporary database: rows, and those that are bad."""

    def __init__(self, folder: Path) -> None:
        """Make it in a folder.

        Raises:
            OSError: The folder does not take a file.
        """
        descriptor, name = tempfile.mkstemp(prefix="orders-", suffix=".staged", dir=folder)
        os.close(descriptor)
        self.database = sqlite3.connect(name, isolation_level=None)
        try:
            for setting in _SETTINGS:
                self.database.execute(f"PRAGMA {setting}")
            self.database.executescript(_TABLES)
        finally:
            # The open database keeps its file; without a name it leaves nothing when killed.
            Path(name).unlink()

    def close(self) -> None:
        """Give the space back."""
        self.database.close()

    def add(self, lines: Iterable[Line]) -> None:
        """Stage rows."""
        self.database.executemany(
            "INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)", lines
        )

    def add_bad(self, faults: Iterable[Fault]) -> None:
        """Note rows that are not taken; of a row's faults the first stays."""
        self.database.executemany("INSERT OR IGNORE INTO bad VALUES (?, ?, ?, ?, ?)", faults)

    def drop_bad_orders(self, unit: str) -> None:
        """Take away the orders of which a row is bad, all rows of them."""
        self.database.executescript(
            """
            CREATE TEMP TABLE fallen AS
                SELECT order_id, min(row) AS row FROM bad WHERE order_id IS NOT NULL
                GROUP BY order_id;
            """
        )
        self.database.execute(
            """
            INSERT OR IGNORE INTO bad
                SELECT line.row, order_id, '', '',
                    'belongs to an order of which ' || ? || ' ' || fallen.row || ' is bad'
                FROM line JOIN fallen USING (order_id)
            """,
            (unit,),
        )
        self.database.executescript(
            """
            DELETE FROM line WHERE order_id IN (SELECT order_id FROM fallen);
            DROP TABLE fallen;
            """
        )

    def numbers(self, question: str) -> tuple[int, ...]:
        """The one row of numbers that a query answers, 0 for NULL."""
        return tuple(int(each or 0) for each in self.database.execute(question).fetchone())
