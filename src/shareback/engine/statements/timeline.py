"""A programme's closed days and its open one, as the pages look them up."""

from bisect import bisect_right
from collections.abc import Collection
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS

from shareback.journal.models import Day, Programme
from shareback.rules.layout import Phase
from shareback.rules.pool import price_scaled
from shareback.units.exact import mul_div

COLUMNS = (
    "day",
    "reserve",
    "supply",
    "last_price",
    "index",
    "payable",
    "dividends_credited",
    "exits",
    "sequence",
    "terms",
    "orders",
)
"""The columns of a `DayRow`, as the journal names them."""


class DayRow(NamedTuple):
    """What the pages need of a day's figures; columns and units are those of `layout.Head`."""

    day: int
    reserve: int
    supply: int
    last_price: int
    index_scaled: int
    payable: int
    dividends_credited: int
    exits: int
    sequence: int
    terms: int
    orders: int

    @property
    def price(self) -> int:
        """The scaled price at the end of the day (R3)."""
        return price_scaled(self.reserve, self.supply, self.last_price)

    @property
    def dividends(self) -> int:
        """All dividends shared so far, in µ¥: what was credited and what is still payable."""
        return self.payable + self.dividends_credited

    def worth(self, points: int) -> int:
        """What points are worth at the end of the day, in µ¥, rounded down."""
        return mul_div(points, self.reserve, self.supply) if self.supply > 0 else 0


def open_row(head: Programme) -> DayRow:
    """The figures as they stand now, under the open day.

    After the programme's end its price is the one that every account is paid (R12).
    """
    row = DayRow(*(getattr(head, name) for name in COLUMNS))
    if head.phase == Phase.ENDED and head.final_supply > 0:
        return row._replace(reserve=head.final_reserve, supply=head.final_supply)
    return row


class Timeline:
    """The days of a programme in order; the last of them is the open one."""

    def __init__(self, head: Programme, since: int = 0, alias: str = DEFAULT_DB_ALIAS) -> None:
        """Read the closed days: one query along the primary key.

        Args:
            head: The programme's row.
            since: The first day that is read; all where it is 0.
            alias: Which of Django's databases.
        """
        self.days = Day.objects.using(alias).filter(programme_id=head.pk).order_by("day")
        closed = self.days.filter(day__gte=since).values_list(*COLUMNS)
        self.closed = [DayRow(*row) for row in closed]
        self.today = open_row(head)
        self.rows = [*self.closed, self.today]
        self.first = self.rows[0].day
        self.ends = [row.sequence for row in self.closed]
        self.older: dict[int, DayRow] = {}

    def reach(self, days: Collection[int]) -> None:
        """Read days before the first one too, for `on` alone."""
        wanted = [day for day in days if day < self.first]
        if wanted:
            rows = self.days.filter(day__gte=min(wanted), day__lte=max(wanted))
            self.older = {row[0]: DayRow(*row) for row in rows.values_list(*COLUMNS)}

    def on(self, day: int) -> DayRow:
        """The figures of a day; of the open one where it has not closed yet."""
        older = self.older.get(day)
        if older is not None:
            return older
        return self.rows[min(max(day - self.first, 0), len(self.rows) - 1)]

    def before(self, day: int) -> DayRow | None:
        """The figures with which a day began; none for the programme's first."""
        return self.on(day - 1) if day > self.first else None

    def index_before(self, day: int) -> int:
        """The dividend index while a day was open."""
        return self.on(day - 1).index_scaled if day > self.first else 0

    def terms_on(self, day: int) -> int:
        """The version of the parameters that was in force on a day."""
        return self.on(day - 1).terms if day > self.first else 0

    def is_close_of(self, sequence: int, day: int) -> bool:
        """Whether an entry of the log is the one that closed a day."""
        return day < self.today.day and sequence == self.on(day).sequence - 1

    def day_of(self, sequence: int) -> int:
        """The day to which an entry of the log belongs."""
        return self.first + bisect_right(self.ends, sequence)
