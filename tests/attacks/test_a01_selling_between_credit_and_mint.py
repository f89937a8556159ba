"""A1 (JAY token, 2022): nobody sells between the credit of the reserve and the mint."""

import pytest

from shareback.rules.layout import Cursor, Head
from shareback.rules.maturing import enter_pool, mature_buyer, opening_of
from tests.rules.world import GOLDEN, POINT, YUAN, World


def test_reserve_and_supply_move_in_one_step() -> None:
    world = World(**(GOLDEN | {"maturity_days": 1}))
    world.buy(world.join())
    world.close(2)
    order = world.buy(world.join())
    state, head = world.state, world.state.head
    before = (head[Head.RESERVE], head[Head.SUPPLY], world.price)
    mature_buyer(state, opening_of(head), order)
    # The order has matured, and yet no price shows half of it.
    assert (head[Head.RESERVE], head[Head.SUPPLY], world.price) == before
    assert state.cursor[Cursor.CONTRIBUTED] == 30 * YUAN
    enter_pool(state)
    assert (head[Head.RESERVE], head[Head.SUPPLY]) == (60 * YUAN, 3_570_000_000)


@pytest.mark.parametrize(("paid", "exits"), [(3 * YUAN, 0), (4 * YUAN, 1)])
def test_an_exit_in_the_same_operation_is_priced_after_both(paid: int, exits: int) -> None:
    world = World(**(GOLDEN | {"quota_multiple": "0.355"}))
    world.buy(world.join())
    world.buy(world.join())
    assert world.worth(1) == 35_294_117
    world.buy(world.join(), paid)
    # With the reserve alone 0.9 yuan would do to lift the 21 points above 35.5 yuan.
    assert 21 * POINT * 60_900_000 // 3_570_000_000 > 35_500_000
    assert world.head(Head.EXITS) == exits


def test_selling_just_before_or_just_after_a_large_order_gains_only_what_the_order_gave() -> None:
    proceeds = []
    for first in (True, False):
        world = World(**GOLDEN)
        world.buy(world.join())
        world.buy(world.join())
        if first:
            world.redeem(2, world.points(2))
        world.buy(world.join(), 10_000 * YUAN)
        if not first:
            world.redeem(2, world.points(2))
        proceeds.append(world.cash(2))
    before, after = proceeds
    # The reserve alone, credited before the mint, would have paid 51 times as much.
    assert before < after < 2 * before
