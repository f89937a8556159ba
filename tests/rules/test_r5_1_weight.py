"""R5.1: a member earns by points times multiplier; what has no owner of its own earns nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.layout import Head, Member
from shareback.rules.member import accrued, weight
from tests.rules.world import POINT, YUAN, World

GOLD: list[dict[str, object]] = [{"name": "gold", "threshold": 20, "multiplier": "1.5"}]


def sharing(**parameters: object) -> World:
    """Points mature at the close; dividends follow at the next."""
    return World(**({"maturity_days": 1, "referral_rate": 0} | parameters))


def test_weight_is_points_times_multiplier_rounded_down() -> None:
    assert (weight(3, 10**6), weight(3, 500_000), weight(1, 999_999)) == (3, 1, 0)


def test_what_accrues_is_rounded_down() -> None:
    member = list(World().member(0))
    member[Member.WEIGHT], member[Member.INDEX] = 7, 100
    assert accrued(member, 100 + 10**12 // 7) == 0
    assert accrued(member, 101 + 10**12 // 7) == 1


def test_members_share_by_weight() -> None:
    world = sharing()
    world.buy(world.join(), 300 * YUAN)
    world.buy(world.join(), 100 * YUAN)
    world.close(3)
    assert world.head(Head.WEIGHT) == 84 * POINT
    index = world.head(Head.INDEX)
    assert index == 60 * YUAN * 10**12 // (84 * POINT)
    for member, points in ((1, 63 * POINT), (2, 21 * POINT)):
        assert accrued(world.member(member), index) == points * index // 10**12


def test_a_tiers_multiplier_counts_from_the_close_that_set_it() -> None:
    world = sharing(tiers=GOLD)
    world.buy(world.join())
    world.close(2)
    assert world.head(Head.WEIGHT) == 21 * POINT * 3 // 2


def test_points_in_escrow_or_with_a_merchant_carry_no_weight() -> None:
    world = sharing()
    world.buy(world.join(), 200 * YUAN)
    world.open_shop()
    world.close(2)
    world.convert(1, 21 * POINT)
    assert world.head(Head.WEIGHT) == 21 * POINT
    world.pay_coins(1, 1, 30 * YUAN)
    world.exchange(1, 30 * YUAN)
    assert (world.head(Head.POINTS_MERCHANTS), world.head(Head.WEIGHT)) == (21 * POINT, 21 * POINT)


def test_points_sold_stop_earning_and_points_bought_do_not_earn_backwards() -> None:
    world = sharing()
    world.buy(world.join())
    world.buy(world.join())
    world.close(3)
    index = world.head(Head.INDEX)
    world.redeem(1, 21 * POINT)
    assert world.member(1)[Member.INDEX] == index
    world.buy(3 if world.join() == 3 else 0)
    world.close(2)
    assert world.member(3)[Member.INDEX] == world.head(Head.INDEX)
    assert accrued(world.member(3), world.head(Head.INDEX)) == 0


@settings(max_examples=40)
@given(st.lists(st.integers(10**6, 10**10), min_size=1, max_size=5), st.integers(1, 3))
def test_what_members_accrue_is_never_more_than_the_pot(paid: list[int], days: int) -> None:
    world = sharing(tiers=GOLD)
    for amount in paid:
        world.buy(world.join(), amount)
    world.close(1 + days)
    index = world.head(Head.INDEX)
    sums = sum(accrued(row, index) for row in world.state.members)
    assert sums <= world.head(Head.PAYABLE)
    assert world.head(Head.PAYABLE) - sums <= len(paid) * days + days
