"""A member's orders, their receipt, and returns."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from shareback.api.problems import Problem
from shareback.api.shop.frame import MemberVisit, member, of_member, refuse
from shareback.api.shop.once import told
from shareback.api.shop.order_documents import (
    cards_of,
    listed,
    order_document,
    return_document,
)
from shareback.api.shop.qr import svg_of
from shareback.api.shop.schemas_orders import (
    OrderFilter,
    OrderOut,
    OrderPage,
    ReturnIn,
    ReturnOut,
)
from shareback.api.shop.shown import CURSOR_MAX, PAGE, PAGE_MAX, cursor_of, page, read_cursor
from shareback.mall import orders as kept
from shareback.mall import payments, returns
from shareback.mall.models import GoodsVoucher
from shareback.mall.oscar.order.models import Order

router = Router(tags=["orders"], auth=of_member)
Limit = Annotated[int, Query(ge=1, le=PAGE_MAX)]
After = Annotated[str, Query(max_length=CURSOR_MAX)]


def place_of(here: MemberVisit, number: str) -> str:
    """An order's address in the API."""
    return f"/api/v1/shops/{here.shop.slug}/orders/{number}"


def order_here(here: MemberVisit, number: str) -> Order:
    """One of the member's orders.

    Raises:
        Problem: There is none of this number, or it is somebody else's (A55).
    """
    found: Order | None = (
        Order.objects.select_related("partner", "purchase", "shipping_address")
        .filter(number=number, membership=here.membership)
        .first()
    )
    if found is None:
        raise Problem(404, "not_found")
    return found


def shown(here: MemberVisit, number: str) -> HttpResponse:
    """An order as it is now."""
    order = order_here(here, number)
    return told(order_document(order, here.language, place_of(here, number)))


@router.get("/orders", response=OrderPage, operation_id="list_orders")
def list_orders(
    request: HttpRequest,
    state: OrderFilter = "all",
    after: After = "",
    limit: Limit = PAGE,
) -> HttpResponse:
    """The member's orders, the latest first."""
    here = member(request)
    rows = Order.objects.filter(programme_id=here.programme, membership=here.membership)
    start = read_cursor(after, int)
    if start is not None:
        rows = rows.filter(pk__lt=start[0])
    found = list(listed(kept.in_state(rows, state)).order_by("-pk")[: limit + 1])
    cards = cards_of(here.programme, found, here.language)
    return told(page(found, limit, lambda one: cards[one.number], lambda one: cursor_of(one.pk)))


@router.get("/orders/{number}", response=OrderOut, operation_id="get_order", by_alias=True)
def order(request: HttpRequest, number: str) -> HttpResponse:
    """An order; whether it was paid is looked up where it should be known."""
    here = member(request)
    payments.brought_up(order_here(here, number).purchase)
    return shown(here, number)


@router.post(
    "/orders/{number}/received", response=OrderOut, operation_id="confirm_receipt", by_alias=True
)
def received(request: HttpRequest, number: str) -> HttpResponse:
    """Say that the goods are there: the order begins to mature."""
    here = member(request)
    kept.receive(here.membership, number)
    return shown(here, number)


@router.post("/orders/{number}/returns", response={201: ReturnOut}, operation_id="ask_for_return")
def ask(request: HttpRequest, number: str, body: ReturnIn) -> HttpResponse:
    """Ask for money back, for some pieces or all."""
    here = member(request)
    pieces: dict[int, int] = {}
    for line in body.lines:
        pieces[line.line] = pieces.get(line.line, 0) + line.quantity
    made = returns.ask(here.membership, number, pieces, body.reason)
    return told(return_document(made), 201)


@router.get(
    "/orders/{number}/vouchers/{code}/qr.svg",
    response={200: None},
    operation_id="get_voucher_qr",
)
def voucher_qr(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """A voucher's code as a QR code, an SVG."""
    order = order_here(member(request), number)
    found = GoodsVoucher.objects.filter(line__order=order, code=code).first()
    if found is None:
        raise refuse("voucher_unknown")
    return svg_of(found.code)
