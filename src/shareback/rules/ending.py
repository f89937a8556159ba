"""Amendments and the end of a programme (R2, R12)."""

from shareback.rules.accounts import note, pay_cash, pay_merchant, seal, set_points, touch
from shareback.rules.codes import Code
from shareback.rules.layout import (
    Command,
    Cursor,
    EffectKind,
    Head,
    Member,
    Merchant,
    Phase,
    Row,
    State,
    Term,
)
from shareback.rules.maturing import lowest_cap
from shareback.rules.ordering import APPROVERS, result_shows
from shareback.rules.pool import bind_surplus, burn
from shareback.units.exact import mul_div

__compiled__ = True


def amend(state: State, command: Row) -> int:
    """Announce new terms from a future day; ``SECOND`` is their version (R2, A54)."""
    head, terms = state.head, state.terms[command[Command.SECOND]]
    if command[Command.FLAG] < APPROVERS:
        return Code.NEEDS_TWO_APPROVERS
    if command[Command.AMOUNT] <= head[Head.DAY]:
        return Code.AMOUNT_INVALID
    # The cap holds for ever (R2): it may fall to what is issued, and never rise again.
    if terms[Term.SUPPLY_CAP] < head[Head.ISSUED] or terms[Term.SUPPLY_CAP] > lowest_cap(state):
        return Code.AMOUNT_INVALID
    terms[Term.FROM_DAY] = command[Command.AMOUNT]
    return Code.ACCEPTED


def announce_end(state: State, command: Row) -> int:
    """Announce the day from which the programme may end; no new orders from now (R12)."""
    head = state.head
    if command[Command.FLAG] < APPROVERS:
        return Code.NEEDS_TWO_APPROVERS
    if command[Command.AMOUNT] <= head[Head.DAY]:
        return Code.AMOUNT_INVALID
    head[Head.PHASE] = Phase.ANNOUNCED
    head[Head.END_DAY] = command[Command.AMOUNT]
    return Code.ACCEPTED


def may_end(state: State) -> bool:
    """Whether the end was announced and its day has come (R12)."""
    head = state.head
    return head[Head.PHASE] == Phase.ANNOUNCED and head[Head.DAY] >= head[Head.END_DAY]


def end_programme(state: State, result: Row) -> int:
    """Put pot and bound treasury into R, burn the escrow for the coins, fix the price (R12).

    Every merchant is loaded, and settled at once; members follow with `settle_accounts`.

    Returns:
        ``ACCEPTED`` or ``ORDERS_PENDING``.
    """
    head = state.head
    if head[Head.ORDERS_PENDING] > 0:
        result_shows(result, head[Head.ORDERS_PENDING], 0)
        return Code.ORDERS_PENDING
    head[Head.RESERVE] += head[Head.POT] + head[Head.BOUND]
    head[Head.POT] = 0
    head[Head.BOUND] = 0
    head[Head.BOUND_DRAWN] = 0
    bind_surplus(head)
    coins = head[Head.COINS_MEMBERS] + head[Head.COINS_MERCHANTS]
    burn(head, head[Head.POINTS_ESCROW], coins)
    head[Head.POINTS_ESCROW] = 0
    head[Head.COINS_OWED] = coins
    head[Head.FINAL_RESERVE] = head[Head.RESERVE]
    head[Head.FINAL_SUPPLY] = head[Head.SUPPLY]
    head[Head.PHASE] = Phase.ENDED
    for slot in range(1, state.cursor[Cursor.MERCHANTS]):
        if state.merchants[slot][Merchant.NUMBER] > 0:
            settle_trader(state, slot)
    return Code.ACCEPTED


def final_worth(head: Row, points: int) -> int:
    """What points are paid at the end: the same price for all, no fee, no quota (R12)."""
    if points == 0:
        return 0
    return mul_div(points, head[Head.FINAL_RESERVE], head[Head.FINAL_SUPPLY])


def settle_member(state: State, slot: int) -> None:
    """Pay a member for its points and coins at the end (R12)."""
    head, member = state.head, state.members[slot]
    touch(state, slot)
    points, coins = member[Member.POINTS], member[Member.COINS]
    money = final_worth(head, points)
    set_points(state, slot, 0)
    member[Member.COINS] = 0
    head[Head.COINS_MEMBERS] -= coins
    head[Head.COINS_RETIRED] += coins
    head[Head.COINS_OWED] -= coins
    burn(head, points, money)
    pay_cash(state, slot, money + coins)
    number = member[Member.NUMBER]
    note(state, EffectKind.ACCOUNT_SETTLED, number, 0, 0, points, money, money + coins, coins)
    seal(state, slot)


def settle_trader(state: State, slot: int) -> None:
    """Pay a merchant for its points and coins at the end (R12)."""
    head, merchant = state.head, state.merchants[slot]
    points, coins = merchant[Merchant.POINTS], merchant[Merchant.COINS]
    money = final_worth(head, points)
    merchant[Merchant.POINTS] = 0
    merchant[Merchant.COST] = 0
    merchant[Merchant.COINS] = 0
    head[Head.POINTS_MERCHANTS] -= points
    head[Head.COINS_MERCHANTS] -= coins
    head[Head.COINS_RETIRED] += coins
    head[Head.COINS_OWED] -= coins
    burn(head, points, money)
    pay_merchant(state, slot, money + coins)
    number = merchant[Merchant.NUMBER]
    note(state, EffectKind.ACCOUNT_SETTLED, 0, number, 0, points, money, money + coins, coins)


def settle_accounts(state: State, command: Row) -> int:
    """Pay the members from one slot to another, gapless from the last that was paid (R12)."""
    head, first, last = state.head, command[Command.MEMBER], command[Command.OTHER]
    expected = head[Head.ACCOUNTS_SETTLED] + 1
    is_gapless = state.members[first][Member.NUMBER] == expected and last >= first
    if not is_gapless or state.members[last][Member.NUMBER] == 0:
        return Code.AMOUNT_INVALID
    for slot in range(first, last + 1):
        settle_member(state, slot)
    head[Head.ACCOUNTS_SETTLED] = state.members[last][Member.NUMBER]
    return Code.ACCEPTED
