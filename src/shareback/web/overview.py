"""What the public page of a programme says, from its head row and its daily figures alone."""

from typing import Any, NamedTuple

from shareback.engine.calendar import day_text
from shareback.engine.statements.timeline import DayRow, Timeline
from shareback.journal.heads import MONEY_ACCOUNTS
from shareback.journal.models import Programme
from shareback.proofs.merkle import frontier_from_bytes, root
from shareback.rules.layout import Phase
from shareback.rules.programme import Programme as Parameters
from shareback.units import text
from shareback.units.exact import mul_div
from shareback.units.scales import PPM, SCALE, UNITS_PER_POINT
from shareback.units.shown import grouped, share_text
from shareback.web.at_the_bank import at_the_bank
from shareback.web.plain_words import programme_words
from shareback.web.shown import Voice

HEX_GROUP = 8
SLIVER_PPM = 4_000
"""The least of a bar that is drawn for what is not nothing."""


class Figure(NamedTuple):
    """One figure of the grid: what it is, how much, and a line that explains it."""

    label: str
    value: str
    note: str


class Share(NamedTuple):
    """One account of the bank, and its place in the bar; places are in ppm of the bar."""

    name: str
    label: str
    value: str
    share: str
    start: int
    width: int


def overview(programme: Programme, versions: list[Parameters], voice: Voice) -> dict[str, Any]:
    """The context of the public page."""
    timeline = Timeline(programme)
    parameters = versions[programme.terms]
    return {
        "programme": programme,
        "issuer": issuer_line(parameters, voice),
        "notices": notices(programme, voice),
        "as_of": as_of(timeline, voice),
        "price": price_now(timeline, versions[0], voice),
        "figures": figures(programme, parameters, timeline.today, voice),
        "cap": cap(programme, versions, voice),
        "charts": charts(timeline, voice),
        "chart_words": chart_words(timeline, voice),
        "accounts": accounts(programme, voice),
        "bank": voice.money(programme.bank),
        "at_the_bank": at_the_bank(programme, parameters, voice),
        "bank_words": voice.say("money_note", bank=voice.money(programme.bank)),
        "words": programme_words(parameters, programme.reserve, voice),
        "log": log(programme, voice),
        "lookup": lookup(programme, voice),
    }


def issuer_line(parameters: Parameters, voice: Voice) -> str:
    """Who stands behind the points, with its registration (R2)."""
    issuer = parameters.issuer
    if issuer.code is not None:
        return f"{issuer.name} · {voice.say('issuer_code', code=issuer.code)}"
    if issuer.register_name and issuer.number:
        where = voice.say("issuer_register", register=issuer.register_name, number=issuer.number)
        return f"{issuer.name} · {where}"
    return issuer.name


def notices(programme: Programme, voice: Voice) -> list[str]:
    """What a reader must know first: that the programme ends, or has ended (R12)."""
    if programme.phase == Phase.ENDED:
        return [voice.say("ended")]
    if programme.phase == Phase.ANNOUNCED:
        return [voice.say("end_announced", day=day_text(programme.end_day))]
    return []


def as_of(timeline: Timeline, voice: Voice) -> str:
    """Up to when the figures go."""
    if not timeline.closed:
        return voice.say("as_of_first", day=day_text(timeline.today.day))
    return voice.say("as_of", day=day_text(timeline.closed[-1].day))


