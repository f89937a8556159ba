"""The entries of an event: what moved between the accounts, and that it balances (R10)."""

from collections.abc import Sequence
from typing import NamedTuple

from shareback.books.accounts import CHART, Account, Unit
from shareback.rules.kinds import Kind


class Posting(NamedTuple):
    """One line of an entry.

    Attributes:
        account: The account.
        units: By how much it changes, with the account's sign; never 0.
    """

    account: Account
    units: int


class Unbalanced(Exception):
    """A bug: an event created or lost money, points or coins."""

    def __init__(self, kind: Kind, unit: Unit, excess: int) -> None:
        """Keep the kind of the event, what does not balance, and by how much, in its units."""
        self.kind = kind
        self.unit = unit
        self.excess = excess
        super().__init__(f"{kind.name} does not balance: {unit.name.lower()} are off by {excess}")


def entries(kind: Kind, before: Sequence[int], after: Sequence[int]) -> tuple[Posting, ...]:
    """The postings of an event, or of several of one kind.

    Args:
        kind: What happened.
        before: The accounts before it, the first columns of the head.
        after: The accounts after it.

    Returns:
        A posting for each account that changed, in the order of the chart; none where nothing
        did. In each unit they add up to 0.

    Raises:
        Unbalanced: A bug.

    Source:
        R10: entries are derived from events, never stored.
    """
    if before == after:
        return ()
    postings = tuple(
        Posting(account, account.sign * (new - old))
        for account, old, new in zip(CHART, before, after, strict=True)
        if new != old
    )
    excess = [0, 0, 0]
    for account, units in postings:
        excess[account.unit] += units
    for unit in Unit:
        if excess[unit] != 0:
            raise Unbalanced(kind, unit, excess[unit])
    return postings
