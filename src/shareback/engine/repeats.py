"""Commands that were sent before: they get their first answer again, and change nothing (A20).

An order, refund or payment is once by its own id; any command may carry a key as well. The same
id or key with another content is refused.
"""

import hashlib
import json
from collections.abc import Sequence

from shareback.engine import commands as cmd
from shareback.engine.slice import Slice
from shareback.journal.models import Answer as Kept
from shareback.journal.models import Refund
from shareback.rules.codes import Code
from shareback.rules.layout import ABSENT, Merchant, Order, Payment


def fingerprint(command: cmd.Command) -> bytes:
    """32 bytes that stand for a command's content; its time is not part of it."""
    content = [type(command).__name__, *command._replace(at=0)]
    return hashlib.sha256(json.dumps(content).encode()).digest()


def refused(code: Code) -> cmd.Answer:
    """A refusal of the engine's own."""
    return cmd.Answer(code, 0, 0, 0, 0, 0, 0)


def done(number: int) -> cmd.Answer:
    """The answer to something that was done in an earlier batch."""
    return cmd.Answer(Code.ACCEPTED, number, 0, 0, 0, 0, 0, repeated=True)


class Repeats:
    """Finds the commands of a batch that are done already, or that say it twice."""

    def __init__(self, loaded: Slice, alias: str) -> None:
        """Look at a slice whose orders and payments are loaded, and at the kept answers."""
        self.slice = loaded
        self.alias = alias
        self.kept: dict[str, tuple[bytes, cmd.Answer]] = {}
        self.refunds: dict[tuple[int, str], int] = {}
        self.seen: dict[tuple[str, ...], int] = {}
        self.again: dict[int, int] = {}

    def load(self, commands: Sequence[cmd.Command]) -> None:
        """Read the kept answers of the batch's keys, and the refunds of its orders."""
        self.seen.clear()
        self.again.clear()
        keys = [command.key for command in commands if command.key]
        if keys:
            rows = Kept.objects.using(self.alias).filter(
                programme_id=self.slice.programme, key__in=keys
            )
            for row in rows:
                answer = cmd.Answer(*json.loads(row.body))
                self.kept[row.key] = (bytes(row.request), answer)
        orders = [
            self.number_of(self.slice.order_slots.get(command.order_id, 0))
            for command in commands
            if isinstance(command, cmd.RefundOrder)
        ]
        if any(orders):
            rows_found = Refund.objects.using(self.alias).filter(
                programme_id=self.slice.programme, order__in=orders
            )
            for refund in rows_found:
                self.refunds[refund.order, refund.refund_id] = refund.money

    def number_of(self, slot: int) -> int:
        """The number of the order in a slot."""
        return int(self.slice.arrays.orders[slot, Order.NUMBER])

    def answer(self, place: int, command: cmd.Command) -> cmd.Answer | None:
        """The answer to a command that must not be done, or None where it is new.

        A command that stands twice in this batch is noted in `again`, and answered with the
        first one's answer once that is known.
        """
        for name in identities(command):
            first = self.seen.setdefault(name, place)
            if first != place:
                self.again[place] = first
                return done(0)
        if command.key and command.key in self.kept:
            request, answer = self.kept[command.key]
            if request != fingerprint(command):
                return refused(Code.KEY_TAKEN)
            return answer._replace(repeated=True)
        return self.done_before(command)

    @staticmethod
    def same(
        commands: Sequence[cmd.Command], place: int, first: int, answer: cmd.Answer
    ) -> cmd.Answer:
        """The answer to a command that stood in this batch before: the same, or a refusal."""
        if fingerprint(commands[place]) == fingerprint(commands[first]):
            return answer._replace(repeated=True)
        one, other = commands[place], commands[first]
        code = Code.KEY_TAKEN if one.key and one.key == other.key else Code.ID_TAKEN
        return refused(code)

    def done_before(self, command: cmd.Command) -> cmd.Answer | None:
        """The answer to an id that the journal has already."""
        match command:
            case cmd.JoinMember():
                return self.joined(self.slice.member_slots, command.member_id, members=True)
            case cmd.JoinMerchant():
                return self.joined(self.slice.merchant_slots, command.merchant_id, members=False)
            case cmd.PayOrder():
                return self.order_before(command)
            case cmd.SpendPoints() | cmd.PayCoins():
                return self.payment_before(command)
            case cmd.RefundOrder():
                return self.refund_before(command)
            case _:
                return None

    def joined(self, slots: dict[str, int], text: str, *, members: bool) -> cmd.Answer | None:
        """An account that was opened before."""
        slot = slots.get(text)
        if slot is None:
            return None
        arrays = self.slice.arrays
        number = (arrays.members if members else arrays.merchants)[slot, Merchant.NUMBER]
        return done(int(number)) if number > 0 else None

    def order_before(self, command: cmd.PayOrder) -> cmd.Answer | None:
        """An order that was paid before."""
        slot = self.slice.order_slots.get(command.order_id, 0)
        if self.number_of(slot) == 0:
            return None
        order = self.slice.arrays.orders[slot]
        profit = ABSENT if command.profit_uyuan is None else command.profit_uyuan
        buyer = self.slice.member_slots.get(command.member_id, 0)
        number = self.slice.arrays.members[buyer, 0]
        asked = (command.paid_uyuan, profit, number)
        if (order[Order.PAID], order[Order.PROFIT], order[Order.MEMBER]) != asked:
            return refused(Code.ID_TAKEN)
        return done(self.number_of(slot))

    def payment_before(self, command: cmd.SpendPoints | cmd.PayCoins) -> cmd.Answer | None:
        """A payment that was made before."""
        slot = self.slice.payment_slots.get(command.payment_id, 0)
        payment = self.slice.arrays.payments[slot]
        if payment[Payment.NUMBER] == 0:
            return None
        with_points = isinstance(command, cmd.SpendPoints)
        if payment[Payment.WITH_POINTS] != with_points:
            return refused(Code.ID_TAKEN)
        if isinstance(command, cmd.PayCoins) and payment[Payment.AMOUNT] != command.coins:
            return refused(Code.ID_TAKEN)
        return done(int(payment[Payment.NUMBER]))

    def refund_before(self, command: cmd.RefundOrder) -> cmd.Answer | None:
        """A refund that was given before."""
        number = self.number_of(self.slice.order_slots.get(command.order_id, 0))
        money = self.refunds.get((number, command.refund_id))
        if money is None or number == 0:
            return None
        return done(0) if money == command.money_uyuan else refused(Code.ID_TAKEN)


def identities(command: cmd.Command) -> list[tuple[str, ...]]:
    """Under which names a command must not stand twice in a batch."""
    names: list[tuple[str, ...]] = [("key", command.key)] if command.key else []
    match command:
        case cmd.JoinMember():
            names.append(("member", command.member_id))
        case cmd.JoinMerchant():
            names.append(("merchant", command.merchant_id))
        case cmd.PayOrder():
            names.append(("order", command.order_id))
        case cmd.SpendPoints() | cmd.PayCoins():
            names.append(("payment", command.payment_id))
        case cmd.RefundOrder():
            names.append(("refund", command.order_id, command.refund_id))
        case _:
            pass
    return names
