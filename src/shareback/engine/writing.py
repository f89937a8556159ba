"""Write what a batch has done: events, accounts, orders, the head; a few statements for all."""

import json

import numpy as np
from django.db import DEFAULT_DB_ALIAS

from shareback.engine.batch import Batch
from shareback.engine.slice import NEW
from shareback.journal.heads import HEAD_COLUMNS
from shareback.journal.models import Identity, Terms
from shareback.journal.shapes import (
    ANSWER,
    DAY,
    EVENT,
    IDENTITY,
    MATURITY,
    MATURITY_END,
    MATURITY_FIRST,
    MEMBER,
    MEMBER_STORED,
    MERCHANT,
    MERCHANT_STORED,
    MOVEMENT,
    ORDER,
    ORDER_STORED,
    PAYMENT,
    PAYMENT_STORED,
    REFUND,
)
from shareback.kernels.arrays import Integers
from shareback.proofs.merkle import frontier_to_bytes
from shareback.rules.layout import Cursor, Head, Member, Merchant, Order, OrderState, Payment

ORDER_CHANGES = (Order.NUMBER, Order.REFUNDED, Order.STATE, Order.DUE_DAY)
MATURITY_CHANGES = (Order.NUMBER, Order.TAKEN_BUYER, Order.TAKEN_REFERRER)


