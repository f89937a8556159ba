"""A2: an award is a value in yuan until it matures; points at an old price would dilute."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.world import GOLDEN, POINT, YUAN, World


def waiting() -> World:
    """Member 1 paid when a point cost a yuan; then the price rose."""
    world = World(**(GOLDEN | {"maturity_days": 30}))
    world.buy(world.join())
    world.amend(1, maturity_days=0)
    world.close()
    for _ in range(5):
        world.buy(world.join(), 1_000 * YUAN)
    return world


def test_an_old_order_gets_points_at_the_price_of_its_maturity() -> None:
    world = waiting()
    reserve, supply = world.reserve, world.supply
    world.close(30)
    assert world.points(1) == 21 * YUAN * supply // reserve < 13 * POINT


def test_points_at_the_old_price_would_have_lowered_the_price() -> None:
    world = waiting()
    diluted = (world.reserve + 30 * YUAN) * world.supply
    assert diluted < world.reserve * (world.supply + 21 * POINT)
    before = world.price
    world.close(30)
    assert world.price >= before


@settings(max_examples=30)
@given(st.lists(st.integers(10**6, 10**11), min_size=1, max_size=6), st.integers(10**6, 10**10))
def test_whatever_happens_while_it_waits_an_award_is_never_worth_more_than_its_value(
    others: list[int], paid: int
) -> None:
    world = World(**(GOLDEN | {"maturity_days": 3}))
    order = world.buy(world.join(), paid)
    world.amend(1, maturity_days=0)
    world.close()
    for amount in others:
        world.buy(world.join(), amount)
    reserve, supply = world.reserve, world.supply
    world.close(3)
    value = paid * 3 // 10 * 7 // 10
    # All but the first of the others found points of an earlier order, and lifted their price.
    assert (reserve * 100 > supply) or len(others) == 1
    assert world.awarded(order) == value * supply // reserve
    assert world.awarded(order) * reserve <= value * supply
