"""What a merchant has sold for cash in a month, and what it gives up of that."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import QuerySet

from shareback.journal.models import Order as Journaled
from shareback.mall.local import month_bounds, zone_of
from shareback.mall.oscar.order.models import Order
from shareback.mall.oscar.partner.models import Partner
from shareback.units.exact import mul_div

AT_ONCE = 500


class Line(NamedTuple):
    """An order; cash and concession are of what was not given back, in µ¥."""

    row: int
    order: str
    date: str
    cash: int
    concession: int


class Totals(NamedTuple):
    """The sums of a month, in µ¥."""

    orders: int
    cash: int
    concession: int


def paid_in(partner: Partner, month: str) -> QuerySet[Any]:
    """A merchant's orders that were paid with some cash in a month, the latest first."""
    first, following = month_bounds(partner.programme_id, month)
    rows: QuerySet[Any] = Order.objects.filter(
        programme_id=partner.programme_id,
        partner=partner,
        paid_at__gte=first,
        paid_at__lt=following,
        cash_uyuan__gt=0,
    )
    return rows.order_by("-pk")


def lines_of(partner: Partner, rows: Iterable[Any]) -> Iterator[Line]:
    """Orders with what the journal says of their cash: paid, given back, and the profit stated."""
    zone = zone_of(partner.programme_id)
    remaining = iter(rows)
    while here := list(islice(remaining, AT_ONCE)):
        known = Journaled.objects.filter(
            programme_id=partner.programme_id, order_id__in=[row.number for row in here]
        )
        by_id = {order.order_id: order for order in known}
        for row in here:
            order = by_id.get(row.number)
            if order is None:
                continue
            net = order.paid - order.refunded
            profit = mul_div(max(0, order.profit), net, order.paid)
            day = row.paid_at.astimezone(zone).date().isoformat()
            yield Line(row.pk, row.number, day, net, profit)


def month_lines(partner: Partner, month: str, before: int | None, limit: int) -> list[Line]:
    """The lines of a month, from the row before one."""
    rows = paid_in(partner, month)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(lines_of(partner, rows[:limit]))


def month_totals(partner: Partner, month: str) -> Totals:
    """The sums of a month."""
    orders = cash = concession = 0
    for line in lines_of(partner, paid_in(partner, month).iterator(AT_ONCE)):
        orders += 1
        cash += line.cash
        concession += line.concession
    return Totals(orders, cash, concession)
