"""The daily close (R7)."""

from tests.model.orders import due_orders, mature
from tests.model.parameters import PPM, RANGE, SCALE
from tests.model.pool import exit_key, run_exits, touch
from tests.model.state import Member, State


def close_day(state: State) -> int:
    """Distribute, mature, set tiers, open the next day."""
    distribute(state)
    mature(state, due_orders(state))
    set_tiers(state)
    state.day += 1
    in_force = [terms for from_day, terms in state.amendments if from_day == state.day]
    if in_force:
        state.parameters = in_force[-1]
        state.saw("amendment in force")
    return 0


def distribute(state: State) -> None:
    """Water-filling: up to the next due exit, or until the pot is spent (R7.2)."""
    while True:
        weight = state.weight
        if weight == 0:
            break
        step = state.pot * SCALE // weight
        for member in state.members.values():
            if member.points > 0:
                step = min(step, rise_until_due(state, member))
        room = index_room(state)
        if room < step:
            state.saw("index cut at its range")
            step = room
        if step == 0:
            break
        moved = -(-step * weight // SCALE)
        state.pot -= moved
        state.payable += moved
        state.index += step
        before = state.exits
        run_exits(state)
        state.saw("exit in a distribution", when=state.exits > before)
    if state.pot:
        state.saw("pot carried")


def rise_until_due(state: State, member: Member) -> int:
    """The smallest dA with P + ⌊m·(A + dA)/10⁶⌋ >= K (R5.2)."""
    missing = exit_key(member) - state.price_scaled
    index_due = -(-missing * PPM // member.multiplier)
    assert index_due > state.index, "a member is due already"
    return index_due - state.index


def index_room(state: State) -> int:
    """How far A may rise before ⌊m·A/10⁶⌋ leaves its range for some tier (R3.7)."""
    highest = state.parameters.highest_multiplier_ppm
    return (RANGE * PPM - 1) // highest - state.index


def set_tiers(state: State) -> None:
    """By points held, in order of number (R7.5, D13)."""
    for _, member in sorted(state.members.items()):
        tier = state.parameters.tier_of(member.points)
        if tier != member.tier:
            touch(state, member)
            member.tier = tier
            member.multiplier = state.parameters.tiers[tier][1]
            state.saw("tier changed")
    run_exits(state)
