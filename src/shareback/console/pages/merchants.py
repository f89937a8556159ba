"""Merchants: the list, and what one holds and is owed."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from shareback.console.accounts import find_merchants, numbered, outside_ids, partners
from shareback.console.daily import now_of
from shareback.console.desk import Desk, desk_of
from shareback.console.keyset import Rows, paged
from shareback.console.movements import MOVEMENT_COLUMNS, movement_cells
from shareback.console.pages.members import empty, worth
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
    yes_no,
)
from shareback.console.words import WORDS
from shareback.journal.models import Identity, Merchant, Movement
from shareback.mall.oscar.partner.models import Partner
from shareback.units.shown import NONE

KIND = Identity.Kind.MERCHANT
SHOWN_ON_PAGE = 20


@require_safe
def merchants(request: HttpRequest) -> HttpResponse:
    """The merchants, the newest first; or those that somebody looks for."""
    desk = desk_of(request)
    say, wanted = desk.voice.say, typed(request, "q")
    rows = Merchant.objects.filter(programme_id=desk.programme.pk)
    page: Rows[Any]
    if wanted:
        found = find_merchants(desk.programme.pk, wanted)
        page = Rows(list(rows.filter(number__in=found)), "", is_first=True)
    else:
        page = paged(rows, "number", request.GET.get("after", ""))
    return show(
        request,
        "list",
        say("menu_merchants"),
        lead=say("merchants_lead", count=desk.voice.count(desk.programme.merchants)),
        fields=[Field("q", say("merchants_find"), wanted)],
        table=table(columns(desk), merchant_rows(desk, page.items), empty(desk, wanted)),
        **paging(request, page),
    )


def columns(desk: Desk) -> list[Column]:
    """Of the list of merchants."""
    say = desk.voice.say
    return [
        Column(say("number"), "num"),
        Column(say("outside_id"), "code"),
        Column(say("shop_name")),
        Column(say("trade")),
        *(Column(say(name), "num") for name in ("concession", "coins", "points", "payable")),
    ]


def merchant_rows(desk: Desk, found: list[Merchant]) -> list[list[Cell]]:
    """Merchants as rows of the list."""
    voice = desk.voice
    ids = outside_ids(desk.programme.pk, KIND, [one.number for one in found])
    shops = partners(desk.programme.pk, ids.values())
    rows = []
    for one in found:
        shop = shops.get(one.number)
        address = reverse("console:merchant", args=[one.number])
        rows.append(
            [
                Cell(str(one.number), address),
                Cell(ids.get(one.number) or voice.say("erased"), address),
                Cell(name_of(desk, shop)),
                Cell(trade_of(desk, shop)),
                Cell(voice.rate(shop.concession_ppm) if shop else NONE),
                Cell(voice.coins(one.coins)),
                Cell(voice.points(one.points)),
                Cell(voice.money(one.payable)),
            ]
        )
    return rows


def name_of(desk: Desk, shop: Partner | None) -> str:
    """A merchant's name in the reader's language."""
    if shop is None:
        return NONE
    return str(shop.name_en if desk.language == "en" and shop.name_en else shop.name)


def trade_of(desk: Desk, shop: Partner | None) -> str:
    """What a merchant sells, in the reader's language where it is a word that we know."""
    if shop is None or not shop.trade:
        return NONE
    known = f"s_trade_{shop.trade}"
    return desk.voice.say(known) if known in WORDS else str(shop.trade)


@require_safe
def merchant(request: HttpRequest, number: int) -> HttpResponse:
    """One merchant: its account, its shop, and what moved.

    Raises:
        Http404: The programme has none of this number (A55).
    """
    desk = desk_of(request)
    say = desk.voice.say
    rows = Merchant.objects.filter(programme_id=desk.programme.pk, number=number)
    found = rows.first() if numbered(str(number)) else None
    if found is None:
        raise Http404(str(number))
    outside = outside_ids(desk.programme.pk, KIND, [number]).get(number, "")
    shop = partners(desk.programme.pk, [outside]).get(number) if outside else None
    heads = [Column(say(name), kind) for name, kind in MOVEMENT_COLUMNS]
    moved = Movement.objects.filter(
        programme_id=desk.programme.pk, merchant=number, merchant__gt=0
    ).order_by("-sequence", "-line")[:SHOWN_ON_PAGE]
    return show(
        request,
        "detail",
        name_of(desk, shop) if shop else say("merchant", number=number),
        above=(reverse("console:merchants"), say("menu_merchants")),
        actions=[(reverse("console:merchant_settle", args=[number]), say("settle_link"))]
        if outside and desk.may_do("merchant_settle")
        else [],
        facts=[account(desk, found, outside), *([of_shop(request, desk, shop)] if shop else [])],
        sections=[
            Section(say("moved"), table(heads, movement_cells(desk, list(moved)), say("nothing")))
        ],
    )


def account(desk: Desk, merchant: Merchant, outside: str) -> Facts:
    """What a merchant holds and is owed."""
    voice, now = desk.voice, now_of(desk.programme)
    say = voice.say
    held = voice.money(worth(now.reserve, now.supply, merchant.points))
    return Facts(
        say("figures"),
        [
            (say("outside_id"), Cell(outside or say("erased"), mark="code")),
            (say("payable"), Cell(voice.money(merchant.payable))),
            (say("coins"), Cell(voice.coins(merchant.coins))),
            (say("points"), Cell(voice.points(merchant.points), note=held)),
            (say("points_cost"), Cell(voice.money(merchant.cost))),
        ],
    )


def of_shop(request: HttpRequest, desk: Desk, shop: Partner) -> Facts:
    """A merchant's shop in the mall."""
    say = desk.voice.say
    return Facts(
        say("shop_name"),
        [
            (say("shop_name"), Cell(name_of(desk, shop))),
            (say("trade"), Cell(trade_of(desk, shop))),
            (say("concession"), Cell(desk.voice.rate(shop.concession_ppm))),
            (say("is_open"), yes_no(request, is_so=shop.is_open)),
        ],
    )


PAGES = (
    Page("merchants", "merchants/", merchants),
    Page("merchant", "merchants/<int:number>/", merchant),
)
