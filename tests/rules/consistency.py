"""What must be true of every state, worked out anew from its rows (R3.1, R5, R10)."""

from shareback.rules.exits import price
from shareback.rules.layout import (
    Cursor,
    Head,
    Member,
    Merchant,
    Order,
    OrderState,
    Phase,
    Row,
    State,
    Tier,
)
from shareback.rules.maturing import lowest_cap
from shareback.rules.order import net, shares

PPM = 10**6
SCALE = 10**12
NEVER = 2**63 - 1


def total(rows: list[Row], column: int) -> int:
    """A column's sum."""
    return sum(row[column] for row in rows)


def assert_follows(before: State, after: State) -> None:
    """No command lowers the price, un-burns a point or takes back an issue (R3.1)."""
    old, new = before.head, after.head
    assert price(new) >= price(old), "the published price fell"
    burned = new[Head.BURNED] - old[Head.BURNED]
    if new[Head.SUPPLY] > 0 and burned < old[Head.SUPPLY]:
        assert new[Head.RESERVE] * old[Head.SUPPLY] >= old[Head.RESERVE] * new[Head.SUPPLY]
    for column in (Head.ISSUED, Head.BURNED, Head.INDEX, Head.COINS_ISSUED, Head.COINS_RETIRED):
        assert new[column] >= old[column], column.name
    assert new[Head.ISSUED] <= lowest_cap(after), "issued above the cap"
    assert lowest_cap(after) <= lowest_cap(before), "the cap has risen"


def assert_consistent(state: State) -> None:
    """Totals equal their rows, books balance, coins are covered, nobody is due."""
    members = [row for row in state.members if row[Member.NUMBER]]
    merchants = [row for row in state.merchants if row[Merchant.NUMBER]]
    assert_books_balance(state, members, merchants)
    assert_quota(state, members)
    assert_orders(state)
    assert_treasury_and_coins(state.head)
    assert_dividends(state, members)
    assert_heaps(state)
    if state.head[Head.PHASE] != Phase.ENDED:
        assert_nobody_is_due(state, members)
    assert state.cursor[Cursor.CONTRIBUTED] == state.cursor[Cursor.MINTED] == 0
    assert all(column < 2**63 for column in state.head)


def assert_books_balance(state: State, members: list[Row], merchants: list[Row]) -> None:
    """R10: the bank, points and coins are where the accounts say."""
    head = state.head
    assert head[Head.BANK] == sum(head[: Head.BANK]), "bank"
    assert min(head[: Head.SUPPLY]) >= 0, "an account is overdrawn"
    assert head[Head.POINTS_MEMBERS] == total(members, Member.POINTS)
    assert head[Head.POINTS_MERCHANTS] == total(merchants, Merchant.POINTS)
    held = head[Head.POINTS_MEMBERS] + head[Head.POINTS_MERCHANTS] + head[Head.POINTS_ESCROW]
    assert head[Head.SUPPLY] == held == head[Head.ISSUED] - head[Head.BURNED]
    assert head[Head.CASH] == total(members, Member.CASH)
    assert head[Head.MERCHANT_PAYABLE] == total(merchants, Merchant.PAYABLE)
    assert head[Head.COINS_MEMBERS] == total(members, Member.COINS)
    assert head[Head.COINS_MERCHANTS] == total(merchants, Merchant.COINS)
    coins = head[Head.COINS_MEMBERS] + head[Head.COINS_MERCHANTS]
    assert coins == head[Head.COINS_ISSUED] - head[Head.COINS_RETIRED]
    for row in members:
        assert min(row[Member.POINTS], row[Member.CASH], row[Member.COINS]) >= 0
    for row in merchants:
        assert min(row[Merchant.POINTS : Merchant.PARTY]) >= 0


