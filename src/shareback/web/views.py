"""The public page of a programme, its days as a table, and members' statements."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from shareback.engine.opening import load_terms
from shareback.engine.statements.reading import statement_in_one_state
from shareback.journal.models import Programme
from shareback.web.days import days_page
from shareback.web.language import language_of
from shareback.web.overview import lookup, overview
from shareback.web.programmes import (
    first_programme,
    parameters_of,
    programme_named,
    statements_are_open,
)
from shareback.web.proofs import proofs_page
from shareback.web.shown import Voice
from shareback.web.statement import statement

NUMBER_MAX = 2_147_483_647
"""Member numbers are 32-bit columns."""

DIGITS_MAX = 10


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first programme's public page, or the way to make one."""
    found = first_programme()
    if found is None:
        return render(request, "empty.html", status=404)
    return public_page(request, found)


@require_safe
def programme(request: HttpRequest, name: str) -> HttpResponse:
    """A programme's public page."""
    return public_page(request, programme_named(name))


def public_page(request: HttpRequest, found: Programme) -> HttpResponse:
    """Render the public page."""
    versions = parameters_of(found)
    voice = Voice.of(language_of(request), versions[0])
    return render(
        request,
        "programme.html",
        {
            "is_test": versions[found.terms].issuer.test,
            "statements_open": statements_are_open(versions[found.terms]),
            "title": voice.say("programme_title", name=found.name),
            **overview(found, versions, voice),
        },
    )


@require_safe
def days(request: HttpRequest, name: str) -> HttpResponse:
    """All closed days as a table."""
    found = programme_named(name)
    versions = parameters_of(found)
    voice = Voice.of(language_of(request), versions[0])
    return render(
        request,
        "days.html",
        {
            "programme": found,
            "is_test": versions[found.terms].issuer.test,
            "title": voice.say("days_title", name=found.name),
            **days_page(found, voice, whole_number(request.GET.get("page", ""))),
        },
    )


@require_safe
def proofs(request: HttpRequest, name: str) -> HttpResponse:
    """What proves the accounts: checkpoints, what is owed, keys, witnesses, terms."""
    found = programme_named(name)
    versions = load_terms(found.pk)
    voice = Voice.of(language_of(request), versions[0].programme)
    return render(
        request,
        "proofs.html",
        {
            "programme": found,
            "is_test": versions[found.terms].programme.issuer.test,
            "title": voice.say("proofs_title", name=found.name),
            **proofs_page(found, versions, voice, whole_number(request.GET.get("page", ""))),
        },
    )


@require_safe
def members(request: HttpRequest, name: str) -> HttpResponse:
    """Where the form leads: to the statement of the number that was typed."""
    found = programme_named(name)
    typed = request.GET.get("number", "").strip()
    number = whole_number(typed)
    if number > 0:
        return HttpResponseRedirect(reverse("member", args=[found.name, number]))
    voice = Voice(language_of(request))
    return no_member(
        request, found, voice.say("missing_member_text", number=typed[:40]) if typed else ""
    )


@require_safe
def member(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """A member's statement."""
    found = programme_named(name)
    versions = parameters_of(found)
    voice = Voice.of(language_of(request), versions[0])
    if not statements_are_open(versions[found.terms]):
        return render(request, "closed.html", {"programme": found}, status=404)
    shown = None
    if 0 < number <= NUMBER_MAX:
        with statement_in_one_state(found, number, versions) as read:
            shown = statement(read, voice, wanted_of(request)) if read is not None else None
    if shown is None:
        return no_member(request, found, voice.say("missing_member", number=number))
    response = render(
        request,
        "member.html",
        {
            "is_test": versions[found.terms].issuer.test,
            "page_title": voice.say("member_title", number=number, name=found.name),
            **shown,
        },
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def wanted_of(request: HttpRequest) -> tuple[str, int]:
    """The month of a statement that is to be open, and its page."""
    return request.GET.get("month", ""), whole_number(request.GET.get("page", ""))


def no_member(request: HttpRequest, found: Programme, said: str) -> HttpResponse:
    """A friendly page where there is no such member."""
    versions = parameters_of(found)
    voice = Voice.of(language_of(request), versions[0])
    context: dict[str, Any] = {
        "programme": found,
        "said": said or voice.say("lookup"),
        "is_test": versions[found.terms].issuer.test,
        "statements_open": statements_are_open(versions[found.terms]),
        "lookup": lookup(found, voice),
    }
    return render(request, "no_member.html", context, status=404)


def whole_number(typed: str) -> int:
    """A number that somebody typed; 0 where it is none."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= DIGITS_MAX else 0


def missing(request: HttpRequest, exception: Exception | Http404) -> HttpResponse:  # noqa: ARG001
    """The page for an address that leads nowhere."""
    return render(request, "missing.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours; it asks nothing of the database."""
    return render(request, "error.html", status=500)
