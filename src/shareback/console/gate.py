"""The gate before every page of the console.

Whoever comes through has logged in with password and second factor, has a role in the programme
that they have chosen, and may see the page by the table in roles.py; all of it is kept in the audit
trail before the answer leaves.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.decorators import decorator_from_middleware
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from shareback.console.desk import LANGUAGES, Desk, language_of, sit_down
from shareback.console.frame import frame
from shareback.console.roles import SHOWN_PROGRAMME, rule_of
from shareback.console.second import CODES_SHOWN, has_second_factor
from shareback.console.trail import SAFE, keep
from shareback.mall.accounts.models import User

LOG = logging.getLogger(__name__)
View = Callable[..., HttpResponseBase]

POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
"""unfold's pages stand on Alpine, which compiles the expressions of their attributes."""

OK, FORBIDDEN, MISSING, CONFLICT, FAULT = 200, 403, 404, 409, 500


GLYPHS = {
    "missing": "search_off",
    "forbidden": "lock",
    "turned": "sync_problem",
    "stale": "hourglass_disabled",
}


class Protected(CsrfViewMiddleware):
    """Django's protection of forms, with a page of ours for who has waited too long."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:  # noqa: ARG002 - Django's own shape
        return refused_page(request, FORBIDDEN, "stale")


protected = decorator_from_middleware(Protected)


def guarded(view: View) -> View:
    """A view of the console behind the gate."""
    inner = never_cache(protected(view))

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401
        desk = desk_behind_the_door(request)
        if desk is None:
            return to_the_door(request)
        if request.session.get(CODES_SHOWN):
            return HttpResponseRedirect(reverse("console:codes"))
        request.desk = desk  # type: ignore[attr-defined] # where `desk_of` finds it
        with translation.override(LANGUAGES[desk.language]):
            response = watched(request, desk, inner, args, kwargs)
        return with_policy(response)

    # Inside, the view has been protected; a second time would only cost.
    answer.csrf_exempt = True  # type: ignore[attr-defined] # Django's mark
    return answer


def desk_behind_the_door(request: HttpRequest) -> Desk | None:
    """The desk of whoever has logged in with both factors and has a role somewhere."""
    user = request.user
    if not isinstance(user, User) or not user.is_active or not has_second_factor(request, user):
        return None
    return sit_down(request, user)


def to_the_door(request: HttpRequest) -> HttpResponse:
    """Ask for the log-in, and come back."""
    login = reverse("console:login")
    if request.method not in SAFE:
        return HttpResponseRedirect(login)
    return HttpResponseRedirect(f"{login}?{urlencode({'next': request.get_full_path()})}")


def watched(
    request: HttpRequest, desk: Desk, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> HttpResponseBase:
    """Answer, and keep in the trail who asked; a change and its entry stand or fall together."""
    page = page_of(request)
    refused = refusal(request, desk, page)
    if refused:
        desk.remarks.append(refused[1])
        keep(request, page, refused[0], desk)
        return refused_page(request, *refused)
    try:
        if request.method in SAFE:
            response = rendered(view(request, *args, **kwargs))
            keep(request, page, response.status_code, desk)
            return response
        with transaction.atomic():
            response = rendered(view(request, *args, **kwargs))
            keep(request, page, response.status_code, desk)
    except (Http404, PermissionDenied) as fault:
        status = MISSING if isinstance(fault, Http404) else FORBIDDEN
        desk.remarks.clear()
        keep(request, page, status, desk)
        return refused_page(request, status, "missing" if status == MISSING else "forbidden")
    except Exception:
        keep_fault(request, page, desk)
        raise
    return response


def keep_fault(request: HttpRequest, page: str, desk: Desk) -> None:
    """Write down that a page ended in a fault of ours; where not even that can be, log it."""
    desk.remarks.clear()
    try:
        keep(request, page, FAULT, desk)
    except DatabaseError:
        LOG.exception("a look at %s could not be written down", page)


def page_of(request: HttpRequest) -> str:
    """The name of the page that is asked for, without the namespace."""
    match = request.resolver_match
    return (match.url_name or "") if match else ""


def refusal(request: HttpRequest, desk: Desk, page: str) -> tuple[int, str] | None:
    """Why the gate stays shut, as a status and the key of its words; nothing where it opens."""
    rule = rule_of(page)
    if rule is None:
        return MISSING, "missing"
    allowed = rule.see if request.method in SAFE else rule.do
    if allowed.isdisjoint(desk.roles):
        return FORBIDDEN, "forbidden"
    if request.method in SAFE:
        return None
    # Another tab may have turned to another programme since this form was shown.
    if request.POST.get(SHOWN_PROGRAMME, "") != str(desk.programme.pk):
        return CONFLICT, "turned"
    return None


def refused_page(request: HttpRequest, status: int, key: str) -> HttpResponse:
    """The page that says why."""
    context = frame(request)
    words = {"glyph": GLYPHS[key], "heading": context["t"][f"{key}_title"]}
    text = context["t"][f"{key}_text"]
    fields = {**context, **words, "text": text, "title": words["heading"]}
    return render(request, "console/refused.html", fields, status=status)


def rendered(response: HttpResponseBase) -> HttpResponseBase:
    """An answer that is written out, while its language is set and its faults can be seen."""
    render_now = getattr(response, "render", None)
    return render_now() if callable(render_now) else response


def with_policy(response: HttpResponseBase) -> HttpResponseBase:
    """Say what the page may load, and that nobody keeps it."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response


def in_language(view: View) -> View:
    """A page at the door: in the reader's language, with the console's policy, kept nowhere."""
    inner = never_cache(protected(view))

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401
        with translation.override(LANGUAGES[language_of(request)]):
            return with_policy(rendered(inner(request, *args, **kwargs)))

    # The decorator has a page of ours for a form that is refused; the middleware has none.
    answer.csrf_exempt = True  # type: ignore[attr-defined] # Django's mark
    return answer
