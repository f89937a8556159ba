"""R3.6: nobody is left with dust, and no award loses more than a cent to rounding."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules import commands as rows
from shareback.rules.codes import Code
from shareback.rules.funding import may_award
from shareback.rules.holding import without_dust
from shareback.rules.layout import RESULT_WIDTH, Head, Member, Merchant, Order, Term
from shareback.rules.maturing import opening_of, waits
from shareback.rules.member import accrued
from shareback.rules.pool import is_too_coarse
from tests.rules.world import GOLDEN, POINT, YUAN, World

CENT_OF_A_POINT = POINT // 100


def one_buyer(**parameters: object) -> World:
    """R = 30 yuan, S = 21 points: 0.7 point is worth a yuan."""
    world = World(**(GOLDEN | parameters))
    world.buy(world.join())
    world.open_shop()
    return world


@pytest.mark.parametrize(
    ("rest", "taken_whole"),
    [(0, True), (CENT_OF_A_POINT - 1, True), (CENT_OF_A_POINT, False), (POINT, False)],
)
def test_less_than_a_hundredth_of_a_point_is_dust(rest: int, taken_whole: bool) -> None:  # noqa: FBT001
    held = 5 * POINT
    reserve = supply = 10 * POINT  # 100 yuan a point: 0.01 point is worth a yuan
    taken = without_dust(held - rest, held, reserve, supply)
    assert taken == (held if taken_whole else held - rest)


@pytest.mark.parametrize(("short", "left"), [(0, 7 * POINT // 10), (1, 0)])
def test_less_than_a_yuans_worth_is_dust(short: int, left: int) -> None:
    world = one_buyer()
    answer = world.redeem(1, 21 * POINT - 7 * POINT // 10 + short)
    assert world.points(1) == left
    assert answer.points == 21 * POINT - left


@pytest.mark.parametrize(("short", "left"), [(0, 7 * POINT // 10), (1, 0)])
def test_a_conversion_leaves_no_dust_either(short: int, left: int) -> None:
    world = one_buyer()
    world.convert(1, 21 * POINT - 7 * POINT // 10 + short)
    assert world.points(1) == left
    assert world.head(Head.POINTS_ESCROW) == 21 * POINT - left


@pytest.mark.parametrize(("short", "left"), [(0, 7 * POINT // 10), (1, 0)])
def test_spending_on_goods_leaves_no_dust_either(short: int, left: int) -> None:
    world = one_buyer()
    world.spend(1, 1, 21 * POINT - 7 * POINT // 10 + short)
    assert world.points(1) == left


@pytest.mark.parametrize(("short", "left"), [(0, 7 * POINT // 10), (1, 0)])
def test_a_merchant_is_left_no_dust_either(short: int, left: int) -> None:
    world = one_buyer()
    world.convert(1, 21 * POINT)
    world.pay_coins(1, 1, 30 * YUAN)
    world.exchange(1, 30 * YUAN)
    world.redeem_merchant(1, 21 * POINT - 7 * POINT // 10 + short)
    assert world.shop(1)[Merchant.POINTS] == left


def test_where_the_price_is_high_a_hundredth_of_a_point_is_what_counts() -> None:
    world = one_buyer(issue_price=1_000)
    assert world.points(1) == 21 * POINT // 1_000
    assert world.redeem(1, 11 * POINT // 1_000).points == 11 * POINT // 1_000
    assert world.points(1) == CENT_OF_A_POINT
    again = one_buyer(issue_price=1_000)
    assert again.redeem(1, 11 * POINT // 1_000 + 1).points == 21 * POINT // 1_000


def in_debt(paid: int) -> tuple[World, int]:
    """Member 2 owes the pool more than the dividends that its touch will credit."""
    world = World(maturity_days=0, referral_rate=0)
    world.open_shop()
    world.buy(world.join())
    world.buy(world.join(), paid)
    world.close()
    # By hand: what no late refund made.
    world.member(2)[Member.RECEIVABLE] = world.state.head[Head.RECEIVABLES] = 10 * YUAN
    return world, accrued(world.member(2), world.head(Head.INDEX))


@pytest.mark.parametrize("kind", ["redeem", "convert", "spend"])
def test_dust_is_judged_at_the_price_before_a_debt_that_the_touch_collects(kind: str) -> None:
    world, collected = in_debt(4_680_000)
    held, reserve, supply = world.points(2), world.reserve, world.supply
    worth = held * (reserve + collected) // supply
    # Less than a yuan before the touch, more than one after it.
    assert held * reserve // supply < YUAN < worth
    actions = {
        "redeem": lambda: world.redeem(2, 1),
        "convert": lambda: world.convert(2, 1),
        "spend": lambda: world.spend(2, 1, 1),
    }
    answer = actions[kind]()
    # One unit alone would have been taken for nothing.
    assert (reserve + collected) // supply == 0
    assert answer.points == held
    assert world.points(2) == 0
    assert world.member(2)[Member.USED] == collected + worth


def test_a_unit_of_a_holding_that_is_no_dust_before_the_touch_is_refused_for_nothing() -> None:
    world, _ = in_debt(4_800_000)
    world.refused(Code.NOTHING_TO_PAY, world.redeem, 2, 1)
    assert world.points(2) * world.reserve > YUAN * world.supply


def coarse_world() -> World:
    """A pool that the rules cannot reach: the top price keeps an award from being coarse."""
    world = World(maturity_days=1, referral_rate=0, dividend_rate=0)
    world.buy(world.join(), 10 * YUAN)
    world.state.head[Head.LAST_PRICE] = 10**18
    return world


def test_an_award_that_loses_more_than_a_cent_waits() -> None:
    world = coarse_world()
    # 2.1 yuan at a yuan a unit are 2 units: 10 cents short.
    world.state.head[Head.LAST_PRICE] = 10**18
    world.close(2)
    assert (world.head(Head.ORDERS_MATURED), world.head(Head.ORDER_ESCROW)) == (0, 3 * YUAN)
    assert world.order(1)[Order.DUE_DAY] == world.day
    world.state.head[Head.LAST_PRICE] = 10**15
    world.close()
    assert (world.head(Head.ORDERS_MATURED), world.points(1)) == (1, 2_100)


def test_a_linked_order_has_no_award_to_wait_for() -> None:
    world = coarse_world()
    world.order(1)[Order.LINKED] = 1
    world.state.head[Head.QUOTA_PENDING] = 0
    world.close(2)
    assert (world.head(Head.ORDERS_MATURED), world.points(1)) == (1, 0)


def test_a_fixed_award_does_not_wait() -> None:
    world = coarse_world()
    opening, order = opening_of(world.state.head), world.order(1)
    assert waits(opening, order, world.terms)
    world.terms[Term.PER_SPEND] = 1
    assert not waits(opening, order, world.terms)


def test_a_funded_award_that_loses_more_than_a_cent_is_refused() -> None:
    world = World(**GOLDEN)
    world.join()
    world.fund(10 * YUAN)
    world.state.head[Head.LAST_PRICE] = 10**18
    world.refused(Code.NOTHING_TO_PAY, world.award, 1, 2 * YUAN, 1_010_001)
    result = [0] * RESULT_WIDTH
    command = rows.award_funded(0, 1, 0, 2 * YUAN, 1_010_000)
    assert may_award(world.state, command, result) == Code.ACCEPTED


@pytest.mark.parametrize("supply", [0, 3])
def test_a_cent_short_is_not_too_coarse_and_a_unit_more_is(supply: int) -> None:
    # The price is 100,000 µ¥ a unit: two units are worth 200,000 µ¥.
    pool = (300_000, 3, 0) if supply else (0, 0, 10**17)
    assert not is_too_coarse(210_000, 2, *pool)
    assert is_too_coarse(210_001, 2, *pool)


def test_a_value_of_a_cent_is_never_too_coarse() -> None:
    assert not is_too_coarse(10_000, 0, 10**12, 1, 0)
    assert is_too_coarse(10_001, 0, 10**12, 1, 0)
    assert not is_too_coarse(10**18, 2**63 - 1, 1, 1, 0)


@settings(max_examples=50)
@given(st.integers(100, 21 * POINT))
def test_what_stays_is_nothing_or_worth_having(points: int) -> None:
    world = one_buyer()
    reserve, supply = world.reserve, world.supply
    world.redeem(1, points)
    held = world.points(1)
    assert held == 0 or (held >= CENT_OF_A_POINT and held * reserve >= YUAN * supply)
