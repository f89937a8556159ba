"""Looking for goods and merchants in one programme; lists go page by page along a key."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from shareback.mall.models import Membership, ShopFollow
from shareback.mall.oscar.catalogue.models import Category, Product
from shareback.mall.oscar.order.models import Order
from shareback.mall.oscar.partner.models import Partner

WORDS_MAX = 6
SEARCHED = ("title", "title_en", "subtitle", "subtitle_en", "partner__name", "partner__name_en")
RECEIVED = "received"


class Wanted(NamedTuple):
    """What a list of goods is to hold.

    Attributes:
        category: A category and those below it; None for all.
        words: Each must stand somewhere in what is said of a good.
        merchant: Of one merchant alone; None for all.
    """

    category: Category | None = None
    words: Sequence[str] = ()
    merchant: int | None = None


def on_sale(programme: int) -> QuerySet[Any]:
    """The goods of a programme that people can see, each with its price and stock."""
    goods = with_price(Product.objects.filter(programme_id=programme))
    seen = goods.filter(is_public=True, partner__is_open=True, price__isnull=False)
    return seen.select_related("partner").prefetch_related("images")


def with_price(goods: Any) -> QuerySet[Any]:  # noqa: ANN401 - oscar's own kind of query
    """Goods with ``price``, ``in_stock`` and ``allocated`` of their merchant's stock row."""
    stock = get_model("partner", "StockRecord").objects.filter(
        product=OuterRef("pk"), partner=OuterRef("partner")
    )
    priced: QuerySet[Any] = goods.annotate(
        price=Subquery(stock.values("price")[:1]),
        in_stock=Subquery(stock.values("num_in_stock")[:1]),
        allocated=Coalesce(Subquery(stock.values("num_allocated")[:1]), 0),
    )
    return priced


def words_of(query: str) -> list[str]:
    """The words of a search: parted by blanks, of which Chinese has none."""
    return query.split()[:WORDS_MAX]


def search(programme: int, wanted: Wanted) -> QuerySet[Any]:
    """The goods on sale that are wanted."""
    goods = on_sale(programme)
    if wanted.category is not None:
        # A good may stand in several categories; it is listed once.
        placed = get_model("catalogue", "ProductCategory").objects.filter(
            product=OuterRef("pk"), category__path__startswith=wanted.category.path
        )
        goods = goods.filter(Exists(placed))
    if wanted.merchant is not None:
        goods = goods.filter(partner_id=wanted.merchant)
    for word in wanted.words:
        anywhere = Q()
        for field in SEARCHED:
            anywhere |= Q(**{f"{field}__icontains": word})
        goods = goods.filter(anywhere)
    return goods


def newest(goods: QuerySet[Any], after: tuple[int] | None) -> QuerySet[Any]:
    """The newest first."""
    if after is not None:
        goods = goods.filter(pk__lt=after[0])
    return goods.order_by("-pk")


def most_sold(goods: QuerySet[Any], after: tuple[int, int] | None) -> QuerySet[Any]:
    """What sells best first."""
    if after is not None:
        sold, number = after
        goods = goods.filter(Q(sold__lt=sold) | Q(sold=sold, pk__lt=number))
    return goods.order_by("-sold", "-pk")


def cheapest(goods: QuerySet[Any], after: tuple[Decimal, int] | None) -> QuerySet[Any]:
    """The lowest price first."""
    if after is not None:
        price, number = after
        goods = goods.filter(Q(price__gt=price) | Q(price=price, pk__lt=number))
    return goods.order_by("price", "-pk")


def dearest(goods: QuerySet[Any], after: tuple[Decimal, int] | None) -> QuerySet[Any]:
    """The highest price first."""
    if after is not None:
        price, number = after
        goods = goods.filter(Q(price__lt=price) | Q(price=price, pk__lt=number))
    return goods.order_by("-price", "-pk")


def merchants(programme: int, membership: Membership | None) -> QuerySet[Any]:
    """The merchants of a programme that are open, each with who follows it."""
    mine = ShopFollow.objects.filter(partner=OuterRef("pk"), membership=membership)
    following: Any = Exists(mine) if membership is not None else Value(False)  # noqa: FBT003 - SQL's
    found: QuerySet[Any] = Partner.objects.filter(programme_id=programme, is_open=True).annotate(
        follower_count=Count("followers", distinct=True), following=following
    )
    return found


def categories(programme: int) -> list[Category]:
    """The categories that people can see, the tree in its order."""
    placed = get_model("catalogue", "ProductCategory").objects.filter(
        category=OuterRef("pk"), product__is_public=True, product__partner__is_open=True
    )
    counted = placed.order_by().values("category").annotate(count=Count("product", distinct=True))
    found = Category.objects.filter(
        programme_id=programme, is_public=True, ancestors_are_public=True
    )
    return list(
        found.annotate(goods=Coalesce(Subquery(counted.values("count")[:1]), 0)).order_by("path")
    )


def follow(membership: Membership, partner: Partner, *, on: bool) -> None:
    """Follow a merchant, or no longer; once is enough."""
    if on:
        ShopFollow.objects.get_or_create(membership=membership, partner=partner)
    else:
        ShopFollow.objects.filter(membership=membership, partner=partner).delete()


def reviews_of(good: Any) -> QuerySet[Any]:  # noqa: ANN401 - oscar ships no types
    """What buyers say of a good, the latest first."""
    found = get_model("reviews", "ProductReview").objects
    reviews: QuerySet[Any] = found.filter(product=good, status=1).select_related("user")
    return reviews.order_by("-pk")


def rating_of(good: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    """The mean score of a good, and of how many."""
    found: dict[str, Any] = (
        reviews_of(good).order_by().aggregate(average=Avg("score"), count=Count("pk"))
    )
    return found


def has_received(membership: Membership, good: Any) -> bool:  # noqa: ANN401 - as above
    """Whether a member has bought a good and received it."""
    orders = Order.objects.filter(
        programme_id=membership.programme_id, membership=membership, status=RECEIVED
    )
    found: bool = orders.filter(lines__product=good).exists()
    return found


def has_reviewed(membership: Membership, good: Any) -> bool:  # noqa: ANN401 - as above
    """Whether a member has said something of a good."""
    found: bool = (
        get_model("reviews", "ProductReview")
        .objects.filter(product=good, user=membership.user)
        .exists()
    )
    return found
