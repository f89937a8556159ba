"""A writer that others have overtaken reads again what they changed, and keeps the rest.

Between two closes a command changes the accounts that its event names, those of the order or
payment that it names, and members who exit by it; each exit leaves a movement. So the log since
this writer's own last event says whose rows it must read again. An order that is paid or received
changes no account until it matures, which is at a close, unless the parameters let it mature at
once. A close may change anybody, as may an amendment and the end: after these, and after many
events, the slice is let go instead.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from shareback.engine.slice import Slice
from shareback.journal.shapes import EVENT, MOVEMENT, ORDER, PAYMENT, Shape
from shareback.journal.storage import among
from shareback.kernels.arrays import Integers
from shareback.kernels.hashing import Bodies, append_batch
from shareback.proofs.canonical import Entry, decode
from shareback.proofs.merkle import Frontier
from shareback.rules.kinds import FIELDS, Kind
from shareback.rules.layout import Order, Payment, Row, Term

EVENTS_MAX = 500
"""After more events than these, reading anew as accounts are named costs less."""

NAMING = frozenset(
    {
        Kind.JOIN_MEMBER,
        Kind.SET_REFERRER,
        Kind.JOIN_MERCHANT,
        Kind.PAY_ORDER,
        Kind.RECEIVE_ORDER,
        Kind.REFUND_ORDER,
        Kind.REDEEM_POINTS,
        Kind.SPEND_POINTS,
        Kind.REFUND_POINTS_PAYMENT,
        Kind.CONVERT_POINTS,
        Kind.PAY_COINS,
        Kind.REFUND_COINS,
        Kind.EXCHANGE_COINS,
        Kind.REDEEM_MERCHANT_POINTS,
        Kind.AWARD_FUNDED,
        Kind.FUND_TREASURY,
        Kind.WITHDRAW_TREASURY,
        Kind.WITHDRAW_CASH,
        Kind.SETTLE_MERCHANT,
        Kind.RECORD_UNMATCHED,
        Kind.LINK_PARTY,
    }
)
"""Kinds that change no account but those that can be found; any other lets the slice go."""

WAITING = frozenset({Kind.PAY_ORDER, Kind.RECEIVE_ORDER})
"""Kinds that change no account where orders wait for a close to mature."""

KIND_AT = 1
"""Where an event's canonical bytes tell its kind."""

MEMBERS = frozenset({"member", "referrer", "payer_member"})
MERCHANTS = frozenset({"merchant", "payer_merchant", "funder_merchant"})
MOVED = [MOVEMENT.integers.index("member"), MOVEMENT.integers.index("merchant")]


class Touched(NamedTuple):
    """Numbers of what some events named; 0, which is nobody, may be among them."""

    members: set[int]
    merchants: set[int]
    orders: set[int]
    payments: set[int]


def catch_up(held: Slice, key: bytes, own: Frontier, figures: Row, now: Frontier) -> bool:
    """Bring a slice up to date with a log that others have written on.

    Args:
        held: A slice that was right when the log was ``own``; it reads through a storage that has
            locked the head.
        key: The programme's secret key.
        own: The log's tree after this writer's last batch.
        figures: The journal's head now, by `layout.Head`.
        now: The log's tree now.

    Returns:
        Whether it is up to date; if not, nothing has been changed, and it must be let go.
    """
    if not 0 < now.size - own.size <= EVENTS_MAX:
        return False
    bodies = bodies_between(held, own.size, now.size)
    if not goes_on(key, own, bodies, now):
        return False
    kinds = [body[KIND_AT] for body in bodies]
    if not NAMING.issuperset(kinds):
        return False
    at_once = bool((held.arrays.terms[:, Term.MATURITY_DAYS] == 0).any())
    left_out = frozenset() if at_once else WAITING
    chosen = [body for kind, body in zip(kinds, bodies, strict=True) if kind not in left_out]
    touched = named(map(decode, chosen))
    follow(held, own.size, touched)
    held.arrays.head[:] = figures
    held.renew(touched.members - {0}, touched.merchants - {0})
    return True


def bodies_between(held: Slice, first: int, end: int) -> list[bytes]:
    """The canonical bytes of the events from ``first`` to ``end`` - 1, as far as they are there."""
    numbers = np.arange(first, end, dtype=np.int64)
    found = held.storage.texts(EVENT.table, "sequence", "body", held.programme, numbers)
    return [bytes(body) for _sequence, body in sorted(found)]


def goes_on(key: bytes, own: Frontier, bodies: Sequence[bytes], now: Frontier) -> bool:
    """Whether a log with these further events is the log that is there now.

    Then what this writer wrote is the beginning of it: nothing of that was rolled back.
    """
    offsets = np.zeros(len(bodies) + 1, np.int64)
    np.cumsum([len(body) for body in bodies], out=offsets[1:])
    buffer = np.frombuffer(bytearray(b"".join(bodies)), np.uint8)
    return append_batch(own, key, Bodies(buffer, offsets)) == now


def named(entries: Iterable[Entry]) -> Touched:
    """What events name."""
    touched = Touched(set(), set(), set(), set())
    for entry in entries:
        for field, value in zip(FIELDS[entry.kind], entry.ints, strict=True):
            if value is None:
                continue
            if field in MEMBERS:
                touched.members.add(value)
            elif field in MERCHANTS:
                touched.merchants.add(value)
            elif field == "order":
                touched.orders.add(value)
            elif field == "payment":
                touched.payments.add(value)
    return touched


def follow(held: Slice, first: int, touched: Touched) -> None:
    """Add whose orders and payments were named, and to whom something happened beside them."""

    def rows_of(shape: Shape, numbers: set[int]) -> Integers:
        condition = f"AND {among('number', sorted(numbers))}"
        return held.storage.select(shape, held.programme, condition)

    if touched.orders:
        orders = rows_of(ORDER, touched.orders)
        touched.members.update(orders[:, [Order.MEMBER, Order.REFERRER]].ravel().tolist())
    if touched.payments:
        payments = rows_of(PAYMENT, touched.payments)
        touched.members.update(payments[:, Payment.PAYER_MEMBER].tolist())
        shops = payments[:, [Payment.PAYER_MERCHANT, Payment.MERCHANT]]
        touched.merchants.update(shops.ravel().tolist())
    moved = held.storage.select(MOVEMENT, held.programme, f"AND sequence >= {first}")
    touched.members.update(moved[:, MOVED[0]].tolist())
    touched.merchants.update(moved[:, MOVED[1]].tolist())