def price_now(timeline: Timeline, first: Parameters, voice: Voice) -> dict[str, str | bool]:
    """Today's price, how it comes about, and the change since the issue price."""
    today = timeline.today
    start = first.issue_price * (SCALE // UNITS_PER_POINT)
    risen = today.price - start
    change = share_text(risen, start)
    return {
        "value": voice.price(today.price),
        "change": f"+{change}" if risen > 0 else change,
        "risen": risen > 0,
        "since": voice.say("since_start", day=day_text(timeline.first), start=voice.price(start)),
        "reserve": voice.money(today.reserve),
        "supply": voice.points(today.supply),
        "exists": today.supply > 0,
    }


def coverage(programme: Programme, today: DayRow, voice: Voice) -> Figure:
    """R11: (value of members' points + pot) ÷ quota left of those above 0.

    What has accrued uses quota already, so dividends payable come off the quota left.
    """
    value = today.worth(programme.points_members)
    left = max(0, programme.quota_open - programme.payable)
    note = voice.say(
        "coverage_note",
        value=voice.money(value),
        pot=voice.money(programme.pot),
        open=voice.money(left),
    )
    return Figure(voice.say("coverage"), share_text(value + programme.pot, left), note)


def figures(
    programme: Programme, parameters: Parameters, today: DayRow, voice: Voice
) -> list[Figure]:
    """The grid of figures."""
    money, count = voice.money, voice.count

    def figure(name: str, value: str, **noted: str) -> Figure:
        return Figure(voice.say(name), value, voice.say(f"{name}_note", **noted))

    issued, burned = voice.points(programme.issued), voice.points(programme.burned)
    credited, payable = money(programme.dividends_credited), money(programme.payable)
    return [
        figure("reserve", money(programme.reserve)),
        figure("supply", voice.points(programme.supply), issued=issued, burned=burned),
        coverage(programme, today, voice),
        figure("fillable", f"{text.per_cent(parameters.share_of_quota_ppm())}%"),
        figure("dividends_total", money(today.dividends), credited=credited, payable=payable),
        figure(
            "orders",
            count(programme.orders),
            matured=count(programme.orders_matured),
            pending=count(programme.orders_pending),
            refunded=count(programme.orders_refunded),
        ),
        figure(
            "members",
            count(programme.members),
            merchants=count(programme.merchants),
            exits=count(programme.exits),
        ),
        figure("escrow", money(programme.order_escrow)),
        figure(
            "treasury",
            money(programme.free + programme.bound),
            free=money(programme.free),
            bound=money(programme.bound),
        ),
        figure("receivables", money(programme.receivables)),
    ]


def cap(programme: Programme, versions: list[Parameters], voice: Voice) -> dict[str, str | int]:
    """Points issued against the lowest cap that was announced, as a bar in ppm (R2)."""
    issued, most = programme.issued, min(version.supply_cap for version in versions)
    shown = grouped(text.format_exact(most, UNITS_PER_POINT))
    visible = SLIVER_PPM if issued else 0
    return {
        "share": share_text(issued, most, 4),
        "width": min(PPM, max(mul_div(issued, PPM, most), visible)),
        "note": voice.say("cap_note", issued=voice.points(issued), cap=shown),
    }


def charts(timeline: Timeline, voice: Voice) -> dict[str, Any]:
    """The daily series, amounts as decimal strings, and the words to draw them with."""
    rows = timeline.rows
    before = [rows[0]._replace(payable=0, dividends_credited=0, exits=0), *rows]
    pairs = list(zip(before, rows, strict=False))
    return {
        "days": [day_text(row.day) for row in rows],
        "open": voice.say("label_open_day"),
        "sign": voice.sign,
        "price": [text.price(row.price) for row in rows],
        "dividends": [text.yuan(row.dividends - last.dividends) for last, row in pairs],
        "exits": [row.exits - last.exits for last, row in pairs],
        "exits_total": [row.exits for row in rows],
        "labels": {
            name: voice.say(f"label_{name}")
            for name in ("price", "dividends", "exits", "exits_total")
        },
    }


def chart_words(timeline: Timeline, voice: Voice) -> dict[str, str]:
    """What each chart shows, in a sentence for whoever cannot see it."""
    first, today, days = timeline.rows[0], timeline.today, voice.count(len(timeline.closed))
    return {
        "price": voice.say(
            "price_curve_summary",
            first=day_text(first.day),
            from_price=voice.price(first.price),
            last=day_text(today.day),
            to_price=voice.price(today.price),
        ),
        "dividends": voice.say(
            "dividends_chart_summary", days=days, total=voice.money(today.dividends)
        ),
        "exits": voice.say("exits_chart_summary", days=days, total=voice.count(today.exits)),
    }


def accounts(programme: Programme, voice: Voice) -> list[Share]:
    """The accounts that make up the bank, those that hold something, with their shares."""
    bank, start, found = programme.bank, 0, []
    for name in MONEY_ACCOUNTS:
        held = getattr(programme, name)
        if held == 0:
            continue
        width = mul_div(held, PPM, bank)
        label = voice.say(f"account_{name}")
        found.append(Share(name, label, voice.money(held), share_text(held, bank), start, width))
        start += width
    return found


def log(programme: Programme, voice: Voice) -> dict[str, Any]:
    """The root of the log and its size."""
    frontier = frontier_from_bytes(bytes(programme.frontier))
    digest = root(frontier).hex()
    groups = [digest[at : at + HEX_GROUP] for at in range(0, len(digest), HEX_GROUP)]
    size = voice.count(frontier.size)
    return {
        "root": digest,
        "groups": groups,
        "size": size,
        "words": voice.say("verify_words", size=size),
    }


def lookup(programme: Programme, voice: Voice) -> dict[str, Any]:
    """The form that opens a member's statement."""
    members = voice.count(programme.members)
    return {
        "members": programme.members,
        "placeholder": voice.say("lookup_placeholder", members=members),
        "range": voice.say("lookup_range", members=members)
        if programme.members
        else voice.say("lookup_nobody"),
    }
