"""A slice of a programme decides what the whole decides, wherever it has to pause."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules import commands as rows
from shareback.rules.accounts import seal
from shareback.rules.apply import apply_batch, apply_command
from shareback.rules.codes import Code
from shareback.rules.decide import copied, due_orders, make_room
from shareback.rules.layout import (
    ACCOUNTS,
    EFFECT_WIDTH,
    RESULT_WIDTH,
    Cursor,
    Head,
    Member,
    Result,
    Row,
    Stage,
    State,
    Table,
)
from shareback.rules.loading import renew_members
from shareback.rules.queue import leave
from tests.rules.slices import SlicedWorld, load_next, slice_of
from tests.rules.steps import Step, settled, steps, walk
from tests.rules.world import GOLDEN, YUAN, FastWorld, World, assert_same

TIERS: list[dict[str, object]] = [
    {"name": "silver", "threshold": 5, "multiplier": 2},
    {"name": "gold", "threshold": 30, "multiplier": 4},
]


@settings(max_examples=40)
@given(steps, st.integers(0, 2**32))
def test_members_out_of_sight_change_nothing(taken: list[Step], seed: int) -> None:
    world = SlicedWorld(seed, maturity_days=1, quota_multiple="0.5", tiers=TIERS)
    walk(settled(world), taken)


@settings(max_examples=40)
@given(steps, st.integers(0, 2**32))
def test_nor_do_they_where_all_matures_at_once(taken: list[Step], seed: int) -> None:
    world = SlicedWorld(seed, maturity_days=0, quota_multiple="0.45", tiers=TIERS[:1])
    walk(settled(world), taken)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(
    ("backing", "stage"), [(300_000, Stage.CLOSE_EXITS), (1, Stage.CLOSE_DIVIDE)]
)
def test_exits_and_their_cascades_find_members_out_of_sight(
    backing: int, stage: Stage, seed: int
) -> None:
    world = SlicedWorld(seed, maturity_days=1, quota_multiple="0.5", tiers=TIERS)
    world.open_shop(party=3)
    world.join(party=3)
    for number in range(2, 9):
        world.buy(world.join(), number * 10 * YUAN)
    world.close(2)
    world.buy(1, 10_000 * YUAN, merchant=1, backing=backing, profit=10_000 * YUAN)
    world.close(3)
    assert world.head(Head.EXITS) == 7
    assert (Code.NEEDS_EXITS, stage) in world.paused
    assert (Code.NEEDS_ROOM, Stage.FRESH) in world.paused


@settings(max_examples=30)
@given(steps, steps, st.integers(0, 2**32))
def test_members_that_another_has_changed_are_as_if_they_had_just_come(
    taken: list[Step], later: list[Step], seed: int
) -> None:
    """Some of those in sight are read again, whoever has joined since comes in."""
    world = World(maturity_days=1, quota_multiple="0.5", tiers=TIERS)
    walk(settled(world), taken)
    before = copied(world.state)
    walk(world, later)
    now = world.state
    state = slice_of(before, set(range(1, len(before.members))))
    touched = [slot for slot in range(1, len(before.members)) if changed(before, now, slot)]
    Random(seed).shuffle(touched)
    renew_members(state, touched, [now.members[slot][: Member.WEIGHT] for slot in touched])
    anew = slice_of(now, set(range(1, len(before.members))))
    for slot in range(1, len(before.members)):
        assert derived(state, slot) == derived(anew, slot)
    for tier in range(len(state.tiers)):
        assert exits_of(state, tier) == exits_of(anew, tier)
    flagged = {slot for slot, row in enumerate(state.members) if row[Member.RETIER]}
    assert flagged <= set(state.listed[: state.cursor[Cursor.LISTED]])


def changed(before: State, now: State, slot: int) -> bool:
    """Whether what is stored of a member has changed."""
    return list(before.members[slot][: Member.WEIGHT]) != list(now.members[slot][: Member.WEIGHT])


def derived(state: State, slot: int) -> Row:
    """A member's row, but for its referrer's slot and what is scratch."""
    return list(state.members[slot][: Member.REFERRER_SLOT])


def exits_of(state: State, tier: int) -> list[int]:
    """A tier's holders in the order in which they would exit, taken out of its heap."""
    state, found = copied(state), []
    while state.queue_sizes[tier] > 0:
        found.append(state.queue[tier][0])
        leave(state, tier, found[-1])
    return found


def run_in(state: State, row: Row, effects: int) -> State:
    """Apply a command with so many rows of effects, giving more only when asked."""
    del state.effects[effects:]
    result = [0] * RESULT_WIDTH
    code = apply_command(state, row, result)
    while code == Code.NEEDS_ROOM:
        if state.cursor[Cursor.EFFECTS] == 0:
            state.effects.extend([0] * EFFECT_WIDTH for _ in range(len(state.effects)))
        state.cursor[Cursor.EFFECTS] = 0
        code = apply_command(state, row, result)
    assert code == Code.ACCEPTED
    return state


def owe(world: World, member: int) -> None:
    """Put a unit of money on what a member owes, by hand."""
    world.member(member)[Member.RECEIVABLE] += 1
    world.state.head[Head.RECEIVABLES] += 1


