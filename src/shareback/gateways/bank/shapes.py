"""What every format of a bank statement is read into, and the faults of a file that is none."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

SHOWN_MAX = 40
FILE_BYTES_MAX = 16 * 1024 * 1024
"""A statement is read as a whole; a year of a busy account stays far below this."""

TEXT_MAX = 500
REFERENCE_MAX = 200


class StatementUnreadable(ValueError):
    """A bank statement that cannot be taken; its text is one line, and nothing was kept."""

    def __init__(self, line: int, column: str, reason: str, text: str = "") -> None:
        """Keep where the fault is and what it is.

        Args:
            line: The line of the file, counted from 1; 0 for the file as a whole.
            column: The file's own name of the column or element; "" for the whole line.
            reason: What is wrong, and how to mend it.
            text: The offending text, shortened here.
        """
        self.line = line
        self.column = column
        self.reason = reason
        self.text = text if len(text) <= SHOWN_MAX else text[: SHOWN_MAX - 3] + "..."
        place = ", ".join(
            part
            for part in (f"line {line}" if line else "", f"column {column}" * bool(column))
            if part
        )
        said = f"{self.text!r} {reason}" if text else reason
        super().__init__(f"{place}: {said}" if place else said)


class Line(NamedTuple):
    """A line of a statement: money that came or went.

    Attributes:
        line_id: The bank's own number of it, or a digest of what it says.
        day: The local day on which it was booked, as `datetime.date.toordinal` counts.
        amount_uyuan: In µ¥; above 0 where money came.
        reference: What the payer or we gave as reference.
        text: What else it says.
        row: Where it stands in the file.
    """

    line_id: str
    day: int
    amount_uyuan: int
    reference: str
    text: str
    row: int


class Statement(NamedTuple):
    """A statement: a stretch of days, with the balance before and after.

    Attributes:
        account: The account as the file names it; "" where it does not.
        from_day: Its first local day.
        to_day: Its last local day.
        opening_uyuan: The balance before its first line.
        closing_uyuan: The balance after its last.
        lines: Its lines, in order.
    """

    account: str
    from_day: int
    to_day: int
    opening_uyuan: int
    closing_uyuan: int
    lines: tuple[Line, ...]


def checked(statement: Statement) -> Statement:
    """A statement whose figures agree, and whose lines have an id each.

    Raises:
        StatementUnreadable: Opening and lines do not come to the closing balance; a day is out
            of its stretch, or an id stands twice.
    """
    if statement.from_day > statement.to_day:
        raise StatementUnreadable(0, "", "ends before it begins; export it again")
    total = statement.opening_uyuan + sum(line.amount_uyuan for line in statement.lines)
    if total != statement.closing_uyuan:
        off = shown_uyuan(statement.closing_uyuan - total)
        raise StatementUnreadable(
            0, "", f"opening balance and lines miss the closing balance by {off}; export it again"
        )
    seen: set[str] = set()
    for line in statement.lines:
        if not statement.from_day <= line.day <= statement.to_day:
            raise StatementUnreadable(line.row, "", "is of a day outside the statement's days")
        if line.line_id in seen:
            raise StatementUnreadable(
                line.row, "", "repeats a line's number; export it again", line.line_id
            )
        seen.add(line.line_id)
    return statement


def shown_uyuan(uyuan: int) -> str:
    """An amount of money in full, with its sign."""
    whole, fraction = divmod(abs(uyuan), 1_000_000)
    digits = f"{fraction:06d}".rstrip("0").ljust(2, "0")
    return f"{'-' if uyuan < 0 else ''}{whole}.{digits}"


def with_ids(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines of a bank that numbers none: what they say stands for them, and which of its like.

    So a line has the same id in every statement that holds its whole day.
    """
    counts: dict[tuple[object, ...], int] = {}
    numbered = []
    for line in lines:
        if line.line_id:
            numbered.append(line)
            continue
        said = (line.day, line.amount_uyuan, line.reference, line.text)
        counts[said] = counts.get(said, 0) + 1
        digest = hashlib.sha256(repr((*said, counts[said])).encode()).hexdigest()
        numbered.append(line._replace(line_id=f"~{digest[:32]}"))
    return tuple(numbered)
