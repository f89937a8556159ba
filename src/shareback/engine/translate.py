"""From commands with outside ids to rows with slots, and to what their events commit to.

First `gather` collects every id that a batch names and loads what is missing, a few queries for
the whole batch; then each command becomes one row. An id that nobody has becomes slot 0, which
the rules refuse as unknown.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

import numpy as np

from shareback.engine import commands as cmd
from shareback.engine.joined import Joined, moved_along
from shareback.engine.opening import Version
from shareback.engine.slice import Slice
from shareback.journal.models import Identity
from shareback.journal.shapes import IDENTITY
from shareback.kernels.arrays import Integers
from shareback.rules import commands as rows
from shareback.rules.kinds import Kind
from shareback.rules.layout import (
    ABSENT,
    COMMAND_WIDTH,
    Command,
    Cursor,
    Head,
    Order,
    Phase,
    Row,
    Term,
)

MEMBER_FIELDS = ("member_id", "referrer_id")
MERCHANT_FIELDS = ("merchant_id", "payer_merchant_id", "funder_merchant_id")
ORDER_KINDS = (cmd.ReceiveOrder, cmd.RefundOrder)
STAGES = {cmd.PayOrder: 1, cmd.ReceiveOrder: 2, cmd.RefundOrder: 2}
PAYMENT_KINDS = (cmd.SpendPoints, cmd.PayCoins, cmd.RefundPointsPayment, cmd.RefundCoins)

Commitment = tuple[bytes, str]
"""A salt, and the outside id that an event commits to."""


def named(
    kinds: Mapping[type[cmd.Command], Sequence[cmd.Command]],
    wanted: Iterable[type[cmd.Command]],
    fields: Iterable[str],
) -> set[str]:
    """The ids in some fields of the commands of some kinds."""
    found: set[str] = set()
    for kind in wanted:
        for name in fields:
            if name in kind._fields:
                found.update(map(attrgetter(name), kinds.get(kind, ())))
    return found


def stated(profit_uyuan: int | None) -> int:
    """An order's profit as a column holds it; a stated one below 0 is not one that is left out."""
    if profit_uyuan is None:
        return ABSENT
    return ABSENT - 1 if profit_uyuan == ABSENT else profit_uyuan


