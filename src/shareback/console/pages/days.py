"""Closed days: the history, and one close with what it changed."""

from collections.abc import Callable, Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from shareback.console.daily import COLUMNS, DayFigures
from shareback.console.desk import Desk, desk_of
from shareback.console.keyset import A_PAGE, whole
from shareback.console.pages.glance import signed
from shareback.console.routes import Page
from shareback.console.site import show
from shareback.console.tables import Cell, Column, Section, query, table
from shareback.engine.calendar import day_text
from shareback.journal.models import Day
from shareback.units.shown import NONE

LISTED = (
    "day",
    "close_price",
    "reserve",
    "supply",
    "coverage",
    "close_dividends",
    "close_exits",
    "close_orders",
    "close_matured",
    "close_entries",
)
HEX_GROUP = 8

MONEY = (
    ("reserve", "reserve"),
    ("head_pot", "pot"),
    ("head_payable", "payable"),
    ("account_order_escrow", "order_escrow"),
    ("account_cash", "cash"),
    ("account_merchant_payable", "merchant_payable"),
    ("head_free", "free"),
    ("head_bound", "bound"),
    ("head_redeemed", "redeemed"),
    ("head_quota_open", "quota_open"),
    ("receivables", "receivables"),
)
COUNTS = (
    ("head_members", "members"),
    ("head_orders", "orders"),
    ("head_pending", "orders_pending"),
    ("head_matured", "orders_matured"),
    ("head_refunded", "orders_refunded"),
    ("close_exits", "exits"),
    ("close_entries", "sequence"),
)
"""Keys of words and the columns of the journal."""


@require_safe
def days(request: HttpRequest) -> HttpResponse:
    """Closed days, the latest first, each with what it brought."""
    desk = desk_of(request)
    say = desk.voice.say
    rows = Day.objects.filter(programme_id=desk.programme.pk)
    after = whole(request.GET.get("after", ""))
    if after is not None:
        rows = rows.filter(day__lt=after)
    # One more than is shown, for the changes of the last one; and one to know whether more follow.
    found = [DayFigures(*one) for one in rows.order_by("-day").values_list(*COLUMNS)[: A_PAGE + 2]]
    more = len(found) > A_PAGE
    heads = [Column(say(name), "num") for name in LISTED]
    return show(
        request,
        "list",
        say("days_title"),
        lead=say("days_lead"),
        table=table(heads, lines(desk, found), say("nothing")),
        older=query(request, after=str(found[A_PAGE - 1].day)) if more else "",
        newest=query(request, after="") if after is not None else "",
    )


def lines(desk: Desk, found: Sequence[DayFigures]) -> list[list[Cell]]:
    """Days as rows."""
    voice, shown = desk.voice, []
    for place, row in enumerate(found[:A_PAGE]):
        before = found[place + 1] if place + 1 < len(found) else None

        def grown(name: str, row: DayFigures = row, before: DayFigures | None = before) -> int:
            return int(getattr(row, name)) - (int(getattr(before, name)) if before else 0)

        coverage = row.coverage_ppm
        shown.append(
            [
                Cell(day_text(row.day), reverse("console:day", args=[row.day])),
                Cell(voice.price(row.price)),
                Cell(voice.money(row.reserve)),
                Cell(voice.points(row.supply)),
                Cell(NONE if coverage is None else voice.share(coverage)),
                Cell(voice.money(grown("dividends"))),
                Cell(voice.count(grown("exits"))),
                Cell(voice.count(grown("orders"))),
                Cell(voice.count(grown("orders_matured"))),
                Cell(voice.count(grown("sequence"))),
            ]
        )
    return shown


@require_safe
def day(request: HttpRequest, number: int) -> HttpResponse:
    """One close: figures before and after, and the root of the log.

    Raises:
        Http404: That day has not closed.
    """
    desk = desk_of(request)
    say, rows = desk.voice.say, Day.objects.filter(programme_id=desk.programme.pk)
    found = rows.filter(day=number).first() if number < 1 << 31 else None
    if found is None:
        raise Http404(str(number))
    before = rows.filter(day=number - 1).first()
    heads = [
        Column(""),
        Column(say("before"), "num"),
        Column(say("after"), "num"),
        Column(say("change"), "num"),
    ]
    root = bytes(found.root).hex()
    groups = [root[at : at + HEX_GROUP] for at in range(0, len(root), HEX_GROUP)]
    actions = []
    if desk.may_see("journal"):
        journal = f"{reverse('console:journal')}?day={day_text(number)}"
        actions.append((journal, say("day_entries")))
    size = say("log_size", count=desk.voice.count(found.sequence))
    return show(
        request,
        "detail",
        say("day_title", day=day_text(number)),
        above=(reverse("console:days"), say("menu_days")),
        sections=[Section(say("figures"), table(heads, changes(desk, before, found), ""))],
        code=[(say("log_root"), " ".join(groups), size)],
        actions=actions,
    )


def changes(desk: Desk, before: Day | None, after: Day) -> list[list[Cell]]:
    """Every figure of a day, beside the day before."""
    voice = desk.voice
    then = figures(before) if before else None
    now = figures(after)
    price_then = then.price if then else None
    shown = [line(voice.say("close_price"), price_then, now.price, voice.price)]
    supply = before.supply if before else None
    shown.append(line(voice.say("supply"), supply, after.supply, voice.points))
    coins = (before.coins_members + before.coins_merchants) if before else None
    coins_now = after.coins_members + after.coins_merchants
    shown.append(line(voice.say("head_coins"), coins, coins_now, voice.coins))
    for names, spoken in ((MONEY, voice.money), (COUNTS, voice.count)):
        for key, column in names:
            old = getattr(before, column) if before else None
            shown.append(line(voice.say(key), old, getattr(after, column), spoken))
    return shown


def figures(row: Day) -> DayFigures:
    """A day's row as the console compares it."""
    return DayFigures(*(getattr(row, name) for name in COLUMNS))


def line(label: str, before: int | None, after: int, spoken: Callable[[int], str]) -> list[Cell]:
    """One figure before and after."""
    if before is None:
        return [
            Cell(label),
            Cell(NONE, mark="quiet"),
            Cell(spoken(after)),
            Cell(NONE, mark="quiet"),
        ]
    change = signed(after - before, spoken)
    mark = "quiet" if change == NONE else ""
    return [Cell(label), Cell(spoken(before)), Cell(spoken(after)), Cell(change, mark=mark)]


PAGES = (Page("days", "days/", days), Page("day", "days/<int:number>/", day))