def assert_quota(state: State, members: list[Row]) -> None:
    """R4.2: the totals of quota, and of what members owe."""
    head = state.head
    assert head[Head.QUOTA_GRANTED] == total(members, Member.QUOTA)
    lefts = [row[Member.QUOTA] - row[Member.USED] for row in members]
    assert head[Head.QUOTA_OPEN] == sum(max(0, left) for left in lefts)
    assert head[Head.RECEIVABLES] == total(members, Member.RECEIVABLE)
    for row in members:
        assert 0 <= row[Member.RECEIVABLE_TREASURY] <= row[Member.RECEIVABLE]
        assert row[Member.RECEIVABLE] == 0 or row[Member.CASH] == 0, "cash beside a receivable"


def assert_orders(state: State) -> None:
    """R6: escrow and pending quota are those of the orders on their way."""
    escrow = quota = pending = 0
    for order in state.orders:
        if order[Order.NUMBER] and order[Order.STATE] == OrderState.PAID:
            share = shares(order, state.terms[order[Order.TERMS]], net(order))
            escrow += share.contribution + share.dividend
            quota += share.quota
            pending += 1
        assert 0 <= order[Order.REFUNDED] <= order[Order.PAID]
        assert 0 <= order[Order.TAKEN_BUYER] <= order[Order.POINTS_BUYER]
        assert 0 <= order[Order.TAKEN_REFERRER] <= order[Order.POINTS_REFERRER]
    head = state.head
    assert head[Head.ORDER_ESCROW] == escrow
    assert head[Head.QUOTA_PENDING] == quota
    assert head[Head.ORDERS_PENDING] == pending


def assert_treasury_and_coins(head: Row) -> None:
    """R8.4 and R3.5: coins are covered, the price has a top, an empty pool is empty."""
    coins = head[Head.COINS_MEMBERS] + head[Head.COINS_MERCHANTS]
    if head[Head.PHASE] == Phase.ENDED:
        assert head[Head.COINS_OWED] == coins
    else:
        assert head[Head.POINTS_ESCROW] * head[Head.RESERVE] >= coins * head[Head.SUPPLY]
    assert head[Head.RESERVE] <= head[Head.SUPPLY] * 10**4
    assert head[Head.BOUND_DRAWN] >= 0


def assert_dividends(state: State, members: list[Row]) -> None:
    """R7.3: nothing of the dividends is lost or made, and payable covers what has accrued."""
    head = state.head
    weights = 0
    accrued = 0
    for row in members:
        multiplier = state.tiers[row[Member.TIER]][Tier.MULTIPLIER]
        weight = row[Member.POINTS] * multiplier // PPM
        weights += weight
        accrued += weight * (head[Head.INDEX] - row[Member.INDEX]) // SCALE
    assert head[Head.WEIGHT] == weights
    assert head[Head.PAYABLE] >= accrued
    if head[Head.PHASE] != Phase.ENDED:
        held = head[Head.POT] + head[Head.PAYABLE]
        assert held + head[Head.DIVIDENDS_CREDITED] == head[Head.DIVIDENDS_IN]


def assert_nobody_is_due(state: State, members: list[Row]) -> None:
    """R5.3: after an operation no holder has reached the quota left."""
    head = state.head
    for row in members:
        if row[Member.POINTS] > 0:
            multiplier = state.tiers[row[Member.TIER]][Tier.MULTIPLIER]
            left = row[Member.QUOTA] - row[Member.USED]
            key = -(-left * SCALE // row[Member.POINTS])
            key += multiplier * row[Member.INDEX] // PPM
            reached = price(head) + multiplier * head[Head.INDEX] // PPM
            assert reached < key or key >= NEVER, f"member {row[Member.NUMBER]} is due"
            assert row[Member.KEY] == min(key, NEVER)


def assert_heaps(state: State) -> None:
    """R5.2: each tier's heap holds its holders, each after its parent."""
    holders = 0
    for tier, size in enumerate(state.queue_sizes):
        heap = state.queue[tier]
        for place in range(size):
            row = state.members[heap[place]]
            assert row[Member.PLACE] == place
            assert row[Member.TIER] == tier
            parent = state.members[heap[(place - 1) // 2]] if place else row
            order = (parent[Member.KEY], parent[Member.NUMBER])
            assert order <= (row[Member.KEY], row[Member.NUMBER])
        holders += size
    assert holders == sum(1 for row in state.members if row[Member.POINTS] > 0)
