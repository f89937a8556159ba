"""A35: a merchant gets for coins at most their cost, less the fee: no way round fee or quota."""

import pytest

from shareback.rules.codes import Code
from shareback.rules.layout import Member, Merchant
from tests.rules.world import COIN, GOLDEN, POINT, YUAN, World


def holder() -> World:
    """R = 60 yuan, S = 35.7 points; three shops."""
    world = World(**GOLDEN)
    world.buy(world.join())
    world.buy(world.join())
    for _ in range(3):
        world.open_shop()
    return world


def test_selling_through_a_merchant_fetches_no_more_than_selling_oneself() -> None:
    own, through = holder(), holder()
    own.redeem(1, 21 * POINT)
    coins = through.convert(1, 21 * POINT).money_uyuan
    through.pay_coins(1, 1, coins)
    through.exchange(1, coins)
    through.redeem_merchant(1, through.shop(1)[Merchant.POINTS])
    assert through.payable(1) <= own.cash(1)
    assert through.member(1)[Member.USED] == own.member(1)[Member.USED]


@pytest.mark.parametrize("orders", [1, 10, 50])
def test_waiting_with_coins_or_with_points_of_coins_grows_nothing(orders: int) -> None:
    world = holder()
    coins = world.convert(1, 21 * POINT).money_uyuan
    world.pay_coins(1, 1, coins)
    world.exchange(1, coins // 2)
    for _ in range(orders):
        world.buy(world.join())
    world.exchange(1, world.shop(1)[Merchant.COINS])
    world.redeem_merchant(1, world.shop(1)[Merchant.POINTS])
    assert world.payable(1) * 10 <= coins * 9


def test_passing_coins_through_many_merchants_changes_nothing() -> None:
    world = holder()
    coins = world.convert(1, 21 * POINT).money_uyuan
    world.pay_coins(1, 1, coins)
    for payer, merchant in ((1, 2), (2, 3), (3, 1), (1, 3)):
        world.pay_coins(0, merchant, coins, payer=payer)
    world.exchange(3, coins)
    world.redeem_merchant(3, world.shop(3)[Merchant.POINTS])
    assert world.payable(3) * 10 <= coins * 9


def test_coins_are_never_paid_out_as_money() -> None:
    world = holder()
    world.convert(1, 21 * POINT)
    world.pay_coins(1, 1, 20 * COIN)
    world.refused(Code.PAYABLE_SHORT, world.settle, 1, 1)
    world.refused(Code.CASH_SHORT, world.withdraw, 1, 1)


def test_a_sham_sale_for_points_at_ones_own_shop_is_refused() -> None:
    world = holder()
    world.link(1, 1, 5)
    world.refused(Code.LINKED_PARTIES, world.spend, 1, 1, POINT)


def test_a_sham_sale_at_a_friends_shop_uses_the_quota_as_any_sale_does() -> None:
    world = holder()
    before = world.left(1)
    answer = world.spend(1, 1, 21 * POINT)
    assert world.left(1) == before - answer.money_uyuan
    assert world.payable(1) == answer.money_uyuan - answer.fee_uyuan == 35_294_117


def test_where_goods_have_the_same_fee_a_sham_sale_saves_nothing() -> None:
    own = World(**(GOLDEN | {"goods_redemption_fee": "0.1"}))
    own.buy(own.join())
    own.open_shop()
    own.spend(1, 1, 21 * POINT)
    assert own.payable(1) == 27 * YUAN
