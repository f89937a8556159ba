"""The door: password, then the second factor; enrolment at the first log-in."""

import time
from typing import Any

from django.contrib.auth import authenticate, get_user_model, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from shareback.console import second
from shareback.console.desk import language_of, places_of
from shareback.console.frame import frame
from shareback.console.gate import in_language
from shareback.console.keyset import storable
from shareback.console.shown import Voice
from shareback.console.trail import keep_at_the_door, origin_of
from shareback.mall.accounts.models import User
from shareback.mall.accounts.phones import PhoneUnreadable, read_phone

WAITING = "console_waiting"
NEW_SECRET = "console_new_secret"  # noqa: S105 - the name of a place in the session
NEXT = "console_next"
WAITING_S = 600
BACKEND = "django.contrib.auth.backends.ModelBackend"
REFUSED, HELD_UP = 403, 429


def page(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:  # noqa: ANN401 - of templates
    """A page at the door."""
    voice = Voice(language_of(request))
    fields = {**frame(request), "door": voice.say(f"{template}_title"), **context}
    return render(request, f"console/{template}.html", fields, status=status)


def failed(request: HttpRequest, template: str, key: str, **context: Any) -> HttpResponse:  # noqa: ANN401 - of templates
    """The same page once more, with what is wrong."""
    said = Voice(language_of(request)).say(key)
    status = HELD_UP if key == "held_up" else REFUSED
    return page(request, template, status, fault=said, **context)


@in_language
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password; whoever has no role is told no more than who mistypes."""
    if request.method != "POST":
        asked = request.GET.get("next", "")
        request.session[NEXT] = asked if is_ours(request, asked) else ""
        return page(request, "login", name="")
    name = storable(request.POST.get("username", "")).strip()[:200]
    # One account has one count of tries, however its name is written.
    account, address = username_of(name), origin_of(request)
    tried = second.begin_try(account, address)
    if tried is None:
        keep_hold(request, "login", known_as(account))
        return failed(request, "login", "held_up", name=name)
    user = authenticate(request, username=account, password=request.POST.get("password", ""))
    if not isinstance(user, User) or not programmes_of(user):
        keep_refusal(request, "login", known_as(account))
        return failed(request, "login", "wrong_login", name=name)
    tried.succeeded()
    going_to = request.session.get(NEXT, "")
    request.session.flush()
    request.session[NEXT] = going_to
    request.session[WAITING] = {"user": user.pk, "at": int(time.time())}
    return HttpResponseRedirect(reverse("console:second"))


def username_of(name: str) -> str:
    """The user name behind what was typed: the name itself, or a telephone number."""
    try:
        phone = read_phone(name)
    except PhoneUnreadable:
        return name
    found = get_user_model().objects.filter(phone=phone).only("username").first()
    return name if found is None else str(found.get_username())


def known_as(account: str) -> User | None:
    """Who has a user name."""
    found: User | None = get_user_model().objects.filter(username=account).first()
    return found


def keep_refusal(
    request: HttpRequest, page: str, user: User | None, detail: str = "refused"
) -> None:
    """Write down that somebody was not let in."""
    keep_at_the_door(request, page, user, programmes_of(user) if user else [], detail)


def keep_hold(request: HttpRequest, page: str, user: User | None) -> None:
    """Write down that somebody has to wait, the first time of an address: a flood fills nothing."""
    if second.is_news(origin_of(request)):
        keep_refusal(request, page, user, "held up")


def programmes_of(user: User) -> list[int]:
    """The programmes in which somebody has a role."""
    return [place.programme for place in places_of(user)]


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether an address leads back into the console, and nowhere else."""
    return address.startswith(reverse("console:index")) and url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )


def waiting_user(request: HttpRequest) -> User | None:
    """Who has given the password in this session, not long ago."""
    waiting = request.session.get(WAITING)
    if not isinstance(waiting, dict) or not 0 <= time.time() - waiting["at"] < WAITING_S:
        return None
    found: User | None = get_user_model().objects.filter(pk=waiting["user"], is_active=True).first()
    return found


@in_language
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for a code of the telephone, or a recovery code."""
    user = waiting_user(request)
    if user is None:
        return HttpResponseRedirect(reverse("console:login"))
    if not second.is_enrolled(user):
        return HttpResponseRedirect(reverse("console:enrol"))
    if request.method != "POST":
        return page(request, "second")
    tried = second.begin_try(f"second {user.pk}", origin_of(request))
    if tried is None:
        keep_hold(request, "second", user)
        return failed(request, "second", "held_up")
    if not second.is_right(user, request.POST.get("code", "")[:20]):
        keep_refusal(request, "second", user)
        return failed(request, "second", "wrong_code")
    tried.succeeded()
    return let_in(request, user, "second")


@in_language
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """The first log-in: a telephone is enrolled by its QR code, then recovery codes are shown."""
    user = waiting_user(request)
    if user is None or second.is_enrolled(user):
        return HttpResponseRedirect(reverse("console:login" if user is None else "console:second"))
    secret = request.session.get(NEW_SECRET) or second.new_secret()
    request.session[NEW_SECRET] = secret
    shown: dict[str, Any] = {
        "qr": second.qr_of(secret, user.get_username()),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    }
    if request.method != "POST":
        return page(request, "enrol", **shown)
    tried = second.begin_try(f"second {user.pk}", origin_of(request))
    if tried is None:
        keep_hold(request, "enrol", user)
        return failed(request, "enrol", "held_up", **shown)
    if not second.enrol(user, secret, request.POST.get("code", "")[:20]):
        keep_refusal(request, "enrol", user)
        return failed(request, "enrol", "wrong_code", **shown)
    tried.succeeded()
    response = let_in(request, user, "enrol")
    request.session[second.CODES_SHOWN] = True
    return response


def let_in(request: HttpRequest, user: User, how: str) -> HttpResponse:
    """Log in: both factors were given."""
    going_to = request.session.get(NEXT, "")
    for name in (WAITING, NEW_SECRET, NEXT):
        request.session.pop(name, None)
    login(request, user, backend=BACKEND)
    second.pass_on(request, user)
    second.forgive(f"second {user.pk}")
    second.forgive(user.get_username())
    keep_at_the_door(request, how, user, programmes_of(user), "passed")
    # It was checked when it was asked for; the session has been ours since.
    return HttpResponseRedirect(going_to or reverse("console:index"))


@in_language
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: HttpRequest) -> HttpResponse:
    """Show the recovery codes, once, until they are said to be kept."""
    user = request.user
    if not isinstance(user, User) or not second.has_second_factor(request, user):
        return HttpResponseRedirect(reverse("console:login"))
    if not request.session.get(second.CODES_SHOWN):
        return HttpResponseRedirect(reverse("console:index"))
    if request.method != "POST":
        return page(request, "codes", codes=second.recovery_codes(user))
    del request.session[second.CODES_SHOWN]
    return HttpResponseRedirect(reverse("console:index"))


@in_language
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Leave; the session is gone."""
    user = request.user
    if isinstance(user, User):
        keep_at_the_door(request, "logout", user, programmes_of(user), "")
    logout(request)
    return HttpResponseRedirect(reverse("console:login"))
