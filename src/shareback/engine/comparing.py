"""Compare rows of the database with rows that a replay says should be there."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from django.db import connections

from shareback.journal.shapes import Shape
from shareback.journal.storage import storage_for
from shareback.kernels.arrays import Integers

ROWS_AT_A_TIME = 65_536
SHOWN_MAX = 64
ABSENT = "absent"
UNREPLAYABLE = "unreplayable"


def shortened(text: str) -> str:
    """A text as a finding shows it: not too long, and such as any terminal can write."""
    text = text.encode(errors="backslashreplace").decode()
    return text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}…"


class Finding(NamedTuple):
    """Something that the database says and the log does not.

    Attributes:
        place: Which row, such as ``member 17``.
        column: Which of its columns; empty where the whole row is meant.
        stored: What the database has; ``absent`` where the row is missing.
        replayed: What follows from the log; ``absent`` where there should be no row, and
            ``unreplayable`` where the log itself breaks off, for the reason in ``stored``.
        more: How many more rows of the table differ.
    """

    place: str
    column: str
    stored: str
    replayed: str
    more: int = 0

    def __str__(self) -> str:
        """One line that tells what and where."""
        more = f" ({self.more} more rows of the table differ)" if self.more else ""
        if self.replayed == UNREPLAYABLE:
            return f"{self.place} {self.stored}"
        if not self.column and self.stored == ABSENT:
            return f"{self.place} is missing in the database{more}"
        if not self.column and self.replayed == ABSENT:
            return f"{self.place} is in the database, but does not follow from the log{more}"
        what = f"{self.place}: {self.column}"
        return f"{what} is {self.stored} in the database, {self.replayed} by the log{more}"


class Comparison:
    """A table that is compared piece by piece; the first difference is kept, the rest counted."""

    def __init__(
        self, columns: Sequence[str], name: Callable[[Integers | Sequence[int]], str]
    ) -> None:
        """Know the names of the columns, and how a row is called."""
        self.columns = columns
        self.name = name
        self.first: Finding | None = None
        self.count = 0

    def note(self, finding: Finding, rows: int = 1) -> None:
        """Keep a finding if it is the table's first, and count the rows that differ."""
        self.first = self.first or finding
        self.count += rows

    def findings(self) -> list[Finding]:
        """The first difference, with how many more there are; or none."""
        return [] if self.first is None else [self.first._replace(more=self.count - 1)]

    def rows(self, stored: Integers, replayed: Integers) -> None:
        """Compare rows whose first column is their number.

        Args:
            stored: int64[n, width], numbers rising; one that stands there again is a row too many.
            replayed: int64[m, width], numbers rising, each once.
        """
        numbers, expected = stored[:, 0], replayed[:, 0]
        again = np.zeros(len(numbers), np.bool_)
        again[1:] = numbers[1:] == numbers[:-1]
        known = np.isin(numbers, expected) & ~again
        missing = replayed[~np.isin(expected, numbers)]
        surplus = stored[~known]
        here, there = stored[known], replayed[np.isin(expected, numbers)]
        differs = (here != there).any(axis=1)
        found: list[tuple[int, Finding]] = []
        if len(missing) > 0:
            found.append((missing[0, 0], Finding(self.name(missing[0]), "", ABSENT, "there")))
        if len(surplus) > 0:
            found.append((surplus[0, 0], Finding(self.name(surplus[0]), "", "there", ABSENT)))
        if differs.any():
            place = differs.argmax()
            found.append((here[place, 0], self.difference(here[place], there[place])))
        if found:
            found.sort(key=lambda each: each[0])
            self.note(found[0][1], len(missing) + len(surplus) + int(differs.sum()))

    def difference(self, stored: Integers, replayed: Integers) -> Finding:
        """The first column in which two rows differ."""
        column = int((stored != replayed).argmax())
        name = self.columns[column]
        return Finding(self.name(stored), name, str(stored[column]), str(replayed[column]))


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
