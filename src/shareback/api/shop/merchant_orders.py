"""The orders, returns and vouchers that a merchant serves."""

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

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
from shareback.mall.models import GoodsVoucher, Return
from shareback.mall.oscar.catalogue.models import Product
from shareback.mall.oscar.order.models import Order

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
    return listed(rows).select_related("user", "shipping_address")


def lines_document(
    order: Any,  # noqa: ANN401 - as above
    language: str,
) -> list[dict[str, Any]]:
    """The lines of an order."""
    back = returns.returned(order)
    return [
        {
            "id": line.pk,
            "title": title_of(line, language),
            "picture": picture_of(line),
            "quantity": line.quantity,
            "returned": back.get(line.pk, 0),
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
    asked = Return.objects.filter(order=order).order_by("-asked_at")
    return {
        **card(order, language),
        "paid": paid_document(order),
        "address": where(order),
        "parcel": parcel(order),
        "returns": [served_return(one, language) for one in with_lines(asked)],
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


def with_lines(rows: Any) -> Iterable[Return]:  # noqa: ANN401 - a queryset
    """Returns with their orders and lines."""
    found: Iterable[Return] = rows.select_related("order__user").prefetch_related(
        "lines__line__product"
    )
    return found


def served_return(asked: Return, language: str) -> dict[str, Any]:
    """A return as its merchant sees it."""
    return {
        **return_document(asked),
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
    found = list(with_lines(rows.order_by("-asked_at", "-pk")[: limit + 1]))
    return told(
        page(
            found,
            limit,
            lambda one: served_return(one, here.language),
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
    return told(served_return(stands, here.language))


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


def voucher_document(voucher: GoodsVoucher, language: str) -> dict[str, Any]:
    """A voucher as the counter sees it."""
    return {
        "title": title_of(voucher.line, language),
        "buyer": buyer(voucher.line.order.user),
        "state": vouchers.state_on(voucher, day_of(voucher.line.order.programme_id)),
        "valid_until": voucher.valid_until.isoformat(),
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
    return told(voucher_document(voucher_here(here, code), here.language))


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
    return told(voucher_document(redeemed, here.language))
