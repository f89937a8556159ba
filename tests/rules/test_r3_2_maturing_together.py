"""R3.2: orders that mature in one operation are priced at the pool before it."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.layout import Head, Order, Row
from tests.rules.world import POINT, YUAN, World

PLAIN: dict[str, object] = {"maturity_days": 0, "referral_rate": 0, "dividend_rate": 0}


def daily(**parameters: object) -> World:
    """Orders mature at the close of the day after their receipt; no dividends."""
    return World(**({"maturity_days": 1, "dividend_rate": 0, "referral_rate": 0} | parameters))


def test_two_orders_of_one_close_get_the_same_points() -> None:
    world = daily()
    for _ in range(2):
        world.buy(world.join())
    world.close(2)
    assert [world.points(1), world.points(2)] == [21 * POINT, 21 * POINT]
    assert (world.reserve, world.supply) == (60 * YUAN, 42 * POINT)


def test_of_two_closes_the_later_order_pays_the_price_that_the_earlier_made() -> None:
    world = daily()
    world.buy(world.join())
    world.close()
    world.buy(world.join())
    world.close(2)
    assert [world.points(1), world.points(2)] == [21 * POINT, 1_470_000_000]


def test_where_maturity_takes_no_days_each_order_matures_alone() -> None:
    world = World(**PLAIN)
    for _ in range(2):
        world.buy(world.join())
    assert [world.points(1), world.points(2)] == [21 * POINT, 1_470_000_000]


def test_awards_are_rounded_down_by_less_than_a_unit() -> None:
    world = World(**PLAIN)
    world.buy(world.join())
    for paid in (1_234_567, 7_654_321, 99):
        reserve, supply = world.reserve, world.supply
        value = paid * 300_000 // 10**6 * 700_000 // 10**6
        assert world.awarded(world.buy(world.join(), paid)) == value * supply // reserve


def test_an_empty_pool_awards_at_the_last_price() -> None:
    world = World(**PLAIN)
    world.buy(world.join())
    world.redeem(1, 21 * POINT)
    last = 30 * YUAN * 10**12 // (21 * POINT)
    assert (world.supply, world.price) == (0, last)
    assert world.awarded(world.buy(1)) == 21 * YUAN * 10**12 // last


@pytest.mark.parametrize(
    ("cap", "first", "second"),
    [
        ("42", 21 * POINT, 21 * POINT),
        ("41.99999999", 21 * POINT, 21 * POINT - 1),
        ("21.00000001", 21 * POINT, 1),
        ("21", 21 * POINT, 0),
        ("20", 20 * POINT, 0),
    ],
)
def test_at_the_cap_awards_stop_in_the_order_of_order_ids(
    cap: str, first: int, second: int
) -> None:
    world = daily(supply_cap=cap)
    late = world.buy(world.join(), order_id="b")
    early = world.buy(world.join(), order_id="a")
    world.close(2)
    assert (world.awarded(early), world.awarded(late)) == (first, second)
    assert (world.reserve, world.head(Head.ISSUED)) == (60 * YUAN, first + second)


def test_contributions_lift_the_price_where_nothing_is_issued_any_more() -> None:
    world = World(**(PLAIN | {"supply_cap": 21}))
    world.buy(world.join())
    before = world.price
    assert world.awarded(world.buy(world.join())) == 0
    assert (world.reserve, world.supply) == (60 * YUAN, 21 * POINT)
    assert world.price == 60 * YUAN * 10**12 // (21 * POINT) > before


def test_burned_points_make_no_room_under_the_cap() -> None:
    world = World(**(PLAIN | {"supply_cap": 22}))
    world.buy(world.join())
    world.redeem(1, 21 * POINT)
    assert world.awarded(world.buy(1)) == POINT
    assert world.awarded(world.buy(1)) == 0


def test_order_ids_are_compared_as_bytes() -> None:
    world = daily(supply_cap=21)
    orders = [world.buy(world.join(), order_id=name) for name in ("é", "z", "Z", "10", "9")]
    world.close(2)
    assert [world.awarded(order) // POINT for order in orders] == [0, 0, 0, 21, 0]


def test_buyers_come_before_referrers_at_the_cap() -> None:
    world = daily(supply_cap=45, referral_rate="0.1")
    world.buy(world.join())
    world.close(2)
    first = world.buy(world.join(referrer=1), order_id="a")
    second = world.buy(world.join(), order_id="b")
    world.close(2)
    assert world.awarded(first) == 1_470_000_000
    assert world.awarded(second) == 45 * POINT - 21 * POINT - 1_470_000_000
    assert world.order(first)[Order.POINTS_REFERRER] == 0


def test_a_referrer_is_priced_at_the_opening_too() -> None:
    world = daily(referral_rate="0.1")
    world.buy(world.join())
    world.close(2)
    order = world.buy(world.join(referrer=1))
    world.close(2)
    # 3 yuan at 30 yuan for 21 points.
    assert world.order(order)[Order.POINTS_REFERRER] == 210_000_000


def test_a_referrers_room_counts_what_it_bought_in_the_same_operation() -> None:
    world = daily(referral_rate="0.1", quota_multiple="0.35")
    world.join()
    world.join(referrer=1)
    world.buy(1, order_id="b")
    order = world.buy(2, 1_000 * YUAN, order_id="a")
    world.close(2)
    # Left 35 yuan, held 21 points at the opening price of 1 yuan: 14 yuan of the 30.
    assert world.order(order)[Order.POINTS_REFERRER] == 14 * POINT


def test_receivables_and_exits_follow_when_all_are_priced() -> None:
    world = daily(quota_multiple="0.34")
    world.buy(world.join())
    world.close(2)
    assert world.points(1) == 21 * POINT
    world.buy(world.join())
    world.close(2)
    # Member 1 was worth 30 yuan at the opening and 35.3 after it, above its quota of 34.
    assert (world.points(1), world.points(2)) == (0, 1_470_000_000)


orders = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 10**10)), min_size=2, max_size=6, unique=True
)


@settings(max_examples=40)
@given(orders, st.randoms(use_true_random=False))
def test_neither_rows_nor_order_ids_change_what_anybody_gets(
    bought: list[tuple[int, int]], random: Random
) -> None:
    def held(order: list[tuple[int, int]]) -> list[Row]:
        world = daily(referral_rate="0.3")
        world.join()
        world.join(referrer=1)
        world.join(referrer=2)
        world.buy(1, 10**9)
        world.close(2)
        for member, paid in order:
            world.buy(member, paid)
        world.close(2)
        return [world.state.head, *([row[1], row[4], row[5]] for row in world.state.members)]

    shuffled = list(bought)
    random.shuffle(shuffled)
    assert held(bought) == held(shuffled)
