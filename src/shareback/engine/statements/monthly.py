"""A month of a programme, and how an account stood at its beginning and at its end."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS

from shareback.engine.calendar import day_text
from shareback.engine.statements.account import MovementRow
from shareback.engine.statements.reading import Numbered, Statement
from shareback.engine.statements.replaying import USES_QUOTA, Step
from shareback.journal.models import Day, Programme
from shareback.rules.layout import EffectKind

MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)
ENTRIES_AT_ONCE = 5_000


class MonthUnfit(ValueError):
    """A text that names no month of a programme.

    Attributes:
        text: What was asked for.
        first: The programme's first month.
        last: Its latest.
    """

    def __init__(self, text: str, first: str, last: str) -> None:
        """Keep what was asked for, and what there is."""
        super().__init__(text)
        self.text = text
        self.first = first
        self.last = last

    def __str__(self) -> str:
        return f"{self.text[:20]!r} is no month from {self.first} to {self.last}"


class Span(NamedTuple):
    """A calendar month of a programme, in local days.

    Attributes:
        text: Such as "2026-03".
        first: Its first day.
        last: Its last day; of a month that goes on, the open one.
        is_over: Whether all its days have closed.
    """

    text: str
    first: int
    last: int
    is_over: bool

    @property
    def number(self) -> int:
        """Such as 202603, as `mark.Month` counts it."""
        return int(self.text.replace("-", ""))


class Closes(NamedTuple):
    """The closes at the edges of a month; none where there is no such close.

    Attributes:
        before: The last one before it.
        first: Its first.
        last: Its latest.
    """

    before: Day | None
    first: Day | None
    last: Day | None


class Balance(NamedTuple):
    """How an account stands.

    Attributes:
        points: Units.
        cash: µ¥, dividends counted on the day they accrue.
        coins: 10⁻⁶ coins.
        granted: µ¥ of quota.
        used: µ¥ of it, dividends counted on the day they accrue.
        receivable: µ¥ that the member owes.
    """

    points: int = 0
    cash: int = 0
    coins: int = 0
    granted: int = 0
    used: int = 0
    receivable: int = 0

    @property
    def left(self) -> int:
        """µ¥ of quota that is left."""
        return max(0, self.granted - self.used)

    def after(self, step: Step) -> "Balance":
        """The account after one more thing has happened."""
        source = step.source
        granted, used = self.granted + step.quota, self.used
        receivable = self.receivable
        if step.what == "dividend":
            used += step.money
        elif isinstance(source, MovementRow):
            used = used_after(source, granted, used)
            receivable += owed_by(source)
        return Balance(
            self.points + step.points,
            self.cash + step.money,
            self.coins + step.coins,
            granted,
            used,
            receivable,
        )


def used_after(movement: MovementRow, granted: int, used: int) -> int:
    """The quota used after a movement, in µ¥ (R4.2, R5.3)."""
    if movement.kind in USES_QUOTA:
        return used + movement.gross
    if movement.kind == EffectKind.GOODS_RETURNED:
        return max(0, used - movement.gross)
    if movement.kind == EffectKind.MEMBER_EXITED:
        return max(used + movement.gross, granted)
    return used


def owed_by(movement: MovementRow) -> int:
    """By how much a movement raises what the member owes, in µ¥ (R6.4)."""
    if movement.kind == EffectKind.RECEIVABLE_BOOKED:
        return movement.money
    if movement.kind in (EffectKind.RECEIVABLE_BURNED, EffectKind.RECEIVABLE_COLLECTED):
        return -movement.money
    return 0


def span_of(head: Programme, text: str, alias: str = DEFAULT_DB_ALIAS) -> Span:
    """A month of a programme.

    Args:
        head: The programme's row.
        text: Such as "2026-03".
        alias: Which of Django's databases.

    Raises:
        MonthUnfit: It is none, or the programme has no day in it.
    """
    first_day = first_day_of(head, alias)
    months = day_text(first_day)[:7], day_text(head.day)[:7]
    if MONTH.fullmatch(text) is None or not months[0] <= text <= months[1]:
        raise MonthUnfit(text, *months)
    first = date.fromisoformat(f"{text}-01")
    following = (first + timedelta(days=31)).replace(day=1).toordinal()
    return Span(
        text,
        max(first.toordinal(), first_day),
        min(following - 1, head.day),
        is_over=head.day >= following,
    )


def first_day_of(head: Programme, alias: str = DEFAULT_DB_ALIAS) -> int:
    """A programme's first day, closed or open."""
    closed = Day.objects.using(alias).filter(programme_id=head.pk).order_by("day")
    found = closed.values_list("day", flat=True).first()
    return int(head.day if found is None else found)


def months_of(head: Programme, alias: str = DEFAULT_DB_ALIAS) -> list[str]:
    """All months of a programme, the latest first."""
    at, first = date.fromordinal(head.day), date.fromordinal(first_day_of(head, alias))
    found = []
    while at >= first.replace(day=1):
        found.append(f"{at:%Y-%m}")
        at = at.replace(day=1) - timedelta(days=1)
    return found


def closes_of(head: Programme, span: Span, alias: str = DEFAULT_DB_ALIAS) -> Closes:
    """The closes at the edges of a month."""
    days = Day.objects.using(alias).filter(programme_id=head.pk)
    within = days.filter(day__gte=span.first, day__lte=span.last)
    return Closes(
        days.filter(day__lt=span.first).order_by("-day").first(),
        within.order_by("day").first(),
        within.order_by("-day").first(),
    )


def entries_between(read: Statement, span: Span) -> tuple[int, int]:
    """The numbers of a month's first entry, and of the one after its last."""
    before = [one for one in read.months() if one.month < span.number]
    here = [one.entries for one in read.months() if one.month == span.number]
    first = before[-1].first + before[-1].entries if before else 0
    return first, first + sum(here)


def entries_of(read: Statement, first: int, last: int) -> Iterator[list[Numbered]]:
    """Entries from one up to another, some thousands at a time."""
    for start in range(first, last, ENTRIES_AT_ONCE):
        yield read.between(start, min(start + ENTRIES_AT_ONCE, last))


def balance_at(read: Statement, entry: int) -> Balance:
    """How an account stood before an entry; all entries until there are looked at."""
    balance = Balance()
    for some in entries_of(read, 0, entry):
        for one in some:
            balance = balance.after(one.step)
    return balance
