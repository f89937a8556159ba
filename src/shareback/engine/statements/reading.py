"""A member's statement as it is read: any stretch of its entries, its months, what is pending."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS

from shareback.engine.opening import load_terms
from shareback.engine.snapshot import snapshot
from shareback.engine.statements.account import OrderRow, Stretch, Who, read_stretch
from shareback.engine.statements.keeping import (
    Dividend,
    PagesMissing,
    forget,
    read_dividends,
    read_entries,
)
from shareback.engine.statements.mark import START, Mark, Month, month_of, with_steps
from shareback.engine.statements.marking import bring_up, matures_at_once, waiting_briefly
from shareback.engine.statements.packing import sources_of
from shareback.engine.statements.replaying import Replay, Step
from shareback.engine.statements.timeline import Timeline
from shareback.journal.models import Member, Programme
from shareback.rules.programme import Programme as Parameters

DAYS_SHOWN = 32
"""The latest days that the words of a statement look at."""


class Numbered(NamedTuple):
    """An entry with its number, counted from 0 in the order in which things happened."""

    entry: int
    step: Step


class Statement:
    """A statement: kept pages of the closed days, and what came since, lived through.

    Entries of closed days keep their numbers for ever; within the open day an order that is paid
    comes before what happened beside orders.

    Attributes:
        lost: The mark up to which something should be kept that is not there; none where all is.
    """

    def __init__(
        self,
        head: Programme,
        member: Member,
        versions: Sequence[Parameters],
        mark: Mark,
        alias: str,
    ) -> None:
        """Live through what came since a mark."""
        self.head = head
        self.member = member
        self.versions = versions
        self.who = Who(head.pk, member.number, alias)
        self.lost: Mark | None = None
        self.live(mark)

    def live(self, mark: Mark) -> None:
        """Live through all since a mark."""
        today = self.head.day
        if mark.day > today:
            # A day has closed, and its entries were kept, since the head was read.
            mark = START
        since = min(mark.day - 1, today - DAYS_SHOWN) if mark is not START else 0
        self.mark = mark
        self.timeline = Timeline(self.head, since, self.who.alias)
        stretch = Stretch(mark, None, today, matures_at_once(self.versions))
        account = read_stretch(self.who, self.member, stretch)
        replay = Replay(account, self.timeline, self.versions, mark)
        self.recent = replay.run()
        self.orders = replay.orders
        self.waiting = replay.waiting

    def live_without_pages(self) -> None:
        """Live through all of it, since somebody has removed some of what was kept."""
        self.lost = self.mark
        self.live(START)

    @property
    def entries(self) -> int:
        """How many entries there are."""
        return self.mark.entries + len(self.recent)

    def between(self, first: int, last: int) -> list[Numbered]:
        """The entries from one up to another; as many of them as there are."""
        first, last = max(first, 0), min(last, self.entries)
        try:
            packed = read_entries(self.who, first, min(last, self.mark.entries))
        except PagesMissing:
            self.live_without_pages()
            return self.between(first, last)
        sources = sources_of(self.who, packed)
        steps = [entry.step(sources) for entry in packed]
        start = max(first - self.mark.entries, 0)
        steps += self.recent[start : max(last - self.mark.entries, 0)]
        return [Numbered(entry, step) for entry, step in enumerate(steps, first)]

    def months(self) -> tuple[Month, ...]:
        """All months in which something happened."""
        return with_steps(self.mark.months, self.mark.entries, self.recent)

    def dividends(self, month: Month) -> list[Dividend]:
        """The dividends of a month, day by day."""
        try:
            kept = read_dividends(self.who, month.month, self.mark)
        except PagesMissing:
            self.live_without_pages()
            return self.dividends(month)
        recent = enumerate(self.recent, self.mark.entries)
        return [
            *kept,
            *(
                Dividend(entry, step.day, step.held, step.money)
                for entry, step in recent
                if step.what == "dividend" and month_of(step.day) == month.month
            ),
        ]

    def told(
        self, month: Month, dividends: Sequence[Dividend], first: int, last: int
    ) -> list[Numbered]:
        """Entries of a month that are no dividends, counted by themselves.

        Args:
            month: One of `months`.
            dividends: Its dividends.
            first: The first wanted, counted from 0.
            last: The one after the last wanted, at most the month's `told`.
        """
        if first >= last:
            return []
        # Before the n-th dividend stand as many others as its place says, less n.
        others = [one.entry - month.first - place for place, one in enumerate(dividends)]
        start, end = (
            month.first + rank + bisect_left(others, rank + 1) for rank in (first, last - 1)
        )
        found = self.between(start, end + 1)
        return [one for one in found if one.step.what != "dividend"]

    def pending(self, most: int) -> list[OrderRow]:
        """The latest orders that wait for their maturity."""
        found = [order for order in reversed(self.waiting.added) if order.is_pending][:most]
        numbers = self.mark.waiting[:, 0].tolist()
        while numbers and len(found) < most:
            # As many as are wanted, since most of them still wait.
            numbers, latest = numbers[:-most], numbers[-most:]
            rows = sorted(self.who.orders(latest), reverse=True)
            found += [order for order in rows if order.is_pending]
        return found[:most]

    def orders_of(self, numbers: set[int]) -> dict[int, OrderRow]:
        """Orders of the member by number."""
        missing = numbers - self.orders.keys()
        if missing:
            self.orders |= {order.number: order for order in self.who.orders(missing)}
        return self.orders


def open_statement(
    head: Programme,
    number: int,
    versions: Sequence[Parameters],
    mark: Mark,
    alias: str = DEFAULT_DB_ALIAS,
) -> Statement | None:
    """A member's statement; nothing where the programme has no such member.

    Args:
        head: The programme's row.
        number: The member's number.
        versions: All versions of the parameters.
        mark: What `bring_up` has given: that one may write, this only reads.
        alias: Which of Django's databases.
    """
    member = Who(head.pk, number, alias).member()
    return None if member is None else Statement(head, member, versions, mark, alias)


@contextmanager
def statement_in_one_state(
    head: Programme,
    number: int,
    versions: Sequence[Parameters],
    alias: str = DEFAULT_DB_ALIAS,
) -> Iterator[Statement | None]:
    """A member's statement in one state of the journal, for as long as it is read.

    What has come since it was kept last is kept before, and what turns out to have been removed
    is forgotten afterwards, since nothing can be written meanwhile.

    Args:
        head: The programme's row, of now or of a moment before; the statement has its own.
        number: The member's number; for one that there is not, there is no statement.
        versions: All versions of the parameters at that moment.
        alias: Which of Django's databases.
    """
    mark = bring_up(head, number, versions, alias)
    with snapshot(alias):
        now = Programme.objects.using(alias).defer("key").get(pk=head.pk)
        if now.terms >= len(versions):
            versions = [version.programme for version in load_terms(now.pk, alias)]
        read = open_statement(now, number, versions, mark, alias)
        yield read
    if read is not None and read.lost is not None:
        with waiting_briefly(alias):
            forget(read.who, read.lost)
