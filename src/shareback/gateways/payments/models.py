"""What the built-in gateway for tests knows of its payments."""

from django.db import models
from django.db.models import F, Q


class PlayPayment(models.Model):
    """A payment at the built-in gateway for tests: no money moves.

    Attributes:
        reference: Its number here, by which its cashier's page is found; nobody guesses it.
        payment_id: The mall's id of it.
        subject: What the payer reads.
        back_url: Where the payer goes afterwards.
    """

    class State(models.TextChoices):
        """How far it has come."""

        OPEN = "open"
        PAID = "paid"
        CLOSED = "closed"

    reference = models.CharField(max_length=43, primary_key=True)
    payment_id = models.CharField(max_length=64, unique=True)
    amount_uyuan = models.BigIntegerField()
    refunded_uyuan = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    subject = models.CharField(max_length=200)
    back_url = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    made_at = models.DateTimeField(auto_now_add=True)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        """Never more back than was paid."""

        app_label = "gateways"
        constraints = [
            models.CheckConstraint(
                condition=Q(refunded_uyuan__gte=0, amount_uyuan__gte=F("refunded_uyuan")),
                name="play_refunds_within_amount",
            )
        ]


class PlayRefund(models.Model):
    """A refund at the built-in gateway, once for each refund id."""

    refund_id = models.CharField(max_length=64, primary_key=True)
    payment = models.ForeignKey(PlayPayment, on_delete=models.PROTECT, related_name="refunds")
    amount_uyuan = models.BigIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One of the gateways' tables."""

        app_label = "gateways"
