"""The built-in gateway: a cashier's page marked TEST, on which no money moves.

It does all that a real one does: own numbers, signed notices, queries, refunds; so the mall is
tried on the paths that real money will take. Notices are signed as Standard Webhooks says.
"""

import base64
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from pydantic import BaseModel, ConfigDict
from standardwebhooks import Webhook, WebhookVerificationError

from shareback.gateways.payments.interface import (
    Asked,
    Found,
    GatewayUnreachable,
    Notice,
    NoticeForged,
    Opened,
)
from shareback.gateways.payments.models import PlayPayment, PlayRefund

NAME = "test"
CASHIER = "/cashier/"
"""Where the site shows the cashier's page of a payment, by its number."""

SIGNED = ("webhook-id", "webhook-timestamp", "webhook-signature")
"""The headers that a notice is signed with."""


class Sent(NamedTuple):
    """A notice as it goes over the wire: its body, byte for byte, and its headers."""

    body: bytes
    headers: dict[str, str]


class PaidNotice(BaseModel):
    """The body of a notice."""

    model_config = ConfigDict(extra="forbid", strict=True)

    payment_id: str
    reference: str
    amount_uyuan: int
    currency: str


def seal() -> Webhook:
    """What signs notices and verifies them: a key of its own, drawn from the site's secret."""
    key = salted_hmac("shareback.gateways.payments", NAME, algorithm="sha256").digest()
    return Webhook(base64.b64encode(key).decode())


class BuiltinGateway:
    """The gateway for tests."""

    name = NAME

    def create(self, asked: Asked) -> Opened:
        """Open a payment; one of the same id is the same payment.

        Raises:
            GatewayUnreachable: The id stands for another amount.
        """
        payment, _made = PlayPayment.objects.get_or_create(
            payment_id=asked.payment_id,
            defaults={
                "reference": secrets.token_urlsafe(24),
                "amount_uyuan": asked.amount_uyuan,
                "currency": asked.currency,
                "subject": asked.subject,
                "back_url": asked.back_url,
            },
        )
        if (payment.amount_uyuan, payment.currency) != (asked.amount_uyuan, asked.currency):
            raise GatewayUnreachable(f"payment {asked.payment_id} was opened for another amount")
        return Opened(payment.reference, f"{CASHIER}{payment.reference}")

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        """Read a notice, verified on its raw body, in constant time, and fresh (A57, A59).

        Raises:
            NoticeForged: It is none of ours.
        """
        found = {name.lower(): value for name, value in headers.items()}
        signed = {name: found.get(name, "") for name in SIGNED}
        try:
            # The library wants text; what is no UTF-8 was never signed by us.
            seal().verify(body.decode(), signed)
            read = PaidNotice.model_validate_json(body)
        except (WebhookVerificationError, ValueError) as fault:
            raise NoticeForged(str(fault)) from None
        return Notice(read.payment_id, read.reference, read.amount_uyuan, read.currency)

    def query(self, payment_id: str) -> Found:
        """Look how a payment stands."""
        payment = PlayPayment.objects.filter(payment_id=payment_id).first()
        if payment is None:
            return Found("unknown", "", 0, "")
        return found(payment)

    def close(self, payment_id: str) -> Found:
        """Close a payment that is open; returns how it stands then."""
        PlayPayment.objects.filter(payment_id=payment_id, state=PlayPayment.State.OPEN).update(
            state=PlayPayment.State.CLOSED
        )
        return self.query(payment_id)

    def refund(self, payment_id: str, refund_id: str, amount_uyuan: int) -> None:
        """Give back money of a payment; once for each refund id.

        Raises:
            GatewayUnreachable: The payment has not that much left, or the id is another refund's.
        """
        with transaction.atomic():
            payment = PlayPayment.objects.select_for_update().get(payment_id=payment_id)
            before = PlayRefund.objects.filter(refund_id=refund_id).first()
            if before is not None:
                if (before.payment_id, before.amount_uyuan) != (payment.pk, amount_uyuan):
                    raise GatewayUnreachable(f"refund {refund_id} was made for something else")
                return
            left = payment.amount_uyuan - payment.refunded_uyuan
            if payment.state != PlayPayment.State.PAID or amount_uyuan > left:
                raise GatewayUnreachable(f"payment {payment_id} has not that much left")
            PlayRefund.objects.create(
                refund_id=refund_id, payment=payment, amount_uyuan=amount_uyuan
            )
            PlayPayment.objects.filter(pk=payment.pk).update(
                refunded_uyuan=F("refunded_uyuan") + amount_uyuan
            )


def found(payment: PlayPayment) -> Found:
    """How a payment stands."""
    states = {
        PlayPayment.State.OPEN: "open",
        PlayPayment.State.PAID: "paid",
        PlayPayment.State.CLOSED: "closed",
    }
    return Found(
        states[PlayPayment.State(payment.state)],  # type: ignore[arg-type] # three of its words
        payment.reference,
        payment.amount_uyuan,
        payment.currency,
    )


def pay(reference: str) -> Sent | None:
    """What the cashier's button does: the payment counts as made; returns the notice of it.

    Nothing is returned where it cannot be paid any more.
    """
    with transaction.atomic():
        payment = PlayPayment.objects.select_for_update().filter(reference=reference).first()
        if payment is None or payment.state == PlayPayment.State.CLOSED:
            return None
        if payment.state == PlayPayment.State.OPEN:
            payment.state = PlayPayment.State.PAID
            payment.paid_at = datetime.now(UTC)
            payment.save(update_fields=["state", "paid_at"])
    return notice_of(payment)


def notice_of(payment: PlayPayment) -> Sent:
    """The signed notice of a payment that was made."""
    told = PaidNotice(
        payment_id=payment.payment_id,
        reference=payment.reference,
        amount_uyuan=payment.amount_uyuan,
        currency=payment.currency,
    )
    body = json.dumps(told.model_dump(), separators=(",", ":"))
    now = datetime.now(UTC)
    name = f"play_{payment.reference}"
    signature = seal().sign(name, now, body)
    values = (name, str(int(now.timestamp())), signature)
    return Sent(body.encode(), dict(zip(SIGNED, values, strict=True)))
