"""A31: the referrer is frozen when an order is paid; naming one later takes nothing."""

from shareback.rules.codes import Code
from shareback.rules.layout import Order
from tests.rules.world import YUAN, World


def paid_without_referrer() -> World:
    """Member 3 paid before anybody referred it; all of them have bought before."""
    world = World(maturity_days=1)
    for _ in range(3):
        world.buy(world.join())
    world.close(2)
    world.buy(3)
    return world


def test_naming_a_referrer_after_the_purchase_takes_no_award() -> None:
    world = paid_without_referrer()
    world.set_referrer(3, 1)
    held = world.points(1)
    world.close(2)
    assert world.order(4)[Order.POINTS_REFERRER] == 0
    assert world.points(1) == held


def test_a_referrer_is_not_exchanged_for_another() -> None:
    world = paid_without_referrer()
    world.set_referrer(3, 1)
    order = world.buy(3, 1_000 * YUAN)
    world.refused(Code.REFERRER_ALREADY_SET, world.set_referrer, 3, 2)
    held = world.points(2)
    world.close(2)
    assert world.order(order)[Order.REFERRER] == 1
    assert world.points(2) == held


def test_a_late_refund_takes_it_back_from_whom_it_was_given_to() -> None:
    world = paid_without_referrer()
    world.set_referrer(3, 2)
    world.fund(100 * YUAN)
    order = world.buy(3)
    world.close(2)
    held = world.points(2)
    world.refund(order, 100 * YUAN)
    assert held - world.points(2) == world.order(order)[Order.POINTS_REFERRER] > 0