class Translator:
    """Turns the commands of one transaction into rows; knows what it opened in between."""

    def __init__(self, loaded: Slice, versions: list[Version]) -> None:
        """Work on a slice, under the parameters in force."""
        self.slice = loaded
        self.versions = versions
        self.joined: list[Joined] = []
        self.buyers: dict[int, int] = {}
        self.by_kind: dict[type, Callable[[Any, int], tuple[Row, Commitment | None]]] = {
            cmd.JoinMember: self.join_member,
            cmd.SetReferrer: self.set_referrer,
            cmd.JoinMerchant: self.join_merchant,
            cmd.LinkParty: self.link_party,
            cmd.ReceiveOrder: self.receive_order,
            cmd.RefundOrder: self.refund_order,
            cmd.SpendPoints: self.spend_points,
            cmd.PayCoins: self.pay_coins,
        }

    def gather(self, commands: Sequence[cmd.Command], *, careful: bool) -> None:
        """Load all that the commands name; ``careful`` also looks for the orders they pay.

        Most orders are new, and the journal refuses one that is not; a payment is looked for in
        any case, since a second one would be refused for what the first has spent.
        """
        if any(isinstance(command, cmd.EndProgramme) for command in commands):
            self.slice.load_all_merchants()
        kinds = cmd.of_each_kind(commands)
        looked_for = (*ORDER_KINDS, cmd.PayOrder) if careful else ORDER_KINDS
        members = named(kinds, kinds, MEMBER_FIELDS)
        merchants = named(kinds, kinds, MERCHANT_FIELDS)
        orders = named(kinds, looked_for, ("order_id",))
        payments = named(kinds, PAYMENT_KINDS, ("payment_id",))
        self.find_accounts(members, merchants)
        self.find_orders(orders)
        self.find_payments(payments)
        count = len(commands)
        self.slice.new_slots(count, count, count, count)

    def find_accounts(self, members: set[str], merchants: set[str]) -> None:
        """Resolve outside ids that are not known yet, and load their accounts."""
        here = self.slice
        members = {name for name in members if name not in here.member_slots}
        merchants = {name for name in merchants if name not in here.merchant_slots}
        if not members and not merchants:
            return
        found = here.storage.find(
            IDENTITY.table,
            "outside_id",
            sorted(members | merchants),
            ("kind", "number", "salt"),
            here.programme,
        )
        people = [row for row in found if row[1] == Identity.Kind.MEMBER and row[0] in members]
        shops = [row for row in found if row[1] == Identity.Kind.MERCHANT and row[0] in merchants]
        here.load_members([row[2] for row in people])
        here.load_merchants([row[2] for row in shops])
        for text, _kind, number, salt in people:
            slot = int(here.members.slots[number])
            here.member_slots[text] = slot
            here.salts[slot] = bytes(salt)
        for text, _kind, number, salt in shops:
            slot = int(here.merchants.slots[number])
            here.merchant_slots[text] = slot
            here.merchant_salts[slot] = bytes(salt)

    def find_orders(self, ids: set[str]) -> None:
        """Load the orders that are named and not here."""
        here = self.slice
        missing = sorted(ids - here.order_slots.keys())
        if not missing:
            return
        found = here.storage.find("journal_order", "order_id", missing, ("number",), here.programme)
        if found:
            numbers = ",".join(str(row[1]) for row in found)
            here.load_orders(f"AND number IN ({numbers}) ORDER BY number")

    def find_payments(self, ids: set[str]) -> None:
        """Load the payments that are named and not here."""
        missing = sorted(ids - self.slice.payment_slots.keys())
        if missing:
            self.slice.load_payments(missing)

    def connect_payers(self, commands: Iterable[cmd.Command]) -> None:
        """Where orders mature at once, their buyers' referrers must be here too.

        Args:
            commands: Some that are about to become rows, under the terms then in force.
        """
        head, terms = self.slice.arrays.head, self.slice.arrays.terms
        if terms[head[Head.TERMS], Term.MATURITY_DAYS] == 0:
            slots = {
                self.slice.member_slots.get(command.member_id, 0)
                for command in commands
                if isinstance(command, cmd.PayOrder)
            }
            self.slice.connect_members(sorted(slots))

    def table(
        self, commands: Sequence[cmd.Command], day: int
    ) -> tuple[Integers, list[Commitment | None]]:
        """Rows of commands of the open day, and what their events commit to.

        Orders are translated together, once whoever joins has a slot; what names orders follows.
        """
        stages: tuple[list[int], list[int], list[int]] = ([], [], [])
        for place, command in enumerate(commands):
            stages[STAGES.get(type(command), 0)].append(place)
        table = np.empty((len(commands), COMMAND_WIDTH), np.int64)
        wanted: list[Commitment | None] = [None] * len(commands)
        for places, translate in zip(stages, (self.rows, self.pay_orders, self.rows), strict=True):
            if places:
                table[places], made = translate([commands[place] for place in places], day)
                for place, one in zip(places, made, strict=True):
                    wanted[place] = one
        return table, wanted

    def rows(
        self, commands: Sequence[cmd.Command], day: int
    ) -> tuple[Integers, list[Commitment | None]]:
        """Rows of any commands, one by one."""
        made = [self.row(command, day) for command in commands]
        return np.array([row for row, _ in made], np.int64), [wanted for _, wanted in made]

    def row(self, command: cmd.Command, day: int) -> tuple[Row, Commitment | None]:
        """A command's row for the open day, and what its event commits to."""
        special = self.by_kind.get(type(command))
        if special is not None:
            return special(command, day)
        return self.plain(command, day), None

    def plain(self, command: Any, day: int) -> Row:  # noqa: ANN401 - any of the simple kinds
        """Rows of commands that open nothing and commit to nothing."""
        member = self.slice.member_slots.get(getattr(command, "member_id", ""), 0)
        merchant = self.slice.merchant_slots.get(getattr(command, "merchant_id", ""), 0)
        payment = self.slice.payment_slots.get(getattr(command, "payment_id", ""), 0)
        match command:
            case cmd.RedeemPoints():
                return rows.redeem_points(day, member, command.points)
            case cmd.ConvertPoints():
                return rows.convert_points(day, member, command.points)
            case cmd.WithdrawCash():
                return rows.withdraw_cash(day, member, command.money_uyuan)
            case cmd.RefundPointsPayment():
                return rows.refund_points_payment(day, payment, command.money_uyuan)
            case cmd.RefundCoins():
                return rows.refund_coins(day, payment, command.coins)
            case cmd.ExchangeCoins():
                return rows.exchange_coins(day, merchant, command.coins)
            case _:
                return self.operating(command, day, member, merchant)

    def operating(self, command: Any, day: int, member: int, merchant: int) -> Row:  # noqa: ANN401
        """Rows of what the operator orders."""
        match command:
            case cmd.RedeemMerchantPoints():
                return rows.redeem_merchant_points(day, merchant, command.points)
            case cmd.SettleMerchant():
                return rows.settle_merchant(day, merchant, command.money_uyuan)
            case cmd.AwardFunded():
                funder = self.merchant_slot(command.funder_merchant_id)
                money, value = command.money_uyuan, command.value_uyuan
                return rows.award_funded(day, member, funder, money, value)
            case cmd.FundTreasury():
                return rows.fund_treasury(day, command.money_uyuan)
            case cmd.WithdrawTreasury():
                return rows.withdraw_treasury(day, command.money_uyuan, command.approvals)
            case cmd.RecordUnmatched():
                return rows.record_unmatched(day, command.money_uyuan)
            case _:
                return self.ending(command, day)

    def ending(self, command: Any, day: int) -> Row:  # noqa: ANN401 - as `plain`
        """Rows of a programme's end."""
        match command:
            case cmd.AmendProgramme():
                return self.amend(command, day)
            case cmd.AnnounceEnd():
                return rows.announce_end(day, command.end_day, command.approvals)
            case cmd.EndProgramme():
                return rows.end_programme(day)
            case cmd.SettleAccounts():
                numbers = range(command.first_member, command.last_member + 1)
                return self.settle_accounts(numbers, day)
            case _:
                raise TypeError(f"no command: {command!r}")

    def amend(self, command: cmd.AmendProgramme, day: int) -> Row:
        """New terms as the next version; what may not change makes the day one that is past."""
        first, changed = self.versions[0].programme, command.programme
        fixed = ("name", "timezone", "currency", "issuer", "tiers")
        stays = all(getattr(first, name) == getattr(changed, name) for name in fixed)
        version = len(self.versions)
        self.versions.append(Version(changed, 0))
        arrays = self.slice.arrays
        terms = np.vstack([arrays.terms, np.array([changed.terms_row()], np.int64)])
        self.slice.arrays = arrays._replace(terms=terms)
        from_day = command.from_day if stays else 0
        return rows.amend_programme(day, from_day, version, command.approvals)

    def settle_accounts(self, numbers: range, day: int) -> Row:
        """Members to settle, in slots that follow on each other."""
        here, first = self.slice, numbers.start
        members = int(here.arrays.head[Head.MEMBERS])
        if here.arrays.head[Head.PHASE] != Phase.ENDED or not 0 < first <= members:
            return rows.settle_accounts(day, 0, 0)
        if not numbers or numbers.stop - 1 > members:
            here.load_members([first])
            return rows.settle_accounts(day, int(here.members.slots[first]), 0)
        here.load_members(numbers)
        self.joined = moved_along(self.joined, here.line_up(numbers))
        slots = here.members.of(np.array(numbers, np.int64))
        return rows.settle_accounts(day, int(slots[0]), int(slots[-1]))

    def merchant_slot(self, merchant_id: str) -> int:
        """The slot of a merchant that is named, or the stranger's."""
        if merchant_id == "":
            return 0
        known = self.slice.merchant_slots.get(merchant_id)
        return known if known is not None else self.slice.stranger(Cursor.MERCHANTS)

    def join_member(self, command: cmd.JoinMember, day: int) -> tuple[Row, Commitment]:
        """Open a slot for a new member."""
        slot = self.slice.take_slot(Cursor.MEMBERS)
        referrer = self.slice.member_slots.get(command.referrer_id)
        if referrer is None:
            # Somebody is named whom nobody knows: a slot of its own, without a number.
            referrer = slot
        self.slice.member_slots[command.member_id] = slot
        self.joined.append(
            Joined(Identity.Kind.MEMBER, command.member_id, slot, referrer, command.party)
        )
        salt = self.slice.new_salt(Identity.Kind.MEMBER, command.member_id, slot)
        return rows.join_member(day, slot, referrer, command.party), (salt, command.member_id)

    def join_merchant(self, command: cmd.JoinMerchant, day: int) -> tuple[Row, Commitment]:
        """Open a slot for a new merchant."""
        slot = self.slice.take_slot(Cursor.MERCHANTS)
        self.slice.merchant_slots[command.merchant_id] = slot
        self.joined.append(
            Joined(Identity.Kind.MERCHANT, command.merchant_id, slot, 0, command.party)
        )
        salt = self.slice.new_salt(Identity.Kind.MERCHANT, command.merchant_id, slot)
        return rows.join_merchant(day, slot, command.party), (salt, command.merchant_id)

    def set_referrer(self, command: cmd.SetReferrer, day: int) -> tuple[Row, None]:
        """Both members by slot."""
        slots = self.slice.member_slots
        member, referrer = slots.get(command.member_id, 0), slots.get(command.referrer_id, 0)
        return rows.set_referrer(day, member, referrer), None

    def link_party(self, command: cmd.LinkParty, day: int) -> tuple[Row, None]:
        """A member, a merchant, or both; an unknown one is no one."""
        member = self.slice.member_slots.get(command.member_id)
        if member is None:
            member = self.slice.stranger(Cursor.MEMBERS)
        merchant = self.merchant_slot(command.merchant_id)
        return rows.link_party(day, member, merchant, command.party), None

    def pay_orders(
        self, orders: Sequence[Any], day: int
    ) -> tuple[Integers, list[Commitment | None]]:
        """Open slots for new orders, and write their rows column by column."""
        here = self.slice
        columns: Any = cmd.PayOrder._make(zip(*orders, strict=True))
        terms = self.versions[here.arrays.head[Head.TERMS]].programme
        rates = {
            category: terms.backing_by_category.get(category, terms.backing_rate)
            for category in set(columns.category)
        }
        slots = here.open_orders(columns.order_id)
        buyers = [here.member_slots.get(name, 0) for name in columns.member_id]
        self.buyers.update(zip(slots, buyers, strict=True))
        table = np.zeros((len(orders), COMMAND_WIDTH), np.int64)
        table[:, Command.KIND] = Kind.PAY_ORDER
        table[:, Command.DAY] = day
        table[:, Command.MEMBER] = buyers
        table[:, Command.MERCHANT] = [self.merchant_slot(name) for name in columns.merchant_id]
        table[:, Command.ORDER] = slots
        table[:, Command.AMOUNT] = columns.paid_uyuan
        table[:, Command.SECOND] = [stated(profit) for profit in columns.profit_uyuan]
        table[:, Command.RATE] = [rates[category] for category in columns.category]
        table[:, Command.FLAG] = [1 if received else 0 for received in columns.received]
        salts = [here.salts.get(slot, b"") for slot in buyers]
        return table, list(zip(salts, columns.order_id, strict=True))

    def receive_order(self, command: cmd.ReceiveOrder, day: int) -> tuple[Row, None]:
        """An order by slot."""
        return rows.receive_order(day, self.slice.order_slots.get(command.order_id, 0)), None

    def refund_order(self, command: cmd.RefundOrder, day: int) -> tuple[Row, Commitment]:
        """An order by slot; the event commits to the refund's id under the buyer's salt."""
        slot = self.slice.order_slots.get(command.order_id, 0)
        row = rows.refund_order(day, slot, command.money_uyuan, command.approvals)
        # An order of the same batch may not stand in its row yet.
        buyer = self.buyers.get(slot) or int(self.slice.arrays.orders[slot, Order.MEMBER_SLOT])
        return row, (self.slice.salt_of(buyer), command.refund_id)

    def spend_points(self, command: cmd.SpendPoints, day: int) -> tuple[Row, Commitment]:
        """Open a slot for a new payment with points."""
        member = self.slice.member_slots.get(command.member_id, 0)
        merchant = self.slice.merchant_slots.get(command.merchant_id, 0)
        slot = self.open_payment(command.payment_id)
        row = rows.spend_points(day, slot, member, merchant, command.points)
        return row, (self.slice.salt_of(member), command.payment_id)

    def pay_coins(self, command: cmd.PayCoins, day: int) -> tuple[Row, Commitment]:
        """Open a slot for a new payment with coins."""
        here = self.slice
        member = here.member_slots.get(command.member_id, 0)
        payer = self.merchant_slot(command.payer_merchant_id)
        merchant = here.merchant_slots.get(command.merchant_id, 0)
        slot = self.open_payment(command.payment_id)
        row = rows.pay_coins(day, slot, member, payer, merchant, command.coins)
        salt = here.salt_of(member) if member else here.merchant_salts.get(payer, b"")
        return row, (salt, command.payment_id)

    def open_payment(self, payment_id: str) -> int:
        """A slot for a payment."""
        slot = self.slice.take_slot(Cursor.PAYMENTS)
        self.slice.payment_slots[payment_id] = slot
        self.slice.payment_ids.append(payment_id)
        self.slice.payment_is_new.append(True)
        return slot
