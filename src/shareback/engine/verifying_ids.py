"""Compare outside ids in the database with the commitments to them in the log.

The log holds no id in clear, only a hash of it under a salt that stands beside the id. So an id
or a salt that somebody edited is found, unless the salt was erased: then nobody can tell.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from django.db import models
from numpy.typing import NDArray

from shareback.engine.comparing import ABSENT, ROWS_AT_A_TIME, Comparison, Finding
from shareback.engine.replaying import Chunk
from shareback.journal.models import Identity, OfProgramme, Order, Payment, Refund
from shareback.kernels.arrays import Arrays, Integers
from shareback.kernels.hashing import commitments
from shareback.proofs.commitment import SALT_BYTES
from shareback.rules import layout
from shareback.rules.kinds import Kind

Octets: TypeAlias = NDArray[np.uint8]
Named: TypeAlias = tuple[int, str]
"""The number of a row, and its outside id."""

TABLES: dict[Kind, str] = {
    Kind.JOIN_MEMBER: "members",
    Kind.JOIN_MERCHANT: "merchants",
    Kind.PAY_ORDER: "orders",
    Kind.SPEND_POINTS: "payments",
    Kind.PAY_COINS: "payments",
    Kind.REFUND_ORDER: "refunds",
}
"""What the commitment of each kind stands for; refunds go by the number of their event."""


class Salts(NamedTuple):
    """Salts by the number of an account, and which of them are there."""

    octets: Octets
    present: NDArray[np.bool_]

    def of(self, numbers: Integers) -> "Salts":
        """The salts of some accounts."""
        return Salts(self.octets[numbers], self.present[numbers])

    def instead(self, which: NDArray[np.bool_], others: "Salts") -> "Salts":
        """These salts, but the others where ``which`` is not so."""
        return Salts(
            np.where(which[:, None], self.octets, others.octets),
            np.where(which, self.present, others.present),
        )


class IdCheck:
    """Collects commitments chunk by chunk, and compares once all are there."""

    def __init__(self, programme: int, alias: str) -> None:
        """Compare with a programme's rows."""
        self.programme = programme
        self.alias = alias
        self.committed: dict[str, dict[int, bytes]] = {name: {} for name in TABLES.values()}

    def take(self, chunk: Chunk) -> None:
        """Note the commitments of a chunk's events."""
        for entry in chunk.entries:
            if entry.commitment:
                name = TABLES[entry.kind]
                number = entry.sequence if name == "refunds" else int(entry.ints[0] or 0)
                self.committed[name][number] = entry.commitment

    def findings(self, arrays: Arrays) -> list[Finding]:
        """At most one finding for each table of ids."""
        count = layout.Head.MEMBERS, layout.Head.MERCHANTS
        member, merchant = Identity.Kind.MEMBER, Identity.Kind.MERCHANT
        people, members = self.identities(member, int(arrays.head[count[0]]))
        shops, merchants = self.identities(merchant, int(arrays.head[count[1]]))

        def of_buyer(numbers: Integers) -> Salts:
            return people.of(arrays.orders[numbers, layout.Order.MEMBER])

        def of_payer(numbers: Integers) -> Salts:
            payers = arrays.payments[numbers]
            member, merchant = layout.Payment.PAYER_MEMBER, layout.Payment.PAYER_MERCHANT
            by_member = people.of(payers[:, member])
            return by_member.instead(payers[:, member] > 0, shops.of(payers[:, merchant]))

        checks = [members, merchants]
        for table, name, column, ids in (
            ("orders", "order", "order_id", self.ids(Order, "order_id")),
            ("payments", "payment", "payment_id", self.ids(Payment, "payment_id")),
        ):
            check = Comparison((column,), lambda row, name=name: f"{name} {row[0]}")
            for numbers, texts in ids:
                salts = of_buyer(numbers) if table == "orders" else of_payer(numbers)
                self.compare(check, column, table, numbers, texts, salts)
            checks.append(check)
        return [finding for check in checks for finding in check.findings()]
