"""Commands that were sent before: they get their first answer again, and change nothing (A20).

An order, refund, payment or account is once by its own id; any command may carry a key as well.
The same id or key with another content is refused.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

from shareback.engine import commands as cmd
from shareback.engine.opening import Version
from shareback.engine.slice import Slice
from shareback.journal.models import Event, Identity, Movement, Refund
from shareback.journal.shapes import ANSWER, IDENTITY
from shareback.proofs.canonical import decode
from shareback.rules.codes import Code
from shareback.rules.layout import (
    ABSENT,
    EffectKind,
    Order,
    Payment,
    Row,
)
from shareback.rules.programme import Programme

PaymentCommand = cmd.SpendPoints | cmd.PayCoins
JoinCommand = cmd.JoinMember | cmd.JoinMerchant


OWN_NAMES: dict[type[cmd.Command], Callable[[Any], tuple[str, ...]]] = {
    cmd.JoinMember: lambda command: ("member", command.member_id),
    cmd.JoinMerchant: lambda command: ("merchant", command.merchant_id),
    cmd.PayOrder: lambda command: ("order", command.order_id),
    cmd.RefundOrder: lambda command: ("refund", command.order_id, command.refund_id),
    cmd.SpendPoints: lambda command: ("payment", command.payment_id),
    cmd.PayCoins: lambda command: ("payment", command.payment_id),
}
"""What a command of a kind is once by, beside its key."""


REFUNDS_READ = 10_000
"""Orders whose refunds are read at a time: SQLite binds no more than 32,766 values."""


def canonical(value: object) -> str:
    """The parameters that an amendment brings, as JSON; nothing else needs it."""
    if isinstance(value, Programme):
        return value.canonical().decode()
    raise TypeError(f"no field of a command: {value!r}")


def fingerprint(command: cmd.Command) -> bytes:
    """32 bytes that stand for a command's content; its time and key are not part of it."""
    said = [
        int(value) if isinstance(value, bool) else value for value in command._replace(at=0, key="")
    ]
    content = [type(command).__name__, *said]
    return hashlib.sha256(json.dumps(content, default=canonical).encode()).digest()


def refused(code: Code) -> cmd.Answer:
    """A refusal of the engine's own."""
    return cmd.Answer(code, 0, 0, 0, 0, 0, 0)


def done(number: int) -> cmd.Answer:
    """The answer to something that was done before and gave nothing but a number."""
    return cmd.Answer(Code.ACCEPTED, number, 0, 0, 0, 0, 0, repeated=True)


