"""Import staged orders into a programme: days in order, in batches, going on after a cut.

How far it is stands in the journal, written in the transaction of the batch itself: a run that
was killed goes on with the first action that is not in the journal, and comes to the same log.
A file that meets a programme in which something has happened is first compared with all of that:
what the programme must refuse is told before anything is written, not when half is imported.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, NoReturn

from django.db import IntegrityError, connections
from django.db.models import QuerySet

from shareback.engine import commands as cmd
from shareback.engine.batch import Batch
from shareback.engine.calendar import day_text
from shareback.engine.engine import Engine
from shareback.engine.orders_file import ActionKind, StagedOrders
from shareback.engine.orders_file.actions import ActionRow
from shareback.engine.reporting import money
from shareback.journal.models import Identity, Import
from shareback.journal.shapes import IDENTITY, ORDER
from shareback.journal.storage import Storage, storage_for
from shareback.rules.codes import Code
from shareback.rules.layout import Head, Phase, Row
from shareback.units.exact import mul_div
from shareback.units.scales import PPM, RANGE

BATCH_ACTIONS = 8_000
COMPARED_AT_ONCE = 8_000
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


def countable_uyuan(head: Row, quota_multiple_ppm: int) -> int:
    """What further orders must stay below, all together, so that none is refused for its size.

    Args:
        head: The programme's figures, by `layout.Head`; all 0 where it is not open yet.
        quota_multiple_ppm: The highest that holds now or later.

    Returns:
        µ¥, above 0.

    Source:
        R3.7: none of the sums that grow with an order leaves the range.
    """
    quota_room = RANGE - head[Head.QUOTA_GRANTED] - head[Head.QUOTA_PENDING]
    sums = (
        head[Head.BANK],
        head[Head.DIVIDENDS_IN] + head[Head.ORDER_ESCROW],
        head[Head.TREASURY_FUNDED],
        head[Head.RECEIVABLES],
    )
    return min(mul_div(quota_room, PPM, max(PPM, quota_multiple_ppm)), RANGE - max(sums))


def refuse_what_cannot_be_counted(staged: StagedOrders, most_uyuan: int) -> None:
    """Refuse a file whose orders come to more than can be counted together (R3.7).

    Raises:
        ImportRefused: It holds such a row; no rule would refuse it before it is half imported.
    """
    found = staged.outgrown(most_uyuan)
    if found is not None:
        row, amount = found
        reason = (
            f"brings all orders above {money(most_uyuan)}, more than can be counted; is it in"
            " another unit? (R3.7)"
        )
        raise ImportRefused(str(staged.fault(row, "amount", money(amount), reason)))


class Importer:
    """Applies a staged file to a programme."""

    def __init__(self, engine: Engine, staged: StagedOrders) -> None:
        """Belong to a programme and a file."""
        self.engine = engine
        self.staged = staged
        self.joined: set[str] = set()
        self.opened: set[str] = {""}

    def run(self, kept: Import, progress: Progress) -> Imported:
        """Apply what is not applied yet, and close the days until all has matured.

        Args:
            kept: What `begin` gave.
            progress: Told how far it is.

        Raises:
            ImportRefused: Another writer was at work meanwhile.
        """
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
        """The record of this import, made where it is new and the programme can take the file.

        Raises:
            ImportRefused: It cannot; nothing was written.
        """
        kept = self.record().first()
        # One that has not begun may meet a programme that has changed since.
        if kept is not None and kept.position > 0:
            return kept
        self.refuse_unfit()
        record, _ = Import.objects.using(self.engine.alias).get_or_create(
            programme_id=self.engine.id, digest=self.staged.digest, defaults={"position": 0}
        )
        return record

    def refuse_unfit(self) -> None:
        """Compare the whole file with what the programme holds.

        Raises:
            ImportRefused: The programme would refuse a row of it.
        """
        engine, head = self.engine, self.engine.head()
        open_day, name = head[Head.DAY], engine.programme.name
        mend = "import it into another database (--database) or programme (--programme)"
        if self.staged.first_day < open_day:
            raise ImportRefused(
                f"the programme {name!r} is at {day_text(open_day)} already and the file begins on"
                f" {day_text(self.staged.first_day)}: {mend}"
            )
        if head[Head.PHASE] != Phase.RUNNING:
            raise ImportRefused(f"the programme {name!r} is ending and takes no orders: {mend}")
        if head[Head.SEQUENCE] == 1:
            # Nothing has happened but its opening.
            return
        self.refuse_known_orders()
        self.refuse_other_referrers()
        multiple = max(version.programme.quota_multiple for version in engine.versions)
        refuse_what_cannot_be_counted(self.staged, countable_uyuan(head, multiple))

    def refuse_known_orders(self) -> None:
        """Refuse a file that holds an order which the programme has already.

        Raises:
            ImportRefused: It does; its first such row is named.
        """
        for told in self.staged.orders_told(COMPARED_AT_ONCE):
            found = self.first_known(told)
            if found is not None:
                row, order = found
                reason = "is an order of this programme already; remove it from the file"
                self.refuse_row(row, "order_id", order, reason)

    def first_known(self, told: Sequence[tuple[int, str]]) -> tuple[int, str] | None:
        """The first of some rows and orders whose order is in the journal."""
        ids = [order for _row, order in told]
        rows = self.storage().find(ORDER.table, "order_id", ids, ("number",), self.engine.id)
        known = {text for text, _number in rows}
        return next((one for one in told if one[1] in known), None)

    def refuse_other_referrers(self) -> None:
        """Refuse a file that names somebody else than brought a member when it joined (R4.3).

        Who has not joined yet is brought by somebody who buys before, as staging has seen.

        Raises:
            ImportRefused: It does; its first such row is named.
        """
        for told in self.staged.referrals_told(COMPARED_AT_ONCE):
            people = self.people({text for _row, *texts in told for text in texts})
            for row, member, referrer in told:
                if member not in people:
                    continue
                brought_by = people[member][1]
                if referrer not in people or people[referrer][0] != brought_by:
                    who = "somebody else" if brought_by else "nobody"
                    reason = (
                        "did not bring the member, who has joined this programme already, brought"
                        f" by {who}; leave the cell empty (R4.3)"
                    )
                    self.refuse_row(row, "referrer_id", referrer, reason)

    def people(self, ids: set[str]) -> dict[str, tuple[int, int]]:
        """The numbers of members, and of those by whom they were brought when they joined."""
        wanted = ("kind", "number", "referrer")
        rows = self.storage().find(
            IDENTITY.table, "outside_id", sorted(ids), wanted, self.engine.id
        )
        return {
            text: (number, referrer)
            for text, kind, number, referrer in rows
            if kind == Identity.Kind.MEMBER
        }

    def refuse_row(self, row: int, field: str, text: str, reason: str) -> NoReturn:
        """Refuse the file for one of its rows."""
        raise ImportRefused(str(self.staged.fault(row, field, text, reason))) from None

    def storage(self) -> Storage:
        """What reads the journal by texts."""
        return storage_for(connections[self.engine.alias])

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
        """Apply a batch of actions, and note how far it is, in one transaction.

        Raises:
            ImportRefused: Another writer was at work meanwhile; nothing of the batch is written.
        """
        try:
            self.apply_all(rows, position)
        except IntegrityError:
            paid = [(row[3], row[4]) for row in rows if row[0] == ActionKind.PAY]
            found = self.first_known(paid)
            if found is None:
                raise
            row, order = found
            reason = (
                "is an order of this programme since another writer was at work; import the file"
                " into another database (--database) or programme (--programme)"
            )
            self.refuse_row(row, "order_id", order, reason)

    def apply_all(self, rows: Sequence[ActionRow], position: int) -> None:
        """The transaction of a batch."""
        with self.engine.transaction() as batch:
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
