"""What a batch asks of a database, and which of the two gives it."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np
from django.db.backends.base.base import BaseDatabaseWrapper
from numpy.typing import NDArray

from shareback.journal.heads import HEAD_COLUMNS
from shareback.journal.shapes import Shape

Integers: TypeAlias = NDArray[np.int64]
Value: TypeAlias = str | bytes


class LockedHead(NamedTuple):
    """A programme's row while its lock is held.

    Attributes:
        figures: By `layout.Head`.
        frontier: The log's frontier.
        halted: Why nothing is paid out for the moment, as `models.programme.Halt` counts.
    """

    figures: list[int]
    frontier: bytes
    halted: int


class Storage(Protocol):
    """Reads slices and writes batches inside the caller's transaction."""

    def lock_head(self, programme: int) -> LockedHead:
        """Keep every other writer of the programme out until the transaction ends."""
        ...

    def write_head(self, programme: int, figures: Sequence[int], frontier: bytes) -> None:
        """Change the programme's row: its figures by `layout.Head`, and its log's frontier."""

    def select(self, shape: Shape, programme: int, where: str = "") -> Integers:
        """Rows of a table's integers.

        Args:
            shape: The table.
            programme: The programme.
            where: More conditions, order and limit, in SQL that both databases take; it holds
                only names and whole numbers that this project wrote itself.

        Returns:
            int64[n, len(shape.integers)].
        """
        ...

    def insert(
        self, shape: Shape, programme: int, integers: Integers, tail: Sequence[Sequence[Value]] = ()
    ) -> None:
        """Add rows: their integers, and each column of texts or bytes."""

    def replace(
        self,
        shape: Shape,
        programme: int,
        keys: int,
        integers: Integers,
        tail: Sequence[Sequence[Value]] = (),
    ) -> None:
        """As `insert`, in the place of rows with the same first ``keys`` integers."""

    def update(
        self, shape: Shape, programme: int, keys: int, columns: Sequence[str], rows: Integers
    ) -> None:
        """Change rows found by their first ``keys`` columns of ``columns``; all must exist."""

    def find(
        self, table: str, column: str, values: Sequence[str], wanted: Sequence[str], programme: int
    ) -> list[tuple[Any, ...]]:
        """Rows whose text column holds one of some values: that text, then the wanted columns."""
        ...

    def texts(
        self,
        table: str,
        key: str,
        column: str,
        programme: int,
        numbers: Integers,
        condition: str = "TRUE",
    ) -> list[tuple[int, Any]]:
        """Pairs of a number and the text or bytes stored with it, for some numbers."""
        ...


def storage_for(connection: BaseDatabaseWrapper) -> Storage:
    """The storage that a connection of Django's stands for."""
    if connection.vendor == "postgresql":
        from shareback.journal.storage_postgresql import PostgresqlStorage  # noqa: PLC0415

        return PostgresqlStorage(connection)
    from shareback.journal.storage_sqlite import SqliteStorage  # noqa: PLC0415

    return SqliteStorage(connection)


def among(column: str, numbers: Integers | Sequence[int]) -> str:
    """The condition that a column holds one of some numbers, in SQL that both databases take."""
    wanted = np.asarray(numbers, np.int64)
    # Orders that were paid together mature together: most often the numbers follow on.
    if len(wanted) > 1 and (np.diff(wanted) == 1).all():
        return f"{column} BETWEEN {wanted[0]} AND {wanted[-1]}"
    return f"{column} IN ({','.join(map(str, wanted.tolist())) or 'NULL'})"


HEAD_NAMES = ",".join(f'"{name}"' for name in (*HEAD_COLUMNS, "frontier"))
SELECT_HEAD = f'SELECT {HEAD_NAMES},"halted" FROM "journal_programme" WHERE id = %s'
HEAD_CHANGES = ",".join(f'"{name}" = %s' for name in (*HEAD_COLUMNS, "frontier"))
UPDATE_HEAD = f'UPDATE "journal_programme" SET {HEAD_CHANGES} WHERE id = %s'
"""How a head is read and written, with PostgreSQL's marks."""


class RowsMissing(Exception):
    """A bug: rows that a batch changes are not in the database."""

    def __init__(self, table: str, expected: int, found: int) -> None:
        """Keep the table and both counts."""
        super().__init__(f"{table}: {found} of {expected} rows found")
        self.table, self.expected, self.found = table, expected, found
