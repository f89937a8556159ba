"""Webhooks: where events are sent, what failed, and sending it again."""

import time
from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from shareback.console.accounts import numbered
from shareback.console.desk import Desk, desk_of, remark
from shareback.console.keyset import whole
from shareback.console.movements import entry_address
from shareback.console.pages.clients import callers, heads, state_cell
from shareback.console.routes import Page
from shareback.console.site import show
from shareback.console.tables import Cell, Facts, Section, query, table
from shareback.gateways.models import Delivery, Endpoint
from shareback.units.shown import NONE

State = Delivery.State
COUNTED_MAX = 1_000
LISTED_MAX = 200
AGAIN_MAX = 1_000
FAILED_SHOWN = 20
MARKS = {
    State.PENDING: "warn",
    State.PARKED: "quiet",
    State.DELIVERED: "good",
    State.FAILED: "owed",
}


@require_safe
def webhooks(request: HttpRequest) -> HttpResponse:
    """All endpoints of the programme, the newest first."""
    desk = desk_of(request)
    voice, say = desk.voice, desk.voice.say
    names = callers(desk)
    rows = Endpoint.objects.filter(programme_id=desk.programme.pk).defer("secret")
    cells = [
        [
            Cell(str(row.number), reverse("console:webhook", args=[row.number])),
            Cell(row.url, reverse("console:webhook", args=[row.number])),
            Cell(names.get(row.client, str(row.client))),
            state_cell(desk, active=row.active),
            position_cell(desk, row),
            counted(desk, row, (State.PENDING, State.PARKED), ""),
            counted(desk, row, (State.FAILED,), "owed"),
        ]
        for row in rows.order_by("-number")[:LISTED_MAX]
    ]
    named = ("number:num", "url:wide", "caller", "state", "position:num")
    return show(
        request,
        "list",
        say("menu_webhooks"),
        lead=say("webhooks_lead"),
        table=table(
            heads(desk, *named, "waiting_messages:num", "failed:num"), cells, voice.say("nothing")
        ),
    )


def position_cell(desk: Desk, endpoint: Endpoint) -> Cell:
    """How far an endpoint has come in the log."""
    count = desk.voice.count
    position, sequence = count(endpoint.position), count(desk.programme.sequence)
    return Cell(desk.voice.say("position_words", position=position, sequence=sequence))


def of_state(endpoint: Endpoint, states: Sequence[int]) -> QuerySet[Delivery]:
    """An endpoint's messages in some states."""
    return Delivery.objects.filter(
        programme_id=endpoint.programme_id, endpoint=endpoint.number, state__in=states
    )


def counted(desk: Desk, endpoint: Endpoint, states: Sequence[int], mark: str) -> Cell:
    """How many messages are in some states, up to so many that it does not matter."""
    count = of_state(endpoint, states)[:COUNTED_MAX].count()
    shown = desk.voice.count(count)
    if count == COUNTED_MAX:
        shown = desk.voice.say("at_least", count=shown)
    return Cell(shown, mark=mark if count else "quiet")


def endpoint_of(desk: Desk, number: int) -> Endpoint:
    """An endpoint of the programme.

    Raises:
        Http404: It has none of this number (A55).
    """
    rows = Endpoint.objects.filter(programme_id=desk.programme.pk, number=number)
    found = rows.first() if numbered(str(number)) else None
    if found is None:
        raise Http404(str(number))
    return found


@require_safe
def webhook(request: HttpRequest, number: int) -> HttpResponse:
    """One endpoint: how far it is, and its messages, those that failed first."""
    desk = desk_of(request)
    _voice, say = desk.voice, desk.voice.say
    found = endpoint_of(desk, number)
    failed, older = page_of_failed(request, found)
    latest = of_state(found, list(State)).order_by("-sequence", "-line")[:20]
    may_send = desk.may_do("webhook_again")
    return show(
        request,
        "webhook",
        say("webhook", number=number),
        above=(reverse("console:webhooks"), say("menu_webhooks")),
        lead=found.url,
        facts=[facts(desk, found)],
        failed=[(one, cells(desk, one)) for one in failed],
        failed_heads=heads(desk, *NAMED),
        again=reverse("console:webhook_again", args=[number]) if may_send else "",
        sections=[
            Section(
                say("message"),
                table(heads(desk, *NAMED), [cells(desk, one) for one in latest], say("nothing")),
            )
        ],
        older=older,
        newest=query(request, after="") if request.GET.get("after") else "",
    )


