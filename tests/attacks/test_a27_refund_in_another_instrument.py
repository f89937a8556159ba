"""A27: what was paid with coins or points comes back as such, and never as cash."""

from shareback.rules.codes import Code
from shareback.rules.layout import Head, Member
from tests.rules.world import COIN, POINT, YUAN, World


def payments() -> World:
    """Payment 1 is of points, payment 2 of coins; order 1 of cash."""
    world = World(maturity_days=0, dividend_rate=0)
    world.buy(world.join())
    world.open_shop()
    world.spend(1, 1, 7 * POINT)
    world.convert(1, 7 * POINT)
    world.pay_coins(1, 1, 10 * COIN)
    world.fund(100 * YUAN)
    return world


def test_coins_cannot_come_back_as_points_nor_points_as_coins() -> None:
    world = payments()
    world.refused(Code.PAYMENT_UNKNOWN, world.refund_coins, 1, COIN)
    world.refused(Code.PAYMENT_UNKNOWN, world.return_goods, 2, YUAN)


def test_neither_comes_back_as_cash() -> None:
    world = payments()
    before = (world.cash(1), world.head(Head.FREE), world.head(Head.BANK))
    # There is one order of cash; a payment's number is no order.
    world.state.orders.append([0] * len(world.state.orders[0]))
    world.refused(Code.ORDER_UNKNOWN, world.refund, 2, YUAN)
    world.refund_coins(2, 10 * COIN)
    world.return_goods(1, 10 * YUAN)
    assert (world.cash(1), world.head(Head.FREE), world.head(Head.BANK)) == before
    assert world.member(1)[Member.COINS] == 10 * COIN
    assert world.points(1) == 14 * POINT


def test_the_refund_of_a_cash_order_gives_neither_points_nor_coins() -> None:
    world = payments()
    coins, points = world.member(1)[Member.COINS], world.points(1)
    world.refund(1, 100 * YUAN)
    assert world.member(1)[Member.COINS] == coins
    assert world.points(1) <= points
