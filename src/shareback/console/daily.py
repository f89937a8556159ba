"""A programme's days as the console compares and draws them."""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

from shareback.journal.models import Day, Programme
from shareback.rules.pool import price_scaled
from shareback.units.exact import mul_div

COLUMNS = (
    "day",
    "reserve",
    "supply",
    "last_price",
    "pot",
    "payable",
    "dividends_credited",
    "points_members",
    "quota_open",
    "free",
    "treasury_funded",
    "orders",
    "orders_matured",
    "exits",
    "sequence",
)
"""The columns of a `DayFigures`, as the journal names them."""


class DayFigures(NamedTuple):
    """The figures at the end of a day, or of the open one as they stand; units are those of R1."""

    day: int
    reserve: int
    supply: int
    last_price: int
    pot: int
    payable: int
    dividends_credited: int
    points_members: int
    quota_open: int
    free: int
    treasury_funded: int
    orders: int
    orders_matured: int
    exits: int
    sequence: int

    @property
    def price(self) -> int:
        """The scaled price (R3)."""
        return price_scaled(self.reserve, self.supply, self.last_price)

    @property
    def dividends(self) -> int:
        """All dividends shared so far, in µ¥."""
        return self.payable + self.dividends_credited

    @property
    def value(self) -> int:
        """What members' points are worth, in µ¥."""
        if self.supply == 0:
            return 0
        return mul_div(self.points_members, self.reserve, self.supply)

    @property
    def quota_left(self) -> int:
        """Σ quota left, what has accrued taken off (R7.3)."""
        return max(0, self.quota_open - self.payable)

    @property
    def coverage_ppm(self) -> int | None:
        """R11's coverage in ppm; nothing where no quota is left."""
        left = self.quota_left
        return mul_div(self.value + self.pot, 1_000_000, left) if left else None


def closed_days(programme: int, since: int = 0) -> list[DayFigures]:
    """The closed days from one on, along the primary key."""
    rows = Day.objects.filter(programme_id=programme, day__gte=since).order_by("day")
    return [DayFigures(*row) for row in rows.values_list(*COLUMNS)]


def now_of(head: Programme) -> DayFigures:
    """The figures as they stand."""
    return DayFigures(*(getattr(head, name) for name in COLUMNS))


def steps(rows: Sequence[DayFigures], name: str) -> list[int]:
    """How much a running total grew on each of some days; the first is left out."""
    totals = [getattr(row, name) for row in rows]
    return [after - before for before, after in itertools.pairwise(totals)]
