"""Refunds after maturity: never out of the reserve (R6.4).

The treasury gives back the contribution and the dividend share, the merchant the rest. The
points that the order awarded are burned, or owed where they are gone, and what comes back goes
to the treasury up to what it paid, then into the reserve.
"""

from typing import NamedTuple

from shareback.rules.accounts import (
    collect,
    grant,
    note,
    seal,
    set_points,
    touch,
    treasury_receives,
)
from shareback.rules.codes import Code
from shareback.rules.layout import (
    HEAD_WIDTH,
    MEMBER_WIDTH,
    Command,
    Cursor,
    EffectKind,
    Head,
    Member,
    Order,
    Result,
    Row,
    State,
)
from shareback.rules.order import net, shares
from shareback.rules.ordering import count_refund, result_shows
from shareback.rules.pool import burn, worth_up
from shareback.units.exact import mul_div, mul_div_up
from shareback.units.scales import INT64_MAX, RANGE, SCALE

__compiled__ = True


class Claim(NamedTuple):
    """What a late refund takes back from one of the two whom the order awarded.

    Attributes:
        taken: Points taken back, burned or owed, in units.
        burned: Those of them that are still held.
        owed: Money owed for the rest and for the dividends that all of them earned, in µ¥.
        dividends: The dividends in it, in µ¥.
    """

    taken: int
    burned: int
    owed: int
    dividends: int


def claim(awarded: int, already: int, refunded: int, matured: int, held: int, head: Row) -> Claim:
    """The points to take back, and the worth of those that are gone; dividends come on top.

    Args:
        awarded: Points that the order awarded to this member.
        already: Those that earlier late refunds of the order burned or booked.
        refunded: Late refunds of the order, this one included, in µ¥.
        matured: The order's net cash when it matured, in µ¥, >= refunded.
        held: Points that the member holds now.
        head: The programme's row, for today's price.

    Source:
        R6.4.
    """
    taken = mul_div_up(awarded, refunded, matured) - already
    burned = min(taken, held)
    missing = worth_up(taken - burned, head[Head.RESERVE], head[Head.SUPPLY], head[Head.LAST_PRICE])
    return Claim(taken, burned, missing, 0)


def with_dividends(points: Claim, earned_scaled: int, credited_uyuan: int) -> Claim:
    """A claim with the dividends that the points taken earned since the order matured.

    Args:
        points: The claim without them.
        earned_scaled: What a point would have earned, had it been held all the time.
        credited_uyuan: Dividends that the member was credited since then and may keep so far:
            points that were sold in between, or that the quota cut off, earned no more than that.
    """
    dividends = min(mul_div_up(points.taken, earned_scaled, SCALE), max(0, credited_uyuan))
    owed = INT64_MAX if dividends > INT64_MAX - points.owed else points.owed + dividends
    return Claim(points.taken, points.burned, owed, dividends)


def is_in_range(head: Row, claimed: Claim, referral: Claim) -> bool:
    """Whether what two members come to owe can be counted (R3.7)."""
    room = RANGE - head[Head.RECEIVABLES]
    return claimed.owed < room and referral.owed < room - claimed.owed


def burn_back(state: State, slot: int, points: int, wanted_uyuan: int) -> int:
    """Burn points without fee; of their worth at most what is wanted leaves the reserve.

    Returns:
        What the treasury gets for them, in µ¥.
    """
    if points == 0:
        return 0
    head = state.head
    worth = mul_div(points, head[Head.RESERVE], head[Head.SUPPLY])
    paid = min(worth, wanted_uyuan)
    burn(head, points, paid)
    set_points(state, slot, state.members[slot][Member.POINTS] - points)
    treasury_receives(head, paid)
    number = state.members[slot][Member.NUMBER]
    note(state, EffectKind.POINTS_TAKEN_BACK, number, 0, 0, points, worth, paid, 0)
    return paid


