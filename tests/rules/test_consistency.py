"""The checks behind every test of these rooms can fail: each is shown a planted fault."""

import pytest

from shareback.rules.decide import copied
from shareback.rules.layout import Head, Member, Merchant, Order, State
from tests.rules.consistency import assert_consistent, assert_follows
from tests.rules.world import COIN, POINT, YUAN, World

HEADS = [
    *(Head.RESERVE, Head.ORDER_ESCROW, Head.POT, Head.PAYABLE, Head.CASH, Head.MERCHANT_PAYABLE),
    *(Head.FREE, Head.BOUND, Head.SUSPENSE, Head.BANK, Head.POINTS_MEMBERS),
    *(Head.POINTS_MERCHANTS, Head.POINTS_ESCROW, Head.ISSUED, Head.BURNED, Head.COINS_MEMBERS),
    *(Head.COINS_MERCHANTS, Head.COINS_ISSUED, Head.COINS_RETIRED, Head.SUPPLY, Head.WEIGHT),
    *(Head.QUOTA_GRANTED, Head.QUOTA_PENDING, Head.QUOTA_OPEN, Head.RECEIVABLES),
    *(Head.DIVIDENDS_IN, Head.DIVIDENDS_CREDITED, Head.ORDERS_PENDING),
]


def busy() -> State:
    """A world in which every account holds something."""
    world = World(maturity_days=0)
    world.buy(world.join())
    world.buy(world.join())
    world.open_shop()
    world.close()
    world.convert(1, 7 * POINT)
    world.pay_coins(1, 1, 5 * COIN)
    world.exchange(1, 2 * COIN)
    world.spend(2, 1, POINT)
    world.fund(YUAN)
    world.record_unmatched(1)
    world.buy(2, received=0)
    return world.state


def test_a_busy_world_is_consistent() -> None:
    assert_consistent(busy())


@pytest.mark.parametrize("column", HEADS)
@pytest.mark.parametrize("change", [1, -1])
def test_a_total_that_is_off_by_one_is_found(column: Head, change: int) -> None:
    state = busy()
    state.head[column] += change
    with pytest.raises(AssertionError):
        assert_consistent(state)


@pytest.mark.parametrize(
    "column",
    [
        *(Member.POINTS, Member.CASH, Member.COINS, Member.QUOTA, Member.USED),
        *(Member.RECEIVABLE, Member.RECEIVABLE_TREASURY, Member.KEY, Member.PLACE),
    ],
)
def test_a_member_that_is_off_by_one_is_found(column: Member) -> None:
    state = busy()
    state.members[1][column] += 1
    with pytest.raises(AssertionError):
        assert_consistent(state)


@pytest.mark.parametrize("column", [Merchant.POINTS, Merchant.COINS, Merchant.PAYABLE])
def test_a_merchant_that_is_off_by_one_is_found(column: Merchant) -> None:
    state = busy()
    state.merchants[1][column] += 1
    with pytest.raises(AssertionError):
        assert_consistent(state)


@pytest.mark.parametrize("column", [Order.REFUNDED, Order.TAKEN_BUYER, Order.TAKEN_REFERRER])
def test_an_order_that_is_off_is_found(column: Order) -> None:
    state = busy()
    state.orders[1][column] = -1
    with pytest.raises(AssertionError):
        assert_consistent(state)


def test_a_member_who_is_due_and_still_there_is_found() -> None:
    state = busy()
    row = state.members[1]
    taken = row[Member.QUOTA] - row[Member.USED] - 1
    row[Member.QUOTA] -= taken
    state.head[Head.QUOTA_GRANTED] -= taken
    state.head[Head.QUOTA_OPEN] -= taken
    with pytest.raises(AssertionError, match="is due"):
        assert_consistent(state)


@pytest.mark.parametrize(
    "column", [Head.RESERVE, Head.ISSUED, Head.BURNED, Head.INDEX, Head.COINS_ISSUED]
)
def test_what_only_rises_is_found_falling(column: Head) -> None:
    before, after = busy(), busy()
    assert_follows(before, after)
    after.head[column] -= 1
    with pytest.raises(AssertionError):
        assert_follows(before, after)


def test_points_without_money_are_found() -> None:
    before = busy()
    after = copied(before)
    after.head[Head.SUPPLY] += 1
    with pytest.raises(AssertionError):
        assert_follows(before, after)
