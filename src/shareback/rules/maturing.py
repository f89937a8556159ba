"""Orders that mature together enter the pool at one price (R3.2, R4.2, R4.3, R6.3)."""

from typing import NamedTuple

from shareback.rules.accounts import grant, note, seal, set_points, touch, treasury_receives
from shareback.rules.layout import (
    Cursor,
    EffectKind,
    Head,
    Member,
    Order,
    OrderState,
    Row,
    State,
    Term,
)
from shareback.rules.member import left
from shareback.rules.order import award_ceiling, award_value, fixed_award, net, shares
from shareback.rules.pool import bind_surplus, burn, is_too_coarse, mint, points_for, worth_up
from shareback.units.exact import mul_div, mul_div_up
from shareback.units.scales import PPM

__compiled__ = True


class Opening(NamedTuple):
    """The pool before an operation; every order that matures in it is priced at this."""

    reserve: int
    supply: int
    last_price: int


def opening_of(head: Row) -> Opening:
    """The pool as it stands (R3.2)."""
    return Opening(head[Head.RESERVE], head[Head.SUPPLY], head[Head.LAST_PRICE])


def award(opening: Opening, value_uyuan: int) -> int:
    """Points worth a value at the opening price of the operation.

    Args:
        opening: The pool before the operation, shared by all orders that mature in it.
        value_uyuan: Worth of the award, in µ¥, 0 <= value <= the order's contribution.

    Returns:
        Points to mint, in units of 10⁻⁸ point, rounded down.

    Source:
        R3.2; keeps R3.1 because value <= contribution and rounding is down.
    """
    return points_for(value_uyuan, opening.reserve, opening.supply, opening.last_price)


def buyer_award(opening: Opening, terms: Row, contribution: int, net_uyuan: int) -> int:
    """The buyer's points before the cap: by value, or fixed per spend (R2)."""
    if terms[Term.PER_SPEND] == 1:
        ceiling = award(opening, award_ceiling(terms, contribution))
        return min(fixed_award(terms, net_uyuan), ceiling)
    return award(opening, award_value(terms, contribution))


def waits(opening: Opening, order: Row, terms: Row) -> bool:
    """Whether an order must wait because rounding would eat its buyer's award (R3.6)."""
    if order[Order.LINKED] == 1 or terms[Term.PER_SPEND] == 1:
        return False
    value = award_value(terms, shares(order, terms, net(order)).contribution)
    points = award(opening, value)
    return is_too_coarse(value, points, opening.reserve, opening.supply, opening.last_price)


def lowest_cap(state: State) -> int:
    """The lowest cap that was ever announced, in units: it binds at once and for ever (R2)."""
    cap = state.terms[0][Term.SUPPLY_CAP]
    for version in range(1, len(state.terms)):
        # Terms that nobody has accepted yet have no day.
        if state.terms[version][Term.FROM_DAY] > 0:
            cap = min(cap, state.terms[version][Term.SUPPLY_CAP])
    return cap


def cap_room(state: State) -> int:
    """Points that may still be issued, in units (R2, R3.2)."""
    issued = state.head[Head.ISSUED] + state.cursor[Cursor.MINTED]
    return max(0, lowest_cap(state) - issued)


def mature_buyer(state: State, opening: Opening, slot: int) -> None:
    """Move an order's shares into the pool and the pot, and give its buyer points and quota."""
    head, order = state.head, state.orders[slot]
    terms = state.terms[order[Order.TERMS]]
    whole = net(order)
    share = shares(order, terms, whole)
    head[Head.ORDER_ESCROW] -= share.contribution + share.dividend
    state.cursor[Cursor.CONTRIBUTED] += share.contribution
    head[Head.POT] += share.dividend
    head[Head.DIVIDENDS_IN] += share.dividend
    head[Head.QUOTA_PENDING] -= share.quota
    head[Head.ORDERS_PENDING] -= 1
    head[Head.ORDERS_MATURED] += 1
    order[Order.STATE] = OrderState.MATURED
    order[Order.MATURED_NET] = whole
    order[Order.CHANGED] = 1
    if order[Order.LINKED] == 1:
        return
    buyer = order[Order.MEMBER_SLOT]
    member = state.members[buyer]
    touch(state, buyer)
    points = min(buyer_award(opening, terms, share.contribution, whole), cap_room(state))
    state.cursor[Cursor.MINTED] += points
    set_points(state, buyer, member[Member.POINTS] + points)
    grant(state, buyer, share.quota)
    order[Order.POINTS_BUYER] = points
    order[Order.EARNED_BUYER] = member[Member.EARNED]
    order[Order.DIVIDENDS_BUYER] = member[Member.DIVIDENDS]
    seal(state, buyer)


