"""The engine of one programme: commands in, durable answers out."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import TypeAlias

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, transaction

from shareback.engine import commands as cmd
from shareback.engine.batch import DAYS_CLOSED_MAX, Batch
from shareback.engine.calendar import Calendar
from shareback.engine.catching_up import catch_up
from shareback.engine.collector import collector_at_rest
from shareback.engine.halting import refusal_while
from shareback.engine.opening import Version, load_terms
from shareback.engine.salts import RandomSalts, SaltSource
from shareback.engine.slice import Slice
from shareback.engine.writing import Writer, members_and_merchants
from shareback.journal.models import Programme as Journaled
from shareback.journal.storage import storage_for
from shareback.proofs.merkle import Frontier, frontier_from_bytes, frontier_to_bytes
from shareback.rules.layout import Cursor, Row
from shareback.rules.programme import Programme

RESIDENT_ACCOUNTS_MAX = 2_000_000
"""Above this many accounts in memory, a writer starts with an empty slice again."""


Alongside: TypeAlias = Callable[[Sequence[cmd.Answer]], None]


class ProgrammeUnknown(LookupError):
    """No programme of this name is in the journal."""


class Engine:
    """Applies batches of commands to a programme, one transaction each.

    A writer keeps its slice from batch to batch; it is valid as long as the journal's log is the
    one that it wrote itself. Where others have written since, it reads what they changed, so any
    number of writers may serve one programme.
    """

    def __init__(
        self,
        name: str,
        alias: str = DEFAULT_DB_ALIAS,
        salts: SaltSource | None = None,
        days_at_once: int = DAYS_CLOSED_MAX,
    ) -> None:
        """Find the programme.

        Args:
            name: The programme's name.
            alias: Which of Django's databases holds it.
            salts: Where new accounts' salts come from; random where nothing is said.
            days_at_once: How many days a command may close on its way; `close` may close any.

        Raises:
            ProgrammeUnknown: There is none of this name.
        """
        self.alias = alias
        self.salts = salts or RandomSalts()
        self.days_at_once = days_at_once
        found = Journaled.objects.using(alias).filter(name=name).first()
        if found is None:
            raise ProgrammeUnknown(name)
        self.id = found.pk
        self.key = bytes(found.key)
        self.versions: list[Version] = load_terms(self.id, alias)
        self.calendar = Calendar(self.programme.timezone)
        self.slice: Slice | None = None
        self.frontier = Frontier(0, ())

    @property
    def programme(self) -> Programme:
        """The first version of the parameters."""
        return self.versions[0].programme

    def apply(
        self, commands: Sequence[cmd.Command], alongside: Alongside | None = None
    ) -> list[cmd.Answer]:
        """Apply commands in order, all in one transaction, durable when this returns.

        A refusal of one never hurts another. A command that was done before gets its first
        answer again.

        Args:
            commands: Any number; some thousands are the fastest.
            alongside: Called with the answers inside the transaction, before it is written: what
                it writes is there if and only if the commands are.

        Returns:
            An answer for each, in order.

        Raises:
            DaysUnclosed: A command would close more days than this engine may at once.
            InvariantBroken: A bug; nothing was written.
        """
        keyed = any(command.key for command in commands)
        try:
            return self.attempt(commands, alongside, careful=keyed)
        except IntegrityError:
            if keyed:
                raise
            # Most likely an id that was there before: look at each before trying again.
            return self.attempt(commands, alongside, careful=True)

    def head(self) -> list[int]:
        """The programme's row in the journal now, by `layout.Head`."""
        return Journaled.objects.using(self.alias).get(pk=self.id).figures()

    def close(self, until_day: int) -> int:
        """Close all days up to and including one; returns how many were closed (R7)."""
        with self.transaction() as batch:
            batch.close_until(until_day)
            return len(batch.days)

    def attempt(
        self, commands: Sequence[cmd.Command], alongside: Alongside | None, *, careful: bool
    ) -> list[cmd.Answer]:
        """Apply commands; ``careful`` looks up every id before it trusts that it is new."""
        if any(isinstance(command, cmd.EndProgramme) for command in commands):
            # Merchants are settled by slot: in a new slice these rise with their numbers.
            self.forget()
        with self.transaction() as batch:
            batch.apply(commands, careful=careful)
            if alongside is not None:
                alongside(batch.answers)
            return batch.answers

    @contextmanager
    def transaction(self) -> Iterator[Batch]:
        """One transaction on the programme."""
        with collector_at_rest(), Transaction(self) as batch:
            yield batch

    def is_up_to_date(self, held: Slice, figures: Row, frontier: bytes) -> bool:
        """Whether the slice is what the journal holds now, or could be brought there."""
        cursor = held.arrays.cursor
        if cursor[Cursor.MEMBERS] + cursor[Cursor.MERCHANTS] > RESIDENT_ACCOUNTS_MAX:
            return False
        # The whole frontier, not its length: what this writer wrote may have been rolled back
        # with a transaction around it, and as many events of another may stand there now.
        if frontier_to_bytes(self.frontier) == frontier:
            return True
        return catch_up(held, self.key, self.frontier, figures, frontier_from_bytes(frontier))

    def forget(self) -> None:
        """Let go of the slice; the next batch reads what it needs again."""
        self.slice = None


class Transaction:
    """A transaction of the database around one `Batch`."""

    def __init__(self, engine: Engine) -> None:
        """Belong to an engine."""
        self.engine = engine
        self.atomic = transaction.atomic(using=engine.alias)
        self.batch: Batch | None = None
        self.before = (0, 0)

    def __enter__(self) -> Batch:
        """Lock the programme, bring the slice up to date, and start a batch."""
        engine = self.engine
        self.atomic.__enter__()
        try:
            self.batch = self.begin()
        except BaseException as fault:
            engine.forget()
            self.atomic.__exit__(type(fault), fault, fault.__traceback__)
            raise
        return self.batch

    def begin(self) -> Batch:
        """A batch on a valid slice."""
        engine = self.engine
        storage = storage_for(connections[engine.alias])
        figures, frontier, halted = storage.lock_head(engine.id)
        held = engine.slice
        if held is not None:
            held.storage = storage
            if not engine.is_up_to_date(held, figures, frontier):
                held = None
        if held is None:
            engine.versions = load_terms(engine.id, engine.alias)
            terms = [version.row() for version in engine.versions]
            tiers = engine.programme.tier_rows()
            held = Slice(storage, engine.id, engine.salts, figures, terms, tiers)
        engine.frontier = frontier_from_bytes(frontier)
        engine.slice = held
        self.before = members_and_merchants(held.arrays.head)
        return Batch(held, engine, engine.frontier, refusal_while(halted))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write the batch and commit; or roll back and forget."""
        engine, batch = self.engine, self.batch
        try:
            if kind is None and batch is not None:
                Writer(batch, *self.before).write(engine.alias)
        except BaseException as late:
            engine.forget()
            self.atomic.__exit__(type(late), late, late.__traceback__)
            raise
        try:
            self.atomic.__exit__(kind, fault, trace)
        except BaseException:
            engine.forget()
            raise
        if kind is not None or batch is None:
            engine.forget()
            return
        engine.frontier = batch.frontier
        batch.slice.drop_orders()
