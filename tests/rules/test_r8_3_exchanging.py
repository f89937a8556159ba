"""R8.3: coins come back as points that fetch at most what the coins cost, less the fee."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import EffectKind, Head, Merchant
from tests.rules.world import COIN, GOLDEN, POINT, YUAN, World


def shop_with_coins(**parameters: object) -> World:
    """R = 30 yuan, S = 21 points, all in escrow; shop 1 holds the 30 coins."""
    world = World(**(GOLDEN | parameters))
    world.buy(world.join())
    world.convert(1, 21 * POINT)
    world.open_shop()
    world.pay_coins(1, 1, 30 * COIN)
    return world


def account(world: World) -> tuple[int, int, int, int]:
    """Points, their cost, coins and money of the shop."""
    row = world.shop(1)
    return (
        row[Merchant.POINTS],
        row[Merchant.COST],
        row[Merchant.COINS],
        row[Merchant.PAYABLE],
    )


def test_coins_are_retired_for_points_out_of_escrow() -> None:
    world = shop_with_coins()
    answer = world.exchange(1, 10 * COIN)
    assert answer.points == 7 * POINT
    assert account(world) == (7 * POINT, 10 * YUAN, 20 * COIN, 0)
    assert world.head(Head.COINS_RETIRED) == 10 * COIN
    assert (world.head(Head.POINTS_ESCROW), world.supply) == (14 * POINT, 21 * POINT)
    assert world.events[0].kind == EffectKind.COINS_EXCHANGED


def test_refuses_when_coins_are_one_unit_short() -> None:
    world = shop_with_coins()
    refusal = world.refused(Code.COINS_SHORT, world.exchange, 1, 30 * COIN + 1)
    assert (refusal.have, refusal.need) == (30 * COIN, 30 * COIN + 1)
    world.exchange(1, 30 * COIN)
    world.refused(Code.MERCHANT_UNKNOWN, world.exchange, 0, 1)


def test_refuses_coins_that_buy_no_unit() -> None:
    world = World(**(GOLDEN | {"issue_price": 1_000_000}))
    world.buy(world.join(), 1_000 * YUAN)
    world.convert(1, world.points(1))
    world.open_shop()
    world.pay_coins(1, 1, COIN)
    world.refused(Code.NOTHING_TO_PAY, world.exchange, 1, 9_999)
    assert world.exchange(1, 10_000).points == 1


def test_what_the_points_gained_stays_in_the_reserve() -> None:
    world = shop_with_coins()
    world.exchange(1, 30 * COIN)
    world.buy(world.join())
    answer = world.redeem_merchant(1, 21 * POINT)
    # 35.29 yuan by price, 30 by cost, 27 after the fee.
    assert (answer.money_uyuan, answer.fee_uyuan) == (30 * YUAN, 3 * YUAN)
    assert account(world) == (0, 0, 0, 27 * YUAN)
    assert (world.reserve, world.supply) == (33 * YUAN, 1_470_000_000)


@pytest.mark.parametrize("points", [7 * POINT, 7 * POINT + 1, 10 * POINT - 1])
def test_a_part_of_the_points_takes_its_part_of_the_cost_rounded_down(points: int) -> None:
    world = shop_with_coins()
    world.exchange(1, 30 * COIN)
    world.buy(world.join())
    answer = world.redeem_merchant(1, points)
    part = 30 * YUAN * points // (21 * POINT)
    assert answer.money_uyuan == part
    assert world.shop(1)[Merchant.COST] == 30 * YUAN - part


def test_the_fee_is_rounded_up() -> None:
    world = shop_with_coins()
    world.exchange(1, 30 * COIN)
    answer = world.redeem_merchant(1, 7 * POINT + 1)
    assert (answer.money_uyuan, answer.fee_uyuan) == (10 * YUAN, YUAN)
    again = shop_with_coins(redemption_fee="0.100001")
    again.exchange(1, 30 * COIN)
    assert again.redeem_merchant(1, POINT).fee_uyuan == -(-1_428_571 * 100_001 // 10**6)


def test_refuses_when_points_are_one_unit_short() -> None:
    world = shop_with_coins()
    world.exchange(1, 10 * COIN)
    refusal = world.refused(Code.POINTS_SHORT, world.redeem_merchant, 1, 7 * POINT + 1)
    assert (refusal.have, refusal.need) == (7 * POINT, 7 * POINT + 1)
    world.redeem_merchant(1, 7 * POINT)
    world.refused(Code.MERCHANT_UNKNOWN, world.redeem_merchant, 0, 1)


def test_refuses_points_that_fetch_nothing() -> None:
    world = shop_with_coins()
    world.exchange(1, 30 * COIN)
    # 70 units cost 1 µ¥, 69 cost 0.99.
    world.refused(Code.NOTHING_TO_PAY, world.redeem_merchant, 1, 69)
    assert world.redeem_merchant(1, 70).money_uyuan == 1


def test_coins_earned_later_add_their_own_cost() -> None:
    world = shop_with_coins()
    world.exchange(1, 10 * COIN)
    world.buy(world.join())
    points = world.exchange(1, 20 * COIN).points
    assert points == 20 * YUAN * world.supply // world.reserve
    assert world.shop(1)[Merchant.COST] == 30 * YUAN


@settings(max_examples=50)
@given(
    st.lists(st.integers(1_000, 15 * COIN), min_size=1, max_size=4),
    st.lists(st.integers(1, 10**10), max_size=3),
    st.lists(st.integers(70, 21 * POINT), min_size=1, max_size=5),
)
def test_a_merchant_never_gets_more_than_the_coins_cost_less_the_fee(
    exchanged: list[int], bought: list[int], sold: list[int]
) -> None:
    world = shop_with_coins(quota_multiple=1_000)
    cost = 0
    for coins in exchanged:
        if coins <= world.shop(1)[Merchant.COINS]:
            world.exchange(1, coins)
            cost += coins
    for paid in bought:
        world.buy(1, paid)
    for points in sold:
        row = world.shop(1)
        if points <= row[Merchant.POINTS] and row[Merchant.COST] * points >= row[Merchant.POINTS]:
            world.redeem_merchant(1, points)
    assert world.payable(1) * 10 <= cost * 9
    assert world.payable(1) + world.shop(1)[Merchant.COST] <= cost
    assert world.head(Head.EXITS) == 0
