"""Figures as the console shows them: exact, in the reader's language, on the programme's clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from shareback.console.words import WORDS
from shareback.rules.programme import Programme
from shareback.units.scales import PPM
from shareback.units.shown import NONE, Amounts, sign_of
from shareback.units.text import format_down, per_cent


@dataclass(frozen=True, slots=True)
class Voice(Amounts):
    """The language of a page, and the currency and clock of a programme.

    Attributes:
        language: "zh" or "en".
        zone: The programme's time zone.
    """

    language: str
    zone: tzinfo = UTC

    @classmethod
    def of(cls, language: str, parameters: Programme) -> "Voice":
        """The voice of a programme's pages."""
        zone = ZoneInfo(parameters.timezone)
        return cls(language, zone, sign=sign_of(parameters.currency))

    def say(self, key: str, **figures: object) -> str:
        """A text of the console with its figures filled in."""
        return WORDS[key][self.language == "en"].format(**figures)

    def rate(self, ppm: int) -> str:
        """A rate in per cent, in full."""
        return f"{per_cent(ppm)}%"

    def share(self, ppm: int) -> str:
        """A share in per cent, with two decimals, so that a column of them stands in line."""
        return f"{format_down(ppm * 100, PPM, 2)}%"

    def moment(self, at: datetime | int | None) -> str:
        """A moment on the programme's clock, to the second; µs UTC are taken too."""
        if at is None:
            return NONE
        if isinstance(at, int):
            at = datetime.fromtimestamp(at // 1_000_000, UTC)
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M:%S}"
