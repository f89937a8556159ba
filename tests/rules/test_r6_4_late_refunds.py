"""R6.4: a late refund never comes out of R, and what was awarded is taken back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import EffectKind, Head, Member, Order
from tests.rules.world import GOLDEN, POINT, YUAN, World


def two_buyers(**parameters: object) -> World:
    """R = 60 yuan, S = 35.7 points; order 1 awarded 21 of them."""
    world = World(**(GOLDEN | parameters))
    world.buy(world.join())
    world.buy(world.join())
    return world


def kinds(world: World) -> list[int]:
    return [event.kind for event in world.events]


def test_the_points_are_burned_and_the_bank_pays_the_contribution_back() -> None:
    world = two_buyers()
    answer = world.refund(1, 100 * YUAN)
    # 21 of 35.7 points are worth 35.29 of 60 yuan; the treasury takes its 30, the rest stays.
    assert (world.reserve, world.supply) == (30 * YUAN, 1_470_000_000)
    assert (world.head(Head.BANK), world.head(Head.FREE)) == (30 * YUAN, 0)
    assert world.member(1)[Member.QUOTA] == 0
    assert answer.money_uyuan == 100 * YUAN
    assert world.order(1)[Order.TAKEN_BUYER] == 21 * POINT
    assert kinds(world) == [EffectKind.POINTS_TAKEN_BACK]


def test_a_part_of_an_order_takes_back_its_part_of_the_points_rounded_up() -> None:
    world = two_buyers()
    world.fund(1)
    world.refund(1, 1)
    # 21 units for a µ¥, worth 0.35 of it: the treasury bears the µ¥ of contribution.
    assert (world.points(1), world.reserve) == (21 * POINT - 21, 60 * YUAN)
    assert world.head(Head.FREE) == 0
    odd = two_buyers()
    odd.buy(odd.join(), 33 * YUAN + 1)
    points = odd.awarded(3)
    odd.refund(3, 1)
    assert odd.order(3)[Order.TAKEN_BUYER] == -(-points // (33 * YUAN + 1))


def test_points_that_are_gone_are_owed_at_todays_price_out_of_the_refund() -> None:
    world = two_buyers()
    world.redeem(1, 21 * POINT)
    answer = world.refund(1, 100 * YUAN)
    # 21 points at 28.235295 yuan for 14.7 are 40.336136: 30 for the treasury, the rest into R.
    assert answer.money_uyuan == 100 * YUAN - 40_336_136
    assert world.reserve == 28_235_295 + 10_336_136
    assert (world.head(Head.FREE), world.head(Head.RECEIVABLES)) == (0, 0)
    assert world.cash(1) == 31_764_705
    assert world.left(1) == -35_294_117
    assert kinds(world) == [EffectKind.RECEIVABLE_BOOKED, EffectKind.RECEIVABLE_COLLECTED]


def test_what_the_refund_does_not_cover_is_taken_from_the_balance() -> None:
    world = two_buyers(quota_multiple=10)
    world.redeem(1, 21 * POINT)
    world.open_shop(party=3)
    world.buy(world.join(party=3), 1_000 * YUAN, merchant=1)
    answer = world.refund(1, 100 * YUAN)
    # 21 points at 328.235295 yuan for 14.7 are 468.907565: the refund, then the balance.
    assert (answer.money_uyuan, world.cash(1)) == (0, 0)
    owed = 468_907_565 - 100 * YUAN - 31_764_705
    assert world.member(1)[Member.RECEIVABLE] == world.head(Head.RECEIVABLES) == owed
    assert world.member(1)[Member.RECEIVABLE_TREASURY] == 0
    assert world.reserve == 328_235_295 + 468_907_565 - owed - 30 * YUAN


def in_debt() -> tuple[World, int]:
    """Member 1 owes for points that it sold before the refund."""
    world = two_buyers(quota_multiple=10)
    world.redeem(1, 21 * POINT)
    world.withdraw(1, world.cash(1))
    world.open_shop(party=3)
    world.buy(world.join(party=3), 1_000 * YUAN, merchant=1)
    world.refund(1, 100 * YUAN)
    return world, world.member(1)[Member.RECEIVABLE]


def test_the_next_award_is_minted_and_then_burned_for_it() -> None:
    world, owed = in_debt()
    reserve, supply = world.reserve, world.supply
    assert (owed, reserve) == (368_907_565, 398_235_295)
    order = world.buy(1, 1_000 * YUAN)
    minted = 210 * YUAN * supply // reserve
    assert world.awarded(order) == minted
    paid = minted * (reserve + 300 * YUAN) // (supply + minted)
    assert (world.points(1), world.member(1)[Member.RECEIVABLE]) == (0, owed - paid)
    assert (world.reserve, world.supply) == (reserve + 300 * YUAN, supply)
    assert kinds(world) == [EffectKind.RECEIVABLE_BURNED]


def test_a_funded_award_is_burned_for_it_too() -> None:
    world, owed = in_debt()
    world.fund(1_000 * YUAN)
    world.award(1, 100 * YUAN, 100 * YUAN)
    assert world.points(1) == 0
    assert world.member(1)[Member.RECEIVABLE] == pytest.approx(owed - 100 * YUAN, abs=2)


def test_of_an_award_that_is_worth_more_only_what_is_owed_is_burned() -> None:
    world, _ = in_debt()
    world.buy(1, 5_000 * YUAN)
    assert world.points(1) > 0
    assert world.member(1)[Member.RECEIVABLE] == 0


def test_no_more_is_collected_than_is_owed_where_a_unit_is_worth_more() -> None:
    world = World(**(GOLDEN | {"issue_price": 1_000_000}))
    world.buy(world.join())
    # By hand: 15,000 µ¥ are owed, and a unit of points is worth 10,000.
    world.member(1)[Member.RECEIVABLE] = world.state.head[Head.RECEIVABLES] = 15_000
    supply = world.supply
    world.buy(1)
    assert world.head(Head.BURNED) == 2
    assert (world.member(1)[Member.RECEIVABLE], world.head(Head.RECEIVABLES)) == (0, 0)
    assert world.points(1) == supply + world.awarded(2) - 2


def test_a_sale_pays_it_first() -> None:
    world, owed = in_debt()
    world.buy(1, 5_000 * YUAN)
    world.member(1)[Member.RECEIVABLE] = YUAN
    world.state.head[Head.RECEIVABLES] = YUAN
    answer = world.redeem(1, POINT)
    assert owed > 0
    assert world.cash(1) == answer.money_uyuan - answer.fee_uyuan - YUAN
    assert world.member(1)[Member.RECEIVABLE] == 0


def test_dividends_that_the_points_earned_are_owed_too() -> None:
    world = World(maturity_days=0, referral_rate=0)
    world.fund(100 * YUAN)
    world.buy(world.join())
    world.buy(world.join())
    world.close()
    index = world.head(Head.INDEX)
    answer = world.refund(1, 100 * YUAN)
    # Not a µ¥ more than was credited for them, rounded down.
    owed = 21 * POINT * index // 10**12
    assert answer.money_uyuan == 100 * YUAN - owed
    # 45 yuan to give back: 35.29 for the points burned and 9.71 of what is owed; the rest is R's.
    assert world.head(Head.FREE) == 100 * YUAN
    worth = 21 * POINT * 60 * YUAN // 3_570_000_000
    assert world.reserve == 60 * YUAN - worth + owed - (45 * YUAN - worth)


def test_burns_and_receivables_give_the_treasury_at_most_what_it_paid() -> None:
    world = two_buyers()
    world.fund(50 * YUAN)
    world.open_shop(party=3)
    world.buy(world.join(party=3), 100 * YUAN, merchant=1)
    world.refund(1, 100 * YUAN)
    assert world.head(Head.FREE) == 50 * YUAN


def test_the_referrers_points_are_taken_back_after_the_buyers() -> None:
    world = World(maturity_days=0, dividend_rate=0)
    world.fund(10 * YUAN)
    world.buy(world.join())
    world.buy(world.join(referrer=1))
    assert world.order(2)[Order.POINTS_REFERRER] == 210_000_000
    world.refund(2, 50 * YUAN)
    assert world.order(2)[Order.TAKEN_REFERRER] == 105_000_000
    assert world.points(1) == 21 * POINT + 105_000_000
    world.refund(2, 50 * YUAN)
    assert (world.points(1), world.points(2)) == (21 * POINT, 0)
    burned = [event.member for event in world.events if event.points]
    assert burned == [2, 1]


def test_a_referrer_who_sold_owes_and_pays_from_the_balance() -> None:
    world = World(maturity_days=0, dividend_rate=0)
    world.buy(world.join())
    world.buy(world.join(referrer=1))
    world.redeem(1, world.points(1))
    cash = world.cash(1)
    price_up = -(-210_000_000 * world.reserve // world.supply)
    world.refund(2, 100 * YUAN)
    assert world.cash(1) == cash - price_up
    assert world.member(1)[Member.RECEIVABLE] == 0


def test_the_limit_counts_all_late_refunds_of_an_order_together() -> None:
    world = World(**GOLDEN)
    world.buy(world.join(), 10_000 * YUAN)
    world.buy(world.join())
    world.fund(10_000 * YUAN)
    world.refund(1, 400 * YUAN, approvals=0)
    world.refund(1, 600 * YUAN, approvals=0)
    world.refused(Code.NEEDS_TWO_APPROVERS, world.refund, 1, 1, approvals=1)
    world.refund(1, 1, approvals=2)
    # Another order has its own.
    world.refund(2, 100 * YUAN, approvals=0)


def test_an_early_refund_does_not_count_towards_the_limit() -> None:
    world = World(referral_rate=0, maturity_days=1)
    order = world.buy(world.join(), 10_000 * YUAN)
    world.refund(order, 5_000 * YUAN, approvals=0)
    world.close(2)
    world.fund(10_000 * YUAN)
    world.refund(order, 1_000 * YUAN, approvals=0)
    world.refused(Code.NEEDS_TWO_APPROVERS, world.refund, order, 1, approvals=1)


def test_dividends_are_owed_only_while_the_points_were_there() -> None:
    """Points sold long ago earned nothing since, whatever else their owner holds."""
    world = World(maturity_days=0, referral_rate=0, quota_multiple=100)
    world.fund(5_000 * YUAN)
    order = world.buy(world.join(), 1_000 * YUAN)
    world.buy(world.join(), 1_000 * YUAN)
    world.redeem(1, world.points(1))
    world.buy(1, 20 * YUAN)
    for _ in range(10):
        world.buy(2, 100 * YUAN)
        world.close()
    kept = world.points(1)
    worth = -(-(world.awarded(order) - kept) * world.reserve // world.supply)
    world.refund(order, 1_000 * YUAN)
    (booked,) = [e.money_uyuan for e in world.events if e.kind == EffectKind.RECEIVABLE_BOOKED]
    row = world.member(1)
    credited = row[Member.USED] - world.head(Head.REDEEMED)
    assert 0 < credited < world.awarded(order) * row[Member.EARNED] // 10**12
    assert (booked, row[Member.DIVIDENDS]) == (worth + credited, 0)


def test_no_member_gives_back_more_dividends_than_it_received() -> None:
    world = World(maturity_days=1, referral_rate=0, quota_multiple=100)
    world.fund(5_000 * YUAN)
    buyer = world.join()
    orders = [world.buy(buyer, 500 * YUAN) for _ in range(2)]
    world.buy(world.join(), 1_000 * YUAN)
    world.close(3)
    received = world.member(buyer)[Member.DIVIDENDS]
    assert received == 0
    world.buy(2, 1_000 * YUAN)
    world.close(3)
    for order in orders:
        for _ in range(2):
            world.refund(order, 250 * YUAN)
            assert world.member(buyer)[Member.DIVIDENDS] >= 0


@pytest.mark.parametrize(("money", "approvals"), [(1_000 * YUAN, 0), (1_000 * YUAN + 1, 2)])
def test_a_late_refund_up_to_the_limit_needs_no_approvers(money: int, approvals: int) -> None:
    world = World(**GOLDEN)
    world.fund(1)
    world.buy(world.join(), 5_000 * YUAN)
    world.refund(1, money, approvals)


@pytest.mark.parametrize("approvals", [0, 1])
def test_a_late_refund_above_the_limit_needs_two(approvals: int) -> None:
    world = World(**GOLDEN)
    world.buy(world.join(), 5_000 * YUAN)
    world.refused(Code.NEEDS_TWO_APPROVERS, world.refund, 1, 1_000 * YUAN + 1, approvals)


def test_a_late_refund_is_at_most_what_is_left() -> None:
    world = two_buyers()
    world.refund(1, 99 * YUAN)
    world.refused(Code.REFUND_ABOVE_PAID, world.refund, 1, YUAN + 1)
    world.refund(1, YUAN)
    world.refused(Code.REFUND_ABOVE_PAID, world.refund, 1, 1)
    assert world.head(Head.ORDERS_REFUNDED) == 1


def test_quota_is_withdrawn_even_below_what_is_used_and_new_spending_lifts_it() -> None:
    world = two_buyers()
    world.redeem(1, 21 * POINT)
    world.refund(1, 100 * YUAN)
    assert world.left(1) == -35_294_117
    world.buy(1, 10 * YUAN)
    # Still below nothing: what was bought is taken for nothing.
    assert (world.left(1), world.points(1)) == (-15_294_117, 0)
    cash = world.cash(1)
    world.buy(1, 100 * YUAN)
    assert world.left(1) == 200 * YUAN - 15_294_117
    assert (world.points(1) > 0, world.cash(1)) == (True, cash)


@settings(max_examples=50)
@given(st.lists(st.integers(1, 100 * YUAN), min_size=1, max_size=5), st.booleans())
def test_in_parts_or_at_once_the_same_points_and_money_come_back(
    parts: list[int],
    sold: bool,  # noqa: FBT001
) -> None:
    world = two_buyers()
    world.fund(1_000 * YUAN)
    if sold:
        world.redeem(1, 7 * POINT)
    net = 100 * YUAN
    bank = world.head(Head.BANK)
    kept = 0
    for money in parts:
        if money <= net:
            kept += money - world.refund(1, money).money_uyuan
            net -= money
    late = 100 * YUAN - net
    assert world.order(1)[Order.TAKEN_BUYER] == -(-21 * POINT * late // (100 * YUAN))
    assert world.member(1)[Member.QUOTA] == 2 * net
    assert world.head(Head.BANK) == bank + kept - (30 * YUAN - net * 3 // 10)
