"""Compare what is kept of the tree of accounts with the tree that follows from the log.

Three tables carry it. A batch writes whom it touched (`Touched`), a close how these stood then
(`ClosedAccounts`), and the pass after it makes them blocks of the tree (`AccountBlock`). The
replay tells all of that by itself, so that an account that was left out on the way is found. Of
the tree the newest state is kept alone: the blocks are those of the last checkpoint.

A programme may be older than these tables. Then its first closes have left nothing, and all its
accounts count as touched: where nothing is kept of a close, none before it is expected to have
left anything.
"""

import zlib
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from django.db.models import Q

from shareback.audit.account_heap import AccountHeap
from shareback.audit.findings import ABSENT, UNREPLAYABLE, Comparison, Finding, shortened
from shareback.audit.owed import Owed
from shareback.audit.replaying import Chunk
from shareback.audit.standing import marked
from shareback.audit.vouching import Closed
from shareback.engine.calendar import day_text
from shareback.engine.comparing import apart
from shareback.engine.packing import unpacked
from shareback.engine.proving.blocks import BLOCK_BITS, BLOCK_NODES
from shareback.engine.proving.checkpoints import permutation, places_in
from shareback.engine.touching import NUMBER_TYPE
from shareback.engine.verifying_log import Days, shown
from shareback.engine.verifying_tiles import note_strangers
from shareback.journal.models import (
    AccountBlock,
    Checkpoint,
    ClosedAccounts,
    Programme,
    Touched,
)
from shareback.kernels.arrays import Arrays, Integers
from shareback.kernels.hashing import salt_words
from shareback.kernels.sha256 import WordArray
from shareback.kernels.sums import (
    ACCOUNT_COLUMNS,
    NODE_BYTES,
    NODE_WORDS,
    Nodes,
    SumsTooLarge,
    empty_nodes,
    to_bytes,
)
from shareback.proofs.paths import ProofWrong
from shareback.proofs.places import ACCOUNT_LABEL, Places
from shareback.proofs.sum_tree import AccountKind
from shareback.rules.layout import Cursor, Head, Member, Merchant

BLOCKS_AT_ONCE = 4_096
NEVER = 1 << 62
NUMBER_BYTES = np.dtype(NUMBER_TYPE).itemsize

CLOSED = ("sequence", "index", "reserve", "supply", "last_price", "members", "merchants")
"""What stands beside the accounts of a close; each is a figure of the head."""

FIGURES = [Head[name.upper()] for name in CLOSED]

STOOD = (
    *("kind", "number", "points", "weight", "quota", "used"),
    *("coins", "cash", "receivable", "index"),
)
"""The columns of a packed table of accounts."""


class KeyedLeaves:
    """`audit.owed.Leaves` by the programme's own key."""

    def __init__(self, key: bytes) -> None:
        """Keep the key."""
        self.key = key
        self.orders: dict[int, Places] = {}

    def salts(self, table: Integers) -> WordArray:
        """The salts of accounts."""
        return salt_words(self.key, ACCOUNT_LABEL, table[:, 0] << 32 | table[:, 1])

    def places(self, height: int, table: Integers) -> Integers:
        """Where the leaves of accounts stand in a tree of a height."""
        if height not in self.orders:
            self.orders[height] = permutation(self.key, height)
        return places_in(self.orders[height], table)


class Stood(NamedTuple):
    """A close that no checkpoint has yet, as it was replayed.

    Attributes:
        figures: The head, under the day that had closed.
        root: The root of the log.
        accounts: Those that had changed since the close before.
    """

    figures: list[int]
    root: bytes
    accounts: Integers


