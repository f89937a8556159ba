"""Verify a programme's database against its own log, by a full replay.

What follows from the log must stand in the database: the head, every account, order, payment,
movement and daily figure, the root of the log at every close, and what proves it to others: the
checkpoints, who vouches for them, the tiles of the log and the tree of accounts. A row that
somebody edited is named (A47), and so is an outside id that is not the one the log commits to.
What does not follow from the log is not looked at: answers kept for idempotency keys, and how far
an import has come.

A comparison may not stumble over what it is to find. Values of a wrong type and a head without
which no replay can begin come first, and alone; a fault that nobody foresaw is a finding too.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
from django.db import DEFAULT_DB_ALIAS, DatabaseError

from shareback.audit.findings import UNREPLAYABLE, Comparison, Finding, shortened
from shareback.audit.reading import ReplayFailed
from shareback.audit.replaying import COUNTS, Progress, Replay
from shareback.engine.comparing import Stored
from shareback.engine.engine import ProgrammeUnknown
from shareback.engine.reading import logged_bodies
from shareback.engine.snapshot import snapshot
from shareback.engine.verifying_checkpoints import CheckpointCheck
from shareback.engine.verifying_ids import IdCheck
from shareback.engine.verifying_log import LogCheck
from shareback.engine.verifying_movements import MovementCheck
from shareback.engine.verifying_owed import OwedCheck
from shareback.engine.verifying_types import any_text, wrong_types
from shareback.journal.heads import HEAD_COLUMNS
from shareback.journal.models import Event, Programme
from shareback.journal.shapes import (
    MATURITY,
    MATURITY_END,
    MATURITY_FIRST,
    MEMBER,
    MEMBER_STORED,
    MERCHANT,
    MERCHANT_STORED,
    ORDER,
    ORDER_STORED,
    PAYMENT,
    PAYMENT_STORED,
)
from shareback.kernels.arrays import Arrays, Integers
from shareback.proofs.merkle import root
from shareback.rules.layout import Head, Order, OrderState

KEY_BYTES = 32

Step: TypeAlias = tuple[str, Callable[[], list[Finding]]]
"""What is compared, in words, and how."""


class Verification(NamedTuple):
    """What a full verification came to.

    Attributes:
        programme: The programme's name.
        events: How many events of the log were replayed.
        days: How many days they closed.
        root: The root of the log over them.
        findings: What the database says otherwise, at most one for each table; none if all is
            as it should be.
    """

    programme: str
    events: int
    days: int
    root: bytes
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether the database says what follows from its log."""
        return not self.findings


