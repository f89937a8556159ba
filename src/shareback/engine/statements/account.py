"""What the journal holds about one member: a few queries along indexes, never a scan."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Sum

from shareback.engine.statements.mark import START, Mark, may_have_matured
from shareback.engine.statements.timeline import DayRow
from shareback.journal.models import Member, Programme, Refund
from shareback.kernels.arrays import Integers
from shareback.rules import layout

BY_JOIN = "LEFT JOIN journal_maturity m ON m.programme_id = o.programme_id AND m.number = o.number"
BY_KEY = """LEFT JOIN LATERAL (
    SELECT * FROM journal_maturity x
    WHERE x.programme_id = o.programme_id AND x.number = o.number LIMIT 1) m ON TRUE"""
"""How an order's maturity is found, and how PostgreSQL is made to find it: order by order."""

ORDERS = """
SELECT o.number, o.member, o.merchant, o.referrer, o.terms, o.backing, o.paid, o.refunded,
       o.profit, o.state, o.paid_day, o.due_day, o.linked, o.order_id,
       m.day, m.matured_net, m.points_buyer
FROM journal_order o
LEFT JOIN journal_maturity m ON m.programme_id = o.programme_id AND m.number = o.number
WHERE o.programme_id = %s AND o.member = %s
"""

REFERRALS = """
SELECT o.number, o.terms, o.linked, o.due_day, o.state, m.day, m.points_referrer
FROM journal_order o
LEFT JOIN journal_maturity m ON m.programme_id = o.programme_id AND m.number = o.number
WHERE o.programme_id = %s AND o.referrer = %s AND likely(o.referrer > 0)
"""

MOVEMENTS = """
SELECT sequence, line, kind, day, merchant, points, gross, money, coins, "order"
FROM journal_movement
WHERE programme_id = %s AND member = %s AND likely(member > 0)
"""

NUMBERS_READ = 5_000
"""How many rows are asked for by their numbers at a time."""

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
    """An order of somebody whom the member brought; the last two are absent until it matures."""

    number: int
    terms: int
    linked: int
    due_day: int
    state: int
    matured_day: int | None
    awarded: int | None

    @property
    def day(self) -> int:
        """The day on which it matured; one that has not matured is never asked."""
        return layout.ABSENT if self.matured_day is None else self.matured_day

    @property
    def points(self) -> int:
        """The points that it brought, in units."""
        return self.awarded or 0


class RefundRow(NamedTuple):
    """A refund of one of the member's orders."""

    sequence: int
    order: int
    money: int
    refund_id: str


class MovementRow(NamedTuple):
    """Something that happened to the account beside its orders; `kind` is an `EffectKind`.

    ``payment`` is the number of the payment with coins or points behind it; 0 where there is none.
    """

    sequence: int
    line: int
    kind: int
    day: int
    merchant: int
    points: int
    gross: int
    money: int
    coins: int
    payment: int


class Account(NamedTuple):
    """A member's row and what happened to it since a mark, each list in order.

    Attributes:
        member: The row as it stands now.
        orders: Those paid since, those of before that may have matured since, and those that
            were refunded since.
        referrals: Orders of others that the member brought: those paid since, and those of
            before that may have matured since.
        refunds: Refunds of the member's orders.
        movements: All that happened beside orders.
        refunded_before: What was given back before the mark, in µ¥, of orders refunded since.
    """

    member: Member
    orders: list[OrderRow]
    referrals: list[ReferralRow]
    refunds: list[RefundRow]
    movements: list[MovementRow]
    refunded_before: dict[int, int]


class Who(NamedTuple):
    """A member in a database.

    Attributes:
        programme: The programme's number.
        number: The member's number.
        alias: Which of Django's databases.
    """

    programme: int
    number: int
    alias: str = DEFAULT_DB_ALIAS

    def rows(self, statement: str, more: str = "") -> list[tuple[Any, ...]]:
        """The rows of a statement for this member, with more conditions, order and limit."""
        with connections[self.alias].cursor() as cursor:
            cursor.execute(in_dialect(statement, self.alias) + more, self[:2])
            return list(cursor.fetchall())

    def together(self, statements: Sequence[str]) -> list[tuple[Any, ...]]:
        """The rows of several statements for this member, asked for at once."""
        parts = [f"SELECT * FROM ({one}) part{place}" for place, one in enumerate(statements)]  # noqa: S608 - statements of this room
        with connections[self.alias].cursor() as cursor:
            asked = in_dialect(" UNION ALL ".join(parts), self.alias)
            cursor.execute(asked, self[:2] * len(parts))
            return list(cursor.fetchall())

    def by_number(
        self, statement: str, column: str, numbers: Collection[int]
    ) -> list[tuple[Any, ...]]:
        """The rows of a statement for this member whose column holds one of some numbers."""
        wanted = sorted(numbers)
        found: list[tuple[Any, ...]] = []
        for first in range(0, len(wanted), NUMBERS_READ):
            some = ",".join(map(str, wanted[first : first + NUMBERS_READ]))
            found += self.rows(statement, f" AND {column} IN ({some})")
        return found

    def member(self) -> Member | None:
        """The member's row; nothing where the programme has no such member."""
        rows = Member.objects.using(self.alias)
        return rows.filter(programme_id=self.programme, number=self.number).first()

    def orders(self, numbers: Collection[int]) -> list[OrderRow]:
        """Orders of the member by their numbers."""
        return [OrderRow(*row) for row in self.by_number(ORDERS, "o.number", numbers)]

    def refunds(self, **conditions: Any) -> list[RefundRow]:  # noqa: ANN401 - as Django's filter
        """Refunds of the member's orders, in the order of the log."""
        rows = Refund.objects.using(self.alias).filter(
            programme_id=self.programme, member=self.number, **conditions
        )
        columns = ("sequence", "order", "money", "refund_id")
        return sorted(RefundRow(*row) for row in rows.values_list(*columns))


