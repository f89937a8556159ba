"""The pages of each model of the shop; `register` puts them at the console's site."""

from typing import Any

from django.contrib.admin import display
from django.http import HttpRequest
from oscar.core.loading import get_model

from shareback.console.desk import said
from shareback.console.shop.columns import (
    by_word,
    column,
    flag,
    moment,
    of_good,
    of_merchant,
    word,
)
from shareback.console.shop.fields import SET_IN, Row, in_words
from shareback.console.shop.forms import (
    REVIEW_STATES,
    CategoryForm,
    GoodForm,
    MerchantForm,
    OfferForm,
    ReviewForm,
    ppm_of,
)
from shareback.console.shop.making import (
    KINDS,
    NewCategoryForm,
    NewCouponForm,
    NewGoodForm,
    NewMerchantForm,
    NewOfferForm,
)
from shareback.console.shop.scoped import Scoped
from shareback.console.site import CONSOLE
from shareback.mall import merchants
from shareback.mall.oscar.catalogue.models import Category, Product
from shareback.mall.oscar.offer.models import ConditionalOffer
from shareback.mall.oscar.order.models import Order
from shareback.mall.oscar.partner.models import Partner
from shareback.mall.oscar.voucher.models import Voucher
from shareback.units.scales import UYUAN_PER_YUAN
from shareback.units.shown import NONE, Amounts
from shareback.units.text import per_cent

STATES = ("awaiting_payment", "paid", "shipped", "received", "refunded", "closed")


class Goods(Scoped):
    """Goods: what is said of them, price, stock, and whether they are on sale."""

    form = GoodForm
    new_form = NewGoodForm
    list_display = (
        "title_shown",
        "merchant",
        "kind_shown",
        "price",
        "left",
        "sold_shown",
        "public",
    )
    list_filter = (by_word("s_kind", "kind", "s_kind", KINDS),)
    search_fields = ("title__istartswith", "title_en__istartswith", "=id")
    list_select_related = ("partner",)
    readonly_fields = ("merchant", "kind_shown", "sold_shown")
    fieldsets = (
        (None, {"fields": ("title", "title_en", "subtitle", "subtitle_en")}),
        (None, {"fields": ("price", "stock", "category", "is_public", *readonly_fields)}),
        (None, {"fields": ("description", "description_en")}),
    )
    merchant = of_merchant()
    kind_shown = word("s_kind", "kind", "s_kind")
    sold_shown = column("s_sold", "sold")
    public = flag("s_public", "is_public")

    def get_queryset(self, request: HttpRequest) -> Any:  # noqa: ANN401 - a queryset
        """With the stock of all rows of a page in one query."""
        return super().get_queryset(request).prefetch_related("stockrecords")

    @display(description=said("s_title"))
    def title_shown(self, row: Row) -> str:
        """In the reader's language."""
        return in_words(row, "title")

    @display(description=said("s_price"))
    def price(self, row: Row) -> str:
        """What a piece costs."""
        held = next(iter(row.stockrecords.all()), None)
        return Amounts().money(int(held.price * UYUAN_PER_YUAN)) if held else NONE

    @display(description=said("s_left"))
    def left(self, row: Row) -> str:
        """Pieces that can still be sold."""
        held = next(iter(row.stockrecords.all()), None)
        return str(held.net_stock_level) if held else str(NONE)

    def write(self, obj: Row, form: Any, changed: list[str]) -> None:  # noqa: ANN401 - a form
        """As its merchant would: under the lock under which a checkout takes stock."""
        if changed:
            kept, typed = type(obj).objects.get(pk=obj.pk), form.cleaned_data
            category = typed["category"] if "category" in changed else None
            merchants.change_good(kept, {name: typed[name] for name in changed}, category)


class Categories(Scoped):
    """Categories of goods, as a tree."""

    form = CategoryForm
    new_form = NewCategoryForm
    ordering = ("path",)
    list_display = ("name_shown", "english", "public")
    english = column("s_name_en", "name_en")
    public = flag("s_public", "is_public")

    @display(description=said("s_name"))
    def name_shown(self, row: Row) -> str:
        """Set in by its depth."""
        return f"{SET_IN * int(row.depth - 1)}{row.name}"

    def write(self, obj: Row, form: Any, changed: list[str]) -> None:  # noqa: ANN401, ARG002 - a form
        """By oscar, which passes on to those below whether it is shown."""
        if changed:
            obj.save()


class Stock(Scoped):
    """Stock: what there is, and what is allocated to orders that wait for payment."""

    programme_path = "product__programme_id"
    list_display = ("good", "merchant", "price_shown", "there", "allocated", "left")
    list_select_related = ("product", "partner")
    search_fields = ("product__title__istartswith", "=product__id")
    fields = readonly_fields = ("good", "merchant", "price_shown", "there", "allocated", "left")
    good = of_good()
    merchant = of_merchant()
    there = column("s_there", "num_in_stock")
    left = column("s_left", "net_stock_level")

    @display(description=said("s_price"))
    def price_shown(self, row: Row) -> str:
        """What a piece costs; a field's own name would show the bare field."""
        return Amounts().money(int(row.price * UYUAN_PER_YUAN))

    @display(description=said("s_allocated"))
    def allocated(self, row: Row) -> str:
        """Pieces of orders that wait for payment; oscar writes none where there was never one."""
        return str(row.num_allocated or 0)

    def name_of(self, request: HttpRequest, row: Row) -> str:  # noqa: ARG002 - as the parent's
        """By its good."""
        return in_words(row.product, "title")


