"""What members do with points: sell, spend on goods, turn into coins (R3.3, R3.4, R8.1)."""

from shareback.rules.accounts import (
    member_is_unknown,
    merchant_is_unknown,
    note,
    pay_cash,
    pay_merchant,
    seal,
    set_points,
    touch,
)
from shareback.rules.codes import Code
from shareback.rules.exits import escrow
from shareback.rules.layout import (
    Command,
    EffectKind,
    Head,
    Member,
    Merchant,
    Payment,
    Result,
    Row,
    State,
    Term,
)
from shareback.rules.maturing import cap_room
from shareback.rules.member import credit, left, left_after_touch
from shareback.rules.ordering import are_linked, result_shows
from shareback.rules.pool import bind_surplus, burn, mint, points_for
from shareback.units.exact import mul_div, mul_div_up, mul_ge
from shareback.units.scales import DUST_UNITS, DUST_UYUAN, PPM, RANGE

__compiled__ = True


def without_dust(points: int, held: int, reserve: int, supply: int) -> int:
    """The points that leave: all of them where the rest would be dust.

    Args:
        points: Points to redeem or convert, 0 < points <= held.
        held: Points held, <= supply.
        reserve: R before the operation, in µ¥.
        supply: S before the operation, in units.

    Returns:
        ``points``, or ``held`` where less than 0.01 point or 1 yuan's worth would stay.

    Source:
        R3.6.
    """
    rest = held - points
    if rest < DUST_UNITS or not mul_ge(rest, reserve, DUST_UYUAN, supply):
        return held
    return points


def may_give_up_points(state: State, command: Row, result: Row) -> int:
    """Whether a member may part with points, for money, goods or coins: the common ladder."""
    member = state.members[command[Command.MEMBER]]
    head, points = state.head, command[Command.AMOUNT]
    if points <= 0:
        return Code.AMOUNT_INVALID
    if points > member[Member.POINTS]:
        result_shows(result, member[Member.POINTS], points)
        return Code.POINTS_SHORT
    if left_after_touch(member, head[Head.INDEX]) <= 0:
        return Code.QUOTA_USED_UP
    taken = without_dust(points, member[Member.POINTS], head[Head.RESERVE], head[Head.SUPPLY])
    worth = mul_div(taken, head[Head.RESERVE], head[Head.SUPPLY])
    if worth == 0:
        return Code.NOTHING_TO_PAY
    # What all exits ever fetch is below the range of all quota, so the counter fits a column.
    if worth >= RANGE - head[Head.REDEEMED]:
        result_shows(result, RANGE - head[Head.REDEEMED], worth)
        return Code.OUT_OF_RANGE
    return Code.ACCEPTED


def may_redeem(state: State, command: Row, result: Row) -> int:
    """Whether a member may sell points back for money (R3.3, R9)."""
    if state.terms[state.head[Head.TERMS]][Term.MONEY_OUT] == 0:
        return Code.PROFILE_FORBIDS
    if member_is_unknown(state, command):
        return Code.MEMBER_UNKNOWN
    return may_give_up_points(state, command, result)


def take_points(state: State, command: Row, result: Row) -> int:
    """Touch the member and take the points, capped at its quota; returns the gross, in µ¥."""
    slot = command[Command.MEMBER]
    head, member = state.head, state.members[slot]
    # At the price before it: a debt that the touch collects may lift the price (R3.6).
    points = without_dust(
        command[Command.AMOUNT], member[Member.POINTS], head[Head.RESERVE], head[Head.SUPPLY]
    )
    touch(state, slot)
    gross = min(mul_div(points, head[Head.RESERVE], head[Head.SUPPLY]), left(member))
    set_points(state, slot, member[Member.POINTS] - points)
    member[Member.USED] += gross
    result[Result.POINTS] = points
    result[Result.MONEY] = gross
    return gross


