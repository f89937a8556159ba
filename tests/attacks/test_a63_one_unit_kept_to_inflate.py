"""A63 (ERC-4626 inflation): nobody keeps a unit of points to round later awards to nothing."""

import pytest

from shareback.rules.layout import Head, Merchant
from tests.rules.world import COIN, GOLDEN, POINT, YUAN, World

CENT = YUAN // 100


def sole_holder() -> World:
    world = World(**(GOLDEN | {"quota_multiple": 1_000}))
    world.open_shop(party=3)
    world.join(party=3)
    world.buy(world.join())
    return world


@pytest.mark.parametrize("kept", [1, 1_000, POINT // 100, 7 * POINT // 10 - 1])
def test_a_sale_that_keeps_a_little_takes_it_too(kept: int) -> None:
    world = sole_holder()
    world.redeem(2, 21 * POINT - kept)
    assert (world.points(2), world.supply) == (0, 0)


@pytest.mark.parametrize("kept", [1, 7 * POINT // 10 - 1])
def test_nor_does_a_merchant_or_a_conversion_keep_it(kept: int) -> None:
    world = sole_holder()
    world.open_shop()
    world.convert(2, 21 * POINT - kept)
    assert world.points(2) == 0
    world.pay_coins(2, 2, 30 * COIN)
    world.exchange(2, 30 * COIN)
    world.redeem_merchant(2, 21 * POINT - kept)
    assert (world.shop(2)[Merchant.POINTS], world.supply) == (0, 0)


def one_unit_left() -> World:
    """A late refund of all but a µ¥ leaves 21 units; then millions are thrown at the price."""
    world = sole_holder()
    world.fund(100 * YUAN)
    world.refund(1, 100 * YUAN - 1)
    assert 0 < world.supply <= 21
    world.buy(1, 10**7 * YUAN, merchant=1)
    return world


def test_throwing_money_at_a_few_units_stops_at_the_top_price() -> None:
    world = one_unit_left()
    assert world.price <= 10**16
    assert world.reserve <= world.supply * 10**4
    assert world.head(Head.BOUND) >= 2_999_999 * YUAN


@pytest.mark.parametrize("paid", [YUAN, 100 * YUAN, 12_345_678_901])
def test_the_next_buyers_lose_less_than_a_cent(paid: int) -> None:
    world = one_unit_left()
    reserve, supply = world.reserve, world.supply
    order = world.buy(world.join(), paid)
    value = paid * 3 // 10 * 7 // 10
    worth = world.awarded(order) * reserve // supply if supply else world.awarded(order) * 10**4
    assert value - worth <= CENT


def test_the_attacker_gets_none_of_the_millions() -> None:
    world = one_unit_left()
    for _ in range(3):
        world.buy(world.join())
    if world.points(2):
        world.redeem(2, world.points(2))
    assert world.cash(2) <= CENT * 21