class Orders(Scoped):
    """Orders of the shop and how far they have come; they move at the merchant's and member's."""

    list_display = ("number_shown", "merchant", "buyer", "state", "total", "cash", "placed")
    list_filter = (by_word("state", "status", "s_order", STATES),)
    list_select_related = ("partner", "membership__user")
    search_fields = ("=number",)
    fields = readonly_fields = (
        "number_shown", "merchant", "buyer", "state", "total", "cash", "placed", "paid_at_shown",
        "shipped_at_shown", "received_at_shown", "closed_at_shown", "parcel",
    )  # fmt: skip
    number_shown = column("order_id", "number")
    merchant = of_merchant()
    buyer = column("buyer", "membership.member_id")
    state = word("state", "status", "s_order")
    placed = moment("s_placed", "date_placed")
    paid_at_shown = moment("s_paid_at", "paid_at")
    shipped_at_shown = moment("s_shipped_at", "shipped_at")
    received_at_shown = moment("s_received_at", "received_at")
    closed_at_shown = moment("closed_at", "closed_at")

    @display(description=said("s_total"))
    def total(self, row: Row) -> str:
        """What it came to, after offers."""
        return Amounts().money(int(row.total_incl_tax * UYUAN_PER_YUAN))

    @display(description=said("s_cash"))
    def cash(self, row: Row) -> str:
        """What of it was cash."""
        return Amounts().money(row.cash_uyuan)

    @display(description=said("s_parcel"))
    def parcel(self, row: Row) -> str:
        """Who brings it, under which number."""
        return f"{row.carrier} {row.tracking_number}".strip() or NONE

    def name_of(self, request: HttpRequest, row: Row) -> str:  # noqa: ARG002 - as the parent's
        """By its number."""
        return str(row.number)


class Offers(Scoped):
    """Offers: what they are, how often they were used, and whether they apply."""

    form = OfferForm
    new_form = NewOfferForm
    list_display = ("name_shown", "kind_shown", "state", "begins", "ends", "used", "given")
    readonly_fields = ("name_shown", "kind_shown", "begins", "ends", "used", "given")
    fields = ("status", *readonly_fields)
    name_shown = column("s_name", "name")
    kind_shown = word("s_kind", "offer_type", "s_offer")
    state = word("state", "status", "s_offer")
    begins = moment("s_begins", "start_datetime")
    ends = moment("s_ends", "end_datetime")
    used = column("s_used", "num_applications")
    given = column("s_given", "total_discount")


class Coupons(Scoped):
    """Coupon codes."""

    new_form = NewCouponForm
    list_display = ("code_shown", "name_shown", "begins", "ends", "used", "given")
    search_fields = ("=code",)
    fields = readonly_fields = ("code_shown", "name_shown", "begins", "ends", "used", "given")
    code_shown = column("s_code", "code")
    name_shown = column("s_name", "name")
    begins = moment("s_begins", "start_datetime")
    ends = moment("s_ends", "end_datetime")
    used = column("s_used", "num_orders")
    given = column("s_given", "total_discount")


class Merchants(Scoped):
    """Merchants as members see them."""

    form = MerchantForm
    new_form = NewMerchantForm
    list_display = ("name_shown", "english", "trade_shown", "gives_up", "opened")
    search_fields = ("name__istartswith", "name_en__istartswith", "=merchant_id")
    readonly_fields = ("trade_shown",)
    fields = (
        "name", "name_en", "trade_shown", "place", "is_open", "concession", "about", "about_en",
    )  # fmt: skip
    name_shown = column("s_name", "name")
    english = column("s_name_en", "name_en")
    trade_shown = word("trade", "trade", "s_trade")
    opened = flag("is_open", "is_open")

    @display(description=said("concession"))
    def gives_up(self, row: Row) -> str:
        """What it gives up of each sale for cash."""
        return f"{per_cent(row.concession_ppm)}%"

    def write(self, obj: Row, form: Any, changed: list[str]) -> None:  # noqa: ANN401 - a form
        """Orders keep what was given up when they were placed."""
        if "concession" in changed:
            obj.concession_ppm = ppm_of(form.cleaned_data["concession"])
        columns = {"concession": "concession_ppm"}
        super().write(obj, form, [columns.get(name, name) for name in changed])


class Reviews(Scoped):
    """Reviews of goods, and whether they are shown."""

    form = ReviewForm
    programme_path = "product__programme_id"
    list_display = ("written", "good", "stars", "state", "made")
    list_filter = (by_word("state", "status", "s_review", REVIEW_STATES),)
    list_select_related = ("product",)
    readonly_fields = ("good", "stars", "body_shown", "made")
    fields = ("status", *readonly_fields)
    good = of_good()
    stars = column("s_score", "score")
    state = word("state", "status", "s_review")
    made = moment("when", "date_created")
    body_shown = column("s_review", "body")

    @display(description=said("s_review"))
    def written(self, row: Row) -> str:
        """Its beginning."""
        return str(row.body or row.title)[:60]

    def name_of(self, request: HttpRequest, row: Row) -> str:  # noqa: ARG002 - as the parent's
        """By its good."""
        return in_words(row.product, "title")

    def write(self, obj: Row, form: Any, changed: list[str]) -> None:  # noqa: ANN401 - a form
        """Then the good's rating is reckoned anew."""
        super().write(obj, form, changed)
        obj.product.update_rating()


def register() -> None:
    """Put the pages at the console's site."""
    for model, pages in (
        (Product, Goods),
        (Category, Categories),
        (get_model("partner", "StockRecord"), Stock),
        (Order, Orders),
        (ConditionalOffer, Offers),
        (Voucher, Coupons),
        (Partner, Merchants),
        (get_model("reviews", "ProductReview"), Reviews),
    ):
        CONSOLE.register(model, pages)
