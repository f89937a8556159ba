"""What everybody can look at: the shop, its goods, what buyers say of them, its merchants."""

from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from oscar.core.loading import get_model

from shareback.api import amounts
from shareback.api.addresses import Sought
from shareback.api.problems import Problem
from shareback.api.reading import head_document, of_one_state
from shareback.api.shop.cards import (
    card,
    earns,
    merchant_card,
    review_document,
    stock_left,
)
from shareback.api.shop.figures import figures, price_now
from shareback.api.shop.frame import Visit, member, of_member, refuse, visit
from shareback.api.shop.once import told
from shareback.api.shop.schemas import MerchantCard
from shareback.api.shop.schemas_catalogue import (
    CardPage,
    CategoryOut,
    GoodOut,
    HomeOut,
    MerchantOut,
    MerchantPage,
    ReviewIn,
    ReviewOut,
    ReviewPage,
    ShopOut,
    Sort,
)
from shareback.api.shop.shown import (
    CURSOR_MAX,
    PAGE,
    PAGE_MAX,
    cursor_of,
    localised,
    page,
    picture,
    read_cursor,
)
from shareback.mall import catalogue
from shareback.mall.oscar.catalogue.models import Category, Product
from shareback.mall.terms import in_force
from shareback.rules.profiles import Feature, allows
from shareback.units.text import price as price_text

router = Router(tags=["catalogue"])
Limit = Annotated[int, Query(ge=1, le=PAGE_MAX)]
After = Annotated[str, Query(max_length=CURSOR_MAX)]
Search = Annotated[str, Query(max_length=60, examples=["红酒"])]
PICKS, FRESH, MERCHANTS, REVIEWS = 10, 10, 8, 3


@router.get("", response=ShopOut, operation_id="get_shop")
def shop(request: HttpRequest) -> HttpResponse:
    """The shop, its issuer, and today's price."""
    here = visit(request)
    parameters = in_force(here.programme)
    issuer = parameters.issuer
    registered = " ".join(filter(None, (issuer.register_name, issuer.number)))
    head = here.shop.programme
    return told(
        {
            "slug": here.shop.slug,
            "name": localised(here.shop, "name", here.language),
            "motto": localised(here.shop, "motto", here.language),
            "hotline": here.shop.hotline,
            "is_open": here.shop.is_open,
            "test": issuer.test,
            "issuer": {"name": issuer.name, "code": issuer.code or registered},
            "programme": {"id": here.programme, "name": head.name},
            "price": price_text(price_now(head)),
            "can_sell": allows(parameters.profile, Feature.BUY_BACK),
        }
    )


def category_ref(category: Category, language: str) -> dict[str, Any]:
    """A category by number and name."""
    name = localised(category, "name", language)
    return {"id": category.pk, "name": name, "glyph": category.glyph}


