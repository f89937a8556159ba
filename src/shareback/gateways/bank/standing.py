"""How bank and books stand: what pages, alerts and the command line tell of it."""

from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS

from shareback.gateways.bank.comparing import latest_of
from shareback.gateways.bank.kept import open_moved
from shareback.gateways.bank.matching import DAYS_ON_THE_WAY
from shareback.gateways.bank.models import BankLine, BankStatement, Reconciliation
from shareback.gateways.bank.movements import Moved
from shareback.journal.models import Programme

LISTED_MAX = 200


class Standing(NamedTuple):
    """How they stand.

    Attributes:
        latest: The latest comparison; None where no statement was ever imported.
        lines: Lines of the bank's that no book explains, the oldest first, `LISTED_MAX` at most.
    """

    latest: Reconciliation | None
    lines: list[BankLine]


def standing(programme: int, alias: str = DEFAULT_DB_ALIAS) -> Standing:
    """The latest comparison, and what waits for an explanation."""
    rows = BankLine.objects.using(alias).filter(programme_id=programme, state=BankLine.State.OPEN)
    return Standing(latest_of(programme, alias), list(rows.order_by("day", "number")[:LISTED_MAX]))


def missing_entries(programme: int, alias: str = DEFAULT_DB_ALIAS) -> list[Moved]:
    """Entries of the journal that no statement has shown in time, the oldest first."""
    last = latest_of(programme, alias)
    if last is None or last.missing == 0:
        return []
    head = Programme.objects.using(alias).defer("key").get(pk=programme)
    days = (last.open_from, last.day - DAYS_ON_THE_WAY)
    return open_moved(programme, days, head.sequence, alias)[:LISTED_MAX]


def statements(programme: int, alias: str = DEFAULT_DB_ALIAS) -> list[BankStatement]:
    """The statements that were imported, the latest first, `LISTED_MAX` at most."""
    rows = BankStatement.objects.using(alias).filter(programme_id=programme)
    return list(rows.order_by("-to_day", "-number")[:LISTED_MAX])


def state_name(row: Reconciliation) -> str:
    """A comparison's state in one word of ours, such as ``agreed``."""
    return Reconciliation.State(row.state).name.lower()


def told(row: Reconciliation) -> dict[str, Any]:
    """A comparison's figures by name, amounts in µ¥."""
    names = ("books_bank", "books_reserve", "bank", "in_transit", "unexplained", "gap")
    counts = ("open_lines", "missing", "days_missing")
    return {name: getattr(row, name) for name in (*names, *counts)}
