"""What merchants do in the mall: the rate that they give up, and their goods."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from oscar.core.loading import get_model

from shareback.mall.faults import CannotBe
from shareback.mall.oscar.catalogue.models import Category, Product
from shareback.mall.oscar.partner.models import Partner
from shareback.mall.pictures import forget_picture, keep_picture, read_picture
from shareback.mall.stock import lock_goods
from shareback.mall.terms import in_force, least_concession
from shareback.units.scales import PPM

TEXTS = ("title", "title_en", "subtitle", "subtitle_en", "description", "description_en")
PLAIN = (*TEXTS, "kind", "valid_days", "is_public", "backing_category")
SKU_PREFIX = "g"
PICTURES_MAX = 9
GOODS = "goods"
UPDATED = "date_updated"
"""The column that oscar sets at each save."""


def check_concession(programme: int, concession_ppm: int | None, category: str = "") -> int:
    """The rate that a merchant gives up; the programme's margin where nothing is said.

    Raises:
        CannotBe: Contribution and dividends would not fit into it.
    """
    parameters = in_force(programme)
    ppm = parameters.margin_rate if concession_ppm is None else concession_ppm
    if not least_concession(parameters, category) <= ppm <= PPM:
        raise CannotBe("concession_too_low")
    return ppm


def check_category(partner: Partner, name: str) -> None:
    """Whether a merchant may sell at a category's rate of contributions.

    Raises:
        CannotBe: There is no such rate, or the merchant gives up too little for it.
    """
    if name and name not in in_force(partner.programme_id).backing_by_category:
        raise CannotBe("category_unknown")
    check_concession(partner.programme_id, partner.concession_ppm, name)


def check_concession_of(partner: Partner, concession_ppm: int) -> None:
    """Whether a merchant may give up another rate: what its goods hand on fits into it.

    Raises:
        CannotBe: It does not, for one of them.
    """
    categories = partner.goods.order_by().values_list("backing_category", flat=True).distinct()
    for name in {"", *categories}:
        check_concession(partner.programme_id, concession_ppm, name)


def category_of(partner: Partner, number: int) -> Category:
    """A category of the merchant's own programme.

    Raises:
        CannotBe: There is none of this number.
    """
    found: Category | None = Category.objects.filter(
        pk=number, programme_id=partner.programme_id
    ).first()
    if found is None:
        raise CannotBe("category_unknown")
    return found


def make_good(
    partner: Partner,
    price: Decimal,
    stock: int,
    category: Category | None,
    **fields: Any,  # noqa: ANN401 - the model's own
) -> Product:
    """Put a good on sale.

    Args:
        partner: Whose it is.
        price: Yuan a piece.
        stock: Pieces there are.
        category: Where it stands in the shop.
        fields: Further fields of `Product`, of those in `PLAIN`.

    Raises:
        CannotBe: The merchant gives up too little for its rate of contributions.
    """
    check_category(partner, fields.get("backing_category", ""))
    kind = fields.get("kind", Product.Kind.SHIPPED)
    with transaction.atomic():
        good: Product = Product.objects.create(
            programme_id=partner.programme_id,
            partner=partner,
            product_class=get_model("catalogue", "ProductClass").objects.get(slug=kind),
            structure=Product.STANDALONE,
            slug=f"{SKU_PREFIX}{partner.pk}",
            **{name: value for name, value in fields.items() if name in PLAIN},
        )
        if category is not None:
            good.categories.set([category])
        get_model("partner", "StockRecord").objects.create(
            product=good,
            partner=partner,
            partner_sku=f"{SKU_PREFIX}{good.pk}",
            price=price,
            num_in_stock=stock,
        )
    return good


def change_good(good: Product, changes: Mapping[str, Any], category: Category | None) -> None:
    """Change what is said of a good, its price, its stock; orders keep what they were placed at.

    Args:
        good: The good.
        changes: Fields of `Product` of those in `PLAIN`, ``price`` (yuan) and ``stock``: pieces
            that can still be sold.
        category: Where it stands from now on; None leaves it where it is.

    Raises:
        CannotBe: The merchant gives up too little for the rate of contributions.
    """
    if "backing_category" in changes:
        check_category(good.partner, changes["backing_category"])
    with transaction.atomic():
        # Goods before their stock, as a checkout locks them. Only what is named is written: the
        # row was read before, and has been sold or rated since.
        lock_goods([good.pk])
        named = [name for name in PLAIN if name in changes]
        for name in named:
            setattr(good, name, changes[name])
        if "kind" in changes:
            good.product_class = get_model("catalogue", "ProductClass").objects.get(
                slug=changes["kind"]
            )
            named.append("product_class")
        if named:
            good.save(update_fields=[*named, UPDATED])
        if category is not None:
            good.categories.set([category])
        change_stock(good, changes)


def change_stock(good: Product, changes: Mapping[str, Any]) -> None:
    """Change a good's ``price`` and ``stock``, where they are named; its own row is locked."""
    named = [name for name in ("price", "stock") if name in changes]
    if not named:
        return
    record = good.stockrecords.select_for_update(no_key=True).get(partner=good.partner)
    if "price" in changes:
        record.price = changes["price"]
    if "stock" in changes:
        # What is allocated to orders that wait for their payment stays so.
        record.num_in_stock = changes["stock"] + (record.num_allocated or 0)
    columns = {"price": "price", "stock": "num_in_stock"}
    record.save(update_fields=[*(columns[name] for name in named), UPDATED])


def add_picture(good: Product, content: bytes) -> None:
    """Add an uploaded picture to a good, behind those that it has.

    Raises:
        CannotBe: It cannot be read, or the good has enough.
    """
    picture = read_picture(content)
    with transaction.atomic():
        # Two uploads at once would both find the last place free.
        Product.objects.select_for_update(of=("self",)).get(pk=good.pk)
        places = list(good.images.values_list("display_order", flat=True))
        if len(places) >= PICTURES_MAX:
            raise CannotBe("pictures_full")
        get_model("catalogue", "ProductImage").objects.create(
            product=good,
            original=keep_picture(GOODS, picture),
            display_order=max(places, default=-1) + 1,
        )


def remove_picture(image: Any) -> None:  # noqa: ANN401 - oscar ships no types
    """Remove a picture of a good, and its files once that is certain."""
    name = image.original.name
    with transaction.atomic():
        # Read anew: oscar writes back every picture that it finds in the memory of this one's good.
        get_model("catalogue", "ProductImage").objects.get(pk=image.pk).delete()
        transaction.on_commit(lambda: forget_picture(name))
