"""API clients and connected malls: who calls, with which rights, and what they wrote of late."""

import time

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shareback.console.alerts import of_api
from shareback.console.desk import Desk, desk_of
from shareback.console.routes import Page
from shareback.console.site import show
from shareback.console.tables import Cell, Column, Section, Table, table
from shareback.units.shown import NONE

LISTED_MAX = 200
LATEST = 50


@require_safe
def clients(request: HttpRequest) -> HttpResponse:
    """All clients and connections of the programme, and the latest writes."""
    desk = desk_of(request)
    say = desk.voice.say
    return show(
        request,
        "detail",
        say("menu_clients"),
        lead=say("clients_lead"),
        sections=[
            Section(say("menu_clients"), client_table(desk)),
            Section(say("connections"), connection_table(desk), say("connections_lead")),
            Section(say("writes"), write_table(desk), say("writes_lead")),
            Section(say("changes_of_access"), change_table(desk)),
        ],
    )


def heads(desk: Desk, *named: str) -> list[Column]:
    """Columns by the keys of their words, each with how it is set after a colon."""
    pairs = (name.partition(":") for name in named)
    return [Column(desk.voice.say(key), kind) for key, _, kind in pairs]


def state_cell(desk: Desk, *, active: bool) -> Cell:
    """Whether something is switched on."""
    if active:
        return Cell(desk.voice.say("active"), mark="good")
    return Cell(desk.voice.say("switched_off"), mark="quiet")


def client_table(desk: Desk) -> Table:
    """Clients with what they may do, and when their secrets end."""
    voice, say = desk.voice, desk.voice.say
    rows = of_api("Client").filter(programme_id=desk.programme.pk).order_by("-number")
    cells = [
        [
            Cell(row.name),
            Cell(row.client_id, mark="code"),
            state_cell(desk, active=row.active),
            Cell(row.scopes.replace(" ", " · ") or NONE, mark="quiet"),
            Cell(row.networks.replace(" ", ", ") or say("anywhere"), mark="quiet"),
            Cell(voice.count(row.requests_per_minute)),
            secrets_cell(desk, row.number),
        ]
        for row in rows[:LISTED_MAX]
    ]
    named = ("client_name", "client_id:code", "state", "scopes:wide", "networks", "per_minute:num")
    return table(heads(desk, *named, "secret_ends"), cells, say("nothing"))


def secrets_cell(desk: Desk, client: int) -> Cell:
    """How many secrets of a client hold, and when the next of them ends."""
    now = time.time_ns() // 1_000
    rows = of_api("Secret").filter(programme_id=desk.programme.pk, client=client)
    ends = [row.ends_at for row in rows if row.ends_at is None or row.ends_at > now]
    ending = min((at for at in ends if at is not None), default=None)
    note = desk.voice.say("secret_until", moment=desk.voice.moment(ending)) if ending else ""
    return Cell(desk.voice.say("secret_lasting", count=len(ends)), note=note)


def connection_table(desk: Desk) -> Table:
    """Connected malls and the shape of what they send."""
    say = desk.voice.say
    rows = of_api("Connection").filter(programme_id=desk.programme.pk).order_by("name")
    cells = [
        [
            Cell(row.name),
            Cell(row.shape or say("own_shape")),
            state_cell(desk, active=row.active),
            Cell(row.prefix or NONE, mark="code"),
            Cell(row.networks.replace(" ", ", ") or say("anywhere"), mark="quiet"),
        ]
        for row in rows.defer("secret", "secret_before", "mapping")[:LISTED_MAX]
    ]
    named = ("client_name", "shape", "state", "prefix:code", "networks")
    return table(heads(desk, *named), cells, say("nothing"))


def callers(desk: Desk) -> dict[int, str]:
    """How those who write are called: clients by number, connections with a minus."""
    programme = desk.programme.pk
    named = dict(of_api("Client").filter(programme_id=programme).values_list("number", "name"))
    linked = of_api("Connection").filter(programme_id=programme).values_list("number", "name")
    return named | {-number: name for number, name in linked}


def write_table(desk: Desk) -> Table:
    """The latest writes through the API."""
    voice = desk.voice
    rows = of_api("Written").filter(programme_id=desk.programme.pk).order_by("-at", "-nonce")
    names = callers(desk)
    cells = [
        [
            Cell(voice.moment(row.at)),
            Cell(names.get(row.client, str(row.client))),
            Cell(row.address, mark="quiet"),
            Cell(f"{row.method} {row.path}", mark="code"),
            Cell(voice.count(row.accepted)),
            Cell(voice.count(row.refused), mark="owed" if row.refused else "quiet"),
        ]
        for row in rows[:LATEST]
    ]
    named = ("when:num", "caller", "from_where", "asked:wide", "accepted:num", "refused_count:num")
    return table(heads(desk, *named), cells, voice.say("nothing"))


def change_table(desk: Desk) -> Table:
    """Who changed who may call."""
    voice = desk.voice
    rows = of_api("AccessChange").filter(programme_id=desk.programme.pk).order_by("-at", "-nonce")
    cells = [
        [Cell(voice.moment(row.at)), Cell(row.who), Cell(row.what), Cell(row.subject, mark="code")]
        for row in rows[:LATEST]
    ]
    return table(
        heads(desk, "when:num", "who", "what", "subject:code"), cells, voice.say("nothing")
    )


PAGES = (Page("clients", "clients/", clients),)
