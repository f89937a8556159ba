"""What the formats in CSV share: text of the file, rows with their lines, balances that follow."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from shareback.gateways.bank.shapes import (
    REFERENCE_MAX,
    TEXT_MAX,
    Line,
    Statement,
    StatementUnreadable,
    checked,
    shown_uyuan,
    with_ids,
)

NO_LINES = "holds no line, so no balance; export a stretch of days with one"


class Row(NamedTuple):
    """A row of a table: the line on which it ends, and its cells without spaces around."""

    line: int
    cells: list[str]


class Booked(NamedTuple):
    """A line of a statement, and the balance that the bank wrote beside it."""

    line: Line
    balance_uyuan: int


def text_of(content: bytes) -> str:
    """The text of a file in UTF-8 or, as banks in China write it, GBK.

    Raises:
        StatementUnreadable: It is neither.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise StatementUnreadable(0, "", "is no text in UTF-8 or GBK; export it as CSV")


def rows_of(text: str) -> Iterator[Row]:
    """The rows of a table that hold anything.

    Raises:
        StatementUnreadable: A quoted cell never ends.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield Row(reader.line_num, stripped)
    except csv.Error as fault:
        raise StatementUnreadable(
            reader.line_num, "", f"is no row of CSV ({fault}); export it again"
        ) from None


def places_of(header: Row, wanted: Sequence[str]) -> dict[str, int]:
    """Where columns stand.

    Raises:
        StatementUnreadable: One is missing, or stands there twice.
    """
    places = {}
    for name in wanted:
        found = [place for place, cell in enumerate(header.cells) if cell == name]
        if len(found) != 1:
            reason = "is missing" if not found else "stands there twice"
            raise StatementUnreadable(
                header.line, name, f"{reason}; there is: {', '.join(header.cells)[:200]}"
            )
        places[name] = found[0]
    return places


def cell_of(row: Row, places: Mapping[str, int], name: str) -> str:
    """A cell of a row by its column's name; "" where there is no such column.

    Raises:
        StatementUnreadable: The row is too short.
    """
    place = places.get(name)
    if place is None:
        return ""
    if place >= len(row.cells):
        raise StatementUnreadable(row.line, name, "is missing in this row; the file may be cut")
    return row.cells[place]


def clipped(reference: str, text: str) -> tuple[str, str]:
    """A reference and a text as the tables have room for them."""
    return reference[:REFERENCE_MAX], text[:TEXT_MAX]


def statement_of(
    account: str, booked: Sequence[Booked], stretch: tuple[int, int] | None = None
) -> Statement:
    """A statement of lines with a balance each, the latest first or last.

    Args:
        account: As the file names it.
        booked: The lines as they stand in the file.
        stretch: First and last day, where the file states them; else those of its lines.

    Raises:
        StatementUnreadable: There is no line, or a balance does not follow from the one before.
    """
    if not booked:
        raise StatementUnreadable(0, "", NO_LINES)
    rows = list(booked)
    if not follows(rows) and follows(rows[::-1]):
        rows.reverse()
    opening = rows[0].balance_uyuan - rows[0].line.amount_uyuan
    expected = opening
    for line, balance in rows:
        expected += line.amount_uyuan
        if expected != balance:
            raise StatementUnreadable(
                line.row,
                "",
                f"the balance should be {shown_uyuan(expected)}: a line is missing or wrong before"
                " it; export it again",
                shown_uyuan(balance),
            )
    lines = with_ids([line for line, _balance in rows])
    days = [line.day for line in lines]
    first, last = stretch or (min(days), max(days))
    return checked(Statement(account, first, last, opening, expected, lines))


def follows(rows: Sequence[Booked]) -> bool:
    """Whether each balance follows from the one before, and no day from a later one."""
    return all(
        after.balance_uyuan == before.balance_uyuan + after.line.amount_uyuan
        and after.line.day >= before.line.day
        for before, after in pairwise(rows)
    )
