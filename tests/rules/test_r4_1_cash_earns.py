"""R4.1: only cash earns; what is paid with points or coins earns nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import Head, Order
from tests.rules.world import GOLDEN, POINT, YUAN, World


def earned(world: World) -> tuple[int, ...]:
    """All that a purchase can earn."""
    columns = (Head.ISSUED, Head.QUOTA_GRANTED, Head.QUOTA_PENDING, Head.POT, Head.ORDER_ESCROW)
    return tuple(world.head(column) for column in columns)


def with_a_shop() -> World:
    world = World(maturity_days=0)
    world.buy(world.join())
    world.open_shop()
    return world


def test_goods_paid_with_points_earn_nothing() -> None:
    world = with_a_shop()
    before = earned(world)
    world.spend(1, 1, 10 * POINT)
    world.close(9)
    assert world.head(Head.ORDERS) == 1
    assert earned(world)[:3] == before[:3]


def test_goods_paid_with_coins_earn_nothing() -> None:
    world = with_a_shop()
    world.convert(1, 14 * POINT)
    before = earned(world)
    world.pay_coins(1, 1, 20 * YUAN)
    assert earned(world) == before
    assert world.reserve == 30 * YUAN


def test_the_cash_part_of_a_cart_earns_by_itself() -> None:
    world = World(**GOLDEN)
    world.join()
    whole = world.buy(1, 60 * YUAN)
    assert world.awarded(whole) == 60 * 21 * POINT // 100
    assert world.order(whole)[Order.PAID] == 60 * YUAN


def test_an_order_of_no_cash_is_none() -> None:
    world = World(**GOLDEN)
    world.refused(Code.AMOUNT_INVALID, world.buy, world.join(), 0)
    world.buy(1, 1)


@settings(max_examples=50)
@given(st.integers(1, 10**12), st.integers(0, 10**12))
def test_all_shares_are_those_of_the_net_cash(paid: int, profit: int) -> None:
    profit = min(profit, paid)
    world = World(maturity_days=1)
    world.buy(world.join(), paid, profit=profit)
    contribution = paid * 3 // 10
    dividend = min(profit * 3 // 10, max(0, profit - contribution))
    assert world.head(Head.ORDER_ESCROW) == contribution + dividend
    assert world.head(Head.QUOTA_PENDING) == 2 * paid
    world.close(2)
    assert (world.head(Head.POT), world.head(Head.QUOTA_GRANTED)) == (dividend, 2 * paid)
    # Where the award comes to no point, the contribution is nobody's.
    assert world.reserve + world.head(Head.BOUND) == contribution
