"""Cash: opened at a gateway, captured by its notice, given back the way it came (A27, A57, A58)."""

import logging
from collections.abc import Mapping
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shareback.gateways.payments.interface import (
    Asked,
    Found,
    Gateway,
    GatewayUnreachable,
    Notice,
    NoticeForged,
)
from shareback.gateways.payments.registry import FOR_TESTS, GATEWAYS
from shareback.mall.faults import CannotBe, Refused
from shareback.mall.models import CashPayment, CashRefund, Membership, Purchase, Shop
from shareback.mall.oscar.order.models import Order
from shareback.mall.paid import close_unpaid, lock, mark_paid
from shareback.mall.terms import in_force
from shareback.rules.codes import Code

LOG = logging.getLogger(__name__)


class NoticeWrong(Exception):
    """A genuine notice that does not fit the payment that it names (A58)."""


def gateway_for(programme: int) -> Gateway:
    """Who takes a programme's cash.

    The built-in gateway lets everybody pay with nothing, so it serves test issuers alone.

    Raises:
        CannotBe: Nobody does.
    """
    is_test = in_force(programme).issuer.test
    for name, gateway in GATEWAYS.items():
        if is_test or name not in FOR_TESTS:
            return gateway
    raise CannotBe("no_gateway")


def back_url(purchase: Purchase) -> str:
    """The phone's page of a purchase."""
    slug = Shop.objects.values_list("slug", flat=True).get(programme_id=purchase.programme_id)
    return f"/m/{slug}/pay/{purchase.pk}"


def start(purchase: Purchase) -> str:
    """Where the member goes to pay: the gateway's page, or back where there is nothing to pay.

    Outside of any transaction: a gateway is another house.

    Raises:
        GatewayUnreachable: It does not answer; the same purchase may be started again.
    """
    payment = CashPayment.objects.filter(purchase=purchase).first()
    late = purchase.expires_at <= timezone.now()
    if payment is None or purchase.state != Purchase.State.AWAITING or late:
        return back_url(purchase)
    if not payment.url:
        parameters = in_force(purchase.programme_id)
        opened = GATEWAYS[payment.gateway].create(
            Asked(
                str(payment.pk),
                payment.amount_uyuan,
                parameters.currency,
                subject_of(purchase),
                back_url(purchase),
            )
        )
        payment.reference, payment.url = opened.reference, opened.url
        payment.save(update_fields=["reference", "url"])
    return payment.url


def subject_of(purchase: Purchase) -> str:
    """What the payer reads at the gateway."""
    numbers = purchase.orders.order_by("pk").values_list("number", flat=True)
    first = purchase.orders.order_by("pk").first()
    more = f" +{len(numbers) - 1}" if len(numbers) > 1 else ""
    return f"{first.partner.name} {numbers[0]}{more}" if first is not None else ""


def take_notice(name: str, body: bytes, headers: Mapping[str, str]) -> Purchase:
    """Take a gateway's notice that a payment was made.

    Raises:
        NoticeForged: It does not come from the gateway (A57).
        NoticeWrong: It names no payment of ours, or another amount, currency or number (A58).
    """
    gateway = GATEWAYS.get(name)
    if gateway is None:
        raise NoticeForged(f"no gateway {name!r}")
    return capture(name, gateway.read_notice(body, headers))


def payment_named(name: str, notice: Notice) -> CashPayment:
    """The payment that a notice is about.

    Raises:
        NoticeWrong: There is none at this gateway.
    """
    try:
        number = UUID(notice.payment_id)
    except ValueError:
        raise NoticeWrong(f"payment {notice.payment_id!r} is none of ours") from None
    found = CashPayment.objects.filter(pk=number, gateway=name).first()
    if found is None:
        raise NoticeWrong(f"payment {number} is none of ours")
    return found


def check_fits(payment: CashPayment, purchase: Purchase, notice: Notice) -> None:
    """Whether a notice tells of the very payment that was asked for (A58).

    Raises:
        NoticeWrong: It does not.
    """
    currency = in_force(purchase.programme_id).currency
    asked = (payment.reference, payment.amount_uyuan, currency)
    if asked != (notice.reference, notice.amount_uyuan, notice.currency):
        raise NoticeWrong(f"payment {payment.pk} was asked for as {asked}")


def capture(name: str, notice: Notice) -> Purchase:
    """A payment was made: its orders are paid, in one transaction; once, however often told.

    Money that comes after the purchase was closed, or that the engine cannot take, goes back.

    Raises:
        NoticeWrong: It does not fit.
    """
    with transaction.atomic():
        purchase = lock(payment_named(name, notice).purchase_id)
        payment = CashPayment.objects.get(purchase=purchase)
        check_fits(payment, purchase, notice)
        if payment.state == CashPayment.State.CAPTURED:
            return purchase
        payment.state = CashPayment.State.CAPTURED
        payment.captured_at = timezone.now()
        payment.save(update_fields=["state", "captured_at"])
        if purchase.state == Purchase.State.AWAITING:
            settle(purchase, payment)
        elif purchase.state == Purchase.State.CLOSED:
            purchase.problem = "paid_late"
            purchase.save(update_fields=["problem"])
        if purchase.state == Purchase.State.CLOSED:
            give_back(payment, payment.amount_uyuan, None)
        return purchase


