"""Orders: paid, received, refunded; a large late refund is one client's wish, another's consent."""

from collections.abc import Sequence
from functools import partial

from django.http import HttpRequest, HttpResponse
from ninja import Router

from shareback.api import amounts
from shareback.api.access import admit
from shareback.api.approvals import APPROVERS, approved, let_wait, request_document, request_of
from shareback.api.clients import now_us
from shareback.api.models import RefundRequest
from shareback.api.problems import refusal_problem
from shareback.api.reading import PAGE, page
from shareback.api.routes.reading import After, Limit
from shareback.api.schemas import Done, OrderIn, OrderPaid, Refunded, RefundIn, RefundWaiting
from shareback.api.schemas_read import RequestPage
from shareback.api.writing import document, key_of, scoped, submit, write
from shareback.engine import commands as cmd
from shareback.rules.codes import Code

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
    "/{programme}/orders/{outside_id:order_id}/received",
    response={200: Done},
    operation_id="receive_order",
)
def receive(request: HttpRequest, programme: int, order_id: str) -> HttpResponse:
    """Mark an order as received: its return window opens (R6.3)."""
    caller = admit(request, programme, "orders:write")
    command = cmd.ReceiveOrder(now_us(), order_id)
    return write(request, caller, command, lambda _: {"done": True}, 200)


@router.post(
    "/{programme}/orders/{outside_id:order_id}/refunds",
    response={201: Refunded, 202: RefundWaiting},
    operation_id="refund_order",
)
def refund(request: HttpRequest, programme: int, order_id: str, body: RefundIn) -> HttpResponse:
    """Give back money of an order, before or after it matured (R6.2, R6.4).

    A late refund above the programme's limit needs two approvers: it is taken in (202), and
    waits until another client approves it.
    """
    caller = admit(request, programme, "orders:write")
    key = scoped(caller, key_of(request))
    command = cmd.RefundOrder(now_us(), order_id, body.refund_id, body.amount, key=key)
    told: list[cmd.Answer] = []

    def ask(answers: Sequence[cmd.Answer]) -> None:
        told[:] = let_wait(caller, [command], answers)

    (answer,) = submit(request, caller, [command], key, ask)
    if told[0].code == Code.NEEDS_TWO_APPROVERS:
        waiting = named(command) | {"waiting": True}
        return document(request, waiting, 202, repeated=answer.repeated)
    if told[0].code != Code.ACCEPTED:
        raise refusal_problem(told[0])
    return document(request, refunded(command, answer), 201, repeated=answer.repeated)


def named(command: cmd.RefundOrder) -> dict[str, object]:
    """A refund by its ids and its amount."""
    return {
        "order_id": command.order_id,
        "refund_id": command.refund_id,
        "amount": amounts.money(command.money_uyuan),
    }


def refunded(command: cmd.RefundOrder, done: cmd.Answer) -> dict[str, object]:
    """What a refund came to."""
    return named(command) | {"paid_out": amounts.money(done.money_uyuan)}


@router.post(
    "/{programme}/orders/{outside_id:order_id}/refunds/{outside_id:refund_id}/approval",
    response={201: Refunded},
    operation_id="approve_refund",
)
def approve(request: HttpRequest, programme: int, order_id: str, refund_id: str) -> HttpResponse:
    """Give back the money of a refund that waits: as its second approver (R6.4).

    Another client must have asked for it. Approved once more, it gets the first answer again.
    """
    caller = admit(request, programme, "refunds:approve")
    asked = request_of(caller, order_id, refund_id)
    key = scoped(caller, key_of(request))
    ids = (asked.order_id, asked.refund_id)
    command = cmd.RefundOrder(now_us(), *ids, asked.money, APPROVERS, key)
    (answer,) = submit(request, caller, [command], key, partial(approved, caller, asked))
    if answer.code != Code.ACCEPTED:
        raise refusal_problem(answer)
    return document(request, refunded(command, answer), 201, repeated=answer.repeated)


@router.get(
    "/{programme}/refund-requests", response=RequestPage, operation_id="list_refund_requests"
)
def requests(
    request: HttpRequest, programme: int, after: After = 0, limit: Limit = PAGE
) -> HttpResponse:
    """The refunds that wait for approval, by the number under which they were asked for."""
    admit(request, programme, "refunds:approve")
    waiting = RefundRequest.objects.filter(
        programme_id=programme, approved_by=None, number__gt=after
    )
    rows = list(waiting.order_by("number")[: limit + 1])
    return document(request, page(rows, limit, request_document, lambda row: row.number))