class Repeats:
    """Finds the commands of a transaction that are done already, in it or before it."""

    def __init__(self, loaded: Slice, alias: str, versions: Sequence[Version]) -> None:
        """Look at a slice whose orders and payments are loaded, and at the kept answers."""
        self.slice = loaded
        self.alias = alias
        self.versions = versions
        self.kept: dict[str, tuple[bytes, cmd.Answer]] = {}
        self.fresh: dict[str, tuple[bytes, cmd.Answer]] = {}
        self.refunds: dict[tuple[int, str], tuple[int, int]] = {}
        self.payments: dict[str, tuple[PaymentCommand, cmd.Answer]] = {}
        self.opened: dict[tuple[int, str], tuple[int, int]] = {}
        self.waiting: set[tuple[str, ...]] = set()
        self.looks: dict[type[cmd.Command], Callable[[Any], cmd.Answer | None]] = {
            cmd.JoinMember: self.account_before,
            cmd.JoinMerchant: self.account_before,
            cmd.PayOrder: self.order_before,
            cmd.RefundOrder: self.refund_before,
            cmd.SpendPoints: self.payment_before,
            cmd.PayCoins: self.payment_before,
        }

    def load(self, commands: Sequence[cmd.Command]) -> None:
        """Read the kept answers of the batch's keys, and the refunds of its orders."""
        self.waiting.clear()
        keys = [command.key for command in commands if command.key]
        if keys:
            here, wanted = self.slice, ("request", "body")
            found = here.storage.find(ANSWER.table, "key", keys, wanted, here.programme)
            for key, request, body in found:
                self.kept[key] = (bytes(request), cmd.Answer(*json.loads(body)))
        orders = [
            self.number_of(self.slice.order_slots.get(command.order_id, 0))
            for command in commands
            if isinstance(command, cmd.RefundOrder)
        ]
        self.load_opened(commands)
        if any(orders):
            self.load_refunds(orders)

    def load_refunds(self, orders: Sequence[int]) -> None:
        """Read the refunds of some orders."""
        for first in range(0, len(orders), REFUNDS_READ):
            found = Refund.objects.using(self.alias).filter(
                programme_id=self.slice.programme, order__in=orders[first : first + REFUNDS_READ]
            )
            for refund in found:
                self.refunds[refund.order, refund.refund_id] = (refund.money, refund.paid_out)

    def load_opened(self, commands: Sequence[cmd.Command]) -> None:
        """Read how the accounts were opened that are to be opened once more."""
        texts = [
            account_of(command)[1]
            for command in commands
            if isinstance(command, JoinCommand) and self.number_opened(command) > 0
        ]
        if texts:
            wanted = ("kind", "referrer", "party")
            here = self.slice
            found = here.storage.find(IDENTITY.table, "outside_id", texts, wanted, here.programme)
            self.opened.update({(kind, text): opened for text, kind, *opened in found})

    def number_of(self, slot: int) -> int:
        """The number of the order in a slot."""
        return int(self.slice.arrays.orders[slot, Order.NUMBER])

    def awaits(self, command: cmd.Command) -> bool:
        """Whether a command of the same name waits to be decided; else this one waits now."""
        names = identities(command)
        if not self.waiting.isdisjoint(names):
            return True
        self.waiting.update(names)
        return False

    def answer(self, command: cmd.Command) -> cmd.Answer | None:
        """The answer to a command that must not be done, or None where it is new.

        Whatever bears one of its names has been decided before.
        """
        key = command.key
        if key and key in self.kept:
            request, answer = self.kept[key]
            if request != fingerprint(command):
                return refused(Code.KEY_TAKEN)
            return answer._replace(repeated=True)
        known = self.done_before(command)
        if known is not None:
            self.note(command, known)
        return known

    def note(self, command: cmd.Command, answer: cmd.Answer) -> None:
        """Remember how a command was decided: under its key, and under a payment's id."""
        if command.key and command.key not in self.kept:
            self.kept[command.key] = self.fresh[command.key] = (fingerprint(command), answer)
        if answer.code != Code.ACCEPTED:
            return
        if isinstance(command, PaymentCommand):
            self.payments.setdefault(command.payment_id, (command, answer))
        elif isinstance(command, JoinCommand):
            (referrer,) = self.accounts(getattr(command, "referrer_id", ""))
            self.opened.setdefault(account_of(command), (referrer, command.party))

    def done_before(self, command: cmd.Command) -> cmd.Answer | None:
        """The answer to an id that the programme knows already."""
        look = self.looks.get(type(command))
        return look(command) if look is not None else None

    def number_opened(self, command: JoinCommand) -> int:
        """The number of the account that a command opens, where it is open already; else 0."""
        here = self.slice
        if isinstance(command, cmd.JoinMember):
            return int(here.arrays.members[here.member_slots.get(command.member_id, 0), 0])
        return int(here.arrays.merchants[here.merchant_slots.get(command.merchant_id, 0), 0])

    def account_before(self, command: JoinCommand) -> cmd.Answer | None:
        """An account that was opened before; what the command leaves open is not compared."""
        number = self.number_opened(command)
        if number == 0:
            return None
        referrer, party = self.opened[account_of(command)]
        other_referrer = False
        if isinstance(command, cmd.JoinMember) and command.referrer_id != "":
            other_referrer = self.accounts(command.referrer_id)[0] != referrer
        if other_referrer or command.party not in (0, party):
            return refused(Code.ID_TAKEN)
        return done(number)

    def order_before(self, command: cmd.PayOrder) -> cmd.Answer | None:
        """An order that was paid before; whether it was received then is not compared."""
        here = self.slice
        slot = here.order_slots.get(command.order_id)
        if slot is None or here.arrays.orders[slot, Order.NUMBER] == 0:
            return None
        order = here.arrays.orders[slot]
        terms = self.versions[order[Order.TERMS]].programme
        asked = (
            command.paid_uyuan,
            ABSENT if command.profit_uyuan is None else command.profit_uyuan,
            terms.backing_by_category.get(command.category, terms.backing_rate),
            *self.accounts(command.member_id, command.merchant_id),
        )
        columns = (Order.PAID, Order.PROFIT, Order.BACKING, Order.MEMBER, Order.MERCHANT)
        if asked != tuple(order[list(columns)].tolist()):
            return refused(Code.ID_TAKEN)
        return done(int(order[Order.NUMBER]))

    def accounts(self, member_id: str, *merchant_ids: str) -> Row:
        """Numbers of a member and of merchants; 0 for nobody, -1 for one who has not joined."""
        here = self.slice
        named = [(here.arrays.members, here.member_slots, member_id)]
        named += [(here.arrays.merchants, here.merchant_slots, each) for each in merchant_ids]
        # Slot 0 is nobody's; who waits to join has a slot already, and no number.
        return [
            int(table[slots.get(text, 0), 0]) or (-1 if text else 0) for table, slots, text in named
        ]

    def payment_before(self, command: PaymentCommand) -> cmd.Answer | None:
        """A payment that was made before."""
        noted = self.payments.get(command.payment_id)
        if noted is not None:
            same = fingerprint(noted[0]) == fingerprint(command)
            return noted[1]._replace(repeated=True) if same else refused(Code.ID_TAKEN)
        slot = self.slice.payment_slots.get(command.payment_id, 0)
        payment = self.slice.arrays.payments[slot].tolist()
        if payment[Payment.NUMBER] == 0:
            return None
        if isinstance(command, cmd.SpendPoints):
            return self.spent_before(command, payment)
        asked = [
            command.coins,
            *self.accounts(command.member_id, command.payer_merchant_id, command.merchant_id),
        ]
        columns = (Payment.AMOUNT, Payment.PAYER_MEMBER, Payment.PAYER_MERCHANT, Payment.MERCHANT)
        if payment[Payment.WITH_POINTS] or asked != [payment[column] for column in columns]:
            return refused(Code.ID_TAKEN)
        return done(payment[Payment.NUMBER])

    def spent_before(self, command: cmd.SpendPoints, payment: Row) -> cmd.Answer:
        """A payment with points: what it came to stands among the payer's movements."""
        number, member = payment[Payment.NUMBER], payment[Payment.PAYER_MEMBER]
        if not payment[Payment.WITH_POINTS]:
            return refused(Code.ID_TAKEN)
        programme = self.slice.programme
        spent = Movement.objects.using(self.alias).get(
            programme_id=programme, member=member, kind=EffectKind.POINTS_SPENT, order=number
        )
        event = Event.objects.using(self.alias).get(programme_id=programme, sequence=spent.sequence)
        asked = (number, *self.accounts(command.member_id, command.merchant_id), command.points)
        if decode(bytes(event.body)).ints != asked:
            return refused(Code.ID_TAKEN)
        fee = spent.gross - spent.money
        return done(number)._replace(points=spent.points, money_uyuan=spent.gross, fee_uyuan=fee)

    def refund_before(self, command: cmd.RefundOrder) -> cmd.Answer | None:
        """A refund that was given before."""
        number = self.number_of(self.slice.order_slots.get(command.order_id, 0))
        given = self.refunds.get((number, command.refund_id))
        if given is None or number == 0:
            return None
        money, paid_out = given
        if money != command.money_uyuan:
            return refused(Code.ID_TAKEN)
        return done(0)._replace(money_uyuan=paid_out)


def account_of(command: JoinCommand) -> tuple[int, str]:
    """The account that a command opens: its kind, and its outside id."""
    if isinstance(command, cmd.JoinMember):
        return Identity.Kind.MEMBER, command.member_id
    return Identity.Kind.MERCHANT, command.merchant_id


def identities(command: cmd.Command) -> list[tuple[str, ...]]:
    """Under which names a command must not wait twice to be decided."""
    names: list[tuple[str, ...]] = [("key", command.key)] if command.key else []
    own = OWN_NAMES.get(type(command))
    if own is not None:
        names.append(own(command))
    return names
