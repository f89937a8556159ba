"""Goods and categories of a programme, in Chinese and English."""

from typing import Any

from django.db import models
from oscar.apps.catalogue.abstract_models import AbstractCategory, AbstractProduct

from shareback.journal.models import Programme


class Category(AbstractCategory):
    """A category of a programme's shop.

    Attributes:
        name_en: Its English name; `name` is the Chinese one.
        glyph: Which drawing of the phone pages stands for it.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    name_en = models.CharField(max_length=255, blank=True, default="")
    glyph = models.CharField(max_length=40, blank=True, default="")

    def get_ancestors_and_self(self) -> list[Any]:
        """All above it and this, as `get_descendants_and_self`."""
        return [*type(self).objects.get_ancestors(self), self]

    def get_descendants_and_self(self) -> Any:  # noqa: ANN401 - oscar ships no types
        """This and all below it; oscar asks treebeard in a way that the next one will not have."""
        return type(self).objects.get_tree(self)


class Product(AbstractProduct):
    """Something that a merchant sells.

    Attributes:
        kind: What happens once it is paid.
        title_en: Its English title; `title` is the Chinese one.
        subtitle: One line of Chinese under the title.
        partner: The merchant.
        backing_category: The programme's category of contributions, "" for the usual rate (R2).
        valid_days: For a voucher, how long it may be redeemed after payment.
        sold: Pieces sold so far, returned ones taken off.
    """

    class Kind(models.TextChoices):
        """What happens once it is paid."""

        SHIPPED = "shipped"
        DIGITAL = "digital"
        VOUCHER = "voucher"

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    partner = models.ForeignKey("partner.Partner", on_delete=models.PROTECT, related_name="goods")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SHIPPED)
    title_en = models.CharField(max_length=255, blank=True, default="")
    subtitle = models.CharField(max_length=255, blank=True, default="")
    subtitle_en = models.CharField(max_length=255, blank=True, default="")
    description_en = models.TextField(blank=True, default="")
    backing_category = models.CharField(max_length=60, blank=True, default="")
    valid_days = models.PositiveIntegerField(default=90)
    sold = models.PositiveIntegerField(default=0)

    class Meta(AbstractProduct.Meta):
        """Pages of goods go along keys that begin with the programme."""

        indexes = [
            models.Index(fields=["programme", "is_public", "id"], name="product_of_programme"),
            models.Index(fields=["programme", "partner", "id"], name="product_of_partner"),
            models.Index(fields=["programme", "is_public", "sold", "id"], name="product_popular"),
        ]

    def update_rating(self) -> None:
        """Reckon the rating anew, and write nothing else: oscar would write the whole row back."""
        self.rating = self.calculate_rating()
        self.save(update_fields=["rating"])


from oscar.apps.catalogue.models import *
