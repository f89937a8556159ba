"""Slices and batches on PostgreSQL: binary ``COPY`` in and out, ``unnest`` for updates.

The binary formats are those of PostgreSQL's manual ("COPY", file formats; arrays as sent by
``array_send``): big-endian, each value after its length. A row of integers has a fixed length,
so NumPy writes and reads whole batches at once.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.adapt import Dumper
from psycopg.pq import Format

from shareback.journal.shapes import Shape
from shareback.journal.storage import (
    SELECT_HEAD,
    UPDATE_HEAD,
    Integers,
    LockedHead,
    RowsMissing,
    Value,
)

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = b"\xff\xff"
INT8_OID, INT8_ARRAY_OID = 20, 1016
PROGRAMME_WIDTH = 2
LOCK_HEAD = f"{SELECT_HEAD} FOR UPDATE".encode()
CHANGE_HEAD = UPDATE_HEAD.encode()


class BigintArrayDumper(Dumper):
    """An int64 array as PostgreSQL's binary ``bigint[]``."""

    format = Format.BINARY
    oid = INT8_ARRAY_OID

    def dump(self, obj: Integers) -> bytes:
        """One dimension, no nulls, counted from 1."""
        items = np.empty(len(obj), np.dtype([("length", ">i4"), ("value", ">i8")]))
        items["length"] = 8
        items["value"] = obj
        header = np.array([1, 0, INT8_OID, len(obj), 1], ">i4")
        return header.tobytes() + items.tobytes()


def row_dtype(widths: Sequence[int]) -> np.dtype[Any]:
    """A row of integers in ``COPY``'s binary format."""
    fields: list[tuple[str, DTypeLike]] = [("columns", ">i2")]
    for place, width in enumerate(widths):
        fields += [(f"length{place}", ">i4"), (f"value{place}", f">i{width}")]
    return np.dtype(fields)


def copy_rows(
    widths: Sequence[int], rows: Sequence[Any], count: int, tail: Sequence[Sequence[Value]]
) -> bytes:
    """Rows in ``COPY``'s binary format: integers column by column, then texts and bytes."""
    fixed = np.empty(count, row_dtype(widths))
    fixed["columns"] = len(widths) + len(tail)
    for place, width in enumerate(widths):
        fixed[f"length{place}"] = width
        fixed[f"value{place}"] = rows[place]
    raw = fixed.tobytes()
    if not tail:
        return SIGNATURE + raw + END
    size = fixed.dtype.itemsize
    parts = [SIGNATURE]
    for place, values in enumerate(zip(*tail, strict=True)):
        parts.append(raw[place * size : (place + 1) * size])
        for value in values:
            octets = value.encode() if isinstance(value, str) else value
            parts.append(len(octets).to_bytes(4, "big"))
            parts.append(octets)
    parts.append(END)
    return b"".join(parts)


