"""The daily close: share the pot, mature what is due, set tiers (R7)."""

from shareback.rules.accounts import change_tier
from shareback.rules.codes import Code
from shareback.rules.exits import EFFECTS_SPARE, distance, price, run_exits
from shareback.rules.layout import (
    Cursor,
    Head,
    Member,
    Stage,
    State,
    Term,
    Tier,
)
from shareback.rules.maturing import mature_together
from shareback.units.exact import mul_div, mul_div_up
from shareback.units.scales import INT64_MAX, PPM, RANGE, SCALE

__compiled__ = True


def rise_to(gap_scaled: int, multiplier_ppm: int, index_scaled: int) -> int:
    """How far the index must rise until ⌊m·A/10⁶⌋ has grown by a gap.

    Args:
        gap_scaled: ⌊m·A′/10⁶⌋ − ⌊m·A/10⁶⌋ that is wanted, > 0.
        multiplier_ppm: m, > 0.
        index_scaled: A.

    Returns:
        The least A′ − A, saturated at 2⁶³ − 1.

    Source:
        R7.2.
    """
    goal = gap_scaled + mul_div(multiplier_ppm, index_scaled, PPM)
    return mul_div_up(goal, PPM, multiplier_ppm) - index_scaled


def step_to_exit(state: State, tier: int, key_scaled: int) -> int:
    """How far the index may rise before a holder of this key is due (R7.2)."""
    if key_scaled == INT64_MAX:
        return INT64_MAX
    gap = distance(state, tier, key_scaled) - price(state.head)
    multiplier = state.tiers[tier][Tier.MULTIPLIER]
    return rise_to(gap, multiplier, state.head[Head.INDEX])


def step_to_loaded_exit(state: State) -> int:
    """How far the index may rise before the next loaded member is due."""
    least = INT64_MAX
    for tier in range(len(state.tiers)):
        if state.queue_sizes[tier] > 0:
            key = state.members[state.queue[tier][0]][Member.KEY]
            least = min(least, step_to_exit(state, tier, key))
    return least


def step_to_outside_exit(state: State) -> int:
    """How far the index may rise before a member that is not loaded is due."""
    least = INT64_MAX
    for tier in range(len(state.tiers)):
        least = min(least, step_to_exit(state, tier, state.horizons[tier]))
    return least


def step_in_range(state: State) -> int:
    """How far the index may rise while ⌊m·A/10⁶⌋ stays below 2⁶² in every tier (R3.7)."""
    most = PPM
    for tier in range(len(state.tiers)):
        most = max(most, state.tiers[tier][Tier.MULTIPLIER])
    return mul_div_up(RANGE, PPM, most) - 1 - state.head[Head.INDEX]


def share_step(state: State, step_scaled: int) -> None:
    """Raise the index and move what it owes from the pot to dividends payable (R7.2)."""
    head = state.head
    moved = mul_div_up(step_scaled, head[Head.WEIGHT], SCALE)
    head[Head.INDEX] += step_scaled
    head[Head.POT] -= moved
    head[Head.PAYABLE] += moved


def divide(state: State) -> int:
    """Share the pot by water-filling, exits in between (R7.2).

    Returns:
        ``ACCEPTED`` once the rest is carried; ``NEEDS_EXITS`` or ``NEEDS_ROOM`` to be called
        again.
    """
    head = state.head
    while True:
        code = run_exits(state)
        if code != Code.ACCEPTED:
            return code
        if head[Head.WEIGHT] == 0:
            return Code.ACCEPTED
        full = mul_div(head[Head.POT], SCALE, head[Head.WEIGHT])
        step = min(full, step_to_loaded_exit(state), step_in_range(state))
        if step <= 0:
            return Code.ACCEPTED
        if step_to_outside_exit(state) <= step:
            return Code.NEEDS_EXITS
        share_step(state, step)


def set_tiers(state: State) -> int:
    """Give members whose holding belongs in another tier that tier (R7.5)."""
    while state.cursor[Cursor.LISTED] > 0:
        if state.cursor[Cursor.EFFECTS] + EFFECTS_SPARE > len(state.effects):
            return Code.NEEDS_ROOM
        last = state.cursor[Cursor.LISTED] - 1
        slot = state.listed[last]
        state.cursor[Cursor.LISTED] = last
        state.members[slot][Member.LISTED] = 0
        if state.members[slot][Member.RETIER] == 1:
            change_tier(state, slot)
    return Code.ACCEPTED


def has_room_to_mature(state: State) -> bool:
    """Whether the exits so far have left the rows of effects that maturing may need."""
    touched = state.cursor[Cursor.DUE] + state.cursor[Cursor.DUE]
    return state.cursor[Cursor.EFFECTS] + touched + touched <= len(state.effects)


def close_day(state: State) -> int:
    """Close the open day and open the next; goes on where it paused (R7).

    Returns:
        ``ACCEPTED``; or ``NEEDS_EXITS`` or ``NEEDS_ROOM``, to be called again.
    """
    code = share_and_mature(state)
    if code != Code.ACCEPTED:
        return code
    code = exit_and_set_tiers(state)
    if code == Code.ACCEPTED:
        open_next_day(state)
    return code


def share_and_mature(state: State) -> int:
    """Share the pot, then mature what is due; nothing where a pause came after that (R7.2, R7.4).

    Returns:
        ``ACCEPTED``; or ``NEEDS_EXITS`` or ``NEEDS_ROOM``, to be called again.
    """
    cursor = state.cursor
    if cursor[Cursor.STAGE] == Stage.FRESH:
        cursor[Cursor.STAGE] = Stage.CLOSE_DIVIDE
    if cursor[Cursor.STAGE] != Stage.CLOSE_DIVIDE:
        return Code.ACCEPTED
    code = divide(state)
    if code != Code.ACCEPTED:
        return code
    if not has_room_to_mature(state):
        return Code.NEEDS_ROOM
    mature_together(state)
    cursor[Cursor.STAGE] = Stage.CLOSE_EXITS
    return Code.ACCEPTED


def exit_and_set_tiers(state: State) -> int:
    """Exits, tiers, and the exits that follow from these, each once (R7.4, R7.5).

    Who exits last keeps the tier until the next close, wherever a pause falls.

    Returns:
        ``ACCEPTED``; or ``NEEDS_EXITS`` or ``NEEDS_ROOM``, to be called again.
    """
    cursor = state.cursor
    if cursor[Cursor.STAGE] == Stage.CLOSE_EXITS:
        code = run_exits(state)
        if code != Code.ACCEPTED:
            return code
        cursor[Cursor.STAGE] = Stage.CLOSE_TIERS
    if cursor[Cursor.STAGE] == Stage.CLOSE_TIERS:
        code = set_tiers(state)
        if code != Code.ACCEPTED:
            return code
        cursor[Cursor.STAGE] = Stage.CLOSE_LAST_EXITS
    return run_exits(state)


def open_next_day(state: State) -> None:
    """Go to the next day; of the terms that hold from it, the latest (R2, R7)."""
    head = state.head
    head[Head.DAY] += 1
    for version in range(len(state.terms)):
        if state.terms[version][Term.FROM_DAY] == head[Head.DAY]:
            head[Head.TERMS] = version
