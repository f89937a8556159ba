"""What a purchase becomes: paid, with all that follows at once; or closed, with all given back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from shareback.engine import commands as cmd
from shareback.mall import offers, stock, vouchers
from shareback.mall.debiting import giving_back
from shareback.mall.engines import must, now_us
from shareback.mall.models import CashPayment, Purchase
from shareback.mall.oscar.catalogue.models import Product
from shareback.mall.oscar.order.models import Order
from shareback.units.exact import mul_div
from shareback.units.scales import PPM

CLOSED = "closed"


def lock(purchase_id: UUID) -> Purchase:
    """Lock a purchase's row: notices, cancellations and expiry come one after the other."""
    return Purchase.objects.select_for_update(no_key=True).get(pk=purchase_id)


def orders_of(purchase: Purchase) -> list[Order]:
    """The orders of a purchase."""
    found = purchase.orders.select_related("partner", "membership")
    return list(found.order_by("pk"))


def pay_order(order: Order) -> cmd.PayOrder:
    """The command that tells the engine of an order's cash: it alone earns (R4.1)."""
    return cmd.PayOrder(
        at=now_us(),
        order_id=order.number,
        member_id=order.membership.member_id,
        merchant_id=order.partner.merchant_id,
        paid_uyuan=order.cash_uyuan,
        profit_uyuan=mul_div(order.cash_uyuan, order.concession_ppm, PPM),
        received=order.kind == Product.Kind.DIGITAL,
        category=order.backing_category,
    )


def mark_paid(purchase: Purchase, at: datetime) -> None:
    """A purchase was paid: stock leaves, the engine is told, digital goods and vouchers are there.

    The purchase's row is locked, or was just made.

    Raises:
        Refused: The engine refuses an order; nothing of it is done where the caller rolls back.
    """
    orders = orders_of(purchase)
    lines = stock.lines_of(order.pk for order in orders)
    stock.sell(lines)
    must(purchase.programme_id, [pay_order(order) for order in orders if order.cash_uyuan > 0])
    for order in orders:
        order.paid_at = at
        order.set_status("paid")
        if order.kind == Product.Kind.DIGITAL:
            order.received_at = at
            order.set_status("received")
        elif order.kind == Product.Kind.VOUCHER:
            vouchers.issue(order, [line for line in lines if line.order_id == order.pk])
    purchase.state = Purchase.State.PAID
    purchase.save(update_fields=["state"])


def close_unpaid(purchase: Purchase) -> None:
    """A purchase will not be paid: stock, coins, points and coupons go back (A27).

    The purchase's row is locked.

    Raises:
        Refused: A merchant has not the coins any more; nothing of it is done, and it is tried
            again later.
    """
    orders = orders_of(purchase)
    lines = stock.lines_of(order.pk for order in orders)
    with transaction.atomic():
        stock.release(lines)
        for order in orders:
            offers.give_back(order)
        commands: list[cmd.Command] = []
        for order in orders:
            commands += giving_back(order, order.coins, order.points_uyuan, CLOSED)
        if commands:
            must(purchase.programme_id, commands)
        for order in orders:
            order.closed_at = timezone.now()
            order.set_status(CLOSED)
        purchase.state = Purchase.State.CLOSED
        purchase.save(update_fields=["state"])
        CashPayment.objects.filter(purchase=purchase, state=CashPayment.State.CREATED).update(
            state=CashPayment.State.CLOSED
        )