class Writer:
    """Writes a batch into the journal inside the caller's transaction."""

    def __init__(self, batch: Batch, members_before: int, merchants_before: int) -> None:
        """Keep the batch, and how many accounts there were before it."""
        self.batch = batch
        self.slice = batch.slice
        self.storage = batch.slice.storage
        self.programme = batch.slice.programme
        self.members_before = members_before
        self.merchants_before = merchants_before

    def write(self, alias: str = DEFAULT_DB_ALIAS) -> None:
        """Write everything, the head last."""
        self.write_events()
        self.batch.touching.write(self.batch.frontier.size)
        self.write_accounts()
        self.write_orders()
        self.write_payments()
        self.storage.insert(MOVEMENT, self.programme, self.batch.movements())
        self.write_answers()
        if len(self.batch.versions) > self.batch.versions_before:
            self.write_terms(alias)
        self.write_head()

    def write_events(self) -> None:
        """Canonical bytes, in the order of the log."""
        for logged in self.batch.logged:
            offsets = logged.bodies.offsets.tolist()
            buffer = logged.bodies.buffer.tobytes()
            count = len(offsets) - 1
            first = logged.frontier.size - count
            sequences = np.arange(first, first + count, dtype=np.int64)[:, None]
            bodies = [buffer[offsets[place] : offsets[place + 1]] for place in range(count)]
            self.storage.insert(EVENT, self.programme, sequences, [bodies])

    def write_accounts(self) -> None:
        """Changed members and merchants, and who is new."""
        arrays = self.slice.arrays
        people = arrays.members[self.slice.changed_members(), :MEMBER_STORED]
        is_new = people[:, Member.NUMBER] > self.members_before
        self.storage.insert(MEMBER, self.programme, people[is_new])
        self.storage.update(MEMBER, self.programme, 1, MEMBER.integers, people[~is_new])
        shops = arrays.merchants[self.slice.changed_merchants(), :MERCHANT_STORED]
        is_new = shops[:, Merchant.NUMBER] > self.merchants_before
        self.storage.insert(MERCHANT, self.programme, shops[is_new])
        self.storage.update(MERCHANT, self.programme, 1, MERCHANT.integers, shops[~is_new])
        self.write_identities()

    def write_identities(self) -> None:
        """Outside ids and salts of new accounts."""
        numbers, texts, salts = [], [], []
        members, merchants = self.slice.arrays.members, self.slice.arrays.merchants
        for kind, text, slot, referrer_slot, party in self.batch.translator.joined:
            is_member = kind == Identity.Kind.MEMBER
            number = int((members if is_member else merchants)[slot, 0])
            kept = self.slice.salts if is_member else self.slice.merchant_salts
            numbers.append((int(kind), number, int(members[referrer_slot, 0]), party))
            texts.append(text)
            salts.append(kept[slot])
        if numbers:
            rows = np.array(numbers, np.int64)
            self.storage.insert(IDENTITY, self.programme, rows, [texts, salts])

    def write_orders(self) -> None:
        """New orders, what matured, and what refunds and receipts changed."""
        here = self.slice
        orders = here.arrays.orders[: here.arrays.cursor[Cursor.ORDERS]]
        was = np.array(here.order_was, np.int64)
        changed = orders[:, Order.CHANGED] == 1
        matured = orders[:, Order.STATE] == OrderState.MATURED
        new = np.flatnonzero(changed & (was == NEW))
        stored = orders[:, :ORDER_STORED].copy()
        stored[matured, Order.STATE] = OrderState.PAID
        ids = [here.order_ids[slot] for slot in new.tolist()]
        self.storage.insert(ORDER, self.programme, stored[new], [ids])
        self.write_maturities(orders, changed & matured & (was != OrderState.MATURED))
        # An order that only matured is left as it is: its maturity says so.
        moved = ~matured | here.moved_orders()
        self.update_orders(stored, changed & (was == OrderState.PAID) & moved)
        late = changed & (was == OrderState.MATURED)
        self.update_orders(stored, late)
        names = tuple(column.name.lower() for column in MATURITY_CHANGES)
        rows = orders[np.flatnonzero(late)][:, list(MATURITY_CHANGES)]
        self.storage.update(MATURITY, self.programme, 1, names, rows)

    def update_orders(self, stored: Integers, which: Integers) -> None:
        """Change orders that were in the journal before."""
        names = tuple(column.name.lower() for column in ORDER_CHANGES)
        rows = stored[np.flatnonzero(which)][:, list(ORDER_CHANGES)]
        self.storage.update(ORDER, self.programme, 1, names, rows)

    def write_maturities(self, orders: Integers, which: Integers) -> None:
        """What orders came to; the day is that at whose close they were due."""
        rows = orders[np.flatnonzero(which)]
        figures = rows[:, MATURITY_FIRST:MATURITY_END]
        table = np.column_stack([rows[:, Order.NUMBER], figures, rows[:, Order.DUE_DAY]])
        self.storage.insert(MATURITY, self.programme, table)

    def write_payments(self) -> None:
        """New payments, and those that were refunded."""
        here = self.slice
        payments = here.arrays.payments[: here.arrays.cursor[Cursor.PAYMENTS]]
        changed = payments[:, Payment.CHANGED] == 1
        is_new = np.array(here.payment_is_new)
        new = np.flatnonzero(changed & is_new)
        ids = [here.payment_ids[slot] for slot in new.tolist()]
        self.storage.insert(PAYMENT, self.programme, payments[new, :PAYMENT_STORED], [ids])
        columns = [Payment.NUMBER, Payment.REFUNDED]
        rows = payments[np.flatnonzero(changed & ~is_new)][:, columns]
        self.storage.update(PAYMENT, self.programme, 1, ("number", "refunded"), rows)

    def write_answers(self) -> None:
        """The answers under their idempotency keys, and the refunds by their ids."""
        batch = self.batch
        fresh = batch.repeats.fresh
        requests = [request for request, _answer in fresh.values()]
        bodies = [json.dumps(answer[:-1]) for _request, answer in fresh.values()]
        nothing = np.zeros((len(fresh), 0), np.int64)
        self.storage.insert(ANSWER, self.programme, nothing, [list(fresh), requests, bodies])
        if batch.refunds:
            orders, ids, *figures = zip(*batch.refunds, strict=True)
            rows = np.array([orders, *figures], np.int64).T
            self.storage.insert(REFUND, self.programme, rows, [ids])

    def write_terms(self, alias: str) -> None:
        """The versions of the parameters that amendments brought."""
        batch = self.batch
        Terms.objects.using(alias).bulk_create(
            Terms(
                programme_id=self.programme,
                version=version,
                from_day=batch.versions[version].from_day,
                parameters=batch.versions[version].programme.canonical().decode(),
            )
            for version in range(batch.versions_before, len(batch.versions))
        )

    def write_head(self) -> None:
        """The days that closed, and the head."""
        batch = self.batch
        if batch.days:
            columns = [HEAD_COLUMNS.index(name) for name in DAY.integers]
            figures = np.array([figures for figures, _root in batch.days], np.int64)
            roots = [root for _figures, root in batch.days]
            self.storage.insert(DAY, self.programme, figures[:, columns], [roots])
        head = self.slice.arrays.head.tolist()
        self.storage.write_head(self.programme, head, frontier_to_bytes(batch.frontier))


def members_and_merchants(head: Integers) -> tuple[int, int]:
    """How many accounts a head counts."""
    return int(head[Head.MEMBERS]), int(head[Head.MERCHANTS])
