"""Baskets of a member: one for each merchant, rate of contribution and kind of goods."""

from typing import Any

from django.db import models
from oscar.apps.basket.abstract_models import AbstractBasket, AbstractLine

from shareback.journal.models import Programme


class Basket(AbstractBasket):
    """What a member means to buy of one merchant at one rate of contribution (R2).

    It becomes one order, which is received as a whole: goods that are shipped never lie in one
    basket with those that are not, and each voucher has a basket of its own.

    Attributes:
        kind: Which kind of goods it holds.
        good: The only good that it may hold, where that is a voucher.
        only: The lines that are to be reckoned; all where nothing is said. Never stored.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    partner = models.ForeignKey("partner.Partner", on_delete=models.PROTECT, related_name="baskets")
    backing_category = models.CharField(max_length=60, blank=True, default="")
    kind = models.CharField(max_length=10, blank=True, default="")
    good = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, related_name="+", null=True
    )

    class Meta(AbstractBasket.Meta):
        """A member's baskets are found along their key."""

        indexes = [models.Index(fields=["owner", "programme", "status"], name="basket_of_owner")]

    only: frozenset[int] | None = None
    _lines: Any

    def all_lines(self) -> Any:  # noqa: ANN401 - oscar's own shape
        """The lines that count: all, or those of `only` where some are left out."""
        if self.pk is not None and self._lines is None and self.only is not None:
            self._lines = super().all_lines().filter(pk__in=self.only)
        return super().all_lines()


class Line(AbstractLine):
    """Some pieces of one good; only what is chosen goes to the checkout."""

    chosen = models.BooleanField(default=True)


from oscar.apps.basket.models import *
