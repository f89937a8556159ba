"""Proposing: other parameters, money out of the treasury, the end of the programme."""

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shareback.console.asking import (
    Asked,
    Unreadable,
    read_day,
    read_money,
    read_words,
    typed_into,
)
from shareback.console.comparing import changes, compared, preview
from shareback.console.desk import Desk, desk_of, remark
from shareback.console.models import Proposal
from shareback.console.parameters import draft
from shareback.console.proposals import CannotDecide, propose
from shareback.console.refusals import why
from shareback.console.routes import Page
from shareback.console.shown import Voice
from shareback.console.site import amiss, show
from shareback.engine.batch import DaysUnclosed
from shareback.engine.calendar import Calendar, day_text
from shareback.journal.models import Terms
from shareback.mall.faults import Refused

FORM = ["GET", "HEAD", "POST"]
Kind = Proposal.Kind
Value = TypeVar("Value")


@require_http_methods(FORM)
def propose_amendment(request: HttpRequest) -> HttpResponse:
    """Draw up other parameters, look at what they would change, and put them to the approvers."""
    desk = desk_of(request)
    say = desk.voice.say
    form = request.POST or request.GET
    is_typed = "backing_rate" in form
    base = desk.versions[-1]
    drafted = draft(desk.voice, base, form if is_typed else {})
    day_field, day = asked_day(desk, form, "from_day", is_typed=is_typed)
    reason_field, reason = asked_reason(desk, form, is_typed=request.method == "POST")
    faults, differs = list(drafted.faults), []
    if drafted.parameters is not None:
        differs = compared(desk, base, drafted.parameters)
        if is_typed and not differs:
            faults.append(say("ask_nothing_changes"))
    after = drafted.parameters if differs and day is not None else None
    if request.method == "POST" and after is not None and reason is not None:
        what = {"day": day, "parameters": after.canonical().decode()}
        answer = put(request, Kind.AMENDMENT, reason, what)
        if answer is not None:
            return answer
    page = show(
        request,
        "amend",
        say("propose_amendment"),
        lead=say("amendment_lead"),
        above=(reverse("console:proposals"), say("menu_proposals")),
        asked=[day_field, *drafted.fields],
        reason_field=reason_field,
        faults=faults if is_typed else [],
        pending=pending(desk),
        sections=[changes(desk, base, after), *preview(desk, base, after)] if after else [],
    )
    return amiss(page) if request.method == "POST" else page


def pending(desk: Desk) -> str:
    """That an amendment is announced which does not hold yet, where it is so."""
    day = last_from(desk)
    return (
        desk.voice.say("announced_pending", day=day_text(day)) if day > desk.programme.day else ""
    )


def last_from(desk: Desk) -> int:
    """The day from which the latest version of the parameters holds."""
    rows = Terms.objects.filter(programme_id=desk.programme.pk).order_by("-version")
    return int(rows.values_list("from_day", flat=True).first() or 0)


@require_http_methods(FORM)
def propose_withdrawal(request: HttpRequest) -> HttpResponse:
    """Propose to take money out of the free treasury."""
    desk = desk_of(request)
    say, is_typed = desk.voice.say, request.method == "POST"
    money_field, money = asked(
        desk, Asked("money", say("ask_money"), unit=desk.voice.sign.strip(), kind="number"),
        request.POST, read_money, is_typed=is_typed,
    )  # fmt: skip
    reason_field, reason = asked_reason(desk, request.POST, is_typed=is_typed)
    if money is not None and reason is not None:
        answer = put(request, Kind.WITHDRAWAL, reason, {"money": money})
        if answer is not None:
            return answer
    lead = say("withdrawal_lead", money=desk.voice.money(desk.programme.free))
    return form_page(request, "propose_withdrawal", lead, [money_field, reason_field])


@require_http_methods(FORM)
def propose_end(request: HttpRequest) -> HttpResponse:
    """Propose to announce the end of the programme."""
    desk = desk_of(request)
    is_typed = request.method == "POST"
    day_field, day = asked_day(desk, request.POST, "end_day", is_typed=is_typed)
    reason_field, reason = asked_reason(desk, request.POST, is_typed=is_typed)
    if day is not None and reason is not None:
        answer = put(request, Kind.END, reason, {"day": day})
        if answer is not None:
            return answer
    return form_page(request, "propose_end", desk.voice.say("end_lead"), [day_field, reason_field])


def form_page(request: HttpRequest, name: str, lead: str, fields: list[Asked]) -> HttpResponse:
    """A form that puts something to the approvers."""
    say = desk_of(request).voice.say
    page = show(
        request,
        "ask",
        say(name),
        lead=lead,
        above=(reverse("console:proposals"), say("menu_proposals")),
        asked=fields,
        button=say("propose_button"),
    )
    return amiss(page) if request.method == "POST" else page


def put(
    request: HttpRequest, kind: str, reason: str, what: Mapping[str, Any]
) -> HttpResponse | None:
    """Put something to the approvers; nothing where it cannot be, which is told then."""
    desk = desk_of(request)
    voice = desk.voice
    try:
        made = propose(desk.programme.pk, desk.user, kind, reason, what)
    except (Refused, DaysUnclosed) as fault:
        messages.error(request, voice.say("not_taken", why=why(voice, fault)))
    except CannotDecide as fault:
        messages.error(request, voice.say("not_taken", why=voice.say(f"cannot_{fault.code}")))
    else:
        remark(request, f"proposal {made.pk}: {kind} proposed")
        messages.success(request, voice.say("proposed_done"))
        return HttpResponseRedirect(reverse("console:proposal", args=[made.pk]))
    remark(request, f"{kind}: not proposed")
    return None


def asked(
    desk: Desk,
    field: Asked,
    form: Mapping[str, str],
    read: Callable[[Voice, str], Value],
    *,
    is_typed: bool,
) -> tuple[Asked, Value | None]:
    """A field with what was typed into it, and what that comes to; nothing where it is unread."""
    if not is_typed:
        return field, None
    field = field._replace(value=typed_into(form, field.name))
    try:
        return field, read(desk.voice, field.value)
    except Unreadable as fault:
        return field._replace(fault=str(fault)), None


def asked_reason(
    desk: Desk, form: Mapping[str, str], *, is_typed: bool
) -> tuple[Asked, str | None]:
    """Why: every proposal says it."""
    say = desk.voice.say
    field = Asked("reason", say("ask_reason"), kind="long", note=say("ask_reason_note"))
    return asked(desk, field, form, read_words, is_typed=is_typed)


def asked_day(
    desk: Desk, form: Mapping[str, str], name: str, *, is_typed: bool
) -> tuple[Asked, int | None]:
    """A day to come; an amendment begins after the one that was announced before it."""
    say = desk.voice.say
    today = Calendar(desk.parameters.timezone).day_of(time.time_ns() // 1_000)
    last = last_from(desk) if name == "from_day" else 0
    least = max(today, desk.programme.day, last) + 1
    note = say(f"ask_{name}_note", day=day_text(least))
    field = Asked(name, say(f"ask_{name}"), day_text(least), "date", note=note)
    field, day = asked(desk, field, form, read_day, is_typed=is_typed)
    if day is not None and day < least:
        return field._replace(fault=say("ask_day_to_come", day=day_text(least))), None
    return field, day


PAGES = (
    Page("propose_amendment", "proposals/amendment/", propose_amendment),
    Page("propose_withdrawal", "proposals/withdrawal/", propose_withdrawal),
    Page("propose_end", "proposals/end/", propose_end),
)
