"""The orders, returns and vouchers that a merchant serves."""

from typing import Annotated, Any
from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from shareback.api import amounts
from shareback.api.problems import Problem
from shareback.api.shop.frame import StaffVisit, of_staff, staff
from shareback.api.shop.once import told
from shareback.api.shop.order_documents import (
    listed,
    paid_document,
    parcel,
    picture_of,
    return_document,
    title_of,
    where,
)
from shareback.api.shop.schemas_orders_served import (
    AnswerIn,
    ReturnFilter,
    ServedOrder,
    ServedPage,
    ServedReturn,
    ServedReturnPage,
    ServedState,
    ShipIn,
    VoucherOut,
)
from shareback.api.shop.shown import (
    CURSOR_MAX,
    PAGE,
    PAGE_MAX,
    cursor_of,
    moment,
    moment_of,
    money,
    page,
    read_cursor,
)
from shareback.mall import orders, returns, vouchers
from shareback.mall.accounts.models import User
from shareback.mall.accounts.phones import masked, masked_name
from shareback.mall.faults import CannotBe
from shareback.mall.local import day_of
from shareback.mall.models import GoodsVoucher, Return, ReturnLine
from shareback.mall.oscar.catalogue.models import Product
from shareback.mall.oscar.order.models import Order
from shareback.mall.previewing import Preview, previews
from shareback.mall.receiving import COUNTED
from shareback.units.text import yuan

router = Router(tags=["merchant"], auth=of_staff)
Limit = Annotated[int, Query(ge=1, le=PAGE_MAX)]
After = Annotated[str, Query(max_length=CURSOR_MAX)]
NUMBER_MAX = 60


def buyer(user: User | None) -> str:
    """Who has bought, told in part."""
    if user is None:
        return ""
    return masked(user.phone) or masked_name(user.name)


def served(here: StaffVisit) -> Any:  # noqa: ANN401 - oscar ships no types
    """The merchant's orders that were paid."""
    rows = Order.objects.filter(
        programme_id=here.programme, partner=here.partner, paid_at__isnull=False
    )
    counted = ReturnLine.objects.filter(returned__state__in=COUNTED)
    return (
        listed(rows)
        .select_related("user", "shipping_address")
        .prefetch_related(Prefetch("lines__return_lines", counted, to_attr="given_back"))
    )


def lines_document(
    order: Any,  # noqa: ANN401 - as above
    language: str,
) -> list[dict[str, Any]]:
    """The lines of an order of `served`."""
    return [
        {
            "id": line.pk,
            "title": title_of(line, language),
            "picture": picture_of(line),
            "quantity": line.quantity,
            "returned": sum(one.quantity for one in line.given_back),
            "total": money(line.line_price_incl_tax),
        }
        for line in order.lines.all()
    ]


def card(order: Any, language: str) -> dict[str, Any]:  # noqa: ANN401 - as above
    """An order as the list shows it."""
    return {
        "number": order.number,
        "state": orders.shown_state(order, order.running),
        "kind": order.kind,
        "buyer": buyer(order.user),
        "lines": lines_document(order, language),
        "total": money(order.total_incl_tax),
        "placed_at": moment(order.date_placed),
        "paid_at": moment(order.paid_at),
    }


@router.get("/orders", response=ServedPage, operation_id="list_served_orders")
def list_orders(
    request: HttpRequest,
    state: ServedState = "all",
    after: After = "",
    limit: Limit = PAGE,
) -> HttpResponse:
    """The merchant's orders, the latest first."""
    here = staff(request)
    rows = orders.in_state(served(here), state).order_by("-pk")
    start = read_cursor(after, int)
    if start is not None:
        rows = rows.filter(pk__lt=start[0])
    found = list(rows[: limit + 1])
    return told(
        page(found, limit, lambda one: card(one, here.language), lambda one: cursor_of(one.pk))
    )


def order_document(order: Any, language: str) -> dict[str, Any]:  # noqa: ANN401 - as above
    """An order with all that its merchant needs."""
    asked = with_lines(Return.objects.filter(order=order).order_by("-asked_at"))
    return {
        **card(order, language),
        "paid": paid_document(order),
        "address": where(order),
        "parcel": parcel(order),
        "returns": served_returns(order.programme_id, asked, language),
        "can": {
            "ship": order.kind == Product.Kind.SHIPPED
            and order.status in {"paid", "shipped"}
            and not order.running
        },
    }


def order_here(here: StaffVisit, number: str) -> Any:  # noqa: ANN401 - as above
    """One of the merchant's orders.

    Raises:
        Problem: There is none of this number, or it is another merchant's (A55).
    """
    found = served(here).filter(number=number).first() if len(number) <= NUMBER_MAX else None
    if found is None:
        raise Problem(404, "not_found")
    return found


@router.get(
    "/orders/{number}",
    response=ServedOrder,
    operation_id="get_served_order",
)
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One of the merchant's orders."""
    here = staff(request)
    return told(order_document(order_here(here, number), here.language))


@router.post(
    "/orders/{number}/ship",
    response=ServedOrder,
    operation_id="ship_order",
)
def ship(request: HttpRequest, number: str, body: ShipIn) -> HttpResponse:
    """Say that a parcel was handed over, and to whom."""
    here = staff(request)
    order_here(here, number)
    orders.ship(here.partner, number, body.carrier, body.number)
    return told(order_document(order_here(here, number), here.language))


