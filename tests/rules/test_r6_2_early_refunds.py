"""R6.2: before maturity a refund shrinks the escrow, and the pool never saw the money."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import Head, Order, OrderState
from tests.rules.world import GOLDEN, POINT, YUAN, World


def test_escrow_and_pending_quota_shrink_with_the_net() -> None:
    world = World()
    order = world.buy(world.join())
    world.refund(order, 40 * YUAN)
    assert world.head(Head.ORDER_ESCROW) == world.head(Head.BANK) == 27 * YUAN
    assert world.head(Head.QUOTA_PENDING) == 120 * YUAN
    assert world.head(Head.ORDERS_REFUNDED) == 1


def test_the_award_is_computed_from_what_is_left() -> None:
    world = World(maturity_days=1, dividend_rate=0)
    order = world.buy(world.join())
    world.refund(order, 100 * YUAN - 1)
    world.close(2)
    assert (world.awarded(order), world.left(1)) == (0, 2)
    again = world.buy(1)
    world.refund(again, 50 * YUAN)
    world.close(2)
    assert world.awarded(again) == 1_050_000_000


def test_refuses_a_unit_more_than_what_is_left() -> None:
    world = World()
    order = world.buy(world.join())
    world.refund(order, 60 * YUAN)
    refusal = world.refused(Code.REFUND_ABOVE_PAID, world.refund, order, 40 * YUAN + 1)
    assert (refusal.have, refusal.need) == (40 * YUAN, 40 * YUAN + 1)
    world.refund(order, 40 * YUAN)


def test_an_order_that_is_given_back_whole_is_closed_and_never_matures() -> None:
    world = World(maturity_days=1)
    order = world.buy(world.join())
    world.refund(order, 100 * YUAN)
    assert world.order(order)[Order.STATE] == OrderState.CLOSED
    assert (world.head(Head.ORDERS_PENDING), world.head(Head.BANK)) == (0, 0)
    world.close(3)
    assert world.head(Head.ORDERS_MATURED) == 0
    world.refused(Code.REFUND_ABOVE_PAID, world.refund, order, 1)


def test_a_closed_order_is_not_received() -> None:
    world = World()
    order = world.buy(world.join(), received=0)
    world.refund(order, 100 * YUAN)
    world.refused(Code.ORDER_CLOSED, world.receive, order)
    other = world.buy(1)
    world.refund(other, 100 * YUAN)
    world.refused(Code.ALREADY_RECEIVED, world.receive, other)


def test_an_early_refund_needs_no_approvers_however_large() -> None:
    world = World()
    order = world.buy(world.join(), 10**6 * YUAN)
    world.refund(order, 10**6 * YUAN, approvals=0)


def test_an_order_that_nobody_paid_is_not_given_back() -> None:
    world = World()
    world.refused(Code.ORDER_UNKNOWN, world.refund, 0, 1)
    world.refused(Code.ORDER_UNKNOWN, world.receive, 0)


def test_many_refunds_count_one_order() -> None:
    world = World()
    order = world.buy(world.join())
    for _ in range(3):
        world.refund(order, YUAN)
    assert world.head(Head.ORDERS_REFUNDED) == 1


@settings(max_examples=50)
@given(
    st.integers(1, 10**10),
    st.integers(0, 100),
    st.lists(st.integers(1, 10**10), max_size=5),
)
def test_however_refunds_are_cut_what_matures_is_that_of_the_net(
    paid: int, share: int, refunds: list[int]
) -> None:
    parts = World(maturity_days=1)
    parts.join()
    order = parts.buy(1, paid, profit=paid * share // 100)
    net = paid
    for money in refunds:
        if money <= net:
            parts.refund(order, money)
            net -= money
    once = World(maturity_days=1)
    once.join()
    other = once.buy(1, paid, profit=paid * share // 100)
    if net < paid:
        once.refund(other, paid - net)
    assert parts.state.head[:40] == once.state.head[:40]
    parts.close(2)
    once.close(2)
    assert parts.points(1) == once.points(1)
    assert parts.state.head[:40] == once.state.head[:40]


def test_where_all_matures_at_once_there_is_no_early_refund_of_what_was_received() -> None:
    world = World(**GOLDEN)
    order = world.buy(world.join(), received=0)
    world.refund(order, 50 * YUAN)
    world.receive(order)
    assert world.points(1) == 1_050_000_000 == 21 * POINT // 2
