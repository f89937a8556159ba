"""The treasury, unmatched money, and awards that somebody pays for (R4.5, R6.4, R10)."""

from shareback.rules.accounts import (
    grant,
    member_is_unknown,
    note,
    pay_merchant,
    seal,
    set_points,
    touch,
)
from shareback.rules.codes import Code
from shareback.rules.layout import (
    Command,
    EffectKind,
    Head,
    Member,
    Merchant,
    Result,
    Row,
    State,
    Term,
)
from shareback.rules.maturing import burn_for_receivable, cap_room
from shareback.rules.ordering import APPROVERS, are_linked, result_shows
from shareback.rules.pool import bind_surplus, is_too_coarse, mint, points_for
from shareback.units.exact import mul_div
from shareback.units.scales import PPM, RANGE

__compiled__ = True


def money_in(state: State, command: Row, result: Row) -> int:
    """Whether an amount may come into the bank; if so, it is there."""
    head, money = state.head, command[Command.AMOUNT]
    if money <= 0 or money >= RANGE:
        return Code.AMOUNT_INVALID
    if money >= RANGE - head[Head.BANK]:
        result_shows(result, RANGE - head[Head.BANK], money)
        return Code.OUT_OF_RANGE
    head[Head.BANK] += money
    return Code.ACCEPTED


def fund_treasury(state: State, command: Row, result: Row) -> int:
    """Add the operator's own money to the free treasury (R10)."""
    head, money = state.head, command[Command.AMOUNT]
    if RANGE > money >= RANGE - head[Head.TREASURY_FUNDED]:
        result_shows(result, RANGE - head[Head.TREASURY_FUNDED], money)
        return Code.OUT_OF_RANGE
    code = money_in(state, command, result)
    if code == Code.ACCEPTED:
        head[Head.FREE] += money
        head[Head.TREASURY_FUNDED] += money
    return code


def record_unmatched(state: State, command: Row, result: Row) -> int:
    """Book money that came to the bank without an order: to suspense, never to R (A7)."""
    code = money_in(state, command, result)
    if code == Code.ACCEPTED:
        state.head[Head.SUSPENSE] += command[Command.AMOUNT]
    return code


def withdraw_treasury(state: State, command: Row, result: Row) -> int:
    """Take money out of the free treasury, with two approvers (R10, A54, A66)."""
    head, money = state.head, command[Command.AMOUNT]
    if command[Command.FLAG] < APPROVERS:
        return Code.NEEDS_TWO_APPROVERS
    if money <= 0:
        return Code.AMOUNT_INVALID
    if money > head[Head.FREE]:
        result_shows(result, head[Head.FREE], money)
        return Code.TREASURY_SHORT
    head[Head.FREE] -= money
    head[Head.BANK] -= money
    return Code.ACCEPTED


def may_award(state: State, command: Row, result: Row) -> int:
    """Whether somebody may pay for points for a member (R4.5).

    The command's ``MERCHANT`` pays; 0 means the treasury. ``AMOUNT`` is what is paid into R,
    ``SECOND`` what the points are to be worth.
    """
    slot = command[Command.MERCHANT]
    funder = state.merchants[slot]
    member = state.members[command[Command.MEMBER]]
    money, value = command[Command.AMOUNT], command[Command.SECOND]
    if member_is_unknown(state, command):
        return Code.MEMBER_UNKNOWN
    if slot > 0 and funder[Merchant.NUMBER] == 0:
        return Code.MERCHANT_UNKNOWN
    if money <= 0 or money >= RANGE or value <= 0:
        return Code.AMOUNT_INVALID
    if value > money:
        result_shows(result, money, value)
        return Code.VALUE_ABOVE_MONEY
    quota = mul_div(money, state.terms[state.head[Head.TERMS]][Term.QUOTA_MULTIPLE], PPM)
    if value >= quota:
        result_shows(result, quota, value)
        return Code.VALUE_ABOVE_QUOTA
    if slot > 0 and are_linked(member, funder):
        return Code.LINKED_PARTIES
    return may_fund_award(state, command, result)


def may_fund_award(state: State, command: Row, result: Row) -> int:
    """The lower rungs of `may_award`: quota, money, cap and range."""
    head, slot = state.head, command[Command.MERCHANT]
    money, value = command[Command.AMOUNT], command[Command.SECOND]
    quota = mul_div(money, state.terms[head[Head.TERMS]][Term.QUOTA_MULTIPLE], PPM)
    if slot == 0 and money > head[Head.FREE]:
        result_shows(result, head[Head.FREE], money)
        return Code.TREASURY_SHORT
    if slot > 0 and money > state.merchants[slot][Merchant.PAYABLE]:
        result_shows(result, state.merchants[slot][Merchant.PAYABLE], money)
        return Code.PAYABLE_SHORT
    points = points_for(value, head[Head.RESERVE], head[Head.SUPPLY], head[Head.LAST_PRICE])
    if points == 0 or is_too_coarse(
        value, points, head[Head.RESERVE], head[Head.SUPPLY], head[Head.LAST_PRICE]
    ):
        return Code.NOTHING_TO_PAY
    if points > cap_room(state):
        result_shows(result, cap_room(state), points)
        return Code.SUPPLY_CAP_REACHED
    if quota >= RANGE - head[Head.QUOTA_GRANTED] - head[Head.QUOTA_PENDING]:
        return Code.OUT_OF_RANGE
    return Code.ACCEPTED


def award_funded(state: State, command: Row, result: Row) -> int:
    """Mint points against money that the treasury or a merchant puts into R (R4.5).

    Returns:
        ``ACCEPTED``, or a refusal that has changed nothing.
    """
    code = may_award(state, command, result)
    if code != Code.ACCEPTED:
        return code
    head, slot, funder = state.head, command[Command.MEMBER], command[Command.MERCHANT]
    member, money = state.members[slot], command[Command.AMOUNT]
    touch(state, slot)
    points = points_for(
        command[Command.SECOND], head[Head.RESERVE], head[Head.SUPPLY], head[Head.LAST_PRICE]
    )
    if funder == 0:
        head[Head.FREE] -= money
    else:
        pay_merchant(state, funder, -money)
    head[Head.RESERVE] += money
    mint(head, points)
    set_points(state, slot, member[Member.POINTS] + points)
    grant(state, slot, mul_div(money, state.terms[head[Head.TERMS]][Term.QUOTA_MULTIPLE], PPM))
    result[Result.POINTS] = points
    merchant = state.merchants[funder][Merchant.NUMBER]
    note(state, EffectKind.AWARD_FUNDED, member[Member.NUMBER], merchant, 0, points, money, 0, 0)
    bind_surplus(head)
    seal(state, slot)
    burn_for_receivable(state, slot, points)
    return Code.ACCEPTED
