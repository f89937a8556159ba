"""Vouchers: pieces of a local service, bought here, redeemed once at the merchant's."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from shareback.mall.accounts.models import User
from shareback.mall.faults import CannotBe
from shareback.mall.letters import new_letters
from shareback.mall.local import day_of
from shareback.mall.models import GoodsVoucher, Return
from shareback.mall.oscar.catalogue.models import Product
from shareback.mall.oscar.order.models import Order
from shareback.mall.oscar.partner.models import Partner
from shareback.mall.receiving import lock, mark_received

CODE_LENGTH = 16
"""80 bits: nobody comes upon one by trying."""

State = GoodsVoucher.State


def issue(order: Order, lines: Iterable[Any]) -> None:
    """Make the vouchers of an order that was just paid, one for each piece."""
    first = day_of(order.programme_id)
    GoodsVoucher.objects.bulk_create(
        GoodsVoucher(
            line=line,
            code=new_letters(CODE_LENGTH),
            valid_until=first + timedelta(days=valid_days(line.product)),
        )
        for line in lines
        for _piece in range(line.quantity)
    )


def valid_days(good: Product | None) -> int:
    """How many days a good's voucher is valid."""
    return int(good.valid_days) if good is not None else 0


def plain(code: str) -> str:
    """A code as it is kept, whatever spaces and small letters it was typed with."""
    return "".join(code.split()).replace("-", "").upper()


def of_partner(partner: Partner, code: str) -> GoodsVoucher:
    """A voucher of a merchant's own goods.

    Raises:
        CannotBe: There is none of this code, or it is another merchant's, which looks the same.
    """
    found = (
        GoodsVoucher.objects.select_related("line__order__user", "line__product")
        .filter(code=plain(code), line__order__partner=partner)
        .first()
    )
    if found is None:
        raise CannotBe("voucher_unknown")
    return found


def state_on(voucher: GoodsVoucher, day: date) -> str:
    """A voucher's state on a local day: one that nobody redeemed in time is expired."""
    if voucher.state == State.VALID and voucher.valid_until < day:
        return "expired"
    return str(voucher.state)


def redeem(partner: Partner, code: str, user: User) -> GoodsVoucher:
    """Redeem a voucher, once; with the last one of an order the order counts as received.

    Raises:
        CannotBe: It is no voucher of this merchant, was used or returned, or its time is over.
        Refused: The engine refuses the receipt.
    """
    with transaction.atomic():
        order = lock(of_partner(partner, code).line.order_id)
        # Read anew under the lock: somebody may have redeemed it just now.
        found = of_partner(partner, code)
        if found.state != State.VALID:
            used = found.state == State.REDEEMED
            raise CannotBe("voucher_redeemed" if used else "voucher_returned")
        if found.valid_until < day_of(order.programme_id):
            raise CannotBe("voucher_expired")
        if left_of_line(found.line) <= wanted_back(found.line):
            raise CannotBe("return_running")
        found.state = State.REDEEMED
        found.redeemed_at = timezone.now()
        found.redeemed_by = user
        found.save(update_fields=["state", "redeemed_at", "redeemed_by"])
        receive_if_used_up(order)
        return found


def left_of_line(line: Any) -> int:  # noqa: ANN401 - a row of oscar's
    """How many vouchers of a line are valid."""
    return int(line.goods_vouchers.filter(state=State.VALID).count())


def wanted_back(line: Any) -> int:  # noqa: ANN401 - as above
    """How many vouchers of a line are spoken for by a return that was accepted and waits."""
    waiting = line.return_lines.filter(returned__state=Return.State.ACCEPTED)
    return int(waiting.aggregate(sum=Sum("quantity"))["sum"] or 0)


def of_order(order: Order, state: State) -> Any:  # noqa: ANN401 - a queryset
    """An order's vouchers in a state."""
    return GoodsVoucher.objects.filter(line__order=order, state=state)


def receive_if_used_up(order: Order) -> None:
    """An order of which no voucher is left, and one was redeemed, counts as received.

    Raises:
        Refused: The engine refuses.
    """
    if order.status != "paid" or order.kind != Product.Kind.VOUCHER:
        return
    if of_order(order, State.REDEEMED).exists() and not of_order(order, State.VALID).exists():
        mark_received(order, timezone.now())


def give_up(line: Any, pieces: int) -> None:  # noqa: ANN401 - a row of oscar's
    """Vouchers of a line that are returned: those whose time is over soonest.

    Raises:
        CannotBe: So many are not left; some were redeemed meanwhile.
    """
    valid = line.goods_vouchers.filter(state=State.VALID).order_by("valid_until", "pk")
    chosen = list(valid.values_list("pk", flat=True)[:pieces])
    if len(chosen) < pieces:
        raise CannotBe("voucher_redeemed")
    GoodsVoucher.objects.filter(pk__in=chosen).update(state=State.RETURNED)
