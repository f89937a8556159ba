"""Notices before they are worded: which line of which event tells of which row."""

from typing import NamedTuple

from shareback.journal.models import Day, Maturity, Movement, Refund
from shareback.proofs.canonical import Entry

OWN, MATURED, BUYER, REFERRER = range(4)
"""What a line says of its event: the event itself, or one of the three lines of an order."""


class Closed(NamedTuple):
    """A closed day and the one before it; none before the first."""

    day: Day
    before: Day | None


class Draft(NamedTuple):
    """A line of an event.

    Attributes:
        entry: The event.
        line: Its place among the event's lines.
        source: The row that it tells of; none where the event itself says all.
        order: The number of the order concerned, or 0.
        role: What it says of its event.
    """

    entry: Entry
    line: int
    source: Maturity | Movement | Refund | Closed | None
    order: int = 0
    role: int = OWN

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the feed."""
        return self.entry.sequence, self.line