def with_lines(rows: Any) -> list[Return]:  # noqa: ANN401 - a queryset
    """Returns with their orders and lines."""
    found = rows.select_related("order__user").prefetch_related("lines__line__product")
    return list(found)


def served_returns(programme: int, found: list[Return], language: str) -> list[dict[str, Any]]:
    """Returns as their merchant sees them."""
    would = previews(programme, found)
    return [served_return(one, would.get(one.pk), language) for one in found]


def previewed(would: Preview) -> dict[str, Any]:
    """What would go back."""
    return {
        "cash": yuan(would.back.cash),
        "coins": amounts.coins(would.back.coins),
        "points_worth": amounts.money(would.back.points),
        "late": would.late,
    }


def served_return(asked: Return, would: Preview | None, language: str) -> dict[str, Any]:
    """A return as its merchant sees it; of one that is undecided, what would go back."""
    return {
        **return_document(asked),
        **({} if would is None else previewed(would)),
        "order": asked.order.number,
        "buyer": buyer(asked.order.user),
        "lines": [
            {
                "line": one.line_id,
                "title": title_of(one.line, language),
                "quantity": one.quantity,
            }
            for one in asked.lines.all()
        ],
    }


@router.get(
    "/returns",
    response=ServedReturnPage,
    operation_id="list_served_returns",
)
def list_returns(
    request: HttpRequest,
    state: ReturnFilter = "all",
    after: After = "",
    limit: Limit = PAGE,
) -> HttpResponse:
    """What members ask to give back, the latest first."""
    here = staff(request)
    rows = Return.objects.filter(order__programme_id=here.programme, order__partner=here.partner)
    if state != "all":
        rows = rows.filter(state=state)
    start = read_cursor(after, moment_of, UUID)
    if start is not None:
        at, number = start
        rows = rows.filter(asked_at__lte=at).exclude(asked_at=at, pk__gte=number)
    found = with_lines(rows.order_by("-asked_at", "-pk")[: limit + 1])
    would = previews(here.programme, found[:limit])
    return told(
        page(
            found,
            limit,
            lambda one: served_return(one, would.get(one.pk), here.language),
            lambda one: cursor_of(one.asked_at.isoformat(), one.pk),
        )
    )


def decided(request: HttpRequest, number: UUID, body: AnswerIn, *, take: bool) -> HttpResponse:
    """Accept or refuse a return, and tell how it stands then."""
    here = staff(request)
    try:
        asked = returns.of_partner(here.partner, number)
    except CannotBe:
        raise Problem(404, "not_found") from None
    (returns.accept if take else returns.refuse)(asked, here.user, body.answer)
    (stands,) = with_lines(Return.objects.filter(pk=number))
    return told(served_return(stands, None, here.language))


@router.post(
    "/returns/{uuid:number}/accept",
    response=ServedReturn,
    operation_id="accept_return",
)
def accept(
    request: HttpRequest,
    number: UUID,
    body: AnswerIn,
) -> HttpResponse:
    """Take a return: what was paid goes back the way it came (A27)."""
    return decided(request, number, body, take=True)


@router.post(
    "/returns/{uuid:number}/refuse",
    response=ServedReturn,
    operation_id="refuse_return",
)
def refuse(
    request: HttpRequest,
    number: UUID,
    body: AnswerIn,
) -> HttpResponse:
    """Do not take a return, and say why."""
    return decided(request, number, body, take=False)


def voucher_document(voucher: GoodsVoucher, here: StaffVisit) -> dict[str, Any]:
    """A voucher as the counter sees it."""
    return {
        "title": title_of(voucher.line, here.language),
        "buyer": buyer(voucher.line.order.user),
        "state": vouchers.state_on(voucher, day_of(voucher.line.order.programme_id)),
        "valid_until": voucher.valid_until.isoformat(),
        "redeemed_at": moment(voucher.redeemed_at),
        "by_you": voucher.redeemed_by_id == here.user.pk,
    }


def voucher_here(here: StaffVisit, code: str) -> GoodsVoucher:
    """A voucher of the merchant's own goods.

    Raises:
        Problem: There is none of this code, or it is another merchant's (A55).
    """
    try:
        return vouchers.of_partner(here.partner, code[:NUMBER_MAX])
    except CannotBe:
        raise Problem(404, "not_found") from None


@router.get("/vouchers/{code}", response=VoucherOut, operation_id="get_voucher")
def voucher(request: HttpRequest, code: str) -> HttpResponse:
    """A voucher that somebody shows."""
    here = staff(request)
    return told(voucher_document(voucher_here(here, code), here))


@router.post(
    "/vouchers/{code}/redeem",
    response=VoucherOut,
    operation_id="redeem_voucher",
)
def redeem(request: HttpRequest, code: str) -> HttpResponse:
    """Redeem a voucher, once."""
    here = staff(request)
    voucher_here(here, code)
    redeemed = vouchers.redeem(here.partner, code[:NUMBER_MAX], here.user)
    return told(voucher_document(redeemed, here))
