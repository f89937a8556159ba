"""The engine and the usual way, taking turns on worlds that start alike."""

import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from statistics import median
from typing import NamedTuple

from django.db import connections

from bench import worlds
from bench.databases import Databases
from bench.parts import timers
from bench.peers.usual import Usual
from bench.peers.usual_postgresql import UsualPostgresql
from bench.peers.usual_sqlite import UsualSqlite
from shareback.engine.commands import PayOrder
from shareback.engine.engine import Engine
from shareback.journal.heads import HEAD_COLUMNS
from shareback.proofs.merkle import frontier_to_bytes

MATURITY = worlds.PROGRAMME.maturity_days
FIRST_DAY = MATURITY + 1
"""The first open day of a world, counted from the one it opened on."""

SAME = (
    "order_escrow",
    "bank",
    "reserve",
    "dividends_in",
    "quota_granted",
    "quota_pending",
    "members",
    "orders",
    "orders_pending",
    "orders_matured",
    "exits",
    "day",
    "sequence",
)
"""Figures in which both ways agree to the unit, whatever price an order matured at."""


ROUNDS = 5
BATCHES = 2
USUAL_ORDERS = 1_000
AGREED_DAYS = 3
AGREED_ORDERS = 200
AGREED_BUYERS = range(150)


class Disagreement(Exception):
    """The two ways came to figures that cannot both be right."""


class Rates(NamedTuple):
    """Orders a second: paid and matured, paid alone, matured alone."""

    both: float
    pay: float
    mature: float


class Side(ABC):
    """One way of doing it on its own world; each run goes on with the next days."""

    def __init__(self, engine: Engine) -> None:
        """Start on a world's first open day; the engine tells the calendar."""
        self.calendar = engine.calendar
        self.day = FIRST_DAY

    @abstractmethod
    def pay(self, orders: Sequence[PayOrder]) -> None:
        """Pay orders."""

    @abstractmethod
    def close_day(self, day: int) -> None:
        """Close a day: share its pot, mature what is due."""

    @abstractmethod
    def figures(self) -> dict[str, int]:
        """The programme's row in the journal."""

    @abstractmethod
    def frontier(self) -> bytes:
        """The log's frontier in the journal."""

    def run(self, days: int, count: int, buyers: Sequence[int], name: str) -> Rates:
        """Pay some orders on each of some days, then close until all have matured."""
        pay = mature = 0.0
        for _ in range(days):
            batch = worlds.orders(self.day, count, buyers, name)
            start = time.perf_counter()
            self.pay(batch)
            pay += time.perf_counter() - start
            mature += self.close()
        for _ in range(MATURITY):
            mature += self.close()
        whole = days * count
        return Rates(whole / (pay + mature), whole / pay, whole / mature)

    def close(self) -> float:
        """Close the open day; returns the seconds it took."""
        start = time.perf_counter()
        self.close_day(self.calendar.day_of(worlds.START_AT) + self.day)
        self.day += 1
        return time.perf_counter() - start


class Ours(Side):
    """The engine, with the members that it has met in memory."""

    def __init__(self, engine: Engine) -> None:
        """Keep the engine."""
        super().__init__(engine)
        self.engine = engine

    def pay(self, orders: Sequence[PayOrder]) -> None:
        """As `Side.pay`, in one batch."""
        worlds.accept(self.engine, orders)

    def close_day(self, day: int) -> None:
        """As `Side.close_day`, in one transaction."""
        self.engine.close(day)

    def figures(self) -> dict[str, int]:
        """As `Side.figures`."""
        return dict(zip(HEAD_COLUMNS, self.engine.head(), strict=True))

    def frontier(self) -> bytes:
        """As `Side.frontier`."""
        return frontier_to_bytes(self.engine.frontier)


class Theirs(Side):
    """The usual way: a transaction for each order, and again when it matures."""

    def __init__(self, engine: Engine, usual: Usual) -> None:
        """Keep the peer; the engine is the other side's."""
        super().__init__(engine)
        self.usual = usual

    def pay(self, orders: Sequence[PayOrder]) -> None:
        """As `Side.pay`, one by one."""
        for order in orders:
            self.usual.pay(order)

    def close_day(self, day: int) -> None:
        """As `Side.close_day`, the orders one by one."""
        self.usual.close(day, self.calendar.start_of(day + 1))

    def figures(self) -> dict[str, int]:
        """As `Side.figures`."""
        return self.usual.head()

    def frontier(self) -> bytes:
        """As `Side.frontier`."""
        return self.usual.frontier()


