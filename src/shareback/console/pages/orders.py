"""Orders of the journal: the list, the search, one order's life."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from shareback.console.accounts import numbered, outside_ids
from shareback.console.desk import Desk, desk_of
from shareback.console.keyset import Rows, paged, whole
from shareback.console.movements import entry_address
from shareback.console.orders_shown import (
    member_address,
    merchant_cell,
    merchant_names,
    order_cells,
    order_columns,
    state_cell,
)
from shareback.console.pages.members import empty
from shareback.console.routes import Page
from shareback.console.site import show
from shareback.console.tables import (
    Cell,
    Column,
    Facts,
    Field,
    Section,
    paging,
    table,
    typed,
)
from shareback.engine.calendar import day_text
from shareback.engine.statements.pending import pending_worth
from shareback.journal.models import Identity, Maturity, Order, Refund
from shareback.mall.oscar.order.models import Order as ShopOrder
from shareback.rules.layout import ABSENT, OrderState
from shareback.rules.layout import Order as Life
from shareback.units.shown import NONE

STATES = {"awaiting_payment": "awaiting_payment"}
"""Words of the shop's states that are not called ``state_…``."""


@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """The orders, the latest first: all, or one member's; or the one that somebody looks for."""
    desk = desk_of(request)
    say, wanted = desk.voice.say, typed(request, "q")
    rows = Order.objects.filter(programme_id=desk.programme.pk)
    member = numbered(typed(request, "member"))
    lead = say("orders_lead", count=desk.voice.count(desk.programme.orders))
    if member:
        rows, lead = rows.filter(member=member), say("orders_of_member", number=member)
    page: Rows[Any]
    if wanted:
        page = Rows(list(rows.filter(order_id=wanted)[:1]), "", is_first=True)
    else:
        page = paged(rows, "number", request.GET.get("after", ""))
    return show(
        request,
        "list",
        say("menu_orders"),
        lead=lead,
        fields=[Field("q", say("orders_find"), wanted)],
        table=table(order_columns(desk), order_cells(desk, page.items), empty(desk, wanted)),
        **paging(request, page),
    )


@require_safe
def order(request: HttpRequest, number: int) -> HttpResponse:
    """One order: as it was paid, what it came to, what went back.

    Raises:
        Http404: The programme has none of this number (A55).
    """
    desk = desk_of(request)
    say = desk.voice.say
    rows = Order.objects.filter(programme_id=desk.programme.pk, number=number)
    found = rows.first() if whole(str(number)) else None
    if found is None:
        raise Http404(str(number))
    came_to = Maturity.objects.filter(programme_id=desk.programme.pk, number=number).first()
    shown = [as_paid(desk, found, came_to), what_it_earns(desk, found, came_to)]
    in_shop = of_shop(desk, found)
    return show(
        request,
        "detail",
        say("order", order=found.order_id),
        above=(reverse("console:orders"), say("menu_orders")),
        facts=[*shown, *([in_shop] if in_shop else [])],
        sections=[refunds(desk, found)],
    )


def as_paid(desk: Desk, order: Order, came_to: Maturity | None) -> Facts:
    """Who bought what of whom, and for how much."""
    voice = desk.voice
    say = voice.say
    ids = outside_ids(desk.programme.pk, Identity.Kind.MEMBER, [order.member])
    names = merchant_names(desk, {order.merchant})
    margin = desk.versions[order.terms].margin_rate
    unstated = say("profit_unstated", rate=voice.rate(margin))
    profit = voice.money(order.profit) if order.profit != ABSENT else unstated
    buyer = ids.get(order.member) or str(order.member)
    return Facts(
        say("paid"),
        [
            (say("state"), state_cell(desk, order, is_matured=came_to is not None)),
            (say("buyer"), Cell(buyer, member_address(order.member))),
            (say("seller"), merchant_cell(order.merchant, names)),
            (say("paid_on"), Cell(day_text(order.paid_day))),
            (say("paid"), Cell(voice.money(order.paid))),
            (say("refunded"), Cell(voice.money(order.refunded))),
            (say("net"), Cell(voice.money(order.paid - order.refunded))),
            (say("profit"), Cell(profit)),
            (say("backing"), Cell(voice.rate(order.backing))),
            (say("terms"), Cell(str(order.terms))),
        ],
    )


def what_it_earns(desk: Desk, order: Order, came_to: Maturity | None) -> Facts:
    """What an order will earn, or what it came to at maturity (R6.3)."""
    voice = desk.voice
    say = voice.say
    linked = Cell(say("linked_yes"), mark="owed") if order.linked == 1 else Cell(say("no"))
    due = day_text(order.due_day) if order.due_day != ABSENT else say("not_received")
    rows = [(say("due"), Cell(due)), (say("linked"), linked)]
    if came_to is None:
        if order.state == OrderState.PAID:
            values = [
                getattr(order, Life(column).name.lower()) for column in range(Life.POINTS_BUYER)
            ]
            award = pending_worth(values, desk.versions[order.terms].terms_row())
            note = say("award_now_note")
            rows.append((say("award_now"), Cell(voice.money(award), note=note)))
        return Facts(say("maturity"), rows)
    rows += [
        (say("matured_day"), Cell(day_text(came_to.day))),
        (say("net"), Cell(voice.money(came_to.matured_net))),
        (say("buyer_points"), Cell(voice.points(came_to.points_buyer))),
        (say("referrer_points"), Cell(voice.points(came_to.points_referrer))),
        (say("taken_back"), Cell(voice.points(came_to.taken_buyer + came_to.taken_referrer))),
    ]
    return Facts(say("maturity"), rows)


def of_shop(desk: Desk, order: Order) -> Facts | None:
    """The same order in the mall; nothing where it came from elsewhere."""
    found = ShopOrder.objects.filter(programme_id=desk.programme.pk, number=order.order_id).first()
    if found is None:
        return None
    voice = desk.voice
    say = voice.say
    state = STATES.get(found.status, f"state_{found.status}")
    return Facts(
        say("mall_order"),
        [
            (say("mall_state"), Cell(say(state))),
            (say("placed"), Cell(voice.moment(found.date_placed))),
            (say("with_cash"), Cell(voice.money(found.cash_uyuan))),
            (say("with_coins"), Cell(voice.coins(found.coins))),
            (say("with_points"), Cell(voice.money(found.points_uyuan))),
        ],
    )


def refunds(desk: Desk, order: Order) -> Section:
    """What went back of an order."""
    voice = desk.voice
    say = voice.say
    rows = Refund.objects.filter(programme_id=desk.programme.pk, order=order.number)
    heads = [
        Column(say("refund_id"), "code"),
        Column(say("money"), "num"),
        Column(say("paid_out"), "num"),
        Column(say("entry"), "num"),
    ]
    sees_entries = desk.may_see("entry")
    cells = [
        [
            Cell(row.refund_id),
            Cell(voice.money(row.money)),
            Cell(voice.money(row.paid_out) if row.paid_out else NONE),
            Cell(str(row.sequence), entry_address(row.sequence) if sees_entries else ""),
        ]
        for row in rows.order_by("refund_id")[:100]
    ]
    return Section(say("order_refunds"), table(heads, cells, say("nothing")))


PAGES = (
    Page("orders", "orders/", orders),
    Page("order", "orders/<int:number>/", order),
)
