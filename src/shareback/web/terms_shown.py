"""A programme's terms as the public reads them, and who has changed them when."""

from datetime import datetime
from typing import Any, NamedTuple

from django.apps import apps

from shareback.console.parameters import OPENING, PARAMETERS
from shareback.console.parameters import shown as parameter_shown
from shareback.console.shown import Voice as ConsoleVoice
from shareback.engine.calendar import day_text
from shareback.engine.opening import Version
from shareback.journal.models import Programme
from shareback.rules.programme import Programme as Parameters
from shareback.units.scales import UNITS_PER_POINT
from shareback.units.shown import NONE, grouped
from shareback.units.text import format_exact
from shareback.web.overview import issuer_line
from shareback.web.shown import Voice


class Deed(NamedTuple):
    """What somebody did for an amendment: in words, who, and when."""

    what: str
    who: str
    when: str


class Change(NamedTuple):
    """A parameter that an amendment changed."""

    label: str
    before: str
    after: str


class Amendment(NamedTuple):
    """An amendment.

    Attributes:
        title: From when it holds, in words.
        state: Whether it is in force, was, or is to come, in words.
        deeds: Who proposed and who approved it; none where the console knows of nobody.
        changes: What it changed.
    """

    title: str
    state: str
    deeds: tuple[Deed, ...]
    changes: list[Change]


def parameters(terms: Parameters, voice: Voice) -> list[tuple[str, list[str]]]:
    """All parameters of a version, in words: what each is called, and its values."""
    told = ConsoleVoice.of(voice.language, terms)
    authority = terms.authority
    found = [
        (voice.say("term_name"), [terms.name]),
        (voice.say("issuer"), [issuer_line(terms, voice)]),
        (voice.say("term_currency"), [terms.currency]),
        (voice.say("term_timezone"), [terms.timezone]),
    ]
    found += [
        (told.say(f"p_{one.name}"), [parameter_shown(told, terms, one)])
        for one in (*OPENING, *PARAMETERS)
    ]
    if authority is not None:
        basis = [authority.jurisdiction, authority.licence, *authority.approvers]
        found.append((voice.say("term_authority"), basis))
    return [*found, (voice.say("term_tiers"), tiers(terms, voice, told))]


def tiers(terms: Parameters, voice: Voice, told: ConsoleVoice) -> list[str]:
    """The tiers, one after another."""
    shown = []
    for tier in terms.tiers:
        threshold = grouped(format_exact(tier.threshold, UNITS_PER_POINT))
        multiplier = told.rate(tier.multiplier)
        key = "term_partner" if tier.partner else "term_tier"
        shown.append(voice.say(key, name=tier.name, threshold=threshold, multiplier=multiplier))
    return shown or [NONE]


def amendments(programme: Programme, versions: list[Version], voice: Voice) -> list[Amendment]:
    """What each amendment changed, from when, and by whom; the latest first."""
    known = deeds(programme, versions[0].programme, voice)
    found = []
    for place in range(len(versions) - 1, 0, -1):
        before, after = versions[place - 1].programme, versions[place].programme
        told = ConsoleVoice.of(voice.language, after)
        pairs = [
            (told.say(f"p_{one.name}"), parameter_shown(told, before, one), one)
            for one in PARAMETERS
        ]
        found.append(
            Amendment(
                voice.say("amended_from", day=day_text(versions[place].from_day)),
                voice.say(state_of(place, programme.terms)),
                known.get(place, ()),
                [
                    Change(label, shown, parameter_shown(told, after, one))
                    for label, shown, one in pairs
                    if shown != parameter_shown(told, after, one)
                ],
            )
        )
    return found


def state_of(place: int, in_force: int) -> str:
    """The text that tells whether a version is in force."""
    if place == in_force:
        return "terms_now"
    return "terms_to_come" if place > in_force else "terms_past"


def deeds(programme: Programme, terms: Parameters, voice: Voice) -> dict[int, tuple[Deed, ...]]:
    """By version of the parameters: who proposed and who approved it at the console."""
    if not apps.is_installed("shareback.console"):
        return {}
    from shareback.console.models import Proposal  # noqa: PLC0415 - only where it is installed

    told = ConsoleVoice.of(voice.language, terms)
    people = ("proposer", "first_approver", "second_approver")
    rows = Proposal.objects.filter(
        programme_id=programme.pk, kind=Proposal.Kind.AMENDMENT, state=Proposal.State.DONE
    ).select_related(*people)
    roles = roles_in(programme)

    def deed(what: str, person: Any, at: datetime | None) -> Deed:  # noqa: ANN401 - a user
        when = "" if at is None else f"{at.astimezone(told.zone):%Y-%m-%d %H:%M}"
        return Deed(voice.say(what), called(person, roles.get(person.pk, []), told, voice), when)

    return {
        row.base: (
            deed("proposed", row.proposer, row.made_at),
            deed("approved_first", row.first_approver, row.first_at),
            deed("approved_second", row.second_approver, row.closed_at),
        )
        for row in rows
    }


def roles_in(programme: Programme) -> dict[int, list[str]]:
    """The roles that people have or had in a programme, by user."""
    from shareback.console.models import RoleGrant  # noqa: PLC0415 - as above

    found: dict[int, list[str]] = {}
    rows = RoleGrant.objects.filter(programme_id=programme.pk).order_by("role").distinct()
    for user, role in rows.values_list("user_id", "role"):
        found.setdefault(user, []).append(role)
    return found


def called(person: Any, roles: list[str], told: ConsoleVoice, voice: Voice) -> str:  # noqa: ANN401 - a user
    """What the public calls somebody of the operator's: by name and roles, never by log-in.

    A log-in may be a telephone number, and is half of what somebody needs to log in.
    """
    name = str(person.name or person.get_full_name()).strip()
    held = voice.say("person_roles").join(told.say(f"role_{role}") for role in roles)
    if name and held:
        return voice.say("person", name=name, roles=held)
    return name or held or voice.say("person_unnamed")
