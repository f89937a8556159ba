"""Members: the list, the search, one member's figures and statement."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from shareback.console.accounts import (
    find_members,
    memberships,
    numbered,
    outside_ids,
)
from shareback.console.daily import now_of
from shareback.console.desk import Desk, desk_of
from shareback.console.keyset import Rows, paged
from shareback.console.movements import MOVEMENT_COLUMNS, movement_cells
from shareback.console.orders_shown import order_cells, order_columns
from shareback.console.routes import Page
from shareback.console.site import show
from shareback.console.statements import statement_page
from shareback.console.tables import Cell, Column, Facts, Field, Section, paging, table, typed
from shareback.journal.models import Identity, Member, Movement, Order
from shareback.mall.accounts.phones import masked
from shareback.rules.layout import MEMBER_WIDTH, Row
from shareback.rules.layout import Member as Held
from shareback.rules.layout import Tier as TierColumn
from shareback.rules.member import credit, left_after_touch, weight
from shareback.units.exact import mul_div
from shareback.units.shown import NONE, share_text

SHOWN_ON_PAGE = 10


@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """The members, the newest first; or those that somebody looks for."""
    desk = desk_of(request)
    say, wanted = desk.voice.say, typed(request, "q")
    rows = Member.objects.filter(programme_id=desk.programme.pk)
    page: Rows[Any]
    if wanted:
        found = find_members(desk.programme.pk, wanted)
        page = Rows(list(rows.filter(number__in=found)), "", is_first=True)
    else:
        page = paged(rows, "number", request.GET.get("after", ""))
    count = desk.voice.count(desk.programme.members)
    return show(
        request,
        "list",
        say("menu_members"),
        lead=say("members_lead", count=count),
        fields=[Field("q", say("members_find"), wanted)],
        table=table(columns(desk), member_rows(desk, page.items), empty(desk, wanted)),
        **paging(request, page),
    )


def empty(desk: Desk, wanted: str) -> str:
    """What a list without rows says."""
    return desk.voice.say("nothing_found" if wanted else "nothing")


def columns(desk: Desk) -> list[Column]:
    """Of the list of members."""
    say = desk.voice.say
    return [
        Column(say("number"), "num"),
        Column(say("outside_id"), "code"),
        Column(say("person")),
        Column(say("phone"), "num"),
        *(Column(say(name), "num") for name in ("points", "worth", "cash", "coins", "quota_left")),
    ]


def member_rows(desk: Desk, found: list[Member]) -> list[list[Cell]]:
    """Members as rows of the list."""
    programme, voice, now = desk.programme.pk, desk.voice, now_of(desk.programme)
    numbers = [one.number for one in found]
    ids = outside_ids(programme, Identity.Kind.MEMBER, numbers)
    people = memberships(programme, ids.values())
    rows = []
    for one in found:
        person = people.get(one.number)
        address = reverse("console:member", args=[one.number])
        rows.append(
            [
                Cell(str(one.number), address),
                Cell(ids.get(one.number) or voice.say("erased"), address),
                Cell(person.user.name if person else NONE),
                Cell(masked(person.user.phone) if person else NONE, mark="quiet"),
                Cell(voice.points(one.points)),
                Cell(voice.money(worth(now.reserve, now.supply, one.points))),
                Cell(voice.money(one.cash)),
                Cell(voice.coins(one.coins)),
                Cell(voice.money(left_of(desk, one))),
            ]
        )
    return rows


def worth(reserve: int, supply: int, points: int) -> int:
    """What points are worth now, in µ¥, rounded down."""
    return mul_div(points, reserve, supply) if supply > 0 else 0


def row_of(desk: Desk, member: Member) -> Row:
    """A member as the rules take it, its weight included."""
    row = [0] * MEMBER_WIDTH
    for column in range(Held.WEIGHT):
        row[column] = getattr(member, Held(column).name.lower())
    multiplier = desk.versions[0].tier_rows()[member.tier][TierColumn.MULTIPLIER]
    row[Held.WEIGHT] = weight(member.points, multiplier)
    return row


def left_of(desk: Desk, member: Member) -> int:
    """What is left of a member's quota, accrued dividends taken off."""
    return left_after_touch(row_of(desk, member), desk.programme.index)


def member_of(desk: Desk, number: int) -> Member:
    """A member of the programme.

    Raises:
        Http404: It has none of this number (A55).
    """
    if numbered(str(number)) is None:
        raise Http404(str(number))
    found = Member.objects.filter(programme_id=desk.programme.pk, number=number).first()
    if found is None:
        raise Http404(str(number))
    return found


