"""Offers of a programme; whatever of oscar's own has no programme applies to nobody."""

from typing import Any

from django.db import models
from oscar.apps.offer.abstract_models import AbstractConditionalOffer, AbstractRange
from oscar.core.loading import get_model

from shareback.journal.models import Programme


class Range(AbstractRange):
    """Goods that an offer is about."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    name = models.CharField(max_length=128)

    class Meta(AbstractRange.Meta):
        """One range a name in each programme."""

        constraints = [models.UniqueConstraint(fields=["programme", "name"], name="range_once")]


class ConditionalOffer(AbstractConditionalOffer):
    """An offer of a programme's shop.

    Attributes:
        spent_by_user: How often the buyer has used it in the same checkout already.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    name = models.CharField(max_length=128)
    spent_by_user = 0

    class Meta(AbstractConditionalOffer.Meta):
        """One offer a name in each programme."""

        constraints = [models.UniqueConstraint(fields=["programme", "name"], name="offer_once")]

    def get_num_user_applications(self, user: Any) -> int:  # noqa: ANN401 - oscar's own shape
        """How often a buyer has used it; orders that were closed unpaid do not count."""
        used = self.orderdiscount_uses(user)
        return int(used or 0) + self.spent_by_user

    def orderdiscount_uses(self, user: Any) -> int | None:  # noqa: ANN401 - as above
        """Uses in orders that stand."""
        found = get_model("order", "OrderDiscount").objects.filter(
            offer_id=self.pk, order__user=user
        )
        found = found.exclude(order__status="closed")
        uses: int | None = found.aggregate(uses=models.Sum("frequency"))["uses"]
        return uses


from oscar.apps.offer.models import *
