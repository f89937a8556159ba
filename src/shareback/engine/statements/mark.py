"""How an account stood when a day began: from there its statement can be lived through on."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple, Protocol

import numpy as np

from shareback.engine.calendar import day_text
from shareback.kernels.arrays import Integers, zeros
from shareback.rules.layout import ABSENT

WAITING_COLUMNS = 2


class Month(NamedTuple):
    """What a month of a statement came to.

    Attributes:
        month: Such as 202603.
        first: The number of its first entry.
        entries: How many it has, dividends included.
        told: Those that are no dividends.
        points: Units that came, less those that went.
        money: µ¥ of cash that came, less what went.
    """

    month: int
    first: int
    entries: int
    told: int
    points: int
    money: int


class Standing(NamedTuple):
    """The numbers of an account and of the journal before a day.

    Attributes:
        orders: How many orders the programme had.
        sequence: How many entries its log had.
        points: Units held.
        quota: µ¥ granted.
        used: µ¥ of it used, at the last touch.
        index_scaled: The dividend index at the last touch.
        tier: The member's tier.
        shown: µ¥ of dividends told since the last touch.
        receivable: µ¥ owed.
        pending: How many orders waited for their maturity.
        worth: What their awards were worth, in µ¥.
    """

    orders: int = 0
    sequence: int = 0
    points: int = 0
    quota: int = 0
    used: int = 0
    index_scaled: int = 0
    tier: int = 0
    shown: int = 0
    receivable: int = 0
    pending: int = 0
    worth: int = 0


class Mark(NamedTuple):
    """The state of a statement when a day began.

    Attributes:
        day: The day; 0 before everything.
        entries: How many entries came before it.
        account: How the account stood.
        months: The months so far.
        waiting: int64[n, 2]: the numbers of own orders that waited, rising, and a day before
            which they do not mature; `ABSENT` where they had not been received.
        brought: The same of orders of those whom the member brought.
    """

    day: int
    entries: int
    account: Standing
    months: tuple[Month, ...]
    waiting: Integers
    brought: Integers


START = Mark(0, 0, Standing(), (), zeros(0, WAITING_COLUMNS), zeros(0, WAITING_COLUMNS))
"""Before everything."""


class Waits(Protocol):
    """An order that waits."""

    @property
    def number(self) -> int:
        """Its number."""

    @property
    def due_day(self) -> int:
        """The day at whose close it is due, or `ABSENT`."""


class Told(Protocol):
    """What a month counts of an entry."""

    @property
    def day(self) -> int:
        """Its local day."""

    @property
    def what(self) -> str:
        """What happened."""

    @property
    def points(self) -> int:
        """Units that came."""

    @property
    def money(self) -> int:
        """µ¥ that came."""


def may_have_matured(waiting: Integers, until: int, *, unreceived: bool) -> list[int]:
    """The numbers of waiting orders that may have matured before a day.

    Args:
        waiting: As in `Mark.waiting`.
        until: The day.
        unreceived: Whether one that was not received may have.
    """
    due = waiting[:, 1]
    found: list[int] = waiting[
        ((due != ABSENT) & (due < until)) | ((due == ABSENT) & unreceived), 0
    ].tolist()
    return found


def still_waiting(before: Integers, gone: set[int], seen: Iterable[Waits]) -> Integers:
    """What waits now, of what waited before and of what has been seen since.

    Args:
        before: As in `Mark.waiting`.
        gone: Numbers of what waits no more.
        seen: All that was read since, whether it was among those before or not.
    """
    due = dict(before.tolist())
    due.update((one.number, one.due_day) for one in seen)
    left = sorted((number, day) for number, day in due.items() if number not in gone)
    return np.array(left, np.int64).reshape(len(left), WAITING_COLUMNS)


def with_steps(months: Sequence[Month], first: int, steps: Iterable[Told]) -> tuple[Month, ...]:
    """Months with more entries counted; ``first`` is the number of the first of these."""
    counted = list(months)
    entry = first
    for key, group in groupby(steps, lambda step: month_of(step.day)):
        run = list(group)
        if not counted or counted[-1].month != key:
            counted.append(Month(key, entry, 0, 0, 0, 0))
        last = counted[-1]
        counted[-1] = Month(
            key,
            last.first,
            last.entries + len(run),
            last.told + sum(step.what != "dividend" for step in run),
            last.points + sum(step.points for step in run),
            last.money + sum(step.money for step in run),
        )
        entry += len(run)
    return tuple(counted)


def month_of(day: int) -> int:
    """The month of a local day, such as 202603."""
    return int(day_text(day)[:7].replace("-", ""))
