"""A36: a coin is settled once: exchanged, given back or passed on, and then it is gone."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import Head, Merchant
from tests.rules.world import COIN, GOLDEN, POINT, YUAN, Refused, World


def receipt() -> World:
    """Payment 1: 20 coins at shop 1."""
    world = World(**GOLDEN)
    world.buy(world.join())
    world.convert(1, 14 * POINT)
    world.open_shop()
    world.open_shop()
    world.pay_coins(1, 1, 20 * COIN)
    return world


def test_coins_are_exchanged_once() -> None:
    world = receipt()
    world.exchange(1, 20 * COIN)
    world.refused(Code.COINS_SHORT, world.exchange, 1, 1)
    assert world.head(Head.COINS_RETIRED) == 20 * COIN


def test_coins_that_were_exchanged_are_not_given_back() -> None:
    world = receipt()
    world.exchange(1, 20 * COIN)
    world.refused(Code.COINS_SHORT, world.refund_coins, 1, 1)


def test_coins_that_were_given_back_are_not_exchanged_nor_given_back_again() -> None:
    world = receipt()
    world.refund_coins(1, 20 * COIN)
    world.refused(Code.COINS_SHORT, world.exchange, 1, 1)
    world.refused(Code.REFUND_ABOVE_PAID, world.refund_coins, 1, 1)


def test_coins_that_were_passed_on_are_not_exchanged_by_both() -> None:
    world = receipt()
    world.pay_coins(0, 2, 20 * COIN, payer=1)
    world.refused(Code.COINS_SHORT, world.exchange, 1, 1)
    world.exchange(2, 20 * COIN)


def test_points_of_coins_are_sold_once() -> None:
    world = receipt()
    world.exchange(1, 20 * COIN)
    world.redeem_merchant(1, world.shop(1)[Merchant.POINTS])
    world.refused(Code.POINTS_SHORT, world.redeem_merchant, 1, 1)
    assert world.payable(1) == 18 * YUAN
    world.settle(1, 18 * YUAN)
    world.refused(Code.PAYABLE_SHORT, world.settle, 1, 1)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 20 * COIN)), max_size=12))
def test_whatever_is_tried_twenty_coins_settle_for_eighteen_yuan_at_most(
    tries: list[tuple[int, int]],
) -> None:
    world = receipt()
    for kind, amount in tries:
        try:
            if kind == 0:
                world.exchange(1, amount)
            elif kind == 1:
                world.refund_coins(1, amount)
            elif kind == 2:
                world.pay_coins(0, 2, amount, payer=1)
            else:
                world.redeem_merchant(1, min(amount * 70, world.shop(1)[Merchant.POINTS]))
        except Refused:
            continue
    retired, held = world.head(Head.COINS_RETIRED), world.head(Head.COINS_MERCHANTS)
    assert retired + held + world.head(Head.COINS_MEMBERS) == 20 * COIN
    assert world.payable(1) * 10 <= retired * 9
