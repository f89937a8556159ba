"""Figures and sentences of the public pages, in the language of the reader."""

from dataclasses import dataclass

from shareback.rules.programme import Programme
from shareback.units.shown import Amounts, gained, sign_of
from shareback.web.texts import TEXTS, Texts


@dataclass(frozen=True, slots=True)
class Voice(Amounts):
    """One language, and one programme's currency.

    Attributes:
        language: "zh" or "en".
    """

    language: str

    @classmethod
    def of(cls, language: str, programme: Programme) -> "Voice":
        """The voice of a programme's pages."""
        return cls(language, sign=sign_of(programme.currency))

    @property
    def texts(self) -> Texts:
        """All texts of the language, by key."""
        return TEXTS[self.language]

    def say(self, key: str, **figures: object) -> str:
        """A sentence with its figures filled in."""
        return self.texts[key].format(**figures)

    def gain(self, uyuan: int) -> str:
        """Money that came or went, with its sign; nothing for none."""
        return gained(uyuan, self.money(uyuan))

    def points_gain(self, units: int) -> str:
        """Points that came or went, with their sign; nothing for none."""
        return gained(units, self.points(units))

    def coins_gain(self, units: int) -> str:
        """Coins that came or went, with their sign; nothing for none."""
        return gained(units, self.coins(units))

    def month(self, day: str) -> str:
        """The month of a day such as 2026-03-01, in words."""
        year, month, _ = day.split("-")
        names = self.texts["month_names"].split(",")
        return self.say("month", year=year, number=int(month), name=names[int(month) - 1])
