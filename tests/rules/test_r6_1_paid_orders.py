"""R6.1: a paid order lies in escrow; pool, quota and weight do not see it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import Head, Order, OrderState
from tests.rules.world import YUAN, World


def test_contribution_and_dividend_share_go_to_escrow() -> None:
    world = World()
    order = world.buy(world.join())
    assert world.head(Head.ORDER_ESCROW) == world.head(Head.BANK) == 45 * YUAN
    assert (world.reserve, world.supply, world.head(Head.POT)) == (0, 0, 0)
    assert (world.points(1), world.left(1), world.head(Head.WEIGHT)) == (0, 0, 0)
    assert world.head(Head.QUOTA_PENDING) == 200 * YUAN
    assert world.order(order)[Order.STATE] == OrderState.PAID
    assert world.head(Head.ORDERS_PENDING) == 1


@pytest.mark.parametrize(
    ("profit", "dividend"),
    [
        (0, 0),
        (30 * YUAN, 0),
        (30 * YUAN + 1, 1),
        (40 * YUAN, 10 * YUAN),
        (50 * YUAN, 15 * YUAN),
        (100 * YUAN, 30 * YUAN),
        (50 * YUAN + 1, 15 * YUAN),
        (50 * YUAN + 4, 15 * YUAN + 1),
    ],
)
def test_the_dividend_share_is_a_part_of_profit_and_never_of_the_contribution(
    profit: int, dividend: int
) -> None:
    world = World()
    world.buy(world.join(), profit=profit)
    assert world.head(Head.ORDER_ESCROW) == 30 * YUAN + dividend


def test_an_order_that_states_no_profit_has_the_programmes_margin() -> None:
    world = World(margin_rate="0.8")
    world.buy(world.join())
    assert world.head(Head.ORDER_ESCROW) == 54 * YUAN


@pytest.mark.parametrize(
    ("profit", "fits"), [(-2, False), (100 * YUAN, True), (100 * YUAN + 1, False)]
)
def test_a_profit_is_between_nothing_and_what_was_paid(profit: int, fits: bool) -> None:  # noqa: FBT001
    world = World()
    world.join()
    if fits:
        world.buy(1, 100 * YUAN, profit=profit)
    else:
        world.refused(Code.AMOUNT_INVALID, world.buy, 1, 100 * YUAN, profit=profit)


@pytest.mark.parametrize("received", [-1, 2])
def test_an_order_is_received_or_not(received: int) -> None:
    world = World()
    world.join()
    world.refused(Code.AMOUNT_INVALID, world.buy, 1, received=received)


def test_an_order_may_bring_its_own_backing_rate() -> None:
    world = World()
    order = world.buy(world.join(), backing=200_000)
    assert world.order(order)[Order.BACKING] == 200_000
    assert world.head(Head.ORDER_ESCROW) == 35 * YUAN


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(1, 10**10), st.integers(0, 100)), min_size=1, max_size=5))
def test_escrow_is_the_sum_of_what_orders_on_their_way_will_give(
    paid: list[tuple[int, int]],
) -> None:
    world = World()
    world.join()
    whole = 0
    for amount, share in paid:
        profit = amount * share // 100
        world.buy(1, amount, profit=profit, received=0)
        contribution = amount * 3 // 10
        whole += contribution + min(profit * 3 // 10, max(0, profit - contribution))
    world.close(30)
    assert world.head(Head.ORDER_ESCROW) == whole
    assert world.supply == 0
