"""A programme's statements lived through whole, and what a kept one is held against."""

from contextlib import AbstractContextManager
from functools import lru_cache

from shareback.engine.engine import Engine
from shareback.engine.opening import load_terms
from shareback.engine.statements import marking
from shareback.engine.statements.account import Stretch, Who, read_account, read_stretch
from shareback.engine.statements.mark import Mark, Month, with_steps
from shareback.engine.statements.marking import bring_up
from shareback.engine.statements.pending import pending_worth
from shareback.engine.statements.reading import (
    Statement,
    open_statement,
    statement_in_one_state,
)
from shareback.engine.statements.replaying import Replay, Step
from shareback.engine.statements.timeline import Timeline
from shareback.journal.models import Programme


class Whole:
    """A programme's statements, each lived through from its first entry."""

    def __init__(self, engine: Engine) -> None:
        self.alias = engine.alias
        self.head = Programme.objects.using(engine.alias).get(pk=engine.id)
        self.versions = [version.programme for version in load_terms(engine.id, engine.alias)]
        self.timeline = Timeline(self.head, alias=engine.alias)

    def replay(self, number: int) -> Replay:
        account = read_account(self.head, number, self.alias)
        assert account is not None
        return Replay(account, self.timeline, self.versions)

    def from_mark(self, number: int, mark: Mark) -> Replay:
        who = Who(self.head.pk, number, self.alias)
        member = who.member()
        assert member is not None
        at_once = marking.matures_at_once(self.versions)
        account = read_stretch(who, member, Stretch(mark, None, self.head.day, at_once))
        timeline = Timeline(self.head, mark.day - 1, self.alias)
        return Replay(account, timeline, self.versions, mark)

    def opened(self, number: int) -> Statement:
        mark = bring_up(self.head, number, self.versions, self.alias)
        read = open_statement(self.head, number, self.versions, mark, self.alias)
        assert read is not None
        return read

    def in_one_state(self, number: int) -> AbstractContextManager[Statement | None]:
        return statement_in_one_state(self.head, number, self.versions, self.alias)

    @property
    def members(self) -> range:
        return range(1, self.head.members + 1)


def assert_every_mark_goes_on(whole: Whole, number: int) -> None:
    lived = whole_run(whole, number)
    steps = lived.steps
    replay = whole.replay(number)
    days = range(whole.timeline.first + 1, whole.head.day + 1)
    for day in days:
        replay.run(until=day)
        mark = replay.mark()
        going_on = whole.from_mark(number, mark)
        assert going_on.run() == steps[mark.entries :], (number, day)
        assert with_steps(mark.months, mark.entries, going_on.steps) == with_steps((), 0, steps)
        assert pending_of(going_on) == pending_of(lived)


@lru_cache(maxsize=64)
def whole_run(whole: Whole, number: int) -> Replay:
    replay = whole.replay(number)
    replay.run()
    return replay


def pending_of(replay: Replay) -> tuple[int, int]:
    return replay.waiting.count, replay.waiting.worth_uyuan


def assert_it_reads_as_a_whole(read: Statement, steps: list[Step], whole: Whole) -> None:
    """Any stretch of it, its months, its dividends and what is pending."""
    assert_it_reads_whole(read, steps, whole)
    for first in range(0, len(steps), 7):
        found = read.between(first, first + 9)
        assert [one.entry for one in found] == list(range(first, min(first + 9, len(steps))))
        assert [one.step for one in found] == steps[first : first + 9]
    for month in read.months():
        dividends, told = read.dividends(month), told_in(month, steps)
        for first in range(0, month.told + 1, 5):
            last = min(first + 6, month.told)
            assert read.told(month, dividends, first, last) == told[first:last]


def assert_it_reads_whole(read: Statement, steps: list[Step], whole: Whole) -> None:
    """All of it at once, its months, its dividends and what is pending."""
    assert read.entries == len(steps)
    assert [one.step for one in read.between(0, len(steps))] == steps
    months = read.months()
    assert months == with_steps((), 0, steps)
    for month in months:
        here = list(enumerate(steps))[month.first : month.first + month.entries]
        dividends = read.dividends(month)
        assert [one.entry for one in dividends] == [n for n, s in here if s.what == "dividend"]
        assert read.told(month, dividends, 0, month.told) == told_in(month, steps)
    assert_pending_as_the_orders_say(read, whole)


def told_in(month: Month, steps: list[Step]) -> list[tuple[int, Step]]:
    """A month's entries by their places, but for its dividends."""
    here = list(enumerate(steps))[month.first : month.first + month.entries]
    return [(n, s) for n, s in here if s.what != "dividend"]


def assert_pending_as_the_orders_say(read: Statement, whole: Whole) -> None:
    account = read_account(whole.head, read.member.number, whole.alias)
    assert account is not None
    waiting = [order for order in account.orders if order.is_pending][::-1]
    terms = [version.terms_row() for version in whole.versions]
    assert read.waiting.count == len(waiting)
    assert read.waiting.worth_uyuan == sum(
        pending_worth(order.row, terms[order.terms]) for order in waiting
    )
    assert read.pending(3) == waiting[:3]
    assert read.pending(1_000) == waiting
