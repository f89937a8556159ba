"""A world whose every command is also tried on a slice: some members loaded, little room."""

from collections.abc import Sequence
from random import Random

from shareback.rules.apply import apply_command
from shareback.rules.codes import Code
from shareback.rules.decide import Accepted, Effected, copied, make_room
from shareback.rules.kinds import Kind
from shareback.rules.layout import (
    EFFECT_WIDTH,
    MEMBER_WIDTH,
    RESULT_WIDTH,
    Command,
    Cursor,
    EffectKind,
    Member,
    Order,
    Payment,
    Row,
    State,
    Table,
)
from shareback.rules.loading import admit_members
from tests.rules.world import World

NEVER = 2**63 - 1


class SlicedWorld(World):
    """Production decides on slices (R5.2): they must come to what the whole comes to."""

    def __init__(self, seed: int, **parameters: object) -> None:
        super().__init__(**parameters)
        self.random = Random(seed)
        self.paused: set[tuple[Code, int]] = set()

    def do(self, row: Row, due: Sequence[int] = ()) -> Accepted:
        before = self.state
        answer = super().do(row, due)
        loaded = needed_members(before, row, due)
        for member in range(1, len(before.members)):
            if self.random.random() < 0.3:
                loaded.add(member)
        state, events = self.run_slice(before, row, due, loaded)
        assert list(state.head) == list(answer.state.head)
        assert without_places(state.members) == without_places(answer.state.members)
        assert state.orders == answer.state.orders
        assert without_retiers(events) == without_retiers(answer.events)
        assert set(events) == set(answer.events)
        return answer

    def run_slice(
        self, before: State, row: Row, due: Sequence[int], loaded: set[int]
    ) -> tuple[State, list[Effected]]:
        """Decide a command with some members, loading others when the rules ask for them."""
        state = slice_of(before, loaded)
        make_room(state)
        state.due[:] = [*due, 0]
        state.cursor[Cursor.DUE] = len(due)
        del state.effects[self.random.randint(1, 12) :]
        events: list[Effected] = []
        result = [0] * RESULT_WIDTH
        code = Code(apply_command(state, row, result))
        while code in (Code.NEEDS_EXITS, Code.NEEDS_ROOM):
            self.paused.add((code, state.cursor[Cursor.STAGE]))
            if code == Code.NEEDS_EXITS:
                load_next(state, before, loaded)
            elif state.cursor[Cursor.EFFECTS] == 0:
                state.effects.extend([0] * EFFECT_WIDTH for _ in range(len(state.effects)))
            take_effects(state, events)
            code = Code(apply_command(state, row, result))
        assert code == Code.ACCEPTED
        take_effects(state, events)
        for member in set(range(1, len(before.members))) - loaded:
            state.members[member][:] = before.members[member]
        return state, events


def needed_members(state: State, row: Row, due: Sequence[int]) -> set[int]:
    """The members that a command names, its order's, its payment's, and those of all due."""
    wanted = {row[Command.MEMBER], row[Command.OTHER]}
    for order in [row[Command.ORDER], *due]:
        if order < len(state.orders):
            wanted |= {state.orders[order][Order.MEMBER], state.orders[order][Order.REFERRER]}
    if row[Command.PAYMENT] < len(state.payments):
        wanted.add(state.payments[row[Command.PAYMENT]][Payment.PAYER_MEMBER])
    wanted |= {
        state.members[member][Member.REFERRER] for member in wanted if member < len(state.members)
    }
    if row[Command.KIND] == Kind.CLOSE_DAY:
        wanted |= {member[Member.NUMBER] for member in state.members if member[Member.RETIER]}
    if row[Command.KIND] == Kind.SETTLE_ACCOUNTS:
        wanted |= set(range(row[Command.MEMBER], row[Command.OTHER] + 1))
    return {member for member in wanted if 0 < member < len(state.members)}


def slice_of(whole: State, loaded: set[int]) -> State:
    """The same state with other members out of sight, their lowest exit key remembered."""
    state = copied(whole)
    state.cursor[Cursor.LISTED] = 0
    for tier in range(len(state.tiers)):
        state.queue_sizes[tier] = 0
    for member in range(1, len(state.members)):
        state.members[member][Member.LISTED] = 0
        if member in loaded:
            admit_members(state, member, member + 1)
        else:
            state.members[member][:] = [0] * MEMBER_WIDTH
            state.members[member][Member.PLACE] = -1
    set_horizons(state, whole, loaded)
    return state


def set_horizons(state: State, whole: State, loaded: set[int]) -> None:
    """The lowest exit key of a holder out of sight, by tier."""
    for tier in range(len(state.tiers)):
        state.horizons[tier] = min(
            (
                row[Member.KEY]
                for row in whole.members
                if row[Member.POINTS] > 0
                and row[Member.TIER] == tier
                and row[Member.NUMBER] not in loaded
            ),
            default=NEVER,
        )


def load_next(state: State, whole: State, loaded: set[int]) -> None:
    """Bring in the member of each tier that would exit next."""
    found = [
        min(
            (row[Member.KEY], row[Member.NUMBER])
            for row in whole.members
            if row[Member.POINTS] > 0
            and row[Member.TIER] == tier
            and row[Member.NUMBER] not in loaded
        )[1]
        for tier in range(len(state.tiers))
        if state.horizons[tier] < NEVER
    ]
    assert found, "asked for members where all are loaded"
    for member in found:
        state.members[member][:] = whole.members[member]
        state.members[member][Member.LISTED] = 0
        admit_members(state, member, member + 1)
        loaded.add(member)
    set_horizons(state, whole, loaded)


def take_effects(state: State, events: list[Effected]) -> None:
    """Move what happened so far out of the slice, as the engine does."""
    events += [Effected(*row) for row in state.effects[: state.cursor[Cursor.EFFECTS]]]
    state.cursor[Cursor.EFFECTS] = 0


def without_places(members: Table) -> list[Row]:
    """Members without what is scratch: their place in a heap, and that they are listed."""
    rows = [list(row) for row in members]
    for row in rows:
        row[Member.PLACE] = row[Member.LISTED] = row[Member.CHANGED] = 0
    return [row for row in rows if row[Member.NUMBER]]


def without_retiers(events: Sequence[Effected]) -> list[Effected]:
    """Events but those of tiers, whose order follows from how members were loaded."""
    return [event for event in events if event.kind != EffectKind.TIER_CHANGED]
