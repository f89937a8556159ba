"""One transaction of a programme: commands in, closes in between, and what is to be written."""

from collections.abc import Sequence
from itertools import starmap
from typing import Protocol

import numpy as np

from shareback.engine import commands as cmd
from shareback.engine.calendar import Calendar, day_text
from shareback.engine.halting import HALTED_COMMANDS
from shareback.engine.logging import Logged, log
from shareback.engine.opening import Version
from shareback.engine.repeats import Repeats, refused
from shareback.engine.slice import NEW, Slice
from shareback.engine.touching import Touching
from shareback.engine.translate import Commitment, Translator
from shareback.engine.wellformed import flaws
from shareback.kernels.arrays import Integers, with_effects, zeros
from shareback.kernels.compiled import apply_batch
from shareback.proofs.merkle import Frontier, root
from shareback.rules import commands as rows
from shareback.rules.codes import FIRST_REFUSAL, Code
from shareback.rules.decide import InvariantBroken
from shareback.rules.kinds import Kind
from shareback.rules.layout import (
    ACCOUNTS,
    Command,
    Cursor,
    Effect,
    Head,
    Member,
    Merchant,
    Order,
    OrderState,
    Phase,
    Result,
    Term,
)

UNTRACED = zeros(0, ACCOUNTS)
NOT_MATURED = (
    "AND NOT EXISTS (SELECT 1 FROM journal_maturity m"
    " WHERE m.programme_id = journal_order.programme_id AND m.number = journal_order.number)"
)
PENDING = cmd.Answer(Code.ACCEPTED, 0, 0, 0, 0, 0, 0)
DAYS_CLOSED_MAX = 3_660
"""A command dated further ahead is a slip of the pen: it would close all days before it."""


class DaysUnclosed(Exception):
    """A command that would close more days at once than its engine may; nothing was done.

    Most likely the machine's clock is wrong: what is closed cannot be opened again.
    """

    def __init__(self, open_day: int, day: int) -> None:
        """Keep the programme's open day and that of the command, both local day numbers."""
        self.open_day, self.day = open_day, day
        super().__init__(f"the open day is {day_text(open_day)}, the command's {day_text(day)}")


ALONE = (cmd.AmendProgramme, cmd.EndProgramme, cmd.SettleAccounts)
"""What changes terms or slots while it becomes a row: nothing may wait meanwhile."""


class Owner(Protocol):
    """What a batch needs to know of its programme."""

    @property
    def alias(self) -> str:
        """Which of Django's databases holds it."""

    @property
    def key(self) -> bytes:
        """Its secret key."""

    @property
    def calendar(self) -> Calendar:
        """Its local days."""

    @property
    def versions(self) -> list[Version]:
        """All versions of its parameters."""

    @property
    def days_at_once(self) -> int:
        """How many days a command may close on its way."""


