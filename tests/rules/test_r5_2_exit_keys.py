"""R5.2: one key per member says when value and dividends have reached the quota left."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules import queue
from shareback.rules.decide import blank_state, make_room
from shareback.rules.layout import Head, Member, State
from shareback.rules.member import exit_key
from tests.rules.world import GOLDEN, POINT, YUAN, World


def test_the_key_is_the_quota_a_unit_rounded_up_and_the_index_at_the_touch() -> None:
    assert exit_key(10, 3, 0, 10**6) == 3_333_333_333_334
    assert exit_key(9, 3, 0, 10**6) == 3 * 10**12
    assert exit_key(9, 3, 5, 1_500_000) == 3 * 10**12 + 7
    assert exit_key(0, 3, 5, 10**6) == 5


def test_the_key_of_an_overdrawn_quota_lies_below_the_index() -> None:
    assert exit_key(-10, 3, 5, 10**6) == 5 - 3_333_333_333_333


def test_the_key_changes_only_when_its_member_is_touched() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    key = world.member(1)[Member.KEY]
    assert key == -(-200 * YUAN * 10**12 // (21 * POINT))
    world.buy(world.join(), 1_000 * YUAN)
    assert world.member(1)[Member.KEY] == key
    world.redeem(1, POINT)
    assert world.member(1)[Member.KEY] == -(-world.left(1) * 10**12 // (20 * POINT)) != key


def reserve_of(world: World, reserve: int) -> World:
    """Member 1's 21 points are all there is; a linked order brings the reserve to an amount."""
    world.buy(world.join())
    world.open_shop()
    world.link(0, 1, 3)
    # At 30 %, ten thirds of what is missing.
    world.buy(world.join(party=3), -(-(reserve - world.reserve) * 10 // 3), merchant=1)
    return world


@pytest.mark.parametrize(("short", "exits"), [(1, 0), (0, 1)])
def test_a_member_is_due_at_its_key_and_not_a_unit_before(short: int, exits: int) -> None:
    # 21 points with 84 yuan of quota: due at 4 yuan a point.
    world = reserve_of(World(**(GOLDEN | {"quota_multiple": "0.84"})), 84 * YUAN - short)
    assert world.price == 4 * 10**10 - (477 if short else 0)
    assert world.head(Head.EXITS) == exits


@pytest.mark.parametrize(("more", "exits"), [(0, 0), (1, 1)])
def test_where_the_key_is_no_whole_number_it_is_rounded_up(more: int, exits: int) -> None:
    # 90 yuan for 21 points: the price is rounded down and the key up, so a unit more is needed.
    world = reserve_of(World(**(GOLDEN | {"quota_multiple": "0.9"})), 90 * YUAN + more)
    assert world.head(Head.EXITS) == exits


@settings(max_examples=100)
@given(
    st.integers(0, 10**12),
    st.integers(1, 10**12),
    st.integers(0, 10**16),
    st.integers(1, 5_000_000),
    st.integers(0, 10**12),
    st.integers(0, 10**12),
)
def test_due_means_that_value_and_dividends_reach_the_quota_left(
    left: int, points: int, index: int, multiplier: int, rise: int, worth: int
) -> None:
    key = exit_key(left, points, index, multiplier)
    price = worth * 10**12 // points
    grown = multiplier * (index + rise) // 10**6
    earned = grown - multiplier * index // 10**6
    assert (price + earned >= key - multiplier * index // 10**6) == (
        (price + earned) * points >= left * 10**12 or price + earned >= 2**63 - 1 - grown + earned
    )


def holders(keys: list[tuple[int, int]]) -> State:
    """Members in two tiers, with keys set by hand."""
    state = blank_state(World().terms, [[0, 10**6], [1, 10**6]], 0)
    for number, (tier, key) in enumerate(keys, 1):
        make_room(state)
        state.head[Head.MEMBERS] += 1
        row = state.members[number]
        row[Member.NUMBER], row[Member.TIER], row[Member.KEY] = number, tier, key
        queue.enter(state, tier, number)
    return state


def drained(state: State, tier: int) -> list[int]:
    """Members by leaving the top of a heap, again and again."""
    order = []
    while state.queue_sizes[tier]:
        slot = state.queue[tier][0]
        order.append(slot)
        queue.leave(state, tier, slot)
        assert state.members[slot][Member.PLACE] == -1
    return order


keys = st.lists(st.tuples(st.integers(0, 1), st.integers(-5, 5)), min_size=1, max_size=20)


@given(keys, st.lists(st.tuples(st.integers(0, 19), st.integers(-9, 9)), max_size=10))
def test_heaps_give_holders_by_key_then_number(
    made: list[tuple[int, int]], changes: list[tuple[int, int]]
) -> None:
    state = holders(made)
    gone = set()
    for place, (pick, key) in enumerate(changes):
        slot = pick % len(made) + 1
        if slot in gone:
            continue
        row = state.members[slot]
        if place % 3 == 0:
            gone.add(slot)
            queue.leave(state, row[Member.TIER], slot)
        else:
            row[Member.KEY] = key
            queue.move(state, row[Member.TIER], slot)
    for tier in range(2):
        rows = [row for row in state.members[1:] if row[Member.NUMBER]]
        wanted = sorted(
            (row[Member.KEY], row[Member.NUMBER])
            for row in rows
            if row[Member.TIER] == tier and row[Member.NUMBER] not in gone
        )
        assert drained(state, tier) == [number for _, number in wanted]
