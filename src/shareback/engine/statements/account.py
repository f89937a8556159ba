"""What the journal holds about one member: a few queries along indexes, never a scan."""

from typing import Any, NamedTuple

from django.db import connection

from shareback.journal.models import Member, Programme, Refund
from shareback.rules import layout

ORDERS = """
SELECT o.number, o.member, o.merchant, o.referrer, o.terms, o.backing, o.paid, o.refunded,
       o.profit, o.state, o.paid_day, o.due_day, o.linked, o.order_id,
       m.day, m.matured_net, m.points_buyer
FROM journal_order o
LEFT JOIN journal_maturity m ON m.programme_id = o.programme_id AND m.number = o.number
WHERE o.programme_id = %s AND o.member = %s
ORDER BY o.number
"""

REFERRALS = """
SELECT o.number, o.terms, o.linked, m.day, m.points_referrer
FROM journal_order o
JOIN journal_maturity m ON m.programme_id = o.programme_id AND m.number = o.number
WHERE o.programme_id = %s AND o.referrer = %s AND likely(o.referrer > 0)
ORDER BY o.number
"""

MOVEMENTS = """
SELECT sequence, line, kind, day, merchant, points, gross, money, coins
FROM journal_movement
WHERE programme_id = %s AND member = %s AND likely(member > 0)
"""


RULES_COLUMNS = layout.Order.POINTS_BUYER
"""The first columns of an `OrderRow` stand as in `layout.Order`."""


class OrderRow(NamedTuple):
    """An order of the member, and what it came to; the last three are absent until it matures."""

    number: int
    member: int
    merchant: int
    referrer: int
    terms: int
    backing: int
    paid: int
    refunded: int
    profit: int
    state: int
    paid_day: int
    due_day: int
    linked: int
    order_id: str
    matured_day: int | None
    matured_net: int | None
    points: int | None

    @property
    def row(self) -> list[int]:
        """The columns that the rules take, in the order of `layout.Order`."""
        columns: tuple[Any, ...] = self[:RULES_COLUMNS]
        return list(columns)

    @property
    def is_pending(self) -> bool:
        """Whether it waits for its maturity."""
        return self.matured_day is None and self.state == layout.OrderState.PAID


class ReferralRow(NamedTuple):
    """An order of somebody whom the member brought, once it has matured."""

    number: int
    terms: int
    linked: int
    day: int
    points: int


class RefundRow(NamedTuple):
    """A refund of one of the member's orders."""

    sequence: int
    order: int
    money: int


class MovementRow(NamedTuple):
    """Something that happened to the account beside its orders; `kind` is an `EffectKind`."""

    sequence: int
    line: int
    kind: int
    day: int
    merchant: int
    points: int
    gross: int
    money: int
    coins: int


class Account(NamedTuple):
    """A member's row and all that happened to it, each list in order."""

    member: Member
    orders: list[OrderRow]
    referrals: list[ReferralRow]
    refunds: list[RefundRow]
    movements: list[MovementRow]


def read_account(programme: Programme, number: int) -> Account | None:
    """Read a member's account; nothing where the programme has no such member."""
    member = Member.objects.filter(programme_id=programme.pk, number=number).first()
    if member is None:
        return None
    orders = [OrderRow(*row) for row in rows_of(ORDERS, programme.pk, number)]
    return Account(
        member,
        orders,
        [ReferralRow(*row) for row in rows_of(REFERRALS, programme.pk, number)],
        refunds_of(programme.pk, [order.number for order in orders if order.refunded > 0]),
        # Sorted here: asked to sort, SQLite would walk the whole log in its order instead.
        sorted(MovementRow(*row) for row in rows_of(MOVEMENTS, programme.pk, number)),
    )


def refunds_of(programme: int, orders: list[int]) -> list[RefundRow]:
    """The refunds of some orders, in the order of the log."""
    if not orders:
        return []
    rows = Refund.objects.filter(programme_id=programme, order__in=orders)
    return sorted(RefundRow(*row) for row in rows.values_list("sequence", "order", "money"))


def rows_of(statement: str, programme: int, number: int) -> list[tuple[Any, ...]]:
    """The rows of a statement for one member."""
    with connection.cursor() as cursor:
        cursor.execute(in_dialect(statement), [programme, number])
        return list(cursor.fetchall())


def in_dialect(statement: str) -> str:
    """A statement as the database at hand takes it.

    A partial index needs its condition in the statement. SQLite, told nothing, would then search
    by that condition rather than by the member's number; PostgreSQL knows no ``likely``.
    """
    return statement if connection.vendor == "sqlite" else statement.replace("likely(", "(")
