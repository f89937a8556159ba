"""Refunds, and what members owe after late ones."""

from collections.abc import Sequence

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shareback.console.accounts import outside_ids
from shareback.console.desk import Desk, desk_of
from shareback.console.keyset import A_PAGE, whole
from shareback.console.movements import entry_address
from shareback.console.orders_shown import member_address
from shareback.console.routes import Page
from shareback.console.site import show
from shareback.console.statements import order_address
from shareback.console.tables import Cell, Column, query, table, typed
from shareback.journal.models import Identity, Maturity, Member, Order, Refund
from shareback.units.shown import NONE

LOOKED_THROUGH = 20_000
"""Members looked at for one page: so a page costs the same however many there are."""


@require_safe
def refunds(request: HttpRequest) -> HttpResponse:
    """Refunds by order, the latest order first, along their primary key."""
    desk = desk_of(request)
    say = desk.voice.say
    order, _, refund = typed(request, "after").partition("-")
    rows = Refund.objects.filter(programme_id=desk.programme.pk)
    at = whole(order)
    if at is not None:
        rows = rows.filter(Q(order__lt=at) | Q(order=at, refund_id__lt=refund))
    found = list(rows.order_by("-order", "-refund_id")[: A_PAGE + 1])
    last = found[A_PAGE - 1] if len(found) > A_PAGE else None
    heads = [
        Column(say("order_id"), "code"),
        Column(say("refund_id"), "code"),
        Column(say("buyer")),
        Column(say("what")),
        *(Column(say(name), "num") for name in ("money", "paid_out", "entry")),
    ]
    return show(
        request,
        "list",
        say("menu_refunds"),
        lead=say("refunds_lead", count=desk.voice.count(desk.programme.orders_refunded)),
        table=table(heads, cells(desk, found[:A_PAGE]), say("nothing")),
        older=query(request, after=f"{last.order}-{last.refund_id}") if last else "",
        newest=query(request, after="") if at is not None else "",
    )


def cells(desk: Desk, rows: Sequence[Refund]) -> list[list[Cell]]:
    """Refunds as rows."""
    programme, voice = desk.programme.pk, desk.voice
    numbers = {row.order for row in rows}
    orders = {
        one.number: one for one in Order.objects.filter(programme_id=programme, number__in=numbers)
    }
    late = late_refunds(programme, orders)
    buyers = outside_ids(programme, Identity.Kind.MEMBER, {row.member for row in rows})
    sees_entries = desk.may_see("entry")
    return [
        [
            Cell(orders[row.order].order_id, order_address(row.order)),
            Cell(row.refund_id),
            Cell(buyers.get(row.member) or str(row.member), member_address(row.member)),
            Cell(voice.say("late"), mark="owed")
            if row.sequence in late
            else Cell(voice.say("early"), mark="quiet"),
            Cell(voice.money(row.money)),
            Cell(voice.money(row.paid_out) if row.paid_out else NONE),
            Cell(str(row.sequence), entry_address(row.sequence) if sees_entries else ""),
        ]
        for row in rows
    ]


def late_refunds(programme: int, orders: dict[int, Order]) -> set[int]:
    """The entries of the log with which money of matured orders went back (R6.4).

    What an order was paid and had lost when it matured, its early refunds come to; whatever
    came later, was late.
    """
    matured = Maturity.objects.filter(programme_id=programme, number__in=orders)
    early = {one.number: orders[one.number].paid - one.matured_net for one in matured}
    late = set()
    rows = Refund.objects.filter(programme_id=programme, order__in=early)
    for row in sorted(rows, key=lambda one: one.sequence):
        early[row.order] -= row.money
        if early[row.order] < 0:
            late.add(row.sequence)
    return late


@require_safe
def receivables(request: HttpRequest) -> HttpResponse:
    """Members who owe something: looked through by number, so many at a time."""
    desk = desk_of(request)
    say, voice = desk.voice.say, desk.voice
    asked = whole(request.GET.get("after", ""))
    top = min(asked, desk.programme.members + 1) if asked else desk.programme.members + 1
    least = max(0, top - LOOKED_THROUGH)
    rows = Member.objects.filter(
        programme_id=desk.programme.pk, number__lt=top, number__gte=least, receivable__gt=0
    )
    found = list(rows.order_by("-number")[: A_PAGE + 1])
    more = len(found) > A_PAGE
    found = found[:A_PAGE]
    reached = found[-1].number if more else least
    ids = outside_ids(desk.programme.pk, Identity.Kind.MEMBER, [one.number for one in found])
    heads = [
        Column(say("number"), "num"),
        Column(say("outside_id"), "code"),
        *(Column(say(name), "num") for name in ("owed", "owed_treasury", "points", "cash")),
    ]
    lines = [
        [
            Cell(str(one.number), member_address(one.number)),
            Cell(ids.get(one.number) or say("erased"), member_address(one.number)),
            Cell(voice.money(one.receivable), mark="owed"),
            Cell(voice.money(one.receivable_treasury)),
            Cell(voice.points(one.points)),
            Cell(voice.money(one.cash)),
        ]
        for one in found
    ]
    first, last = voice.count(max(reached, 1)), voice.count(max(top - 1, 0))
    return show(
        request,
        "list",
        say("menu_receivables"),
        lead=say("receivables_lead", money=voice.money(desk.programme.receivables)),
        tallies=tallies(desk),
        table=table(heads, lines, say("nothing")),
        foot=say("searched", first=first, last=last),
        older=query(request, after=str(reached)) if reached > 1 else "",
        older_words=say("older") if more else say("look_on"),
        newest=query(request, after="") if asked else "",
    )


def tallies(desk: Desk) -> list[tuple[str, str]]:
    """The treasury's side of it."""
    head, voice = desk.programme, desk.voice
    return [
        (voice.say("receivables"), voice.money(head.receivables)),
        (voice.say("treasury_free"), voice.money(head.free)),
        (voice.say("treasury_bound"), voice.money(head.bound)),
        (voice.say("bound_drawn"), voice.money(head.bound_drawn)),
        (voice.say("funded"), voice.money(head.treasury_funded)),
    ]


PAGES = (
    Page("refunds", "refunds/", refunds),
    Page("receivables", "receivables/", receivables),
)
