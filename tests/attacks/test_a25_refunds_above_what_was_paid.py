"""A25: partial refunds never come to more than what was paid."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import Order, Payment
from tests.rules.world import COIN, GOLDEN, POINT, YUAN, World

parts = st.lists(st.integers(1, 40 * YUAN), min_size=3, max_size=12)


@settings(max_examples=40)
@given(parts, st.booleans())
def test_partial_refunds_of_an_order_stop_at_what_was_paid(money: list[int], late: bool) -> None:  # noqa: FBT001
    world = World(**GOLDEN)
    world.fund(1_000 * YUAN)
    order = world.buy(world.join(), received=int(late))
    given_back = 0
    for part in money:
        code = world.attempt(world.refund, order, part)
        fits = given_back + part <= 100 * YUAN
        assert code == (Code.ACCEPTED if fits else Code.REFUND_ABOVE_PAID)
        given_back += part if fits else 0
    assert world.order(order)[Order.REFUNDED] == given_back


@settings(max_examples=30)
@given(parts)
def test_partial_refunds_of_coins_stop_at_what_was_paid(coins: list[int]) -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.convert(1, 21 * POINT)
    world.open_shop()
    first = world.pay_coins(1, 1, 20 * COIN).number
    world.pay_coins(1, 1, 10 * COIN)
    given_back = 0
    for part in coins:
        code = world.attempt(world.refund_coins, first, part)
        fits = given_back + part <= 20 * COIN
        assert code == (Code.ACCEPTED if fits else Code.REFUND_ABOVE_PAID)
        given_back += part if fits else 0
    row = world.payment(first)
    assert (row[Payment.REFUNDED], row[Payment.AMOUNT]) == (given_back, 20 * COIN)


@pytest.mark.parametrize("late", [False, True])
def test_a_micro_yuan_above_is_refused_before_and_after_maturity(late: bool) -> None:  # noqa: FBT001
    world = World(**GOLDEN)
    order = world.buy(world.join(), received=int(late))
    world.refused(Code.REFUND_ABOVE_PAID, world.refund, order, 100 * YUAN + 1)
    world.refund(order, 100 * YUAN)
    world.refused(Code.REFUND_ABOVE_PAID, world.refund, order, 1)
