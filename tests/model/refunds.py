"""Refunds of orders, before and after maturity (R6.2, R6.4, D3)."""

from fractions import Fraction
from math import ceil, floor

from shareback.rules.codes import Code
from tests.model.parameters import SCALE
from tests.model.pool import burn, repay, touch, treasury_gets, treasury_pays
from tests.model.state import Member, Order, OrderState, State, refuse


def refund_order(state: State, *, order: int, money: int, approvals: int) -> int:
    """R6.2 before maturity, R6.4 after it."""
    placed = state.orders.get(order)
    late = placed is not None and placed.state is OrderState.MATURED
    above = money > state.parameters.late_refund_limit_uyuan
    refuse(Code.NEEDS_TWO_APPROVERS, when=late and above and approvals < 2)
    placed = state.order(order)
    refuse(Code.AMOUNT_INVALID, when=money <= 0)
    refuse(Code.REFUND_ABOVE_PAID, when=money > placed.net)
    refuse(Code.ORDER_CLOSED, when=placed.state is OrderState.CLOSED)
    if late:
        refund_late(state, placed, money)
        return 0
    state.bank -= placed.flow(placed.net) - placed.flow(placed.net - money)
    placed.refunded += money
    if placed.net == 0:
        placed.state = OrderState.CLOSED
    state.seen["refund before maturity"] += 1
    return 0


def refund_late(state: State, order: Order, money: int) -> None:
    """R6.4 as settled by D3; the price may not fall."""
    before = order.net
    after = before - money
    cost = order.flow(before) - order.flow(after)
    state.treasury_costs += cost
    buyer = state.members[order.member]
    referrer = state.members.get(order.referrer)
    for touched in (buyer, referrer):
        if touched is not None:
            touch(state, touched)
    withdrawn = order.quota(before) - order.quota(after)
    buyer.granted -= withdrawn
    buyer.refunded_late = buyer.refunded_late or withdrawn > 0
    order.refunded += money
    order.refunded_late += money

    opening = state.price
    proceeds, owed_buyer = take_back_from_buyer(state, order, buyer, opening, cost)
    owed_referrer = 0
    if referrer is not None:
        more, owed_referrer = take_back_from_referrer(
            state, order, referrer, opening, cost - proceeds
        )
        proceeds += more
    state.treasury_receipts += proceeds
    rest = cost - proceeds
    rest -= owe(buyer, owed_buyer, rest)
    if referrer is not None:
        owe(referrer, owed_referrer, rest)

    from_refund = min(buyer.receivable, money)
    receipts = proceeds + repay(state, buyer, from_refund)
    for debtor in (buyer, referrer):
        if debtor is not None:
            from_cash = min(debtor.receivable, debtor.cash)
            debtor.cash -= from_cash
            receipts += repay(state, debtor, from_cash)
            if from_cash:
                state.seen["receivable collected from cash"] += 1
    state.bank += from_refund - cost
    if cost > receipts:
        treasury_pays(state, cost - receipts)
    else:
        treasury_gets(state, receipts - cost)
    count_late_refund(state, owed_buyer, owed_referrer, buyer)


def count_late_refund(state: State, owed_buyer: int, owed_referrer: int, buyer: Member) -> None:
    """Coverage of the random worlds, nothing else."""
    state.seen["late refund"] += 1
    state.seen["late refund with the buyer's points gone"] += owed_buyer > 0
    state.seen["late refund with the referrer's points gone"] += owed_referrer > 0
    state.seen["quota left negative"] += buyer.left < 0
    state.seen["receivable left open"] += buyer.receivable > 0


def take_back_from_buyer(
    state: State, order: Order, buyer: Member, opening: Fraction, cost: int
) -> tuple[int, int]:
    """Burn the buyer's part of the award; returns the treasury's proceeds and what is owed."""
    part = Fraction(order.refunded_late, order.matured_net)
    taken = ceil(order.points_buyer * part) - order.taken_buyer
    order.taken_buyer += taken
    return take_back(state, buyer, taken, buyer.earned - order.earned_buyer, opening, cost)


def take_back_from_referrer(
    state: State, order: Order, referrer: Member, opening: Fraction, cost: int
) -> tuple[int, int]:
    """Burn the referrer's part of the award, likewise."""
    part = Fraction(order.refunded_late, order.matured_net)
    taken = ceil(order.points_referrer * part) - order.taken_referrer
    order.taken_referrer += taken
    earned = referrer.earned - order.earned_referrer
    return take_back(state, referrer, taken, earned, opening, cost)


def take_back(
    state: State, member: Member, taken: int, earned: int, opening: Fraction, cost: int
) -> tuple[int, int]:
    """Burn what is there, owe what is not, and the dividends of both (D3)."""
    there = min(taken, member.points)
    owed = ceil((taken - there) * opening) + -(-taken * earned // SCALE)
    proceeds = min(floor(there * state.price), cost)
    member.points -= there
    burn(state, there, proceeds)
    return proceeds, owed


def owe(member: Member, owed: int, treasury_rest: int) -> int:
    """A new receivable; returns the part of it that is the treasury's."""
    treasury = min(owed, treasury_rest)
    member.receivable += owed
    member.receivable_treasury += treasury
    return treasury
