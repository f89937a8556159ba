"""Replay a journal: from its logged events alone to the state that they lead to.

The events go through the compiled rules again, a chunk at a time, in one state that holds the
whole programme, every slot equal to its number. It takes some 200 bytes an order and as much a
member; the events themselves are let go chunk by chunk.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from shareback.audit.columns import COLUMNS
from shareback.audit.reading import ReplayFailed, Run, decoded_runs, parameters
from shareback.audit.spilled import SpilledTable
from shareback.audit.standing import standing
from shareback.kernels.arrays import (
    COUNTED,
    Arrays,
    Integers,
    blank_arrays,
    with_effects,
    with_room,
    zeros,
)
from shareback.kernels.compiled import apply_batch
from shareback.kernels.encoding import Octets
from shareback.kernels.hashing import Bodies, Events
from shareback.kernels.sums import ACCOUNT_COLUMNS
from shareback.rules.codes import Code
from shareback.rules.decide import open_head
from shareback.rules.kinds import Kind
from shareback.rules.layout import (
    ABSENT,
    ACCOUNTS,
    COMMAND_WIDTH,
    EFFECT_WIDTH,
    ORDER_WIDTH,
    RESULT_WIDTH,
    Command,
    Cursor,
    Head,
    Order,
    OrderState,
    Result,
)
from shareback.rules.programme import Programme

EFFECTS_ROOM = 65_536
ROWS_SPARE = 2
"""Row 0 stands for none, and one more is always free."""

OPENS: dict[Kind, str] = {
    Kind.JOIN_MEMBER: "members",
    Kind.JOIN_MERCHANT: "merchants",
    Kind.PAY_ORDER: "orders",
    Kind.SPEND_POINTS: "payments",
    Kind.PAY_COINS: "payments",
}
"""The kinds that open an account, an order or a payment: their first integer is its number."""


def flags(*kinds: Kind) -> NDArray[np.bool_]:
    """For every number, whether it is one of some kinds."""
    found = np.zeros(256, np.bool_)
    found[list(kinds)] = True
    return found


OPENING = {
    name: flags(*(kind for kind, table in OPENS.items() if table == name))
    for name in dict.fromkeys(OPENS.values())
}
ALONE = flags(Kind.CLOSE_DAY, Kind.AMEND_PROGRAMME)
DATED = flags(Kind.PAY_ORDER, Kind.RECEIVE_ORDER)
"""Kinds after which an order may have a day on which it is due."""

COUNTS = {
    "members": Head.MEMBERS,
    "merchants": Head.MERCHANTS,
    "orders": Head.ORDERS,
    "payments": Head.PAYMENTS,
}

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many events are done, and of how many."""


class Close(NamedTuple):
    """A daily close within a chunk.

    Attributes:
        place: Its place in the chunk.
        figures: The head after it, under the day that it closed.
        accounts: How everybody stood who had changed since the last close that told it: int64[n,
            ACCOUNT_COLUMNS]; nobody, where the replay was not asked to tell it.
    """

    place: int
    figures: Integers
    accounts: Integers


class Chunk(NamedTuple):
    """A run of events, replayed.

    Attributes:
        first: The place of the first in the log.
        kinds: int64[n], what each is.
        days: int64[n], local day numbers.
        ats: int64[n], µs UTC.
        before: int64[n, ACCOUNTS], the accounts before each event.
        after: int64[n, ACCOUNTS], the accounts after it.
        results: int64[n, RESULT_WIDTH], what each command came to; zeros for event 0.
        effects: int64[m, EFFECT_WIDTH], what happened to members and merchants, in order.
        events: The events, column by column.
        bodies: Their canonical bytes, one after another.
        closes: The daily closes among them.
    """

    first: int
    kinds: Integers
    days: Integers
    ats: Integers
    before: Integers
    after: Integers
    results: Integers
    effects: Integers
    events: Events
    bodies: Bodies
    closes: Sequence[Close]


