"""R8.2: coins pay merchants and come back by the same payment; goods for points likewise."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import EffectKind, Head, Member, Merchant, Payment
from tests.rules.world import COIN, GOLDEN, POINT, YUAN, World


def coined(**parameters: object) -> World:
    """Member 1 holds 20 coins and 7 points; two shops."""
    world = World(**(GOLDEN | parameters))
    world.buy(world.join())
    world.convert(1, 14 * POINT)
    world.open_shop()
    world.open_shop()
    return world


def coins(world: World) -> list[int]:
    """What the member and both shops hold."""
    return [world.member(1)[Member.COINS], *(world.shop(shop)[Merchant.COINS] for shop in (1, 2))]


def test_coins_move_from_member_to_merchant_and_on_to_another() -> None:
    world = coined()
    assert world.pay_coins(1, 1, 12 * COIN).number == 1
    assert world.events[0].kind == EffectKind.COINS_PAID
    assert world.pay_coins(0, 2, 5 * COIN, payer=1).number == 2
    assert coins(world) == [8 * COIN, 7 * COIN, 5 * COIN]
    assert world.head(Head.COINS_MEMBERS) == 8 * COIN
    assert world.head(Head.COINS_MERCHANTS) == 12 * COIN


def test_refuses_when_coins_are_one_unit_short() -> None:
    world = coined()
    refusal = world.refused(Code.COINS_SHORT, world.pay_coins, 1, 1, 20 * COIN + 1)
    assert (refusal.have, refusal.need) == (20 * COIN, 20 * COIN + 1)
    world.pay_coins(1, 1, 20 * COIN)
    world.refused(Code.COINS_SHORT, world.pay_coins, 0, 2, 20 * COIN + 1, 1)
    world.pay_coins(0, 2, 20 * COIN, payer=1)


def test_a_payment_names_one_payer_and_a_merchant() -> None:
    world = coined()
    world.refused(Code.MEMBER_UNKNOWN, world.pay_coins, 0, 1, 1)
    world.refused(Code.MEMBER_UNKNOWN, world.pay_coins, 1, 1, 1, 2)
    world.refused(Code.MERCHANT_UNKNOWN, world.pay_coins, 1, 0, 1)
    world.state.merchants.append([0] * len(world.state.merchants[0]))
    world.refused(Code.MERCHANT_UNKNOWN, world.pay_coins, 0, 1, 1, 3)


def test_a_merchant_does_not_pay_itself() -> None:
    world = coined()
    world.pay_coins(1, 1, 12 * COIN)
    world.refused(Code.LINKED_PARTIES, world.pay_coins, 0, 1, 1, 1)


def test_coins_go_back_the_way_they_came() -> None:
    world = coined()
    first = world.pay_coins(1, 1, 12 * COIN).number
    second = world.pay_coins(0, 2, 5 * COIN, payer=1).number
    world.refund_coins(second, 2 * COIN)
    assert coins(world) == [8 * COIN, 9 * COIN, 3 * COIN]
    world.refund_coins(first, 9 * COIN)
    assert coins(world) == [17 * COIN, 0, 3 * COIN]
    assert world.payment(first)[Payment.REFUNDED] == 9 * COIN


def test_no_more_comes_back_than_was_paid() -> None:
    world = coined()
    number = world.pay_coins(1, 1, 12 * COIN).number
    world.refund_coins(number, 5 * COIN)
    refusal = world.refused(Code.REFUND_ABOVE_PAID, world.refund_coins, number, 7 * COIN + 1)
    assert (refusal.have, refusal.need) == (7 * COIN, 7 * COIN + 1)
    world.refund_coins(number, 7 * COIN)


def test_a_merchant_gives_back_only_what_it_still_holds() -> None:
    world = coined()
    number = world.pay_coins(1, 1, 12 * COIN).number
    world.exchange(1, 5 * COIN)
    refusal = world.refused(Code.COINS_SHORT, world.refund_coins, number, 7 * COIN + 1)
    assert (refusal.have, refusal.need) == (7 * COIN, 7 * COIN + 1)
    world.refund_coins(number, 7 * COIN)


def spent(**parameters: object) -> World:
    """Payment 1: 14 points, 20 yuan, at shop 1."""
    world = World(**(GOLDEN | parameters))
    world.buy(world.join())
    world.open_shop()
    world.spend(1, 1, 14 * POINT)
    return world


def test_goods_paid_with_points_come_back_as_points_at_todays_price() -> None:
    world = spent()
    world.open_shop(party=3)
    world.buy(world.join(party=3), merchant=2)
    # R = 40 yuan for 7 points.
    answer = world.return_goods(1, 20 * YUAN)
    assert answer.points == 350_000_000
    assert (world.reserve, world.supply) == (60 * YUAN, 1_050_000_000)
    assert (world.payable(1), world.member(1)[Member.USED]) == (0, 0)
    assert world.events[0].kind == EffectKind.GOODS_RETURNED


def test_goods_come_back_in_parts_and_no_more_than_was_paid() -> None:
    world = spent()
    world.return_goods(1, 15 * YUAN)
    refusal = world.refused(Code.REFUND_ABOVE_PAID, world.return_goods, 1, 5 * YUAN + 1)
    assert (refusal.have, refusal.need) == (5 * YUAN, 5 * YUAN + 1)
    world.return_goods(1, 5 * YUAN)
    assert world.points(1) == 21 * POINT


def test_the_merchant_must_still_have_the_money() -> None:
    world = spent()
    world.settle(1, 5 * YUAN)
    refusal = world.refused(Code.PAYABLE_SHORT, world.return_goods, 1, 15 * YUAN + 1)
    assert (refusal.have, refusal.need) == (15 * YUAN, 15 * YUAN + 1)
    world.return_goods(1, 15 * YUAN)


@pytest.mark.parametrize(("cap", "fits"), [("35", True), ("34.99999999", False)])
def test_points_that_come_back_are_issued_under_the_cap(cap: str, fits: bool) -> None:  # noqa: FBT001
    world = spent(supply_cap=cap)
    if fits:
        world.return_goods(1, 20 * YUAN)
    else:
        refusal = world.refused(Code.SUPPLY_CAP_REACHED, world.return_goods, 1, 20 * YUAN)
        assert (refusal.have, refusal.need) == (14 * POINT - 1, 14 * POINT)


def test_goods_may_come_back_when_no_point_is_left() -> None:
    world = spent()
    world.redeem(1, 7 * POINT)
    assert world.supply == 0
    last = world.price
    assert world.return_goods(1, 20 * YUAN).points == 20 * YUAN * 10**12 // last


def test_quota_used_does_not_fall_below_nothing() -> None:
    world = spent()
    world.state.members[1][Member.USED] = 5 * YUAN
    world.state.head[Head.QUOTA_OPEN] += 15 * YUAN
    world.state.members[1][Member.OPEN] += 15 * YUAN
    world.return_goods(1, 20 * YUAN)
    assert world.member(1)[Member.USED] == 0


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(1, 3), st.integers(1, 20 * COIN)), max_size=12
    )
)
def test_paying_and_giving_back_makes_and_loses_no_coin(moves: list[tuple[int, int, int]]) -> None:
    world = coined()
    for kind, one, amount in moves:
        if kind == 0 and amount <= coins(world)[0]:
            world.pay_coins(1, one % 2 + 1, amount)
        elif kind == 1 and amount <= coins(world)[one % 2 + 1]:
            world.pay_coins(0, 2 - one % 2, amount, payer=one % 2 + 1)
        elif kind == 2 and one <= world.head(Head.PAYMENTS):
            row = world.payment(one)
            rest = row[Payment.AMOUNT] - row[Payment.REFUNDED]
            held = world.shop(row[Payment.MERCHANT])[Merchant.COINS]
            if min(rest, held) > 0:
                world.refund_coins(one, min(amount, rest, held))
    assert sum(coins(world)) == 20 * COIN == world.head(Head.COINS_ISSUED)


def test_a_payment_of_the_other_kind_or_of_nobody_is_unknown() -> None:
    world = spent()
    world.refused(Code.PAYMENT_UNKNOWN, world.refund_coins, 1, 1)
    world.refused(Code.PAYMENT_UNKNOWN, world.return_goods, 0, 1)