@router.get("/home", response=HomeOut, operation_id="get_home")
@of_one_state
def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    here = visit(request)
    parameters = in_force(here.programme)
    head = type(here.shop.programme).objects.get(pk=here.programme)
    document = head_document(head)
    goods = catalogue.on_sale(here.programme)
    open_ones = catalogue.merchants(here.programme, here.membership)

    def cards(rows: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - oscar ships no types
        return [card(good, parameters, here.language) for good in rows]

    return told(
        {
            **{name: document[name] for name in ("price", "coverage", "reserve", "supply")},
            **figures(head),
            "categories": [
                category_ref(one, here.language)
                for one in catalogue.categories(here.programme)
                if one.depth == 1
            ],
            "picks": cards(catalogue.most_sold(goods, None)[:PICKS]),
            "fresh": cards(catalogue.newest(goods, None)[:FRESH]),
            "merchants": [
                merchant_card(one, here.language)
                for one in open_ones.order_by("-follower_count", "pk")[:MERCHANTS]
            ],
        }
    )


@router.get("/categories", response=list[CategoryOut], operation_id="list_categories")
def list_categories(request: HttpRequest) -> HttpResponse:
    """All categories as a tree."""
    here = visit(request)
    tree: list[dict[str, Any]] = []
    above: dict[str, dict[str, Any]] = {}
    for one in catalogue.categories(here.programme):
        node = {**category_ref(one, here.language), "count": one.goods, "children": []}
        above[one.path] = node
        parent = above.get(one.path[: -one.steplen])
        (parent["children"] if parent else tree).append(node)
    for node in tree:
        add_up(node)
    return told(tree)


def add_up(node: dict[str, Any]) -> int:
    """Count the goods of a category with those below it."""
    node["count"] += sum(add_up(child) for child in node["children"])
    return int(node["count"])


SORTS: dict[str, tuple[Any, tuple[Any, ...], tuple[str, ...]]] = {
    "popular": (catalogue.most_sold, (int, int), ("sold", "pk")),
    "new": (catalogue.newest, (int,), ("pk",)),
    "price_asc": (catalogue.cheapest, (Decimal, int), ("price", "pk")),
    "price_desc": (catalogue.dearest, (Decimal, int), ("price", "pk")),
}
"""For each order: the list, and of what its cursor is made."""


@router.get("/goods", response=CardPage, operation_id="list_goods")
def goods(
    request: HttpRequest,
    category: Sought | None = None,
    q: Search = "",
    merchant: Sought | None = None,
    sort: Sort = "popular",
    after: After = "",
    limit: Limit = PAGE,
) -> HttpResponse:
    """Goods by category, by words of either language, by merchant."""
    here = visit(request)
    parameters = in_force(here.programme)
    ordered, kinds, names = SORTS[sort]
    wanted = catalogue.Wanted(
        None if category is None else category_here(here, category),
        catalogue.words_of(q),
        merchant,
    )
    found = ordered(catalogue.search(here.programme, wanted), read_cursor(after, *kinds))
    return told(
        page(
            list(found[: limit + 1]),
            limit,
            lambda good: card(good, parameters, here.language),
            lambda good: cursor_of(*(getattr(good, name) for name in names)),
        )
    )


def category_here(here: Visit, number: int) -> Category:
    """A category of this shop.

    Raises:
        Problem: There is none of this number.
    """
    rows = Category.objects.filter(pk=number, programme_id=here.programme)
    found: Category | None = rows.first()
    if found is None:
        raise Problem(404, "not_found")
    return found


def good_here(here: Visit, number: int) -> Any:  # noqa: ANN401 - oscar ships no types
    """A good of this shop that people can see.

    Raises:
        Problem: There is none of this number.
    """
    found = catalogue.on_sale(here.programme).filter(pk=number).first()
    if found is None:
        raise Problem(404, "not_found")
    return found


def merchant_here(here: Visit, number: int) -> Any:  # noqa: ANN401 - as above
    """A merchant of this shop that is open.

    Raises:
        Problem: There is none of this number.
    """
    found = catalogue.merchants(here.programme, here.membership).filter(pk=number).first()
    if found is None:
        raise Problem(404, "not_found")
    return found


@router.get("/goods/{id:number}", response=GoodOut, operation_id="get_good")
def good(request: HttpRequest, number: int) -> HttpResponse:
    """A good, what it would earn, and what buyers say of it."""
    here = visit(request)
    found = good_here(here, number)
    parameters = in_force(here.programme)
    earned = earns(found, parameters)
    left = stock_left(found)
    rating = catalogue.rating_of(found)
    average = rating["average"]
    return told(
        {
            **card(found, parameters, here.language),
            "description": localised(found, "description", here.language),
            "pictures": [picture(image.original) for image in found.images.all()],
            "stock_left": left,
            "can_buy": here.shop.is_open and left != 0,
            "can_review": can_review(here, found),
            "earns_detail": {
                "award": amounts.money(earned.award),
                "quota": amounts.money(earned.quota),
                "matures_after_days": earned.matures_after_days,
            },
            "merchant": merchant_card(merchant_here(here, found.partner_id), here.language),
            "rating": {
                "average": None if average is None else f"{Decimal(average):.1f}",
                "count": rating["count"],
            },
            "reviews": [review_document(one) for one in catalogue.reviews_of(found)[:REVIEWS]],
            "valid_days": found.valid_days if found.kind == Product.Kind.VOUCHER else None,
        }
    )


def can_review(here: Visit, found: Any) -> bool:  # noqa: ANN401 - as above
    """Whether the member may say something of a good."""
    membership = here.membership
    return (
        membership is not None
        and catalogue.has_received(membership, found)
        and not catalogue.has_reviewed(membership, found)
    )


@router.get("/goods/{id:number}/reviews", response=ReviewPage, operation_id="list_reviews")
def reviews(
    request: HttpRequest, number: int, after: After = "", limit: Limit = PAGE
) -> HttpResponse:
    """What buyers say of a good."""
    found = catalogue.reviews_of(good_here(visit(request), number))
    start = read_cursor(after, int)
    if start is not None:
        found = found.filter(pk__lt=start[0])
    return told(
        page(list(found[: limit + 1]), limit, review_document, lambda one: cursor_of(one.pk))
    )


@router.post(
    "/goods/{id:number}/reviews",
    auth=of_member,
    response={201: ReviewOut},
    operation_id="write_review",
)
def write_review(request: HttpRequest, number: int, body: ReviewIn) -> HttpResponse:
    """Say something of a good that one has bought and received, once."""
    here = member(request)
    found = good_here(Visit(*here), number)
    if not catalogue.has_received(here.membership, found):
        raise refuse("not_received")
    written, made = get_model("reviews", "ProductReview").objects.get_or_create(
        product=found,
        user=here.user,
        defaults={"score": body.score, "title": body.text[:60], "body": body.text, "status": 1},
    )
    if not made:
        raise refuse("already_reviewed")
    return told(review_document(written), 201)


@router.get("/merchants", response=MerchantPage, operation_id="list_merchants")
def merchants(request: HttpRequest, after: After = "", limit: Limit = PAGE) -> HttpResponse:
    """The merchants of the shop."""
    here = visit(request)
    found = catalogue.merchants(here.programme, here.membership).order_by("pk")
    start = read_cursor(after, int)
    if start is not None:
        found = found.filter(pk__gt=start[0])
    return told(
        page(
            list(found[: limit + 1]),
            limit,
            lambda one: merchant_card(one, here.language),
            lambda one: cursor_of(one.pk),
        )
    )


@router.get("/merchants/{id:number}", response=MerchantOut, operation_id="get_shop_merchant")
def merchant(request: HttpRequest, number: int) -> HttpResponse:
    """A merchant's own page."""
    here = visit(request)
    found = merchant_here(here, number)
    return told(
        {
            **merchant_card(found, here.language),
            "about": localised(found, "about", here.language),
            "goods_count": catalogue.on_sale(here.programme).filter(partner=found).count(),
        }
    )


@router.put(
    "/merchants/{id:number}/follow",
    auth=of_member,
    response=MerchantCard,
    operation_id="follow_merchant",
)
def follow(request: HttpRequest, number: int) -> HttpResponse:
    """Follow a merchant."""
    return followed(request, number, on=True)


@router.delete(
    "/merchants/{id:number}/follow",
    auth=of_member,
    response=MerchantCard,
    operation_id="unfollow_merchant",
)
def unfollow(request: HttpRequest, number: int) -> HttpResponse:
    """Follow a merchant no longer."""
    return followed(request, number, on=False)


def followed(request: HttpRequest, number: int, *, on: bool) -> HttpResponse:
    """Follow or not, and tell how the merchant stands then."""
    here = member(request)
    catalogue.follow(here.membership, merchant_here(Visit(*here), number), on=on)
    return told(merchant_card(merchant_here(Visit(*here), number), here.language))