class Compared(NamedTuple):
    """The medians of both sides' rates over the rounds, and of ours over theirs.

    Attributes:
        parts: Where our time goes, in µs an order, by part.
    """

    ours: Rates
    theirs: Rates
    ratios: Rates
    parts: dict[str, float]


def compare(made: Databases, vendor: str, members: int) -> Compared:
    """Let both ways take turns on one kind of database.

    Args:
        made: Where the databases are.
        vendor: ``postgresql`` or ``sqlite``; both start from a copy of the same world.
        members: How many members the world has.
    """
    engine = worlds.open_world(f"{vendor}_ours", members)
    made.copy(f"{vendor}_ours", f"{vendor}_usual")
    for alias in (f"{vendor}_ours", f"{vendor}_usual"):
        made.settle(alias)
    usual = usual_way(made, vendor, engine.id)
    try:
        ours, theirs = Ours(engine), Theirs(engine, usual)
        agree(ours, theirs)
        found = [take_turns(ours, theirs, members) for _ in range(ROUNDS)]
        parts = microseconds_by_part(ours, members)
    finally:
        usual.disconnect()
        connections[f"{vendor}_ours"].close()
    mine, others = zip(*found, strict=True)
    ratios = [of_each(lambda one, other: one / other, *pair) for pair in found]
    return Compared(middle(mine), middle(others), middle(ratios), parts)


def usual_way(made: Databases, vendor: str, programme: int) -> Usual:
    """The peer on its copy of the world."""
    alias, terms = f"{vendor}_usual", worlds.usual_terms()
    if vendor == "sqlite":
        return UsualSqlite(made.path(alias), programme, terms)
    return UsualPostgresql(made.url(alias), programme, terms)


def take_turns(ours: Ours, theirs: Theirs, members: int) -> tuple[Rates, Rates]:
    """One round of both, each with orders of its own number."""
    buyers = range(members)
    mine = ours.run(BATCHES, worlds.BATCH, buyers, "batch")
    others = theirs.run(1, USUAL_ORDERS, buyers, "usual")
    print(f"  {mine.both:,.0f} orders/s against {others.both:,.0f}", file=sys.stderr)
    return mine, others


def microseconds_by_part(ours: Ours, members: int) -> dict[str, float]:
    """Where our time goes for an order, in one more round."""
    with timers() as kept:
        ours.run(BATCHES, worlds.BATCH, range(members), "parts")
    orders = BATCHES * worlds.BATCH
    return {part: 1_000_000 * seconds / orders for part, seconds in kept.seconds.items()}


def middle(rates: Sequence[Rates]) -> Rates:
    """The median of each rate."""
    return Rates(*(median(column) for column in zip(*rates, strict=True)))


def of_each(work: Callable[[float, float], float], one: Rates, other: Rates) -> Rates:
    """Two sides' rates put together, rate by rate."""
    return Rates(*(work(*pair) for pair in zip(one, other, strict=True)))


def agree(ours: Ours, theirs: Theirs) -> None:
    """Give both the same orders, and hold what comes of them against each other.

    Raises:
        Disagreement: They differ by more than maturing one by one can explain.
    """
    before = ours.figures()
    for side in (ours, theirs):
        side.run(AGREED_DAYS, AGREED_ORDERS, AGREED_BUYERS, "agreed")
        side.close()
    one, other = ours.figures(), theirs.figures()
    for name in SAME:
        if one[name] != other[name]:
            raise Disagreement(name, one[name], other[name])
    if ours.frontier() != theirs.frontier():
        raise Disagreement("frontier", ours.frontier().hex(), theirs.frontier().hex())
    # Together all mature at the day's opening price, one by one each at its own; both prices
    # lie between the first and the last, and so do the points that they give.
    minted = one["issued"] - before["issued"]
    last = min(one["supply"], other["supply"])
    risen = other["reserve"] * before["supply"] - before["reserve"] * last
    if abs(one["supply"] - other["supply"]) * before["reserve"] * last > minted * risen:
        raise Disagreement("supply", one["supply"], other["supply"])
