"""R2: awards by value, or so many points for so much spent and never diluting."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.world import GOLDEN, POINT, YUAN, World

ONE_PER_200: dict[str, object] = GOLDEN | {
    "award_mode": "per_spend",
    "award_points": 1,
    "award_spend": 200,
}


@pytest.mark.parametrize(
    ("paid", "points"),
    [
        (200 * YUAN, POINT),
        (200 * YUAN - 1, POINT - 1),
        (200 * YUAN - 2, POINT - 1),
        (400, 200),
        (399, 199),
    ],
)
def test_a_share_for_two_hundred_yuan_is_rounded_down(paid: int, points: int) -> None:
    world = World(**ONE_PER_200)
    assert world.awarded(world.buy(world.join(), paid)) == points


def test_the_same_points_are_awarded_whatever_the_price() -> None:
    world = World(**ONE_PER_200)
    for _ in range(5):
        assert world.awarded(world.buy(world.join(), 200 * YUAN)) == POINT


def test_a_fixed_award_is_cut_to_what_the_contribution_buys() -> None:
    world = World(**(ONE_PER_200 | {"award_points": 61}))
    # 60 yuan buy 60 points at 1 yuan; 61 would be an issue below the price.
    assert world.awarded(world.buy(world.join(), 200 * YUAN)) == 60 * POINT
    exactly = World(**(ONE_PER_200 | {"award_points": 60}))
    assert exactly.awarded(exactly.buy(exactly.join(), 200 * YUAN)) == 60 * POINT


def test_the_referrers_share_is_left_out_of_what_a_fixed_award_may_buy() -> None:
    world = World(**(ONE_PER_200 | {"award_points": 61, "referral_rate": "0.1"}))
    assert world.awarded(world.buy(world.join(), 200 * YUAN)) == 54 * POINT


@settings(max_examples=40)
@given(
    st.lists(st.integers(1, 10**9), min_size=1, max_size=6),
    st.integers(1, 10**4),
    st.integers(0, 3),
)
def test_a_fixed_award_never_dilutes(paid: list[int], points: int, tenths: int) -> None:
    rate = f"0.{tenths}"
    world = World(**(ONE_PER_200 | {"award_points": points, "referral_rate": rate}))
    world.join()
    for amount in paid:
        world.buy(world.join(referrer=1), amount)
