"""Orders: paid, received, refunded."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from shareback.api import amounts
from shareback.api.access import admit
from shareback.api.clients import now_us
from shareback.api.schemas import Done, OrderIn, OrderPaid, Refunded, RefundIn
from shareback.api.writing import write
from shareback.engine import commands as cmd

router = Router(tags=["orders"])


def paid(body: OrderIn, at: int) -> cmd.PayOrder:
    """The command that pays an order."""
    return cmd.PayOrder(
        at,
        body.order_id,
        body.member_id,
        body.merchant_id or "",
        body.amount,
        body.profit,
        body.received,
        body.category or "",
    )


@router.post("/{programme}/orders", response={201: OrderPaid}, operation_id="pay_order")
def pay(request: HttpRequest, programme: int, body: OrderIn) -> HttpResponse:
    """Pay an order; it matures when it was received and its return window has closed (R6)."""
    caller = admit(request, programme, "orders:write")
    return write(
        request,
        caller,
        paid(body, now_us()),
        lambda done: {"order_id": body.order_id, "number": done.number},
    )


@router.post(
    "/{programme}/orders/{order_id}/received", response={200: Done}, operation_id="receive_order"
)
def receive(request: HttpRequest, programme: int, order_id: str) -> HttpResponse:
    """Mark an order as received: its return window opens (R6.3)."""
    caller = admit(request, programme, "orders:write")
    command = cmd.ReceiveOrder(now_us(), order_id)
    return write(request, caller, command, lambda _: {"done": True}, 200)


@router.post(
    "/{programme}/orders/{order_id}/refunds", response={201: Refunded}, operation_id="refund_order"
)
def refund(request: HttpRequest, programme: int, order_id: str, body: RefundIn) -> HttpResponse:
    """Give back money of an order, before or after it matured (R6.2, R6.4).

    A late refund above the programme's limit needs two approvers, who approve in the console.
    """
    caller = admit(request, programme, "orders:write")
    command = cmd.RefundOrder(now_us(), order_id, body.refund_id, body.amount)
    return write(
        request,
        caller,
        command,
        lambda done: {
            "order_id": order_id,
            "refund_id": body.refund_id,
            "amount": amounts.money(body.amount),
            "paid_out": amounts.money(done.money_uyuan),
        },
    )
