"""Orders and payments, what they came to, and what was given back."""

from django.db import models
from django.db.models import F, Q

from shareback.journal.models.programme import OfProgramme


class Order(OfProgramme):
    """An order as it was paid; what it came to at maturity stands in `Maturity`."""

    pk = models.CompositePrimaryKey("programme", "number")
    number = models.BigIntegerField()
    member = models.IntegerField()
    merchant = models.IntegerField()
    referrer = models.IntegerField()
    terms = models.SmallIntegerField()
    backing = models.IntegerField()
    paid = models.BigIntegerField()
    refunded = models.BigIntegerField()
    profit = models.BigIntegerField()
    state = models.SmallIntegerField()
    paid_day = models.IntegerField()
    due_day = models.IntegerField()
    linked = models.SmallIntegerField()
    order_id = models.CharField(max_length=200)

    class Meta:
        """One order an order id; what is due, bought or brought is found without a scan."""

        indexes = [
            models.Index(fields=["programme", "due_day"], name="order_due"),
            models.Index(fields=["programme", "member", "number"], name="order_member"),
            models.Index(
                fields=["programme", "referrer", "number"],
                condition=Q(referrer__gt=0),
                name="order_referrer",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["programme", "order_id"], name="order_once"),
            models.CheckConstraint(
                condition=Q(paid__gt=0, refunded__gte=0, paid__gte=F("refunded")),
                name="order_refunds_within_paid",
            ),
        ]


class Maturity(OfProgramme):
    """What an order came to when it matured (R6.3), and what late refunds took back (R6.4)."""

    pk = models.CompositePrimaryKey("programme", "number")
    number = models.BigIntegerField()
    points_buyer = models.BigIntegerField()
    points_referrer = models.BigIntegerField()
    earned_buyer = models.BigIntegerField()
    earned_referrer = models.BigIntegerField()
    dividends_buyer = models.BigIntegerField()
    dividends_referrer = models.BigIntegerField()
    matured_net = models.BigIntegerField()
    taken_buyer = models.BigIntegerField()
    taken_referrer = models.BigIntegerField()
    day = models.IntegerField()

    class Meta:
        """No more is taken back than was given."""

        constraints = [
            models.CheckConstraint(
                condition=Q(
                    taken_buyer__lte=F("points_buyer"), taken_referrer__lte=F("points_referrer")
                ),
                name="maturity_taken_within_given",
            )
        ]


class Refund(OfProgramme):
    """A refund of an order, once for each refund id (A18).

    ``paid_out`` is the money that it gave back after what the buyer owed (R6.4); ``member`` is
    the order's, so that a statement finds late refunds of old orders by their key.
    """

    pk = models.CompositePrimaryKey("programme", "order", "refund_id")
    order = models.BigIntegerField()
    refund_id = models.CharField(max_length=200)
    money = models.BigIntegerField()
    paid_out = models.BigIntegerField()
    sequence = models.BigIntegerField()
    member = models.IntegerField()

    class Meta:
        """Found by the member whose order it is."""

        indexes = [models.Index(fields=["programme", "member", "sequence"], name="refund_member")]


class Payment(OfProgramme):
    """A payment with coins or points at a merchant."""

    pk = models.CompositePrimaryKey("programme", "number")
    number = models.BigIntegerField()
    with_points = models.SmallIntegerField()
    payer_member = models.IntegerField()
    payer_merchant = models.IntegerField()
    merchant = models.IntegerField()
    amount = models.BigIntegerField()
    refunded = models.BigIntegerField()
    payment_id = models.CharField(max_length=200)

    class Meta:
        """One payment a payment id, and never more back than was paid."""

        constraints = [
            models.UniqueConstraint(fields=["programme", "payment_id"], name="payment_once"),
            models.CheckConstraint(
                # The fee may leave nothing of a payment with points to its merchant.
                condition=Q(refunded__gte=0, amount__gte=F("refunded")),
                name="payment_refunds_within_amount",
            ),
        ]
