"""What the readers of both formats hand on: rows of text with their numbers."""

from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple, Protocol

CELL_CHARACTERS_MAX = 131_072
"""A longer cell is refused; Python's own bound for CSV, kept for what we say."""


class Chunk(NamedTuple):
    """Some rows of a file, in the file's order.

    Attributes:
        rows: The number of each row, as faults count rows.
        cells: The cells of each row, as text; those of columns that nobody wanted may be "".
        damaged: Whether a cell may hold bytes that are no UTF-8, as lone surrogates.
    """

    rows: Sequence[int]
    cells: Sequence[Sequence[str]]
    damaged: bool = False


class Source(Protocol):
    """An open file of rows."""

    size: int
    """How much there is to read, in bytes or rows."""

    done: int
    """How much of it has been read."""

    names: Sequence[str]
    """The columns."""

    @property
    def unit(self) -> str:
        """How rows are counted: ``"line"`` or ``"row"``."""
        ...

    def chunks(self, wanted: Container[int]) -> Iterator[Chunk]:
        """Read the rows once, the columns at the ``wanted`` positions at least."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...
