"""Receipt: a member has the goods, and the order begins to mature (R6.3)."""

from datetime import datetime

from django.db.models import Sum

from shareback.engine import commands as cmd
from shareback.mall.engines import apply, now_us
from shareback.mall.faults import Refused
from shareback.mall.models import Return
from shareback.mall.oscar.order.models import Order
from shareback.rules.codes import Code

COUNTED = (Return.State.ACCEPTED, Return.State.DONE)
"""Returns in these states have their amounts, and take their pieces."""


def lock(pk: int) -> Order:
    """Lock an order's row: whatever happens to it after its payment, one comes after the other."""
    found: Order = (
        Order.objects.select_for_update(no_key=True, of=("self",))
        .select_related("partner", "membership")
        .get(pk=pk)
    )
    return found


def net_cash(order: Order) -> int:
    """What of an order's cash has not gone back, in µ¥."""
    done = order.returns.filter(state=Return.State.DONE)
    return int(order.cash_uyuan - (done.aggregate(sum=Sum("cash_uyuan"))["sum"] or 0))


def mark_received(order: Order, at: datetime) -> None:
    """An order was received: its row is locked, and its state allows it.

    Raises:
        Refused: The engine refuses.
    """
    if net_cash(order) > 0:
        (answer,) = apply(order.programme_id, [cmd.ReceiveOrder(now_us(), order.number)])
        if answer.code not in {Code.ACCEPTED, Code.ALREADY_RECEIVED}:
            raise Refused(answer)
    order.received_at = at
    order.set_status("received")
