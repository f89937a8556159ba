"""Refunds of orders, before and after maturity (R6.2, R6.4, D3)."""

from fractions import Fraction
from math import ceil, floor

from shareback.rules.codes import Code
from tests.model.parameters import RANGE, SCALE
from tests.model.pool import burn, repay, touch, treasury_gets, treasury_pays
from tests.model.state import Award, Member, Order, OrderState, State, refuse


def refund_order(state: State, *, order: int, money: int, approvals: int) -> int:
    """R6.2 before maturity, R6.4 after it."""
    placed = state.orders.get(order)
    late = placed is not None and placed.state is OrderState.MATURED
    before = placed.refunded_late if placed is not None else 0
    above = before + money > state.parameters.late_refund_limit_uyuan
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
    state.saw("refund before maturity")
    return 0


def refund_late(state: State, order: Order, money: int) -> None:
    """R6.4 as settled by D3; the price may not fall."""
    cost = order.flow(order.net) - order.flow(order.net - money)
    withdrawn = order.quota(order.net) - order.quota(order.net - money)
    buyer = state.members[order.member]
    awards = [(buyer, order.award_buyer)]
    if order.referrer:
        awards.append((state.members[order.referrer], order.award_referrer))
    for member, _ in awards:
        touch(state, member)
    buyer.granted -= withdrawn
    buyer.refunded_late = buyer.refunded_late or withdrawn > 0
    order.refunded += money
    order.refunded_late += money
    state.treasury_costs += cost

    # What was awarded is burned or owed, the buyer's first.
    part = Fraction(order.refunded_late, order.matured_net)
    opening = state.price
    proceeds = 0
    owed = []
    for member, award in awards:
        paid, missing = take_back(state, member, award, part, opening, cost - proceeds)
        proceeds += paid
        owed.append(missing)
    state.treasury_receipts += proceeds
    rest = cost - proceeds
    for (member, _), amount in zip(awards, owed, strict=True):
        rest -= owe(member, amount, rest)
    booked = sum(member.receivable for member in state.members.values())
    refuse(Code.OUT_OF_RANGE, when=booked >= RANGE)

    # What is owed comes out of this refund, then out of cash balances.
    from_refund = min(buyer.receivable, money)
    receipts = proceeds + repay(state, buyer, from_refund)
    receipts += sum(collect_cash(state, member) for member, _ in awards)
    state.bank += from_refund - cost
    treasury_gets(state, receipts)
    treasury_pays(state, cost)
    count_late_refund(state, order, buyer, owed)


def count_late_refund(state: State, order: Order, buyer: Member, owed: list[int]) -> None:
    """Coverage of the random worlds, nothing else."""
    state.saw("late refund")
    state.saw("late refund in parts", when=order.net > 0)
    state.saw("late refund with the buyer's points gone", when=owed[0] > 0)
    state.saw("late refund with the referrer's points gone", when=sum(owed[1:]) > 0)
    state.saw("quota left negative", when=buyer.left < 0)
    state.saw("receivable left open", when=buyer.receivable > 0)


def take_back(
    state: State, member: Member, award: Award, part: Fraction, opening: Fraction, cost: int
) -> tuple[int, int]:
    """Burn what is there, owe what is not, and the dividends of both (D3).

    Args:
        state: The programme.
        member: Who was awarded.
        award: What the order awarded this member.
        part: All late refunds of the order over the net that matured.
        opening: The price before any burn of this refund.
        cost: What the treasury still misses of its cost.

    Returns:
        What the treasury gets for the points burned, and what the member owes from now on.
    """
    taken = ceil(award.points * part) - award.taken
    award.taken += taken
    there = min(taken, member.points)
    missing = taken - there
    earned = member.earned - award.earned_before
    kept = max(0, member.dividends - award.dividends_before)
    dividends = min(ceil(Fraction(taken * earned, SCALE)), kept)
    member.dividends -= dividends
    owed = ceil(missing * opening) + dividends
    proceeds = min(floor(there * state.price), cost)
    member.points -= there
    burn(state, there, proceeds)
    return proceeds, owed


def collect_cash(state: State, member: Member) -> int:
    """Take what is owed from the cash balance; returns the treasury's part, not yet given."""
    money = min(member.receivable, member.cash)
    member.cash -= money
    state.saw("receivable collected from cash", when=money > 0)
    return repay(state, member, money)


def owe(member: Member, owed: int, treasury_rest: int) -> int:
    """A new receivable; returns the part of it that is the treasury's."""
    treasury = min(owed, treasury_rest)
    member.receivable += owed
    member.receivable_treasury += treasury
    return treasury
