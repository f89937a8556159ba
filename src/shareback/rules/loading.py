"""Members that come from the journal take their place in the state; nothing else moves."""

from shareback.rules import queue
from shareback.rules.accounts import flag_tier
from shareback.rules.layout import Member, State, Tier
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
