"""Orders and returns as documents, for members and for merchants."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from oscar.core.loading import get_model

from shareback.api import amounts
from shareback.api.shop.cards import merchant_ref, small_picture
from shareback.api.shop.shown import moment, money
from shareback.mall import vouchers
from shareback.mall.accounts.phones import COUNTRY
from shareback.mall.addresses import address_of
from shareback.mall.local import day_of
from shareback.mall.models import GoodsVoucher, Return
from shareback.mall.orders import Earned, coins_due, earned, shown_state
from shareback.mall.oscar.order.models import Order
from shareback.mall.returns import RUNNING, returnable, returned
from shareback.units.text import yuan

MOMENTS = (
    ("placed", "date_placed"),
    ("paid", "paid_at"),
    ("shipped", "shipped_at"),
    ("received", "received_at"),
)


def listed(orders: QuerySet[Any]) -> QuerySet[Any]:
    """Orders with all that a list shows of them, in a few reads."""
    running = Return.objects.filter(order=OuterRef("pk"), state__in=RUNNING)
    found: QuerySet[Any] = (
        orders.select_related("partner")
        .prefetch_related("lines__product__images")
        .annotate(running=Exists(running))
    )
    return found


def title_of(line: Any, language: str) -> str:  # noqa: ANN401 - a row of oscar's
    """What was bought: as it was called then, or in English as it is called now."""
    english = line.product.title_en if language == "en" and line.product is not None else ""
    return str(english or line.title)


def picture_of(line: Any) -> str | None:  # noqa: ANN401 - as above
    """The picture of what was bought."""
    return small_picture(line.product) if line.product is not None else None


def card_document(order: Any, earns: Earned, language: str) -> dict[str, Any]:  # noqa: ANN401 - as above
    """An order of `listed`."""
    return {
        "number": order.number,
        "state": shown_state(order, order.running),
        "merchant": merchant_ref(order.partner, language),
        "lines": [
            {
                "title": title_of(line, language),
                "picture": picture_of(line),
                "quantity": line.quantity,
            }
            for line in order.lines.all()
        ],
        "total": money(order.total_incl_tax),
        "placed_at": moment(order.date_placed),
        "earns": amounts.money(earns.worth),
    }


def cards_of(programme: int, orders: Sequence[Any], language: str) -> dict[str, dict[str, Any]]:
    """Cards of some orders, by their numbers."""
    earns = earned(programme, orders)
    return {order.number: card_document(order, earns[order.number], language) for order in orders}


def paid_document(order: Order) -> dict[str, Any]:
    """With what an order was paid."""
    return {
        "cash": yuan(order.cash_uyuan),
        "coins": amounts.coins(order.coins),
        "points": amounts.points(order.points),
        "points_worth": amounts.money(order.points_uyuan),
    }


def earns_document(earns: Earned) -> dict[str, Any]:
    """What an order earns."""
    return {
        "worth": amounts.money(earns.worth),
        "state": earns.state,
        "matures_on": earns.matures_on,
        "points": None if earns.points is None else amounts.points(earns.points),
    }


def where(order: Order) -> dict[str, str] | None:
    """Where an order goes."""
    if order.shipping_address is None:
        return None
    fields = address_of(order.shipping_address)._asdict()
    return {**fields, "phone": fields["phone"].removeprefix(COUNTRY)}


def parcel(order: Order) -> dict[str, str] | None:
    """Who brings it."""
    if order.shipped_at is None:
        return None
    return {"carrier": order.carrier, "number": order.tracking_number}


def return_document(found: Return) -> dict[str, Any]:
    """A return."""
    return {
        "id": str(found.pk),
        "state": found.state,
        "reason": found.reason,
        "answer": found.answer,
        "cash": yuan(found.cash_uyuan),
        "coins": amounts.coins(found.coins),
        "points_worth": amounts.money(found.points_uyuan),
        "kept": amounts.money(found.kept_uyuan),
        "late": found.late,
        "waits_for": found.waits_for,
        "lines": [{"line": line.line_id, "quantity": line.quantity} for line in found.lines.all()],
        "asked_at": moment(found.asked_at),
    }


def returns_of(order: Order) -> list[Return]:
    """An order's returns, the first first."""
    return list(order.returns.prefetch_related("lines").order_by("asked_at", "pk"))


