"""R3.3: points are sold back at the price, capped by the quota; the fee stays in R."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import EffectKind, Head, Member
from tests.rules.world import GOLDEN, POINT, YUAN, World


def two_buyers(**parameters: object) -> World:
    """R = 60 yuan, S = 35.7 points; member 1 holds 21 of them."""
    world = World(**(GOLDEN | parameters))
    world.buy(world.join())
    world.buy(world.join())
    return world


def test_the_fee_stays_in_the_reserve_and_the_points_are_gone_for_ever() -> None:
    world = two_buyers()
    answer = world.redeem(1, 21 * POINT)
    assert (answer.points, answer.money_uyuan, answer.fee_uyuan) == (
        21 * POINT,
        35_294_117,
        3_529_412,
    )
    assert (world.cash(1), world.points(1)) == (31_764_705, 0)
    assert (world.reserve, world.supply) == (60 * YUAN - 31_764_705, 1_470_000_000)
    assert (world.head(Head.BURNED), world.head(Head.ISSUED)) == (21 * POINT, 3_570_000_000)
    assert world.head(Head.REDEEMED) == 35_294_117


def test_the_event_tells_points_gross_and_what_was_paid() -> None:
    world = two_buyers()
    world.redeem(1, 21 * POINT)
    (event,) = world.events
    assert event.kind == EffectKind.POINTS_REDEEMED
    assert (event.member, event.points) == (1, 21 * POINT)
    assert (event.gross_uyuan, event.money_uyuan) == (35_294_117, 31_764_705)


def test_refuses_when_points_are_one_unit_short() -> None:
    world = two_buyers()
    refusal = world.refused(Code.POINTS_SHORT, world.redeem, 1, 21 * POINT + 1)
    assert (refusal.have, refusal.need) == (21 * POINT, 21 * POINT + 1)
    world.redeem(1, 21 * POINT)


def test_refuses_points_that_are_worth_less_than_a_unit_of_money() -> None:
    world = two_buyers()
    # 60 units at 60 yuan for 35.7 points are worth 1.008 µ¥, 59 are worth 0.99.
    world.refused(Code.NOTHING_TO_PAY, world.redeem, 1, 59)
    answer = world.redeem(1, 60)
    assert (answer.money_uyuan, answer.fee_uyuan, world.cash(1)) == (1, 1, 0)


def test_refuses_whom_it_does_not_know() -> None:
    world = two_buyers()
    world.refused(Code.MEMBER_UNKNOWN, world.redeem, 0, 1)
    world.refused(Code.POINTS_SHORT, world.redeem, world.join(), 1)


def set_left(world: World, left: int) -> None:
    """Take quota from member 1 by hand: the rules would have let it exit before."""
    row = world.member(1)
    change = left - world.left(1)
    row[Member.QUOTA] += change
    world.state.head[Head.QUOTA_GRANTED] += change
    row[Member.OPEN] += change
    world.state.head[Head.QUOTA_OPEN] += change


@pytest.mark.parametrize("left", [1, 35_294_116, 35_294_117, 35_294_118])
def test_the_gross_is_capped_at_the_quota_left(left: int) -> None:
    world = two_buyers()
    set_left(world, left)
    answer = world.redeem(1, 21 * POINT)
    assert answer.money_uyuan == min(left, 35_294_117)
    assert world.left(1) == left - answer.money_uyuan


@pytest.mark.parametrize("left", [0, -1])
def test_refuses_where_no_quota_is_left(left: int) -> None:
    world = two_buyers()
    set_left(world, left)
    world.refused(Code.QUOTA_USED_UP, world.redeem, 1, 21 * POINT)


def test_the_quota_is_looked_at_before_what_the_points_are_worth() -> None:
    world = two_buyers()
    set_left(world, 0)
    world.refused(Code.QUOTA_USED_UP, world.redeem, 1, 1)


def test_the_others_gain_by_the_fee() -> None:
    world = two_buyers()
    before = world.worth(2)
    world.redeem(1, 21 * POINT)
    assert world.worth(2) == 28_235_295 > before == 24_705_882


def test_a_sale_uses_quota_by_its_gross() -> None:
    world = two_buyers()
    world.redeem(1, POINT)
    assert world.member(1)[Member.USED] == 60 * YUAN * POINT // 3_570_000_000


@settings(max_examples=50)
@given(st.lists(st.integers(1, 21 * POINT), min_size=1, max_size=8), st.integers(0, 500_000))
def test_however_the_points_are_cut_nobody_gets_more_than_they_are_worth(
    sales: list[int], fee: int
) -> None:
    world = two_buyers(redemption_fee=f"0.{fee:06}", quota_multiple=100)
    before = world.worth(1)
    reserve = world.reserve
    for points in sales:
        if points <= world.points(1) and points * world.reserve >= world.supply:
            world.redeem(1, points)
    held = world.worth(1) if world.points(1) else 0
    if fee == 0:
        # Without a fee only rounding is left, and it favours the reserve.
        assert world.cash(1) + held <= before + 1
    assert world.cash(1) == reserve - world.reserve
    assert world.cash(1) * 10**6 <= world.member(1)[Member.USED] * (10**6 - fee)
