"""What comes after the sale: vouchers that a merchant redeems, and returns."""

import uuid

from django.db import models


class GoodsVoucher(models.Model):
    """A piece of a local service that was bought, redeemed once at the merchant's.

    Attributes:
        code: What its QR code holds; nobody guesses it.
    """

    class State(models.TextChoices):
        """How far it has come."""

        VALID = "valid"
        REDEEMED = "redeemed"
        RETURNED = "returned"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    line = models.ForeignKey("order.Line", on_delete=models.PROTECT, related_name="goods_vouchers")
    code = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.VALID)
    valid_until = models.DateField()
    redeemed_at = models.DateTimeField(null=True)
    redeemed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )


class Return(models.Model):
    """A member asks for money back, for some pieces of an order or all of it.

    Attributes:
        cash_uyuan: What goes back in cash, µ¥; set when it is accepted, as the next two.
        coins: In coins.
        points_uyuan: As points, in µ¥ of the goods they paid for.
        late: Whether the order had matured (R6.4).
        kept_uyuan: What of the cash stayed here for what the member owed (R6.4), µ¥.
        approvals: How many people have approved it where the rules want it (R6.4).
        waits_for: The refusal that keeps an accepted one from being done, such as
            "needs_two_approvers"; empty where nothing does.
    """

    class State(models.TextChoices):
        """How far it has come."""

        ASKED = "asked"
        ACCEPTED = "accepted"
        REFUSED = "refused"
        DONE = "done"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="returns")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    reason = models.CharField(max_length=500, blank=True, default="")
    answer = models.CharField(max_length=500, blank=True, default="")
    cash_uyuan = models.BigIntegerField(default=0)
    coins = models.BigIntegerField(default=0)
    points_uyuan = models.BigIntegerField(default=0)
    late = models.BooleanField(default=False)
    kept_uyuan = models.BigIntegerField(default=0)
    approvals = models.SmallIntegerField(default=0)
    waits_for = models.CharField(max_length=40, blank=True, default="")
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True)

    class Meta:
        """Those that wait are found without looking at all that are done."""

        indexes = [models.Index(fields=["state", "asked_at"], name="return_waiting")]


class ReturnLine(models.Model):
    """Pieces of one line of the order."""

    returned = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey("order.Line", on_delete=models.PROTECT, related_name="return_lines")
    quantity = models.PositiveIntegerField()
