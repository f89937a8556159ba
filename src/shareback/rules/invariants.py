"""What must hold after every command, checked in production too (R3.1, R8.4, R10)."""

from shareback.rules.codes import Code
from shareback.rules.layout import ACCOUNTS, Cursor, Head, Row, State
from shareback.rules.pool import price_scaled
from shareback.units.exact import mul_ge

__compiled__ = True


def remember(state: State) -> None:
    """Keep the pool as a command found it, for the check afterwards."""
    head, cursor = state.head, state.cursor
    reserve, supply = head[Head.RESERVE], head[Head.SUPPLY]
    cursor[Cursor.RESERVE_BEFORE] = reserve
    cursor[Cursor.SUPPLY_BEFORE] = supply
    cursor[Cursor.BURNED_BEFORE] = head[Head.BURNED]
    cursor[Cursor.PRICE_BEFORE] = price_scaled(reserve, supply, head[Head.LAST_PRICE])


def price_has_fallen(state: State) -> bool:
    """Whether a command lowered the price: R′·S < R·S′, or the published price (R3.1).

    Where a close has burned as much as there was, the supply may have passed through nothing,
    and what is issued afterwards is priced at the published price: then that alone is compared.
    """
    head, cursor = state.head, state.cursor
    reserve, supply = head[Head.RESERVE], head[Head.SUPPLY]
    before, had = cursor[Cursor.RESERVE_BEFORE], cursor[Cursor.SUPPLY_BEFORE]
    never_empty = head[Head.BURNED] - cursor[Cursor.BURNED_BEFORE] < had
    if supply > 0 and never_empty and not mul_ge(reserve, had, before, supply):
        return True
    return price_scaled(reserve, supply, head[Head.LAST_PRICE]) < cursor[Cursor.PRICE_BEFORE]


def is_unbalanced(head: Row) -> bool:
    """Whether bank, points or coins do not equal the accounts they stand in (R10)."""
    money = 0
    for account in range(Head.BANK):
        money += head[account]
    points = head[Head.POINTS_MEMBERS] + head[Head.POINTS_MERCHANTS] + head[Head.POINTS_ESCROW]
    coins = head[Head.COINS_MEMBERS] + head[Head.COINS_MERCHANTS]
    return (
        money != head[Head.BANK]
        or points != head[Head.SUPPLY]
        or head[Head.ISSUED] - head[Head.BURNED] != points
        or head[Head.COINS_ISSUED] - head[Head.COINS_RETIRED] != coins
    )


def has_overdrawn(head: Row) -> bool:
    """Whether an account, the weight, the index or what members owe is below zero."""
    for account in range(ACCOUNTS):
        if head[account] < 0:
            return True
    return head[Head.WEIGHT] < 0 or head[Head.RECEIVABLES] < 0 or head[Head.QUOTA_PENDING] < 0


def is_uncovered(head: Row) -> bool:
    """Whether escrow points are worth less than the coins outstanding (R8.4)."""
    coins = head[Head.COINS_MEMBERS] + head[Head.COINS_MERCHANTS]
    if head[Head.COINS_OWED] > 0:
        return coins != head[Head.COINS_OWED]
    return not mul_ge(head[Head.POINTS_ESCROW], head[Head.RESERVE], coins, head[Head.SUPPLY])


def broken_invariant(state: State) -> int:
    """``ACCEPTED``, or the code of the invariant that a bug has broken."""
    if price_has_fallen(state):
        return Code.PRICE_FELL
    if is_unbalanced(state.head) or has_overdrawn(state.head):
        return Code.BOOKS_UNBALANCED
    if is_uncovered(state.head):
        return Code.COINS_UNCOVERED
    return Code.ACCEPTED
