"""What a programme has come to: the figures of ``summary.json``, days and members as tables.

Everything is computed from the journal's rows with the production rules; what has accrued to a
member since the last touch counts as received (R5.1, R7.3).
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections

from shareback.engine.calendar import day_text
from shareback.engine.engine import Engine
from shareback.journal.heads import HEAD_COLUMNS
from shareback.journal.models import Day, Maturity, Order
from shareback.journal.models import Programme as Journaled
from shareback.journal.shapes import MEMBER, MEMBER_STORED
from shareback.journal.storage import storage_for
from shareback.proofs.merkle import frontier_from_bytes, root
from shareback.rules.layout import MEMBER_WIDTH, Head, Member, Row, Tier
from shareback.rules.member import credit, weight
from shareback.units.exact import mul_div
from shareback.units.scales import UCOIN_PER_COIN, UNITS_PER_POINT, UYUAN_PER_YUAN
from shareback.units.text import format_exact, price, price_of

MEMBERS_AT_ONCE = 50_000
MEMBER_COLUMNS = (
    "number",
    "points",
    "value",
    "cash",
    "coins",
    "quota",
    "quota_used",
    "quota_left",
    "tier",
    "receivable",
)
DAY_COLUMNS = (
    "day",
    "price",
    "reserve",
    "supply",
    "issued",
    "burned",
    "dividends",
    "exits",
    "redeemed",
    "orders",
    "orders_matured",
    "orders_refunded",
    "members",
    "order_escrow",
    "treasury",
    "receivables",
    "coverage",
    "log_size",
    "log_root",
)
RATIO_PLACES = 6


class MemberFigures(NamedTuple):
    """A member at the open day, what has accrued included; µ¥, points and coins in units."""

    number: int
    points: int
    worth: int
    cash: int
    coins: int
    quota: int
    used: int
    tier: int
    receivable: int
    accrued: int
    taken: int


class Sums(NamedTuple):
    """What all members come to, in µ¥.

    Attributes:
        accrued: Dividends since their last touch, up to the quota left.
        taken: What of that goes to what they owe.
        quota_left: Quota left, those below 0 left out.
    """

    accrued: int
    taken: int
    quota_left: int


def money(uyuan: int) -> str:
    """Yuan in full."""
    return format_exact(uyuan, UYUAN_PER_YUAN)


def points_text(units: int) -> str:
    """Points in full."""
    return format_exact(units, UNITS_PER_POINT)


def coins_text(units: int) -> str:
    """Coins in full."""
    return format_exact(units, UCOIN_PER_COIN)


def price_text(head: Row) -> str:
    """The price in yuan a point, with four decimals, rounded half-up (R1)."""
    if head[Head.SUPPLY] == 0:
        return price(head[Head.LAST_PRICE])
    return price_of(head[Head.RESERVE], head[Head.SUPPLY])


def ratio_text(part: int, whole: int) -> str:
    """A ratio with six decimals, rounded down; "" where the whole is nothing."""
    if whole <= 0:
        return ""
    return format_exact(mul_div(part, 10**RATIO_PLACES, whole), 10**RATIO_PLACES)


def coverage_text(head: Row, quota_left: int) -> str:
    """(Value of members' points + pot) ÷ quota left (R11)."""
    worth = 0
    if head[Head.SUPPLY] > 0:
        worth = mul_div(head[Head.POINTS_MEMBERS], head[Head.RESERVE], head[Head.SUPPLY])
    return ratio_text(worth + head[Head.POT], quota_left)


def member_figures(row: Row, head: Row, tiers: list[Row]) -> MemberFigures:
    """A stored member as it stands, without touching it."""
    member = [*row, *([0] * (MEMBER_WIDTH - len(row)))]
    tier = member[Member.TIER]
    member[Member.WEIGHT] = weight(member[Member.POINTS], tiers[tier][Tier.MULTIPLIER])
    accrued = credit(member, head[Head.INDEX]) if member[Member.POINTS] > 0 else 0
    taken = min(accrued, member[Member.RECEIVABLE])
    worth = 0
    if head[Head.SUPPLY] > 0:
        worth = mul_div(member[Member.POINTS], head[Head.RESERVE], head[Head.SUPPLY])
    return MemberFigures(
        number=member[Member.NUMBER],
        points=member[Member.POINTS],
        worth=worth,
        cash=member[Member.CASH] + accrued - taken,
        coins=member[Member.COINS],
        quota=member[Member.QUOTA],
        used=member[Member.USED] + accrued,
        tier=tier,
        receivable=member[Member.RECEIVABLE] - taken,
        accrued=accrued,
        taken=taken,
    )


def all_members(engine: Engine, alias: str = DEFAULT_DB_ALIAS) -> Iterator[MemberFigures]:
    """Every member by number, read in pieces."""
    head, tiers = engine.head(), list(engine.programme.tier_rows())
    storage = storage_for(connections[alias])
    for first in range(1, head[Head.MEMBERS] + 1, MEMBERS_AT_ONCE):
        last = first + MEMBERS_AT_ONCE - 1
        condition = f"AND number BETWEEN {first} AND {last} ORDER BY number"
        rows = storage.select(MEMBER, engine.id, condition)[:, :MEMBER_STORED]
        for row in rows.tolist():
            yield member_figures(row, head, [list(tier) for tier in tiers])


def write_members(engine: Engine, path: Path) -> Sums:
    """Write ``members.csv``; returns what all of it comes to."""
    accrued = taken = quota_left = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(MEMBER_COLUMNS)
        for one in all_members(engine, engine.alias):
            accrued += one.accrued
            taken += one.taken
            quota_left += max(0, one.quota - one.used)
            writer.writerow(
                [
                    one.number,
                    points_text(one.points),
                    money(one.worth),
                    money(one.cash),
                    coins_text(one.coins),
                    money(one.quota),
                    money(one.used),
                    money(one.quota - one.used),
                    one.tier,
                    money(one.receivable),
                ]
            )
    return Sums(accrued, taken, quota_left)


def write_days(engine: Engine, path: Path) -> list[list[int]]:
    """Write ``days.csv``; returns the days' figures, by `layout.Head`."""
    figures: list[list[int]] = []
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(DAY_COLUMNS)
        rows = Day.objects.using(engine.alias).filter(programme_id=engine.id).order_by("day")
        for row in rows.iterator():
            head = row.figures()
            before = figures[-1] if figures else [0] * len(HEAD_COLUMNS)
            figures.append(head)
            writer.writerow(day_line(head, before, bytes(row.root)))
    return figures


def paid_so_far(head: Row) -> int:
    """Dividends paid, those payable included, in µ¥: what came in less what is in the pot."""
    return head[Head.DIVIDENDS_CREDITED] + head[Head.PAYABLE]


def day_line(head: Row, before: Row, log_root: bytes) -> list[Any]:
    """A day as a line of ``days.csv``; flows are that day's, the rest as at its close."""
    treasury = head[Head.FREE] + head[Head.BOUND]
    return [
        day_text(head[Head.DAY]),
        price_text(head),
        money(head[Head.RESERVE]),
        points_text(head[Head.SUPPLY]),
        points_text(head[Head.ISSUED]),
        points_text(head[Head.BURNED]),
        money(paid_so_far(head) - paid_so_far(before)),
        head[Head.EXITS] - before[Head.EXITS],
        money(head[Head.REDEEMED] - before[Head.REDEEMED]),
        head[Head.ORDERS] - before[Head.ORDERS],
        head[Head.ORDERS_MATURED] - before[Head.ORDERS_MATURED],
        head[Head.ORDERS_REFUNDED] - before[Head.ORDERS_REFUNDED],
        head[Head.MEMBERS],
        money(head[Head.ORDER_ESCROW]),
        money(treasury),
        money(head[Head.RECEIVABLES]),
        coverage_text(head, head[Head.QUOTA_OPEN] - head[Head.PAYABLE]),
        head[Head.SEQUENCE],
        log_root.hex(),
    ]


def orders_waiting(engine: Engine) -> int:
    """Orders whose day has come and that could not mature (R3.6)."""
    head = engine.head()
    due = Order.objects.using(engine.alias).filter(
        programme_id=engine.id, state=0, due_day__gte=0, due_day__lt=head[Head.DAY]
    )
    matured = Maturity.objects.using(engine.alias).filter(
        programme_id=engine.id, number__in=due.values("number")
    )
    return due.count() - matured.count()


def summary(engine: Engine, sums: Sums, days: int, seconds: float) -> dict[str, Any]:
    """The keys of ``summary.json``; amounts as decimal strings.

    Args:
        engine: The programme.
        sums: What all members come to.
        days: How many days are closed.
        seconds: How long the run took.
    """
    row = Journaled.objects.using(engine.alias).get(pk=engine.id)
    head = row.figures()
    return {
        "orders": head[Head.ORDERS],
        "orders_matured": head[Head.ORDERS_MATURED],
        "orders_refunded": head[Head.ORDERS_REFUNDED],
        "members": head[Head.MEMBERS],
        "merchants": head[Head.MERCHANTS],
        "issued": points_text(head[Head.ISSUED]),
        "burned": points_text(head[Head.BURNED]),
        "supply": points_text(head[Head.SUPPLY]),
        "reserve": money(head[Head.RESERVE]),
        "price": price_text(head),
        "dividends_paid": money(head[Head.DIVIDENDS_CREDITED] + sums.accrued),
        "dividend_carry": money(head[Head.POT] + head[Head.PAYABLE] - sums.accrued),
        "exits": head[Head.EXITS],
        "redeemed": money(head[Head.REDEEMED]),
        "cash_balances": money(head[Head.CASH] + sums.accrued - sums.taken),
        "coins": coins_text(head[Head.COINS_MEMBERS] + head[Head.COINS_MERCHANTS]),
        "quota_open": money(sums.quota_left),
        "coverage": coverage_text(head, sums.quota_left),
        "receivables": money(head[Head.RECEIVABLES] - sums.taken),
        "treasury_funded": money(head[Head.TREASURY_FUNDED]),
        "orders_waiting": orders_waiting(engine),
        "days": days,
        "events": head[Head.SEQUENCE],
        "log_root": root(frontier_from_bytes(bytes(row.frontier))).hex(),
        "seconds": round(seconds, 2),
    }
