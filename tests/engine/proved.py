"""A programme with every row that proves it to others, and what somebody may do to these rows."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.engine.packing import packed, unpacked
from shareback.engine.proving.checkpoints import draw_up
from shareback.engine.proving.keys import add_key, signed
from shareback.journal import models
from shareback.kernels.arrays import Integers
from shareback.kernels.sums import ACCOUNT_COLUMNS
from shareback.proofs.notes import cosign, public_key, read_note, sign
from tests.engine.busy import DAY, OPENED, busy_programme

DAYS = 12
WITNESSES = {"witness.example/a": b"a" * 32, "witness.example/b": b"b" * 32}
STRANGER = b"s" * 32
CHECKERS = ((1, 3), (1, 24), (2, 4))
"""Kinds and numbers of those who have checked their account, the last members among them."""


def proved_programme(name: str, alias: str) -> Engine:
    """A programme whose tree has grown, whose key was changed, and whose checkpoints are cosigned.

    Two days more have closed that nothing was drawn up for yet, and the day after them is open.
    """
    engine = busy_programme(name, alias, seed=6, days=DAYS)
    draw_up(engine.id, alias)
    add_key(engine.id, alias)
    for day in range(DAYS, DAYS + 3):
        at = OPENED + day * DAY
        engine.apply([cmd.JoinMember(at, f"late {day} {number}") for number in range(8)])
        engine.apply([cmd.FundTreasury(at, 10**7), cmd.AwardFunded(at, "m1", 10**6, 10**6)])
        engine.apply([cmd.JoinMerchant(at, f"shop {day}")])
        if day < DAYS + 2:
            engine.close(engine.calendar.day_of(at))
        if day == DAYS:
            draw_up(engine.id, alias)
    for row in rows_of(engine, models.Checkpoint).order_by("day")[4:]:
        cosigned(engine, row)
        checks = [
            models.BalanceCheck(programme_id=engine.id, day=row.day, kind=kind, number=number)
            for kind, number in CHECKERS
        ]
        models.BalanceCheck.objects.using(alias).bulk_create(checks)
    return engine


def cosigned(engine: Engine, row: models.Checkpoint) -> None:
    """Let every witness vouch for a checkpoint."""
    text = read_note(row.note).text
    for name, secret in WITNESSES.items():
        known = {"url": "https://witness.example", "public": public_key(secret)}
        models.Witness.objects.using(engine.alias).get_or_create(
            known, programme_id=engine.id, name=name
        )
        models.Cosignature.objects.using(engine.alias).create(
            programme_id=engine.id,
            day=row.day,
            witness=name,
            line=cosign(text, name, secret, 1_767_225_600).to_line(),
        )


def rows_of(engine: Engine, model: type[Model]) -> "QuerySet[Any]":
    """A programme's rows of a table."""
    return model._default_manager.using(engine.alias).filter(programme_id=engine.id)


class Row:
    """A row that somebody changes, found by its columns; the last one where nothing is said."""

    def __init__(self, engine: Engine, model: type[Model], **where: object) -> None:
        """Find it."""
        self.engine = engine
        self.model = model
        rows = rows_of(engine, model).filter(**where)
        fields = model._meta.pk_fields
        key = [field.name for field in fields if field.name != "programme"]
        self.now = rows.order_by(*(f"-{name}" for name in key))[0]
        self.rows = rows.filter(**{name: getattr(self.now, name) for name in key})

    def set(self, **values: object) -> None:
        """Change columns."""
        assert self.rows.update(**values) == 1

    def delete(self) -> None:
        """Take it away."""
        self.rows._raw_delete(self.rows.db)

    def again(self, **values: object) -> None:
        """Add a row like it that differs in some columns."""
        fields = [field.attname for field in self.model._meta.concrete_fields]
        copy = {name: getattr(self.now, name) for name in fields} | values
        self.model._default_manager.using(self.engine.alias).bulk_create([self.model(**copy)])

    def turn(self, name: str, place: int) -> None:
        """Turn a bit of a column of bytes."""
        body = bytearray(bytes(getattr(self.now, name)))
        body[place] ^= 4
        self.set(**{name: bytes(body)})

    def repack(self, edit: Callable[[Integers], Integers]) -> None:
        """Change the accounts of a close."""
        table = unpacked(bytes(self.now.body), ACCOUNT_COLUMNS)
        self.set(body=packed(edit(table)))

    def resign(self, old: str, new: str) -> None:
        """Change the text of a note, and let the programme's keys sign it."""
        keys = list(rows_of(self.engine, models.LogKey).order_by("-number"))
        text = read_note(self.now.note).text
        assert old in text
        self.set(note=signed(text.replace(old, new, 1), keys))

    def strange(self, *, alone: bool) -> None:
        """Let a stranger sign a note, alone or beside the programme."""
        text = read_note(self.now.note).text
        line = sign(text, text.partition("\n")[0], STRANGER).to_line()
        self.set(note=f"{text}\n{line}" if alone else self.now.note + line)
