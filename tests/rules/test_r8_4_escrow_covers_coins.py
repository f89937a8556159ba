"""R8.4: the points in escrow are always worth the coins outstanding; the surplus stays there."""

from hypothesis import given, settings

from shareback.rules.codes import Code
from shareback.rules.invariants import is_uncovered
from shareback.rules.layout import Head, Member
from tests.rules.steps import Step, settled, steps, walk
from tests.rules.world import COIN, GOLDEN, POINT, YUAN, World


def test_the_surplus_grows_with_the_price_and_stays_in_escrow() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.convert(1, 21 * POINT)
    world.buy(world.join())
    escrow = world.head(Head.POINTS_ESCROW)
    assert escrow == 21 * POINT
    assert escrow * world.reserve // world.supply - world.head(Head.COINS_MEMBERS) == 5_294_117
    world.refused(Code.TREASURY_SHORT, world.withdraw_treasury, 1)


def test_exchanging_takes_from_escrow_only_what_the_coins_are_worth_today() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.convert(1, 21 * POINT)
    world.open_shop()
    world.pay_coins(1, 1, 30 * COIN)
    world.buy(world.join())
    answer = world.exchange(1, 30 * COIN)
    assert answer.points == 30 * YUAN * 3_570_000_000 // (60 * YUAN) == 1_785_000_000
    assert world.head(Head.POINTS_ESCROW) == 315_000_000


def test_a_unit_of_coin_too_many_is_uncovered() -> None:
    head = World().state.head
    head[Head.RESERVE], head[Head.SUPPLY], head[Head.POINTS_ESCROW] = 30, 10, 4
    head[Head.COINS_MEMBERS], head[Head.COINS_MERCHANTS] = 5, 7
    assert not is_uncovered(head)
    head[Head.COINS_MERCHANTS] = 8
    assert is_uncovered(head)


def test_after_the_end_what_is_owed_for_coins_is_the_coins() -> None:
    head = World().state.head
    head[Head.COINS_OWED] = head[Head.COINS_MEMBERS] = 5
    assert not is_uncovered(head)
    head[Head.COINS_MEMBERS] = 4
    assert is_uncovered(head)


@settings(max_examples=60)
@given(steps)
def test_coins_are_covered_whatever_happens(taken: list[Step]) -> None:
    world = settled(World(maturity_days=0, quota_multiple=3))
    for member in range(1, 5):
        world.buy(member, 1_000 * YUAN)
        world.convert(member, 70 * POINT)
    walk(world, taken)
    coins = sum(row[Member.COINS] for row in world.state.members)
    assert coins == world.head(Head.COINS_MEMBERS)
