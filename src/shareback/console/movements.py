"""Movements of the journal as rows of a table."""

from collections.abc import Sequence

from django.urls import reverse

from shareback.console.desk import Desk
from shareback.console.tables import Cell
from shareback.engine.calendar import day_text
from shareback.journal.models import Movement
from shareback.units.shown import NONE

MOVEMENT_COLUMNS = (
    ("entry", "num"),
    ("day", "num"),
    ("what", ""),
    ("points", "num"),
    ("gross", "num"),
    ("money", "num"),
    ("coins", "num"),
)
"""Keys of the words of the columns' heads, and how they are set."""


def movement_cells(desk: Desk, rows: Sequence[Movement]) -> list[list[Cell]]:
    """Movements in words."""
    voice, sees_entries = desk.voice, desk.may_see("entry")
    return [
        [
            Cell(str(row.sequence), entry_address(row.sequence) if sees_entries else ""),
            Cell(day_text(row.day)),
            Cell(voice.say(f"effect_{row.kind}")),
            Cell(voice.points(row.points) if row.points else NONE),
            Cell(voice.money(row.gross) if row.gross else NONE),
            Cell(voice.money(row.money) if row.money else NONE),
            Cell(voice.coins(row.coins) if row.coins else NONE),
        ]
        for row in rows
    ]


def entry_address(sequence: int) -> str:
    """Where an entry of the journal is shown."""
    return reverse("console:entry", args=[sequence])
