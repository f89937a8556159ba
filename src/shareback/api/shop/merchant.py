"""A merchant's own pages: what it holds, and what it sells."""

from typing import Annotated, Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router
from ninja.files import UploadedFile

from shareback.api import amounts
from shareback.api.problems import Problem
from shareback.api.shop.cards import small_picture
from shareback.api.shop.figures import price_now
from shareback.api.shop.frame import StaffVisit, of_staff, staff
from shareback.api.shop.once import told
from shareback.api.shop.schemas_merchant import (
    GoodChanges,
    GoodIn,
    OverviewOut,
    OwnGoodOut,
    OwnGoodPage,
)
from shareback.api.shop.shown import (
    CURSOR_MAX,
    PAGE,
    PAGE_MAX,
    cursor_of,
    localised,
    money,
    page,
    picture,
    read_cursor,
)
from shareback.journal.models import Merchant, Programme
from shareback.mall.catalogue import with_price
from shareback.mall.holds import held_coins
from shareback.mall.local import midnight
from shareback.mall.merchants import (
    add_picture,
    category_of,
    change_good,
    make_good,
    remove_picture,
)
from shareback.mall.models import Return
from shareback.mall.oscar.catalogue.models import Product
from shareback.mall.oscar.order.models import Order
from shareback.mall.pictures import BYTES_MAX
from shareback.mall.terms import in_force
from shareback.rules.profiles import Feature, allows
from shareback.units.exact import mul_div
from shareback.units.text import per_cent
from shareback.units.text import price as price_text

router = Router(tags=["merchant"], auth=of_staff)
Limit = Annotated[int, Query(ge=1, le=PAGE_MAX)]
After = Annotated[str, Query(max_length=CURSOR_MAX)]
OWN_TEXTS = ("title", "title_en", "subtitle", "subtitle_en", "description", "description_en")


@router.get("", response=OverviewOut, operation_id="get_overview")
def overview(request: HttpRequest) -> HttpResponse:
    """The merchant at a glance."""
    here = staff(request)
    head = Programme.objects.get(pk=here.programme)
    account = Merchant.objects.get(programme_id=here.programme, number=here.partner.number)
    parameters = in_force(here.programme)
    worth = mul_div(account.points, head.reserve, head.supply) if head.supply else 0
    return told(
        {
            "id": here.partner.pk,
            "name": localised(here.partner, "name", here.language),
            "role": here.role,
            "coins": amounts.coins(account.coins),
            "coins_free": amounts.coins(max(0, account.coins - held_coins(here.partner))),
            "points": amounts.points(account.points),
            "points_cost": amounts.money(account.cost),
            "points_worth": amounts.money(worth),
            "payable": amounts.money(account.payable),
            **business(here),
            "concession": per_cent(here.partner.concession_ppm),
            "backing_categories": sorted(parameters.backing_by_category),
            "followers": here.partner.followers.count(),
            "price": price_text(price_now(head)),
            "can_sell": allows(parameters.profile, Feature.BUY_BACK),
            "fee": per_cent(parameters.redemption_fee),
        }
    )


def business(here: StaffVisit) -> dict[str, Any]:
    """What waits for the merchant, and what was sold today."""
    orders = Order.objects.filter(programme_id=here.programme, partner=here.partner)
    today = orders.filter(paid_at__gte=midnight(here.programme))
    to_ship = orders.filter(status="paid", lines__product__kind=Product.Kind.SHIPPED)
    asked = Return.objects.filter(order__in=orders, state=Return.State.ASKED)
    return {
        "to_ship": to_ship.distinct().count(),
        "returns_asked": asked.count(),
        "today": {
            "orders": today.count(),
            "cash": amounts.money(today.aggregate(cash=Sum("cash_uyuan"))["cash"] or 0),
        },
    }


def own_goods(here: StaffVisit) -> Any:  # noqa: ANN401 - oscar ships no types
    """The merchant's goods, hidden ones too."""
    rows = Product.objects.filter(programme_id=here.programme, partner=here.partner)
    return with_price(rows).prefetch_related("images", "categories").order_by("-pk")