def timeline(order: Order, found: Iterable[Return]) -> list[dict[str, Any]]:
    """What happened to an order, in its order of time."""
    happened: list[tuple[datetime, str]] = [
        (getattr(order, column), what) for what, column in MOMENTS if getattr(order, column)
    ]
    for one in found:
        happened.append((one.asked_at, "return_asked"))
        if one.state == Return.State.REFUSED and one.decided_at is not None:
            happened.append((one.decided_at, "return_refused"))
        if one.done_at is not None:
            happened.append((one.done_at, "return_done"))
    if order.closed_at is not None:
        happened.append((order.closed_at, str(order.status)))
    # The sort keeps what has the same moment in the order in which it was written down.
    happened.sort(key=lambda one: one[0])
    return [{"what": what, "at": moment(at)} for at, what in happened]


def voucher_document(voucher: GoodsVoucher, place: str, today: date) -> dict[str, Any]:
    """A voucher as its owner shows it."""
    return {
        "code": voucher.code,
        "qr": f"{place}/vouchers/{voucher.code}/qr.svg",
        "state": vouchers.state_on(voucher, today),
        "valid_until": voucher.valid_until.isoformat(),
    }


def lines_document(order: Order, language: str, place: str) -> list[dict[str, Any]]:
    """The lines of an order.

    Args:
        order: The order.
        language: "zh" or "en".
        place: The order's address in the API, under which vouchers' codes are drawn.
    """
    taken, can = returned(order), returnable(order)
    today = day_of(order.programme_id)
    reviewed = reviewed_goods(order)
    rows = order.lines.prefetch_related("product__images", "goods_vouchers").order_by("pk")
    return [
        {
            "id": line.pk,
            "good_id": line.product_id,
            "title": title_of(line, language),
            "picture": picture_of(line),
            "kind": order.kind,
            "quantity": line.quantity,
            "price": money(line.unit_price_incl_tax),
            "total": money(line.line_price_incl_tax),
            "returned": taken.get(line.pk, 0),
            "returnable": can.get(line.pk, 0),
            "reviewed": line.product_id in reviewed,
            "vouchers": [
                voucher_document(one, place, today)
                for one in sorted(line.goods_vouchers.all(), key=lambda one: one.code)
            ],
        }
        for line in rows
    ]


def reviewed_goods(order: Order) -> set[int]:
    """Which goods the buyer has said something of."""
    goods = [pk for pk in order.lines.values_list("product_id", flat=True) if pk]
    rows = get_model("reviews", "ProductReview").objects.filter(
        user_id=order.user_id, product_id__in=goods
    )
    return set(rows.values_list("product_id", flat=True))


def order_document(order: Order, language: str, place: str) -> dict[str, Any]:
    """An order as its member sees it."""
    found = returns_of(order)
    running = any(one.state in RUNNING for one in found)
    lines = lines_document(order, language, place)
    return {
        "number": order.number,
        "state": shown_state(order, running),
        "purchase": str(order.purchase_id),
        "merchant": merchant_ref(order.partner, language),
        "placed_at": moment(order.date_placed),
        "lines": lines,
        "total": money(order.total_incl_tax),
        "paid": paid_document(order),
        "coins_due": amounts.coins(coins_due(order)),
        "earns": earns_document(earned(order.programme_id, [order])[order.number]),
        "address": where(order),
        "parcel": parcel(order),
        "timeline": timeline(order, found),
        "can": can_document(order, lines, running=running),
        "returns": [return_document(one) for one in found],
    }


def can_document(
    order: Order, lines: Sequence[dict[str, Any]], *, running: bool
) -> dict[str, bool]:
    """What the member can do with an order now."""
    waits = order.status == "awaiting_payment"
    return {
        "pay": waits and order.purchase.expires_at > timezone.now(),
        "cancel": waits,
        "receive": order.status == "shipped" and not running,
        "return": not running and any(line["returnable"] for line in lines),
        "review": order.status == "received"
        and any(line["good_id"] is not None and not line["reviewed"] for line in lines),
    }
