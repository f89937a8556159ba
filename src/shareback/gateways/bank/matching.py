"""Which line of the bank's belongs to which entries of the journal: pure, and the same each time.

A line is matched by an id that it names, then by its amount where only one thing can be meant,
then as the sum of a day. What is left is nobody's: it is for a person to explain.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from shareback.gateways.bank.movements import Moved
from shareback.rules.kinds import Kind

DAYS_ON_THE_WAY = 3
"""So many days may lie between the books and the bank."""

BETWEEN_IDS = re.compile(r"[^\w.:\-]+")
"""What no id holds, so that ids in a longer text are found."""

ORDERS = (Kind.PAY_ORDER, Kind.REFUND_ORDER)
PAYOUTS = (Kind.WITHDRAW_CASH, Kind.SETTLE_MERCHANT)
GROUPS: tuple[frozenset[Kind], ...] = tuple(
    frozenset(kinds)
    for kinds in (
        ORDERS,
        (Kind.PAY_ORDER,),
        (Kind.REFUND_ORDER,),
        (Kind.WITHDRAW_CASH,),
        (Kind.SETTLE_MERCHANT,),
        PAYOUTS,
        (*ORDERS, *PAYOUTS),
        (*ORDERS, *PAYOUTS, Kind.FUND_TREASURY, Kind.WITHDRAW_TREASURY, Kind.RECORD_UNMATCHED),
    )
)
"""What a gateway or a bank may settle in one line of a day, the narrower first."""


class OpenLine(NamedTuple):
    """A line of the bank's that is matched to nothing yet."""

    number: int
    account: str
    day: int
    amount_uyuan: int
    said: str


class Pair(NamedTuple):
    """A line, and the entries that it is; for a transfer between own accounts, the other line."""

    line: OpenLine
    moved: tuple[Moved, ...]
    how: str
    other: OpenLine | None = None


def kinds_mask(kinds: Iterable[Kind]) -> int:
    """Some kinds as one number."""
    return sum(1 << kind for kind in set(kinds))


class Matching:
    """Lines and entries that wait for each other."""

    def __init__(self, lines: Sequence[OpenLine], moved: Sequence[Moved]) -> None:
        """Start with all that is open, in order."""
        self.lines = {line.number: line for line in sorted(lines, key=lambda one: (one.day, one))}
        self.moved = {one.sequence: one for one in moved}
        self.pairs: list[Pair] = []

    def take(self, line: OpenLine, moved: Sequence[Moved], how: str) -> None:
        """Match a line."""
        self.pairs.append(Pair(line, tuple(moved), how))
        del self.lines[line.number]
        for one in moved:
            del self.moved[one.sequence]

    def run(self) -> list[Pair]:
        """Match all that can be matched."""
        self.by_reference()
        self.by_amount()
        self.by_day()
        self.between_accounts()
        return self.pairs

    def by_reference(self) -> None:
        """Lines that name an id of an entry, and have its amount."""
        named: dict[tuple[str, int], list[Moved]] = defaultdict(list)
        for one in self.moved.values():
            for reference in dict.fromkeys(one.references):
                named[reference, one.amount_uyuan].append(one)
        for line in list(self.lines.values()):
            for word in dict.fromkeys((line.said.strip(), *BETWEEN_IDS.split(line.said))):
                waiting = (
                    [one for one in named[word, line.amount_uyuan] if one.sequence in self.moved]
                    if (word, line.amount_uyuan) in named
                    else []
                )
                if waiting:
                    self.take(line, waiting[:1], "reference")
                    break

    def by_amount(self) -> None:
        """Lines whose amount only one entry has, within the days that money travels.

        As many lines as entries of one amount are matched in order: which of them is which
        makes no difference.
        """
        lines: dict[int, list[OpenLine]] = defaultdict(list)
        moved: dict[int, list[Moved]] = defaultdict(list)
        for line in self.lines.values():
            lines[line.amount_uyuan].append(line)
        for one in self.moved.values():
            if one.amount_uyuan in lines:
                moved[one.amount_uyuan].append(one)
        for amount, theirs in lines.items():
            ours = sorted(moved[amount], key=lambda one: (one.day, one.sequence))
            self.alike(theirs, ours)

    def alike(self, lines: Sequence[OpenLine], moved: Sequence[Moved]) -> None:
        """Match lines and entries of one amount, each in order of days."""
        if len(lines) == len(moved) and all(map(is_near, lines, moved)):
            for line, one in zip(lines, moved, strict=True):
                self.take(line, [one], "amount")
            return
        our_days, their_days = [one.day for one in moved], [line.day for line in lines]
        for line in lines:
            ours = near(our_days, line.day)
            if len(ours) == 1 and len(near(their_days, our_days[ours.start])) == 1:
                self.take(line, [moved[ours.start]], "amount")
            elif not ours:
                self.recorded_later(line, moved)

    def recorded_later(self, line: OpenLine, moved: Sequence[Moved]) -> None:
        """Match money in no book to what somebody has recorded of it since, however late (A7)."""
        for one in moved:
            late = one.kind is Kind.RECORD_UNMATCHED and one.day >= line.day
            if late and one.sequence in self.moved:
                self.take(line, [one], "amount")
                return

    def by_day(self) -> None:
        """Lines that are the sum of a day's entries of some kinds."""
        days: dict[int, list[Moved]] = defaultdict(list)
        for one in self.moved.values():
            days[one.day].append(one)
        for line in list(self.lines.values()):
            for day in range(line.day, line.day - DAYS_ON_THE_WAY - 1, -1):
                if self.is_sum(line, days.get(day, [])):
                    days[day] = [one for one in days[day] if one.sequence in self.moved]
                    break

    def is_sum(self, line: OpenLine, moved: Sequence[Moved]) -> bool:
        """Match a line if it is what some kinds of a day's entries come to."""
        totals: dict[Kind, int] = defaultdict(int)
        for one in moved:
            totals[one.kind] += one.amount_uyuan
        for group in GROUPS:
            kinds = group & totals.keys()
            if kinds and sum(totals[kind] for kind in kinds) == line.amount_uyuan:
                self.take(line, [one for one in moved if one.kind in kinds], "day")
                return True
        return False

    def between_accounts(self) -> None:
        """Lines that leave one of the own accounts and reach another."""
        leaving = [line for line in self.lines.values() if line.amount_uyuan < 0]
        for line in leaving:
            for other in self.lines.values():
                if (
                    other.amount_uyuan == -line.amount_uyuan
                    and other.account != line.account
                    and abs(other.day - line.day) <= DAYS_ON_THE_WAY
                ):
                    self.pairs.append(Pair(line, (), "own", other))
                    del self.lines[line.number], self.lines[other.number]
                    break


def is_near(line: OpenLine, one: Moved) -> bool:
    """Whether money may have been on its way for so long."""
    return abs(line.day - one.day) <= DAYS_ON_THE_WAY


def near(days: Sequence[int], day: int) -> range:
    """The places of days that are near one, of days in order."""
    first = bisect_left(days, day - DAYS_ON_THE_WAY)
    return range(first, bisect_right(days, day + DAYS_ON_THE_WAY))
