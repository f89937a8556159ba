"""The usual way on SQLite: the standard library's `sqlite3`, one client."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.peers.usual import Usual
from bench.peers.usual_rules import Terms


class UsualSqlite(Usual):
    """`Usual` with `BEGIN IMMEDIATE`, which locks the whole file and so every row."""

    def __init__(self, path: Path, programme: int, terms: Terms) -> None:
        """Open the file as the engine does: durability and cache; statements stay prepared."""
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=FULL")
        self.connection.execute("PRAGMA cache_size=-65536")
        self.texts: dict[str, str] = {}
        super().__init__(programme, terms)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """As `Usual.transaction`."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def text(self, statement: str) -> str:
        """A statement in SQLite's dialect: other marks, and no locks of rows."""
        if statement not in self.texts:
            bare = statement.replace(" FOR UPDATE OF m", "").replace(" FOR UPDATE", "")
            self.texts[statement] = bare.replace("%s", "?")
        return self.texts[statement]

    def one(self, statement: str, values: Sequence[Any]) -> tuple[Any, ...]:
        """As `Usual.one`."""
        row: tuple[Any, ...] = self.connection.execute(self.text(statement), values).fetchone()
        return row

    def every(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """As `Usual.every`."""
        return self.connection.execute(self.text(statement), values).fetchall()

    def run(self, statement: str, values: Sequence[Any]) -> None:
        """As `Usual.run`."""
        self.connection.execute(self.text(statement), values)

    def disconnect(self) -> None:
        """Close the file."""
        self.connection.close()