class Stretch(NamedTuple):
    """From where to where an account is read.

    Attributes:
        mark: What came before.
        end: The last day; none for all until now.
        day: The day after the last one, or the open day.
        at_once: Whether orders may mature on the day on which they are received.
    """

    mark: Mark
    end: DayRow | None
    day: int
    at_once: bool

    def of_orders(self) -> str:
        """The condition on the numbers of orders, in order."""
        return f"{self.between('o.number', 'orders')} ORDER BY o.number"

    def of_log(self) -> str:
        """The condition on places in the log."""
        # Sorted later: asked to sort, SQLite would walk the whole log in its order instead.
        return self.between("sequence", "sequence")

    def between(self, column: str, name: str) -> str:
        """The condition that a number belongs to the stretch."""
        start: int = getattr(self.mark.account, name)
        # Orders are counted from 1, places in the log from 0.
        first = start + 1 if name == "orders" else start
        said = f" AND {column} >= {first}" if start > 0 else ""
        if self.end is not None:
            last: int = getattr(self.end, name)
            said += f" AND {column} < {last + 1 if name == 'orders' else last}"
        return said

    def may_have_matured(self, waiting: Integers) -> list[int]:
        """The numbers of what waited at the mark and may have matured since."""
        unreceived = self.at_once or self.mark.day < self.day
        return may_have_matured(waiting, self.day + self.at_once, unreceived=unreceived)


EVERYTHING = Stretch(START, None, 0, at_once=True)


def read_account(
    programme: Programme, number: int, alias: str = DEFAULT_DB_ALIAS
) -> Account | None:
    """Read a member's whole account; nothing where the programme has no such member."""
    who = Who(programme.pk, number, alias)
    member = who.member()
    return None if member is None else read_stretch(who, member, EVERYTHING)


def read_stretch(who: Who, member: Member, stretch: Stretch) -> Account:
    """Read what happened to a member since a mark."""
    orders = [OrderRow(*row) for row in who.rows(ORDERS, stretch.of_orders())]
    referrals = [ReferralRow(*row) for row in who.rows(REFERRALS, stretch.of_orders())]
    waiting, brought = map(stretch.may_have_matured, (stretch.mark.waiting, stretch.mark.brought))
    referrals += [ReferralRow(*row) for row in who.by_number(REFERRALS, "o.number", brought)]
    refunds = refunds_in(who, stretch)
    refunded = {refund.order for refund in refunds}
    known = {order.number for order in orders}
    orders += who.orders({*waiting, *(refunded - known)})
    return Account(
        member,
        sorted(orders),
        sorted(referrals),
        refunds,
        sorted(MovementRow(*row) for row in who.rows(MOVEMENTS, stretch.of_log())),
        refunded_before(who, refunded, stretch.mark),
    )


def refunds_in(who: Who, stretch: Stretch) -> list[RefundRow]:
    """The refunds of a stretch."""
    conditions = {"sequence__gte": stretch.mark.account.sequence}
    if stretch.end is not None:
        conditions["sequence__lt"] = stretch.end.sequence
    return who.refunds(**conditions)


def refunded_before(who: Who, orders: Collection[int], mark: Mark) -> dict[int, int]:
    """What was given back of some orders before a mark, in µ¥."""
    if not orders or mark is START:
        return {}
    rows = Refund.objects.using(who.alias).filter(
        programme_id=who.programme, order__in=orders, sequence__lt=mark.account.sequence
    )
    # PostgreSQL adds whole numbers up to a decimal.
    return {order: int(money) for order, money in rows.values_list("order").annotate(Sum("money"))}


def in_dialect(statement: str, alias: str = DEFAULT_DB_ALIAS) -> str:
    """A statement as the database at hand takes it.

    A partial index needs its condition in the statement. SQLite, told nothing, would then search
    by that condition rather than by the member's number; PostgreSQL knows no ``likely``. For a
    member with many orders PostgreSQL would rather walk all maturities of the programme.
    """
    if connections[alias].vendor == "sqlite":
        return statement
    return statement.replace("likely(", "(").replace(BY_JOIN, BY_KEY)
