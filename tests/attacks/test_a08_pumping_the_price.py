"""A8: a pumped price forces rivals out in a fixed order, at full quota; the pumper pays."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.layout import EffectKind, Head, Member
from tests.rules.slices import SlicedWorld
from tests.rules.world import GOLDEN, YUAN, World

PARAMETERS: dict[str, object] = GOLDEN | {"quota_multiple": "0.7"}


def rivals(world: World) -> World:
    """Member 1 is the pumper and owns the shop; five others have bought before it."""
    world.open_shop(party=3)
    world.join(party=3)
    for number in range(2, 7):
        world.buy(world.join(), number * 30 * YUAN)
    return world


def pump(world: World, money: int) -> None:
    """Lift the reserve by money, through an order at one's own shop."""
    world.buy(1, -(-money * 10 // 3), merchant=1)


def left_by(world: World) -> list[tuple[int, int]]:
    """Who exited, with what, in order."""
    exits = (event for event in world.events if event.kind == EffectKind.MEMBER_EXITED)
    return [(event.member, event.gross_uyuan) for event in exits]


def test_rivals_leave_with_their_full_quota() -> None:
    world = rivals(World(**PARAMETERS))
    pump(world, 10_000 * YUAN)
    assert sorted(left_by(world)) == [(member, member * 21 * YUAN) for member in range(2, 7)]
    for member in range(2, 7):
        assert world.cash(member) == world.member(member)[Member.QUOTA] * 9 // 10


def test_a_pump_costs_more_than_it_can_ever_bring() -> None:
    world = rivals(World(**PARAMETERS))
    world.buy(world.join(), 100 * YUAN)
    own = world.head(Head.MEMBERS)
    before = world.worth(own)
    pump(world, 1_000 * YUAN)
    gained = max(world.cash(own), world.worth(own) if world.points(own) else 0) - before
    assert gained < 1_000 * YUAN
    assert world.cash(own) <= world.member(own)[Member.QUOTA]


@pytest.mark.parametrize("seed", range(10))
def test_a_cascade_is_the_same_however_the_batch_is_cut(seed: int) -> None:
    whole = rivals(World(**PARAMETERS))
    pump(whole, 100 * YUAN)
    # A sliced world compares every command with the whole.
    cut = rivals(SlicedWorld(seed, **PARAMETERS))
    pump(cut, 100 * YUAN)
    assert left_by(cut) == left_by(whole)
    assert cut.state.head == whole.state.head


@settings(max_examples=30)
@given(st.lists(st.integers(1, 100), min_size=1, max_size=6))
def test_who_has_the_lower_key_always_leaves_first(pumps: list[int]) -> None:
    world = rivals(World(**PARAMETERS))
    for money in pumps:
        keys = {row[Member.NUMBER]: row[Member.KEY] for row in world.state.members}
        pump(world, money * YUAN)
        order = [(keys[member], member) for member, _ in left_by(world)]
        assert all(one < other for one, other in pairwise(order))
