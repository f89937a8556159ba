"""R7.5: tiers follow the points held at the close."""

import pytest
from hypothesis import given, settings

from shareback.rules.accounts import tier_for
from shareback.rules.layout import EffectKind, Head, Member
from tests.rules.steps import Step, settled, steps, walk
from tests.rules.world import GOLDEN, POINT, YUAN, World

TIERS: list[dict[str, object]] = [
    {"name": "silver", "threshold": 21, "multiplier": 2},
    {"name": "gold", "threshold": 100, "multiplier": "0.5"},
]


def tier(world: World, member: int = 1) -> int:
    return world.member(member)[Member.TIER]


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (0, 0),
        (21 * POINT - 1, 0),
        (21 * POINT, 1),
        (100 * POINT - 1, 1),
        (100 * POINT, 2),
        (2**62, 2),
    ],
)
def test_the_highest_threshold_that_a_holding_reaches_counts(points: int, expected: int) -> None:
    world = World(tiers=TIERS)
    assert tier_for(world.state.tiers, points) == expected


def test_a_tier_changes_at_the_close_and_not_before() -> None:
    world = World(**(GOLDEN | {"tiers": TIERS}))
    world.buy(world.join())
    assert (tier(world), world.head(Head.WEIGHT)) == (0, 21 * POINT)
    world.close()
    assert (tier(world), world.head(Head.WEIGHT)) == (1, 42 * POINT)
    assert [(event.kind, event.points) for event in world.events] == [(EffectKind.TIER_CHANGED, 1)]
    world.redeem(1, POINT)
    assert (tier(world), world.head(Head.WEIGHT)) == (1, 40 * POINT)
    world.close()
    assert (tier(world), world.head(Head.WEIGHT)) == (0, 20 * POINT)


def test_points_that_mature_at_the_close_count_for_its_tiers() -> None:
    world = World(maturity_days=1, tiers=TIERS)
    world.buy(world.join())
    world.close(2)
    assert tier(world) == 1


def test_who_comes_back_below_the_threshold_in_time_stays() -> None:
    world = World(**(GOLDEN | {"tiers": TIERS}))
    world.buy(world.join())
    world.redeem(1, POINT)
    assert world.member(1)[Member.RETIER] == 0
    world.buy(1, 10 * YUAN)
    assert world.member(1)[Member.RETIER] == 1
    world.redeem(1, world.points(1) - 20 * POINT)
    world.close()
    assert (tier(world), world.events) == (0, ())


def test_a_change_of_tier_first_credits_what_the_old_one_earned() -> None:
    world = World(maturity_days=0, referral_rate=0, tiers=TIERS)
    world.buy(world.join())
    world.close()
    # The pot is shared before the tiers are set.
    assert world.cash(1) == 15 * YUAN * 10**12 // (21 * POINT) * 21 * POINT // 10**12
    assert world.member(1)[Member.INDEX] == world.head(Head.INDEX)


def test_an_exited_member_falls_to_the_lowest_tier_at_the_next_close() -> None:
    world = World(**(GOLDEN | {"tiers": TIERS}))
    world.buy(world.join())
    world.close()
    world.redeem(1, 21 * POINT)
    assert tier(world) == 1
    world.close()
    assert tier(world) == 0


@settings(max_examples=50)
@given(steps)
def test_at_the_start_of_each_day_everybody_has_the_tier_of_the_close(taken: list[Step]) -> None:
    tiers = [{"name": "silver", "threshold": 5, "multiplier": 3}]
    world = settled(World(maturity_days=1, tiers=tiers))
    walk(world, taken)
    world.close()
    world.close()
    for row in world.state.members:
        assert row[Member.TIER] == tier_for(world.state.tiers, row[Member.POINTS])
