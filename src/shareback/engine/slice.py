"""The part of a programme that a writer holds in memory, and how it grows.

Members and merchants stay from batch to batch; orders and payments are let go when a batch is
written. The slice is valid as long as the journal's head is the one that it wrote; where another
has written since, `engine.catching_up` brings it up to date or lets it go.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from shareback.engine.salts import SaltSource
from shareback.journal.models import Identity
from shareback.journal.shapes import (
    MATURITY,
    MEMBER,
    MEMBER_STORED,
    MERCHANT,
    MERCHANT_STORED,
    ORDER,
    ORDER_STORED,
    PAYMENT,
    PAYMENT_STORED,
)
from shareback.journal.storage import Storage, among
from shareback.kernels.arrays import COUNTED, Arrays, Integers, blank_arrays, with_room
from shareback.kernels.compiled import admit_members, renew_members
from shareback.rules.layout import (
    Cursor,
    Head,
    Member,
    Merchant,
    Order,
    OrderState,
    Payment,
    Row,
    Table,
)
from shareback.units.scales import INT64_MAX, RANGE

EFFECTS_ROOM = 4_096
EXITS_READ_FIRST = 64
NEW = -1
"""What an order was that is in no journal yet."""

TABLE_OF = {counter: name for name, counter in COUNTED.items()}
MATURED = slice(Order.POINTS_BUYER, Order.MEMBER_SLOT)
MOVING = [Order.REFUNDED, Order.DUE_DAY]
"""What refunds, receipts and waiting change of an order before it matures."""


class SlotMap:
    """Which slot an account's number has; 0 where it is not loaded."""

    def __init__(self) -> None:
        """Know nobody."""
        self.slots = np.zeros(64, np.int64)

    def of(self, numbers: Integers) -> Integers:
        """Slots of numbers."""
        top = int(numbers.max(initial=0))
        self.reserve(top)
        return self.slots[numbers]

    def reserve(self, top: int) -> None:
        """Make room for numbers up to ``top``."""
        if top >= len(self.slots):
            grown = np.zeros(max(top + 1, 2 * len(self.slots)), np.int64)
            grown[: len(self.slots)] = self.slots
            self.slots = grown

    def put(self, numbers: Integers, first_slot: int) -> None:
        """Give numbers the slots from ``first_slot`` on."""
        self.reserve(int(numbers.max(initial=0)))
        self.slots[numbers] = np.arange(first_slot, first_slot + len(numbers))


