"""The forms of the shop's pages: what is changed of a row."""

from decimal import Decimal
from typing import Any

from django import forms
from oscar.core.loading import get_model

from shareback.console.asking import PPM_PER_PER_CENT, per_cent_text
from shareback.console.desk import Desk, said
from shareback.console.refusals import why
from shareback.console.shop.fields import OneOf, amount, choice, count, one_of, switch, text
from shareback.engine.batch import DaysUnclosed
from shareback.mall import merchants
from shareback.mall.faults import CannotBe, Refused
from shareback.mall.oscar.catalogue.models import Category, Product
from shareback.mall.oscar.offer.models import ConditionalOffer
from shareback.mall.oscar.partner.models import Partner

STOCK_MAX = 1_000_000
REVIEW_STATES = (0, 1, 2)


class Form(forms.ModelForm):  # type: ignore[type-arg] # of models of oscar's
    """A form of a programme's shop.

    Attributes:
        desk: Whose it is; the page sets it.
    """

    desk: Desk

    def __init__(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 - Django's own shape
        """Offer rows of the programme alone (A55)."""
        super().__init__(*args, **named)
        for field in self.fields.values():
            if isinstance(field, OneOf) and field.queryset is not None:
                rows = field.queryset.model._default_manager  # noqa: SLF001 - Django's documented Meta API
                field.queryset = rows.filter(programme_id=self.programme)

    @property
    def programme(self) -> int:
        """The programme's number."""
        return int(self.desk.programme.pk)

    def blame(self, field: str | None, fault: CannotBe | Refused | DaysUnclosed) -> None:
        """Tell beside a field, or above all, why the mall or the engine does not take it."""
        if isinstance(fault, CannotBe):
            self.add_error(field, said(f"s_why_{fault.code}"))
        else:
            self.add_error(field, why(self.desk.voice, fault))


class GoodForm(Form):
    """What is said of a good, its price, and how many pieces can still be sold."""

    title = text("s_title", 255)
    title_en = text("s_title_en", 255, required=False)
    subtitle = text("s_subtitle", 255, required=False)
    subtitle_en = text("s_subtitle_en", 255, required=False)
    description = text("s_description", 20_000, required=False, lines=True)
    description_en = text("s_description_en", 20_000, required=False, lines=True)
    price = amount("s_price")
    stock = count("s_left", 0, STOCK_MAX)
    is_public = switch("s_public")
    category = one_of("s_category", Category, required=False)

    class Meta:
        """Fields of the row itself; price, stock and category stand in others."""

        model = Product
        fields = (
            "title", "title_en", "subtitle", "subtitle_en", "description", "description_en",
            "is_public",
        )  # fmt: skip

    def __init__(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 - Django's own shape
        """Fill in price, stock and category."""
        super().__init__(*args, **named)
        held = self.instance.stockrecords.first() if self.instance.pk else None
        if held is not None:
            self.initial.update(price=held.price, stock=held.net_stock_level)
            self.initial["category"] = self.instance.categories.first()


class CategoryForm(Form):
    """How a category is called, and whether it is shown."""

    name = text("s_name", 255)
    name_en = text("s_name_en", 255, required=False)
    is_public = switch("s_public")

    class Meta:
        """Its own fields."""

        model = Category
        fields = ("name", "name_en", "is_public")


class OfferForm(Form):
    """Whether an offer applies."""

    status = choice("state", "s_offer", ("Open", "Suspended"))

    class Meta:
        """Its own field: what an offer gives stays as it was announced."""

        model = ConditionalOffer
        fields = ("status",)


class MerchantForm(Form):
    """What is said of a merchant, what it gives up, and whether its goods can be bought."""

    name = text("s_name", 128)
    name_en = text("s_name_en", 128, required=False)
    place = text("s_place", 200, required=False)
    about = text("s_about", 5_000, required=False, lines=True)
    about_en = text("s_about_en", 5_000, required=False, lines=True)
    concession = amount("s_concession", most=Decimal(100), places=4)
    is_open = switch("is_open")

    class Meta:
        """Its own fields."""

        model = Partner
        fields = ("name", "name_en", "place", "about", "about_en", "is_open")

    def __init__(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 - Django's own shape
        """Fill in what it gives up, in per cent."""
        super().__init__(*args, **named)
        if self.instance.pk:
            self.initial["concession"] = per_cent_text(self.instance.concession_ppm)

    def clean_concession(self) -> Decimal:
        """Contribution and dividends of all its goods fit into it."""
        typed: Decimal = self.cleaned_data["concession"]
        try:
            merchants.check_concession_of(self.instance, ppm_of(typed))
        except CannotBe as fault:
            self.blame("concession", fault)
        return typed


class ReviewForm(Form):
    """Whether a review is shown."""

    status = choice("state", "s_review", REVIEW_STATES)

    class Meta:
        """Its own field: nobody changes what a member wrote."""

        model = get_model("reviews", "ProductReview")
        fields = ("status",)


def ppm_of(per_cent: Decimal) -> int:
    """A rate in ppm, of one in per cent with four places at most."""
    return int(per_cent * PPM_PER_PER_CENT)
