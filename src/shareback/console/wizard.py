"""Opening a programme with its shop and first merchant: from a template, as far as it was typed."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from shareback.console import people
from shareback.console.asking import Asked, Unreadable, typed_into
from shareback.console.parameters import OPENING, PARAMETERS, draft
from shareback.console.roles import Role
from shareback.console.shown import Voice
from shareback.engine.opening import open_programme
from shareback.journal.models import Programme as Journaled
from shareback.mall.accounts.models import User
from shareback.mall.engines import now_us
from shareback.mall.models import Shop
from shareback.mall.opening import open_merchant, open_shop
from shareback.rules.programme import TEST_ISSUER, Programme

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?", re.ASCII)

TEMPLATES: dict[str, dict[str, Any]] = {
    "wine": {},
    "shares": {
        "award_mode": "per_spend",
        "award_points": "10",
        "award_spend": "2000",
        "issue_price": "42",
        "supply_cap": "1000000",
    },
    "platform": {
        "backing_rate": "0.06",
        "margin_rate": "0.10",
        "quota_multiple": "0.5",
        "maturity_days": 15,
    },
}
"""What each sets beside the defaults of R2; its words stand under ``template_``."""

ASKED = OPENING + PARAMETERS
ISSUERS = ("code", "register", "test")

ISSUER_FIELDS = ("name", "issuer_name", "issuer_kind", "code", "register", "number")
MORE_FIELDS = ("tiers", "timezone")
SHOP_FIELDS = ("slug", "shop_name", "shop_name_en", "merchant_name", "merchant_name_en")
MAY_BE_EMPTY = {"shop_name_en", "merchant_name_en", "tiers", "code", "register", "number"}
LENGTHS = {"name": 200, "issuer_name": 200, "register": 200, "number": 100}
LENGTH = 60


class Plan(NamedTuple):
    """A programme as it was typed.

    Attributes:
        groups: The form: a heading's key and the fields below it.
        parameters: What the rules take; nothing where something is wrong.
        faults: What is wrong with the whole.
        shop: What was typed for the shop and its merchant, by field.
    """

    groups: list[tuple[str, list[Asked]]]
    parameters: Programme | None
    faults: list[str]
    shop: dict[str, str]


def template_of(name: str) -> Programme:
    """A template's parameters, of a test issuer.

    Raises:
        KeyError: There is none of this name.
    """
    return Programme.model_validate({"issuer": TEST_ISSUER} | TEMPLATES[name])


def plan(voice: Voice, template: str, form: Mapping[str, str]) -> Plan:
    """Read the form of a programme.

    Args:
        voice: The reader's.
        template: One of `TEMPLATES`.
        form: What was typed; empty where nothing was yet.
    """
    typed, amiss = words_of(voice, form)
    also: dict[str, Any] = {
        "name": typed["name"] or "-",
        "timezone": typed["timezone"],
        "issuer": issuer_of(typed),
    }
    try:
        also["tiers"] = tiers_of(voice, typed["tiers"])
    except Unreadable as fault:
        amiss["tiers"] = str(fault)
    # Until something is typed nothing is wrong, so the template stands for the issuer.
    drafted = draft(voice, template_of(template), form, ASKED, also if form else None)
    faults = drafted.faults if form else []
    groups = [
        ("wizard_issuer", fields(voice, ISSUER_FIELDS, typed, amiss)),
        ("wizard_parameters", [*drafted.fields, *fields(voice, MORE_FIELDS, typed, amiss)]),
        ("wizard_shop", fields(voice, SHOP_FIELDS, typed, amiss)),
    ]
    whole = None if amiss or not form else drafted.parameters
    return Plan(groups, whole, faults, typed)


def words_of(voice: Voice, form: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What was typed into the fields that hold words, and what is wrong with them."""
    first = {"timezone": "Asia/Shanghai", "issuer_kind": "code"}
    names = ISSUER_FIELDS + MORE_FIELDS + SHOP_FIELDS
    typed = {name: typed_into(form, name) if form else first.get(name, "") for name in names}
    return typed, amiss_in(voice, typed) if form else {}


def amiss_in(voice: Voice, typed: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with words that were typed, by field."""
    amiss: dict[str, str] = {}
    for name, text in typed.items():
        if not text and name not in MAY_BE_EMPTY:
            amiss[name] = voice.say("ask_words")
        elif name != "tiers" and len(text) > LENGTHS.get(name, LENGTH):
            amiss[name] = voice.say("ask_shorter", most=LENGTHS.get(name, LENGTH))
    if not SLUG.fullmatch(typed["slug"]):
        amiss["slug"] = voice.say("wizard_slug_bad")
    elif Shop.objects.filter(slug=typed["slug"]).exists():
        amiss["slug"] = voice.say("wizard_taken")
    if Journaled.objects.filter(name=typed["name"]).exists():
        amiss["name"] = voice.say("wizard_taken")
    try:
        ZoneInfo(typed["timezone"] or "-")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        amiss["timezone"] = voice.say("wizard_zone_bad")
    return amiss


def issuer_of(typed: Mapping[str, str]) -> dict[str, Any]:
    """The issuer as a programme file has it: by code, by a foreign register, or a test."""
    match typed["issuer_kind"]:
        case "test":
            return {"name": typed["issuer_name"] or "-", "test": True}
        case "register":
            found = {"register": typed["register"] or None, "number": typed["number"] or None}
            return {"name": typed["issuer_name"] or "-", **found}
        case _:
            return {"name": typed["issuer_name"] or "-", "code": typed["code"].upper()}


def tiers_of(voice: Voice, typed: str) -> list[dict[str, Any]]:
    """Tiers, one a line: name, threshold, multiplier.

    Raises:
        Unreadable: A line is something else.
    """
    found = []
    for line in filter(None, map(str.strip, typed.splitlines())):
        parts = [part.strip() for part in re.split("[,\N{FULLWIDTH COMMA}]", line)]
        if len(parts) != 3:  # noqa: PLR2004 - as the note beside the field says
            raise Unreadable(voice.say("wizard_tiers_bad", line=line[:60]))
        found.append({"name": parts[0], "threshold": parts[1], "multiplier": parts[2]})
    return found


def fields(
    voice: Voice, names: tuple[str, ...], typed: Mapping[str, str], amiss: Mapping[str, str]
) -> list[Asked]:
    """Fields that hold words."""
    options = {"issuer_kind": [(one, voice.say(f"wizard_issuer_{one}")) for one in ISSUERS]}
    return [
        Asked(
            name,
            voice.say(f"w_{name}"),
            typed[name],
            "long" if name == "tiers" else "choice" if name in options else "text",
            note=voice.say(f"w_{name}_note"),
            fault=amiss.get(name, ""),
            options=options.get(name, ()),
            required=name not in MAY_BE_EMPTY,
        )
        for name in names
    ]


def open_all(user: User, parameters: Programme, shop: Mapping[str, str]) -> int:
    """Open a programme, its shop and first merchant; whoever does is its operator.

    Args:
        user: Who opens it. Approvers are appointed at the command line, by somebody else.
        parameters: Its parameters, checked.
        shop: What was typed for `SHOP_FIELDS`.

    Returns:
        The programme's number.

    Raises:
        ProgrammeExists: There is one of this name.
    """
    with transaction.atomic():
        number = open_programme(parameters, now_us())
        opened = open_shop(number, shop["slug"], shop["shop_name"], shop["shop_name_en"])
        open_merchant(opened, "", shop["merchant_name"], shop["merchant_name_en"])
        people.grant(user, number, Role.OPERATOR, f"console:{user.get_username()}")
    return number
