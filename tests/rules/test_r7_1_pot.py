"""R7 and R7.1: once per day, and the pot holds only dividend shares of matured orders."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules import commands as rows
from shareback.rules.codes import Code
from shareback.rules.layout import Head
from tests.rules.world import POINT, YUAN, World


def test_a_day_is_closed_once() -> None:
    world = World()
    world.close()
    for day in (0, 2, -1):
        refusal = world.refused(Code.DAY_NOT_OPEN, world.do, rows.close_day(day))
        assert (refusal.have, refusal.need) == (1, day)
    assert world.day == 1


@pytest.mark.parametrize("day", [-1, 1, 8])
def test_a_command_belongs_to_the_open_day(day: int) -> None:
    world = World()
    world.refused(Code.DAY_NOT_OPEN, world.do, rows.fund_treasury(day, 1))
    world.refused(Code.DAY_NOT_OPEN, world.do, rows.join_member(day, 1))


def test_the_pot_holds_the_dividend_shares_of_what_has_matured() -> None:
    world = World(maturity_days=1)
    world.buy(world.join())
    world.buy(world.join(), 200 * YUAN, received=0)
    world.close(2)
    assert world.head(Head.POT) == 15 * YUAN
    assert world.head(Head.DIVIDENDS_IN) == 15 * YUAN


def test_the_pot_is_never_the_reserve() -> None:
    world = World(maturity_days=1)
    world.buy(world.join())
    world.close(5)
    assert (world.reserve, world.supply) == (30 * YUAN, 21 * POINT)
    assert world.head(Head.POT) + world.head(Head.PAYABLE) == 15 * YUAN


def test_a_day_without_orders_changes_nothing_but_the_day() -> None:
    world = World(maturity_days=1)
    world.buy(world.join())
    world.close(4)
    before = list(world.state.head)
    world.close(3)
    after = list(world.state.head)
    assert after[Head.DAY] == before[Head.DAY] + 3
    for column in (Head.DAY, Head.SEQUENCE):
        before[column] = after[column]
    assert after == before


@settings(max_examples=40)
@given(st.lists(st.integers(1, 10**10), max_size=5), st.integers(1, 5))
def test_all_that_flowed_in_is_in_the_pot_payable_or_credited(paid: list[int], days: int) -> None:
    world = World(maturity_days=1)
    for amount in paid:
        world.buy(world.join(), amount)
    world.close(days)
    for member in range(1, len(paid) + 1):
        if world.points(member) > POINT:
            world.redeem(member, POINT // 2)
    flowed = world.head(Head.POT) + world.head(Head.PAYABLE) + world.head(Head.DIVIDENDS_CREDITED)
    profit = [min(amount // 2 * 3 // 10, max(0, amount // 2 - amount * 3 // 10)) for amount in paid]
    assert flowed == (sum(profit) if days > 1 else 0)
