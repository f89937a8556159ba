"""R7.2: the pot is shared in steps, up to the next due exit, and then among those who stay."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.closing import rise_to
from shareback.rules.layout import Head, Member
from shareback.rules.member import accrued
from tests.rules.world import POINT, YUAN, World


def at_once(**parameters: object) -> World:
    return World(**({"maturity_days": 0, "referral_rate": 0} | parameters))


def test_the_index_rises_by_the_pot_a_unit_of_weight_rounded_down() -> None:
    world = at_once()
    world.buy(world.join())
    world.close()
    index = 15 * YUAN * 10**12 // (21 * POINT)
    assert world.head(Head.INDEX) == index
    moved = -(-index * 21 * POINT // 10**12)
    assert (world.head(Head.PAYABLE), world.head(Head.POT)) == (moved, 15 * YUAN - moved)


def test_a_step_stops_at_the_exit_and_the_rest_is_carried() -> None:
    world = at_once(quota_multiple="0.4")
    world.buy(world.join())
    # 21 points worth 30 yuan, quota 40, pot 15: due once dividends have reached 10.
    price = 30 * YUAN * 10**12 // (21 * POINT)
    key = -(-40 * YUAN * 10**12 // (21 * POINT))
    world.close()
    assert world.head(Head.INDEX) == key - price == 4_761_904_763
    assert (world.head(Head.POT), world.head(Head.PAYABLE)) == (4_999_999, 1)
    # 10 of dividends and 30 less a fee of 3; nobody is left, so the fee is bound.
    assert world.cash(1) == 37 * YUAN
    assert (world.reserve, world.supply, world.head(Head.BOUND)) == (0, 0, 3 * YUAN)


def test_after_an_exit_the_others_share_the_rest() -> None:
    world = at_once(quota_multiple="0.4")
    world.buy(world.join())
    world.amend(1, quota_multiple=2)
    world.close()
    world.buy(world.join(), 10 * YUAN)
    assert world.points(1) == 0
    world.close()
    # The 5 yuan carried and 1.5 of the new order, all for member 2.
    index = world.head(Head.INDEX)
    assert 6_500_000 - 3 <= accrued(world.member(2), index) <= 6_500_000
    assert world.head(Head.POT) <= 1


def test_two_members_exit_at_their_own_steps() -> None:
    world = at_once(quota_multiple="0.42")
    for _ in range(2):
        world.buy(world.join())
    world.buy(world.join(), 500 * YUAN)
    before = world.head(Head.POT)
    world.close()
    assert world.head(Head.EXITS) >= 2
    spent = world.head(Head.DIVIDENDS_CREDITED) + world.head(Head.PAYABLE) + world.head(Head.POT)
    assert spent == before
    for member in (1, 2):
        row = world.member(member)
        assert (row[Member.USED], row[Member.POINTS]) == (row[Member.QUOTA], 0)


def test_without_weight_the_pot_is_carried() -> None:
    world = at_once(award_rate=0)
    world.buy(world.join())
    world.close(3)
    assert (world.head(Head.POT), world.head(Head.PAYABLE)) == (15 * YUAN, 0)


def test_a_pot_too_small_for_a_step_is_carried() -> None:
    world = World(maturity_days=0, referral_rate=0, supply_cap="46116860184.27387903")
    world.buy(world.join(), 2 * 10**16)
    world.close()
    pot = world.head(Head.POT)
    index = world.head(Head.INDEX)
    assert 0 < pot * 10**12 < world.head(Head.WEIGHT)
    world.close()
    assert (world.head(Head.POT), world.head(Head.INDEX)) == (pot, index)


@given(st.integers(1, 10**15), st.integers(1, 10**9), st.integers(0, 10**15))
def test_the_index_rises_just_as_far_as_the_gap_wants(
    gap: int, multiplier: int, index: int
) -> None:
    rise = rise_to(gap, multiplier, index)
    start = multiplier * index // 10**6

    def grown(by: int) -> int:
        return multiplier * (index + by) // 10**6 - start

    # Where it saturates it is still beyond all that the index may rise (R3.7).
    assert rise == 2**63 - 1 - index or grown(rise) >= gap > grown(rise - 1)


@pytest.mark.parametrize("multiplier", [1, 10**6, 2_500_000])
def test_a_gap_of_one_is_reached_exactly(multiplier: int) -> None:
    assert rise_to(1, multiplier, 0) == -(-(10**6) // multiplier)


@settings(max_examples=40)
@given(
    st.lists(st.integers(10**6, 10**10), min_size=1, max_size=5),
    st.integers(31, 200),
    st.integers(1, 3),
)
def test_sharing_is_fair_to_a_unit_and_stops_at_the_quota(
    paid: list[int], multiple: int, days: int
) -> None:
    world = at_once(quota_multiple=f"{multiple / 100:.2f}")
    for amount in paid:
        world.buy(world.join(), amount)
    world.close(days)
    index = world.head(Head.INDEX)
    for row in world.state.members[1:]:
        if row[Member.POINTS] > 0:
            exact = Fraction(row[Member.WEIGHT] * (index - row[Member.INDEX]), 10**12)
            assert accrued(row, index) == exact // 1
            assert row[Member.USED] + exact <= row[Member.QUOTA]
        elif row[Member.NUMBER]:
            assert row[Member.USED] == row[Member.QUOTA] or row[Member.QUOTA] == 0