class Batch:
    """The work of one transaction on a slice; nothing of it is in the journal yet."""

    def __init__(
        self, loaded: Slice, owner: Owner, tree: Frontier, halted: Code = Code.ACCEPTED
    ) -> None:
        """Start from a valid slice and the log's tree; ``halted`` refuses what pays out."""
        self.slice = loaded
        self.calendar = owner.calendar
        self.days_at_once = owner.days_at_once
        self.key = owner.key
        self.frontier = tree
        self.halted = halted
        self.versions = owner.versions
        self.versions_before = len(owner.versions)
        self.translator = Translator(loaded, owner.versions)
        self.repeats = Repeats(loaded, owner.alias, owner.versions)
        self.touching = Touching(loaded, owner.alias)
        self.logged: list[Logged] = []
        self.effects: list[Integers] = []
        self.days: list[tuple[Integers, bytes]] = []
        self.refunds: list[tuple[int, str, int, int, int, int]] = []
        self.waiting: list[int] = []
        self.answers: list[cmd.Answer] = []

    @property
    def open_day(self) -> int:
        """The programme's open day."""
        return int(self.slice.arrays.head[Head.DAY])

    def apply(self, commands: Sequence[cmd.Command], *, careful: bool) -> None:
        """Apply commands in order; each belongs to the day of its time, or to the open one."""
        faults = flaws(commands)
        sound = [one for one, fault in zip(commands, faults, strict=True) if not fault]
        self.translator.gather(sound, careful=careful)
        self.repeats.load(sound)
        self.answers = [PENDING] * len(commands)
        for place, fault in enumerate(faults):
            if fault:
                self.answers[place] = refused(fault)
            else:
                self.take(commands, place)
        self.flush(commands)
        if not careful:
            self.look_again(commands)

    def look_again(self, commands: Sequence[cmd.Command]) -> None:
        """Look for refused orders in the journal: one that was paid before has its answer."""
        refusals = [
            (place, command)
            for place, command in enumerate(commands)
            if isinstance(command, cmd.PayOrder)
            and FIRST_REFUSAL <= self.answers[place].code < Code.ID_TAKEN
        ]
        here = self.slice
        for _place, command in refusals:
            slot = here.order_slots.get(command.order_id, 0)
            if here.arrays.orders[slot, Order.NUMBER] == 0:
                here.order_slots.pop(command.order_id, None)
        self.translator.find_orders({command.order_id for _place, command in refusals})
        for place, command in refusals:
            slot = here.order_slots.get(command.order_id, 0)
            if here.order_was[slot] != NEW:
                self.answers[place] = self.repeats.order_before(command) or self.answers[place]

    def take(self, commands: Sequence[cmd.Command], place: int) -> None:
        """Let a command wait to be decided with others, or answer it.

        What bears the same id or key as one that waits is looked at when that is decided.

        Raises:
            DaysUnclosed: It would close more days than its owner may at once.
        """
        command = commands[place]
        day = self.calendar.day_of(command.at)
        if day > self.open_day + DAYS_CLOSED_MAX:
            self.answers[place] = refused(Code.AMOUNT_INVALID)
            return
        ended = self.slice.arrays.head[Head.PHASE] == Phase.ENDED
        if day > self.open_day + self.days_at_once and not ended:
            raise DaysUnclosed(self.open_day, day)
        if day > self.open_day:
            self.flush(commands)
            self.close_until(day - 1)
        alone = isinstance(command, ALONE)
        if self.repeats.awaits(command) or alone:
            self.flush(commands)
            self.repeats.awaits(command)
        known = self.repeats.answer(command)
        if known is not None:
            self.answers[place] = known
            return
        if self.halted and isinstance(command, HALTED_COMMANDS):
            # It is not kept under the command's key: the same command may be sent again later.
            self.answers[place] = refused(self.halted)
            return
        self.waiting.append(place)
        if alone:
            self.flush(commands)

    def flush(self, commands: Sequence[cmd.Command]) -> None:
        """Decide all that waits."""
        places, self.waiting = self.waiting, []
        self.repeats.waiting.clear()
        if len(places) == 1 and isinstance(commands[places[0]], cmd.AmendProgramme):
            self.amend(commands, places[0])
        else:
            self.run(commands, places)

    def close_until(self, day: int) -> None:
        """Close all days up to and including one; after the end there are no closes (R12)."""
        while self.open_day <= day and self.slice.arrays.head[Head.PHASE] != Phase.ENDED:
            self.close()

    def run(self, commands: Sequence[cmd.Command], places: Sequence[int]) -> None:
        """Apply commands of the open day."""
        if not places:
            return
        day = self.open_day
        chosen = [commands[place] for place in places]
        self.translator.connect_payers(chosen)
        table, wanted = self.translator.table(chosen, day)
        ats = np.array([command.at for command in chosen], np.int64)
        results = self.decide(table)
        accepted = np.flatnonzero(results[:, Result.CODE] == Code.ACCEPTED)
        first = self.frontier.size
        taken = table[accepted]
        blobs = self.blobs_of(taken) if (table[:, 0] == Kind.AMEND_PROGRAMME).any() else []
        self.append(taken, ats[accepted], [wanted[place] for place in accepted.tolist()], blobs)
        self.settle_joined()
        for place, answer in zip(places, starmap(cmd.Answer, results.tolist()), strict=True):
            self.answers[place] = answer
            self.repeats.note(commands[place], answer)
        self.note_refunds(commands, [places[place] for place in accepted.tolist()], first)

    def amend(self, commands: Sequence[cmd.Command], place: int) -> None:
        """Apply an amendment; the version that a refused one brought is let go again."""
        before = len(self.versions)
        self.run(commands, [place])
        if self.answers[place].code == Code.ACCEPTED:
            day = int(self.slice.arrays.terms[before, Term.FROM_DAY])
            self.versions[before] = self.versions[before]._replace(from_day=day)
        else:
            del self.versions[before:]
            self.slice.arrays = self.slice.arrays._replace(terms=self.slice.arrays.terms[:before])

    def blobs_of(self, table: Integers) -> list[tuple[int, bytes]]:
        """The parameters that amendments among some rows bring."""
        return [
            (place, self.versions[row[Command.SECOND]].programme.canonical())
            for place, row in enumerate(table.tolist())
            if row[Command.KIND] == Kind.AMEND_PROGRAMME
        ]

    def note_refunds(
        self, commands: Sequence[cmd.Command], places: Sequence[int], first: int
    ) -> None:
        """Remember refunds by their ids, with the place of their events in the log."""
        for sequence, place in enumerate(places, first):
            command = commands[place]
            if isinstance(command, cmd.RefundOrder):
                slot = self.slice.order_slots[command.order_id]
                order = self.slice.arrays.orders[slot]
                number, member = int(order[Order.NUMBER]), int(order[Order.MEMBER])
                money, paid_out = command.money_uyuan, self.answers[place].money_uyuan
                row = (number, command.refund_id, money, paid_out, sequence, member)
                self.refunds.append(row)
                self.repeats.refunds[number, command.refund_id] = (money, paid_out)

    def decide(self, table: Integers) -> Integers:
        """Run the compiled rules over rows, loading what they ask for on the way.

        Raises:
            InvariantBroken: A bug; the transaction is rolled back.
        """
        results = zeros(len(table), len(Result))
        place = 0
        while True:
            place = apply_batch(self.slice.arrays, table, results, UNTRACED, place)
            if place == len(table):
                break
            self.give(Code(results[place, Result.CODE]), table[place])
        self.take_effects()
        return results

    def give(self, code: Code, row: Integers) -> None:
        """Give the rules what they paused for."""
        arrays = self.slice.arrays
        if code == Code.NEEDS_EXITS:
            self.slice.load_exits()
        elif code == Code.NEEDS_ROOM:
            if arrays.cursor[Cursor.EFFECTS] == 0:
                self.slice.arrays = with_effects(arrays, 2 * len(arrays.effects))
            self.take_effects()
        else:
            raise InvariantBroken(code, row.tolist())

    def take_effects(self) -> None:
        """Take away what has happened, to make room for more."""
        arrays = self.slice.arrays
        count = int(arrays.cursor[Cursor.EFFECTS])
        if count > 0:
            self.effects.append(arrays.effects[:count].copy())
            arrays.cursor[Cursor.EFFECTS] = 0

    def append(
        self,
        table: Integers,
        ats: Integers,
        wanted: Sequence[Commitment | None],
        blobs: Sequence[tuple[int, bytes]],
    ) -> None:
        """Append accepted rows to the log."""
        if len(table) == 0:
            return
        logged = log(self.slice.arrays, table, ats, wanted, blobs, self.key, self.frontier)
        self.logged.append(logged)
        self.frontier = logged.frontier

    def settle_joined(self) -> None:
        """Let new accounts be found by number; forget those that were refused."""
        here, kept = self.slice, []
        for one in self.translator.joined:
            is_member = one.kind == one.kind.MEMBER
            table = here.arrays.members if is_member else here.arrays.merchants
            number = table[one.slot, Member.NUMBER if is_member else Merchant.NUMBER]
            if number == 0:
                (here.member_slots if is_member else here.merchant_slots).pop(one.text, None)
                continue
            (here.members if is_member else here.merchants).put(np.array([number]), one.slot)
            kept.append(one)
        self.translator.joined = kept

    def due_slots(self, day: int) -> list[int]:
        """Slots of the orders that mature at the close of a day, in order of order id (R3.2)."""
        here = self.slice
        here.load_orders(f"AND due_day = {day} AND state = 0 {NOT_MATURED}")
        orders = here.arrays.orders[: here.arrays.cursor[Cursor.ORDERS]]
        is_due = (orders[:, Order.DUE_DAY] == day) & (orders[:, Order.NUMBER] > 0)
        slots = np.flatnonzero(is_due & (orders[:, Order.STATE] == OrderState.PAID))
        here.connect_orders(slots)
        return sorted(slots.tolist(), key=here.order_ids.__getitem__)

    def close(self) -> None:
        """Close the open day (R7)."""
        here, day = self.slice, self.open_day
        slots = self.due_slots(day)
        here.load_retiers()
        arrays = here.arrays
        arrays.due[: len(slots)] = slots
        arrays.cursor[Cursor.DUE] = len(slots)
        numbers = arrays.orders[slots, Order.NUMBER]
        blobs = []
        if len(slots) > 1 and (np.diff(numbers) < 0).any():
            blobs = [(0, numbers.astype(">i8").tobytes())]
        table = np.array([rows.close_day(day)], np.int64)
        result = self.decide(table)
        if result[0, Result.CODE] >= FIRST_REFUSAL:
            raise InvariantBroken(Code(result[0, Result.CODE]), table[0].tolist())
        at = np.array([self.calendar.start_of(day + 1)], np.int64)
        self.append(table, at, [None], blobs)
        figures = here.arrays.head.copy()
        figures[Head.DAY] = day
        log_root = root(self.frontier)
        self.days.append((figures, log_root))
        self.touching.close(day, self.frontier.size, log_root)

    def movements(self) -> Integers:
        """What happened beside orders, as rows of the journal's movements."""
        if not self.effects:
            return zeros(0, 11)
        effects = np.concatenate(self.effects)
        sequences = effects[:, Effect.SEQUENCE]
        starts = np.flatnonzero(np.diff(sequences, prepend=-1))
        lengths = np.diff(np.append(starts, len(sequences)))
        lines = np.arange(len(sequences)) - np.repeat(starts, lengths)
        return np.column_stack(
            [sequences, lines, effects[:, Effect.KIND], effects[:, Effect.DAY :]]
        )