def book_receivable(state: State, slot: int, owed_uyuan: int, treasury_uyuan: int) -> int:
    """Book what a member owes; returns the treasury's part of it."""
    part = min(owed_uyuan, treasury_uyuan)
    if owed_uyuan == 0:
        return 0
    member = state.members[slot]
    member[Member.RECEIVABLE] += owed_uyuan
    member[Member.RECEIVABLE_TREASURY] += part
    state.head[Head.RECEIVABLES] += owed_uyuan
    number = member[Member.NUMBER]
    note(state, EffectKind.RECEIVABLE_BOOKED, number, 0, 0, 0, 0, owed_uyuan, 0)
    return part


def collect_from_cash(state: State, slot: int) -> None:
    """Take what a member owes out of its cash balance (R6.4)."""
    member = state.members[slot]
    taken = min(member[Member.RECEIVABLE], member[Member.CASH])
    if taken > 0:
        member[Member.CASH] -= taken
        state.head[Head.CASH] -= taken
        collect(state, slot, taken)


def treasury_pays(head: Row, cost_uyuan: int) -> int:
    """Take a late refund's cost from the treasury: free, then bound, then escrow surplus.

    What bound treasury and escrow bore is theirs first when it comes back, never the operator's.

    Returns:
        What it cannot bear, in µ¥; if that is not 0, the caller puts the state back.

    Source:
        R6.4, R3.5, R8.4.
    """
    free = min(cost_uyuan, head[Head.FREE])
    bound = min(cost_uyuan - free, head[Head.BOUND])
    head[Head.FREE] -= free
    head[Head.BOUND] -= bound
    head[Head.BOUND_DRAWN] += bound
    rest = cost_uyuan - free - bound
    if rest == 0:
        return 0
    if not draws_escrow_surplus(head, rest):
        return rest
    head[Head.BOUND_DRAWN] += rest
    return 0


def draws_escrow_surplus(head: Row, money_uyuan: int) -> bool:
    """Burn escrow points that no coin needs, if enough for a late refund's cost (R8.4)."""
    reserve, supply = head[Head.RESERVE], head[Head.SUPPLY]
    if supply == 0:
        return False
    coins = head[Head.COINS_MEMBERS] + head[Head.COINS_MERCHANTS]
    surplus = head[Head.POINTS_ESCROW] - mul_div_up(coins, supply, reserve)
    points = mul_div_up(money_uyuan, supply, reserve)
    if points > surplus:
        return False
    head[Head.POINTS_ESCROW] -= points
    burn(head, points, money_uyuan)
    return True


def keep(state: State, order: Row) -> None:
    """Remember what a late refund may change, so that a refusal can put it back."""
    copy(state.head, state.saved[0], HEAD_WIDTH)
    copy(state.members[order[Order.MEMBER_SLOT]], state.saved[1], MEMBER_WIDTH)
    copy(state.members[order[Order.REFERRER_SLOT]], state.saved[2], MEMBER_WIDTH)


def put_back(state: State, order: Row) -> None:
    """Undo what was done since `keep`."""
    copy(state.saved[0], state.head, HEAD_WIDTH)
    copy(state.saved[1], state.members[order[Order.MEMBER_SLOT]], MEMBER_WIDTH)
    copy(state.saved[2], state.members[order[Order.REFERRER_SLOT]], MEMBER_WIDTH)


def copy(source: Row, target: Row, width: int) -> None:
    """Copy the first columns of a row."""
    for column in range(width):
        target[column] = source[column]


def refund_late(state: State, command: Row, result: Row) -> int:
    """Give back money after maturity, or refuse and change nothing (R6.4, A24, A28).

    Returns:
        ``ACCEPTED``, ``OUT_OF_RANGE`` or ``TREASURY_SHORT``.
    """
    order = state.orders[command[Command.ORDER]]
    keep(state, order)
    effects = state.cursor[Cursor.EFFECTS]
    code = settle_refund(state, command, result)
    if code != Code.ACCEPTED:
        put_back(state, order)
        state.cursor[Cursor.EFFECTS] = effects
        return code
    seal(state, order[Order.MEMBER_SLOT])
    if order[Order.REFERRER] > 0:
        seal(state, order[Order.REFERRER_SLOT])
    return Code.ACCEPTED


