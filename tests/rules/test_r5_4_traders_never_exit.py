"""R5.4: merchants, treasury and escrow have no quota and no weight, and never exit."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.layout import Head, Merchant
from tests.rules.world import GOLDEN, POINT, YUAN, World


def merchant_with_points() -> World:
    """Shop 1 holds 21 points that cost 30 yuan; member 2 owns shop 2."""
    world = World(**GOLDEN)
    world.buy(world.join())
    world.open_shop()
    world.convert(1, 21 * POINT)
    world.pay_coins(1, 1, 30 * YUAN)
    world.exchange(1, 30 * YUAN)
    world.join(party=3)
    world.open_shop(party=3)
    return world


def test_a_merchant_keeps_its_points_at_any_price() -> None:
    world = merchant_with_points()
    world.buy(2, 100_000 * YUAN, merchant=2)
    assert world.shop(1)[Merchant.POINTS] == 21 * POINT
    assert (world.head(Head.EXITS), world.reserve) == (0, 30_030 * YUAN)


def test_coin_escrow_stays_at_any_price() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.convert(1, 21 * POINT)
    world.open_shop(party=3)
    world.buy(world.join(party=3), 100_000 * YUAN, merchant=1)
    assert (world.head(Head.POINTS_ESCROW), world.head(Head.EXITS)) == (21 * POINT, 0)


def test_neither_has_weight() -> None:
    world = merchant_with_points()
    assert (world.supply, world.head(Head.WEIGHT)) == (21 * POINT, 0)


@settings(max_examples=30)
@given(st.lists(st.integers(1, 10**11), max_size=5))
def test_whatever_is_bought_a_merchants_points_stay(paid: list[int]) -> None:
    world = merchant_with_points()
    for amount in paid:
        world.buy(1, amount)
    assert world.shop(1)[Merchant.POINTS] == 21 * POINT
    assert world.shop(1)[Merchant.COST] == 30 * YUAN
