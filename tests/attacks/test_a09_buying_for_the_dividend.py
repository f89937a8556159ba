"""A9: who buys just before the close earns nothing of its dividend."""

from shareback.rules.codes import Code
from shareback.rules.layout import Head, Member
from shareback.rules.member import accrued
from tests.rules.world import YUAN, World


def regulars(days: int) -> World:
    """Ten members whose orders have matured, and a pot for the next close."""
    world = World(maturity_days=days, referral_rate=0)
    for _ in range(10):
        world.buy(world.join())
    world.close(days + 1)
    return world


def dividends(world: World, member: int) -> int:
    """Dividends that a member was credited, and those that it would be now."""
    row = world.member(member)
    return row[Member.DIVIDENDS] + accrued(row, world.head(Head.INDEX))


def sold_out(world: World, member: int) -> int:
    """All the money that a member has once it has sold everything."""
    world.redeem(member, world.points(member))
    return world.cash(member)


def test_an_order_paid_on_the_day_has_no_part_in_it() -> None:
    world = regulars(7)
    whale = world.join()
    world.buy(whale, 10**6 * YUAN)
    world.close()
    index = world.head(Head.INDEX)
    assert accrued(world.member(whale), index) == 0
    assert accrued(world.member(1), index) == 14_999_999
    world.refused(Code.CASH_SHORT, world.withdraw, whale, 1)


def test_nor_has_an_order_that_matures_at_that_very_close() -> None:
    world = regulars(1)
    whale = world.join()
    world.buy(whale, 10**6 * YUAN)
    world.close()
    world.buy(1)
    world.close()
    assert world.points(whale) > 0
    assert accrued(world.member(whale), world.head(Head.INDEX)) == 0


def test_the_pot_holds_nothing_of_an_order_that_can_still_go_back() -> None:
    world = regulars(7)
    pot = world.head(Head.POT)
    whale = world.buy(world.join(), 10**6 * YUAN)
    assert world.head(Head.POT) == pot
    world.close()
    world.refund(whale, 10**6 * YUAN)
    assert world.head(Head.DIVIDENDS_IN) == 150 * YUAN
    assert world.head(Head.ORDER_ESCROW) == 0


def test_buying_selling_and_buying_again_around_the_close_earns_no_more_than_holding() -> None:
    hopping, holding = regulars(1), regulars(1)
    for _ in range(3):
        hopping.redeem(1, hopping.points(1))
        hopping.buy(1)
        holding.buy(1)
        for world in (hopping, holding):
            world.close(2)
    assert hopping.points(1) < holding.points(1)
    # At each close the hopper held nothing: it has had no dividend, for all its orders.
    assert dividends(hopping, 1) == 0 < dividends(holding, 1)
    assert sold_out(hopping, 1) < sold_out(holding, 1)


def test_buying_just_before_each_close_and_selling_after_it_brings_less_than_holding() -> None:
    hopping, holding = regulars(0), regulars(0)
    for _ in range(3):
        for world in (hopping, holding):
            world.buy(1)
            world.close()
        hopping.redeem(1, hopping.points(1))
    assert 0 < dividends(hopping, 1) < dividends(holding, 1)
    assert hopping.cash(1) < sold_out(holding, 1)
