"""Who exits next: for each tier a binary heap of holders by exit key, then number (R5.2, R5.3).

The heap holds slots; each member remembers its place, so that a changed key moves one member
in O(log N).
"""

from shareback.rules.layout import Member, Row, State, Table

__compiled__ = True


def comes_before(members: Table, first: int, second: int) -> bool:
    """Whether the member in slot ``first`` exits before the one in slot ``second``."""
    one, other = members[first], members[second]
    if one[Member.KEY] != other[Member.KEY]:
        return one[Member.KEY] < other[Member.KEY]
    return one[Member.NUMBER] < other[Member.NUMBER]


def put(queue: Row, members: Table, place: int, slot: int) -> None:
    """Write a slot to a place of the heap, and the place to the member."""
    queue[place] = slot
    members[slot][Member.PLACE] = place


def rise(queue: Row, members: Table, place: int) -> int:
    """Move the entry at a place up until its parent comes before it; returns its place."""
    slot = queue[place]
    while place > 0:
        parent = (place - 1) >> 1
        if not comes_before(members, slot, queue[parent]):
            break
        put(queue, members, place, queue[parent])
        place = parent
    put(queue, members, place, slot)
    return place


def sink(queue: Row, members: Table, size: int, place: int) -> None:
    """Move the entry at a place down until both children come after it."""
    slot = queue[place]
    while True:
        child = place + place + 1
        if child >= size:
            break
        if child + 1 < size and comes_before(members, queue[child + 1], queue[child]):
            child += 1
        if not comes_before(members, queue[child], slot):
            break
        put(queue, members, place, queue[child])
        place = child
    put(queue, members, place, slot)


def enter(state: State, tier: int, slot: int) -> None:
    """Add a member to its tier's heap; the member must not be in any."""
    place = state.queue_sizes[tier]
    state.queue_sizes[tier] = place + 1
    put(state.queue[tier], state.members, place, slot)
    rise(state.queue[tier], state.members, place)


def leave(state: State, tier: int, slot: int) -> None:
    """Take a member out of its tier's heap."""
    members, queue = state.members, state.queue[tier]
    place = members[slot][Member.PLACE]
    members[slot][Member.PLACE] = -1
    last = state.queue_sizes[tier] - 1
    state.queue_sizes[tier] = last
    if place != last:
        put(queue, members, place, queue[last])
        sink(queue, members, last, rise(queue, members, place))


def move(state: State, tier: int, slot: int) -> None:
    """Restore the order of a tier's heap after a member's key has changed."""
    queue = state.queue[tier]
    place = rise(queue, state.members, state.members[slot][Member.PLACE])
    sink(queue, state.members, state.queue_sizes[tier], place)
