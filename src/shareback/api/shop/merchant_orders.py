"""The orders, returns and vouchers that a merchant serves."""

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from shareback.api import amounts
from shareback.api.problems import Problem
from shareback.api.shop.frame import StaffVisit, of_staff, staff
from shareback.api.shop.once import told
from shareback.api.shop.schemas_orders_served import (
    AnswerIn,
    ReturnState,
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
    localised,
    moment,
    moment_of,
    money,
    page,
    read_cursor,
)
from shareback.mall import orders, returns, vouchers
from shareback.mall.accounts.models import User
from shareback.mall.accounts.phones import COUNTRY, masked, masked_name
from shareback.mall.addresses import address_of
from shareback.mall.faults import CannotBe
from shareback.mall.models import GoodsVoucher, Return
from shareback.mall.oscar.catalogue.models import Product
from shareback.mall.oscar.order.models import Order
from shareback.mall.pictures import small_of

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
    return rows.select_related("user", "shipping_address").prefetch_related(
        "lines__product__images"
    )


def line_picture(line: Any) -> str | None:  # noqa: ANN401 - as above
    """The first picture of a line's good, in the size of lists."""
    for image in line.product.images.all() if line.product else ():
        return default_storage.url(small_of(image.original.name))
    return None


def line_title(line: Any, language: str) -> str:  # noqa: ANN401 - as above
    """The name of a line's good; as it was when it was bought, where the good has gone."""
    return localised(line.product, "title", language) if line.product else str(line.title)


def lines_document(
    order: Any,  # noqa: ANN401 - as above
    language: str,
) -> list[dict[str, Any]]:
    """The lines of an order."""
    back = returns.returned(order)
    return [
        {
            "id": line.pk,
            "title": line_title(line, language),
            "picture": line_picture(line),
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
        "state": orders.shown_state(order, returns.is_running(order)),
        "kind": order.kind,
        "buyer": buyer(order.user),
        "lines": lines_document(order, language),
        "total": money(order.total_incl_tax),
        "placed_at": moment(order.date_placed),
        "paid_at": moment(order.paid_at),
    }


@router.get(
    "/merchant/{int:merchant}/orders", response=ServedPage, operation_id="list_served_orders"
)
def list_orders(
    request: HttpRequest,
    merchant: int,  # noqa: ARG001 - read by the frame
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
    listed = list(rows[: limit + 1])
    return told(
        page(listed, limit, lambda one: card(one, here.language), lambda one: cursor_of(one.pk))
    )


def order_document(order: Any, language: str) -> dict[str, Any]:  # noqa: ANN401 - as above
    """An order with all that its merchant needs."""
    address = order.shipping_address
    to = address_of(address) if address is not None else None
    asked = Return.objects.filter(order=order).order_by("-asked_at")
    running = returns.is_running(order)
    return {
        **card(order, language),
        "paid": {
            "cash": amounts.money(order.cash_uyuan),
            "coins": amounts.coins(order.coins),
            "points_worth": amounts.money(order.points_uyuan),
        },
        "address": None
        if to is None
        else to._replace(phone=to.phone.removeprefix(COUNTRY))._asdict(),
        "parcel": {"carrier": order.carrier, "number": order.tracking_number}
        if order.carrier
        else None,
        "returns": [return_document(one, language) for one in with_lines(asked)],
        "can": {
            "ship": order.kind == Product.Kind.SHIPPED
            and order.status in {"paid", "shipped"}
            and not running
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
    "/merchant/{int:merchant}/orders/{number}",
    response=ServedOrder,
    operation_id="get_served_order",
)
def order(request: HttpRequest, merchant: int, number: str) -> HttpResponse:  # noqa: ARG001
    """One of the merchant's orders."""
    here = staff(request)
    return told(order_document(order_here(here, number), here.language))


@router.post(
    "/merchant/{int:merchant}/orders/{number}/ship",
    response=ServedOrder,
    operation_id="ship_order",
)
def ship(request: HttpRequest, merchant: int, number: str, body: ShipIn) -> HttpResponse:  # noqa: ARG001
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


def return_document(asked: Any, language: str) -> dict[str, Any]:  # noqa: ANN401 - as above
    """A return as its merchant sees it."""
    return {
        "id": str(asked.pk),
        "order": asked.order.number,
        "buyer": buyer(asked.order.user),
        "state": asked.state,
        "reason": asked.reason,
        "answer": asked.answer,
        "cash": amounts.money(asked.cash_uyuan),
        "coins": amounts.coins(asked.coins),
        "points_worth": amounts.money(asked.points_uyuan),
        "late": asked.late,
        "waits_for": asked.waits_for,
        "lines": [
            {
                "line": one.line_id,
                "title": line_title(one.line, language),
                "quantity": one.quantity,
            }
            for one in asked.lines.all()
        ],
        "asked_at": moment(asked.asked_at),
    }


@router.get(
    "/merchant/{int:merchant}/returns",
    response=ServedReturnPage,
    operation_id="list_served_returns",
)
def list_returns(
    request: HttpRequest,
    merchant: int,  # noqa: ARG001 - read by the frame
    state: ReturnState = "all",
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
    listed = list(with_lines(rows.order_by("-asked_at", "-pk")[: limit + 1]))
    return told(
        page(
            listed,
            limit,
            lambda one: return_document(one, here.language),
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
    return told(return_document(stands, here.language))


@router.post(
    "/merchant/{int:merchant}/returns/{uuid:number}/accept",
    response=ServedReturn,
    operation_id="accept_return",
)
def accept(
    request: HttpRequest,
    merchant: int,  # noqa: ARG001 - read by the frame
    number: UUID,
    body: AnswerIn,
) -> HttpResponse:
    """Take a return: what was paid goes back the way it came (A27)."""
    return decided(request, number, body, take=True)


@router.post(
    "/merchant/{int:merchant}/returns/{uuid:number}/refuse",
    response=ServedReturn,
    operation_id="refuse_return",
)
def refuse(
    request: HttpRequest,
    merchant: int,  # noqa: ARG001 - read by the frame
    number: UUID,
    body: AnswerIn,
) -> HttpResponse:
    """Do not take a return, and say why."""
    return decided(request, number, body, take=False)


def voucher_document(voucher: GoodsVoucher, language: str) -> dict[str, Any]:
    """A voucher as the counter sees it."""
    state = str(voucher.state)
    if state == GoodsVoucher.State.VALID and voucher.valid_until < vouchers.today(
        voucher.line.order.programme_id
    ):
        state = "expired"
    return {
        "title": line_title(voucher.line, language),
        "buyer": buyer(voucher.line.order.user),
        "state": state,
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


@router.get(
    "/merchant/{int:merchant}/vouchers/{code}", response=VoucherOut, operation_id="get_voucher"
)
def voucher(request: HttpRequest, merchant: int, code: str) -> HttpResponse:  # noqa: ARG001
    """A voucher that somebody shows."""
    here = staff(request)
    return told(voucher_document(voucher_here(here, code), here.language))


@router.post(
    "/merchant/{int:merchant}/vouchers/{code}/redeem",
    response=VoucherOut,
    operation_id="redeem_voucher",
)
def redeem(request: HttpRequest, merchant: int, code: str) -> HttpResponse:  # noqa: ARG001
    """Redeem a voucher, once."""
    here = staff(request)
    voucher_here(here, code)
    redeemed = vouchers.redeem(here.partner, code[:NUMBER_MAX], here.user)
    return told(voucher_document(redeemed, here.language))