@require_safe
def member(request: HttpRequest, number: int) -> HttpResponse:
    """One member: what it holds, its latest orders, and what moved beside them."""
    desk = desk_of(request)
    say, found = desk.voice.say, member_of(desk, number)
    ids = outside_ids(desk.programme.pk, Identity.Kind.MEMBER, [number, found.referrer])
    return show(
        request,
        "detail",
        say("member", number=number),
        above=(reverse("console:members"), say("menu_members")),
        facts=[account(desk, found), quota(desk, found), person(desk, found, ids)],
        actions=actions(desk, number),
        sections=[latest_orders(desk, number), latest_movements(desk, number)],
    )


def account(desk: Desk, member: Member) -> Facts:
    """What a member holds."""
    voice, now = desk.voice, now_of(desk.programme)
    say, accrued = voice.say, credit(row_of(desk, member), desk.programme.index)
    owed = "owed" if member.receivable else "quiet"
    return Facts(
        say("figures"),
        [
            (say("points"), Cell(voice.points(member.points))),
            (say("worth"), Cell(voice.money(worth(now.reserve, now.supply, member.points)))),
            (say("cash"), Cell(voice.money(member.cash))),
            (say("accrued"), Cell(voice.money(accrued))),
            (say("coins"), Cell(voice.coins(member.coins))),
            (say("owed"), Cell(voice.money(member.receivable), mark=owed)),
        ],
    )


def quota(desk: Desk, member: Member) -> Facts:
    """A member's quota and what it has received."""
    voice = desk.voice
    say, left = voice.say, left_of(desk, member)
    used = member.quota - left
    share = share_text(used, member.quota, 1)
    return Facts(
        say("quota"),
        [
            (say("quota"), Cell(voice.money(member.quota))),
            (say("quota_used"), Cell(voice.money(used), note=share)),
            (say("quota_left"), Cell(voice.money(left), mark="owed" if left < 0 else "")),
            (say("dividends_total"), Cell(voice.money(member.dividends))),
        ],
    )


def person(desk: Desk, member: Member, ids: dict[int, str]) -> Facts:
    """Who a member is, as far as the console tells."""
    say = desk.voice.say
    mine = ids.get(member.number)
    known = memberships(desk.programme.pk, [mine]).get(member.number) if mine else None
    tiers = desk.versions[0].tiers
    tier = tiers[member.tier - 1].name if member.tier else say("base_tier")
    referrer = Cell(say("nobody"), mark="quiet")
    if member.referrer:
        shown = ids.get(member.referrer) or str(member.referrer)
        referrer = Cell(shown, reverse("console:member", args=[member.referrer]))
    rows = [
        (say("outside_id"), Cell(ids.get(member.number) or say("erased"), mark="code")),
        (say("tier"), Cell(tier)),
        (say("referrer"), referrer),
    ]
    if known:
        rows += [
            (say("person"), Cell(known.user.name or known.user.get_username())),
            (say("phone"), Cell(masked(known.user.phone) or NONE)),
            (say("joined"), Cell(desk.voice.moment(known.joined_at))),
        ]
    return Facts(say("person"), rows)


def actions(desk: Desk, number: int) -> list[tuple[str, str]]:
    """Where to go from a member: its statement here, and as the member sees it."""
    here = (reverse("console:member_statement", args=[number]), desk.voice.say("statement_open"))
    if not desk.parameters.issuer.test:
        return [here]
    public = reverse("member", args=[desk.programme.name, number])
    return [here, (public, desk.voice.say("statement_public"))]


def latest_orders(desk: Desk, number: int) -> Section:
    """A member's latest orders."""
    rows = Order.objects.filter(programme_id=desk.programme.pk, member=number).order_by("-number")
    say = desk.voice.say
    cells = order_cells(desk, list(rows[:SHOWN_ON_PAGE]))
    more = f"{reverse('console:orders')}?member={number}"
    return Section(
        say("their_orders"), table(order_columns(desk), cells, say("nothing")), more=more
    )


def latest_movements(desk: Desk, number: int) -> Section:
    """What moved beside orders: the latest of it."""
    rows = Movement.objects.filter(programme_id=desk.programme.pk, member=number, member__gt=0)
    latest = list(rows.order_by("-sequence", "-line")[:SHOWN_ON_PAGE])
    say = desk.voice.say
    heads = [Column(say(name), kind) for name, kind in MOVEMENT_COLUMNS]
    return Section(say("moved"), table(heads, movement_cells(desk, latest), say("nothing")))


@require_safe
def member_statement(request: HttpRequest, number: int) -> HttpResponse:
    """A member's statement: every entry and why."""
    desk = desk_of(request)
    return statement_page(request, desk, member_of(desk, number))


PAGES = (
    Page("members", "members/", members),
    Page("member", "members/<int:number>/", member),
    Page("member_statement", "members/<int:number>/statement/", member_statement),
)
