"""Import staged orders into a programme: days in order, in batches, going on after a cut.

How far it is stands in the journal, written in the transaction of the batch itself: a run that
was killed goes on with the first action that is not in the journal, and comes to the same log.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from django.db.models import QuerySet

from shareback.engine import commands as cmd
from shareback.engine.batch import Batch
from shareback.engine.calendar import day_text
from shareback.engine.engine import Engine
from shareback.engine.orders_file import ActionKind, StagedOrders
from shareback.engine.orders_file.actions import ActionRow
from shareback.journal.models import Import
from shareback.rules.codes import Code
from shareback.rules.layout import Head, Phase

BATCH_ACTIONS = 8_000
APPROVERS = 2

Progress = Callable[[int, int], None]
"""Told how many actions are done, and of how many."""


class ImportRefused(Exception):
    """An import that cannot begin or go on; its text is one line for people."""


class Imported(NamedTuple):
    """What an import did.

    Attributes:
        actions: Payments, receipts and refunds that this run applied.
        resumed_at: How many an earlier run had applied.
    """

    actions: int
    resumed_at: int


class Importer:
    """Applies a staged file to a programme."""

    def __init__(self, engine: Engine, staged: StagedOrders) -> None:
        """Belong to a programme and a file."""
        self.engine = engine
        self.staged = staged
        self.joined: set[str] = set()
        self.opened: set[str] = {""}

    def run(self, progress: Progress) -> Imported:
        """Apply what is not applied yet, and close the days until all has matured.

        Raises:
            ImportRefused: The programme has gone past the file's first day, or refuses a row.
        """
        kept = self.begin()
        done = resumed = kept.position
        total = self.staged.actions
        progress(done, total)
        for batch in self.pending(resumed):
            self.apply(batch, done + len(batch))
            done += len(batch)
            progress(done, total)
        if not kept.finished:
            self.finish()
        return Imported(done - resumed, resumed)

    def begin(self) -> Import:
        """The record of this import, made where it is new."""
        engine = self.engine
        records = Import.objects.using(engine.alias)
        kept = self.record().first()
        if kept is not None:
            return kept
        open_day = engine.head()[Head.DAY]
        if self.staged.first_day < open_day:
            raise ImportRefused(
                f"the programme {engine.programme.name!r} is at {day_text(open_day)} already and"
                f" the file begins on {day_text(self.staged.first_day)}: import it into another"
                " database (--database) or programme (--programme)"
            )
        record, _ = records.get_or_create(
            programme_id=engine.id, digest=self.staged.digest, defaults={"position": 0}
        )
        return record

    def pending(self, position: int) -> Iterator[list[ActionRow]]:
        """Batches of the actions after the first ``position``, across days."""
        waiting: list[ActionRow] = []
        for rows in self.staged.batches(BATCH_ACTIONS):
            skipped = min(position, len(rows))
            position -= skipped
            waiting.extend(rows[skipped:])
            while len(waiting) >= BATCH_ACTIONS:
                yield waiting[:BATCH_ACTIONS]
                waiting = waiting[BATCH_ACTIONS:]
        if waiting:
            yield waiting

    def apply(self, rows: Sequence[ActionRow], position: int) -> None:
        """Apply a batch of actions, and note how far it is, in one transaction."""
        engine = self.engine
        with engine.transaction() as batch:
            self.advance(position - len(rows), position)
            plain: list[tuple[int, cmd.Command]] = []
            for row in rows:
                if row[0] != ActionKind.REFUND:
                    plain.extend((row[3], command) for command in self.commands(row))
                    continue
                self.accept(batch, plain)
                plain = []
                self.refund(batch, row)
            self.accept(batch, plain)

    def advance(self, before: int, after: int) -> None:
        """Note how far the import is, in the transaction of the batch.

        Raises:
            ImportRefused: It is not where this run left it: another one is at work.
        """
        here = self.record().filter(position=before, finished=False)
        if here.update(position=after) != 1:
            raise ImportRefused("another run imports this file at the same time; wait for its end")

    def record(self) -> QuerySet[Import]:
        """The record of this import."""
        records = Import.objects.using(self.engine.alias)
        return records.filter(programme_id=self.engine.id, digest=self.staged.digest)

    def commands(self, row: ActionRow) -> Iterator[cmd.Command]:
        """The commands of a payment or receipt: who is new joins first."""
        kind, at, _day, _row, order, member, merchant, referrer, amount, profit, received, _ = row
        if kind == ActionKind.RECEIVE:
            yield cmd.ReceiveOrder(at, order)
            return
        if member not in self.joined:
            self.joined.add(member)
            yield cmd.JoinMember(at, member, referrer)
        if merchant not in self.opened:
            self.opened.add(merchant)
            yield cmd.JoinMerchant(at, merchant)
        yield cmd.PayOrder(at, order, member, merchant, amount, profit, bool(received))

    def accept(self, batch: Batch, plain: Sequence[tuple[int, cmd.Command]]) -> None:
        """Apply commands that a file found right must not be refused."""
        if not plain:
            return
        batch.apply([command for _row, command in plain], careful=False)
        for (row, command), answer in zip(plain, batch.answers, strict=True):
            if answer.code != Code.ACCEPTED:
                self.refuse(row, command, answer)

    def refund(self, batch: Batch, row: ActionRow) -> None:
        """Give back money; where the treasury is short of it, fund it first, by just that."""
        at, order, money, index = row[1], row[4], row[8], row[11]
        command = cmd.RefundOrder(at, order, str(index), money, APPROVERS)
        batch.apply([command], careful=False)
        answer = batch.answers[0]
        if answer.code == Code.TREASURY_SHORT:
            batch.apply([cmd.FundTreasury(at, answer.need - answer.have), command], careful=False)
            answer = batch.answers[1]
        if answer.code != Code.ACCEPTED:
            self.refuse(row[3], command, answer)

    def refuse(self, row: int, command: cmd.Command, answer: cmd.Answer) -> None:
        """Stop at a row that the programme's rules refuse; its batch is rolled back."""
        case = f"{type(command).__name__} is refused as {Code(answer.code).name}"
        figures = f"has {answer.have}, needs {answer.need}"
        raise ImportRefused(f"{self.staged.unit} {row}: {case} ({figures})")

    def finish(self) -> None:
        """Close until every order is matured or closed, and one day more for the last pot."""
        with self.engine.transaction() as batch:
            if self.record().filter(finished=True).exists():
                # Another run, which waited for nothing but its lock, was faster.
                return
            batch.close_until(max(batch.open_day, self.staged.last_day))
            while batch.slice.arrays.head[Head.ORDERS_PENDING] > 0:
                if batch.slice.arrays.head[Head.PHASE] == Phase.ENDED:
                    break
                batch.close()
            batch.close_until(batch.open_day)
            self.record().update(finished=True)
