"""The journal as notices: read from a place on, in bounded pages, along indexes.

Nothing is written when an event happens: a notice is what the journal's rows say of it, so the
same place gives the same notices for ever. Only columns that never change are told.

Each event's notices stand on lines. A plain event has its own on line 0, an order that it matured
at once on 1 to 3, and its movements from 4 on. A close has its dividend on 0, its figures on 1,
three lines for each order that was due, by number, and its movements after them.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS

from shareback.engine.calendar import day_text
from shareback.engine.opening import load_terms
from shareback.gateways import telling
from shareback.gateways.drafts import BUYER, MATURED, OWN, REFERRER, Closed, Draft
from shareback.gateways.names import names_of
from shareback.gateways.notices import Notice
from shareback.gateways.telling import Names, field
from shareback.journal.models import Day, Event, Maturity, Movement, Order, Refund
from shareback.proofs.canonical import Entry, decode
from shareback.rules.kinds import Kind

EVENTS_A_PAGE = 200
ORDERS_A_PAGE = 200
MOVEMENTS_A_PAGE = 500

PLAIN_HEAD = 4
CLOSE_HEAD = 2
LINES_AN_ORDER = 3

ORDER_EVENTS = (Kind.PAY_ORDER, Kind.RECEIVE_ORDER, Kind.REFUND_ORDER)
MATURING = (Kind.PAY_ORDER, Kind.RECEIVE_ORDER)

Told = tuple[str, int, dict[str, Any]]
"""The type of a notice, whose it is, and what it says."""


class Page(NamedTuple):
    """Notices that follow on each other, and where to go on.

    Attributes:
        notices: In order of sequence, then line; there may be none although more follow.
        position: The sequence number of the event to read next.
        line: Where to go on within it.
    """

    notices: list[Notice]
    position: int
    line: int


class Feed:
    """Reads one programme's notices."""

    def __init__(self, programme: int, alias: str = DEFAULT_DB_ALIAS) -> None:
        """Know the programme's number; nothing is read yet."""
        self.programme = programme
        self.alias = alias
        self.due_day = -1
        self.due: array[int] = array("q")
        self.tiers: tuple[str, ...] = ()

    def read(self, position: int, line: int = 0) -> Page:
        """A page of notices.

        Args:
            position: The sequence number of an event.
            line: From which of its lines on.

        Returns:
            At most some hundreds of notices; a page that ends where it began is the end.
        """
        entries = self.entries(position, 1 if line > 0 else EVENTS_A_PAGE)
        if not entries:
            return Page([], position, line)
        if entries[0].kind == Kind.CLOSE_DAY:
            return self.close_page(entries[0], line)
        run = entries[: next((n for n, e in enumerate(entries) if e.kind == Kind.CLOSE_DAY), None)]
        return self.plain_page(run, line)

    def entries(self, position: int, count: int) -> list[Entry]:
        """Some events from a place on."""
        rows = Event.objects.using(self.alias).filter(
            programme_id=self.programme, sequence__gte=position
        )
        bodies = rows.order_by("sequence").values_list("body", flat=True)[:count]
        return [decode(bytes(body)) for body in bodies]

    def plain_page(self, run: Sequence[Entry], line: int) -> Page:
        """Events that follow on each other, none of them a close."""
        first, last = run[0].sequence, run[-1].sequence
        found = self.movements(first, last, max(0, line - PLAIN_HEAD))
        position, following = last + 1, 0
        if len(found) == MOVEMENTS_A_PAGE:
            position, following = found[-1].sequence, PLAIN_HEAD + found[-1].line + 1
        kept = (
            [entry for entry in run if entry.sequence <= found[-1].sequence] if following else run
        )
        by_sequence = {entry.sequence: entry for entry in kept}
        drafts = list(self.heads(kept))
        drafts += [Draft(by_sequence[row.sequence], PLAIN_HEAD + row.line, row) for row in found]
        drafts.sort(key=lambda one: one.place)
        drafts = [one for one in drafts if one.place >= (first, line)]
        return Page(self.notices(drafts), position, following)

    def movements(self, first: int, last: int, line: int) -> list[Movement]:
        """Movements of some events; a line above 0 counts within a single event."""
        rows = Movement.objects.using(self.alias).filter(
            programme_id=self.programme, sequence__gte=first, sequence__lte=last
        )
        if line > 0:
            rows = rows.filter(line__gte=line)
        return list(rows.order_by("sequence", "line")[:MOVEMENTS_A_PAGE])

    def heads(self, run: Sequence[Entry]) -> Iterator[Draft]:
        """What plain events say themselves, and the orders that they matured at once."""
        numbers = {
            entry.sequence: field(entry, "order") for entry in run if entry.kind in ORDER_EVENTS
        }
        matured = {row.number: row for row in self.maturities(numbers.values())}
        refunds = self.refunds(run)
        for entry in run:
            order = numbers.get(entry.sequence, 0)
            yield Draft(entry, OWN, refunds.get(entry.sequence), order)
            row = matured.get(order)
            # A return window of no days ends at the receipt; any other ends on a later day.
            if row is not None and row.day == entry.day and entry.kind in MATURING:
                for role in (MATURED, BUYER, REFERRER):
                    yield Draft(entry, role, row, order, role)

    def maturities(self, orders: Iterable[int]) -> list[Maturity]:
        """What some orders came to, by number."""
        rows = Maturity.objects.using(self.alias).filter(
            programme_id=self.programme, number__in=sorted(set(orders))
        )
        return list(rows.order_by("number"))

    def refunds(self, run: Sequence[Entry]) -> dict[int, Refund]:
        """Refunds that some events gave, by their sequence numbers."""
        wanted = {
            entry.sequence: field(entry, "order")
            for entry in run
            if entry.kind == Kind.REFUND_ORDER
        }
        rows = Refund.objects.using(self.alias).filter(
            programme_id=self.programme, order__in=sorted(set(wanted.values()))
        )
        return {row.sequence: row for row in rows if row.sequence in wanted}

    def close_page(self, entry: Entry, line: int) -> Page:
        """A page of a close: first its orders, then its movements."""
        if self.due_day != entry.day:
            self.due, self.due_day = self.due_at_close(entry), entry.day
        head = CLOSE_HEAD + LINES_AN_ORDER * len(self.due)
        if line < head:
            start = max(0, line - CLOSE_HEAD) // LINES_AN_ORDER
            end = min(len(self.due), start + ORDERS_A_PAGE)
            drafts = [*self.day_drafts(entry), *self.matured_drafts(entry, start, end)]
            notices = self.notices([one for one in drafts if one.line >= line])
            return Page(notices, entry.sequence, CLOSE_HEAD + LINES_AN_ORDER * end)
        found = self.movements(entry.sequence, entry.sequence, line - head)
        notices = self.notices([Draft(entry, head + row.line, row) for row in found])
        if len(found) < MOVEMENTS_A_PAGE:
            return Page(notices, entry.sequence + 1, 0)
        return Page(notices, entry.sequence, head + found[-1].line + 1)

    def day_drafts(self, entry: Entry) -> list[Draft]:
        """The two lines of a close that tell of the whole day."""
        rows = Day.objects.using(self.alias).filter(
            programme_id=self.programme, day__in=(entry.day - 1, entry.day)
        )
        days = {row.day: row for row in rows}
        closed = Closed(days[entry.day], days.get(entry.day - 1))
        return [Draft(entry, line, closed) for line in range(CLOSE_HEAD)]

    def matured_drafts(self, entry: Entry, start: int, end: int) -> Iterator[Draft]:
        """The lines of some of the orders that were due at a close."""
        matured = {row.number: row for row in self.maturities(self.due[start:end])}
        for place in range(start, end):
            order = self.due[place]
            row = matured.get(order)
            if row is not None and row.day == entry.day:
                first = CLOSE_HEAD + LINES_AN_ORDER * place
                for line, role in enumerate((MATURED, BUYER, REFERRER), first):
                    yield Draft(entry, line, row, order, role)

    def due_at_close(self, entry: Entry) -> "array[int]":
        """The numbers of the orders that were due at a close, rising.

        An order with a return window of no days bears the same day where it matured at its
        receipt, before the close; one that had to wait (R3.6) matures at a later day's close.
        """
        versions = enumerate(load_terms(self.programme, self.alias))
        at_once = {place for place, one in versions if one.programme.maturity_days == 0}
        rows = Order.objects.using(self.alias).filter(
            programme_id=self.programme, due_day=entry.day
        )
        due = list(rows.order_by("number").values_list("number", "paid_day", "terms"))
        received: set[int] = set()
        if any(terms in at_once and paid_day < entry.day for _number, paid_day, terms in due):
            received = self.received_on_day_of(entry)
        return array(
            "q",
            (
                number
                for number, paid_day, terms in due
                if terms not in at_once or (paid_day < entry.day and number not in received)
            ),
        )

    def received_on_day_of(self, entry: Entry) -> set[int]:
        """The orders that were marked as received on the day that an event closes."""
        before = Day.objects.using(self.alias).filter(
            programme_id=self.programme, day=entry.day - 1
        )
        first = before.values_list("sequence", flat=True).first() or 0
        rows = Event.objects.using(self.alias).filter(
            programme_id=self.programme, sequence__gte=first, sequence__lt=entry.sequence
        )
        bodies = rows.order_by("sequence").values_list("body", flat=True)
        return {
            field(decode(bytes(body)), "order")
            for body in bodies.iterator()
            if bytes(body)[1] == Kind.RECEIVE_ORDER
        }

    def notices(self, drafts: Sequence[Draft]) -> list[Notice]:
        """Word some drafts; what has nothing to say falls out."""
        if not drafts:
            return []
        if not self.tiers:
            terms = load_terms(self.programme, self.alias)[0].programme.tiers
            self.tiers = ("", *(tier.name for tier in terms))
        names = names_of(self.programme, self.alias, drafts, self.tiers)
        found = []
        for draft in drafts:
            told = worded(draft, names)
            if told is not None:
                entry = draft.entry
                found.append(
                    Notice(
                        entry.sequence, draft.line, told[0], told[1], entry.day, entry.at, told[2]
                    )
                )
        return found


