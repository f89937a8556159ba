"""A64: a large own order just before real ones gains nothing in the same close, and costs else."""

import pytest

from shareback.rules.layout import Order
from tests.rules.world import GOLDEN, YUAN, FastWorld, World


def pool(**parameters: object) -> World:
    """A hundred orders of a hundred yuan have matured; the insider owns shop 1."""
    defaults = {"maturity_days": 1, "referral_rate": 0, "dividend_rate": 0, "quota_multiple": 20}
    world = World(**(defaults | parameters))
    world.open_shop(party=3)
    for _ in range(100):
        world.buy(world.join())
    world.close(2)
    return world


def outcome(volume: int, days_ahead: int, shop: int, real: int) -> int:
    """What the insider gets by selling, less its contribution, once real orders have matured."""
    world = pool()
    insider = world.join(party=3 if shop else 4)
    world.buy(insider, volume, merchant=shop)
    world.close(days_ahead) if days_ahead else None
    for _ in range(10):
        world.buy(world.join(), real // 10)
    world.close(2)
    if world.points(insider):
        world.redeem(insider, world.points(insider))
    return world.cash(insider) - volume * 3 // 10


@pytest.mark.parametrize("days_ahead", [0, 1, 5])
def test_at_ones_own_shop_it_earns_nothing_at_all(days_ahead: int) -> None:
    assert outcome(10**4 * YUAN, days_ahead, 1, 10**4 * YUAN) == -3_000 * YUAN


def test_in_the_same_close_all_get_the_same_price() -> None:
    world = pool()
    insider = world.buy(world.join(), 10**4 * YUAN, order_id="0")
    other = world.buy(world.join(), 10**4 * YUAN, order_id="9")
    world.close(2)
    assert world.awarded(insider) == world.awarded(other)
    assert world.order(insider)[Order.LINKED] == 0


@pytest.mark.parametrize("days_ahead", [0, 1, 5])
@pytest.mark.parametrize("share", [1, 2, 3])
def test_even_through_a_straw_man_it_costs_at_the_growth_of_these_sales(
    days_ahead: int, share: int
) -> None:
    real = 10**4 * YUAN
    assert outcome(real // share, days_ahead, 0, real) < 0


@pytest.mark.parametrize("times", [1, 10, 100, 10_000])
def test_in_one_close_it_never_pays_however_much_is_sold_below_the_cap(times: int) -> None:
    # One close lifts the price by less than 10 ÷ 7; 1 ÷ (0.7 · 0.9) would break even.
    assert outcome(100 * YUAN, 1, 0, times * 10**4 * YUAN) < 0


def after_sales(orders: int) -> int:
    """The outcome for an insider whose order is followed by so many that mature one by one."""
    world = FastWorld(**(GOLDEN | {"quota_multiple": 20}))
    for _ in range(100):
        world.buy(world.join())
    insider = world.join()
    world.buy(insider)
    for _ in range(orders):
        world.buy(world.join())
    world.redeem(insider, world.points(insider))
    return world.cash(insider) - 30 * YUAN


def test_it_pays_only_once_all_sales_are_more_than_four_and_a_half_times_those_before() -> None:
    # 70 % of 90 % come back, so the price must grow by 1.587; it grows with the 0.3rd power.
    assert after_sales(366) < 0 < after_sales(367)
