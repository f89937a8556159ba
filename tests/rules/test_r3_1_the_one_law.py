"""R3.1: no entry of the journal lowers the price; a bug that would is stopped."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules import commands as rows
from shareback.rules.codes import Code
from shareback.rules.decide import InvariantBroken, decide
from shareback.rules.invariants import (
    broken_invariant,
    has_overdrawn,
    is_unbalanced,
    is_uncovered,
    price_has_fallen,
    remember,
)
from shareback.rules.layout import Head, State
from shareback.rules.pool import burn, mint, points_for, price_scaled
from shareback.units.exact import mul_div
from tests.rules.steps import Step, settled, steps, walk
from tests.rules.world import GOLDEN, POINT, YUAN, World

amounts = st.integers(1, 10**15)


def traded() -> State:
    """R = 60 yuan, S = 35.7 points; one coin is out."""
    world = World(**GOLDEN)
    world.buy(world.join())
    world.buy(world.join())
    world.convert(1, 10 * POINT)
    remember(world.state)
    return world.state


@settings(max_examples=60)
@given(steps)
def test_no_command_lowers_the_price_or_unbalances_the_books(taken: list[Step]) -> None:
    walk(settled(World(maturity_days=1, quota_multiple="0.9")), taken)


@settings(max_examples=40)
@given(steps)
def test_nor_does_one_where_all_matures_at_once_and_tiers_differ(taken: list[Step]) -> None:
    tiers = [{"name": "gold", "threshold": 30, "multiplier": "2.5"}]
    world = World(maturity_days=0, tiers=tiers, redemption_fee="0.5", goods_redemption_fee="0.01")
    walk(settled(world), taken)


def test_a_reserve_that_lost_one_unit_for_the_same_supply_is_a_fallen_price() -> None:
    state = traded()
    assert not price_has_fallen(state)
    state.head[Head.RESERVE] -= 1
    assert price_has_fallen(state)


def test_a_supply_that_grew_by_one_unit_without_money_is_a_fallen_price() -> None:
    state = traded()
    state.head[Head.SUPPLY] += 1
    assert price_has_fallen(state)


def test_money_without_points_and_points_burned_for_nothing_are_none() -> None:
    state = traded()
    state.head[Head.RESERVE] += 1
    assert not price_has_fallen(state)
    burn(state.head, POINT, 0)
    assert not price_has_fallen(state)


def test_where_all_is_burned_and_minted_anew_the_published_price_alone_counts() -> None:
    state = traded()
    head = state.head
    before = price_scaled(head[Head.RESERVE], head[Head.SUPPLY], 0)
    burn(head, head[Head.SUPPLY], head[Head.RESERVE])
    assert not price_has_fallen(state)
    head[Head.RESERVE] += YUAN
    mint(head, mul_div(YUAN, 10**12, before))
    assert not price_has_fallen(state)
    head[Head.SUPPLY] *= 2
    assert price_has_fallen(state)


def test_an_empty_pool_mints_at_the_last_price_and_not_one_unit_more() -> None:
    last = 10**10
    assert points_for(21 * YUAN, 0, 0, last) == 21 * POINT
    assert points_for(21 * YUAN - 1, 0, 0, last) == 21 * POINT - 100


@given(amounts, amounts, amounts)
def test_minting_for_value_never_lowers_the_price(value: int, reserve: int, supply: int) -> None:
    points = points_for(value, reserve, supply, 1)
    assert (reserve + value) * supply >= reserve * (supply + points)
    assert (points + 1) * reserve > value * supply or points == 2**63 - 1


@given(amounts, amounts)
def test_minting_into_an_empty_pool_never_goes_below_the_last_price(value: int, last: int) -> None:
    assert points_for(value, 0, 0, last) * last <= value * 10**12


@given(st.integers(0, 10**15), amounts, amounts)
def test_burning_for_the_worth_rounded_down_never_lowers_the_price(
    points: int, reserve: int, supply: int
) -> None:
    points = min(points, supply)
    paid = points * reserve // supply
    assert (reserve - paid) * supply >= reserve * (supply - points)


@pytest.mark.parametrize(
    ("column", "code"),
    [
        (Head.RESERVE, Code.PRICE_FELL),
        (Head.BANK, Code.BOOKS_UNBALANCED),
        (Head.POINTS_MEMBERS, Code.BOOKS_UNBALANCED),
        (Head.BURNED, Code.BOOKS_UNBALANCED),
        (Head.COINS_MEMBERS, Code.BOOKS_UNBALANCED),
        (Head.COINS_RETIRED, Code.BOOKS_UNBALANCED),
    ],
)
def test_an_account_that_is_off_by_one_unit_is_found(column: Head, code: Code) -> None:
    state = traded()
    assert broken_invariant(state) == Code.ACCEPTED
    state.head[column] -= 1
    assert broken_invariant(state) == code


@pytest.mark.parametrize("column", [Head.POT, Head.FREE, Head.BOUND, Head.SUSPENSE])
def test_an_account_below_zero_is_found_even_if_the_books_balance(column: Head) -> None:
    state = traded()
    state.head[column] -= 1
    state.head[Head.BANK] -= 1
    assert not is_unbalanced(state.head)
    assert broken_invariant(state) == Code.BOOKS_UNBALANCED


@pytest.mark.parametrize("column", [Head.WEIGHT, Head.RECEIVABLES, Head.QUOTA_PENDING])
def test_a_total_below_zero_is_found(column: Head) -> None:
    state = traded()
    state.head[column] = 0
    assert not has_overdrawn(state.head)
    state.head[column] = -1
    assert has_overdrawn(state.head)


def test_a_coin_that_no_point_stands_for_is_found() -> None:
    state = traded()
    head = state.head
    worth = head[Head.POINTS_ESCROW] * head[Head.RESERVE] // head[Head.SUPPLY]
    short = worth - head[Head.COINS_MEMBERS] + 1
    assert not is_uncovered(head)
    head[Head.COINS_MEMBERS] += short
    head[Head.COINS_ISSUED] += short
    assert broken_invariant(state) == Code.COINS_UNCOVERED


def test_decide_raises_where_a_bug_has_broken_an_invariant() -> None:
    state = traded()
    state.head[Head.BANK] += 1
    with pytest.raises(InvariantBroken, match="BOOKS_UNBALANCED") as caught:
        decide(state, rows.fund_treasury(0, YUAN))
    assert caught.value.code is Code.BOOKS_UNBALANCED
    assert caught.value.command == tuple(rows.fund_treasury(0, YUAN))
