"""The forms of the shop's pages from which something new is made."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone

from shareback.console.desk import said
from shareback.console.once import Sent, make_once
from shareback.console.shop.fields import (
    Row,
    amount,
    choice,
    count,
    moment_field,
    one_of,
    switch,
    text,
)
from shareback.console.shop.forms import STOCK_MAX, Form, ppm_of
from shareback.engine.batch import DaysUnclosed
from shareback.mall import merchants, opening
from shareback.mall.accounts.owners import owner_of
from shareback.mall.accounts.phones import PhoneUnreadable, read_phone
from shareback.mall.faults import CannotBe, Refused
from shareback.mall.models import Shop
from shareback.mall.oscar.catalogue.models import Category, Product
from shareback.mall.oscar.offer.models import ConditionalOffer
from shareback.mall.oscar.partner.models import Partner
from shareback.mall.oscar.voucher.models import Voucher
from shareback.mall.promising import Promise, announce, issue_coupon
from shareback.mall.terms import in_force

PER_CENT_MAX = 99
DAYS_MAX = 3_650
COUPON_DAYS = 30
KINDS = ("shipped", "digital", "voucher")
TRADES = (
    *("wine", "tea", "noodles", "restaurant", "bakery", "cafe", "hotel", "fuel", "books"),
    *("home", "fruit", "grocery", "digital", "topup"),
)
"""What the phone pages have words for."""

CODE = re.compile(r"[A-Z0-9]{4,20}", re.ASCII)


class NewForm(Form):
    """A form from which something new is made.

    It is made as the last step of looking at what was typed, since the mall itself knows best what
    cannot be: what it refuses then stands above the form, and nothing was made.

    Attributes:
        sent: Under which key it was sent; nothing while it is only shown. The page sets it.
        made: The new row, once the form is valid.
        again: Whether the same form had made it before.
    """

    sent: Sent | None = None
    made: Row = None
    again = False

    def _post_clean(self) -> None:
        """Make it, if each field can be taken; Django would fill in the model's fields here."""
        if self.errors or self.sent is None:
            return
        rows = self._meta.model._default_manager  # noqa: SLF001 - Django's documented Meta API
        try:
            with transaction.atomic():
                self.made, self.again = make_once(
                    self.sent, rows, lambda: self.make(self.cleaned_data)
                )
        except (CannotBe, Refused, DaysUnclosed) as fault:
            self.blame(None, fault)

    def make(self, typed: dict[str, Any]) -> Row:
        """Make the row of what was typed.

        Raises:
            CannotBe: The mall does not.
            Refused: The engine does not.
            DaysUnclosed: The clock is wrong, or nobody has closed for long.
        """
        raise NotImplementedError


def rates_of(programme: int) -> Iterator[tuple[str, str]]:
    """The programme's rates of contributions: the usual one, and those of categories (R2)."""
    yield "", said("s_backing_usual")
    for name in in_force(programme).backing_by_category:
        yield name, name


def shop_of(programme: int) -> Shop:
    """A programme's shop.

    Raises:
        CannotBe: It has none yet.
    """
    found = Shop.objects.filter(programme_id=programme).first()
    if found is None:
        raise CannotBe("no_shop")
    return found


