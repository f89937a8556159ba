"""Compare outside ids in the database with the commitments to them in the log.

The log holds no id in clear, only a hash of it under a salt that stands beside the id. So an id
or a salt that somebody edited is found, unless the salt was erased: then nobody can tell. With
whom an account was opened stands beside its id, and in the log as it is.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from shareback.audit.findings import ABSENT, Comparison, Finding, shortened
from shareback.audit.replaying import Chunk
from shareback.engine.comparing import ROWS_AT_A_TIME
from shareback.journal.models import Identity, Order, Payment, Refund
from shareback.kernels.arrays import Arrays, Integers, zeros
from shareback.kernels.hashing import commitments
from shareback.proofs.commitment import SALT_BYTES
from shareback.rules import layout
from shareback.rules.kinds import FIELDS, Kind
from shareback.rules.layout import Head

Octets: TypeAlias = NDArray[np.uint8]

TABLES: dict[Kind, str] = {
    Kind.JOIN_MEMBER: "identity of member",
    Kind.JOIN_MERCHANT: "identity of merchant",
    Kind.PAY_ORDER: "order",
    Kind.SPEND_POINTS: "payment",
    Kind.PAY_COINS: "payment",
    Kind.REFUND_ORDER: "refund of event",
}
"""What the commitment of each kind stands for."""

ID_COLUMNS = {
    "identity of member": "outside_id",
    "identity of merchant": "outside_id",
    "order": "order_id",
    "payment": "payment_id",
    "refund of event": "refund_id",
}
"""Where its id stands in the database."""

IDENTITY_COLUMNS = ("number", "referrer", "party")

OTHER = "not the one that the log commits to"


class Salts(NamedTuple):
    """Salts by the number of an account, and which of them are there."""

    octets: Octets
    present: NDArray[np.bool_]

    def of(self, numbers: Integers) -> "Salts":
        """The salts of some accounts."""
        return Salts(self.octets[numbers], self.present[numbers])


def as_opened(chunk: Chunk, kind: Kind) -> Integers:
    """The accounts that a chunk opens: number, referrer and party, as `Identity` keeps them."""
    fields = chunk.events.ints[chunk.kinds == kind, : len(FIELDS[kind])]
    # A merchant has no referrer.
    referrers = fields[:, 1] if kind == Kind.JOIN_MEMBER else zeros(len(fields))
    return np.column_stack([fields[:, 0], referrers, fields[:, -1]])


class IdCheck:
    """Collects commitments chunk by chunk, and compares once all are there."""

    def __init__(self, programme: int, alias: str) -> None:
        """Compare with a programme's rows."""
        self.programme = programme
        self.alias = alias
        self.kept = {name: bytearray() for name in TABLES.values()}
        self.refunds: list[tuple[int, int]] = []
        self.opened: dict[Kind, list[Integers]] = {Kind.JOIN_MEMBER: [], Kind.JOIN_MERCHANT: []}

    def take(self, chunk: Chunk) -> None:
        """Note the commitments of a chunk's events; what they stand for is numbered in order."""
        for kind, opened in self.opened.items():
            opened.append(as_opened(chunk, kind))
        for name, kept in self.kept.items():
            kinds = [kind for kind, table in TABLES.items() if table == name]
            kept.extend(chunk.events.commitments[np.isin(chunk.kinds, kinds)].tobytes())
        places = np.flatnonzero(chunk.kinds == Kind.REFUND_ORDER)
        sequences, orders = chunk.first + places, chunk.events.ints[places, 0]
        self.refunds += zip(sequences.tolist(), orders.tolist(), strict=True)

    def findings(self, arrays: Arrays) -> list[Finding]:
        """At most one finding for each table of ids."""
        people, members = self.identities(Kind.JOIN_MEMBER, int(arrays.head[Head.MEMBERS]))
        shops, merchants = self.identities(Kind.JOIN_MERCHANT, int(arrays.head[Head.MERCHANTS]))
        orders, payments, refunds = (
            self.comparison("order"),
            self.comparison("payment"),
            self.comparison("refund of event"),
        )
        for numbers, texts in self.ids(Order, "order", int(arrays.head[Head.ORDERS])):
            salts = people.of(arrays.orders[numbers, layout.Order.MEMBER])
            self.compare(orders, "order", numbers, numbers, texts, salts)
        for numbers, texts in self.ids(Payment, "payment", int(arrays.head[Head.PAYMENTS])):
            payer = arrays.payments[numbers, layout.Payment.PAYER_MEMBER]
            shop = arrays.payments[numbers, layout.Payment.PAYER_MERCHANT]
            by_member, by_shop = people.of(payer), shops.of(shop)
            salts = Salts(
                np.where(payer[:, None] > 0, by_member.octets, by_shop.octets),
                np.where(payer > 0, by_member.present, by_shop.present),
            )
            self.compare(payments, "payment", numbers, numbers, texts, salts)
        self.compare_refunds(refunds, people, arrays)
        checks = (members, merchants, self.strangers(), orders, payments, refunds)
        return [finding for check in checks for finding in check.findings()]

    def comparison(self, name: str) -> Comparison:
        """A comparison of a table's ids, and for identities of what stands beside them."""
        return Comparison(IDENTITY_COLUMNS, lambda row: f"{name} {row[0]}")

    def ids(
        self, model: type[Order | Payment], name: str, count: int
    ) -> Iterator[tuple[Integers, list[str]]]:
        """Numbers and outside ids of a table, some at a time."""
        for first in range(1, count + 1, ROWS_AT_A_TIME):
            last = min(first + ROWS_AT_A_TIME - 1, count)
            rows = list(
                model._default_manager.using(self.alias)  # noqa: SLF001 - Django's documented API
                .filter(programme_id=self.programme, number__gte=first, number__lte=last)
                .order_by("number")
                .values_list("number", ID_COLUMNS[name])
            )
            if rows:
                yield np.array([row[0] for row in rows]), [row[1] for row in rows]

    def identities(self, kind: Kind, count: int) -> tuple[Salts, Comparison]:
        """The salts of members or merchants, once their ids were compared."""
        name = TABLES[kind]
        check = self.comparison(name)
        stored_kind = Identity.Kind.MEMBER if kind == Kind.JOIN_MEMBER else Identity.Kind.MERCHANT
        rows = (
            Identity.objects.using(self.alias)
            .filter(programme_id=self.programme, kind=stored_kind)
            .order_by("number")
            .values_list(*IDENTITY_COLUMNS, "outside_id", "salt")
        )
        salts = Salts(np.zeros((count + 1, SALT_BYTES), np.uint8), np.zeros(count + 1, np.bool_))
        accounts, numbers, texts = [], [], []
        for number, referrer, party, text, salt in rows:
            accounts.append((number, referrer, party))
            if not 1 <= number <= count:
                continue
            numbers.append(number)
            texts.append(text)
            if len(salt) == SALT_BYTES:
                salts.octets[number] = np.frombuffer(bytes(salt), np.uint8)
                salts.present[number] = True
            elif len(salt) > 0:
                shown = shortened(bytes(salt).hex())
                check.note(Finding(f"{name} {number}", "salt", shown, f"{SALT_BYTES} bytes"))
        width = len(IDENTITY_COLUMNS)
        stored = np.array(accounts, np.int64).reshape(-1, width)
        check.rows(stored, np.concatenate([zeros(0, width), *self.opened[kind]]))
        found = np.array(numbers, np.int64)
        self.compare(check, name, found, found, texts, salts.of(found))
        return salts, check

    def strangers(self) -> Comparison:
        """Identities of neither members nor merchants: there are none."""
        check = Comparison((), lambda row: f"identity {row[1]} of kind {row[0]}")
        rows = (
            Identity.objects.using(self.alias)
            .filter(programme_id=self.programme)
            .exclude(kind__in=Identity.Kind.values)
            .order_by("kind", "number")
            .values_list("kind", "number")
        )
        for row in rows:
            check.note(Finding(check.name(row), "", "there", ABSENT))
        return check

    def compare_refunds(self, check: Comparison, people: Salts, arrays: Arrays) -> None:
        """Compare the ids of refunds; each commits under the salt of its order's buyer."""
        stored = (
            Refund.objects.using(self.alias)
            .filter(programme_id=self.programme)
            .values_list("sequence", "refund_id")
        )
        places = {sequence: place for place, (sequence, _order) in enumerate(self.refunds, 1)}
        rows = sorted((sequence, text) for sequence, text in stored if sequence in places)
        where = np.array([places[sequence] for sequence, _text in rows], np.int64)
        orders = np.array([self.refunds[place - 1][1] for place in where.tolist()], np.int64)
        salts = people.of(arrays.orders[orders, layout.Order.MEMBER])
        sequences = np.array([sequence for sequence, _text in rows], np.int64)
        texts = [text for _sequence, text in rows]
        self.compare(check, "refund of event", where, sequences, texts, salts)

    def compare(
        self,
        check: Comparison,
        name: str,
        places: Integers,
        numbers: Integers,
        texts: Sequence[str],
        salts: Salts,
    ) -> None:
        """Compare ids with the commitments at some places, from 1, of what was kept."""
        expected = np.frombuffer(self.kept[name], np.uint8).reshape(-1, SALT_BYTES)
        expected = expected[places - 1]
        testable = np.flatnonzero(salts.present & expected.any(axis=1))
        if len(testable) == 0:
            return
        chosen = [texts[place].encode(errors="surrogateescape") for place in testable.tolist()]
        offsets = np.zeros(len(chosen) + 1, np.int64)
        np.cumsum([len(text) for text in chosen], out=offsets[1:])
        text = np.frombuffer(b"".join(chosen), np.uint8)
        digests = commitments(salts.octets[testable], text, offsets)
        wrong = testable[(digests != expected[testable]).any(axis=1)]
        if len(wrong) > 0:
            place = wrong[0]
            row, shown = f"{name} {numbers[place]}", shortened(repr(texts[place]))
            check.note(Finding(row, ID_COLUMNS[name], shown, OTHER), len(wrong))
