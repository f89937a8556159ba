"""Baskets of a member, one for each merchant and rate of contribution."""

from django.db import models
from oscar.apps.basket.abstract_models import AbstractBasket, AbstractLine

from shareback.journal.models import Programme


class Basket(AbstractBasket):
    """What a member means to buy of one merchant at one rate of contribution (R2)."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="+", db_constraint=False, null=True
    )
    partner = models.ForeignKey(
        "partner.Partner", on_delete=models.PROTECT, related_name="baskets", null=True
    )
    backing_category = models.CharField(max_length=60, blank=True, default="")


class Line(AbstractLine):
    """Some pieces of one good; only what is chosen goes to the checkout."""

    chosen = models.BooleanField(default=True)


from oscar.apps.basket.models import *
