"""What a purchase becomes: paid, with all that follows at once; or closed, with all given back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from shareback.engine import commands as cmd
from shareback.mall import offers, stock, vouchers
from shareback.mall.debiting import giving_back, redeem_promised
from shareback.mall.engines import must, now_us
from shareback.mall.faults import Refused
from shareback.mall.models import CashPayment, CoinRefund, Purchase
from shareback.mall.oscar.catalogue.models import Product
from shareback.mall.oscar.order.models import Order
from shareback.rules.codes import Code
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


def mark_paid(purchase: Purchase, at: datetime) -> list[tuple[Order, int]]:
    """A purchase was paid: stock leaves, the engine is told, digital goods and vouchers are there.

    The points that it was to take besides its cash are taken now. The purchase's row is locked,
    or was just made.

    Returns:
        The orders whose points came to more than their part, and how much of their cash is
        therefore to go back, in µ¥.

    Raises:
        CannotBe: Points do not come to their part any more.
        Refused: The engine refuses a part of it; nothing is done where the caller rolls back.
    """
    orders = orders_of(purchase)
    lines = stock.lines_of(order.pk for order in orders)
    stock.sell(lines)
    over = []
    if purchase.cash_uyuan > 0:
        over = [(order, redeem_promised(order)) for order in orders]
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
    return [(order, uyuan) for order, uyuan in over if uyuan > 0]


def close_unpaid(purchase: Purchase, problem: str = "") -> None:
    """A purchase will not be paid: stock, coupons and coins go back (A27).

    The purchase's row is locked. Its points were never taken. Coins that a merchant has not any
    more keep nothing from being closed: they go back later, by `give_coins_back`.

    Args:
        purchase: Which one.
        problem: Why, where its cash had come.
    """
    orders = orders_of(purchase)
    lines = stock.lines_of(order.pk for order in orders)
    with transaction.atomic():
        stock.release(lines)
        offers.give_back(orders)
        for order in orders:
            return_coins(order)
            order.closed_at = timezone.now()
            order.set_status(CLOSED)
        purchase.state, purchase.problem = Purchase.State.CLOSED, problem
        purchase.save(update_fields=["state", "problem"])
        CashPayment.objects.filter(purchase=purchase, state=CashPayment.State.CREATED).update(
            state=CashPayment.State.CLOSED
        )


def return_coins(order: Order) -> None:
    """Give an order's coins back; where that is refused now, keep in mind that they are due."""
    commands = giving_back(order, order.coins, 0, CLOSED)
    if not commands:
        return
    try:
        with transaction.atomic():
            must(order.programme_id, commands)
    except Refused as fault:
        waits_for = Code(fault.answer.code).name.lower()
        CoinRefund.objects.create(order=order, coins=order.coins, waits_for=waits_for)


def give_coins_back(refund_id: int) -> bool:
    """Try again to give back coins that are due.

    Returns:
        Whether they are back.

    Raises:
        Refused: Their merchant still has not so many, say.
    """
    with transaction.atomic():
        refund = CoinRefund.objects.select_for_update(of=("self",), no_key=True)
        due = refund.select_related("order").get(pk=refund_id)
        if due.done_at is None:
            must(due.order.programme_id, giving_back(due.order, due.coins, 0, CLOSED))
            due.done_at, due.waits_for = timezone.now(), ""
            due.save(update_fields=["done_at", "waits_for"])
    return True
