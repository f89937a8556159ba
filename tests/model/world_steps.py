"""Seeded random worlds: parameters and commands, sensible and not, for any implementation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shareback.rules.kinds import Kind
from tests.model.parameters import PPM, UNITS_PER_POINT
from tests.model.state import OrderState, Phase
from tests.model.world_values import (
    LARGEST,
    YUAN,
    amended,
    approvals,
    around,
    likely,
    number,
    party,
    points_to_give,
    price_paid,
    random_parameters,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from tests.model.model import Model
    from tests.model.parameters import Parameters
    from tests.model.state import State

Fields = dict[str, object]


def random_step(
    rng: Random, model: Model, parameters: Parameters
) -> tuple[int, int, dict[str, object]]:
    """A command for the world as it stands: its kind, its day and its fields.

    `parameters` are those the programme was opened with; amendments vary them.
    """
    state = model.state
    weights = kind_weights(state)
    kind = rng.choices(list(weights), list(weights.values()))[0]
    fields = dict(FIELDS[kind](rng, state))
    if kind is Kind.AMEND_PROGRAMME:
        fields["parameters"] = amended(rng, parameters)
    day = state.day
    if rng.random() < 0.006:
        day = max(0, day + rng.choice([-1, 1]))
    return int(kind), day, fields


def kind_weights(state: State) -> Mapping[Kind, float]:
    """How often each kind is tried, by the phase of the programme."""
    if state.phase is Phase.ENDED:
        settling = (Kind.SETTLE_ACCOUNTS, Kind.WITHDRAW_CASH, Kind.SETTLE_MERCHANT)
        return {kind: 20 if kind in settling else 0.4 for kind in FIELDS}
    weights = dict(USUAL)
    for kind, is_sensible in SENSIBLE.items():
        if not is_sensible(state):
            weights[kind] *= 0.15
    for is_so, instead in WHERE:
        if is_so(state):
            weights |= instead
    return weights


WHERE: tuple[tuple[Callable[[State], bool], Mapping[Kind, float]], ...] = (
    (lambda state: len(state.members) < 4, {Kind.JOIN_MEMBER: 30}),
    (lambda state: len(state.merchants) < 2, {Kind.JOIN_MERCHANT: 8}),
    (
        lambda state: any(one.coins > 0 for one in state.members.values()),
        {Kind.PAY_COINS: 14},
    ),
    (
        lambda state: any(shop.coins > 0 for shop in state.merchants.values()),
        {Kind.EXCHANGE_COINS: 14, Kind.REFUND_COINS: 5, Kind.PAY_COINS: 7},
    ),
    (
        lambda state: any(shop.points > 0 for shop in state.merchants.values()),
        {Kind.REDEEM_MERCHANT_POINTS: 14},
    ),
    (
        lambda state: any(one.receivable > 0 for one in state.members.values()),
        {Kind.CLOSE_DAY: 24, Kind.WITHDRAW_CASH: 12, Kind.REFUND_POINTS_PAYMENT: 12},
    ),
    (
        lambda state: state.phase is Phase.ANNOUNCED,
        {Kind.END_PROGRAMME: 12, Kind.REFUND_ORDER: 16, Kind.CLOSE_DAY: 24},
    ),
)
"""What makes a kind likelier, so that long chains of commands come about."""

SENSIBLE: Mapping[Kind, Callable[[State], bool]] = {
    Kind.RECEIVE_ORDER: lambda state: OrderState.PAID in order_states(state),
    Kind.REFUND_ORDER: lambda state: bool(order_states(state) - {OrderState.CLOSED}),
    Kind.REDEEM_POINTS: lambda state: bool(holders(state)),
    Kind.SPEND_POINTS: lambda state: bool(holders(state)),
    Kind.CONVERT_POINTS: lambda state: bool(holders(state)),
    Kind.REFUND_POINTS_PAYMENT: lambda state: bool(state.payments),
    Kind.PAY_COINS: lambda state: state.coins_outstanding > 0,
    Kind.WITHDRAW_CASH: lambda state: any(one.cash for one in state.members.values()),
    Kind.SETTLE_MERCHANT: lambda state: any(one.payable for one in state.merchants.values()),
}
"""What a kind needs to make sense; without it the kind is tried seldom."""

USUAL: Mapping[Kind, float] = {
    Kind.JOIN_MEMBER: 2,
    Kind.SET_REFERRER: 2,
    Kind.JOIN_MERCHANT: 1,
    Kind.PAY_ORDER: 26,
    Kind.RECEIVE_ORDER: 7,
    Kind.REFUND_ORDER: 10,
    Kind.REDEEM_POINTS: 8,
    Kind.SPEND_POINTS: 5,
    Kind.REFUND_POINTS_PAYMENT: 3,
    Kind.CONVERT_POINTS: 7,
    Kind.PAY_COINS: 1,
    Kind.REFUND_COINS: 0.5,
    Kind.EXCHANGE_COINS: 1,
    Kind.REDEEM_MERCHANT_POINTS: 1,
    Kind.AWARD_FUNDED: 4,
    Kind.FUND_TREASURY: 3,
    Kind.WITHDRAW_TREASURY: 1,
    Kind.WITHDRAW_CASH: 3,
    Kind.SETTLE_MERCHANT: 1,
    Kind.RECORD_UNMATCHED: 0.5,
    Kind.CLOSE_DAY: 16,
    Kind.AMEND_PROGRAMME: 1,
    Kind.ANNOUNCE_END: 0.8,
    Kind.END_PROGRAMME: 0.3,
    Kind.SETTLE_ACCOUNTS: 0.2,
    Kind.LINK_PARTY: 0.5,
}


def holders(state: State) -> list[int]:
    """Members with points."""
    return [one.number for one in state.members.values() if one.points > 0]


def order_states(state: State) -> set[OrderState]:
    """The states that some order is in."""
    return {order.state for order in state.orders.values()}


def join_member(rng: Random, state: State) -> Fields:
    referrer = number(rng, len(state.members), zero=0.4)
    return {"member": len(state.members) + 1, "referrer": referrer, "party": party(rng)}


def set_referrer(rng: Random, state: State) -> Fields:
    count = len(state.members)
    return {"member": number(rng, count), "referrer": number(rng, count)}


def join_merchant(rng: Random, state: State) -> Fields:
    return {"merchant": len(state.merchants) + 1, "party": party(rng)}


def pay_order(rng: Random, state: State) -> Fields:
    paid = price_paid(rng)
    profit: int | None = None
    if rng.random() < 0.25:
        profit = around(rng, paid)
    backing = state.parameters.backing_ppm
    if rng.random() < 0.08:
        backing = rng.choice([0, 50_000, 500_000, PPM])
    placed = len(state.orders) + 1
    # Greek, Chinese and a letter beyond 16 bits: the order of UTF-8 is not that of UTF-16.
    prefix = rng.choice(["a", "B", "9", "é", "单", "\uffee", "\U0001f6d2", ""])
    return {
        "order": placed,
        "order_id": f"{prefix}{rng.getrandbits(12):03x}-{placed}",
        "member": number(rng, len(state.members)),
        "merchant": number(rng, len(state.merchants), zero=0.2),
        "paid": paid,
        "profit": profit,
        "backing_ppm": backing,
        "received": 2 if rng.random() < 0.01 else int(rng.random() < 0.8),
    }


def receive_order(rng: Random, state: State) -> Fields:
    paid = [one.number for one in state.orders.values() if one.state is OrderState.PAID]
    return {"order": likely(rng, paid, len(state.orders))}


def refund_order(rng: Random, state: State) -> Fields:
    wanted = OrderState.MATURED if rng.random() < 0.7 else OrderState.RECEIVED
    if state.phase is Phase.ANNOUNCED:
        wanted = OrderState.PAID
    candidates = [one.number for one in state.orders.values() if one.state is wanted]
    referred = [one for one in candidates if state.orders[one].award_referrer.points > 0]
    chosen = likely(rng, candidates + 3 * referred, len(state.orders))
    net = state.orders[chosen].net if chosen in state.orders else YUAN
    return {"order": chosen, "money": around(rng, net), "approvals": approvals(rng)}


def member_points(rng: Random, state: State) -> Fields:
    chosen = likely(rng, holders(state), len(state.members))
    member = state.members.get(chosen)
    held, left = (member.points, member.left) if member else (UNITS_PER_POINT, YUAN)
    return {"member": chosen, "points": points_to_give(rng, state, held, left)}


def spend_points(rng: Random, state: State) -> Fields:
    merchant = number(rng, len(state.merchants))
    payment = len(state.payments) + 1
    return {"payment": payment, "merchant": merchant, **member_points(rng, state)}


def refund_points_payment(rng: Random, state: State) -> Fields:
    chosen = payment_chosen(rng, state, with_coins=False)
    made = state.payments.get(chosen)
    return {"payment": chosen, "money": around(rng, made.paid - made.refunded if made else 1)}


def payment_chosen(rng: Random, state: State, *, with_coins: bool) -> int:
    candidates = [one.number for one in state.payments.values() if one.with_coins == with_coins]
    return likely(rng, candidates, len(state.payments))


def pay_coins(rng: Random, state: State) -> Fields:
    payer_member = payer_merchant = 0
    purse = YUAN
    rich = [one.number for one in state.members.values() if one.coins > 0]
    if rng.random() < 0.8:
        payer_member = likely(rng, rich, len(state.members))
        if payer_member in state.members:
            purse = state.members[payer_member].coins
    if payer_member == 0 or rng.random() < 0.02:
        shops = [one.number for one in state.merchants.values() if one.coins > 0]
        payer_merchant = likely(rng, shops, len(state.merchants))
        if payer_merchant in state.merchants:
            purse = state.merchants[payer_merchant].coins
    return {
        "payment": len(state.payments) + 1,
        "payer_member": payer_member,
        "payer_merchant": payer_merchant,
        "merchant": number(rng, len(state.merchants)),
        "coins": around(rng, purse),
    }


def refund_coins(rng: Random, state: State) -> Fields:
    chosen = payment_chosen(rng, state, with_coins=True)
    made = state.payments.get(chosen)
    return {"payment": chosen, "coins": around(rng, made.paid - made.refunded if made else 1)}


def exchange_coins(rng: Random, state: State) -> Fields:
    shops = [one.number for one in state.merchants.values() if one.coins > 0]
    chosen = likely(rng, shops, len(state.merchants))
    shop = state.merchants.get(chosen)
    return {"merchant": chosen, "coins": around(rng, shop.coins if shop else 1)}


def redeem_merchant_points(rng: Random, state: State) -> Fields:
    shops = [one.number for one in state.merchants.values() if one.points > 0]
    chosen = likely(rng, shops, len(state.merchants))
    shop = state.merchants.get(chosen)
    held, cost = (shop.points, shop.cost) if shop else (1, 1)
    return {"merchant": chosen, "points": points_to_give(rng, state, held, cost)}


def award_funded(rng: Random, state: State) -> Fields:
    funder = number(rng, len(state.merchants), zero=0.6)
    purse = state.merchants[funder].payable if funder in state.merchants else state.free
    money = around(rng, min(purse, 100 * YUAN))
    value = around(rng, money * rng.choice([PPM, 900_000, 300_000]) // PPM)
    member = number(rng, len(state.members))
    return {"member": member, "funder_merchant": funder, "money": money, "value": value}


def fund_treasury(rng: Random, state: State) -> Fields:
    amounts = [YUAN, 30 * YUAN, 1000 * YUAN, 1, 0, rng.randint(1, 50 * YUAN), LARGEST - 1]
    return {"money": rng.choices(amounts, [4, 4, 4, 1, 0.5, 4, 0.1])[0]}


def withdraw_treasury(rng: Random, state: State) -> Fields:
    return {"money": around(rng, state.free), "approvals": approvals(rng)}


def withdraw_cash(rng: Random, state: State) -> Fields:
    rich = [one.number for one in state.members.values() if one.cash + one.receivable > 0]
    chosen = likely(rng, rich, len(state.members))
    member = state.members.get(chosen)
    return {"member": chosen, "money": around(rng, member.cash if member else 1)}


def settle_merchant(rng: Random, state: State) -> Fields:
    owed = [one.number for one in state.merchants.values() if one.payable > 0]
    chosen = likely(rng, owed, len(state.merchants))
    shop = state.merchants.get(chosen)
    return {"merchant": chosen, "money": around(rng, shop.payable if shop else 1)}


def record_unmatched(rng: Random, state: State) -> Fields:
    return {"money": around(rng, 10 * YUAN)}


def nothing(rng: Random, state: State) -> Fields:
    return {}


def amend_programme(rng: Random, state: State) -> Fields:
    return {"from_day": state.day + rng.choice([0, 1, 1, 1, 2]), "approvals": approvals(rng)}


def announce_end(rng: Random, state: State) -> Fields:
    return {"end_day": state.day + rng.choice([0, 1, 1, 2, 3]), "approvals": approvals(rng)}


def settle_accounts(rng: Random, state: State) -> Fields:
    first = rng.choice([1, 1, 1, number(rng, len(state.members))])
    last = rng.choice([len(state.members), len(state.members) + 5, 0, first, first + 1])
    return {"first_member": first, "last_member": last}


def link_party(rng: Random, state: State) -> Fields:
    member = number(rng, len(state.members), zero=0.3)
    merchant = number(rng, len(state.merchants), zero=0.3)
    return {"member": member, "merchant": merchant, "party": rng.choice([0, 1, 2, 3, 4])}


FIELDS: Mapping[Kind, Callable[[Random, State], Fields]] = {
    Kind.JOIN_MEMBER: join_member,
    Kind.SET_REFERRER: set_referrer,
    Kind.JOIN_MERCHANT: join_merchant,
    Kind.PAY_ORDER: pay_order,
    Kind.RECEIVE_ORDER: receive_order,
    Kind.REFUND_ORDER: refund_order,
    Kind.REDEEM_POINTS: member_points,
    Kind.SPEND_POINTS: spend_points,
    Kind.REFUND_POINTS_PAYMENT: refund_points_payment,
    Kind.CONVERT_POINTS: member_points,
    Kind.PAY_COINS: pay_coins,
    Kind.REFUND_COINS: refund_coins,
    Kind.EXCHANGE_COINS: exchange_coins,
    Kind.REDEEM_MERCHANT_POINTS: redeem_merchant_points,
    Kind.AWARD_FUNDED: award_funded,
    Kind.FUND_TREASURY: fund_treasury,
    Kind.WITHDRAW_TREASURY: withdraw_treasury,
    Kind.WITHDRAW_CASH: withdraw_cash,
    Kind.SETTLE_MERCHANT: settle_merchant,
    Kind.RECORD_UNMATCHED: record_unmatched,
    Kind.CLOSE_DAY: nothing,
    Kind.AMEND_PROGRAMME: amend_programme,
    Kind.ANNOUNCE_END: announce_end,
    Kind.END_PROGRAMME: nothing,
    Kind.SETTLE_ACCOUNTS: settle_accounts,
    Kind.LINK_PARTY: link_party,
}
"""Drawn in this order of arguments: the generator, then the state of the model."""

__all__ = ["FIELDS", "random_parameters", "random_step"]