def worded(draft: Draft, names: Names) -> Told | None:
    """What a draft says, or nothing."""
    source = draft.source
    if isinstance(source, Movement):
        told, data = telling.moved(source, names)
        return told, source.member, data
    if isinstance(source, Closed):
        if draft.line == 0:
            return "dividend.day", 0, telling.shared(source.day, source.before)
        return "day.closed", 0, telling.closed(source.day)
    if isinstance(source, Refund):
        order = names.orders[draft.order]
        return "order.refunded", order.member, telling.refunded(source, order, names)
    if isinstance(source, Maturity):
        return worded_maturity(source, names.orders[draft.order], draft.role, names)
    return worded_entry(draft, names)


def worded_maturity(row: Maturity, order: Order, role: int, names: Names) -> Told | None:
    """One of the three lines of an order that matured; nothing where nothing was awarded."""
    if role == MATURED:
        return "order.matured", order.member, telling.matured(row, order, names)
    is_buyer = role == BUYER
    member = order.member if is_buyer else order.referrer
    units = row.points_buyer if is_buyer else row.points_referrer
    if units == 0:
        return None
    reason = "order" if is_buyer else "referral"
    return "points.awarded", member, telling.awarded(order, member, reason, units, names)


def worded_entry(draft: Draft, names: Names) -> Told | None:
    """What an event says itself."""
    entry = draft.entry
    match entry.kind:
        case Kind.PAY_ORDER:
            order = names.orders[draft.order]
            return "order.paid", order.member, telling.paid(order, names)
        case Kind.AMEND_PROGRAMME:
            return "parameters.changed", 0, telling.amended(entry)
        case Kind.ANNOUNCE_END:
            return "programme.end_announced", 0, {"end_day": day_text(field(entry, "end_day"))}
        case Kind.END_PROGRAMME:
            return "programme.ended", 0, {}
        case _:
            return None
