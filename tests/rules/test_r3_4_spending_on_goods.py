"""R3.4: points pay for goods at the price; the money goes to the order's merchant."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import EffectKind, Head, Member, Payment
from tests.rules.world import GOLDEN, POINT, YUAN, World


def shop_with_buyers(**parameters: object) -> World:
    """R = 60 yuan, S = 35.7 points, a shop."""
    world = World(**(GOLDEN | parameters))
    world.buy(world.join())
    world.buy(world.join())
    world.open_shop()
    return world


def test_points_pay_the_merchant_without_a_fee() -> None:
    world = shop_with_buyers()
    answer = world.spend(1, 1, 21 * POINT)
    assert (answer.number, answer.money_uyuan, answer.fee_uyuan) == (1, 35_294_117, 0)
    assert (world.payable(1), world.cash(1), world.points(1)) == (35_294_117, 0, 0)
    assert world.reserve == 60 * YUAN - 35_294_117
    assert world.payment(1)[Payment.AMOUNT] == 35_294_117
    assert world.events[0].kind == EffectKind.POINTS_SPENT


@pytest.mark.parametrize(("fee", "kept"), [("0.000001", 36), ("0.1", 3_529_412)])
def test_a_fee_for_goods_is_rounded_up_and_stays_in_the_reserve(fee: str, kept: int) -> None:
    world = shop_with_buyers(goods_redemption_fee=fee)
    assert world.spend(1, 1, 21 * POINT).fee_uyuan == kept
    assert world.payable(1) == 35_294_117 - kept
    assert world.member(1)[Member.USED] == 35_294_117


def test_refuses_when_points_are_one_unit_short() -> None:
    world = shop_with_buyers()
    world.refused(Code.POINTS_SHORT, world.spend, 1, 1, 21 * POINT + 1)
    world.spend(1, 1, 21 * POINT)


def test_refuses_points_worth_less_than_a_unit_of_money() -> None:
    world = shop_with_buyers()
    world.refused(Code.NOTHING_TO_PAY, world.spend, 1, 1, 59)
    world.spend(1, 1, 60)


def test_refuses_an_unknown_member_or_merchant() -> None:
    world = shop_with_buyers()
    world.refused(Code.MEMBER_UNKNOWN, world.spend, 0, 1, POINT)
    world.refused(Code.MERCHANT_UNKNOWN, world.spend, 1, 0, POINT)


def test_refuses_goods_of_the_members_own_shop() -> None:
    world = shop_with_buyers()
    world.link(1, 1, 7)
    world.refused(Code.LINKED_PARTIES, world.spend, 1, 1, POINT)
    world.spend(2, 1, POINT)


def test_spending_uses_quota_and_earns_nothing() -> None:
    world = shop_with_buyers()
    granted, pot = world.head(Head.QUOTA_GRANTED), world.head(Head.POT)
    world.spend(1, 1, 7 * POINT)
    assert world.member(1)[Member.USED] == world.payable(1) == 11_764_705
    assert world.points(1) == 14 * POINT
    assert (world.head(Head.QUOTA_GRANTED), world.head(Head.POT)) == (granted, pot)


def test_what_a_merchant_is_owed_can_be_paid_out_and_not_one_unit_more() -> None:
    world = shop_with_buyers()
    world.spend(1, 1, 21 * POINT)
    refusal = world.refused(Code.PAYABLE_SHORT, world.settle, 1, 35_294_118)
    assert (refusal.have, refusal.need) == (35_294_117, 35_294_118)
    bank = world.head(Head.BANK)
    world.settle(1, 35_294_117)
    assert (world.payable(1), world.head(Head.BANK)) == (0, bank - 35_294_117)
    world.refused(Code.MERCHANT_UNKNOWN, world.settle, 0, 1)


@settings(max_examples=50)
@given(st.integers(100, 21 * POINT), st.integers(0, 500_000))
def test_merchant_and_reserve_share_what_the_points_are_worth(points: int, fee: int) -> None:
    world = shop_with_buyers(goods_redemption_fee=f"0.{fee:06}")
    answer = world.spend(1, 1, points)
    assert answer.money_uyuan == answer.points * 60 * YUAN // 3_570_000_000
    assert world.payable(1) + world.reserve == 60 * YUAN
    assert world.payable(1) == answer.money_uyuan * (10**6 - fee) // 10**6
