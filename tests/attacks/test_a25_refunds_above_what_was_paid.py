"""A25: partial refunds never come to more than what was paid."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import Order, Payment
from tests.rules.world import COIN, GOLDEN, POINT, YUAN, Refused, World

parts = st.lists(st.integers(1, 40 * YUAN), min_size=3, max_size=12)


@settings(max_examples=40)
@given(parts, st.booleans())
def test_partial_refunds_of_an_order_stop_at_what_was_paid(money: list[int], late: bool) -> None:  # noqa: FBT001
    world = World(**GOLDEN)
    world.fund(1_000 * YUAN)
    order = world.buy(world.join(), received=int(late))
    given_back = 0
    for part in money:
        try:
            world.refund(order, part)
        except Refused as refused:
            assert refused.refusal.code is Code.REFUND_ABOVE_PAID
            assert given_back + part > 100 * YUAN
        else:
            given_back += part
    assert world.order(order)[Order.REFUNDED] == given_back <= 100 * YUAN


@settings(max_examples=30)
@given(parts)
def test_partial_refunds_of_coins_stop_at_what_was_paid(coins: list[int]) -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.convert(1, 21 * POINT)
    world.open_shop()
    first = world.pay_coins(1, 1, 20 * COIN).number
    world.pay_coins(1, 1, 10 * COIN)
    for part in coins:
        try:
            world.refund_coins(first, part)
        except Refused as refused:
            assert refused.refusal.code is Code.REFUND_ABOVE_PAID
    row = world.payment(first)
    assert row[Payment.REFUNDED] <= row[Payment.AMOUNT] == 20 * COIN


@pytest.mark.parametrize("late", [False, True])
def test_a_micro_yuan_above_is_refused_before_and_after_maturity(late: bool) -> None:  # noqa: FBT001
    world = World(**GOLDEN)
    order = world.buy(world.join(), received=int(late))
    world.refused(Code.REFUND_ABOVE_PAID, world.refund, order, 100 * YUAN + 1)
    world.refund(order, 100 * YUAN)
    world.refused(Code.REFUND_ABOVE_PAID, world.refund, order, 1)
