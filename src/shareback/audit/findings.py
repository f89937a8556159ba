"""What a verification finds: rows that say otherwise than a replay of the log."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from shareback.kernels.arrays import Integers

SHOWN_MAX = 64
ABSENT = "absent"
UNREPLAYABLE = "unreplayable"


def shortened(text: str) -> str:
    """A text as a finding shows it: not too long, and such as any terminal can write."""
    text = text.encode(errors="backslashreplace").decode()
    return text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}…"


class Finding(NamedTuple):
    """Something that the database, or an export, says and the log does not.

    Attributes:
        place: Which row, such as ``member 17``.
        column: Which of its columns; empty where the whole row is meant.
        stored: What it has; ``absent`` where the row is missing.
        replayed: What follows from the log; ``absent`` where there should be no row, and
            ``unreplayable`` where the log itself breaks off, for the reason in ``stored``.
        more: How many more rows of the table differ.
        source: Where it says so.
    """

    place: str
    column: str
    stored: str
    replayed: str
    more: int = 0
    source: str = "the database"

    def __str__(self) -> str:
        """One line that tells what and where."""
        more = f" ({self.more} more rows of the table differ)" if self.more else ""
        if self.replayed == UNREPLAYABLE:
            return f"{self.place} {self.stored}"
        if not self.column and self.stored == ABSENT:
            return f"{self.place} is missing in {self.source}{more}"
        if not self.column and self.replayed == ABSENT:
            return f"{self.place} is in {self.source}, but does not follow from the log{more}"
        what = f"{self.place}: {self.column}"
        return f"{what} is {self.stored} in {self.source}, {self.replayed} by the log{more}"


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