def mature_referrer(state: State, opening: Opening, slot: int) -> None:
    """Give the buyer's referrer points, up to the quota that its own holding leaves (R4.3)."""
    order = state.orders[slot]
    referrer = order[Order.REFERRER_SLOT]
    if order[Order.LINKED] == 1 or order[Order.REFERRER] == 0:
        return
    terms, member = state.terms[order[Order.TERMS]], state.members[referrer]
    touch(state, referrer)
    seal(state, referrer)
    if are_same_party(member, state.members[order[Order.MEMBER_SLOT]]):
        return
    contribution = shares(order, terms, order[Order.MATURED_NET]).contribution
    held = worth_up(member[Member.POINTS], opening.reserve, opening.supply, opening.last_price)
    value = min(mul_div(contribution, terms[Term.REFERRAL], PPM), max(0, left(member) - held))
    points = min(award(opening, value), cap_room(state))
    state.cursor[Cursor.MINTED] += points
    set_points(state, referrer, member[Member.POINTS] + points)
    order[Order.POINTS_REFERRER] = points
    order[Order.EARNED_REFERRER] = member[Member.EARNED]
    order[Order.DIVIDENDS_REFERRER] = member[Member.DIVIDENDS]
    seal(state, referrer)


def are_same_party(one: Row, other: Row) -> bool:
    """Whether two members are known to be the same person or payee (R4.3, A29)."""
    return one[Member.PARTY] != 0 and one[Member.PARTY] == other[Member.PARTY]


def burn_for_receivable(state: State, slot: int, awarded: int) -> None:
    """Burn of a new award what its member owes, at the price after the mint (R6.4)."""
    head, member = state.head, state.members[slot]
    owed = member[Member.RECEIVABLE]
    if owed == 0 or awarded == 0:
        return
    reserve, supply = head[Head.RESERVE], head[Head.SUPPLY]
    points = min(awarded, mul_div_up(owed, supply, reserve), member[Member.POINTS])
    worth = min(mul_div(points, reserve, supply), owed)
    to_treasury = min(worth, member[Member.RECEIVABLE_TREASURY])
    burn(head, points, to_treasury)
    set_points(state, slot, member[Member.POINTS] - points)
    member[Member.RECEIVABLE] -= worth
    member[Member.RECEIVABLE_TREASURY] -= to_treasury
    head[Head.RECEIVABLES] -= worth
    treasury_receives(head, to_treasury)
    note(state, EffectKind.RECEIVABLE_BURNED, member[Member.NUMBER], 0, 0, points, 0, worth, 0)
    seal(state, slot)


def enter_pool(state: State) -> None:
    """Put the contributions and the points of all that mature into the pool, at once (A1)."""
    head, cursor = state.head, state.cursor
    head[Head.RESERVE] += cursor[Cursor.CONTRIBUTED]
    mint(head, cursor[Cursor.MINTED])
    cursor[Cursor.CONTRIBUTED] = 0
    cursor[Cursor.MINTED] = 0
    bind_surplus(head)


def mature_together(state: State) -> None:
    """Mature the orders in `due`, all at the opening price; exits are the caller's (R3.2)."""
    opening = opening_of(state.head)
    count = state.cursor[Cursor.DUE]
    matured = 0
    for place in range(count):
        slot = state.due[place]
        order = state.orders[slot]
        if waits(opening, order, state.terms[order[Order.TERMS]]):
            order[Order.DUE_DAY] = state.head[Head.DAY] + 1
            order[Order.CHANGED] = 1
            continue
        mature_buyer(state, opening, slot)
        state.due[matured] = slot
        matured += 1
    for place in range(matured):
        mature_referrer(state, opening, state.due[place])
    enter_pool(state)
    for place in range(matured):
        order = state.orders[state.due[place]]
        burn_for_receivable(state, order[Order.MEMBER_SLOT], order[Order.POINTS_BUYER])
    for place in range(matured):
        order = state.orders[state.due[place]]
        burn_for_receivable(state, order[Order.REFERRER_SLOT], order[Order.POINTS_REFERRER])
    state.cursor[Cursor.DUE] = 0
