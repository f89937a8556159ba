"""R4.2: nobody ever receives more than the multiple of what was spent or funded."""

import pytest
from hypothesis import given, settings

from shareback.rules.layout import Head, Member, Order
from tests.rules.steps import Step, settled, steps, walk
from tests.rules.world import GOLDEN, POINT, YUAN, World


def test_quota_is_granted_at_maturity_and_not_before() -> None:
    world = World(maturity_days=1)
    world.buy(world.join())
    assert (world.head(Head.QUOTA_PENDING), world.head(Head.QUOTA_GRANTED)) == (200 * YUAN, 0)
    world.close(2)
    assert (world.head(Head.QUOTA_PENDING), world.member(1)[Member.QUOTA]) == (0, 200 * YUAN)


@pytest.mark.parametrize(("multiple", "paid", "quota"), [("2", 1, 2), ("1.5", 1, 1), ("0.5", 3, 1)])
def test_quota_is_rounded_down(multiple: str, paid: int, quota: int) -> None:
    world = World(**(GOLDEN | {"quota_multiple": multiple}))
    world.buy(world.join(), paid)
    assert world.left(1) == quota


def test_coins_use_quota_when_they_are_made_and_not_when_they_are_paid() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.open_shop()
    world.convert(1, 14 * POINT)
    assert world.member(1)[Member.USED] == 20 * YUAN
    world.pay_coins(1, 1, 20 * YUAN)
    assert world.member(1)[Member.USED] == 20 * YUAN


def test_goods_given_back_give_quota_back() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.open_shop()
    number = world.spend(1, 1, 14 * POINT).number
    world.return_goods(number, 15 * YUAN)
    assert world.member(1)[Member.USED] == 5 * YUAN


def test_dividends_use_quota_when_they_are_credited() -> None:
    world = World(maturity_days=1, referral_rate=0)
    world.buy(world.join())
    world.close(3)
    assert world.member(1)[Member.USED] == 0
    world.redeem(1, 7 * POINT)
    # 14,999,999 µ¥ of dividends: the index is rounded down; and 10 yuan for a third.
    assert world.member(1)[Member.USED] == 24_999_999
    assert world.cash(1) == 14_999_999 + 9 * YUAN


def test_a_funded_award_grants_quota_by_its_money() -> None:
    world = World(**GOLDEN)
    world.join()
    world.fund(10 * YUAN)
    world.award(1, 10 * YUAN, 9 * YUAN)
    assert world.left(1) == 20 * YUAN


def received(world: World) -> list[int]:
    """All that each member ever received, as the quota counts it."""
    return [row[Member.USED] for row in world.state.members if row[Member.NUMBER]]


@settings(max_examples=80)
@given(steps)
def test_no_member_receives_more_than_the_multiple_of_what_was_spent(taken: list[Step]) -> None:
    world = settled(World(maturity_days=1, quota_multiple="0.6", referral_rate="0.3"))
    walk(world, [step for step in taken if step[0] not in (5, 6)])
    spent = [0] * (len(world.state.members))
    for order in world.state.orders:
        if order[Order.STATE] == 1:
            spent[order[Order.MEMBER]] += order[Order.PAID]
    for row in world.state.members:
        if row[Member.NUMBER] and row[Member.QUOTA] == spent[row[Member.NUMBER]] * 6 // 10:
            assert row[Member.USED] <= row[Member.QUOTA]
        assert row[Member.CASH] + row[Member.COINS] <= row[Member.QUOTA]
        assert row[Member.USED] <= row[Member.QUOTA]
