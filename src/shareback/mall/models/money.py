"""Money: checkouts, payments in cash, refunds of cash and coins, coins taken at a counter."""

import uuid

from django.db import models

from shareback.journal.models import Programme


class Purchase(models.Model):
    """One checkout: the orders that were placed and are paid together.

    Attributes:
        problem: Why one that was paid for was closed all the same, such as "points_gone"; empty
            where nothing was wrong.
    """

    class State(models.TextChoices):
        """How far it has come."""

        AWAITING = "awaiting_payment"
        PAID = "paid"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    membership = models.ForeignKey(
        "mall.Membership", on_delete=models.PROTECT, related_name="purchases"
    )
    key = models.CharField(max_length=128)
    request = models.BinaryField(max_length=32)
    state = models.CharField(max_length=20, choices=State.choices, default=State.AWAITING)
    cash_uyuan = models.BigIntegerField()
    problem = models.CharField(max_length=40, blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        """One checkout a key (A20); those of a member that wait are found without the rest."""

        constraints = [
            models.UniqueConstraint(fields=["membership", "key"], name="purchase_once"),
        ]
        indexes = [
            models.Index(fields=["state", "expires_at"], name="purchase_expiring"),
            models.Index(
                fields=["membership"],
                condition=models.Q(state="awaiting_payment"),
                name="purchase_awaited",
            ),
        ]


class CashPayment(models.Model):
    """A payment in cash at a gateway.

    Attributes:
        gateway: Which one, by its name.
        reference: The gateway's own number of the payment.
        url: Where the member pays.
    """

    class State(models.TextChoices):
        """How far it has come."""

        CREATED = "created"
        CAPTURED = "captured"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purchase = models.OneToOneField(Purchase, on_delete=models.PROTECT, related_name="payment")
    gateway = models.CharField(max_length=20)
    reference = models.CharField(max_length=64, blank=True, default="")
    url = models.CharField(max_length=500, blank=True, default="")
    amount_uyuan = models.BigIntegerField()
    refunded_uyuan = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CREATED)
    captured_at = models.DateTimeField(null=True)

    class Meta:
        """Never more back than was paid."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    refunded_uyuan__gte=0, amount_uyuan__gte=models.F("refunded_uyuan")
                ),
                name="cash_refunds_within_amount",
            )
        ]


class CashRefund(models.Model):
    """Cash that goes back the way it came (A27).

    Attributes:
        order: Whose; none where the whole payment goes back, since it came too late.
    """

    class State(models.TextChoices):
        """How far it has come."""

        ASKED = "asked"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(CashPayment, on_delete=models.PROTECT, related_name="refunds")
    order = models.ForeignKey(
        "order.Order", on_delete=models.PROTECT, null=True, related_name="cash_refunds"
    )
    amount_uyuan = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Those that are still to be done are found without looking at all."""

        indexes = [models.Index(fields=["state", "made_at"], name="cash_refund_waiting")]


class CoinRefund(models.Model):
    """Coins of an order that was closed unpaid, which its merchant has not at the moment.

    Attributes:
        coins: 10⁻⁶ coin.
        waits_for: The refusal that keeps them from going back.
    """

    order = models.OneToOneField(
        "order.Order", on_delete=models.PROTECT, related_name="coin_refund"
    )
    coins = models.BigIntegerField()
    waits_for = models.CharField(max_length=40)
    made_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        """Those that are still to be done are found without looking at all."""

        indexes = [
            models.Index(
                fields=["made_at"],
                condition=models.Q(done_at__isnull=True),
                name="coin_refund_waiting",
            )
        ]


class CoinCharge(models.Model):
    """What a merchant asks for at the counter: shown as a QR code, paid once, soon over.

    Attributes:
        token: What the code holds; nobody guesses it.
        coins: 10⁻⁶ coin.
    """

    class State(models.TextChoices):
        """How far it has come."""

        OPEN = "open"
        PAID = "paid"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(
        "partner.Partner", on_delete=models.PROTECT, related_name="coin_charges"
    )
    staff = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=64, unique=True)
    coins = models.BigIntegerField()
    note = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    paid_by = models.ForeignKey(
        "mall.Membership", on_delete=models.PROTECT, null=True, related_name="coin_charges"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
