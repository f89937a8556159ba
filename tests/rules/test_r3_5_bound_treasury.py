"""R3.5: what no point stands for, and what passes the top price, is bound, and nobody's gift."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import Head
from shareback.rules.pool import bind_surplus
from tests.rules.world import GOLDEN, POINT, YUAN, World


def emptied() -> World:
    """The only holder has sold out: the fee of 3 yuan has no owner."""
    world = World(**GOLDEN)
    world.buy(world.join())
    world.redeem(1, 21 * POINT)
    return world


def test_the_last_point_out_leaves_the_fee_to_the_bound_treasury() -> None:
    world = emptied()
    assert (world.reserve, world.supply, world.head(Head.BOUND)) == (0, 0, 3 * YUAN)


def test_the_next_buyer_gets_no_windfall() -> None:
    world = emptied()
    world.buy(1)
    assert (world.reserve, world.head(Head.BOUND)) == (30 * YUAN, 3 * YUAN)
    assert world.worth(1) == 30 * YUAN


def test_the_operator_cannot_withdraw_it() -> None:
    world = emptied()
    refusal = world.refused(Code.TREASURY_SHORT, world.withdraw_treasury, 1)
    assert (refusal.have, refusal.need) == (0, 1)
    world.fund(YUAN)
    world.refused(Code.TREASURY_SHORT, world.withdraw_treasury, YUAN + 1)
    world.withdraw_treasury(YUAN)
    assert world.head(Head.BOUND) == 3 * YUAN


def test_a_withdrawal_needs_two_approvers() -> None:
    world = World()
    world.fund(YUAN)
    world.refused(Code.NEEDS_TWO_APPROVERS, world.withdraw_treasury, YUAN, 1)
    world.withdraw_treasury(YUAN, 2)


def test_a_contribution_that_buys_no_points_in_an_empty_pool_is_bound() -> None:
    world = World(**(GOLDEN | {"award_rate": 0}))
    world.buy(world.join())
    assert (world.reserve, world.supply, world.head(Head.BOUND)) == (0, 0, 30 * YUAN)


def test_one_point_left_keeps_the_reserve_where_it_is() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.redeem(1, 20 * POINT)
    assert (world.supply, world.head(Head.BOUND)) == (POINT, 0)


def at_the_top() -> World:
    return World(**(GOLDEN | {"issue_price": 1_000_000}))


def test_a_mint_at_the_top_price_binds_what_lies_above_it() -> None:
    world = at_the_top()
    world.buy(world.join())
    # 21 yuan buy 2,100 units; the other 9 yuan would lift the price above a million yuan.
    assert (world.supply, world.reserve, world.head(Head.BOUND)) == (2_100, 21 * YUAN, 9 * YUAN)
    assert world.price == 10**16


def test_a_burn_at_the_top_price_binds_its_fee() -> None:
    world = at_the_top()
    world.buy(world.join(), 1_000_000 * YUAN)
    world.redeem(1, 11 * POINT // 100)
    assert (world.supply, world.reserve) == (POINT // 10, 100_000 * YUAN)
    assert world.head(Head.BOUND) == 90_000 * YUAN + 11_000 * YUAN


@pytest.mark.parametrize(("extra", "bound"), [(-1, 0), (0, 0), (1, 1)])
def test_the_top_is_ten_thousand_micro_yuan_a_unit_exactly(extra: int, bound: int) -> None:
    head = World().state.head
    head[Head.SUPPLY] = 77
    head[Head.RESERVE] = 770_000 + extra
    bind_surplus(head)
    assert (head[Head.RESERVE], head[Head.BOUND]) == (770_000 + extra - bound, bound)


@given(st.integers(0, 2**62), st.integers(0, 2**62))
def test_binding_keeps_every_unit_of_money(reserve: int, supply: int) -> None:
    head = World().state.head
    head[Head.RESERVE], head[Head.SUPPLY] = reserve, supply
    bind_surplus(head)
    assert head[Head.RESERVE] + head[Head.BOUND] == reserve
    assert head[Head.RESERVE] == min(reserve, supply * 10**4)
