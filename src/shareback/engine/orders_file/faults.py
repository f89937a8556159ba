"""What can be wrong with an orders file, told in one line."""

from pathlib import Path
from typing import NamedTuple

_CHARACTERS_SHOWN = 40


class OrdersUnreadable(ValueError):
    """An orders file that cannot be imported; its text is one line for people."""


class FileUnreadable(OrdersUnreadable):
    """A file that is no orders file as a whole: absent, empty, of wrong columns or cut."""

    def __init__(self, path: Path, reason: str) -> None:
        """Keep the file and what is wrong with it."""
        self.path = path
        self.reason = reason
        super().__init__(f"{path} {reason}")


class RowUnreadable(OrdersUnreadable):
    """A row that cannot be taken, alone or together with the file's other rows."""

    def __init__(
        self, row: int, column: str, text: str, reason: str, *, unit: str = "line"
    ) -> None:
        """Keep where the fault is and what it is.

        Args:
            row: The line of a CSV file on which the row begins, the header being line 1; the
                row of data of a Parquet file, counted from 1.
            column: The file's own name of the column, "" for the row as a whole.
            text: The offending text, shortened here to fit a line.
            reason: What is wrong, and how to mend it.
            unit: How ``row`` is counted: ``"line"`` or ``"row"``.
        """
        self.row = row
        self.column = column
        self.text = shown(text)
        self.reason = reason
        self.unit = unit
        name = column if column.isprintable() else repr(column)
        place = f"{unit} {row}, column {name}" if column else f"{unit} {row}"
        super().__init__(f"{place}: {self.text!r} {reason}" if text else f"{place} {reason}")


class Fault(NamedTuple):
    """What is wrong with one row.

    Attributes:
        row: The row's number.
        order_id: The order that the row belongs to, None where that cannot be read.
        column: The file's own name of the column, "" for the row as a whole.
        text: The offending text.
        reason: What is wrong, and how to mend it.
    """

    row: int
    order_id: str | None
    column: str
    text: str
    reason: str

    def raised(self, unit: str) -> RowUnreadable:
        """The fault as an exception."""
        return RowUnreadable(self.row, self.column, self.text, self.reason, unit=unit)


def shown(text: str) -> str:
    """A text shortened to what fits a line."""
    if len(text) <= _CHARACTERS_SHOWN:
        return text
    return text[: _CHARACTERS_SHOWN - 3] + "..."
