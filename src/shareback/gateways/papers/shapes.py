"""What a paper is made of: strings as they are shown, and nothing that has to be reckoned."""

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["words", "figure", "day"]
"""How a column is set: words take the room that is left, figures stand in line at the right."""

Cell: TypeAlias = str | tuple[str, str]
"""What stands in one place of a table; of a pair, the second is a smaller line below."""


class Column(NamedTuple):
    """A column's head, and how it is set."""

    label: str
    kind: Kind = "figure"


class Section(NamedTuple):
    """A table under a heading, and what is said about it.

    Attributes:
        heading: What stands above.
        lead: A small line below the heading; "" for none.
        columns: The table's; its head stands on each page again.
        rows: Its rows, as many cells each as there are columns.
        sums: So many of the last rows are sums.
        sentences: What is said below.
    """

    heading: str
    lead: str = ""
    columns: Sequence[Column] = ()
    rows: Sequence[Sequence[Cell]] = ()
    sums: int = 0
    sentences: Sequence[str] = ()


class Paper(NamedTuple):
    """A statement of a month.

    Attributes:
        language: "zh" or "en".
        heading: What it is.
        programme: Whose.
        month: Of which month.
        so_far: That the month has not ended; "" where it has.
        author: Who issues it.
        day: The last day that it tells of; the file says that it was made then, so that it is
            the same file whenever it is set.
        running: What stands at the foot of each page.
        facts: What stands at the head, each with its label.
        sections: The rest.
    """

    language: str
    heading: str
    programme: str
    month: str
    so_far: str
    author: str
    day: date
    running: str
    facts: Sequence[tuple[str, str]]
    sections: Sequence[Section]

    @property
    def rows(self) -> int:
        """How many rows its tables have."""
        return sum(len(one.rows) for one in self.sections)
