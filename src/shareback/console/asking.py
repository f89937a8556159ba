"""Forms of the console: what is asked, what was typed, and why it cannot be taken."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from shareback.console.keyset import storable
from shareback.console.shown import Voice
from shareback.units.scales import UYUAN_PER_YUAN
from shareback.units.text import AmountUnreadable, format_exact, parse_decimal

PPM_PER_PER_CENT = 10_000
TYPED_MAX = 2_000


class Asked(NamedTuple):
    """A field of a form.

    Attributes:
        name: In the form.
        label: What is asked.
        value: What was typed, or stands there at first.
        kind: "text", "number", "date", "long" for many lines, or "choice".
        unit: What stands behind the field, such as "%".
        note: What it means, in a sentence.
        fault: Why what was typed cannot be taken; "" where it can.
        options: Values and their words, for a choice.
        required: Whether it may be left empty.
    """

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    unit: str = ""
    note: str = ""
    fault: str = ""
    options: Sequence[tuple[str, str]] = ()
    required: bool = True


class Unreadable(ValueError):
    """A field that holds something else than what is asked; in the reader's words."""


def typed_into(form: Mapping[str, str], name: str, most: int = TYPED_MAX) -> str:
    """What was typed into a field of a form, without blanks around it."""
    return storable(form.get(name, "")).strip()[:most]


def read_amount(voice: Voice, typed: str, units_per_one: int) -> int:
    """A decimal number in units; thousands may stand apart.

    Raises:
        Unreadable: It is none.
    """
    try:
        return parse_decimal(typed.replace(",", ""), units_per_one)
    except AmountUnreadable:
        places = len(str(units_per_one)) - 1
        raise Unreadable(voice.say("ask_number", places=places)) from None


def read_money(voice: Voice, typed: str) -> int:
    """An amount of money above nothing, in µ¥.

    Raises:
        Unreadable: It is none.
    """
    money = read_amount(voice, typed, UYUAN_PER_YUAN)
    if money == 0:
        raise Unreadable(voice.say("ask_above_zero"))
    return money


def read_day(voice: Voice, typed: str) -> int:
    """A day of the calendar as the number of a local day.

    Raises:
        Unreadable: It is none.
    """
    try:
        return date.fromisoformat(typed).toordinal()
    except ValueError:
        raise Unreadable(voice.say("ask_day")) from None


def read_words(voice: Voice, typed: str, most: int = 500) -> str:
    """A text that must not be empty.

    Raises:
        Unreadable: It is, or is too long.
    """
    if not typed:
        raise Unreadable(voice.say("ask_words"))
    if len(typed) > most:
        raise Unreadable(voice.say("ask_shorter", most=most))
    return typed


def per_cent_text(ppm: int) -> str:
    """A rate as it stands in a field: 30 for 300,000 ppm."""
    return format_exact(ppm, PPM_PER_PER_CENT)
