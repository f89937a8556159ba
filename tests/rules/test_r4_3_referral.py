"""R4.3: one level of referral, frozen at payment, within the referrer's own quota."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import Head, Member, Order
from tests.rules.world import POINT, YUAN, World

PLAIN: dict[str, object] = {"maturity_days": 0, "dividend_rate": 0}


def referred(**parameters: object) -> World:
    """Member 1 has bought for 100 yuan and referred member 2."""
    world = World(**(PLAIN | parameters))
    world.buy(world.join())
    world.join(referrer=1)
    return world


def referral(world: World, order: int) -> int:
    return world.order(order)[Order.POINTS_REFERRER]


def test_the_referrer_gets_a_tenth_of_the_contribution_in_points() -> None:
    world = referred()
    order = world.buy(2)
    assert (world.awarded(order), referral(world, order)) == (1_470_000_000, 210_000_000)
    assert world.points(1) == 21 * POINT + 210_000_000


def test_no_quota_comes_with_it() -> None:
    world = referred()
    world.buy(2)
    assert world.member(1)[Member.QUOTA] == 200 * YUAN


def test_a_referrer_without_quota_gets_nothing_and_the_rest_stays_in_the_reserve() -> None:
    world = World(**PLAIN)
    world.join()
    world.join(referrer=1)
    order = world.buy(2)
    assert (referral(world, order), world.points(1)) == (0, 0)
    assert (world.reserve, world.supply) == (30 * YUAN, 21 * POINT)


@pytest.mark.parametrize(
    ("multiple", "room"),
    [("0.300001", 100), ("0.31", YUAN), ("0.33", 3 * YUAN), ("0.34", 3 * YUAN)],
)
def test_it_is_cut_to_the_quota_left_less_the_value_held(multiple: str, room: int) -> None:
    world = World(**(PLAIN | {"quota_multiple": multiple, "maturity_days": 1}))
    world.buy(world.join())
    world.close(2)
    world.join(referrer=1)
    order = world.buy(2)
    world.close(2)
    # 21 points at the opening price are worth 30 yuan of the quota.
    assert referral(world, order) == room * 21 * POINT // (30 * YUAN)


def test_only_one_level_is_rewarded() -> None:
    world = referred()
    world.buy(2)
    before = world.points(1)
    order = world.buy(world.join(referrer=2))
    assert referral(world, order) > 0
    assert world.points(1) == before


def test_nobody_refers_oneself() -> None:
    world = World()
    world.join()
    world.refused(Code.SELF_REFERRAL, world.set_referrer, 1, 1)


def test_a_referrer_has_joined_before() -> None:
    world = World()
    world.join()
    world.join()
    world.refused(Code.REFERRAL_CYCLE, world.set_referrer, 1, 2)
    world.set_referrer(2, 1)


def test_a_referrer_is_named_once() -> None:
    world = World()
    for _ in range(3):
        world.join()
    world.set_referrer(3, 1)
    world.refused(Code.REFERRER_ALREADY_SET, world.set_referrer, 3, 2)
    world.refused(Code.REFERRER_ALREADY_SET, world.set_referrer, 3, 1)


def test_a_referrer_is_a_member() -> None:
    world = World()
    world.join()
    world.refused(Code.MEMBER_UNKNOWN, world.set_referrer, 1, 0)
    world.refused(Code.MEMBER_UNKNOWN, world.set_referrer, 0, 1)
    world.refused(Code.MEMBER_UNKNOWN, world.join, 2)


def test_the_referrer_is_frozen_when_the_order_is_paid() -> None:
    world = World(**(PLAIN | {"maturity_days": 1}))
    for _ in range(2):
        world.buy(world.join())
    world.close(2)
    before = world.buy(2)
    world.set_referrer(2, 1)
    after = world.buy(2)
    world.close(2)
    assert referral(world, before) == 0
    assert referral(world, after) > 0


def test_a_referrer_of_the_buyers_own_party_gets_nothing() -> None:
    world = World(**PLAIN)
    world.buy(world.join(party=4))
    order = world.buy(world.join(referrer=1, party=4))
    assert referral(world, order) == 0
    other = world.buy(world.join(referrer=1, party=5))
    assert referral(world, other) > 0


def test_a_party_is_named_by_a_number_above_nothing() -> None:
    world = World()
    world.refused(Code.AMOUNT_INVALID, world.join, 0, -1)
    world.refused(Code.AMOUNT_INVALID, world.open_shop, -1)


@settings(max_examples=50)
@given(
    st.integers(0, 300_000),
    st.lists(st.integers(1, 10**10), min_size=1, max_size=5),
    st.integers(1, 10**10),
)
def test_award_and_referral_together_are_worth_at_most_the_contribution(
    rate: int, paid: list[int], own: int
) -> None:
    world = World(**(PLAIN | {"referral_rate": f"0.{rate:06}"}))
    world.buy(world.join(), own)
    world.join(referrer=1)
    for amount in paid:
        reserve, supply = world.reserve, world.supply
        order = world.buy(2, amount)
        minted = world.awarded(order) + referral(world, order)
        if supply:
            assert minted * reserve <= amount * 3 // 10 * supply
        granted = world.head(Head.QUOTA_GRANTED)
        assert granted == sum(row[Member.QUOTA] for row in world.state.members)
