"""Members that come from the journal take their place in the state; nothing else moves."""

from shareback.rules import queue
from shareback.rules.accounts import flag_tier
from shareback.rules.layout import Member, Row, State, Table, Tier
from shareback.rules.member import left, weight

__compiled__ = True


def admit_members(state: State, first: int, end: int) -> None:
    """Derive what is not stored of the members in the slots ``first`` to ``end`` - 1 (R5)."""
    for slot in range(first, end):
        member = state.members[slot]
        tier = member[Member.TIER]
        member[Member.WEIGHT] = weight(member[Member.POINTS], state.tiers[tier][Tier.MULTIPLIER])
        member[Member.OPEN] = max(0, left(member))
        member[Member.PLACE] = -1
        if member[Member.POINTS] > 0:
            queue.enter(state, tier, slot)
        flag_tier(state, slot)


def renew_members(state: State, slots: Row, rows: Table) -> None:
    """Let members be what another writer has made of them.

    Args:
        state: The state; each leaves the queue of the tier that it had, and enters that which it
            has now.
        slots: Where they are.
        rows: What is stored of each, up to `Member.WEIGHT`.
    """
    for place in range(len(slots)):
        slot = slots[place]
        member = state.members[slot]
        if member[Member.PLACE] >= 0:
            queue.leave(state, member[Member.TIER], slot)
        for column in range(Member.WEIGHT):
            member[column] = rows[place][column]
        member[Member.REFERRER_SLOT] = 0
        admit_members(state, slot, slot + 1)
