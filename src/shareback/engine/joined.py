"""Accounts that a transaction opens, until they are written."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from shareback.journal.models import Identity


class Joined(NamedTuple):
    """An account that a transaction opens, as it was opened.

    Attributes:
        kind: A member's or a merchant's.
        text: Its outside id.
        slot: Where it stands.
        referrer_slot: A member's referrer, 0 for nobody.
        party: Who stands behind it, as it was said then.
    """

    kind: Identity.Kind
    text: str
    slot: int
    referrer_slot: int
    party: int


def moved_along(accounts: Iterable[Joined], moved: Mapping[int, int]) -> list[Joined]:
    """The same accounts, after members have moved from slots to others."""
    return [
        one._replace(
            slot=moved.get(one.slot, one.slot),
            referrer_slot=moved.get(one.referrer_slot, one.referrer_slot),
        )
        if one.kind == Identity.Kind.MEMBER
        else one
        for one in accounts
    ]
