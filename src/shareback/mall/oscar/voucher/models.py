"""Coupon codes of a programme."""

from django.db import models
from oscar.apps.voucher.abstract_models import AbstractVoucher

from shareback.journal.models import Programme


class Voucher(AbstractVoucher):
    """A coupon: the code that brings an offer."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    name = models.CharField(max_length=128)
    code = models.CharField(max_length=128)

    class Meta(AbstractVoucher.Meta):
        """One coupon a code in each programme."""

        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="coupon_once"),
        ]


from oscar.apps.voucher.models import *
