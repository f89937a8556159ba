"""The programme at a glance, and the turn to another one."""

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from shareback.console.alerts import alerts
from shareback.console.daily import DayFigures, closed_days, now_of, steps
from shareback.console.desk import Desk, choose, desk_of
from shareback.console.keyset import whole
from shareback.console.routes import Page
from shareback.console.shown import Voice
from shareback.console.site import show
from shareback.engine.calendar import day_text
from shareback.journal.heads import MONEY_ACCOUNTS
from shareback.units import text
from shareback.units.exact import mul_div
from shareback.units.scales import PPM
from shareback.units.shown import NONE, share_text

DAYS_DRAWN = 365


class Tile(NamedTuple):
    """A figure: what it is, how much, and a line beneath."""

    label: str
    value: str
    note: str
    is_lead: bool = False


class Share(NamedTuple):
    """One account of the bank and its place in a bar of a million."""

    name: str
    label: str
    value: str
    share: str
    start: int
    width: int


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The programme at a glance."""
    desk = desk_of(request)
    now = now_of(desk.programme)
    closed = closed_days(desk.programme.pk, now.day - DAYS_DRAWN)
    return show(
        request,
        "index",
        desk.programme.name,
        lead=desk.parameters.issuer.name,
        tiles=tiles(desk, now),
        today=today(desk, closed, now),
        alerts=alerts(desk, closed, now),
        charts=charts(desk.voice, closed, now),
        days_shown=desk.voice.say("days_shown", days=desk.voice.count(len(closed))),
        shares=shares(desk),
        bank=desk.voice.say("money_where_note", bank=desk.voice.money(desk.programme.bank)),
    )


def tiles(desk: Desk, now: DayFigures) -> list[Tile]:
    """The figures that matter most."""
    head, voice = desk.programme, desk.voice
    money, points, say = voice.money, voice.points, voice.say

    def tile(name: str, shown: str, *, lead: bool = False, **noted: object) -> Tile:
        return Tile(say(name), shown, say(f"{name}_note", **noted), lead)

    coverage = share_text(now.value + now.pot, now.quota_left)
    covered: dict[str, Any] = {
        "value": money(now.value),
        "pot": money(now.pot),
        "open": money(now.quota_left),
    }
    backing: dict[str, Any] = {"reserve": money(head.reserve), "supply": points(head.supply)}
    people = {"merchants": voice.count(head.merchants), "exits": voice.count(head.exits)}
    return [
        tile("price", voice.price(now.price), lead=True, **backing),
        tile("reserve", money(head.reserve)),
        tile("supply", points(head.supply), issued=points(head.issued), burned=points(head.burned)),
        tile("coverage", coverage, **covered),
        tile("treasury_free", money(head.free)),
        tile("treasury_bound", money(head.bound)),
        tile("waiting", voice.count(head.orders_pending), escrow=money(head.order_escrow)),
        tile("receivables", money(head.receivables)),
        Tile(say("members_count"), voice.count(head.members), say("members_note", **people)),
    ]


def today(desk: Desk, closed: list[DayFigures], now: DayFigures) -> dict[str, Any]:
    """What the open day has brought so far, and what the last close came to."""
    voice = desk.voice
    say = voice.say
    last = closed[-1] if closed else now
    rows = [
        (say("today_orders"), signed(now.orders - last.orders, voice.count)),
        (say("today_reserve"), signed(now.reserve - last.reserve, voice.money)),
        (say("today_supply"), signed(now.supply - last.supply, voice.points)),
        (say("today_price"), signed(now.price - last.price, voice.price)),
        (say("today_entries"), signed(now.sequence - last.sequence, voice.count)),
    ]
    words, closed_on = "", say("no_close")
    if len(closed) > 1:
        before = closed[-2]
        closed_on = say("last_close", day=day_text(last.day))
        words = say(
            "close_words",
            dividends=voice.money(last.dividends - before.dividends),
            exits=voice.count(last.exits - before.exits),
            matured=voice.count(last.orders_matured - before.orders_matured),
        )
    open_day = say("today_open", day=day_text(now.day))
    return {"open": open_day, "rows": rows, "last": closed_on, "words": words}


def signed(change: int, shown: Any) -> str:  # noqa: ANN401 - any of a voice's ways to show
    """A change with its sign; a dash for none."""
    if change == 0:
        return NONE
    return f"+{shown(change)}" if change > 0 else f"−{shown(-change)}"


def charts(voice: Voice, closed: list[DayFigures], now: DayFigures) -> dict[str, Any]:
    """The daily series as decimal strings, the first day left out where it only tells the start."""
    rows = [*closed, now]
    drawn = rows[1:] if len(rows) > 1 else rows
    changes = {name: steps(rows, name) or [0] for name in ("orders", "dividends")}
    return {
        "days": [day_text(row.day) for row in drawn],
        "open": voice.say("chart_open_day"),
        "sign": voice.sign,
        "price": [text.price(row.price) for row in drawn],
        "reserve": [text.yuan(row.reserve) for row in drawn],
        "orders": [str(count) for count in changes["orders"]],
        "dividends": [text.yuan(money) for money in changes["dividends"]],
        "coverage": [
            None if row.coverage_ppm is None else text.format_down(row.coverage_ppm * 100, PPM, 2)
            for row in drawn
        ],
        "labels": {
            name: voice.say(f"chart_{name}")
            for name in ("price", "reserve", "orders", "dividends", "coverage")
        },
    }


def shares(desk: Desk) -> list[Share]:
    """The accounts that make up the bank, those that hold something."""
    head, voice, start, found = desk.programme, desk.voice, 0, []
    for name in MONEY_ACCOUNTS:
        held = getattr(head, name)
        if held > 0:
            width = mul_div(held, PPM, head.bank)
            label, share = voice.say(f"account_{name}"), share_text(held, head.bank)
            found.append(Share(name, label, voice.money(held), share, start, width))
            start += width
    return found


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Turn to another programme in which one has a role."""
    # Where to is no business of the programme that is left.
    choose(request, whole(request.POST.get("programme", "")))
    return HttpResponseRedirect(reverse("console:index"))


PAGES = (Page("index", "", index), Page("switch", "switch/", switch))
