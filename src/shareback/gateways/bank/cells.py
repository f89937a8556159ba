"""Cells of statements: amounts and days as banks write them, into whole numbers."""

import re
from datetime import date

from shareback.gateways.bank.shapes import StatementUnreadable
from shareback.units.scales import UYUAN_PER_YUAN
from shareback.units.text import AmountUnreadable, parse_decimal

GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", re.ASCII)
DAY = re.compile(
    r"([0-9]{4})(?:([0-9]{2})([0-9]{2})|[-/年]([0-9]{1,2})[-/月]([0-9]{1,2})日?)(?:[ T].*)?",
    re.ASCII,
)
HOW_AMOUNT = "; write a plain decimal number such as 12.34"


def amount_of(text: str, line: int, column: str) -> int:
    """An amount of at most 6 places into µ¥, with its sign.

    Args:
        text: Digits, perhaps with a sign, and with commas between thousands.
        line: Where it stands, for a fault.
        column: In which column.

    Raises:
        StatementUnreadable: It is none.
    """
    plain = text.strip()
    sign = -1 if plain.startswith("-") else 1
    digits = plain[1:] if plain[:1] in ("-", "+") else plain
    if GROUPED.fullmatch(digits):
        digits = digits.replace(",", "")
    try:
        return sign * parse_decimal(digits, UYUAN_PER_YUAN)
    except AmountUnreadable as fault:
        raise StatementUnreadable(line, column, fault.reason + HOW_AMOUNT, text) from None


def day_of(text: str, line: int, column: str) -> int:
    """A date, with or without a time behind it, into a local day number.

    Raises:
        StatementUnreadable: It is none.
    """
    match = DAY.fullmatch(text.strip())
    if match is not None:
        try:
            return date(*(int(part) for part in match.groups() if part)).toordinal()
        except ValueError:
            pass
    raise StatementUnreadable(line, column, "is no date; write 2026-01-31", text)