def take_back(state: State, order: Row, refunded: int) -> Claim:
    """Touch the buyer and claim its points of the order."""
    member = state.members[order[Order.MEMBER_SLOT]]
    points = claim(
        order[Order.POINTS_BUYER],
        order[Order.TAKEN_BUYER],
        refunded,
        order[Order.MATURED_NET],
        member[Member.POINTS],
        state.head,
    )
    return with_dividends(
        points,
        member[Member.EARNED] - order[Order.EARNED_BUYER],
        member[Member.DIVIDENDS] - order[Order.DIVIDENDS_BUYER],
    )


def take_back_referral(state: State, order: Row, refunded: int) -> Claim:
    """Claim the referrer's points of the order; nothing where there is no referrer."""
    if order[Order.POINTS_REFERRER] == 0:
        return Claim(0, 0, 0, 0)
    member = state.members[order[Order.REFERRER_SLOT]]
    points = claim(
        order[Order.POINTS_REFERRER],
        order[Order.TAKEN_REFERRER],
        refunded,
        order[Order.MATURED_NET],
        member[Member.POINTS],
        state.head,
    )
    return with_dividends(
        points,
        member[Member.EARNED] - order[Order.EARNED_REFERRER],
        member[Member.DIVIDENDS] - order[Order.DIVIDENDS_REFERRER],
    )


def settle_refund(state: State, command: Row, result: Row) -> int:
    """Do a late refund; the order's row is written only when the treasury can bear it.

    Returns:
        ``ACCEPTED``; or ``OUT_OF_RANGE`` or ``TREASURY_SHORT``, and the caller puts back what
        was changed.
    """
    head = state.head
    order = state.orders[command[Command.ORDER]]
    terms = state.terms[order[Order.TERMS]]
    buyer, referrer = order[Order.MEMBER_SLOT], order[Order.REFERRER_SLOT]
    money = command[Command.AMOUNT]
    before = shares(order, terms, net(order))
    after = shares(order, terms, net(order) - money)
    cost = before.contribution + before.dividend - after.contribution - after.dividend
    touch(state, buyer)
    if order[Order.REFERRER] > 0:
        touch(state, referrer)
    refunded = order[Order.MATURED_NET] - net(order) + money
    claimed = take_back(state, order, refunded)
    referral = take_back_referral(state, order, refunded)
    if not is_in_range(head, claimed, referral):
        return Code.OUT_OF_RANGE
    state.members[buyer][Member.DIVIDENDS] -= claimed.dividends
    state.members[referrer][Member.DIVIDENDS] -= referral.dividends
    rest = cost - burn_back(state, buyer, claimed.burned, cost)
    rest -= burn_back(state, referrer, referral.burned, rest)
    rest -= book_receivable(state, buyer, claimed.owed, rest)
    book_receivable(state, referrer, referral.owed, rest)
    kept = min(state.members[buyer][Member.RECEIVABLE], money)
    if kept > 0:
        collect(state, buyer, kept)
    collect_from_cash(state, buyer)
    if order[Order.REFERRER] > 0:
        collect_from_cash(state, referrer)
    unmet = treasury_pays(head, cost)
    if unmet > 0:
        result_shows(result, cost - unmet, cost)
        return Code.TREASURY_SHORT
    head[Head.BANK] += kept - cost
    grant(state, buyer, after.quota - before.quota)
    count_refund(head, order)
    order[Order.REFUNDED] += money
    order[Order.TAKEN_BUYER] += claimed.taken
    order[Order.TAKEN_REFERRER] += referral.taken
    order[Order.CHANGED] = 1
    result[Result.MONEY] = money - kept
    return Code.ACCEPTED