def own_good(here: StaffVisit, number: int) -> Any:  # noqa: ANN401 - as above
    """One of the merchant's goods.

    Raises:
        Problem: There is none of this number, or it is another merchant's (A55).
    """
    found = own_goods(here).filter(pk=number).first()
    if found is None:
        raise Problem(404, "not_found")
    return found


def good_document(good: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    """A good as its merchant sees it."""
    categories = [category.pk for category in good.categories.all()]
    return {
        "id": good.pk,
        **{name: getattr(good, name) for name in OWN_TEXTS},
        "price": money(good.price),
        "stock": max(0, (good.in_stock or 0) - good.allocated),
        "kind": good.kind,
        "category": categories[0] if categories else None,
        "backing_category": good.backing_category,
        "valid_days": good.valid_days,
        "is_public": good.is_public,
        "sold": good.sold,
        "picture": small_picture(good),
        "pictures": [
            {"id": image.pk, "url": picture(image.original)} for image in good.images.all()
        ],
    }


@router.get("/goods", response=OwnGoodPage, operation_id="list_own_goods")
def goods(
    request: HttpRequest,
    after: After = "",
    limit: Limit = PAGE,
) -> HttpResponse:
    """The merchant's goods."""
    rows = own_goods(staff(request))
    start = read_cursor(after, int)
    if start is not None:
        rows = rows.filter(pk__lt=start[0])
    return told(page(list(rows[: limit + 1]), limit, good_document, lambda one: cursor_of(one.pk)))


@router.post("/goods", response={201: OwnGoodOut}, operation_id="add_good")
def add(request: HttpRequest, body: GoodIn) -> HttpResponse:
    """Put a good on sale."""
    here = staff(request)
    fields = body.model_dump(exclude={"price", "stock", "category"})
    category = None if body.category is None else category_of(here.partner, body.category)
    made = make_good(here.partner, body.price, body.stock, category, **fields)
    return told(good_document(own_good(here, made.pk)), 201)


@router.get(
    "/goods/{id:number}",
    response=OwnGoodOut,
    operation_id="get_own_good",
)
def good(request: HttpRequest, number: int) -> HttpResponse:
    """One of the merchant's goods."""
    return told(good_document(own_good(staff(request), number)))


@router.patch(
    "/goods/{id:number}",
    response=OwnGoodOut,
    operation_id="change_good",
)
def change(
    request: HttpRequest,
    number: int,
    body: GoodChanges,
) -> HttpResponse:
    """Change a good; orders keep what they were placed at."""
    here = staff(request)
    found = own_good(here, number)
    changes = {name: value for name, value in body.model_dump().items() if value is not None}
    category = changes.pop("category", None)
    placed = None if category is None else category_of(here.partner, category)
    change_good(Product.objects.get(pk=found.pk), changes, placed)
    return told(good_document(own_good(here, number)))


@router.post(
    "/goods/{id:number}/pictures",
    response={201: OwnGoodOut},
    operation_id="add_picture",
)
def upload(
    request: HttpRequest,
    number: int,
    picture: Annotated[UploadedFile, File()],
) -> HttpResponse:
    """Add a picture: JPEG, PNG or WebP of at most 8 MB and 40 million pixels."""
    here = staff(request)
    add_picture(Product.objects.get(pk=own_good(here, number).pk), picture.read(BYTES_MAX + 1))
    return told(good_document(own_good(here, number)), 201)


@router.delete(
    "/goods/{id:number}/pictures/{id:which}",
    response=OwnGoodOut,
    operation_id="remove_picture",
)
def remove(
    request: HttpRequest,
    number: int,
    which: int,
) -> HttpResponse:
    """Remove a picture."""
    here = staff(request)
    image = own_good(here, number).images.filter(pk=which).first()
    if image is None:
        raise Problem(404, "not_found")
    remove_picture(image)
    return told(good_document(own_good(here, number)))
