"""Amounts as people write and read them, without a float on the way (R1)."""

import re

from shareback.units.scales import PPM, SCALE, UNITS_PER_POINT, UYUAN_PER_YUAN

WHOLE = r"(0|[1-9][0-9]{0,17})"
"""The digits before the point; `parse_decimal` and whoever tells of it in a document share them."""

_DECIMAL = re.compile(WHOLE + r"(?:\.([0-9]+))?", re.ASCII)
_CHARACTERS_SHOWN = 40


class AmountUnreadable(ValueError):
    """A text that is no plain decimal number in the unit's range and precision."""

    def __init__(self, text: str, reason: str) -> None:
        """Keep the offending text, shortened to fit a line, and the reason."""
        shown = text if len(text) <= _CHARACTERS_SHOWN else text[: _CHARACTERS_SHOWN - 3] + "..."
        self.text = shown
        self.reason = reason
        super().__init__(f"{shown!r} {reason}")


def parse_decimal(text: str, units_per_one: int) -> int:
    """Read a plain decimal number into whole units.

    Args:
        text: Digits, and optionally a point and digits. No sign, exponent or separator.
        units_per_one: How many units one stands for, a power of ten (10⁶ for yuan).

    Returns:
        The amount in units, >= 0.

    Raises:
        AmountUnreadable: The text is not such a number, or is finer than the unit.

    Source:
        R1; attack A15.
    """
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise AmountUnreadable(text, "is no plain decimal number of at most 18 digits")
    whole, fraction = match.group(1), match.group(2) or ""
    places = len(str(units_per_one)) - 1
    if len(fraction) > places:
        raise AmountUnreadable(text, f"has more than {places} decimal places")
    units = int(whole) * units_per_one + int(fraction.ljust(places, "0") or "0")
    if units >= 1 << 62:
        raise AmountUnreadable(text, "is too large to be counted")
    return units


def format_down(units: int, units_per_one: int, places: int) -> str:
    """Show an amount with a fixed number of decimal places, rounded towards zero.

    Args:
        units: The amount, of either sign.
        units_per_one: How many units one stands for, a power of ten.
        places: Decimal places shown, at most those the unit has.

    Returns:
        The decimal text, such as ``"108.63"``.
    """
    sign = "-" if units < 0 else ""
    step = units_per_one // 10**places
    whole, fraction = divmod(abs(units) // step, 10**places)
    return f"{sign}{whole}.{fraction:0{places}d}" if places else f"{sign}{whole}"


def format_exact(units: int, units_per_one: int) -> str:
    """Show an amount in full, without trailing zeros after the point."""
    sign = "-" if units < 0 else ""
    places = len(str(units_per_one)) - 1
    whole, fraction = divmod(abs(units), units_per_one)
    digits = f"{fraction:0{places}d}".rstrip("0")
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


def yuan(uyuan: int) -> str:
    """Money as shown to people: yuan with two decimals, rounded down."""
    return format_down(uyuan, UYUAN_PER_YUAN, 2)


def points(units: int) -> str:
    """Points as shown to people: four decimals, rounded down."""
    return format_down(units, UNITS_PER_POINT, 4)


def per_cent(ppm: int) -> str:
    """A rate as shown to people, in per cent, in full: 22.5 for 225,000 ppm."""
    return format_exact(ppm * 100, PPM)


def format_half_up(units: int, units_per_one: int, places: int) -> str:
    """Show an amount >= 0 with a fixed number of decimal places, rounded half-up."""
    step = units_per_one // 10**places
    return format_down((units + step // 2) // step * step, units_per_one, places)


def price(price_scaled: int) -> str:
    """A price in yuan a point as shown to people: four decimals, rounded half-up.

    Args:
        price_scaled: µ¥·10¹² per unit of points.

    Returns:
        The decimal text, such as ``"5.1731"``.
    """
    scaled_per_yuan = SCALE * UYUAN_PER_YUAN // UNITS_PER_POINT
    step = scaled_per_yuan // 10_000
    whole, fraction = divmod((price_scaled + step // 2) // step, 10_000)
    return f"{whole}.{fraction:04d}"


def price_of(reserve_uyuan: int, supply_units: int, places: int = 4) -> str:
    """The exact ratio reserve ÷ supply in yuan a point, rounded half-up to ``places``."""
    numerator = reserve_uyuan * UNITS_PER_POINT * 10**places
    denominator = supply_units * UYUAN_PER_YUAN
    whole, fraction = divmod((2 * numerator + denominator) // (2 * denominator), 10**places)
    return f"{whole}.{fraction:0{places}d}"
