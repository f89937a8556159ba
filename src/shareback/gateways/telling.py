"""What a notice says: rows of the journal as ids of the outside and decimal strings."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from shareback.engine.calendar import day_text
from shareback.engine.reporting import coverage_text
from shareback.journal.models import Day, Maturity, Movement, Order, Refund
from shareback.proofs.canonical import Entry
from shareback.rules.kinds import FIELDS
from shareback.rules.layout import ABSENT, EffectKind
from shareback.rules.pool import price_scaled
from shareback.units.scales import SCALE, UCOIN_PER_COIN, UNITS_PER_POINT, UYUAN_PER_YUAN
from shareback.units.text import format_exact, price

INDEX_PER_YUAN = SCALE * UYUAN_PER_YUAN // UNITS_PER_POINT
"""The dividend index counts µ¥·10¹² per unit of points; so much of it is a yuan a point."""

Data = dict[str, Any]


class Names(NamedTuple):
    """What the outside calls the accounts and payments of some rows, by their numbers.

    Attributes:
        members: Ids of members.
        merchants: Ids of merchants; none for the programme's own shop.
        payments: Ids of payments, and the merchant that paid, 0 where a member did.
        orders: Orders as they were paid.
        tiers: Names of the tiers, the base tier's first.
    """

    members: Mapping[int, str]
    merchants: Mapping[int, str]
    payments: Mapping[int, tuple[str, int]]
    orders: Mapping[int, Order]
    tiers: tuple[str, ...]


class Amount(NamedTuple):
    """An amount of a movement: its name outside, its column, and the units of one."""

    name: str
    column: str
    units: int


POINTS = Amount("points", "points", UNITS_PER_POINT)
COINS = Amount("coins", "coins", UCOIN_PER_COIN)
GROSS = Amount("gross", "gross", UYUAN_PER_YUAN)
NET = Amount("net", "money", UYUAN_PER_YUAN)
AMOUNT = Amount("amount", "money", UYUAN_PER_YUAN)
WORTH = Amount("worth", "gross", UYUAN_PER_YUAN)
BEHIND = Amount("amount", "gross", UYUAN_PER_YUAN)

MOVED: dict[EffectKind, tuple[str, tuple[Amount, ...]]] = {
    EffectKind.POINTS_REDEEMED: ("points.redeemed", (POINTS, GROSS, NET)),
    EffectKind.POINTS_SPENT: ("points.spent", (POINTS, GROSS, NET)),
    EffectKind.POINTS_CONVERTED: ("points.converted", (POINTS, COINS)),
    EffectKind.MEMBER_EXITED: ("member.exited", (POINTS, GROSS, NET, COINS)),
    EffectKind.GOODS_RETURNED: ("goods.returned", (POINTS, BEHIND)),
    EffectKind.COINS_PAID: ("coins.paid", (COINS,)),
    EffectKind.COINS_RETURNED: ("coins.returned", (COINS,)),
    EffectKind.COINS_EXCHANGED: ("coins.exchanged", (COINS, POINTS)),
    EffectKind.AWARD_FUNDED: ("points.awarded", (POINTS, BEHIND)),
    EffectKind.CASH_WITHDRAWN: ("payout.booked", (AMOUNT,)),
    EffectKind.MERCHANT_SETTLED: ("payout.booked", (AMOUNT,)),
    EffectKind.POINTS_TAKEN_BACK: ("points.taken_back", (POINTS, WORTH, AMOUNT)),
    EffectKind.RECEIVABLE_BOOKED: ("receivable.booked", (AMOUNT,)),
    EffectKind.RECEIVABLE_COLLECTED: ("receivable.collected", (AMOUNT,)),
    EffectKind.RECEIVABLE_BURNED: ("receivable.burned", (POINTS, AMOUNT)),
    EffectKind.TIER_CHANGED: ("tier.changed", ()),
    EffectKind.ACCOUNT_SETTLED: ("account.settled", (POINTS, COINS, AMOUNT)),
}
"""The type of each kind of movement, and the amounts that it tells."""

WITH_PAYMENT = frozenset(
    {
        EffectKind.POINTS_SPENT,
        EffectKind.GOODS_RETURNED,
        EffectKind.COINS_PAID,
        EffectKind.COINS_RETURNED,
    }
)
"""Kinds whose movements name a payment where the column says ``order``."""


def money(uyuan: int) -> str:
    """Money in full."""
    return format_exact(uyuan, UYUAN_PER_YUAN)


def points(units: int) -> str:
    """Points in full."""
    return format_exact(units, UNITS_PER_POINT)


def moved(row: Movement, names: Names) -> tuple[str, Data]:
    """The type and data of a movement."""
    kind = EffectKind(row.kind)
    told, amounts = MOVED[kind]
    data: Data = {
        "member_id": names.members.get(row.member),
        "merchant_id": names.merchants.get(row.merchant),
    }
    if kind in WITH_PAYMENT:
        payment, payer = names.payments.get(row.order, (None, 0))
        data |= {"payment_id": payment, "payer_merchant_id": names.merchants.get(payer)}
    elif kind is EffectKind.AWARD_FUNDED:
        data |= {"reason": "funded", "order_id": None}
    elif kind is EffectKind.TIER_CHANGED:
        # The tier's place stands where other movements have points.
        data |= {"tier": names.tiers[row.points], "level": row.points}
    for amount in amounts:
        data[amount.name] = format_exact(getattr(row, amount.column), amount.units)
    return told, data


def paid(order: Order, names: Names) -> Data:
    """An order as it was paid."""
    return {
        "order_id": order.order_id,
        "member_id": names.members.get(order.member),
        "merchant_id": names.merchants.get(order.merchant),
        "referrer_id": names.members.get(order.referrer),
        "amount": money(order.paid),
        "profit": None if order.profit == ABSENT else money(order.profit),
    }


def refunded(refund: Refund, order: Order, names: Names) -> Data:
    """Money that was given back."""
    return {
        "order_id": order.order_id,
        "refund_id": refund.refund_id,
        "member_id": names.members.get(order.member),
        "amount": money(refund.money),
        "paid_out": money(refund.paid_out),
    }


def matured(row: Maturity, order: Order, names: Names) -> Data:
    """What an order came to."""
    return {
        "order_id": order.order_id,
        "member_id": names.members.get(order.member),
        "referrer_id": names.members.get(order.referrer),
        "net": money(row.matured_net),
        "points": points(row.points_buyer),
        "referrer_points": points(row.points_referrer),
    }


def awarded(order: Order, member: int, reason: str, units: int, names: Names) -> Data:
    """Points that came with an order."""
    return {
        "member_id": names.members.get(member),
        "merchant_id": names.merchants.get(order.merchant),
        "reason": reason,
        "order_id": order.order_id,
        "points": points(units),
        "amount": None,
    }


def shared(day: Day, before: Day | None) -> Data:
    """A day's dividend: what was shared, and by how much the index rose (R7.2)."""
    so_far = day.payable + day.dividends_credited
    was, index = (before.payable + before.dividends_credited, before.index) if before else (0, 0)
    return {
        "shared": money(so_far - was),
        "index_rise": format_exact(day.index - index, INDEX_PER_YUAN),
        "index": format_exact(day.index, INDEX_PER_YUAN),
        "price": price(price_scaled(day.reserve, day.supply, day.last_price)),
    }


def closed(day: Day) -> Data:
    """The figures of a closed day."""
    return {
        "price": price(price_scaled(day.reserve, day.supply, day.last_price)),
        "reserve": money(day.reserve),
        "supply": points(day.supply),
        "coverage": coverage_text(day.figures(), day.quota_open),
        "dividend_pot": money(day.pot),
        "members": day.members,
        "orders": day.orders,
        "exits": day.exits,
        "log_size": day.sequence,
        "log_root": bytes(day.root).hex(),
    }


def amended(entry: Entry) -> Data:
    """Parameters that were announced, in full, and the day from which they hold."""
    return {
        "from_day": day_text(field(entry, "from_day")),
        "parameters": json.loads(entry.blob),
    }


def field(entry: Entry, name: str) -> int:
    """An integer of an entry; 0 where it is absent."""
    return entry.ints[FIELDS[entry.kind].index(name)] or 0
