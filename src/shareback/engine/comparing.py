"""Compare rows of the database with rows that a replay says should be there."""

from collections.abc import Callable

from django.db import connections

from shareback.audit.findings import Comparison, Finding
from shareback.journal.shapes import Shape
from shareback.journal.storage import storage_for
from shareback.kernels.arrays import Integers

ROWS_AT_A_TIME = 65_536
SHOWN_BYTES = 8


def apart(stored: bytes, expected: bytes) -> tuple[str, str]:
    """How a finding shows two long byte strings that differ: by the place where they begin to."""
    if len(stored) != len(expected):
        return f"{len(stored)} bytes long", str(len(expected))
    pairs = enumerate(zip(stored, expected, strict=True))
    at = next(place for place, (here, there) in pairs if here != there)
    here, there = (each[at : at + SHOWN_BYTES].hex() for each in (stored, expected))
    return f"{here} from byte {at} on", there


class Stored:
    """A programme's rows in the database."""

    def __init__(self, programme: int, alias: str) -> None:
        """Read one programme of one database."""
        self.programme = programme
        self.storage = storage_for(connections[alias])

    def compare(
        self, name: str, shape: Shape, replayed: Callable[[int, int], Integers], count: int
    ) -> list[Finding]:
        """Compare a table whose rows are found by number.

        Args:
            name: What a row is called, before its number.
            shape: The table; its first column is the number.
            replayed: Gives the rows with first <= number < end that should be there.
            count: The highest number.

        Returns:
            At most one finding.
        """
        comparison = Comparison(shape.integers, lambda row: f"{name} {row[0]}")
        first = 1
        while True:
            end = min(first + ROWS_AT_A_TIME, count + 1)
            low = f" AND number >= {first}" if first > 1 else ""
            high = f" AND number < {end}" if end <= count else ""
            stored = self.storage.select(shape, self.programme, f"{low}{high} ORDER BY number")
            comparison.rows(stored, replayed(first, end))
            first = end
            if first > count:
                return comparison.findings()
