"""R6.4: what a late refund takes back among other orders, after exits and in other tiers."""

import pytest

from shareback.rules.layout import EffectKind, Head, Member, Order, Tier
from tests.rules.world import GOLDEN, POINT, YUAN, World


def three_orders() -> World:
    """Orders 1 and 3 are member 1's: 21 and 12.495 of 48.195 points, for 90 yuan."""
    world = World(**GOLDEN)
    world.buy(world.join())
    world.buy(world.join())
    world.buy(1)
    return world


def test_of_several_orders_of_one_buyer_only_the_one_refunded_is_taken_back() -> None:
    world = three_orders()
    world.fund(10 * YUAN)
    assert (world.awarded(3), world.supply) == (1_249_500_000, 4_819_500_000)
    world.refund(3, 100 * YUAN)
    # Its own 12.495 points are worth 23.33 yuan; the treasury bears the rest of the 30.
    assert world.head(Head.FREE) == 10 * YUAN - 6_666_667
    assert (world.points(1), world.member(1)[Member.QUOTA]) == (21 * POINT, 200 * YUAN)
    taken = [world.order(order)[Order.TAKEN_BUYER] for order in (1, 2, 3)]
    assert taken == [0, 0, 1_249_500_000]


def test_points_of_other_orders_are_burned_for_those_that_are_gone() -> None:
    world = three_orders()
    # Of 33.495 points 20 are sold: 13.495 are there for the 21 of the first order.
    world.redeem(1, 20 * POINT)
    cash, reserve, supply = world.cash(1), world.reserve, world.supply
    answer = world.refund(1, 100 * YUAN)
    worth = 1_349_500_000 * reserve // supply
    owed = -(-750_500_000 * reserve // supply)
    assert (world.points(1), world.order(1)[Order.TAKEN_BUYER]) == (0, 21 * POINT)
    assert (worth < 30 * YUAN, owed > 30 * YUAN - worth) == (True, True)
    assert answer.money_uyuan == 100 * YUAN - owed
    # Worth and debt give the treasury its 30 yuan; the rest of the debt is the pool's.
    assert world.reserve == reserve - worth + owed - (30 * YUAN - worth)
    # The last order's points have been taken for the first: its own refund finds none.
    reserve, supply = world.reserve, world.supply
    answer = world.refund(3, 100 * YUAN)
    owed = -(-1_249_500_000 * reserve // supply)
    assert answer.money_uyuan == 100 * YUAN - owed
    assert (world.order(3)[Order.TAKEN_BUYER], world.cash(1)) == (1_249_500_000, cash)
    assert world.member(1)[Member.QUOTA] == 0


ONE_PER_200: dict[str, object] = {
    "award_mode": "per_spend",
    "award_points": 1,
    "award_spend": 200,
    "quota_multiple": 10,
}


def test_a_fixed_award_is_taken_back_by_its_part_of_what_was_awarded() -> None:
    world = World(**(GOLDEN | ONE_PER_200))
    world.buy(world.join(), 200 * YUAN)
    world.buy(world.join(), 200 * YUAN)
    assert (world.points(1), world.supply) == (POINT, 2 * POINT)
    world.refund(1, 50 * YUAN)
    # A quarter of a share, worth 15 of 120 yuan: just the contribution of 50.
    assert (world.points(1), world.points(2)) == (POINT * 3 // 4, POINT)
    assert (world.reserve, world.head(Head.FREE)) == (105 * YUAN, 0)
    assert world.member(1)[Member.QUOTA] == 1_500 * YUAN
    world.refund(1, 150 * YUAN)
    assert (world.points(1), world.reserve, world.supply) == (0, 60 * YUAN, POINT)


def test_a_fixed_award_that_was_cut_is_taken_back_by_what_was_awarded_and_not_by_its_promise() -> (
    None
):
    world = World(**(GOLDEN | ONE_PER_200 | {"award_points": 80}))
    world.buy(world.join(), 200 * YUAN)
    # 60 yuan bought 60 points of the 80; half of these, not all above the 40 of the half kept.
    assert world.awarded(1) == 60 * POINT
    world.refund(1, 100 * YUAN)
    assert world.order(1)[Order.TAKEN_BUYER] == 30 * POINT
    assert (world.points(1), world.reserve) == (30 * POINT, 30 * YUAN)


def exited_and_back() -> World:
    """Member 2's first order was filled by an exit; a second one brought quota and points."""
    world = World(**GOLDEN)
    world.join(party=3)
    world.open_shop(party=3)
    world.buy(world.join())
    world.buy(world.join(), 500 * YUAN)
    # 901 yuan for 94.5 points: member 2's 21 are worth more than 200 yuan, its quota.
    world.buy(1, 7_210 * YUAN, merchant=1, backing=100_000)
    assert (world.points(2), world.left(2), world.cash(2)) == (0, 0, 180 * YUAN)
    world.buy(2, 500 * YUAN)
    assert (world.left(2), world.points(3)) == (1_000 * YUAN, 7_350_000_000)
    return world


def test_a_refund_after_an_exit_takes_the_points_of_newer_spending() -> None:
    world = exited_and_back()
    held, reserve = world.points(2), world.reserve
    assert held == 105 * YUAN * 7_350_000_000 // (721 * YUAN)
    world.refund(1, 20 * YUAN)
    assert world.points(2) == held - 420_000_000
    assert (world.reserve, world.head(Head.FREE)) == (reserve - 6 * YUAN, 0)
    # The exit used 200 yuan; of 1,200 granted the refund withdraws 40.
    assert (world.left(2), world.cash(2)) == (960 * YUAN, 180 * YUAN)
    assert [event.kind for event in world.events] == [EffectKind.POINTS_TAKEN_BACK]


def test_what_newer_spending_does_not_cover_is_owed_after_an_exit() -> None:
    world = exited_and_back()
    held, reserve, supply = world.points(2), world.reserve, world.supply
    answer = world.refund(1, 100 * YUAN)
    owed = -(-(21 * POINT - held) * reserve // supply)
    # 10.3 points at 10.35 yuan are more than the refund; the rest is in the balance.
    assert owed > 100 * YUAN
    assert (answer.money_uyuan, world.cash(2)) == (0, 280 * YUAN - owed)
    assert (world.points(2), world.left(2)) == (0, 800 * YUAN)
    # The points burned are worth more than the treasury's 30 yuan: all of the debt is the pool's.
    assert world.reserve == reserve - 30 * YUAN + owed


@pytest.mark.parametrize("multiplier", ["2", "0.5", "1.000001"])
def test_dividends_are_owed_at_the_multiplier_at_which_they_were_earned(multiplier: str) -> None:
    tiers = [{"name": "silver", "threshold": 21, "multiplier": multiplier}]
    world = World(maturity_days=0, referral_rate=0, quota_multiple=100, tiers=tiers)
    world.fund(1_000 * YUAN)
    order = world.buy(world.join())
    world.buy(1)
    world.buy(world.join())
    world.close()
    # The first close shared at 1; it has made member 1 silver.
    base = world.head(Head.INDEX)
    world.buy(2, 300 * YUAN)
    world.close()
    ppm = world.state.tiers[1][Tier.MULTIPLIER]
    earned = base + -(-ppm * (world.head(Head.INDEX) - base) // 10**6)
    owed = -(-21 * POINT * earned // 10**12)
    world.refund(order, 100 * YUAN)
    (booked,) = [e.money_uyuan for e in world.events if e.kind == EffectKind.RECEIVABLE_BOOKED]
    assert booked == owed
    # The member's other points have earned theirs.
    assert 0 < world.member(1)[Member.DIVIDENDS] < owed
