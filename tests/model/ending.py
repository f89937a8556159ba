"""Amendments, and the end of a programme (R2, R12, D16)."""

from fractions import Fraction
from math import floor

from shareback.rules.codes import Code
from tests.model.parameters import Parameters
from tests.model.pool import burn, credit_cash, to_reserve, touch
from tests.model.state import Phase, State, refuse


def amend_programme(state: State, *, from_day: int, approvals: int, parameters: Parameters) -> int:
    """Two approvers, a future day, and the checks of R2 must still hold; tiers stay (D13)."""
    refuse(Code.NEEDS_TWO_APPROVERS, when=approvals < 2)
    refuse(Code.AMOUNT_INVALID, when=from_day <= state.day)
    refuse(Code.AMOUNT_INVALID, when=not parameters.hold())
    refuse(Code.AMOUNT_INVALID, when=parameters.tiers != state.parameters.tiers)
    refuse(Code.AMOUNT_INVALID, when=not state.issued <= parameters.supply_cap_units <= state.cap)
    state.amendments.append((from_day, parameters))
    return 0


def announce_end(state: State, *, end_day: int, approvals: int) -> int:
    """From now on nobody buys in, and nothing is awarded for money (D16)."""
    refuse(Code.NEEDS_TWO_APPROVERS, when=approvals < 2)
    refuse(Code.AMOUNT_INVALID, when=end_day <= state.day)
    state.phase = Phase.ANNOUNCED
    state.end_day = end_day
    return 0


def may_end(state: State) -> bool:
    """Whether the end was announced and its day has come."""
    return state.phase is Phase.ANNOUNCED and state.day >= state.end_day


def end_programme(state: State) -> int:
    """Pot and bound treasury into R, coins at par out of it; then R/S is final."""
    refuse(Code.ORDERS_PENDING, when=any(order.pending for order in state.orders.values()))
    state.phase = Phase.ENDED
    state.pot_shared_out = state.pot
    shared_out = state.pot + state.bound
    state.pot = 0
    state.bound = 0
    state.bound_drawn = 0
    to_reserve(state, shared_out)
    escrow = state.points_escrow
    state.points_escrow = 0
    burn(state, escrow, state.coins_outstanding)
    state.final_price = Fraction(state.reserve, state.supply) if state.supply else Fraction(0)
    for _, shop in sorted(state.merchants.items()):
        pays = floor(shop.points * state.final_price)
        burn(state, shop.points, pays)
        state.coins_retired += shop.coins
        shop.payable += pays + shop.coins
        shop.points = shop.cost = shop.coins = 0
    return 0


def settle_accounts(state: State, *, first_member: int, last_member: int) -> int:
    """The final price for all points and par for all coins, without fee and quota (R12)."""
    refuse(Code.MEMBER_UNKNOWN, when=first_member not in state.members)
    refuse(Code.AMOUNT_INVALID, when=not first_member <= last_member <= len(state.members))
    refuse(Code.AMOUNT_INVALID, when=first_member != state.members_settled + 1)
    state.members_settled = last_member
    for number, member in sorted(state.members.items()):
        if first_member <= number <= last_member:
            touch(state, member)
            points, coins = member.points, member.coins
            pays = floor(points * state.final_price)
            member.points = member.coins = 0
            burn(state, points, pays)
            state.coins_retired += coins
            credit_cash(state, member, pays + coins)
    return 0
