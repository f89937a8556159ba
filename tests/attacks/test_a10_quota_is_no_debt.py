"""A10 (云联惠: took 16, owed 116): the quota is a ceiling, and no account owes against it."""

from hypothesis import given, settings

from shareback.rules.codes import Code
from shareback.rules.layout import ACCOUNTS, Head
from tests.rules.steps import Step, settled, steps, walk
from tests.rules.world import POINT, YUAN, World

QUOTA = (Head.QUOTA_GRANTED, Head.QUOTA_PENDING, Head.QUOTA_OPEN)


def test_no_account_of_the_books_is_a_quota() -> None:
    assert all(column >= ACCOUNTS for column in QUOTA)


def test_a_quota_of_two_hundred_owes_nothing() -> None:
    world = World()
    world.buy(world.join())
    world.close(8)
    assert world.left(1) == 200 * YUAN
    owed = (Head.CASH, Head.MERCHANT_PAYABLE, Head.PAYABLE, Head.COINS_OWED)
    assert [world.head(column) for column in owed] == [0, 0, 0, 0]
    assert world.head(Head.BANK) == 45 * YUAN


def test_who_demands_the_quota_gets_what_the_points_are_worth() -> None:
    world = World(maturity_days=0, dividend_rate=0)
    world.buy(world.join())
    world.refused(Code.CASH_SHORT, world.withdraw, 1, 200 * YUAN)
    world.refused(Code.POINTS_SHORT, world.redeem, 1, 140 * POINT)
    world.redeem(1, 21 * POINT)
    assert world.cash(1) == 27 * YUAN
    world.refused(Code.POINTS_SHORT, world.redeem, 1, 1)
    assert world.left(1) == 170 * YUAN


def test_coverage_is_far_below_one_and_can_be_told() -> None:
    world = World(maturity_days=0)
    for _ in range(100):
        world.buy(world.join())
    worth = world.reserve + world.head(Head.POT)
    coverage_ppm = worth * 10**6 // world.head(Head.QUOTA_OPEN)
    assert coverage_ppm == 225_000 == world.programme.share_of_quota_ppm()


@settings(max_examples=40)
@given(steps)
def test_the_bank_always_holds_all_that_is_owed(taken: list[Step]) -> None:
    world = settled(World(maturity_days=1))
    walk(world, taken)
    owed = (Head.CASH, Head.MERCHANT_PAYABLE, Head.PAYABLE, Head.POT, Head.ORDER_ESCROW)
    assert sum(world.head(column) for column in owed) + world.reserve <= world.head(Head.BANK)
