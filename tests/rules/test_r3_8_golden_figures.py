"""R3.8: the seed's worked example, to the last digit."""

import math

import pytest

from shareback.rules.pool import points_for
from shareback.units.text import points as shown_points
from shareback.units.text import price_of, yuan
from tests.rules.world import GOLDEN, POINT, YUAN, FastWorld, World


def half_up(units: int, units_per_one: int) -> str:
    """Four decimals, rounded half-up, as R3.8 shows them."""
    step = units_per_one // 10_000
    shown = (units + step // 2) // step
    return f"{shown // 10_000}.{shown % 10_000:04}"


def after(orders: int) -> World:
    """A hundred yuan from each of so many members, one after the other."""
    world = World(**GOLDEN)
    for _ in range(orders):
        world.buy(world.join())
    return world


def test_the_first_four_awards_are_the_seeds() -> None:
    world = after(4)
    awards = [half_up(world.awarded(order), POINT) for order in range(1, 5)]
    assert awards == ["21.0000", "14.7000", "12.4950", "11.2455"]


@pytest.mark.parametrize(
    ("orders", "price"), [(1, "1.4286"), (2, "1.6807"), (3, "1.8674"), (4, "2.0188")]
)
def test_the_first_four_prices_are_the_seeds(orders: int, price: str) -> None:
    world = after(orders)
    assert price_of(world.reserve, world.supply) == price


def test_after_a_hundred_orders_the_price_is_five_point_one_seven_three_one() -> None:
    world = after(100)
    assert price_of(world.reserve, world.supply) == "5.1731"
    assert price_of(world.reserve, world.supply, 6) == "5.173077"
    assert world.reserve == 3_000 * YUAN


def test_after_a_hundred_orders_the_supply_is_that_of_the_page() -> None:
    assert half_up(after(100).supply, POINT) == "579.9257"


def test_the_first_members_points_are_worth_the_exact_figure_not_the_seeds_rounded_one() -> None:
    world = after(100)
    assert world.points(1) == 21 * POINT
    assert half_up(world.worth(1), YUAN) == "108.6346"
    assert shown_points(world.points(1)) == "21.0000"


def test_the_first_members_points_fetch_ninety_seven_yuan_seventy_seven_after_the_fee() -> None:
    world = after(100)
    world.redeem(1, 21 * POINT)
    assert yuan(world.cash(1)) == "97.77"


def test_an_order_too_few_or_too_many_misses_the_figure() -> None:
    assert price_of(after(99).reserve, after(99).supply) != "5.1731"
    assert price_of(after(101).reserve, after(101).supply) != "5.1731"


def closed_form(orders: int) -> float:
    """Sₙ = 21·Γ(n+0.7)/(Γ(1.7)·Γ(n)), in points."""
    logarithm = math.lgamma(orders + 0.7) - math.lgamma(1.7) - math.lgamma(orders)
    return 21 * math.exp(logarithm)


@pytest.mark.parametrize("orders", [1, 2, 3, 4, 100, 1_000])
def test_the_supply_follows_the_closed_form(orders: int) -> None:
    world = FastWorld(quota_multiple=1_000, **GOLDEN)  # the closed form knows no exits
    for _ in range(orders):
        world.buy(world.join())
    assert world.supply / POINT == pytest.approx(closed_form(orders), rel=1e-7)


def test_the_supply_follows_the_closed_form_after_a_million_orders() -> None:
    reserve = supply = 0
    last = 10**10
    for _ in range(10**6):
        supply += points_for(21 * YUAN, reserve, supply, last)
        reserve += 30 * YUAN
    assert supply / POINT == pytest.approx(closed_form(10**6), rel=1e-7)


def test_the_leaves_of_the_million_are_those_of_the_rules() -> None:
    world = after(50)
    reserve = supply = 0
    for _ in range(50):
        supply += points_for(21 * YUAN, reserve, supply, 10**10)
        reserve += 30 * YUAN
    assert (world.reserve, world.supply) == (reserve, supply)


def test_ten_times_the_orders_double_the_price() -> None:
    reserve = supply = 0
    prices = []
    for number in range(1, 100_001):
        supply += points_for(21 * YUAN, reserve, supply, 10**10)
        reserve += 30 * YUAN
        if number in (1_000, 10_000, 100_000):
            prices.append(reserve / supply)
    assert prices[1] / prices[0] == pytest.approx(10**0.3, rel=1e-3)
    assert prices[2] / prices[1] == pytest.approx(10**0.3, rel=1e-4)


def test_a_hundred_million_orders_issue_nine_point_two_million_points() -> None:
    supply = closed_form(10**8)
    assert supply == pytest.approx(9.2e6, rel=0.001)
    assert 30 * 10**8 / supply == pytest.approx(326.06, abs=0.005)
