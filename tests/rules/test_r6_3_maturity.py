"""R6.3: an order matures at the close of the day of its receipt plus the return window."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import Head, Order, OrderState
from tests.rules.world import POINT, YUAN, World


@pytest.mark.parametrize("days", [1, 2, 7, 30])
def test_an_order_matures_at_the_close_of_its_day_and_not_before(days: int) -> None:
    world = World(maturity_days=days)
    order = world.buy(world.join())
    assert world.order(order)[Order.DUE_DAY] == days
    world.close(days)
    assert world.head(Head.ORDERS_MATURED) == 0
    world.close()
    assert world.head(Head.ORDERS_MATURED) == 1
    assert world.order(order)[Order.STATE] == OrderState.MATURED


def test_what_matures_moves_out_of_escrow() -> None:
    world = World()
    world.buy(world.join())
    world.close(8)
    assert world.head(Head.ORDER_ESCROW) == world.head(Head.ORDERS_PENDING) == 0
    assert (world.reserve, world.points(1), world.left(1)) == (30 * YUAN, 21 * POINT, 200 * YUAN)
    assert world.head(Head.POT) == world.head(Head.DIVIDENDS_IN) == 15 * YUAN
    assert world.head(Head.BANK) == 45 * YUAN


def test_the_window_runs_from_the_receipt() -> None:
    world = World(maturity_days=2)
    order = world.buy(world.join(), received=0)
    world.close(5)
    world.receive(order)
    assert world.order(order)[Order.DUE_DAY] == 7
    world.close(2)
    assert world.head(Head.ORDERS_MATURED) == 0
    world.close()
    assert world.head(Head.ORDERS_MATURED) == 1


def test_an_order_that_is_not_received_does_not_mature() -> None:
    world = World(maturity_days=1)
    world.buy(world.join(), received=0)
    world.close(50)
    assert (world.head(Head.ORDERS_PENDING), world.supply) == (1, 0)


def test_an_order_is_received_once() -> None:
    world = World()
    order = world.buy(world.join(), received=0)
    world.receive(order)
    world.refused(Code.ALREADY_RECEIVED, world.receive, order)
    world.close(9)
    world.refused(Code.ALREADY_RECEIVED, world.receive, order)


def test_where_the_window_is_nothing_the_receipt_matures_the_order_alone() -> None:
    world = World(maturity_days=0)
    first = world.buy(world.join(), received=0)
    second = world.buy(world.join(), received=0)
    assert world.supply == 0
    world.receive(second)
    world.receive(first)
    assert (world.points(2), world.points(1)) == (21 * POINT, 1_470_000_000)


def test_what_matures_at_a_close_shares_from_the_next_one() -> None:
    world = World(maturity_days=1)
    world.buy(world.join())
    world.close(2)
    assert (world.head(Head.INDEX), world.head(Head.POT)) == (0, 15 * YUAN)
    world.close()
    assert world.head(Head.INDEX) == 15 * YUAN * 10**12 // (21 * POINT)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 10**9)), min_size=1, max_size=6),
    st.integers(1, 3),
)
def test_each_order_matures_on_its_own_day(orders: list[tuple[int, int]], days: int) -> None:
    world = World(maturity_days=days)
    world.join()
    due = []
    for day, paid in sorted(orders):
        if day > world.day:
            world.close(day - world.day)
        world.buy(1, paid)
        due.append(day + days)
    while world.day <= 8:
        assert world.head(Head.ORDERS_MATURED) == sum(1 for day in due if day < world.day)
        world.close()
