"""The books against the bank, as of the end of a day; and what follows for payouts (R3.1, R10).

    unexplained = bank + in transit − books − what people have explained

In transit is what the books have moved within the last days and no statement has shown yet. The
bank is short where it holds less than the reserve R, in transit counted. A cent that nobody can
explain for 24 hours stops payouts as well.
"""

from itertools import accumulate
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import F, Max, Min, Q, QuerySet, Sum

from shareback.gateways.bank.gaps import balance_at, first_day, gaps, last_day
from shareback.gateways.bank.kept import Waiting, lock_accounts, match_up
from shareback.gateways.bank.matching import DAYS_ON_THE_WAY
from shareback.gateways.bank.models import BankLine, Match, Reconciliation
from shareback.journal.halting import set_halted
from shareback.journal.models import Day, Programme
from shareback.journal.models.programme import Halt

HOURS_US = 3_600_000_000
GRACE_US = 24 * HOURS_US
AGAIN_US = HOURS_US
"""How often a comparison that is not at rest is made again."""

DAYS_AT_ONCE = 62
"""So many days before the last are compared too, where they are new: none is passed over."""

DAYS_AHEAD = 31
"""So far behind the last statement an entry may stand that explains a line in it."""

State = Reconciliation.State
HALTS = {State.SHORT: Halt.BANK_SHORT, State.OVERDUE: Halt.BANK_UNEXPLAINED}


class Figures(NamedTuple):
    """What a comparison finds of a day; amounts in µ¥."""

    day: int
    books_bank: int
    books_reserve: int
    bank: int
    in_transit: int
    unexplained: int
    open_lines: int
    missing: int

    @property
    def is_short(self) -> bool:
        """Whether the bank holds less than R (R3.1)."""
        return self.bank + self.in_transit < self.books_reserve

    @property
    def rests(self) -> bool:
        """Whether something is amiss that is no open line."""
        return self.missing > 0 or (self.unexplained != 0 and self.open_lines == 0)

    @property
    def is_clean(self) -> bool:
        """Whether all is explained."""
        return self.unexplained == 0 and self.open_lines == 0 and self.missing == 0


def compare(programme: int, now: int, alias: str = DEFAULT_DB_ALIAS) -> Reconciliation | None:
    """Compare the books with the bank, keep what comes of it, and stop payouts or let them go on.

    Args:
        programme: The programme's number.
        now: µs UTC.
        alias: Which of Django's databases holds it.

    Returns:
        The comparison; None where no statement was ever imported.
    """
    with transaction.atomic(using=alias):
        accounts = lock_accounts(programme, alias)
        if not accounts:
            return None
        comparison = Comparison(programme, accounts, now, alias)
        latest = comparison.write()
        set_halted(programme, HALTS.get(State(latest.state), Halt.NONE), alias)
        return latest


def compare_if_due(programme: int, now: int, alias: str = DEFAULT_DB_ALIAS) -> bool:
    """Compare again where the last comparison is not at rest; returns whether it was done.

    What agreed once stays so until another statement comes.
    """
    last = latest_of(programme, alias)
    if last is None or last.state == State.AGREED:
        return False
    turns = (last.since or now) + GRACE_US
    if now < last.at + AGAIN_US and not last.at < turns <= now:
        return False
    return compare(programme, now, alias) is not None


def latest_of(programme: int, alias: str = DEFAULT_DB_ALIAS) -> Reconciliation | None:
    """A programme's latest comparison."""
    rows = Reconciliation.objects.using(alias).filter(programme_id=programme)
    return rows.order_by("-number").first()


