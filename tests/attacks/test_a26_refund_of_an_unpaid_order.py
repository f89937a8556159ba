"""A26: what was never paid is not refunded."""

from shareback.rules import commands as rows
from shareback.rules.codes import Code
from shareback.rules.decide import Refusal, decide, make_room
from shareback.rules.layout import Head
from tests.rules.world import YUAN, World


def test_an_order_that_was_never_paid_is_unknown() -> None:
    world = World(maturity_days=0)
    world.buy(world.join())
    world.fund(100 * YUAN)
    make_room(world.state)
    world.refused(Code.ORDER_UNKNOWN, world.refund, 2, YUAN)
    world.refused(Code.ORDER_UNKNOWN, world.refund, 0, YUAN)
    assert world.head(Head.FREE) == 100 * YUAN


def test_an_order_whose_payment_was_refused_is_unknown() -> None:
    world = World(maturity_days=0)
    world.join()
    world.refused(Code.AMOUNT_INVALID, world.buy, 1, 0)
    make_room(world.state)
    world.refused(Code.ORDER_UNKNOWN, world.refund, 1, 1)


def test_a_payment_that_was_never_made_is_unknown() -> None:
    world = World(maturity_days=0)
    world.join()
    make_room(world.state)
    for row in (rows.refund_coins(0, 1, 1), rows.refund_points_payment(0, 1, 1)):
        answer = decide(world.state, row)
        assert isinstance(answer, Refusal)
        assert answer.code is Code.PAYMENT_UNKNOWN
