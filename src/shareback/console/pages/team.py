"""The team: who has which role, and what each role may do."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shareback.console.desk import Desk, desk_of
from shareback.console.models import AuditEntry, RoleGrant
from shareback.console.pages.clients import heads
from shareback.console.pages.watching import page_words
from shareback.console.roles import MODELS, Role, Rule
from shareback.console.roles import PAGES as RULES
from shareback.console.routes import Page
from shareback.console.site import show
from shareback.console.tables import Cell, Column, Section, Table, table
from shareback.units.shown import NONE

LISTED_MAX = 500
UNSAID = frozenset({"jsi18n", "autocomplete", "app_list", "search", "password_change_done"})
"""Addresses that are parts of other pages."""


@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Grants, the latest first, and the table of roles."""
    desk = desk_of(request)
    say = desk.voice.say
    return show(
        request,
        "detail",
        say("menu_team"),
        lead=say("team_lead"),
        sections=[
            Section(say("menu_team"), grants(desk)),
            Section(say("what_roles_may"), rights(desk)),
        ],
    )


def grants(desk: Desk) -> Table:
    """Who has which role, and who had."""
    voice = desk.voice
    rows = RoleGrant.objects.filter(programme_id=desk.programme.pk).select_related("user")
    found = list(rows.order_by("-id")[:LISTED_MAX])
    enrolled = set(
        Authenticator.objects.filter(
            user_id__in={one.user_id for one in found}, type=Authenticator.Type.TOTP
        ).values_list("user_id", flat=True)
    )
    seen = {user: last_seen(desk, user) for user in {one.user_id for one in found}}
    cells = [
        [
            Cell(one.user.get_username(), note=one.user.name),
            Cell(voice.say(f"role_{one.role}"), mark="" if one.ended_at is None else "quiet"),
            Cell(voice.moment(one.granted_at), note=one.granted_by),
            Cell(voice.say("holds"), mark="good")
            if one.ended_at is None
            else Cell(voice.moment(one.ended_at), mark="quiet", note=one.ended_by),
            Cell(voice.say("enrolled"), mark="good")
            if one.user_id in enrolled
            else Cell(voice.say("not_enrolled"), mark="warn"),
            Cell(voice.moment(seen[one.user_id])),
        ]
        for one in found
    ]
    named = ("who", "roles", "granted", "ended", "second_factor", "last_seen:num")
    return table(heads(desk, *named), cells, voice.say("nothing"))


def last_seen(desk: Desk, user: int) -> datetime | None:
    """When somebody was last at the console of this programme; of others nothing is told here."""
    rows = AuditEntry.objects.filter(programme_id=desk.programme.pk, user_id=user)
    return rows.order_by("-id").values_list("at", flat=True).first()


def rights(desk: Desk) -> Table:
    """The table of roles.py as people read it."""
    say = desk.voice.say
    columns = [Column(say("page")), *(Column(say(f"role_{role}")) for role in Role)]
    named = {name: rule for name, rule in RULES.items() if name not in UNSAID}
    models = {f"{label}_changelist": rule for label, rule in MODELS.items()}
    cells = [
        [Cell(page_words(desk, name)), *(right_cell(desk, rule, role) for role in Role)]
        for name, rule in {**named, **models}.items()
    ]
    return table(columns, cells, NONE)


def right_cell(desk: Desk, rule: Rule, role: Role) -> Cell:
    """What one role may do on one page."""
    if role in rule.do:
        return Cell(desk.voice.say("does"), mark="warn")
    if role in rule.see:
        return Cell(desk.voice.say("sees"), mark="good")
    return Cell(NONE, mark="quiet")


PAGES = (Page("team", "team/", team),)
