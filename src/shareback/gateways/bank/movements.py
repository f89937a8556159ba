"""What the journal says moved money over the bank, entry by entry.

Nothing of it is stored: it follows from the log, as all entries do (R10). Of an order the bank
sees what it brings into the programme, contribution and dividend share (R6.1).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS

from shareback.engine.opening import load_terms
from shareback.journal.models import Day, Event, Order, Refund
from shareback.proofs.canonical import Entry, decode
from shareback.rules.kinds import Kind
from shareback.rules.order import split

SIGN: dict[Kind, int] = {
    Kind.PAY_ORDER: 1,
    Kind.REFUND_ORDER: -1,
    Kind.FUND_TREASURY: 1,
    Kind.RECORD_UNMATCHED: 1,
    Kind.WITHDRAW_TREASURY: -1,
    Kind.WITHDRAW_CASH: -1,
    Kind.SETTLE_MERCHANT: -1,
}
"""The kinds that move the bank's account, and which way money goes."""

KIND_AT = 1
"""The byte of an entry's canonical form that tells its kind."""

AT_ONCE = 10_000
"""Numbers asked for in one statement: SQLite binds no more than 32,766 values."""


class Moved(NamedTuple):
    """Money that an entry of the journal moved over the bank.

    Attributes:
        sequence: The entry.
        day: Its local day.
        kind: Its kind.
        amount_uyuan: In µ¥, above 0 where money comes.
        references: Ids that a bank's line may name; not empty.
    """

    sequence: int
    day: int
    kind: Kind
    amount_uyuan: int
    references: tuple[str, ...]


def moved_between(
    programme: int, days: tuple[int, int], below: int, alias: str = DEFAULT_DB_ALIAS
) -> list[Moved]:
    """All that moved money from one local day to another, in the order of the journal.

    Args:
        programme: The programme's number.
        days: The first and the last local day.
        below: Entries from here on are not looked at: the log's size when the books were read.
        alias: Which of Django's databases holds it.
    """
    first_day, last_day = days
    first, end = stretch(programme, first_day, last_day, alias)
    rows = Event.objects.using(alias).filter(
        programme_id=programme, sequence__gte=first, sequence__lt=min(end or below, below)
    )
    bodies = rows.order_by("sequence").values_list("body", flat=True)
    entries = [decode(bytes(body)) for body in bodies.iterator(AT_ONCE) if body[KIND_AT] in SIGN]
    orders = Orders(programme, entries, alias)
    found = []
    for entry in entries:
        amount, references = orders.read(entry)
        if amount != 0 and first_day <= entry.day <= last_day:
            named = (*references, f"J{entry.sequence}")
            found.append(Moved(entry.sequence, entry.day, entry.kind, amount, named))
    return found


def stretch(programme: int, first_day: int, last_day: int, alias: str) -> tuple[int, int | None]:
    """The entries of some days: the first, and the one behind the last where that is closed."""
    days = Day.objects.using(alias).filter(programme_id=programme)
    before = days.filter(day__lt=first_day).order_by("-day").values_list("sequence", flat=True)
    behind = days.filter(day__gte=last_day).order_by("day").values_list("sequence", flat=True)
    return before.first() or 0, behind.first()


class Orders:
    """What the orders among some entries brought to the bank, and their refunds took from it."""

    def __init__(self, programme: int, entries: Sequence[Entry], alias: str) -> None:
        """Read the orders that are named, and all refunds of those that were refunded."""
        self.terms = [version.row() for version in load_terms(programme, alias)]
        paid = {number_of(one) for one in entries if one.kind is Kind.PAY_ORDER}
        refunded = {number_of(one) for one in entries if one.kind is Kind.REFUND_ORDER}
        rows = Order.objects.using(alias).filter(programme_id=programme)
        self.orders = {row.number: row for row in in_parts(rows, "number", paid | refunded)}
        self.refunds: dict[int, list[Refund]] = defaultdict(list)
        given = Refund.objects.using(alias).filter(programme_id=programme)
        for row in sorted(in_parts(given, "order", refunded), key=lambda one: one.sequence):
            self.refunds[row.order].append(row)

    def read(self, entry: Entry) -> tuple[int, tuple[str, ...]]:
        """What an entry moved, and under which ids."""
        if entry.kind is Kind.PAY_ORDER:
            order = self.orders[number_of(entry)]
            return self.held(order, order.paid), (order.order_id,)
        if entry.kind is Kind.REFUND_ORDER:
            return self.given_back(entry)
        money = entry.ints[MONEY_AT[entry.kind]] or 0
        return SIGN[entry.kind] * money, ()

    def held(self, order: Order, net: int) -> int:
        """What an order's net cash brings to the bank: contribution and dividend share."""
        terms = self.terms[order.terms]
        parts = split(order.paid, order.profit, order.backing, terms, net)
        return parts.contribution + parts.dividend

    def given_back(self, entry: Entry) -> tuple[int, tuple[str, ...]]:
        """What a refund moved: its shares out, what the buyer still owed in (R6.4)."""
        order = self.orders[number_of(entry)]
        net = order.paid
        for refund in self.refunds[order.number]:
            if refund.sequence == entry.sequence:
                change = self.held(order, net - refund.money) - self.held(order, net)
                kept = refund.money - refund.paid_out
                return change + kept, (refund.refund_id, order.order_id)
            net -= refund.money
        return 0, ()


MONEY_AT: Mapping[Kind, int] = {
    Kind.FUND_TREASURY: 0,
    Kind.RECORD_UNMATCHED: 0,
    Kind.WITHDRAW_TREASURY: 0,
    Kind.WITHDRAW_CASH: 1,
    Kind.SETTLE_MERCHANT: 1,
}
"""Where an entry's money stands among its integers (`rules.kinds.FIELDS`)."""


def number_of(entry: Entry) -> int:
    """The order that an entry names, its first integer."""
    return entry.ints[0] or 0


def in_parts(rows: Any, column: str, numbers: set[int]) -> list[Any]:  # noqa: ANN401 - rows of any model
    """Rows by numbers, some at a time."""
    ordered = sorted(numbers)
    found: list[Any] = []
    for first in range(0, len(ordered), AT_ONCE):
        found += rows.filter(**{f"{column}__in": ordered[first : first + AT_ONCE]})
    return found
