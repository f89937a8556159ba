"""Whose desk a request comes from: the person, the programme they have chosen, and their roles."""

import json
from functools import cached_property, lru_cache
from typing import NamedTuple

from django.http import Http404, HttpRequest
from django.utils.functional import lazy
from django.utils.translation import get_language

from shareback.console.models import RoleGrant
from shareback.console.roles import may_do, may_see
from shareback.console.shown import Voice
from shareback.console.words import WORDS
from shareback.journal.models import Programme, Terms
from shareback.mall.accounts.models import User
from shareback.rules.programme import Programme as Parameters

CHOSEN = "console_programme"
LANGUAGE_COOKIE = "shareback_language"
"""The same as on the public pages: who reads those in English reads the console in English."""

LANGUAGES = {"zh": "zh-hans", "en": "en"}
SECRETS = ("key",)
"""A programme's secret stays in the database."""


class Place(NamedTuple):
    """A programme where somebody has roles."""

    programme: int
    name: str
    roles: frozenset[str]


class Desk:
    """A person at work in one programme.

    Attributes:
        user: Who.
        programme: The head row of the programme that they have chosen, without its secret.
        roles: Theirs in it.
        places: All programmes where they have roles, by number.
        language: "zh" or "en".
        remarks: What was changed, in a line each, for the audit trail.
    """

    def __init__(self, user: User, place: Place, places: list[Place], language: str) -> None:
        """Sit down."""
        self.user = user
        self.roles = place.roles
        self.places = places
        self.language = language
        self.remarks: list[str] = []
        self.programme: Programme = Programme.objects.defer(*SECRETS).get(pk=place.programme)

    @cached_property
    def versions(self) -> list[Parameters]:
        """All versions of the programme's parameters, by version."""
        return versions_of(self.programme.pk)

    @property
    def parameters(self) -> Parameters:
        """Those in force."""
        version: int = self.programme.terms
        return self.versions[version]

    @cached_property
    def voice(self) -> Voice:
        """The language, currency and clock of the pages."""
        return Voice.of(self.language, self.parameters)

    def may_see(self, page: str) -> bool:
        """Whether this person may look at a page."""
        return may_see(page, self.roles)

    def may_do(self, page: str) -> bool:
        """Whether this person may change something on a page."""
        return may_do(page, self.roles)


def versions_of(programme: int) -> list[Parameters]:
    """All versions of a programme's parameters, by version."""
    rows = Terms.objects.filter(programme_id=programme).order_by("version")
    return [parsed(text) for text in rows.values_list("parameters", flat=True)]


@lru_cache(maxsize=256)
def parsed(text: str) -> Parameters:
    """Parameters as they stand in the log; they never change, so one reading is enough."""
    return Parameters.model_validate(json.loads(text))


def language_of(request: HttpRequest) -> str:
    """The language that the reader has chosen; Chinese where they have not."""
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "zh")
    return chosen if chosen in LANGUAGES else "zh"


def places_of(user: User) -> list[Place]:
    """The programmes in which somebody has roles that hold, by number."""
    grants = RoleGrant.objects.filter(user_id=user.pk, ended_at=None).order_by("programme_id")
    roles: dict[int, set[str]] = {}
    for programme, role in grants.values_list("programme_id", "role"):
        roles.setdefault(programme, set()).add(role)
    names = dict(Programme.objects.filter(pk__in=roles).values_list("pk", "name"))
    return [Place(pk, names[pk], frozenset(roles[pk])) for pk in sorted(names)]


def sit_down(request: HttpRequest, user: User) -> Desk | None:
    """The desk of a request; nothing where the person has no role in any programme."""
    places = places_of(user)
    if not places:
        return None
    chosen = request.session.get(CHOSEN)
    place = next((one for one in places if one.programme == chosen), places[0])
    return Desk(user, place, places, language_of(request))


def choose(request: HttpRequest, programme: int | None) -> Place:
    """Turn to another programme.

    Raises:
        Http404: There is none of this number in which the person has a role (A55).
    """
    for place in desk_of(request).places:
        if place.programme == programme:
            request.session[CHOSEN] = place.programme
            return place
    raise Http404(str(programme))


def desk_of(request: HttpRequest) -> Desk:
    """The desk that the gate has put under a request.

    Raises:
        Http404: The request has not come through the gate.
    """
    desk = getattr(request, "desk", None)
    if not isinstance(desk, Desk):
        raise Http404(request.path)
    return desk


def remark(request: HttpRequest, line: str) -> None:
    """Tell the audit trail what a request changed, in one line."""
    desk_of(request).remarks.append(line)


def chosen_language() -> str:
    """The language that the gate has set for this thread."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def said(key: str) -> str:
    """A text in the language of the page on which it is read: for models and forms of unfold."""
    return lazy(lambda: WORDS[key][chosen_language() == "en"], str)()
