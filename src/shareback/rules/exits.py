"""Forced sales of members whose points and dividends have reached their quota (R5.3)."""

from shareback.rules.accounts import note, pay_cash, seal, set_points, touch
from shareback.rules.codes import Code
from shareback.rules.layout import (
    Cursor,
    EffectKind,
    Head,
    Member,
    Row,
    State,
    Term,
    Tier,
)
from shareback.rules.member import left
from shareback.rules.pool import burn, price_scaled
from shareback.units.exact import mul_div, mul_div_up
from shareback.units.scales import INT64_MAX, PPM

__compiled__ = True

EFFECTS_SPARE = 9
"""Rows of effects that one exit, or one simple command, may need: a late refund, nine."""


def price(head: Row) -> int:
    """The scaled price now (R3)."""
    return price_scaled(head[Head.RESERVE], head[Head.SUPPLY], head[Head.LAST_PRICE])


def distance(state: State, tier: int, key: int) -> int:
    """K − ⌊m·A/10⁶⌋: the price at which a holder of this key is due."""
    return key - mul_div(state.tiers[tier][Tier.MULTIPLIER], state.head[Head.INDEX], PPM)


def lowest_outside(state: State) -> int:
    """The least distance of a member that is not loaded; 2⁶³ − 1 if all are."""
    least = INT64_MAX
    for tier in range(len(state.tiers)):
        key = state.horizons[tier]
        if key < INT64_MAX:
            least = min(least, distance(state, tier, key))
    return least


def next_exit(state: State) -> int:
    """The slot of the loaded member that would exit first; 0 where nobody holds points."""
    first, least = 0, INT64_MAX
    for tier in range(len(state.tiers)):
        if state.queue_sizes[tier] == 0:
            continue
        slot = state.queue[tier][0]
        member = state.members[slot]
        if member[Member.KEY] == INT64_MAX:
            continue
        reached = distance(state, tier, member[Member.KEY])
        lower_number = member[Member.NUMBER] < state.members[first][Member.NUMBER]
        if first == 0 or reached < least or (reached == least and lower_number):
            first, least = slot, reached
    return first


def run_exits(state: State) -> int:
    """Sell out every member that is due, in order, until none is (R5.3).

    Returns:
        ``ACCEPTED``; or ``NEEDS_EXITS`` or ``NEEDS_ROOM``, to be called again once members with
        lower exit keys are loaded, or once the effects have been taken away.
    """
    while True:
        price_now = price(state.head)
        slot = next_exit(state)
        least = INT64_MAX
        if slot > 0:
            member = state.members[slot]
            least = distance(state, member[Member.TIER], member[Member.KEY])
        outside = lowest_outside(state)
        if outside <= least and outside <= price_now and state.head[Head.SUPPLY] > 0:
            return Code.NEEDS_EXITS
        if slot == 0 or least > price_now:
            return Code.ACCEPTED
        if state.cursor[Cursor.EFFECTS] + EFFECTS_SPARE > len(state.effects):
            return Code.NEEDS_ROOM
        exit_member(state, slot)


def exit_member(state: State, slot: int) -> None:
    """Touch a member and take all its points, for at most the quota left (R5.3)."""
    head, member = state.head, state.members[slot]
    terms = state.terms[head[Head.TERMS]]
    touch(state, slot)
    points = member[Member.POINTS]
    worth = mul_div(points, head[Head.RESERVE], head[Head.SUPPLY])
    gross = min(worth, max(0, left(member)))
    member[Member.USED] = max(member[Member.USED] + gross, member[Member.QUOTA])
    set_points(state, slot, 0)
    head[Head.EXITS] += 1
    money, coins = 0, 0
    if terms[Term.MONEY_OUT] == 1:
        money = gross - mul_div_up(gross, terms[Term.FEE], PPM)
        head[Head.REDEEMED] += gross
        burn(head, points, money)
        pay_cash(state, slot, money)
    else:
        coins = gross
        escrow(state, slot, points, coins)
    note(state, EffectKind.MEMBER_EXITED, member[Member.NUMBER], 0, 0, points, gross, money, coins)
    seal(state, slot)


def escrow(state: State, slot: int, points: int, coins: int) -> None:
    """Move points that have left a member into coin escrow, and issue coins for them (R8.1)."""
    head = state.head
    head[Head.POINTS_ESCROW] += points
    head[Head.COINS_ISSUED] += coins
    head[Head.COINS_MEMBERS] += coins
    state.members[slot][Member.COINS] += coins
