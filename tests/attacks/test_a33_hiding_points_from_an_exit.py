"""A33: points that leave as coins use quota when they leave, so that hiding them gains nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import Head, Member, Merchant
from tests.rules.world import GOLDEN, POINT, YUAN, World


def threatened() -> World:
    """Member 2, of the friendly shop 1, is near its quota; member 1 will lift the price."""
    world = World(**(GOLDEN | {"quota_multiple": "0.4"}))
    world.open_shop()
    world.open_shop(party=3)
    world.join(party=3)
    world.buy(world.join())
    return world


def hide(world: World, points: int) -> None:
    """Into coins, to the friendly merchant, and back into points."""
    coins = world.convert(2, points).money_uyuan
    world.pay_coins(2, 1, coins)
    world.exchange(1, coins)


def pump(world: World) -> None:
    world.buy(1, 10_000 * YUAN, merchant=2)


def test_what_is_hidden_has_used_its_quota() -> None:
    world = threatened()
    hide(world, 14 * POINT)
    assert world.left(2) == 20 * YUAN
    assert world.shop(1)[Merchant.COST] == 20 * YUAN


def test_hidden_points_gain_nothing_from_the_price() -> None:
    world = threatened()
    hide(world, 21 * POINT)
    pump(world)
    assert world.price > 10**12
    world.redeem_merchant(1, world.shop(1)[Merchant.POINTS])
    assert world.payable(1) == 27 * YUAN


@settings(max_examples=40)
@given(st.lists(st.integers(70, 21 * POINT), min_size=1, max_size=4), st.booleans())
def test_member_and_friendly_merchant_together_get_no_more_than_the_quota(
    hidden: list[int],
    first: bool,  # noqa: FBT001
) -> None:
    world = threatened()
    if first:
        pump(world)
    for points in hidden:
        if 70 <= points <= world.points(2):
            hide(world, points)
    pump(world)
    if world.points(2):
        world.redeem(2, world.points(2))
    if world.shop(1)[Merchant.POINTS]:
        world.redeem_merchant(1, world.shop(1)[Merchant.POINTS])
    quota = world.member(2)[Member.QUOTA]
    assert world.member(2)[Member.USED] <= quota
    assert (world.cash(2) + world.payable(1)) * 10 <= quota * 9


def test_the_merchants_points_do_not_become_a_members_again() -> None:
    world = threatened()
    hide(world, 14 * POINT)
    # A merchant may fund awards out of money that it is owed; its points go nowhere but out.
    world.refused(Code.PAYABLE_SHORT, world.award, 2, YUAN, YUAN // 4, 1)
    assert world.head(Head.POINTS_MERCHANTS) == 14 * POINT