class NewGoodForm(NewForm):
    """A good that is put on sale for a merchant."""

    partner = one_of("seller", Partner)
    kind = choice("s_kind", "s_kind", KINDS)
    title = text("s_title", 255)
    title_en = text("s_title_en", 255, required=False)
    subtitle = text("s_subtitle", 255, required=False)
    subtitle_en = text("s_subtitle_en", 255, required=False)
    price = amount("s_price")
    stock = count("s_left", 0, STOCK_MAX)
    category = one_of("s_category", Category, required=False)
    backing_category = forms.ChoiceField(required=False)
    valid_days = count("s_valid_days", 1, DAYS_MAX)
    is_public = switch("s_public")
    description = text("s_description", 20_000, required=False, lines=True)
    description_en = text("s_description_en", 20_000, required=False, lines=True)

    class Meta:
        """Nothing is filled in by Django."""

        model = Product
        fields = ()

    def __init__(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 - Django's own shape
        """Offer what the programme has."""
        super().__init__(*args, **named)
        rates = choice("s_backing", "", (), required=False)
        rates.choices = list(rates_of(self.programme))
        self.fields["backing_category"] = rates
        self.initial.setdefault("valid_days", Product._meta.get_field("valid_days").default)  # noqa: SLF001 - Django's documented Meta API
        self.initial.setdefault("is_public", True)

    def make(self, typed: dict[str, Any]) -> Row:
        """As its merchant would."""
        seller, price, stock = typed["partner"], typed["price"], typed["stock"]
        named = {name: typed[name] for name in merchants.PLAIN}
        return merchants.make_good(seller, price, stock, typed["category"], **named)


class NewCategoryForm(NewForm):
    """A category, at the top or below another."""

    parent = one_of("s_above", Category, required=False)
    name = text("s_name", 255)
    name_en = text("s_name_en", 255, required=False)

    class Meta:
        """Nothing is filled in by Django."""

        model = Category
        fields = ()

    def make(self, typed: dict[str, Any]) -> Row:
        """Open it in the programme's shop."""
        shop = shop_of(self.programme)
        return opening.open_category(shop, typed["name"], typed["name_en"], parent=typed["parent"])


class PromiseForm(NewForm):
    """What an offer takes off, by itself or by a coupon."""

    name = text("s_name", 128)
    least = amount("s_least")
    kind = choice("s_off_kind", "s_off", ("yuan", "per_cent"))
    off = amount("s_off", least=Decimal("0.01"))
    category = one_of("s_about_goods", Category, required=False)
    begins = moment_field("s_begins", required=False)
    ends = moment_field("s_ends", required=False)
    budget = amount("s_budget", least=Decimal("0.01"), required=False)
    each_max = count("s_each_max", 1, STOCK_MAX, required=False)

    class Meta:
        """Nothing is filled in by Django."""

        model = ConditionalOffer
        fields = ()

    def __init__(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 - Django's own shape
        """Offer the programme's own categories."""
        super().__init__(*args, **named)
        self.initial.setdefault("least", 0)

    def clean(self) -> dict[str, Any]:
        """No more is taken off than there is, and it ends after it begins."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        off, least = typed.get("off"), typed.get("least")
        if typed.get("kind") == "per_cent":
            if off is not None and (off > PER_CENT_MAX or off != int(off)):
                self.add_error("off", said("s_why_per_cent"))
        elif off is not None and least is not None and off > least:
            self.add_error("off", said("s_why_more_than_least"))
        begins, ends = typed.get("begins"), typed.get("ends")
        if ends is not None and ends <= (begins or timezone.now()):
            self.add_error("ends", said("s_why_ends"))
        return typed

    def promise(self, typed: dict[str, Any]) -> Promise:
        """What was typed, as a promise."""
        return Promise(
            name=typed["name"],
            least_yuan=typed["least"],
            off=typed["off"],
            is_percent=typed["kind"] == "per_cent",
            category=typed["category"],
            begins=typed["begins"],
            ends=typed["ends"],
            budget_yuan=typed["budget"],
            each_max=typed["each_max"],
        )


class NewOfferForm(PromiseForm):
    """An offer that applies by itself."""

    def make(self, typed: dict[str, Any]) -> Row:
        """Announce it."""
        return announce(self.programme, self.promise(typed))


class NewCouponForm(PromiseForm):
    """A coupon: a code that brings an offer of its own."""

    code = text("s_code", 20)
    usage = choice(
        "s_usage", "s_usage", (Voucher.ONCE_PER_CUSTOMER, Voucher.SINGLE_USE, Voucher.MULTI_USE)
    )
    begins = moment_field("s_begins")
    ends = moment_field("s_ends")

    class Meta:
        """Nothing is filled in by Django."""

        model = Voucher
        fields = ()

    def __init__(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 - Django's own shape
        """From now on, for a month."""
        super().__init__(*args, **named)
        now = timezone.localtime().replace(second=0, microsecond=0)
        self.initial.setdefault("begins", now)
        self.initial.setdefault("ends", now + timedelta(days=COUPON_DAYS))

    def clean_code(self) -> str:
        """The code as members type it, in capitals."""
        code = str(self.cleaned_data["code"]).strip().upper()
        if not CODE.fullmatch(code):
            raise forms.ValidationError(said("s_why_code"))
        return code

    def make(self, typed: dict[str, Any]) -> Row:
        """Announce its offer, and issue it."""
        # The coupon's days bind; an offer has no days of its own then.
        promise = self.promise(typed)._replace(begins=None, ends=None)
        offer = announce(self.programme, promise, by_coupon=True)
        times = typed["begins"], typed["ends"]
        return issue_coupon(offer, typed["code"], typed["usage"], *times)


class NewMerchantForm(NewForm):
    """A merchant and its first owner."""

    name = text("s_name", 128)
    name_en = text("s_name_en", 128, required=False)
    trade = choice("trade", "s_trade", TRADES)
    concession = amount("s_concession", most=Decimal(100), places=4, required=False)
    owner = text("s_owner", 20)
    place = text("s_place", 200, required=False)
    about = text("s_about", 5_000, required=False, lines=True)
    about_en = text("s_about_en", 5_000, required=False, lines=True)

    class Meta:
        """Nothing is filled in by Django."""

        model = Partner
        fields = ()

    def clean_owner(self) -> str:
        """A mobile number."""
        try:
            return read_phone(self.cleaned_data["owner"])
        except PhoneUnreadable:
            raise forms.ValidationError(said("s_why_phone")) from None

    def make(self, typed: dict[str, Any]) -> Row:
        """Open it, and let its owner in."""
        shop = shop_of(self.programme)
        given = typed["concession"]
        made = opening.open_merchant(
            shop,
            "",
            typed["name"],
            typed["name_en"],
            typed["trade"],
            None if given is None else ppm_of(given),
            **{name: typed[name] for name in ("place", "about", "about_en")},
        )
        opening.appoint(made, owner_of(typed["owner"]))
        return made