class Comparison:
    """One comparison, of all days that have not been compared yet and of the last."""

    def __init__(self, programme: int, accounts: list[str], now: int, alias: str) -> None:
        """Read what was compared before, and match what waits."""
        self.programme, self.accounts, self.now, self.alias = programme, accounts, now, alias
        self.head = Programme.objects.using(alias).defer("key").get(pk=programme)
        self.first = min(first_day(programme, name, alias) for name in accounts)
        self.day = min(last_day(programme, name, alias) for name in accounts)
        self.before = latest_of(programme, alias)
        days = (self.looks_from(), min(self.head.day, self.day + DAYS_AHEAD))
        self.waiting: Waiting = match_up(programme, days, self.head.sequence, now, alias)

    def looks_from(self) -> int:
        """The first day to read entries of: what is older has been shown, or came before all.

        Lines of a statement that was imported late may be of days that were done with.
        """
        rows = BankLine.objects.using(self.alias).filter(
            programme_id=self.programme, state=BankLine.State.OPEN
        )
        oldest = rows.aggregate(first=Min("day"))["first"]
        days = [self.before.open_from if self.before is not None else self.first]
        days += [] if oldest is None else [oldest]
        return max(min(days), self.first) - DAYS_ON_THE_WAY

    def write(self) -> Reconciliation:
        """Keep a row for each new day; returns the last day's."""
        days = [self.figures(day) for day in self.days()]
        gap = gaps(self.programme, self.accounts, self.alias)
        rows = Reconciliation.objects.using(self.alias).filter(programme_id=self.programme)
        number = rows.aggregate(last=Max("number"))["last"] or 0
        state, rest_since, since = self.verdict(days[-1], gap.uyuan, gap.days)
        kept = [
            Reconciliation(
                programme_id=self.programme,
                number=number + place,
                at=self.now,
                **figures._asdict(),
                gap=gap.uyuan,
                days_missing=gap.days,
                state=state if figures is days[-1] else passing(figures),
                rest_since=rest_since,
                since=since,
                open_from=self.still_open(),
            )
            for place, figures in enumerate(days, 1)
        ]
        Reconciliation.objects.using(self.alias).bulk_create(kept)
        return kept[-1]

    def days(self) -> range:
        """The days to compare: those behind the last comparison, at least the last one."""
        begin = self.first if self.before is None else min(self.before.day + 1, self.day)
        return range(max(begin, self.day - DAYS_AT_ONCE), self.day + 1)

    def figures(self, day: int) -> Figures:
        """What there is at the end of a day."""
        bank = sum(balance_at(self.programme, name, day, self.alias) for name in self.accounts)
        books_bank, reserve = self.books(day)
        lines = [one for one in self.waiting.lines if one.day <= day]
        recent = [one for one in self.waiting.moved if self.first <= one.day <= day]
        missing = [one for one in recent if day - one.day >= DAYS_ON_THE_WAY]
        on_the_way = sum(one.amount_uyuan for one in recent) - sum(
            one.amount_uyuan for one in missing
        )
        on_the_way += self.sum_of(Q(first__gte=0, day__lte=day, line_day__gt=day, line__gt=0))
        early = self.sum_of(Q(first__gte=0, day__gt=day, line_day__lte=day, line__gt=0))
        unexplained = bank + on_the_way - books_bank - early - self.explained(day)
        before = self.before_the_first(day, -unexplained)
        return Figures(
            day,
            books_bank,
            reserve,
            bank,
            on_the_way + before,
            unexplained + before,
            len(lines),
            len(missing),
        )

    def before_the_first(self, day: int, wanted: int) -> int:
        """What was on its way when the first statement began, where just that explains it."""
        waiting = [
            one
            for one in self.waiting.moved
            if self.first - DAYS_ON_THE_WAY <= one.day < self.first
            and day - one.day < DAYS_ON_THE_WAY
        ]
        sums = accumulate(one.amount_uyuan for one in reversed(waiting))
        return wanted if wanted != 0 and wanted in sums else 0

    def books(self, day: int) -> tuple[int, int]:
        """The bank and the reserve by the books at the end of a day; now for one still open."""
        if day >= self.head.day:
            return self.head.bank, self.head.reserve
        rows = Day.objects.using(self.alias).filter(programme_id=self.programme, day__lte=day)
        found = rows.order_by("-day").values_list("bank", "reserve").first()
        return found or (0, 0)

    def explained(self, day: int) -> int:
        """What people have explained by hand, and own transfers that are half done."""
        lines = BankLine.objects.using(self.alias).filter(
            programme_id=self.programme,
            day__lte=day,
            state__in=(BankLine.State.EXPLAINED, BankLine.State.OWN),
        )
        return total(lines) - self.sum_of(Q(first__gte=0, day__lte=day, line=0))

    def sum_of(self, condition: Q) -> int:
        """What some matches come to."""
        rows = Match.objects.using(self.alias).filter(condition, programme_id=self.programme)
        return total(rows)

    def still_open(self) -> int:
        """The first day of which an entry waits; the next comparison looks no further back."""
        days = [one.day for one in self.waiting.moved if one.day >= self.first]
        return int(min([*days, self.day + 1, self.head.day]))

    def verdict(
        self, last: Figures, gap_uyuan: int, gap_days: int
    ) -> tuple[int, int | None, int | None]:
        """The state of the last day, since when something rests, and since when anything does."""
        rests = last.rests or gap_uyuan != 0 or gap_days > DAYS_ON_THE_WAY
        rest_since = (self.before and self.before.rest_since) or self.now if rests else None
        rows = BankLine.objects.using(self.alias).filter(
            programme_id=self.programme, state=BankLine.State.OPEN, day__lte=last.day
        )
        seen = rows.aggregate(first=Min("seen_at"))["first"]
        times = [one for one in (rest_since, seen) if one is not None]
        since = min(times) if times else None
        if last.is_short:
            return State.SHORT, rest_since, since
        if since is None:
            return State.AGREED, None, None
        overdue = self.now - since >= GRACE_US
        return State.OVERDUE if overdue else State.UNEXPLAINED, rest_since, since


def passing(figures: Figures) -> int:
    """The state of a day that others have followed: nothing is halted for it any more."""
    if figures.is_short:
        return State.SHORT
    return State.AGREED if figures.is_clean else State.UNEXPLAINED


def total(rows: "QuerySet[BankLine] | QuerySet[Match]") -> int:
    """The sum of some rows' amounts."""
    return int(rows.aggregate(total=Sum(F("amount")))["total"] or 0)
