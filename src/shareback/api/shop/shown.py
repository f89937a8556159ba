"""How the shop's parts show things: names by language, amounts, pictures, moments, pages."""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any, Protocol, TypeVar

from django.utils import timezone

from shareback.api.problems import Problem
from shareback.rules.programme import Programme as Parameters
from shareback.units.scales import UYUAN_PER_YUAN
from shareback.units.text import parse_decimal

Row = TypeVar("Row")
PAGE = 20
PAGE_MAX = 50
CURSOR_MAX = 200
FEN = Decimal("0.01")
FEN_PER_YUAN = 100
PRICE_DIGITS = 12
"""Of a price in fen, as oscar's columns hold it."""


class Stored(Protocol):
    """A picture's file."""

    name: str | None

    @property
    def url(self) -> str:
        """Its address."""


def localised(row: object, name: str, language: str) -> str:
    """A text of a row in a language; Chinese where it has no English one."""
    english = getattr(row, f"{name}_en", "") if language == "en" else ""
    return str(english or getattr(row, name))


def money(amount: Decimal) -> str:
    """Money as oscar keeps it, as a decimal string of two places."""
    return str(amount.quantize(FEN, ROUND_DOWN))


def uyuan_of(amount: Decimal) -> int:
    """Money as oscar keeps it, in µ¥; it has two places, so nothing is lost."""
    return int(amount * UYUAN_PER_YUAN)


def picture(file: Stored) -> str | None:
    """The address of a picture; null where there is none."""
    return file.url if file.name else None


def moment(at: datetime | None) -> str | None:
    """A moment in the local zone, to the second."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at is not None else None


def moment_of(text: str) -> datetime:
    """A moment with its zone, as cursors hold it.

    Raises:
        ValueError: It is none.
        OverflowError: No calendar has it.
    """
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at.astimezone(UTC)


def tier_name(parameters: Parameters, tier: int) -> str:
    """The name of a tier; "" for the base tier."""
    return ("", *(one.name for one in parameters.tiers))[tier]


def cursor_of(*values: object) -> str:
    """Where a page ends, as one opaque word."""
    # SQLite tells prices with zeros that nobody wrote.
    written = (money(value) if isinstance(value, Decimal) else str(value) for value in values)
    text = "\t".join(written)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def number_of(text: str) -> int:
    """A whole number, as cursors hold it: plain digits, and no more than a column can hold (A15).

    Raises:
        ValueError: It is none.
    """
    return parse_decimal(text, 1)


def price_of(text: str) -> Decimal:
    """A price, as cursors hold it.

    Raises:
        ValueError: It is none (A15).
    """
    fen = parse_decimal(text, FEN_PER_YUAN)
    if fen >= 10**PRICE_DIGITS:
        raise ValueError(text)
    return Decimal(fen) / FEN_PER_YUAN


FIGURES: dict[object, Callable[[str], Any]] = {int: number_of, Decimal: price_of}
"""How figures are read: Python's own ways take exponents, signs, and what is no number at all."""


def read_cursor(text: str, *kinds: Callable[[str], Any]) -> tuple[Any, ...] | None:
    """The values of a cursor; nothing for the first page.

    Raises:
        Problem: It was never given out.
    """
    if not text:
        return None
    try:
        padded = text + "=" * (-len(text) % 4)
        parts = base64.urlsafe_b64decode(padded.encode()).decode().split("\t")
        reads = [FIGURES.get(kind, kind) for kind in kinds]
        return tuple(read(part) for read, part in zip(reads, parts, strict=True))
    except (ValueError, binascii.Error, ArithmeticError):
        raise Problem(422, "invalid", "after: was never given out") from None


def page(
    rows: Sequence[Row],
    limit: int,
    shown: Callable[[Row], dict[str, Any]],
    key: Callable[[Row], str],
) -> dict[str, Any]:
    """A page of rows, of which there is one more where more follow."""
    here = rows[:limit]
    following = key(here[-1]) if len(rows) > limit else None
    return {"items": [shown(row) for row in here], "next": following}