def redeem(state: State, command: Row, result: Row) -> int:
    """Sell points back to the pool: burned for ever, the fee stays in R (R3.3).

    Returns:
        ``ACCEPTED``, or a refusal that has changed nothing.
    """
    code = may_redeem(state, command, result)
    if code != Code.ACCEPTED:
        return code
    head, slot = state.head, command[Command.MEMBER]
    gross = take_points(state, command, result)
    points = result[Result.POINTS]
    fee = mul_div_up(gross, state.terms[head[Head.TERMS]][Term.FEE], PPM)
    head[Head.REDEEMED] += gross
    burn(head, points, gross - fee)
    pay_cash(state, slot, gross - fee)
    result[Result.FEE] = fee
    number = state.members[slot][Member.NUMBER]
    note(state, EffectKind.POINTS_REDEEMED, number, 0, 0, points, gross, gross - fee, 0)
    seal(state, slot)
    return Code.ACCEPTED


def may_spend(state: State, command: Row, result: Row) -> int:
    """Whether a member may pay for goods with points (R3.4)."""
    if member_is_unknown(state, command):
        return Code.MEMBER_UNKNOWN
    if merchant_is_unknown(state, command):
        return Code.MERCHANT_UNKNOWN
    if command[Command.AMOUNT] <= 0:
        return Code.AMOUNT_INVALID
    member = state.members[command[Command.MEMBER]]
    if are_linked(member, state.merchants[command[Command.MERCHANT]]):
        return Code.LINKED_PARTIES
    return may_give_up_points(state, command, result)


def spend(state: State, command: Row, result: Row) -> int:
    """Redeem points for goods; the money goes to the order's merchant (R3.4).

    Returns:
        ``ACCEPTED``, or a refusal that has changed nothing.
    """
    code = may_spend(state, command, result)
    if code != Code.ACCEPTED:
        return code
    head, slot = state.head, command[Command.MEMBER]
    gross = take_points(state, command, result)
    points = result[Result.POINTS]
    fee = mul_div_up(gross, state.terms[head[Head.TERMS]][Term.GOODS_FEE], PPM)
    burn(head, points, gross - fee)
    head[Head.REDEEMED] += gross
    pay_merchant(state, command[Command.MERCHANT], gross - fee)
    result[Result.FEE] = fee
    open_payment(state, command, gross - fee)
    payment = state.payments[command[Command.PAYMENT]]
    payment[Payment.WITH_POINTS] = 1
    merchant = payment[Payment.MERCHANT]
    note(
        state,
        EffectKind.POINTS_SPENT,
        payment[Payment.PAYER_MEMBER],
        merchant,
        payment[Payment.NUMBER],
        points,
        gross,
        gross - fee,
        0,
    )
    seal(state, slot)
    result[Result.NUMBER] = payment[Payment.NUMBER]
    return Code.ACCEPTED


def open_payment(state: State, command: Row, amount: int) -> None:
    """Write a payment's row, so that it can be refunded the way it was paid (A27)."""
    head = state.head
    payment = state.payments[command[Command.PAYMENT]]
    head[Head.PAYMENTS] += 1
    payment[Payment.NUMBER] = head[Head.PAYMENTS]
    payment[Payment.PAYER_MEMBER] = state.members[command[Command.MEMBER]][Member.NUMBER]
    payment[Payment.PAYER_MERCHANT] = state.merchants[command[Command.PAYER]][Merchant.NUMBER]
    payment[Payment.MERCHANT] = state.merchants[command[Command.MERCHANT]][Merchant.NUMBER]
    payment[Payment.AMOUNT] = amount
    payment[Payment.MEMBER_SLOT] = command[Command.MEMBER]
    payment[Payment.PAYER_SLOT] = command[Command.PAYER]
    payment[Payment.MERCHANT_SLOT] = command[Command.MERCHANT]
    payment[Payment.CHANGED] = 1


def may_refund_payment(state: State, command: Row, with_points: int, result: Row) -> int:
    """Whether a payment of one kind may be given back, whole or in part (A25, A27)."""
    payment, amount = state.payments[command[Command.PAYMENT]], command[Command.AMOUNT]
    if payment[Payment.NUMBER] == 0 or payment[Payment.WITH_POINTS] != with_points:
        return Code.PAYMENT_UNKNOWN
    if amount <= 0:
        return Code.AMOUNT_INVALID
    rest = payment[Payment.AMOUNT] - payment[Payment.REFUNDED]
    if amount > rest:
        result_shows(result, rest, amount)
        return Code.REFUND_ABOVE_PAID
    return Code.ACCEPTED


