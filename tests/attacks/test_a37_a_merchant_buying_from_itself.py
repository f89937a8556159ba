"""A37: a merchant that buys from itself harvests nothing: what it contributes is its own cash."""

import pytest

from shareback.rules.layout import Order
from tests.rules.world import YUAN, World

OWNER, STRANGER = 7, 8
"""Parties: the merchant's own, and somebody's who shows no tie with it."""


def mall() -> World:
    """A mall in which fifty members have bought at merchant 1, which belongs to a party."""
    world = World(maturity_days=7, quota_multiple=20)
    world.open_shop(party=OWNER)
    for _ in range(50):
        world.buy(world.join(), merchant=1)
    world.close(9)
    return world


def bought(world: World, party: int, times: int, yuan: int = 1_000) -> tuple[int, list[int]]:
    """Somebody of a party buys at merchant 1, in so many orders; who, and the orders."""
    buyer = world.join(party=party)
    return buyer, [world.buy(buyer, yuan * YUAN, merchant=1) for _ in range(times)]


@pytest.mark.parametrize("times", [1, 20])
def test_under_its_own_name_it_contributes_earns_nothing_and_is_flagged(times: int) -> None:
    world = mall()
    reserve, price = world.reserve, world.price
    buyer, orders = bought(world, OWNER, times)
    world.close(9)
    assert {world.order(one)[Order.LINKED] for one in orders} == {1}
    assert (world.points(buyer), world.left(buyer), world.cash(buyer)) == (0, 0, 0)
    assert world.reserve == reserve + times * 300 * YUAN
    assert world.price > price


@pytest.mark.parametrize("times", [1, 20])
def test_through_a_straw_man_it_pays_more_than_comes_back(times: int) -> None:
    world = mall()
    before = world.payable(1)
    buyer, orders = bought(world, STRANGER, times)
    world.close(9)
    # Nobody knows of the tie: it earns as everybody does, and all of it is sold at once.
    assert world.points(buyer) > 0
    world.redeem(buyer, world.points(buyer))
    world.close(2)
    settled = world.payable(1) - before
    assert {world.order(one)[Order.LINKED] for one in orders} == {0}
    assert settled + world.cash(buyer) < times * 1_000 * YUAN


def test_nothing_is_earned_before_the_return_window_has_closed() -> None:
    world = mall()
    buyer, (order,) = bought(world, STRANGER, 1)
    world.close(7)
    assert world.points(buyer) == 0
    world.refund(order, 1_000 * YUAN)
    world.close(3)
    assert (world.points(buyer), world.left(buyer)) == (0, 0)


def test_a_tie_that_is_told_before_maturity_counts_for_orders_that_come_after() -> None:
    world = mall()
    buyer, (before,) = bought(world, STRANGER, 1)
    world.link(buyer, 0, OWNER)
    after = world.buy(buyer, 1_000 * YUAN, merchant=1)
    assert [world.order(one)[Order.LINKED] for one in (before, after)] == [0, 1]
