"""A4: what fees leave behind when the last one sells is nobody's windfall."""

import pytest

from shareback.rules.codes import Code
from shareback.rules.layout import Head
from tests.rules.world import GOLDEN, POINT, YUAN, World


def abandoned(fee: str = "0.5") -> World:
    """A whale has sold out and left half of its reserve as fees."""
    world = World(**(GOLDEN | {"redemption_fee": fee}))
    world.buy(world.join(), 10**6 * YUAN)
    world.redeem(1, world.points(1))
    return world


@pytest.mark.parametrize("paid", [100, YUAN, 100 * YUAN, 10**6 * YUAN])
def test_the_first_one_in_gets_no_more_than_its_own_contribution(paid: int) -> None:
    world = abandoned()
    world.buy(world.join(), paid)
    assert world.worth(2) <= paid * 3 // 10
    before = world.cash(2)
    world.redeem(2, world.points(2))
    assert world.cash(2) - before <= paid * 15 // 100


def test_many_rounds_of_leaving_and_coming_back_only_feed_the_bound_treasury() -> None:
    world = abandoned("0.1")
    bound = world.head(Head.BOUND)
    for _ in range(20):
        world.buy(world.join(), 100 * YUAN)
        member = world.head(Head.MEMBERS)
        world.redeem(member, world.points(member))
        assert world.cash(member) <= 27 * YUAN
        assert world.head(Head.BOUND) > bound
        bound = world.head(Head.BOUND)
    world.refused(Code.TREASURY_SHORT, world.withdraw_treasury, 1)


def test_the_last_one_out_cannot_leave_a_unit_to_come_back_to() -> None:
    world = World(**(GOLDEN | {"redemption_fee": "0.5"}))
    world.buy(world.join(), 1_000 * YUAN)
    world.redeem(1, 210 * POINT - 1)
    assert (world.supply, world.points(1)) == (0, 0)
    assert world.head(Head.BOUND) == 150 * YUAN
