"""Orders on their way: shipped, received; and what lists and pages tell of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from shareback.engine.calendar import day_text
from shareback.engine.statements.pending import pending_worth
from shareback.journal.models import Maturity
from shareback.journal.models import Order as Journaled
from shareback.journal.shapes import ORDER
from shareback.mall.faults import CannotBe
from shareback.mall.models import CoinRefund, Membership, Return
from shareback.mall.oscar.catalogue.models import Product
from shareback.mall.oscar.order.models import Order
from shareback.mall.oscar.partner.models import Partner
from shareback.mall.receiving import lock, mark_received
from shareback.mall.returns import RUNNING, is_running, order_of
from shareback.mall.terms import earning, in_force, versions_of
from shareback.rules.layout import ABSENT, OrderState

DAYS_TO_CONFIRM = 10
"""So long after it was shipped, an order that nobody confirms counts as received."""

STATES = ("awaiting_payment", "paid", "shipped", "received", "refunded", "closed")
REFUND_ASKED = "refund_asked"
REFUND = "refund"
"""In lists: orders with a return under way, and those that went back."""


class Earned(NamedTuple):
    """What an order's cash earns its buyer.

    Attributes:
        state: "none", "pending", "matured" or "closed".
        worth: What the award is worth in µ¥ until it matures, and was then.
        points: What it came to, in units, once matured.
        matures_on: The local day at whose close it matures, once received.
    """

    state: str
    worth: int = 0
    points: int | None = None
    matures_on: str | None = None


def of_partner(partner: Partner, number: str) -> Order:
    """An order of a merchant's own.

    Raises:
        CannotBe: There is none of this number.
    """
    found: Order | None = Order.objects.filter(number=number, partner=partner).first()
    # What nobody has paid yet is not the merchant's to see.
    if found is None or found.paid_at is None:
        raise CannotBe("order_gone")
    return found


def ship(partner: Partner, number: str, carrier: str, tracking_number: str) -> Order:
    """A merchant has handed a parcel over.

    Raises:
        CannotBe: It is not the merchant's order, or is not one that waits for its parcel.
    """
    with transaction.atomic():
        order = lock(of_partner(partner, number).pk)
        if order.kind != Product.Kind.SHIPPED or order.status not in {"paid", "shipped"}:
            raise CannotBe("not_to_ship")
        if is_running(order):
            raise CannotBe("return_running")
        order.carrier, order.tracking_number = carrier, tracking_number
        order.shipped_at = order.shipped_at or timezone.now()
        order.save()
        order.set_status("shipped")
        return order


def receive(membership: Membership, number: str) -> Order:
    """A member has the goods; one that was received stays so.

    Raises:
        CannotBe: It is not the member's, was not shipped, or is being returned.
        Refused: The engine refuses.
    """
    with transaction.atomic():
        order = lock(order_of(membership, number).pk)
        if order.status == "received":
            return order
        if order.status != "shipped":
            raise CannotBe("not_shipped")
        if is_running(order):
            raise CannotBe("return_running")
        mark_received(order, timezone.now())
        return order


def receive_if_due(pk: int, now: datetime) -> bool:
    """An order that was shipped long ago counts as received; whether it does now.

    Raises:
        Refused: The engine refuses.
    """
    with transaction.atomic():
        order = lock(pk)
        shipped = order.shipped_at
        if order.status != "shipped" or shipped is None or is_running(order):
            return False
        if shipped > now - timedelta(days=DAYS_TO_CONFIRM):
            return False
        mark_received(order, now)
        return True


def in_state(orders: QuerySet[Any], state: str) -> QuerySet[Any]:
    """Those of some orders that a list of a state shows."""
    if state == REFUND:
        running = Return.objects.filter(order=OuterRef("pk"), state__in=RUNNING)
        return orders.filter(Q(status="refunded") | Exists(running))
    return orders.filter(status=state) if state in STATES else orders


def shown_state(order: Order, running: bool) -> str:  # noqa: FBT001 - a fact of the order
    """An order's state as its member sees it."""
    return REFUND_ASKED if running else str(order.status)


def coins_due(order: Order) -> int:
    """Coins of a closed order that its merchant has not at the moment, in 10⁻⁶ coin."""
    if order.status != "closed" or order.coins == 0:
        return 0
    due = CoinRefund.objects.filter(order=order, done_at__isnull=True)
    return sum(due.values_list("coins", flat=True))


def earned(programme: int, orders: Sequence[Order]) -> dict[str, Earned]:
    """What some orders earn, by their numbers; a few reads for all of them."""
    numbers = [order.number for order in orders if order.cash_uyuan > 0]
    rows = {
        row.order_id: row
        for row in Journaled.objects.filter(programme_id=programme, order_id__in=numbers)
    }
    matured = {
        row.number: row
        for row in Maturity.objects.filter(
            programme_id=programme, number__in=[row.number for row in rows.values()]
        )
    }
    found = {}
    for order in orders:
        row = rows.get(order.number)
        if row is None:
            found[order.number] = expected(programme, order)
        else:
            found[order.number] = journaled(programme, row, matured.get(row.number))
    return found


def expected(programme: int, order: Order) -> Earned:
    """What an order will earn that the engine does not know, since it is not paid yet."""
    if order.cash_uyuan == 0:
        return Earned("none")
    if order.status == "closed":
        return Earned("closed")
    parameters = in_force(programme)
    promised = earning(parameters, order.cash_uyuan, order.concession_ppm, order.backing_category)
    return Earned("pending", promised.award)


def journaled(programme: int, row: Journaled, matured: Maturity | None) -> Earned:
    """What an order of the journal earns."""
    if row.linked:
        return Earned("none")
    terms = versions_of(programme)[row.terms].terms_row()
    worth = pending_worth([getattr(row, name) for name in ORDER.integers], terms)
    due = day_text(row.due_day) if row.due_day != ABSENT else None
    if matured is not None:
        left = matured.points_buyer - matured.taken_buyer
        return Earned("matured", worth, left, day_text(matured.day))
    if row.state == OrderState.CLOSED:
        return Earned("closed")
    return Earned("pending", worth, None, due)
