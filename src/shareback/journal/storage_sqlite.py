"""Slices and batches on SQLite: ``executemany`` inside one immediate transaction."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db.backends.base.base import BaseDatabaseWrapper

from shareback.journal.shapes import Shape
from shareback.journal.storage import (
    SELECT_HEAD,
    UPDATE_HEAD,
    Integers,
    LockedHead,
    RowsMissing,
    Value,
    among,
)

MARKED_SELECT, MARKED_UPDATE = (text.replace("%s", "?") for text in (SELECT_HEAD, UPDATE_HEAD))


class SqliteStorage:
    """`storage.Storage` for SQLite."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        """Work on a connection of Django's, whose transactions are immediate."""
        connection.ensure_connection()
        self.raw = connection.connection
        # What the driver raises becomes Django's own exceptions, the same for both databases.
        self.errors = connection.wrap_database_errors

    def lock_head(self, programme: int) -> LockedHead:
        """Read the head; an immediate transaction keeps every other writer out already."""
        with self.errors:
            row = self.raw.execute(MARKED_SELECT, (programme,)).fetchone()
        *figures, frontier, halted = row
        return LockedHead(figures, frontier, halted)

    def write_head(self, programme: int, figures: Sequence[int], frontier: bytes) -> None:
        """Change the head, as `storage.Storage.write_head`."""
        with self.errors:
            self.raw.execute(MARKED_UPDATE, (*figures, frontier, programme))

    def select(self, shape: Shape, programme: int, where: str = "") -> Integers:
        """Rows of a table's integers, as `storage.Storage.select`."""
        columns = ",".join(f'"{name}"' for name in shape.integers)
        with self.errors:
            rows = self.raw.execute(
                f'SELECT {columns} FROM "{shape.table}" WHERE programme_id = {programme} {where}'
            ).fetchall()
        return np.array(rows, np.int64).reshape(len(rows), len(shape.integers))

    def find(
        self, table: str, column: str, values: Sequence[str], wanted: Sequence[str], programme: int
    ) -> list[tuple[Any, ...]]:
        """Rows by texts, as `storage.Storage.find`."""
        names = ",".join(f'"{name}"' for name in (column, *wanted))
        with self.errors:
            found: list[tuple[Any, ...]] = self.raw.execute(
                f'SELECT {names} FROM "{table}" WHERE programme_id = {programme}'
                f' AND "{column}" IN (SELECT value FROM json_each(?))',
                (json.dumps(list(values)),),
            ).fetchall()
        return found

    def texts(
        self,
        table: str,
        key: str,
        column: str,
        programme: int,
        numbers: Integers,
        condition: str = "TRUE",
    ) -> list[tuple[int, Any]]:
        """Texts by numbers, as `storage.Storage.texts`."""
        with self.errors:
            found: list[tuple[int, Any]] = self.raw.execute(
                f'SELECT "{key}", "{column}" FROM "{table}" WHERE programme_id = {programme}'
                f" AND {condition} AND {among(key, numbers)}"
            ).fetchall()
        return found

    def insert(
        self, shape: Shape, programme: int, integers: Integers, tail: Sequence[Sequence[Value]] = ()
    ) -> None:
        """Add rows, as `storage.Storage.insert`."""
        self.add(shape, programme, integers, tail)

    def replace(
        self,
        shape: Shape,
        programme: int,
        keys: int,
        integers: Integers,
        tail: Sequence[Sequence[Value]] = (),
    ) -> None:
        """Add or change rows, as `storage.Storage.replace`."""
        found, rest = shape.columns[: keys + 1], shape.columns[keys + 1 :]
        conflict = ",".join(f'"{name}"' for name in found)
        changes = ",".join(f'"{name}" = excluded."{name}"' for name in rest)
        # A row that changes its bytes alone stays where it is.
        self.add(
            shape, programme, integers, tail, f" ON CONFLICT ({conflict}) DO UPDATE SET {changes}"
        )

    def add(
        self,
        shape: Shape,
        programme: int,
        integers: Integers,
        tail: Sequence[Sequence[Value]],
        otherwise: str = "",
    ) -> None:
        """Add rows; ``otherwise`` says what is done where one is there."""
        if len(integers) == 0:
            return
        names = ",".join(f'"{name}"' for name in shape.columns)
        marks = ",".join("?" * (len(shape.columns) - 1))
        rows = zip(*integers.T.tolist(), *tail, strict=True)
        with self.errors:
            self.raw.executemany(
                f'INSERT INTO "{shape.table}" ({names}) VALUES ({programme},{marks}){otherwise}',
                rows,
            )

    def update(
        self, shape: Shape, programme: int, keys: int, columns: Sequence[str], rows: Integers
    ) -> None:
        """Change rows, as `storage.Storage.update`."""
        if len(rows) == 0:
            return
        changes = ",".join(f'"{name}" = ?' for name in columns[keys:])
        found = " AND ".join(f'"{name}" = ?' for name in columns[:keys])
        ordered = np.hstack([rows[:, keys:], rows[:, :keys]])
        found = f"programme_id = {programme} AND {found}"
        with self.errors:
            cursor = self.raw.executemany(
                f'UPDATE "{shape.table}" SET {changes} WHERE {found}', ordered.tolist()
            )
        if cursor.rowcount != len(rows):
            raise RowsMissing(shape.table, len(rows), cursor.rowcount)
