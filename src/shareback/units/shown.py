"""Amounts as pages show them to people: grouped, signed, rounded towards zero; no float (R1)."""

from dataclasses import dataclass

from shareback.units import text
from shareback.units.scales import UCOIN_PER_COIN, UYUAN_PER_YUAN

MINUS = "\N{MINUS SIGN}"
NONE = "–"
"""Where there is nothing to show."""

NARROW_SIGNS = {"CNY": "¥"}


def grouped(number: str) -> str:
    """A decimal text with its thousands apart, and a true minus sign unless it shows nothing."""
    sign = MINUS if number.startswith("-") and number.strip("-0.") else ""
    whole, point, fraction = number.removeprefix("-").partition(".")
    return f"{sign}{int(whole):,}{point}{fraction}"


def share_text(part: int, whole: int, places: int = 2) -> str:
    """A share in per cent, rounded towards zero; a share of nothing is a dash.

    Args:
        part: The part, of either sign.
        whole: The whole, in the same unit.
        places: Decimal places shown.

    Returns:
        Such as ``"22.50%"``.
    """
    if whole <= 0:
        return NONE
    scaled = abs(part) * 10 ** (places + 2) // whole
    shown = grouped(text.format_down(scaled, 10**places, places))
    return f"{MINUS if part < 0 and scaled else ''}{shown}%"


def gained(amount: int, shown: str) -> str:
    """An amount as shown, with a sign where it came, too; nothing for none."""
    if amount == 0:
        return ""
    return f"+{shown}" if amount > 0 else shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """Shows amounts of one currency.

    Attributes:
        sign: What stands before an amount of money.
    """

    sign: str = "¥"

    def money(self, uyuan: int) -> str:
        """Money with two decimals, rounded towards zero, such as ``"¥1,234.50"``."""
        return self.signed(grouped(text.yuan(uyuan)))

    def money_exact(self, uyuan: int) -> str:
        """Money in full, to the µ¥, for amounts too small for two decimals."""
        return self.signed(grouped(text.format_exact(uyuan, UYUAN_PER_YUAN)))

    def signed(self, shown: str) -> str:
        """A number with the currency's sign, which stands behind a minus."""
        minus = MINUS if shown.startswith(MINUS) else ""
        return f"{minus}{self.sign}{shown.removeprefix(MINUS)}"

    def points(self, units: int) -> str:
        """Points with four decimals, rounded towards zero."""
        return grouped(text.points(units))

    def coins(self, units: int) -> str:
        """Coins with two decimals, rounded towards zero."""
        return grouped(text.format_down(units, UCOIN_PER_COIN, 2))

    def price(self, scaled: int) -> str:
        """A price with four decimals, such as ``"¥5.1731"``."""
        return self.signed(grouped(text.price(scaled)))

    def count(self, number: int) -> str:
        """A whole number with its thousands apart."""
        return grouped(str(number))


def sign_of(currency: str) -> str:
    """What stands before an amount of a currency, by its code."""
    return NARROW_SIGNS.get(currency, f"{currency} ")
