"""A5: rounding never lets the supply run down while the reserve stays, nor the other way."""

import numpy as np

from shareback.kernels.arrays import Arrays, Integers, blank_arrays, zeros
from shareback.kernels.compiled import apply_batch
from shareback.rules import commands as rows
from shareback.rules.codes import Code
from shareback.rules.decide import open_head
from shareback.rules.layout import (
    ABSENT,
    ACCOUNTS,
    RESULT_WIDTH,
    Command,
    Cursor,
    Head,
    Member,
    Result,
    Row,
    Term,
)
from tests.rules.world import GOLDEN, POINT, YUAN, FastWorld, World

ROUNDS = 10_000
BATCH = 100_000
BATCHES = 10


def applied(state: Arrays, table: list[Row] | Integers) -> Integers:
    """Have the compiled rules accept commands; returns the accounts after each of them."""
    results, trace = zeros(len(table), RESULT_WIDTH), zeros(len(table), ACCOUNTS)
    state.cursor[Cursor.EFFECTS] = 0
    assert apply_batch(state, np.array(table, np.int64), results, trace, 0) == len(table)
    assert not results[:, Result.CODE].any()
    return trace


def three_buyers() -> Arrays:
    """Three orders of 100 yuan, in the arrays of the compiled rules."""
    world = World(**GOLDEN)
    terms = world.terms
    head = open_head(terms, 0)
    state = blank_arrays(head, [terms], world.programme.tier_rows(), BATCH + 16)
    for number in (1, 2, 3):
        state.cursor[Cursor.MEMBERS] = state.cursor[Cursor.ORDERS] = number + 1
        join = rows.join_member(0, number)
        rate = terms[Term.BACKING]
        applied(state, [join, rows.pay_order(0, number, number, 0, 100 * YUAN, rate, ABSENT, 1)])
    return state


def test_a_million_tiny_redemptions_never_lower_the_price() -> None:
    state = three_buyers()
    table = np.tile(np.array(rows.redeem_points(0, 1, 0), np.int64), (BATCH, 1))
    table[:, Command.AMOUNT] = 71 + np.arange(BATCH) % 977
    reserve, supply = np.array([state.head[Head.RESERVE]]), np.array([state.head[Head.SUPPLY]])
    bought = int(state.members[1, Member.POINTS])
    for _ in range(BATCHES):
        trace = applied(state, table)
        reserve = np.append(reserve[-1:], trace[:, Head.RESERVE])
        supply = np.append(supply[-1:], trace[:, Head.ISSUED] - trace[:, Head.BURNED])
        # 90 yuan times 50 points stay below 2⁶³.
        assert (reserve[1:] * supply[:-1] >= reserve[:-1] * supply[1:]).all()
        assert (supply[1:] < supply[:-1]).all()
    sold = int(table[:, Command.AMOUNT].sum()) * BATCHES
    assert bought - state.members[1, Member.POINTS] == sold


def test_ten_thousand_tiny_redemptions_never_lower_the_price() -> None:
    world = FastWorld(**GOLDEN)
    for _ in range(3):
        world.buy(world.join(), 1_000 * YUAN)
    head = world.state.head
    start = (world.reserve, world.supply)
    for number in range(ROUNDS):
        reserve, supply = head[Head.RESERVE], head[Head.SUPPLY]
        world.redeem(1, 61 + number % 977)
        assert head[Head.RESERVE] * supply >= reserve * head[Head.SUPPLY]
    sold = start[1] - world.supply
    assert world.reserve * start[1] >= start[0] * world.supply
    assert start[0] - world.reserve < sold * start[0] // start[1]


def test_cutting_a_sale_into_thousands_gains_no_more_than_its_part_of_its_own_fees() -> None:
    cut, whole = FastWorld(**GOLDEN), World(**GOLDEN)
    for world in (cut, whole):
        world.buy(world.join())
        world.buy(world.join())
    for _ in range(2_000):
        cut.redeem(1, POINT // 1_000)
    whole.redeem(1, 2 * POINT)
    assert cut.points(1) == whole.points(1)
    assert cut.cash(1) + cut.reserve == whole.cash(1) + whole.reserve == 60 * YUAN
    # What was sold first left its fee in the reserve, of which the seller's rest has its part.
    assert cut.cash(1) - whole.cash(1) < 3_361_344 * 9 // 10 * 21 // 357


def test_redemptions_of_less_than_a_unit_of_money_burn_nothing() -> None:
    world = FastWorld(**GOLDEN)
    world.buy(world.join())
    before = list(world.state.head)
    for points in range(1, 70):
        world.refused(Code.NOTHING_TO_PAY, world.redeem, 1, points)
    assert world.state.head == before
