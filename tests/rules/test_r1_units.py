"""R1: whole units, and rounding that favours the reserve."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import Member
from shareback.rules.pool import points_for, price_scaled, worth_up
from tests.rules.world import GOLDEN, POINT, YUAN, World

RANGE = 2**62
amounts = st.integers(1, 10**14)


def test_the_scaled_price_is_rounded_down() -> None:
    assert price_scaled(30 * YUAN, 21 * POINT, 0) == 30 * 10**18 // (21 * 10**8)
    assert price_scaled(2, 3, 0) == 666_666_666_666
    assert price_scaled(3, 3, 0) == 10**12


def test_the_price_of_an_empty_pool_is_the_last_one() -> None:
    assert price_scaled(0, 0, 12_345) == 12_345
    assert World(issue_price="2.5").price == 25_000_000_000


def test_points_received_are_rounded_down_and_points_owed_for_are_rounded_up() -> None:
    assert (points_for(10, 3, 7, 0), worth_up(23, 3, 7, 0)) == (23, 10)
    assert (points_for(9, 3, 7, 0), worth_up(21, 3, 7, 0)) == (21, 9)
    assert worth_up(22, 3, 7, 0) == 10
    assert worth_up(1, 0, 0, 10**10) == 1
    assert worth_up(100, 0, 0, 10**10) == 1
    assert worth_up(101, 0, 0, 10**10) == 2


@given(amounts, amounts, amounts)
def test_points_for_a_value_are_never_worth_more_than_it(
    value: int, reserve: int, supply: int
) -> None:
    points = points_for(value, reserve, supply, 0)
    assert worth_up(points, reserve, supply, 0) <= value
    assert points == 2**63 - 1 or (points + 1) * reserve > value * supply


@pytest.mark.parametrize("fee", [0, 1, 99_999, 100_000, 100_001, 500_000])
def test_the_fee_of_a_redemption_is_rounded_up(fee: int) -> None:
    world = World(**(GOLDEN | {"redemption_fee": f"0.{fee:06}"}))
    world.buy(world.join())
    answer = world.redeem(1, 7 * POINT + 1)
    assert answer.money_uyuan == (7 * POINT + 1) * 30 * YUAN // (21 * POINT)
    assert answer.fee_uyuan == -(-answer.money_uyuan * fee // 10**6)
    assert world.cash(1) == answer.money_uyuan - answer.fee_uyuan


def commands_with_amounts(world: World) -> dict[str, Callable[[int], object]]:
    """Every command that carries an amount, on accounts that could bear it."""
    return {
        "buy": lambda amount: world.buy(1, amount),
        "refund": lambda amount: world.refund(1, amount),
        "redeem": lambda amount: world.redeem(1, amount),
        "spend": lambda amount: world.spend(1, 1, amount),
        "return goods": lambda amount: world.return_goods(1, amount),
        "convert": lambda amount: world.convert(1, amount),
        "withdraw": lambda amount: world.withdraw(1, amount),
        "pay coins": lambda amount: world.pay_coins(1, 1, amount),
        "refund coins": lambda amount: world.refund_coins(2, amount),
        "exchange": lambda amount: world.exchange(1, amount),
        "redeem merchant": lambda amount: world.redeem_merchant(1, amount),
        "settle": lambda amount: world.settle(1, amount),
        "award": lambda amount: world.award(1, amount, amount),
        "fund": world.fund,
        "withdraw treasury": world.withdraw_treasury,
        "unmatched": world.record_unmatched,
    }


@pytest.mark.parametrize("name", sorted(commands_with_amounts(World())))
def test_an_amount_of_nothing_or_less_is_refused(name: str) -> None:
    world = rich()
    command = commands_with_amounts(world)[name]
    for amount in (0, -1, -(2**63)):
        world.refused(Code.AMOUNT_INVALID, command, amount)
    command(1_000)


def rich() -> World:
    """A member and a merchant who have some of everything."""
    world = World(maturity_days=0)
    world.buy(world.join())
    world.open_shop()
    world.spend(1, 1, 2 * POINT)
    world.convert(1, 9 * POINT)
    world.pay_coins(1, 1, 6 * YUAN)
    world.exchange(1, 2 * YUAN)
    world.redeem(1, 2 * POINT)
    world.fund(100 * YUAN)
    return world


@pytest.mark.parametrize("name", ["buy", "fund", "unmatched"])
def test_money_of_two_to_the_sixty_second_is_no_amount(name: str) -> None:
    world = rich()
    command = commands_with_amounts(world)[name]
    world.refused(Code.AMOUNT_INVALID, command, RANGE)
    world.refused(Code.OUT_OF_RANGE, command, RANGE - 1)


def test_a_funded_award_needs_an_amount_and_a_value() -> None:
    world = rich()
    world.refused(Code.AMOUNT_INVALID, world.award, 1, RANGE, YUAN)
    world.refused(Code.AMOUNT_INVALID, world.award, 1, YUAN, 0)
    world.award(1, YUAN, 1_000)


def test_whole_units_of_each_kind_stand_in_the_rows() -> None:
    world = rich()
    assert all(isinstance(value, int) for value in world.member(1))
    assert world.member(1)[Member.COINS] > 0