class Replay:
    """A programme that is being replayed.

    Attributes:
        arrays: The state after the last chunk; row n of a table is the account or order n.
        versions: The parameters so far, by version.
        parameters: The same as they stand in the log.
    """

    arrays: Arrays
    versions: list[Programme]
    parameters: list[str]

    def __init__(self, orders: int = 0, drawn_up: Container[int] = ()) -> None:
        """Start before the first event.

        Args:
            orders: How many orders the log will pay; with it their rows lie in a temporary file,
                and the replay's memory does not grow with them.
            drawn_up: The days whose close is to tell how accounts stood.
        """
        self.drawn_up = drawn_up
        self.spilled = SpilledTable(orders + ROWS_SPARE, ORDER_WIDTH)
        self.versions = []
        self.parameters = []
        self.effects: list[Integers] = []
        self.results: list[Integers] = []
        self.due: dict[int, list[Integers]] = {}

    def chunks(self, runs: Iterable[Sequence[bytes]]) -> Iterator[Chunk]:
        """Replay runs of events from their canonical bytes, as `follow` does."""
        return self.follow(decoded_runs(runs))

    def follow(self, runs: Iterable[Run]) -> Iterator[Chunk]:
        """Replay runs of events; `arrays` is always as the last chunk left it.

        Args:
            runs: Events that follow on each other from number 0, which stands alone in the
                first run.

        Yields:
            A chunk for each run.

        Raises:
            ReplayFailed: An event is unreadable, out of place, or refused by the rules.
        """
        for run in runs:
            yield self.begin(run) if run.first == 0 else self.go_on(run)
            self.spilled.release()

    def begin(self, run: Run) -> Chunk:
        """Open the programme with the parameters of event 0."""
        if run.events.kinds.tolist() != [Kind.OPEN_PROGRAMME]:
            raise ReplayFailed(0, "does not open the programme")
        self.add_version(0, dict(run.events.blobs).get(0, b""))
        terms = self.versions[0].terms_row()
        head = open_head(terms, int(run.events.days[0]))
        self.arrays = blank_arrays(head, [terms], self.versions[0].tier_rows(), EFFECTS_ROOM)
        self.arrays = self.arrays._replace(orders=self.spilled.rows)
        still = zeros(1, ACCOUNTS)
        self.results.append(zeros(1, RESULT_WIDTH))
        return self.chunk(run, still, still, [])

    def go_on(self, run: Run) -> Chunk:
        """Apply a run of events after the first."""
        table = self.table(run)
        trace = zeros(len(table) + 1, ACCOUNTS)
        trace[0] = self.arrays.head[:ACCOUNTS]
        blobs = dict(run.events.blobs)
        closes = []
        start = 0
        for place in np.flatnonzero(ALONE[run.events.kinds]).tolist():
            here, sequence = slice(place, place + 1), run.first + place
            blob = blobs.get(place, b"")
            self.apply(table[start:place], trace[start + 1 : place + 1], run.first + start)
            if table[place, Command.KIND] == Kind.CLOSE_DAY:
                figures = self.close(table[here], trace[place + 1 :], sequence, blob)
                told = int(figures[Head.DAY]) in self.drawn_up
                accounts = standing(self.arrays) if told else zeros(0, ACCOUNT_COLUMNS)
                closes.append(Close(place, figures, accounts))
            else:
                table[place, Command.SECOND] = self.amend(sequence, blob)
                self.apply(table[here], trace[place + 1 :], sequence)
            start = place + 1
        self.apply(table[start:], trace[start + 1 :], run.first + start)
        return self.chunk(run, trace[:-1], trace[1:], closes)

    def close(self, row: Integers, trace: Integers, sequence: int, blob: bytes) -> Integers:
        """Close a day; returns the head after it, under that day."""
        day = int(row[0, Command.DAY])
        waiting = self.set_due(day, sequence, blob)
        self.apply(row, trace, sequence)
        self.remember_due(waiting)
        figures = self.arrays.head.copy()
        figures[Head.DAY] = day
        return figures

    def add_version(self, sequence: int, blob: bytes) -> None:
        """Take the parameters that an event carries."""
        self.versions.append(parameters(sequence, blob))
        self.parameters.append(blob.decode())

    def amend(self, sequence: int, blob: bytes) -> int:
        """Add the terms that an amendment brings; returns their version."""
        self.add_version(sequence, blob)
        terms = np.array([self.versions[-1].terms_row()], np.int64)
        self.arrays = self.arrays._replace(terms=np.vstack([self.arrays.terms, terms]))
        return len(self.versions) - 1

    def chunk(self, run: Run, before: Integers, after: Integers, closes: list[Close]) -> Chunk:
        """What a run came to."""
        effects = np.concatenate([zeros(0, EFFECT_WIDTH), *self.effects])
        results = np.concatenate(self.results)
        self.effects, self.results = [], []
        return Chunk(
            first=run.first,
            kinds=run.events.kinds.astype(np.int64),
            days=run.events.days,
            ats=run.events.ats,
            before=before,
            after=after,
            results=results,
            effects=effects,
            events=run.events,
            bodies=run.bodies,
            closes=closes,
        )

    def table(self, run: Run) -> Integers:
        """The events as rows of commands, and room for what they open.

        Raises:
            ReplayFailed: An event names an account or order that is not there yet, or gives
                one another number than its turn's. No compiled rule may see such a row.
        """
        kinds = run.events.kinds
        table = zeros(len(kinds), COMMAND_WIDTH)
        table[:, Command.KIND] = kinds
        table[:, Command.DAY] = run.events.days
        counts = self.counts(kinds)
        for number in np.flatnonzero(np.bincount(kinds)).tolist():
            kind = Kind(number)
            places = np.flatnonzero(kinds == kind)
            if kind is Kind.OPEN_PROGRAMME:
                raise ReplayFailed(run.first + int(places[0]), "opens the programme again")
            for column, field in enumerate(COLUMNS[kind]):
                values = run.events.ints[places, column]
                table[places, field.column] = values
                if not field.table:
                    continue
                opens = OPENS.get(kind) == field.table and column == 0
                known = counts[field.table][places]
                wrong = values != known if opens else values > known
                if wrong.any():
                    place = int(places[wrong.argmax()])
                    reason = f"names a number of {field.table} that is not there"
                    raise ReplayFailed(run.first + place, reason)
        return table

    def counts(self, kinds: Octets) -> dict[str, Integers]:
        """How many accounts and orders there are at each event, with what it opens; makes room."""
        counts, opened = {}, {}
        for name, column in COUNTS.items():
            opens = OPENING[name][kinds]
            counts[name] = int(self.arrays.head[column]) + np.cumsum(opens)
            opened[name] = int(opens.sum())
        self.arrays = with_room(self.arrays, **opened)
        for name, more in opened.items():
            self.arrays.cursor[COUNTED[name]] += more
        return counts

    def apply(self, table: Integers, trace: Integers, first: int) -> None:
        """Run the compiled rules over rows, none of which may be refused.

        Args:
            table: The commands.
            trace: Filled with the accounts after each.
            first: The place of the first in the log.
        """
        if len(table) == 0:
            return
        results = zeros(len(table), RESULT_WIDTH)
        place = 0
        while True:
            place = apply_batch(self.arrays, table, results, trace, place)
            if place == len(table):
                break
            code = Code(results[place, Result.CODE])
            if code != Code.NEEDS_ROOM:
                raise ReplayFailed(first + place, f"breaks the rules: {code.name}")
            if self.arrays.cursor[Cursor.EFFECTS] == 0:
                self.arrays = with_effects(self.arrays, 2 * len(self.arrays.effects))
            self.take_effects()
        self.take_effects()
        self.results.append(results)
        refused = np.flatnonzero(results[:, Result.CODE])
        if len(refused) > 0:
            code = Code(results[refused[0], Result.CODE])
            reason = f"is refused by the rules: {code.name}"
            raise ReplayFailed(first + int(refused[0]), reason)
        self.remember_due(table[DATED[table[:, Command.KIND]], Command.ORDER])

    def take_effects(self) -> None:
        """Take away what has happened, to make room for more."""
        count = int(self.arrays.cursor[Cursor.EFFECTS])
        if count > 0:
            self.effects.append(self.arrays.effects[:count].copy())
            self.arrays.cursor[Cursor.EFFECTS] = 0

    def remember_due(self, numbers: Integers) -> None:
        """Note on which day orders are due, so that no close looks at all of them."""
        numbers = numbers[self.arrays.orders[numbers, Order.STATE] == OrderState.PAID]
        days = self.arrays.orders[numbers, Order.DUE_DAY]
        order = np.argsort(days, kind="stable")
        days, numbers = days[order], numbers[order]
        cuts = [0, *(1 + np.flatnonzero(np.diff(days))).tolist(), len(days)]
        for start, end in pairwise(cuts if len(days) > 0 else []):
            if days[start] != ABSENT:
                self.due.setdefault(int(days[start]), []).append(numbers[start:end])

    def set_due(self, day: int, sequence: int, blob: bytes) -> Integers:
        """Put the orders that mature at a close into the state, in the order of the log (R3.2)."""
        noted = self.due.pop(day, [])
        numbers = np.sort(np.concatenate([zeros(0), *noted]), kind="stable")
        numbers = numbers[np.diff(numbers, prepend=-1) > 0]
        orders = self.arrays.orders
        numbers = numbers[orders[numbers, Order.DUE_DAY] == day]
        numbers = numbers[orders[numbers, Order.STATE] == OrderState.PAID]
        if blob:
            stated = np.frombuffer(blob[: len(blob) // 8 * 8], ">i8")
            if not np.array_equal(np.sort(stated), numbers) or len(blob) % 8:
                raise ReplayFailed(sequence, "matures other orders than those that are due")
            numbers = stated.astype(np.int64)
        self.arrays.due[: len(numbers)] = numbers
        self.arrays.cursor[Cursor.DUE] = len(numbers)
        return numbers
