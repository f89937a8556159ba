"""R8.1: points wait in escrow, not burned, while their worth circulates as coins."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import EffectKind, Head, Member
from tests.rules.world import GOLDEN, POINT, YUAN, World


def two_buyers() -> World:
    """R = 60 yuan, S = 35.7 points."""
    world = World(**GOLDEN)
    world.buy(world.join())
    world.buy(world.join())
    return world


def test_points_move_into_escrow_and_their_worth_is_issued_without_a_fee() -> None:
    world = two_buyers()
    answer = world.convert(1, 21 * POINT)
    assert (answer.points, answer.money_uyuan, answer.fee_uyuan) == (21 * POINT, 35_294_117, 0)
    assert (world.points(1), world.member(1)[Member.COINS]) == (0, 35_294_117)
    assert (world.reserve, world.supply) == (60 * YUAN, 3_570_000_000)
    assert (world.head(Head.POINTS_ESCROW), world.head(Head.BURNED)) == (21 * POINT, 0)
    assert world.head(Head.COINS_ISSUED) == 35_294_117
    assert world.events[0].kind == EffectKind.POINTS_CONVERTED


def test_conversion_uses_quota() -> None:
    world = two_buyers()
    world.convert(1, 21 * POINT)
    assert world.left(1) == 200 * YUAN - 35_294_117


def test_refuses_when_points_are_one_unit_short() -> None:
    world = two_buyers()
    world.refused(Code.POINTS_SHORT, world.convert, 1, 21 * POINT + 1)
    world.convert(1, 21 * POINT)
    world.refused(Code.MEMBER_UNKNOWN, world.convert, 0, 1)


def test_refuses_points_worth_less_than_a_unit_of_coin() -> None:
    world = two_buyers()
    world.refused(Code.NOTHING_TO_PAY, world.convert, 1, 59)
    assert world.convert(1, 60).money_uyuan == 1


def test_coins_are_capped_at_the_quota_left() -> None:
    world = two_buyers()
    row, head = world.member(1), world.state.head
    # By hand: 5 µ¥ of quota are left.
    for column in (Head.QUOTA_GRANTED, Head.QUOTA_OPEN):
        head[column] -= world.left(1) - 5
    row[Member.OPEN] = 5
    row[Member.QUOTA] = row[Member.USED] + 5
    world.convert(1, 21 * POINT)
    assert (world.member(1)[Member.COINS], world.left(1)) == (5, 0)
    assert world.head(Head.POINTS_ESCROW) == 21 * POINT


@settings(max_examples=50)
@given(st.lists(st.integers(60, 21 * POINT), max_size=5), st.lists(st.integers(1, 10**9)))
def test_whatever_follows_the_coins_stay_covered(sold: list[int], bought: list[int]) -> None:
    world = two_buyers()
    for points in sold:
        if points <= world.points(1):
            world.convert(1, points)
    for paid in bought[:4]:
        world.buy(2, paid)
    escrow, coins = world.head(Head.POINTS_ESCROW), world.head(Head.COINS_MEMBERS)
    assert escrow * world.reserve >= coins * world.supply
    assert coins == world.member(1)[Member.COINS]
