"""Entries of the log as people read them."""

import json
from typing import NamedTuple

from django.urls import reverse

from shareback.console.desk import Desk
from shareback.console.tables import Cell
from shareback.engine.calendar import day_text
from shareback.journal.models import Event
from shareback.proofs.canonical import Entry, decode
from shareback.rules.kinds import FIELDS, Kind
from shareback.units.scales import UYUAN_PER_YUAN
from shareback.units.shown import NONE

KIND_AT = 1
"""The second byte of an entry's canonical bytes is its kind (docs/reference/log.md)."""

MONEY = frozenset({"money", "paid", "profit", "value"})
DAYS = frozenset({"from_day", "end_day"})
PAGES = {
    "member": "member",
    "payer_member": "member",
    "first_member": "member",
    "last_member": "member",
    "referrer": "member",
    "merchant": "merchant",
    "payer_merchant": "merchant",
    "funder_merchant": "merchant",
    "order": "order",
}
SHORT_FIELDS = 4
UYUAN_PER_FEN = UYUAN_PER_YUAN // 100


class Shown(NamedTuple):
    """An entry and its bytes."""

    entry: Entry
    body: bytes


def read(event: Event) -> Shown:
    """An event of the journal, decoded."""
    body = bytes(event.body)
    return Shown(decode(body), body)


def kind_of(body: bytes) -> int:
    """The kind of an entry, without decoding all of it."""
    return body[KIND_AT]


def kind_words(desk: Desk, kind: Kind) -> str:
    """What a kind of entry is called."""
    return desk.voice.say(f"kind_{kind.name.lower()}")


def fields(desk: Desk, entry: Entry) -> list[tuple[str, Cell]]:
    """The integers of an entry with their names, as amounts, days and links."""
    named = zip(FIELDS[entry.kind], entry.ints, strict=True)
    return [
        (desk.voice.say(f"field_{name}"), value_cell(desk, name, value)) for name, value in named
    ]


def value_cell(desk: Desk, name: str, value: int | None) -> Cell:
    """One integer of an entry."""
    voice = desk.voice
    if value is None:
        return Cell(NONE, mark="quiet")
    if name in MONEY:
        return Cell(voice.money_exact(value) if value % UYUAN_PER_FEN else voice.money(value))
    if name == "points":
        return Cell(voice.points(value))
    if name == "coins":
        return Cell(voice.coins(value))
    if name == "backing_ppm":
        return Cell(voice.rate(value))
    if name in DAYS:
        return Cell(day_text(value))
    page = PAGES.get(name)
    if page and value > 0:
        return Cell(str(value), reverse(f"console:{page}", args=[value]))
    return Cell(str(value), mark="quiet" if value == 0 else "")


def in_short(desk: Desk, entry: Entry) -> str:
    """The first fields of an entry in one line."""
    shown = [f"{name} {cell.text}" for name, cell in fields(desk, entry) if cell.mark != "quiet"]
    return " · ".join(shown[:SHORT_FIELDS])


def parameters_text(entry: Entry) -> str:
    """The parameters that an entry carries, as JSON that people can read; "" for none."""
    if entry.kind not in {Kind.OPEN_PROGRAMME, Kind.AMEND_PROGRAMME} or not entry.blob:
        return ""
    return json.dumps(json.loads(entry.blob), indent=2, ensure_ascii=False, sort_keys=True)