NAMED = (
    "entry:num",
    "types:code",
    "state",
    "attempts:num",
    "last_answer",
    "next_at:num",
)


def facts(desk: Desk, endpoint: Endpoint) -> Facts:
    """What an endpoint is, and how far it has come; never its secret."""
    say = desk.voice.say
    names = callers(desk)
    types = endpoint.types.replace(" ", " · ") or say("types_all")
    return Facts(
        say("url"),
        [
            (say("url"), Cell(endpoint.url, mark="code")),
            (say("caller"), Cell(names.get(endpoint.client, str(endpoint.client)))),
            (say("state"), state_cell(desk, active=endpoint.active)),
            (say("types"), Cell(types)),
            (say("position"), position_cell(desk, endpoint)),
            (say("joined"), Cell(desk.voice.moment(endpoint.made_at))),
        ],
    )


def page_of_failed(request: HttpRequest, endpoint: Endpoint) -> tuple[list[Delivery], str]:
    """A page of messages that were given up, the latest first, and the way to the next."""
    sequence, _, line = request.GET.get("after", "").partition("-")
    rows = of_state(endpoint, (State.FAILED,))
    at, at_line = whole(sequence), whole(line)
    if at is not None and at_line is not None:
        rows = rows.filter(Q(sequence__lt=at) | Q(sequence=at, line__lt=at_line))
    found = list(rows.order_by("-sequence", "-line")[: FAILED_SHOWN + 1])
    if len(found) <= FAILED_SHOWN:
        return found, ""
    last = found[FAILED_SHOWN - 1]
    return found[:FAILED_SHOWN], query(request, after=f"{last.sequence}-{last.line}")


def cells(desk: Desk, row: Delivery) -> list[Cell]:
    """A message as a row."""
    voice = desk.voice
    address = entry_address(row.sequence) if desk.may_see("entry") else ""
    answer = str(row.last_status) if row.last_status else voice.say("no_answer")
    tried = row.attempts > 0
    return [
        Cell(f"{row.sequence}.{row.line}", address),
        Cell(row.type),
        Cell(voice.say(f"delivery_{row.state}"), mark=MARKS[State(row.state)]),
        Cell(voice.count(row.attempts)),
        Cell(answer if tried else NONE, note=row.last_error),
        Cell(voice.moment(row.next_at) if row.state != State.FAILED else NONE),
    ]


@require_POST
def webhook_again(request: HttpRequest, number: int) -> HttpResponse:
    """Send messages that failed once more: the one that is named, or all of them.

    A member's later messages wait behind the failed one, so they follow by themselves.
    """
    desk = desk_of(request)
    found = endpoint_of(desk, number)
    with transaction.atomic():
        # As the deliverer does, so that a message is not settled meanwhile.
        Endpoint.objects.select_for_update().get(pk=found.pk)
        rows = of_state(found, (State.FAILED,))
        sequence, _, line = request.POST.get("message", "").partition(".")
        if sequence:
            at, at_line = whole(sequence), whole(line)
            if at is None or at_line is None:
                raise Http404(sequence)
            rows = rows.filter(sequence=at, line=at_line)
        sent = send_again(rows)
    if sequence and not sent:
        raise Http404(sequence)
    remark(request, f"webhook {number}: {sent} messages again")
    messages.success(request, desk.voice.say("sent_again", count=desk.voice.count(sent)))
    return HttpResponseRedirect(reverse("console:webhook", args=[number]))


def send_again(rows: QuerySet[Delivery]) -> int:
    """Have messages be sent once more, the first so many of them; how many that are.

    Those up to a place are taken, not those in a list: a database takes so many values and no more.
    """
    places = rows.order_by("sequence", "line")[:AGAIN_MAX].values_list("sequence", "line")
    last = list(places)[-1:]
    if last:
        ((sequence, line),) = last
        rows = rows.filter(Q(sequence__lt=sequence) | Q(sequence=sequence, line__lte=line))
    now = time.time_ns() // 1_000
    return rows.update(state=State.PENDING, attempts=0, next_at=now)


PAGES = (
    Page("webhooks", "webhooks/", webhooks),
    Page("webhook", "webhooks/<int:number>/", webhook),
    Page("webhook_again", "webhooks/<int:number>/again/", webhook_again),
)