def may_return_goods(state: State, command: Row, result: Row) -> int:
    """Whether goods paid with points may be given back (R8.2)."""
    code = may_refund_payment(state, command, 1, result)
    if code != Code.ACCEPTED:
        return code
    head, money = state.head, command[Command.AMOUNT]
    payment = state.payments[command[Command.PAYMENT]]
    payable = state.merchants[payment[Payment.MERCHANT_SLOT]][Merchant.PAYABLE]
    if money > payable:
        result_shows(result, payable, money)
        return Code.PAYABLE_SHORT
    points = points_for(money, head[Head.RESERVE], head[Head.SUPPLY], head[Head.LAST_PRICE])
    if points > cap_room(state):
        result_shows(result, cap_room(state), points)
        return Code.SUPPLY_CAP_REACHED
    return Code.ACCEPTED


def return_goods(state: State, command: Row, result: Row) -> int:
    """Give back goods that were paid with points: money into R, points to the member (R8.2).

    Returns:
        ``ACCEPTED``, or a refusal that has changed nothing.
    """
    code = may_return_goods(state, command, result)
    if code != Code.ACCEPTED:
        return code
    head, money = state.head, command[Command.AMOUNT]
    payment = state.payments[command[Command.PAYMENT]]
    slot = payment[Payment.MEMBER_SLOT]
    member = state.members[slot]
    touch(state, slot)
    points = points_for(money, head[Head.RESERVE], head[Head.SUPPLY], head[Head.LAST_PRICE])
    pay_merchant(state, payment[Payment.MERCHANT_SLOT], -money)
    head[Head.RESERVE] += money
    mint(head, points)
    set_points(state, slot, member[Member.POINTS] + points)
    member[Member.USED] = max(0, member[Member.USED] - money)
    payment[Payment.REFUNDED] += money
    payment[Payment.CHANGED] = 1
    result[Result.POINTS] = points
    note(
        state,
        EffectKind.GOODS_RETURNED,
        member[Member.NUMBER],
        payment[Payment.MERCHANT],
        payment[Payment.NUMBER],
        points,
        money,
        0,
        0,
    )
    bind_surplus(head)
    seal(state, slot)
    return Code.ACCEPTED


def convert(state: State, command: Row, result: Row) -> int:
    """Turn points into coins; the points wait in escrow, not burned (R8.1).

    Returns:
        ``ACCEPTED``, or a refusal that has changed nothing.
    """
    code = may_convert(state, command, result)
    if code != Code.ACCEPTED:
        return code
    slot = command[Command.MEMBER]
    coins = take_points(state, command, result)
    points = result[Result.POINTS]
    escrow(state, slot, points, coins)
    number = state.members[slot][Member.NUMBER]
    note(state, EffectKind.POINTS_CONVERTED, number, 0, 0, points, coins, 0, coins)
    seal(state, slot)
    return Code.ACCEPTED


def may_convert(state: State, command: Row, result: Row) -> int:
    """Whether a member may turn points into coins (R8.1)."""
    if member_is_unknown(state, command):
        return Code.MEMBER_UNKNOWN
    return may_give_up_points(state, command, result)


def withdraw_cash(state: State, command: Row, result: Row) -> int:
    """Pay a member's cash out to its bank, accrued dividends included.

    Returns:
        ``ACCEPTED``, or a refusal that has changed nothing (R10, A28).
    """
    if member_is_unknown(state, command):
        return Code.MEMBER_UNKNOWN
    head, slot, money = state.head, command[Command.MEMBER], command[Command.AMOUNT]
    member = state.members[slot]
    if money <= 0:
        return Code.AMOUNT_INVALID
    coming = credit(member, head[Head.INDEX]) - member[Member.RECEIVABLE]
    reachable = member[Member.CASH] + max(0, coming)
    if money > reachable:
        result_shows(result, reachable, money)
        return Code.CASH_SHORT
    touch(state, slot)
    member[Member.CASH] -= money
    head[Head.CASH] -= money
    head[Head.BANK] -= money
    note(state, EffectKind.CASH_WITHDRAWN, member[Member.NUMBER], 0, 0, 0, 0, money, 0)
    seal(state, slot)
    return Code.ACCEPTED
