"""Figures as the console shows them: exact, in the reader's language, no float on the way (R1)."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from shareback.console.words import WORDS
from shareback.rules.programme import Programme
from shareback.units import text
from shareback.units.scales import UCOIN_PER_COIN

MINUS = "−"
SIGNS = {"CNY": "¥"}
NONE = "–"


def apart(number: str) -> str:
    """A decimal text with its thousands apart, and a true minus sign unless it shows nothing."""
    sign = MINUS if number.startswith("-") and number.strip("-0.") else ""
    whole, point, fraction = number.removeprefix("-").partition(".")
    return f"{sign}{int(whole):,}{point}{fraction}"


def percentage(part: int, whole: int, places: int = 2) -> str:
    """A share in per cent, rounded down; a share of nothing is a dash."""
    if whole <= 0:
        return NONE
    scaled = abs(part) * 10 ** (places + 2) // whole
    sign = MINUS if part < 0 and scaled else ""
    return f"{sign}{apart(text.format_down(scaled, 10**places, places))}%"


@dataclass(frozen=True, slots=True)
class Voice:
    """The language of a page, and the currency and clock of a programme.

    Attributes:
        language: "zh" or "en".
        sign: What stands before an amount of money.
        zone: The programme's time zone.
    """

    language: str
    sign: str = "¥"
    zone: tzinfo = UTC

    @classmethod
    def of(cls, language: str, parameters: Programme) -> "Voice":
        """The voice of a programme's pages."""
        currency = parameters.currency
        sign = SIGNS.get(currency, f"{currency} ")
        return cls(language, sign, ZoneInfo(parameters.timezone))

    def say(self, key: str, **figures: object) -> str:
        """A text of the console with its figures filled in."""
        return WORDS[key][self.language == "en"].format(**figures)

    def money(self, uyuan: int) -> str:
        """Money with two decimals, rounded towards zero."""
        shown = apart(text.yuan(uyuan))
        sign = MINUS if shown.startswith(MINUS) else ""
        return f"{sign}{self.sign}{shown.removeprefix(MINUS)}"

    def money_exact(self, uyuan: int) -> str:
        """Money in full, to the µ¥."""
        return f"{self.sign}{apart(text.format_exact(uyuan, 1_000_000))}"

    def points(self, units: int) -> str:
        """Points with four decimals, rounded towards zero."""
        return apart(text.points(units))

    def coins(self, units: int) -> str:
        """Coins with two decimals, rounded towards zero."""
        return apart(text.format_down(units, UCOIN_PER_COIN, 2))

    def price(self, scaled: int) -> str:
        """A price with four decimals."""
        return f"{self.sign}{apart(text.price(scaled))}"

    def count(self, number: int) -> str:
        """A whole number with its thousands apart."""
        return apart(str(number))

    def rate(self, ppm: int) -> str:
        """A rate in per cent, in full."""
        return f"{text.per_cent(ppm)}%"

    def moment(self, at: datetime | int | None) -> str:
        """A moment on the programme's clock, to the second; µs UTC are taken too."""
        if at is None:
            return NONE
        if isinstance(at, int):
            at = datetime.fromtimestamp(at // 1_000_000, UTC)
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M:%S}"