def settle(purchase: Purchase, payment: CashPayment) -> None:
    """Mark a purchase as paid; where the engine or its points refuse, it is closed."""
    try:
        with transaction.atomic():
            over = mark_paid(purchase, timezone.now())
    except (CannotBe, Refused) as fault:
        problem = problem_of(fault)
        LOG.warning("purchase %s cannot be taken: %s", purchase.pk, problem)
        purchase.refresh_from_db()
        close_unpaid(purchase, problem)
        return
    for order, amount in over:
        give_back(payment, amount, order)


def problem_of(fault: CannotBe | Refused) -> str:
    """The name of what stood in the way."""
    if isinstance(fault, CannotBe):
        return fault.code
    return Code(fault.answer.code).name.lower()


def give_back(payment: CashPayment, amount_uyuan: int, order: Order | None) -> None:
    """Give cash of a payment back; the gateway is asked after the commit."""
    CashPayment.objects.filter(pk=payment.pk).update(
        refunded_uyuan=F("refunded_uyuan") + amount_uyuan
    )
    refund = CashRefund.objects.create(payment=payment, order=order, amount_uyuan=amount_uyuan)
    transaction.on_commit(partial(carry_out, refund.pk), robust=True)


def carry_out(refund_id: UUID) -> bool:
    """Ask the gateway for a refund; under its own id, so that it is made once (A41).

    Returns:
        Whether it is done; else it is tried again by `chores`.
    """
    refund = CashRefund.objects.select_related("payment").get(pk=refund_id)
    if refund.state == CashRefund.State.DONE:
        return True
    payment = refund.payment
    try:
        GATEWAYS[payment.gateway].refund(str(payment.pk), str(refund.pk), refund.amount_uyuan)
    except GatewayUnreachable as fault:
        LOG.warning("refund %s waits: %s", refund.pk, fault)
        CashRefund.objects.filter(pk=refund_id).update(state=CashRefund.State.FAILED)
        return False
    CashRefund.objects.filter(pk=refund_id).update(state=CashRefund.State.DONE)
    return True


def purchase_of(membership: Membership, purchase_id: UUID) -> Purchase:
    """A member's own purchase, as the gateway and the clock have it now.

    Raises:
        CannotBe: There is none of this id.
    """
    found = Purchase.objects.filter(pk=purchase_id, membership=membership).first()
    if found is None:
        raise CannotBe("purchase_gone")
    return brought_up(found)


def brought_up(purchase: Purchase) -> Purchase:
    """A purchase after a look at the gateway, whose notice may be lost, and at the clock."""
    if purchase.state != Purchase.State.AWAITING:
        return purchase
    try:
        if purchase.expires_at <= timezone.now():
            return end(purchase)
        payment = CashPayment.objects.get(purchase=purchase)
        found = GATEWAYS[payment.gateway].query(str(payment.pk)) if payment.reference else None
        if found is not None and found.state == "paid":
            return capture(payment.gateway, told(payment, found))
    except (GatewayUnreachable, NoticeWrong, Refused) as fault:
        LOG.warning("purchase %s stays as it is: %r", purchase.pk, fault)
    return purchase


def told(payment: CashPayment, found: Found) -> Notice:
    """What a look at the gateway says, as its notice would."""
    return Notice(str(payment.pk), found.reference, found.amount_uyuan, found.currency)


def end(purchase: Purchase) -> Purchase:
    """Close a purchase that was not paid; where it was paid after all, it is paid.

    Raises:
        GatewayUnreachable: The gateway cannot say whether it was paid.
        Refused: Coins cannot be given back now.
    """
    payment = CashPayment.objects.filter(purchase=purchase).first()
    if payment is not None and payment.reference:
        found = GATEWAYS[payment.gateway].close(str(payment.pk))
        if found.state == "paid":
            return capture(payment.gateway, told(payment, found))
    with transaction.atomic():
        locked = lock(purchase.pk)
        if locked.state == Purchase.State.AWAITING:
            close_unpaid(locked)
        return locked


def cancel(membership: Membership, purchase_id: UUID) -> Purchase:
    """Close a member's own purchase before it is paid; one that is closed stays so.

    Raises:
        CannotBe: There is none of this id, or it is paid.
        GatewayUnreachable: The gateway cannot say whether it was paid.
        Refused: Coins cannot be given back now.
    """
    found = Purchase.objects.filter(pk=purchase_id, membership=membership).first()
    if found is None:
        raise CannotBe("purchase_gone")
    ended = end(found) if found.state == Purchase.State.AWAITING else found
    if ended.state == Purchase.State.PAID:
        raise CannotBe("already_paid")
    return ended
