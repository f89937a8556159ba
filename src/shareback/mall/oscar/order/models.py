"""Orders: what was bought of one merchant, and with what it was paid."""

from django.db import models
from oscar.apps.order.abstract_models import AbstractOrder

from shareback.journal.models import Programme


class Order(AbstractOrder):
    """An order of one merchant's goods; `number` is its id in the journal too.

    Attributes:
        purchase: The checkout that it belongs to.
        kind: Which kind of goods it is about, as `Product.Kind`: it is received as a whole.
        cash_uyuan: What is paid in cash, µ¥; alone earns (R4.1).
        coins: What is paid in coins, 10⁻⁶ coin.
        points: Units of points that were redeemed for it.
        points_uyuan: What they paid of it, µ¥.
        concession_ppm: What the merchant gave up of its cash when it was placed.
        carrier: Who brings the parcel, and under which number.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    partner = models.ForeignKey("partner.Partner", on_delete=models.PROTECT, related_name="orders")
    purchase = models.ForeignKey("mall.Purchase", on_delete=models.PROTECT, related_name="orders")
    membership = models.ForeignKey(
        "mall.Membership", on_delete=models.PROTECT, related_name="orders"
    )
    backing_category = models.CharField(max_length=60, blank=True, default="")
    kind = models.CharField(max_length=10, blank=True, default="")
    cash_uyuan = models.BigIntegerField(default=0)
    coins = models.BigIntegerField(default=0)
    points = models.BigIntegerField(default=0)
    points_uyuan = models.BigIntegerField(default=0)
    concession_ppm = models.IntegerField(default=0)
    carrier = models.CharField(max_length=60, blank=True, default="")
    tracking_number = models.CharField(max_length=60, blank=True, default="")
    paid_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta(AbstractOrder.Meta):
        """Lists of orders go along keys that begin with the programme."""

        indexes = [
            models.Index(fields=["programme", "membership", "id"], name="order_of_membership"),
            models.Index(fields=["programme", "partner", "status", "id"], name="order_of_partner"),
            models.Index(fields=["programme", "status", "shipped_at"], name="order_on_its_way"),
        ]


from oscar.apps.order.models import *
