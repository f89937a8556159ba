"""A11: the fee is rounded up, so that a thousand tiny sales pay more of it than one."""

import pytest

from tests.rules.world import GOLDEN, POINT, FastWorld, World

SALES = 1_000


def two_buyers(world: World) -> World:
    world.buy(world.join())
    world.buy(world.join())
    return world


@pytest.mark.parametrize("points", [60, 119, 600, 10_000])
def test_no_sale_is_small_enough_to_pay_no_fee(points: int) -> None:
    world = two_buyers(World(**GOLDEN))
    answer = world.redeem(1, points)
    assert answer.fee_uyuan >= 1
    assert answer.fee_uyuan * 10 >= answer.money_uyuan


def test_a_thousand_tiny_sales_pay_at_least_the_fee_of_one() -> None:
    world = two_buyers(FastWorld(**GOLDEN))
    fees = gross = 0
    for _ in range(SALES):
        answer = world.redeem(1, 61)
        fees += answer.fee_uyuan
        gross += answer.money_uyuan
    assert (gross, fees, world.cash(1)) == (SALES, SALES, 0)
    whole = two_buyers(World(**GOLDEN)).redeem(1, 61 * SALES)
    assert whole.fee_uyuan == 103 < fees


def test_where_the_fee_is_a_millionth_it_is_a_unit_still() -> None:
    world = two_buyers(World(**(GOLDEN | {"redemption_fee": "0.000001"})))
    assert world.redeem(1, POINT // 100).fee_uyuan == 1
