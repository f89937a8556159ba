"""Figures and sentences as people read them, in the language of the page; no float on the way."""

from dataclasses import dataclass

from shareback.rules.programme import Programme
from shareback.units import text
from shareback.units.scales import UCOIN_PER_COIN
from shareback.web.texts import TEXTS, Texts

MINUS = "−"
NARROW_SIGNS = {"CNY": "¥"}


def grouped(number: str) -> str:
    """A decimal text with its thousands apart, and with a true minus sign."""
    sign, digits = (MINUS, number[1:]) if number.startswith("-") else ("", number)
    whole, point, fraction = digits.partition(".")
    return f"{sign}{int(whole):,}{point}{fraction}"


def share_text(part: int, whole: int, places: int = 2) -> str:
    """A share in per cent, rounded down; a share of nothing is a dash.

    Args:
        part: The part, of either sign.
        whole: The whole, in the same unit.
        places: Decimal places shown.

    Returns:
        Such as ``"22.50%"``.
    """
    if whole <= 0:
        return "–"
    scaled = abs(part) * 10 ** (places + 2) // whole
    shown = grouped(text.format_down(scaled, 10**places, places))
    return f"{MINUS if part < 0 and scaled else ''}{shown}%"


@dataclass(frozen=True, slots=True)
class Voice:
    """One language, and one programme's currency.

    Attributes:
        language: "zh" or "en".
        sign: What stands before an amount of money.
    """

    language: str
    sign: str = "¥"

    @classmethod
    def of(cls, language: str, programme: Programme) -> "Voice":
        """The voice of a programme's pages."""
        currency = programme.currency
        return cls(language, NARROW_SIGNS.get(currency, f"{currency} "))

    @property
    def texts(self) -> Texts:
        """All texts of the language, by key."""
        return TEXTS[self.language]

    def say(self, key: str, **figures: object) -> str:
        """A sentence with its figures filled in."""
        return self.texts[key].format(**figures)

    def money(self, uyuan: int) -> str:
        """Money with two decimals, rounded towards zero, such as ``"¥1,234.50"``."""
        shown = grouped(text.yuan(uyuan))
        if shown.startswith(MINUS):
            return f"{MINUS}{self.sign}{shown[1:]}"
        return f"{self.sign}{shown}"

    def gain(self, uyuan: int) -> str:
        """Money that came or went, with its sign; nothing for none."""
        if uyuan == 0:
            return ""
        return f"+{self.money(uyuan)}" if uyuan > 0 else self.money(uyuan)

    def money_exact(self, uyuan: int) -> str:
        """Money in full, for amounts too small for two decimals."""
        return f"{self.sign}{grouped(text.format_exact(uyuan, 1_000_000))}"

    def points(self, units: int) -> str:
        """Points with four decimals, rounded towards zero."""
        return grouped(text.points(units))

    def points_gain(self, units: int) -> str:
        """Points that came or went, with their sign; nothing for none."""
        if units == 0:
            return ""
        return f"+{self.points(units)}" if units > 0 else self.points(units)

    def coins(self, units: int) -> str:
        """Coins with two decimals, rounded towards zero."""
        return grouped(text.format_down(units, UCOIN_PER_COIN, 2))

    def coins_gain(self, units: int) -> str:
        """Coins that came or went, with their sign; nothing for none."""
        if units == 0:
            return ""
        return f"+{self.coins(units)}" if units > 0 else self.coins(units)

    def price(self, scaled: int) -> str:
        """A price with four decimals, such as ``"¥5.1731"``."""
        return f"{self.sign}{grouped(text.price(scaled))}"

    def count(self, number: int) -> str:
        """A whole number with its thousands apart."""
        return grouped(str(number))

    def month(self, day: str) -> str:
        """The month of a day such as 2026-03-01, in words."""
        year, month, _ = day.split("-")
        names = self.texts["month_names"].split(",")
        return self.say("month", year=year, number=int(month), name=names[int(month) - 1])