def quiet(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


def find_programme(name: str, alias: str) -> Programme:
    """A programme's row.

    Raises:
        ProgrammeUnknown: There is none of this name.
    """
    found = Programme.objects.using(alias).filter(name=name).first()
    if found is None:
        raise ProgrammeUnknown(name)
    return found


def verify_full(
    programme_name: str, alias: str = DEFAULT_DB_ALIAS, progress: Progress = quiet
) -> Verification:
    """Replay a programme's log and compare all that follows from it with the database.

    Writers may go on meanwhile: it looks at one unchanging view of the database.

    Args:
        programme_name: The programme's name.
        alias: Which of Django's databases holds it.
        progress: Told now and then how many events are done, and of how many.

    Returns:
        What was found.

    Raises:
        ProgrammeUnknown: There is none of this name.

    Source:
        R10; attack A47.
    """
    with snapshot(alias), any_text(alias):
        return Verifier(find_programme(programme_name, alias), alias).run(progress)


class Verifier:
    """One run of a verification."""

    replay: Replay
    checkpoints: CheckpointCheck
    owed: OwedCheck

    def __init__(self, programme: Programme, alias: str) -> None:
        """Know the programme's row."""
        self.programme = programme
        self.alias = alias
        self.stored = Stored(programme.pk, alias)
        self.log = LogCheck(programme, alias)
        self.movements = MovementCheck(self.stored)
        self.ids = IdCheck(programme.pk, alias)
        self.events = 0

    def run(self, progress: Progress) -> Verification:
        """See what the replay needs, replay everything, then compare."""
        findings: list[Finding] = []
        for name, compare in self.begins(progress):
            findings = compared(name, compare)
            if findings:
                break
        else:
            findings = [each for step in self.steps() for each in compared(*step)]
        return Verification(
            self.programme.name,
            self.events,
            len(self.log.days),
            root(self.log.tree),
            tuple(findings),
        )

    def begins(self, progress: Progress) -> Iterator[Step]:
        """The steps that nothing can follow on once one of them has found something."""
        yield "the types of values", lambda: wrong_types(self.programme.pk, self.alias)
        yield "the head's key and sequence", self.startable
        yield "the log", lambda: self.follow(progress)

    def steps(self) -> Iterator[Step]:
        """The steps that compare what a whole replay has led to."""
        yield "the head", self.head
        yield "accounts, orders and payments", self.tables
        yield "movements", lambda: self.movements.finish(0, self.events)
        yield "days, refunds and terms", lambda: self.log.findings(self.replay)
        yield "outside ids", lambda: self.ids.findings(self.replay.arrays)
        yield from self.proofs()

    def proofs(self) -> Iterator[Step]:
        """The steps that compare what proves the journal to others."""
        signed, owed, days = self.checkpoints, self.owed, self.log.days
        size = owed.closes[-1].size if owed.closes else 0
        yield "checkpoints", lambda: signed.findings(owed.closes, days)
        yield "keys", signed.key_findings
        yield "cosignatures", signed.cosignature_findings
        yield "checks of accounts", lambda: signed.check_findings(days)
        yield "tiles of the log", lambda: self.log.tiles.findings(size)
        yield "accounts of closes", owed.closed_findings
        yield "touched accounts", lambda: owed.touched_findings(self.replay.arrays, self.events)
        yield "the tree of accounts", owed.block_findings

    def startable(self) -> list[Finding]:
        """Whether the head lets a replay begin: it has a key, and its log has an event."""
        key, sequence = bytes(self.programme.key), self.programme.sequence
        if len(key) != KEY_BYTES:
            # The key is secret, whatever is left of it.
            return [Finding("head", "key", f"{len(key)} bytes long", f"{KEY_BYTES}")]
        if sequence < 1:
            return [Finding("head", "sequence", str(sequence), "at least 1")]
        return []

    def follow(self, progress: Progress) -> list[Finding]:
        """Replay the log, and compare movements on the way."""
        total = self.programme.sequence
        runs = logged_bodies(self.programme.pk, total, self.alias)
        self.checkpoints = CheckpointCheck(self.programme.pk, self.alias)
        self.owed = OwedCheck(self.programme, self.alias, self.checkpoints.rows)
        self.replay = Replay(self.orders_max(), self.owed.days)
        try:
            for chunk in self.replay.chunks(runs):
                end = chunk.first + len(chunk.kinds)
                self.log.take(chunk)
                self.owed.take(chunk, self.log.days)
                self.ids.take(chunk)
                self.movements.take(chunk.first, end, chunk.effects)
                self.events = end
                progress(end, total)
        except ReplayFailed as fault:
            return [broken(fault), *self.log.daily(complete=False)]
        return []

    def orders_max(self) -> int:
        """For how many orders the replay makes room: as the head says, if there can be as many."""
        events = Event.objects.using(self.alias).filter(programme_id=self.programme.pk).count()
        orders: int = self.programme.figures()[Head.ORDERS]
        return max(0, min(orders, events))

    def head(self) -> list[Finding]:
        """The programme's own row."""
        stored = np.array(self.programme.figures(), np.int64)
        comparison = Comparison(HEAD_COLUMNS, lambda _row: "head")
        if not np.array_equal(stored, self.replay.arrays.head):
            comparison.note(comparison.difference(stored, self.replay.arrays.head))
        name = self.replay.versions[0].name
        if self.programme.name != name:
            comparison.note(Finding("head", "name", shortened(self.programme.name), name))
        return comparison.findings()

    def tables(self) -> list[Finding]:
        """Accounts, orders and payments."""
        arrays, compare = self.replay.arrays, self.stored.compare
        counts = {column: int(arrays.head[column]) for column in COUNTS.values()}
        people, shops = counts[Head.MEMBERS], counts[Head.MERCHANTS]
        bought, paid = counts[Head.ORDERS], counts[Head.PAYMENTS]

        def members(first: int, end: int) -> Integers:
            return arrays.members[first:end, :MEMBER_STORED]

        def merchants(first: int, end: int) -> Integers:
            return arrays.merchants[first:end, :MERCHANT_STORED]

        def payments(first: int, end: int) -> Integers:
            return arrays.payments[first:end, :PAYMENT_STORED]

        return [
            *compare("member", MEMBER, members, people),
            *compare("merchant", MERCHANT, merchants, shops),
            *compare("order", ORDER, lambda *span: orders(arrays, *span), bought),
            *compare(
                "maturity of order", MATURITY, lambda *span: maturities(arrays, *span), bought
            ),
            *compare("payment", PAYMENT, payments, paid),
        ]


def compared(name: str, compare: Callable[[], list[Finding]]) -> list[Finding]:
    """What a step finds; where it stumbles, that it could not be made is the finding.

    Args:
        name: What is compared, in words.
        compare: The step.

    Raises:
        DatabaseError: The database fails, which says nothing about its rows.
    """
    try:
        return compare()
    except DatabaseError:
        raise
    except Exception as fault:  # noqa: BLE001 - an edit that nobody foresaw, or a bug: never "verified"
        reason = shortened(f"{type(fault).__name__}: {fault}".splitlines()[0])
        return [Finding(name, "", f"cannot be compared: {reason}", UNREPLAYABLE)]


def broken(fault: ReplayFailed) -> Finding:
    """The event at which a log cannot be replayed any further."""
    return Finding(f"event {fault.sequence} of the log", "", fault.reason, UNREPLAYABLE)


def orders(arrays: Arrays, first: int, end: int) -> Integers:
    """Orders as they are stored: that one has matured is told by the row of its maturity."""
    rows = arrays.orders[first:end, :ORDER_STORED].copy()
    rows[rows[:, Order.STATE] == OrderState.MATURED, Order.STATE] = OrderState.PAID
    return rows


def maturities(arrays: Arrays, first: int, end: int) -> Integers:
    """What the matured ones of some orders came to, as it is stored."""
    rows = arrays.orders[first:end]
    rows = rows[rows[:, Order.STATE] == OrderState.MATURED]
    figures = rows[:, MATURITY_FIRST:MATURITY_END]
    return np.column_stack([rows[:, Order.NUMBER], figures, rows[:, Order.DUE_DAY]])
