"""Entries of a statement as bytes, and back: whole numbers in columns, compressed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from shareback.engine.packing import packed, unpacked
from shareback.engine.statements.account import (
    MOVEMENTS,
    REFERRALS,
    MovementRow,
    OrderRow,
    ReferralRow,
    RefundRow,
    Who,
)
from shareback.engine.statements.replaying import Source, Step

HAPPENED = ("paid", "matured", "referral", "refund", "late_refund", "dividend", "moved")
OF_ORDERS = frozenset(map(HAPPENED.index, ("paid", "matured")))
OF_REFERRALS = frozenset({HAPPENED.index("referral")})
OF_REFUNDS = frozenset(map(HAPPENED.index, ("refund", "late_refund")))
OF_MOVEMENTS = frozenset({HAPPENED.index("moved")})

Place = tuple[int, int]
"""Where the journal has what is behind an entry: an order's number and 0; a refund's order and
its place in the log; a movement's place in the log and its line."""


class Packed(NamedTuple):
    """An entry without what is behind it; `what` counts in `HAPPENED`."""

    day: int
    what: int
    place: int
    line: int
    points: int
    held: int
    money: int
    coins: int
    quota: int

    def step(self, sources: Mapping[tuple[int, int, int], Source]) -> Step:
        """The entry with what is behind it."""
        source = sources.get(self[1:4])
        return Step(self.day, HAPPENED[self.what], source, *self[4:])


def pack(rows: Iterable[Sequence[int]]) -> bytes:
    """Rows of whole numbers as bytes."""
    return packed(np.array(list(rows), np.int64))


def entry_of(step: Step) -> Packed:
    """An entry without what is behind it."""
    return Packed(step.day, HAPPENED.index(step.what), *place_of(step.source), *step[3:])


def unpack_entries(body: bytes) -> list[Packed]:
    """Entries from bytes."""
    return [Packed(*row) for row in unpacked(body, len(Packed._fields)).tolist()]


def place_of(source: Source | None) -> Place:
    """Where the journal has what is behind an entry."""
    if isinstance(source, RefundRow):
        return source.order, source.sequence
    if isinstance(source, MovementRow):
        return source.sequence, source.line
    return (source.number, 0) if source is not None else (0, 0)


def sources_of(
    who: Who, entries: Sequence[Packed]
) -> dict[tuple[int, int, int], OrderRow | ReferralRow | RefundRow | MovementRow]:
    """What is behind some entries, by what they are and where: a query for each kind."""

    def places(kinds: frozenset[int]) -> set[int]:
        return {entry.place for entry in entries if entry.what in kinds}

    refunds = {entry.line for entry in entries if entry.what in OF_REFUNDS}
    found: dict[tuple[int, int, int], Source] = {}
    for order in who.orders(places(OF_ORDERS)):
        found |= {(what, order.number, 0): order for what in OF_ORDERS}
    for row in who.by_number(REFERRALS, "o.number", places(OF_REFERRALS)):
        referral = ReferralRow(*row)
        found |= {(what, referral.number, 0): referral for what in OF_REFERRALS}
    for refund in who.refunds(sequence__in=refunds) if refunds else ():
        found |= {(what, refund.order, refund.sequence): refund for what in OF_REFUNDS}
    for row in who.by_number(MOVEMENTS, "sequence", places(OF_MOVEMENTS)):
        movement = MovementRow(*row)
        found |= {(what, movement.sequence, movement.line): movement for what in OF_MOVEMENTS}
    return found