class Slice:
    """A programme's state in arrays, with the maps from numbers and ids to slots."""

    def __init__(
        self,
        storage: Storage,
        programme: int,
        source: SaltSource,
        head: Row,
        terms: Table,
        tiers: Table,
    ) -> None:
        """Hold the head and the parameters; accounts are loaded when they are named."""
        self.storage = storage
        self.programme = programme
        self.source = source
        self.arrays: Arrays = blank_arrays(head, terms, tiers, EFFECTS_ROOM)
        # Until the first look at the journal, anyone might be due.
        self.arrays.horizons[:] = -RANGE
        self.exits_read = EXITS_READ_FIRST
        self.members = SlotMap()
        self.merchants = SlotMap()
        self.member_slots: dict[str, int] = {"": 0}
        self.merchant_slots: dict[str, int] = {"": 0}
        self.strangers: dict[Cursor, int] = {}
        self.salts: dict[int, bytes] = {}
        self.merchant_salts: dict[int, bytes] = {}
        self.drop_orders()

    def drop_orders(self) -> None:
        """Let go of orders and payments; the next batch numbers its slots anew."""
        for table, counter in (
            (self.arrays.orders, Cursor.ORDERS),
            (self.arrays.payments, Cursor.PAYMENTS),
        ):
            table[: self.arrays.cursor[counter]] = 0
            self.arrays.cursor[counter] = 1
        self.order_slots: dict[str, int] = {}
        self.order_numbers: dict[int, int] = {}
        self.order_ids: list[str] = [""]
        self.order_was: list[int] = [0]
        self.loaded: list[tuple[int, Integers]] = []
        self.payment_slots: dict[str, int] = {}
        self.payment_ids: list[str] = [""]
        self.payment_is_new: list[bool] = [False]

    def new_slots(self, members: int, merchants: int, orders: int, payments: int) -> None:
        """Make room for accounts, orders and payments that a batch may open."""
        self.arrays = with_room(self.arrays, members, merchants, orders, payments)

    def take_slot(self, counter: Cursor) -> int:
        """The next free slot of a table."""
        slot = int(self.arrays.cursor[counter])
        if slot >= len(getattr(self.arrays, TABLE_OF[counter])):
            self.new_slots(1, 1, 1, 1)
        self.arrays.cursor[counter] = slot + 1
        return slot

    def stranger(self, counter: Cursor) -> int:
        """The slot of whoever is named and unknown: a row without a number, one for all."""
        if counter not in self.strangers:
            self.strangers[counter] = self.take_slot(counter)
        return self.strangers[counter]

    def open_orders(self, ids: Sequence[str]) -> range:
        """The next free slots, for new orders."""
        first = int(self.arrays.cursor[Cursor.ORDERS])
        slots = range(first, first + len(ids))
        self.new_slots(0, 0, len(ids), 0)
        self.arrays.cursor[Cursor.ORDERS] = slots.stop
        self.order_slots.update(zip(ids, slots, strict=True))
        self.order_ids.extend(ids)
        self.order_was.extend([NEW] * len(ids))
        return slots

    def new_salt(self, kind: Identity.Kind, outside_id: str, slot: int) -> bytes:
        """A salt for a new account in a slot."""
        kept = self.salts if kind == Identity.Kind.MEMBER else self.merchant_salts
        kept[slot] = self.source.salt(kind, outside_id)
        return kept[slot]

    def salt_of(self, slot: int) -> bytes:
        """The salt of a loaded member; none for nobody, or where it was erased."""
        if slot not in self.salts and slot > 0:
            number = self.arrays.members[slot, Member.NUMBER]
            condition = f"kind = {Identity.Kind.MEMBER}"
            found = self.storage.texts(
                "journal_identity", "number", "salt", self.programme, np.array([number]), condition
            )
            self.salts[slot] = bytes(found[0][1]) if found else b""
        return self.salts.get(slot, b"")

    def load_members(self, numbers: Iterable[int] | Integers) -> None:
        """Load members that are not here yet; 0 is nobody."""
        wanted = np.unique(np.asarray(numbers, np.int64))
        missing = wanted[(self.members.of(wanted) == 0) & (wanted > 0)]
        if len(missing) > 0:
            condition = f"AND {among('number', missing)} ORDER BY number"
            self.admit(self.storage.select(MEMBER, self.programme, condition))

    def admit(self, rows: Integers) -> None:
        """Give stored members that are not here yet their slots and their places in the queue."""
        rows = rows[self.members.of(rows[:, 0]) == 0]
        if len(rows) == 0:
            return
        self.new_slots(len(rows), 0, 0, 0)
        first = int(self.arrays.cursor[Cursor.MEMBERS])
        end = first + len(rows)
        self.arrays.members[first:end, :MEMBER_STORED] = rows
        self.arrays.cursor[Cursor.MEMBERS] = end
        self.members.put(rows[:, 0], first)
        admit_members(self.arrays, first, end)

    def line_up(self, numbers: range) -> dict[int, int]:
        """Give loaded members slots that follow on each other; returns who moved, old to new.

        Only after the end, when no order or payment is at work that names a slot.
        """
        slots = self.members.of(np.array(numbers, np.int64))
        if (np.diff(slots) == 1).all():
            return {}
        self.new_slots(len(slots), 0, 0, 0)
        first = int(self.arrays.cursor[Cursor.MEMBERS])
        end = first + len(slots)
        members, queue = self.arrays.members, self.arrays.queue
        members[first:end] = members[slots]
        members[slots] = 0
        members[slots, Member.PLACE] = -1
        self.arrays.cursor[Cursor.MEMBERS] = end
        self.members.put(np.array(numbers, np.int64), first)
        waiting = np.flatnonzero(members[first:end, Member.PLACE] >= 0) + first
        queue[members[waiting, Member.TIER], members[waiting, Member.PLACE]] = waiting
        moved = dict(zip(slots.tolist(), range(first, end), strict=True))
        self.member_slots = {
            text: moved.get(slot, slot) for text, slot in self.member_slots.items()
        }
        self.salts = {moved.get(slot, slot): salt for slot, salt in self.salts.items()}
        return moved

    def load_merchants(self, numbers: Iterable[int] | Integers) -> None:
        """Load merchants that are not here yet; 0 is the programme's own shop."""
        wanted = np.unique(np.asarray(numbers, np.int64))
        missing = wanted[(self.merchants.of(wanted) == 0) & (wanted > 0)]
        if len(missing) == 0:
            return
        condition = f"AND {among('number', missing)} ORDER BY number"
        rows = self.storage.select(MERCHANT, self.programme, condition)
        self.new_slots(0, len(rows), 0, 0)
        first = int(self.arrays.cursor[Cursor.MERCHANTS])
        self.arrays.merchants[first : first + len(rows), :MERCHANT_STORED] = rows
        self.arrays.cursor[Cursor.MERCHANTS] = first + len(rows)
        self.merchants.put(rows[:, 0], first)

    def renew(self, members: Iterable[int], merchants: Iterable[int]) -> None:
        """Read accounts again that another writer has changed.

        Members that were not here come in: `horizons` promises that whoever has an exit key below
        is here, and the change may have brought them there. Merchants that were not stay away.
        """
        wanted = np.array(sorted(members), np.int64)
        if len(wanted) > 0:
            condition = f"AND {among('number', wanted)} ORDER BY number"
            rows = self.storage.select(MEMBER, self.programme, condition)
            slots = self.members.of(rows[:, 0])
            renew_members(self.arrays, slots[slots > 0], rows[slots > 0])
            self.admit(rows)
        wanted = np.array(sorted(merchants), np.int64)
        wanted = wanted[self.merchants.of(wanted) > 0]
        if len(wanted) > 0:
            condition = f"AND {among('number', wanted)} ORDER BY number"
            rows = self.storage.select(MERCHANT, self.programme, condition)
            self.arrays.merchants[self.merchants.of(rows[:, 0]), :MERCHANT_STORED] = rows

    def load_all_merchants(self) -> None:
        """Load every merchant, for the end of a programme."""
        self.load_merchants(range(1, int(self.arrays.head[Head.MERCHANTS]) + 1))

    def load_exits(self) -> None:
        """Load the members that may exit next, and learn up to which key all are here (R5.2)."""
        before = self.arrays.horizons.copy()
        for tier in range(len(before)):
            if before[tier] == INT64_MAX:
                continue
            condition = (
                f"AND tier = {tier} AND points > 0 ORDER BY key, number LIMIT {self.exits_read}"
            )
            rows = self.storage.select(MEMBER, self.programme, condition)
            self.admit(rows)
            complete = len(rows) < self.exits_read
            last = INT64_MAX if complete else int(rows[-1, Member.KEY])
            self.arrays.horizons[tier] = max(last, int(before[tier]))
        if np.array_equal(before, self.arrays.horizons):
            self.exits_read *= 2

    def load_retiers(self) -> None:
        """Load the members whose tier may change at the close (R7)."""
        if len(self.arrays.tiers) > 1:
            condition = "AND retier = 1 ORDER BY number"
            self.admit(self.storage.select(MEMBER, self.programme, condition))

    def load_orders(self, condition: str) -> None:
        """Load orders by a condition in SQL, with buyers and referrers."""
        rows = self.storage.select(ORDER, self.programme, condition)
        known = self.order_numbers
        rows = rows[np.array([number not in known for number in rows[:, 0].tolist()], np.bool_)]
        if len(rows) == 0:
            return
        numbers = rows[:, 0]
        texts = dict(self.storage.texts(ORDER.table, "number", "order_id", self.programme, numbers))
        self.new_slots(0, 0, len(rows), 0)
        first = int(self.arrays.cursor[Cursor.ORDERS])
        end = first + len(rows)
        orders = self.arrays.orders[first:end]
        orders[:, :ORDER_STORED] = rows
        self.arrays.cursor[Cursor.ORDERS] = end
        ids = [texts[number] for number in numbers.tolist()]
        self.order_numbers.update(zip(numbers.tolist(), range(first, end), strict=True))
        self.order_slots.update(zip(ids, range(first, end), strict=True))
        self.order_ids.extend(ids)
        self.load_maturities(numbers)
        self.order_was.extend(orders[:, Order.STATE].tolist())
        self.loaded.append((first, orders[:, MOVING].copy()))
        self.connect_orders(np.arange(first, end))

    def load_maturities(self, numbers: Integers) -> None:
        """Fill in what orders came to that have matured."""
        condition = f"AND {among('number', numbers)}"
        matured = self.storage.select(MATURITY, self.programme, condition)
        slots = [self.order_numbers[number] for number in matured[:, 0].tolist()]
        self.arrays.orders[slots, MATURED] = matured[:, 1:-1]
        self.arrays.orders[slots, Order.STATE] = OrderState.MATURED

    def connect_orders(self, slots: Integers) -> None:
        """Load buyers and referrers of orders, and write their slots to the orders' rows."""
        orders = self.arrays.orders[slots]
        self.load_members(np.concatenate([orders[:, Order.MEMBER], orders[:, Order.REFERRER]]))
        self.arrays.orders[slots, Order.MEMBER_SLOT] = self.members.of(orders[:, Order.MEMBER])
        self.arrays.orders[slots, Order.REFERRER_SLOT] = self.members.of(orders[:, Order.REFERRER])

    def connect_members(self, slots: list[int]) -> None:
        """Load the referrers of members, and write their slots to the members' rows."""
        if not slots:
            return
        referrers = self.arrays.members[slots, Member.REFERRER]
        self.load_members(referrers)
        self.arrays.members[slots, Member.REFERRER_SLOT] = self.members.of(referrers)

    def load_payments(self, ids: list[str]) -> None:
        """Load payments by their ids, with the accounts on both sides."""
        found = self.storage.find(PAYMENT.table, "payment_id", ids, ("number",), self.programme)
        if not found:
            return
        texts = {int(row[1]): str(row[0]) for row in found}
        condition = f"AND {among('number', sorted(texts))} ORDER BY number"
        rows = self.storage.select(PAYMENT, self.programme, condition)
        self.new_slots(0, 0, 0, len(rows))
        first = int(self.arrays.cursor[Cursor.PAYMENTS])
        payments = self.arrays.payments[first : first + len(rows)]
        payments[:, :PAYMENT_STORED] = rows
        self.arrays.cursor[Cursor.PAYMENTS] = first + len(rows)
        self.load_members(rows[:, Payment.PAYER_MEMBER])
        self.load_merchants(
            np.concatenate([rows[:, Payment.PAYER_MERCHANT], rows[:, Payment.MERCHANT]])
        )
        payments[:, Payment.MEMBER_SLOT] = self.members.of(rows[:, Payment.PAYER_MEMBER])
        payments[:, Payment.PAYER_SLOT] = self.merchants.of(rows[:, Payment.PAYER_MERCHANT])
        payments[:, Payment.MERCHANT_SLOT] = self.merchants.of(rows[:, Payment.MERCHANT])
        for slot, number in enumerate(rows[:, 0].tolist(), first):
            self.payment_slots[texts[number]] = slot
            self.payment_ids.append(texts[number])
            self.payment_is_new.append(False)

    def moved_orders(self) -> NDArray[np.bool_]:
        """By slot: which orders were refunded, received or made to wait since they were loaded."""
        moved = np.zeros(self.arrays.cursor[Cursor.ORDERS], np.bool_)
        for first, was in self.loaded:
            end = first + len(was)
            moved[first:end] = (self.arrays.orders[first:end, MOVING] != was).any(axis=1)
        return moved

    def changed(self, table: Integers, counter: Cursor, mark: int) -> Integers:
        """Slots of rows that a batch has changed; their marks are taken away."""
        used = table[: self.arrays.cursor[counter]]
        slots = np.flatnonzero(used[:, mark])
        used[slots, mark] = 0
        return slots

    def changed_members(self) -> Integers:
        """Slots of changed members."""
        return self.changed(self.arrays.members, Cursor.MEMBERS, Member.CHANGED)

    def changed_merchants(self) -> Integers:
        """Slots of changed merchants."""
        return self.changed(self.arrays.merchants, Cursor.MERCHANTS, Merchant.CHANGED)