class OwedCheck:
    """Draws up what was owed, close by close, and compares what is kept of it.

    Attributes:
        days: Those whose closes have left something: a checkpoint, or what it is made of.
        closes: The closes that the checkpoints are of, with what was owed then.
    """

    days: range
    closes: list[Closed]

    def __init__(self, programme: Programme, alias: str, signed: Sequence[Checkpoint]) -> None:
        """Start before the first event.

        Args:
            programme: Its head row.
            alias: Which of Django's databases holds it.
            signed: Its checkpoints, by day.
        """
        self.programme = programme.pk
        self.alias = alias
        self.drawn_up = signed[-1].day if signed else 0
        waiting = ClosedAccounts.objects.using(alias).filter(programme_id=programme.pk)
        first = waiting.order_by("day").values_list("day", flat=True).first()
        kept = [day for day in (first, *(each.day for each in signed[:1])) if day is not None]
        self.days = range(min(kept), NEVER) if kept else range(0)
        self.owed = Owed(KeyedLeaves(bytes(programme.key)))
        self.fault: list[Finding] = []
        self.closes = []
        self.last_day = self.last_size = 0
        self.closed = Comparison((*CLOSED, "root"), closed_name)

    def take(self, chunk: Chunk, days: Days) -> None:
        """Draw up the closes of a chunk, and compare those that have no checkpoint yet.

        Args:
            chunk: It, with how everybody stood who had changed.
            days: All closes so far, with the roots of the log.
        """
        waiting: dict[int, Stood] = {}
        for close in chunk.closes:
            self.last_size = chunk.first + close.place + 1
            day = self.last_day = int(close.figures[Head.DAY])
            if day not in self.days:
                continue
            if day <= self.drawn_up:
                owed = self.draw_up(self.last_size, close.figures, close.accounts)
                self.closes.append(Closed(day, self.last_size, owed))
            else:
                waiting[day] = Stood(*days[day], close.accounts)
        if waiting:
            self.compare_closed(waiting)

    def draw_up(self, size: int, figures: Integers, accounts: Integers) -> bytes:
        """What was owed at a close; nothing from the first on at which it cannot be told."""
        if self.fault:
            return b""
        try:
            return self.owed.draw_up(size, figures, accounts).to_bytes()
        except (SumsTooLarge, ProofWrong) as fault:
            place = f"what was owed on {day_text(int(figures[Head.DAY]))}"
            self.fault = [Finding(place, "", f"cannot be drawn up: {fault}", UNREPLAYABLE)]
            return b""

    def compare_closed(self, waiting: dict[int, Stood]) -> None:
        """Compare closes that are still to be drawn up with their rows."""
        rows = ClosedAccounts.objects.using(self.alias).filter(programme_id=self.programme)
        rows = rows.filter(day__range=(min(waiting), max(waiting))).order_by("day")
        for day, *figures, root, body in rows.values_list("day", *CLOSED, "root", "body"):
            stood = waiting.pop(day, None)
            if stood is None:
                self.closed.note(Finding(closed_name((day,)), "", "there", ABSENT))
                continue
            expected = [stood.figures[column] for column in FIGURES]
            self.compare_close(day, (*figures, bytes(root)), (*expected, stood.root))
            self.compare_accounts(day, bytes(body), stood)
        for day in waiting:
            self.closed.note(Finding(closed_name((day,)), "", ABSENT, "there"))

    def compare_close(self, day: int, stored: Sequence[object], expected: Sequence[object]) -> None:
        """Compare what stands beside the accounts of a close."""
        for column, here, there in zip(self.closed.columns, stored, expected, strict=True):
            if here != there:
                name = closed_name((day,))
                self.closed.note(Finding(name, column, shown(here), shown(there)))
                return

    def compare_accounts(self, day: int, body: bytes, stood: Stood) -> None:
        """Compare how accounts stood at a close."""
        everybody = stood.figures[Head.MEMBERS] + stood.figures[Head.MERCHANTS]
        try:
            stored = unpacked(body, ACCOUNT_COLUMNS, everybody)
        except (zlib.error, ValueError) as fault:
            place, reason = closed_name((day,)), shortened(str(fault))
            self.closed.note(Finding(place, "", f"cannot be unpacked: {reason}", UNREPLAYABLE))
            return
        for kind in AccountKind:
            comparison = Comparison(STOOD[1:], partial(account_name, day, kind))
            comparison.rows(*(of_kind(table, kind) for table in (stored, stood.accounts)))
            if comparison.first is not None:
                self.closed.note(comparison.first, comparison.count)
        strangers = np.flatnonzero(~np.isin(stored[:, 0], list(AccountKind)))
        if len(strangers) > 0:
            place = f"account of kind {stored[strangers[0], 0]} among {closed_name((day,))}"
            self.closed.note(Finding(place, "", "there", ABSENT), len(strangers))

    def closed_findings(self) -> list[Finding]:
        """What the closes say otherwise that are still to be drawn up; at most one finding."""
        rows = ClosedAccounts.objects.using(self.alias).filter(programme_id=self.programme)
        surplus = rows.filter(Q(day__lte=self.drawn_up) | Q(day__gt=self.last_day)).order_by("day")
        first = surplus.values_list("day").first()
        if first is not None:
            self.closed.note(Finding(closed_name(first), "", "there", ABSENT), surplus.count())
        return [*self.fault, *self.closed.findings()]

    def touched_findings(self, arrays: Arrays, events: int) -> list[Finding]:
        """Whether all are noted who were touched since the last close, and nobody else.

        Args:
            arrays: The state after the last event.
            events: How many there are.
        """
        rows = Touched.objects.using(self.alias).filter(programme_id=self.programme)
        comparison = Comparison((), str)
        found: dict[str, list[Integers]] = {"members": [], "merchants": []}
        for sequence, *bodies in rows.order_by("sequence").values_list("sequence", *found):
            place = f"touched accounts up to event {sequence}"
            if not self.last_size <= sequence <= events:
                comparison.note(Finding(place, "", "there", ABSENT))
            for name, body in zip(found, map(bytes, bodies), strict=True):
                if len(body) % NUMBER_BYTES:
                    told = f"{len(body)} bytes long", f"a multiple of {NUMBER_BYTES}"
                    comparison.note(Finding(place, name, *told))
                whole = len(body) // NUMBER_BYTES * NUMBER_BYTES
                found[name].append(np.frombuffer(body[:whole], NUMBER_TYPE).astype(np.int64))
        members = arrays.members[marked(arrays, Cursor.MEMBERS), Member.NUMBER]
        merchants = arrays.merchants[marked(arrays, Cursor.MERCHANTS), Merchant.NUMBER]
        for name, expected in (("members", members), ("merchants", merchants)):
            stored = np.unique(np.concatenate([np.zeros(0, np.int64), *found[name]]))
            for finding in unlike(name.removesuffix("s"), stored, expected[expected > 0]):
                comparison.note(finding, finding.more + 1)
        return comparison.findings()

    def block_findings(self) -> list[Finding]:
        """Whether the blocks are those of the tree at the last checkpoint; at most one finding."""
        comparison = Comparison(("body",), block_name)
        stored = AccountBlock.objects.using(self.alias).filter(programme_id=self.programme)
        tree, widths = self.owed.tree, []
        for level, nodes in enumerate([] if tree is None else levels(tree)):
            widths.append(len(nodes))
            for first in range(0, len(nodes), BLOCKS_AT_ONCE):
                part = nodes[first : first + BLOCKS_AT_ONCE]
                rows = stored.filter(level=level, place__range=(first, first + len(part) - 1))
                bodies = {place: bytes(body) for place, body in rows.values_list("place", "body")}
                for place, expected in blocks_of(part, level, first):
                    found = bodies.get(place, b"")
                    name = block_name((level, place))
                    if (place in bodies) != bool(expected):
                        told = (ABSENT, "there") if expected else ("there", ABSENT)
                        comparison.note(Finding(name, "", *told))
                    elif found != expected:
                        comparison.note(Finding(name, "body", *apart(found, expected)))
        note_strangers(comparison, stored, widths)
        return comparison.findings()