class PostgresqlStorage:
    """`storage.Storage` for PostgreSQL."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        """Work on a connection of Django's."""
        connection.ensure_connection()
        self.raw: psycopg.Connection[Any] = connection.connection
        # What the driver raises becomes Django's own exceptions, the same for both databases.
        self.errors = connection.wrap_database_errors
        self.raw.adapters.register_dumper(np.ndarray, BigintArrayDumper)

    def cursor(self) -> psycopg.Cursor[Any]:
        """A cursor that binds on the server, so that arrays travel in binary."""
        return psycopg.Cursor(self.raw)

    def lock_head(self, programme: int) -> LockedHead:
        """Lock the programme's row, as `storage.Storage.lock_head`."""
        with self.errors, self.cursor() as cursor:
            cursor.execute(LOCK_HEAD, (programme,), prepare=True, binary=True)
            (row,) = cursor.fetchall()
        *figures, frontier, halted = row
        return LockedHead(figures, frontier, halted)

    def write_head(self, programme: int, figures: Sequence[int], frontier: bytes) -> None:
        """Change the head, as `storage.Storage.write_head`."""
        with self.errors, self.cursor() as cursor:
            cursor.execute(CHANGE_HEAD, (*figures, frontier, programme), prepare=True)

    def select(self, shape: Shape, programme: int, where: str = "") -> Integers:
        """Rows of a table's integers, as `storage.Storage.select`."""
        columns = ",".join(f'"{name}"' for name in shape.integers)
        query = f'SELECT {columns} FROM "{shape.table}" WHERE programme_id = {programme} {where}'
        with (
            self.errors,
            self.cursor() as cursor,
            cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT BINARY)".encode()) as copy,
        ):
            raw = b"".join(copy)
        dtype = row_dtype(shape.widths)
        count = (len(raw) - len(SIGNATURE) - len(END)) // dtype.itemsize
        rows = np.frombuffer(raw, dtype, count, len(SIGNATURE))
        out = np.empty((count, len(shape.integers)), np.int64)
        for place in range(len(shape.integers)):
            out[:, place] = rows[f"value{place}"]
        return out

    def find(
        self, table: str, column: str, values: Sequence[str], wanted: Sequence[str], programme: int
    ) -> list[tuple[Any, ...]]:
        """Rows by texts, as `storage.Storage.find`."""
        names = ",".join(f'"{name}"' for name in (column, *wanted))
        query = (
            f'SELECT {names} FROM "{table}" WHERE programme_id = {programme}'
            f' AND "{column}" = ANY(%s)'
        )
        with self.errors, self.cursor() as cursor:
            return cursor.execute(query.encode(), (list(values),), binary=True).fetchall()

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
        query = (
            f'SELECT "{key}", "{column}" FROM "{table}" WHERE programme_id = {programme}'
            f' AND {condition} AND "{key}" = ANY(%s)'
        )
        with self.errors, self.cursor() as cursor:
            return cursor.execute(query.encode(), (numbers,), binary=True).fetchall()

    def insert(
        self, shape: Shape, programme: int, integers: Integers, tail: Sequence[Sequence[Value]] = ()
    ) -> None:
        """Add rows, as `storage.Storage.insert`."""
        if len(integers) == 0:
            return
        data = copy_rows(
            (PROGRAMME_WIDTH, *shape.widths), [programme, *integers.T], len(integers), tail
        )
        names = ",".join(f'"{name}"' for name in shape.columns)
        with (
            self.errors,
            self.cursor() as cursor,
            cursor.copy(
                f'COPY "{shape.table}" ({names}) FROM STDIN (FORMAT BINARY)'.encode()
            ) as copy,
        ):
            copy.write(data)

    def replace(
        self,
        shape: Shape,
        programme: int,
        keys: int,
        integers: Integers,
        tail: Sequence[Sequence[Value]] = (),
    ) -> None:
        """Add or change rows, as `storage.Storage.replace`."""
        if len(integers) == 0:
            return
        names = shape.columns[1 : keys + 1]
        marks = ",".join("%s" for _name in names)
        found = " AND ".join(f't."{name}" = gone."{name}"' for name in names)
        gone = ",".join(f'"{name}"' for name in names)
        query = (
            f'DELETE FROM "{shape.table}" t USING unnest({marks}) gone({gone})'
            f" WHERE t.programme_id = {programme} AND {found}"
        )
        columns = [np.ascontiguousarray(integers[:, place]) for place in range(keys)]
        with self.errors, self.cursor() as cursor:
            cursor.execute(query.encode(), columns)
        self.insert(shape, programme, integers, tail)

    def update(
        self, shape: Shape, programme: int, keys: int, columns: Sequence[str], rows: Integers
    ) -> None:
        """Change rows, as `storage.Storage.update`."""
        if len(rows) == 0:
            return
        names = ",".join(f'"{name}"' for name in columns)
        arrays = ",".join(["%s"] * len(columns))
        changes = ",".join(f'"{name}" = new."{name}"' for name in columns[keys:])
        found = " AND ".join(f'old."{name}" = new."{name}"' for name in columns[:keys])
        query = (
            f'UPDATE "{shape.table}" old SET {changes} FROM unnest({arrays}) new ({names})'
            f" WHERE old.programme_id = {programme} AND {found}"
        )
        with self.errors, self.cursor() as cursor:
            cursor.execute(query.encode(), [np.ascontiguousarray(row) for row in rows.T])
            if cursor.rowcount != len(rows):
                raise RowsMissing(shape.table, len(rows), cursor.rowcount)
