"""A bank for the tests: it keeps an account, and gives statements of it as plain tables."""

from datetime import date
from itertools import count

from shareback.engine.engine import Engine
from shareback.gateways.bank.importing import Imported, Source, import_file
from shareback.gateways.bank.models import Reconciliation
from shareback.gateways.bank.shapes import shown_uyuan
from shareback.journal.models import Programme
from tests.backends.journals import DAY, OPENED

FIRST_DAY = date(2026, 1, 1).toordinal()
"""The local day on which the tests' programmes open."""


class Bank:
    """An account at a bank, and what was booked there on which day."""

    def __init__(self, engine: Engine, opening_uyuan: int = 0, name: str = "main") -> None:
        """An account that holds something at the beginning of the programme's first day."""
        self.engine, self.name = engine, name
        self.opening = opening_uyuan
        self.lines: list[tuple[int, int, str, int]] = []
        self.numbers = count(1)

    def book(self, day: int, amount_uyuan: int, said: str = "") -> int:
        """Book money that comes or goes on a day, counted from 0; returns the line's number."""
        number = next(self.numbers)
        self.lines.append((day, amount_uyuan, said, number))
        self.lines.sort(key=lambda line: (line[0], line[3]))
        return number

    def table(self, first: int, last: int) -> bytes:
        """The statement of some days."""
        balance = self.opening + sum(line[1] for line in self.lines if line[0] < first)
        rows = ["date,amount,balance,reference,id"]
        for day, amount, said, number in self.lines:
            if first <= day <= last:
                balance += amount
                when = date.fromordinal(FIRST_DAY + day).isoformat()
                told = (
                    when,
                    shown_uyuan(amount),
                    shown_uyuan(balance),
                    said,
                    f"{self.name}-{number}",
                )
                rows.append(",".join(told))
        return "\n".join(rows).encode()

    def give(self, first: int, last: int, at: int | None = None) -> Imported:
        """Import the statement of some days, at the end of the last where nothing is said."""
        now = OPENED + (last + 1) * DAY if at is None else at
        source = Source(self.table(first, last), "csv", {}, self.name, "tester", now)
        return import_file(self.engine.id, source, self.engine.alias)

    def compared(self, first: int, last: int, at: int | None = None) -> Reconciliation:
        """As `give`; returns the comparison that followed."""
        row = self.give(first, last, at).compared
        assert row is not None
        return row


def halted(engine: Engine) -> int:
    """Why the programme pays nothing out."""
    return Programme.objects.using(engine.alias).get(pk=engine.id).halted
