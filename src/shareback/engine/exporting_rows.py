"""The rows of exported books: postings, days, and how everybody stands without a name."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import NamedTuple, TypeAlias

import numpy as np

from shareback.audit.replaying import Chunk
from shareback.books.entries import Posting, entries
from shareback.engine.exporting_people import Standing
from shareback.engine.pseudonyms import Of, pseudonyms
from shareback.engine.reporting import DAY_COLUMNS, MemberFigures, day_line, member_figures
from shareback.rules.kinds import Kind
from shareback.rules.layout import HEAD_WIDTH, Head, Member, Merchant, Row
from shareback.rules.programme import Programme

Cell: TypeAlias = str | int | Decimal | date | None
"""What a cell holds; an amount has all of its decimal places, and a month is its first day."""


class Is(Enum):
    """What stands in a column."""

    TEXT = 0
    COUNT = 1
    DAY = 2
    MONTH = 3
    MONEY = 4
    POINTS = 5
    COINS = 6
    PRICE = 7
    RATIO = 8


PLACES = {Is.MONEY: 6, Is.POINTS: 8, Is.COINS: 6, Is.PRICE: 4, Is.RATIO: 6}
"""Decimal places that show an amount in full; a price has four (R1)."""


class Line(NamedTuple):
    """A posting of an event: a line of `entries.csv` or `entries.parquet`."""

    sequence: int
    day: int
    at: int
    kind: Kind
    posting: Posting


def lines_of(chunk: Chunk) -> Iterator[Line]:
    """The postings of a chunk's events, in their order."""
    moved = np.flatnonzero((chunk.after != chunk.before).any(axis=1))
    days, ats = chunk.days.tolist(), chunk.ats.tolist()
    before, after = chunk.before[moved].tolist(), chunk.after[moved].tolist()
    for row, place in enumerate(moved.tolist()):
        kind = Kind(chunk.kinds[place])
        for posting in entries(kind, before[row], after[row]):
            yield Line(chunk.first + place, days[place], ats[place], kind, posting)


def amount_of(units: int, places: int) -> Decimal:
    """An amount with all of its decimal places, exact."""
    return Decimal(units).scaleb(-places)


# ----------------------------------------------------------------------------------------- days

DAYS: dict[str, Is] = dict(
    zip(
        DAY_COLUMNS,
        (
            Is.DAY,
            Is.PRICE,
            Is.MONEY,  # reserve
            Is.POINTS,  # supply
            Is.POINTS,  # issued
            Is.POINTS,  # burned
            Is.MONEY,  # dividends
            Is.COUNT,  # exits
            Is.MONEY,  # redeemed
            Is.COUNT,  # orders
            Is.COUNT,  # orders_matured
            Is.COUNT,  # orders_refunded
            Is.COUNT,  # members
            Is.MONEY,  # order_escrow
            Is.MONEY,  # treasury
            Is.MONEY,  # receivables
            Is.RATIO,  # coverage
            Is.COUNT,  # log_size
            Is.TEXT,  # log_root
        ),
        strict=True,
    )
)
"""The columns of the days, those of a replay's ``days.csv``, and what stands in each."""


def day_rows(closed: Sequence[Row], roots: Mapping[int, bytes]) -> Iterator[list[Cell]]:
    """The closed days, a row each.

    Args:
        closed: The head after each close, under the day that it closed; the first day first.
        roots: The log's root after each close, by day.
    """
    before: Row = [0] * HEAD_WIDTH
    for head in closed:
        line = day_line(head, before, roots.get(head[Head.DAY], b""))
        yield [read(cell, what) for cell, what in zip(line, DAYS.values(), strict=True)]
        before = head


def read(cell: str | int, what: Is) -> Cell:
    """A cell of a line of ``days.csv``, as what it says."""
    if what is Is.DAY:
        return date.fromisoformat(str(cell))
    if what in PLACES:
        return Decimal(cell).quantize(Decimal(1).scaleb(-PLACES[what])) if cell != "" else None
    return cell


# --------------------------------------------------------------------------------------- people

PEOPLE: dict[str, Is] = {
    "pseudonym": Is.TEXT,
    "kind": Is.TEXT,
    "joined": Is.MONTH,
    "tier": Is.TEXT,
    "points": Is.POINTS,
    "coins": Is.COINS,
    "cash": Is.MONEY,
    "payable": Is.MONEY,
    "quota": Is.MONEY,
    "quota_used": Is.MONEY,
    "quota_left": Is.MONEY,
    "dividends": Is.MONEY,
    "receivable": Is.MONEY,
    "referrals": Is.COUNT,
}
"""The columns of the members and merchants, and what stands in each."""


def people_rows(standing: Standing, key: bytes, programme: Programme) -> Iterator[list[Cell]]:
    """How every member and merchant stood at the last close, in the order of pseudonyms.

    Any other order would tell who is who, since numbers are given in the order of joining.

    Args:
        standing: They.
        key: The programme's.
        programme: Its parameters; tiers never change.
    """
    people, shops = standing.members, standing.merchants
    names = pseudonyms(key, Of.MEMBER, people[:, Member.NUMBER])
    names += pseudonyms(key, Of.MERCHANT, shops[:, Merchant.NUMBER])
    invited = np.bincount(people[:, Member.REFERRER], minlength=len(people) + 1).tolist()
    tiers = list(programme.tier_rows())
    called = [None, *(tier.name for tier in programme.tiers)]
    for place in sorted(range(len(names)), key=names.__getitem__):
        at = place - len(people)
        if at < 0:
            member = people[place].tolist()
            figures = member_figures(member, standing.head, tiers)
            counted = invited[figures.number]
            since = month_of(standing.members_since[place])
            yield [
                names[place],
                "member",
                since,
                called[figures.tier],
                *of_member(figures, member[Member.DIVIDENDS], counted),
            ]
        else:
            since = month_of(standing.merchants_since[at])
            yield [names[place], "merchant", since, None, *of_merchant(shops[at].tolist())]


def of_member(figures: MemberFigures, dividends: int, referrals: int) -> list[Cell]:
    """A member's cells from the points on.

    What has accrued counts as received, as in a replay's ``members.csv``.
    """
    return [
        amount_of(figures.points, PLACES[Is.POINTS]),
        amount_of(figures.coins, PLACES[Is.COINS]),
        amount_of(figures.cash, PLACES[Is.MONEY]),
        None,
        amount_of(figures.quota, PLACES[Is.MONEY]),
        amount_of(figures.used, PLACES[Is.MONEY]),
        amount_of(figures.quota - figures.used, PLACES[Is.MONEY]),
        amount_of(dividends + figures.accrued, PLACES[Is.MONEY]),
        amount_of(figures.receivable, PLACES[Is.MONEY]),
        referrals,
    ]


def of_merchant(row: Row) -> list[Cell]:
    """A merchant's cells from the points on; it has no quota."""
    return [
        amount_of(row[Merchant.POINTS], PLACES[Is.POINTS]),
        amount_of(row[Merchant.COINS], PLACES[Is.COINS]),
        None,
        amount_of(row[Merchant.PAYABLE], PLACES[Is.MONEY]),
        *[None] * 6,
    ]


def month_of(day: int) -> date:
    """The first day of a day's month."""
    return date.fromordinal(day).replace(day=1)