def busiest_refund() -> World:
    """A late refund that touches, burns, books and collects from buyer and referrer alike."""
    world = World(maturity_days=0, quota_multiple=1_000)
    world.open_shop(party=3)
    world.buy(world.join(), 1_000 * YUAN)
    world.buy(world.join(referrer=1))
    world.buy(world.join(party=3), 10**6 * YUAN, merchant=1, backing=1, profit=10**6 * YUAN)
    world.close()
    owe(world, 1)
    owe(world, 2)
    make_room(world.state)
    return world


@pytest.mark.parametrize("effects", [1, 7, 8, 9, 10])
def test_a_late_refund_never_writes_beyond_its_room(effects: int) -> None:
    world = busiest_refund()
    row = rows.refund_order(world.day, 2, YUAN, 2)
    roomy = run_in(copied(world.state), row, 64)
    assert roomy.cursor[Cursor.EFFECTS] == 9
    assert_same(run_in(copied(world.state), row, effects), roomy)


def exits_before_maturing() -> World:
    """At the next close forty members exit while the pot is shared; then nine orders mature."""
    world = FastWorld(maturity_days=1, referral_rate=0, quota_multiple="0.5")
    world.open_shop(party=3)
    for _ in range(40):
        world.buy(world.join())
    world.buy(world.join(party=3), 10**4 * YUAN, merchant=1, backing=1, profit=10**4 * YUAN)
    world.close()
    for _ in range(9):
        debtor = world.join()
        world.buy(debtor)
        owe(world, debtor)
    world.close()
    make_room(world.state)
    world.state.due[:] = [*due_orders(world.state, world.day, []), 0]
    world.state.cursor[Cursor.DUE] = 9
    return world


@pytest.mark.parametrize("effects", [1, 45, 47, 48, 49, 64])
def test_a_close_that_exits_many_leaves_room_for_what_matures(effects: int) -> None:
    world = exits_before_maturing()
    row = rows.close_day(world.day)
    roomy = run_in(copied(world.state), row, 2_000)
    assert roomy.head[Head.EXITS] >= 40
    assert roomy.head[Head.RECEIVABLES] == 0
    assert_same(run_in(copied(world.state), row, effects), roomy)


def test_who_exits_after_the_tiers_are_set_keeps_the_tier_wherever_a_pause_falls() -> None:
    world = World(**(GOLDEN | {"tiers": TIERS[:1]}))
    for _ in range(3):
        world.buy(world.join())
    world.close()
    assert [row[Member.TIER] for row in world.state.members[1:4]] == [1, 1, 1]
    # By hand: the tiers are set, and then all are due.
    state = world.state
    for slot in (1, 2, 3):
        state.members[slot][Member.QUOTA] -= (200 - slot) * YUAN
        state.head[Head.QUOTA_GRANTED] -= (200 - slot) * YUAN
        seal(state, slot)
    make_room(state)
    state.cursor[Cursor.STAGE] = Stage.CLOSE_TIERS
    loaded = {1}
    part = slice_of(state, loaded)
    row, result = rows.close_day(world.day), [0] * RESULT_WIDTH
    pauses = 0
    while apply_command(part, row, result) == Code.NEEDS_EXITS:
        load_next(part, state, loaded)
        pauses += 1
    assert apply_command(state, row, result) == Code.ACCEPTED
    assert pauses == 2
    tiers = [[row[Member.TIER] for row in one.members[1:4]] for one in (part, state)]
    assert tiers == [[1, 1, 1], [1, 1, 1]]


def test_a_batch_goes_on_after_a_refusal_and_traces_the_accounts() -> None:
    world = World(**GOLDEN)
    make_room(world.state)
    table = [
        rows.fund_treasury(0, 5),
        rows.fund_treasury(0, 0),
        rows.record_unmatched(0, 7),
        rows.fund_treasury(1, 5),
    ]
    results: Table = [[0] * RESULT_WIDTH for _ in table]
    trace: Table = [[0] * ACCOUNTS for _ in table]
    assert apply_batch(world.state, table, results, trace, 0) == 4
    codes = [result[Result.CODE] for result in results]
    assert codes == [0, Code.AMOUNT_INVALID, 0, Code.DAY_NOT_OPEN]
    assert [(row[Head.FREE], row[Head.SUSPENSE]) for row in trace] == [
        (5, 0),
        (5, 0),
        (5, 7),
        (5, 7),
    ]
    assert trace[3] == world.state.head[:ACCOUNTS]


def test_a_batch_stops_where_rows_are_missing_and_goes_on_from_there() -> None:
    world = World(**GOLDEN)
    make_room(world.state)
    del world.state.effects[3:]
    table = [rows.fund_treasury(0, 5), rows.fund_treasury(0, 6)]
    results: Table = [[0] * RESULT_WIDTH for _ in table]
    assert apply_batch(world.state, table, results, [], 0) == 0
    assert results[0][Result.CODE] == Code.NEEDS_ROOM
    world.state.effects.extend([0] * EFFECT_WIDTH for _ in range(6))
    assert apply_batch(world.state, table, results, [], 0) == 2
    assert world.head(Head.FREE) == 11


def test_a_batch_stops_at_a_bug() -> None:
    world = World(**GOLDEN)
    make_room(world.state)
    world.state.head[Head.BANK] += 1
    results: Table = [[0] * RESULT_WIDTH]
    assert apply_batch(world.state, [rows.fund_treasury(0, 5)], results, [], 0) == 0
    assert results[0][Result.CODE] == Code.BOOKS_UNBALANCED
