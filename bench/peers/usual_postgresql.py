"""The usual way on PostgreSQL: psycopg 3, prepared statements, one client."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

from bench.peers.usual import Usual
from bench.peers.usual_rules import Terms


class UsualPostgresql(Usual):
    """`Usual` with `SELECT … FOR UPDATE` on the programme and the member."""

    def __init__(self, url: str, programme: int, terms: Terms) -> None:
        """Connect; every statement is prepared at its first use."""
        self.connection = psycopg.connect(url, autocommit=True, prepare_threshold=0)
        self.cursor = self.connection.cursor(binary=True)
        super().__init__(programme, terms)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """As `Usual.transaction`."""
        with self.connection.transaction():
            yield

    def one(self, statement: str, values: Sequence[Any]) -> tuple[Any, ...]:
        """As `Usual.one`."""
        row: tuple[Any, ...] = self.every(statement, values)[0]
        return row

    def every(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """As `Usual.every`."""
        return self.cursor.execute(statement.encode(), values).fetchall()

    def run(self, statement: str, values: Sequence[Any]) -> None:
        """As `Usual.run`."""
        self.cursor.execute(statement.encode(), values)

    def disconnect(self) -> None:
        """Disconnect."""
        self.connection.close()
