"""Merchants and their stock."""

from django.db import models
from oscar.apps.partner.abstract_models import AbstractPartner

from shareback.journal.models import Programme


class Partner(AbstractPartner):
    """A merchant of a programme.

    Attributes:
        merchant_id: Its id in the journal.
        number: Its account there.
        name_en: Its English name; `name` is the Chinese one.
        trade: What it sells, by a word of the phone pages.
        concession_ppm: The part of each sale for cash that it gives up to the programme (让利).
        is_open: Whether its goods can be bought.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    merchant_id = models.CharField(max_length=200)
    number = models.IntegerField()
    name_en = models.CharField(max_length=128, blank=True, default="")
    trade = models.CharField(max_length=40, blank=True, default="")
    about = models.TextField(blank=True, default="")
    about_en = models.TextField(blank=True, default="")
    place = models.CharField(max_length=200, blank=True, default="")
    concession_ppm = models.IntegerField()
    is_open = models.BooleanField(default=True)
    logo = models.ImageField(upload_to="merchants", blank=True)

    class Meta(AbstractPartner.Meta):
        """One merchant an account."""

        constraints = [
            models.UniqueConstraint(fields=["programme", "merchant_id"], name="partner_once"),
        ]


from oscar.apps.partner.models import *