def closed_name(day: Integers | Sequence[int]) -> str:
    """How the row of a close that is still to be drawn up is called."""
    return f"closed accounts of {day_text(int(day[0]))}"


def account_name(day: int, kind: AccountKind, row: Integers | Sequence[int]) -> str:
    """How an account is called as it stood at a close."""
    return f"{kind.name.lower()} {row[0]} among {closed_name((day,))}"


def block_name(place: Integers | Sequence[int]) -> str:
    """How a block is called, by its level and its place."""
    return f"account block {place[1]} of level {place[0]}"


def of_kind(table: Integers, kind: AccountKind) -> Integers:
    """The accounts of a kind, by rising number, without it."""
    rows = table[table[:, 0] == kind, 1:]
    return rows[np.argsort(rows[:, 0], kind="stable")]


def unlike(name: str, stored: Integers, expected: Integers) -> Iterator[Finding]:
    """The first number that one of two sets lacks, for each, with how many more there are."""
    for rest, told in (
        (np.setdiff1d(expected, stored), (ABSENT, "there")),
        (np.setdiff1d(stored, expected), ("there", ABSENT)),
    ):
        if len(rest) > 0:
            yield Finding(f"{name} {rest[0]} among touched accounts", "", *told, len(rest) - 1)


def levels(tree: AccountHeap) -> Iterator[Nodes]:
    """The levels of a tree that are kept, from the leaves up: uint32[blocks, nodes, NODE_WORDS]."""
    for height in range(tree.height, 0, -BLOCK_BITS):
        span, width = 1 << height, 1 << min(height, BLOCK_BITS)
        yield tree.nodes[span : 2 * span].reshape(-1, width, NODE_WORDS)


def blocks_of(nodes: Nodes, level: int, first: int) -> Iterator[tuple[int, bytes]]:
    """Blocks of a level as they are kept, from a place on; empty ones have no account below."""
    (empty,) = empty_nodes(BLOCK_BITS * level)[-1]
    whole = np.broadcast_to(empty, (len(nodes), BLOCK_NODES, NODE_WORDS)).copy()
    whole[:, : nodes.shape[1]] = nodes
    text, size = to_bytes(whole.reshape(-1, NODE_WORDS)), BLOCK_NODES * NODE_BYTES
    used = (nodes != empty).any(axis=(1, 2)).tolist()
    for place, is_used in enumerate(used):
        yield first + place, text[place * size : (place + 1) * size] if is_used else b""
