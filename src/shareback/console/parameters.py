"""A programme's parameters as a form asks for them, and why some cannot be: the rules' own word."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from shareback.console.asking import (
    PPM_PER_PER_CENT,
    Asked,
    Unreadable,
    per_cent_text,
    read_amount,
    typed_into,
)
from shareback.console.shown import Voice
from shareback.console.words import WORDS
from shareback.rules.programme import Programme
from shareback.units.scales import PPM, UNITS_PER_POINT, UYUAN_PER_YUAN
from shareback.units.shown import NONE
from shareback.units.text import format_exact

WHOLE = 1


class Parameter(NamedTuple):
    """A parameter that people may set.

    Attributes:
        name: As in a programme file; its words stand under ``p_`` and ``p_…_note``.
        units_per_one: How many units one of what is typed stands for; 0 where it is no number.
        file_units: How many units stand for one in a programme file.
        unit: What stands behind the field.
        options: What there is to choose from, where it is a choice.
    """

    name: str
    units_per_one: int = 0
    file_units: int = 0
    unit: str = ""
    options: tuple[str, ...] = ()


def rate(name: str) -> Parameter:
    """A rate, typed in per cent."""
    return Parameter(name, PPM_PER_PER_CENT, PPM, "%")


PARAMETERS = (
    rate("backing_rate"),
    Parameter("backing_by_category"),
    rate("award_rate"),
    rate("referral_rate"),
    rate("margin_rate"),
    rate("dividend_rate"),
    Parameter("quota_multiple", PPM, PPM, "×"),
    rate("redemption_fee"),
    rate("goods_redemption_fee"),
    Parameter("maturity_days", WHOLE, WHOLE, "days"),
    Parameter("late_refund_limit", UYUAN_PER_YUAN, UYUAN_PER_YUAN, "money"),
    Parameter("supply_cap", UNITS_PER_POINT, UNITS_PER_POINT, "points"),
    Parameter("award_mode", options=("value", "per_spend")),
    Parameter("award_points", UNITS_PER_POINT, UNITS_PER_POINT, "points"),
    Parameter("award_spend", UYUAN_PER_YUAN, UYUAN_PER_YUAN, "money"),
    Parameter("profile", options=("profit-share", "goods-only")),
)
"""What an amendment may change; name, clock, currency, issuer and tiers stay (R2)."""

OPENING = (Parameter("issue_price", UYUAN_PER_YUAN, UYUAN_PER_YUAN, "money"),)
"""What is set once, when a programme opens."""

REASONS = (
    ("award_rate + referral_rate is above 1", "why_awards"),
    ("would pay out more than its sales earn", "why_margin"),
    ("quota_multiple must be above", "why_quota"),
    ("pays no dividends", "why_dividends"),
    ("per_spend needs", "why_per_spend"),
    ("must be above 0 (R2)", "why_zero"),
    ("no valid unified social credit code", "why_code"),
    ("needs a unified social credit code", "why_issuer"),
    ("out of range (R3.7)", "why_range"),
    ("tiers must rise", "why_tiers"),
    ("decimal", "why_number"),
)
"""What the rules say where parameters break a promise, and the key of our words for it."""


def units_of(parameters: Programme, name: str) -> int:
    """A parameter in units; the dividend rate is the one in force."""
    return int(parameters.dividend_ppm if name == "dividend_rate" else getattr(parameters, name))


def text_of(parameters: Programme, one: Parameter) -> str:
    """A parameter as it stands in its field."""
    if one.options:
        return str(getattr(parameters, one.name))
    if one.units_per_one == 0:
        rates = getattr(parameters, one.name).items()
        return "\n".join(f"{name} = {per_cent_text(ppm)}" for name, ppm in rates)
    units = units_of(parameters, one.name)
    return per_cent_text(units) if one.unit == "%" else plain(units, one.units_per_one)


def plain(units: int, units_per_one: int) -> str:
    """An amount in full; a count is itself."""
    return str(units) if units_per_one == WHOLE else format_exact(units, units_per_one)


def shown(voice: Voice, parameters: Programme, one: Parameter) -> str:
    """A parameter as people read it."""
    if one.options:
        return voice.say(f"p_{one.name}_{getattr(parameters, one.name)}")
    if one.units_per_one == 0:
        rates = getattr(parameters, one.name).items()
        return " · ".join(f"{name} {voice.rate(ppm)}" for name, ppm in rates) or NONE
    units = units_of(parameters, one.name)
    match one.unit:
        case "%":
            return voice.rate(units)
        case "money":
            return voice.money(units)
        case "points":
            return voice.points(units)
        case "days":
            return voice.say("p_days", count=units)
        case _:
            return f"{format_exact(units, one.units_per_one)}{one.unit}"


class Drafted(NamedTuple):
    """What somebody typed, and what it comes to.

    Attributes:
        fields: The form, with what is wrong beside each field.
        parameters: The whole, where the rules take it.
        faults: Why they do not, where no single field is to blame.
    """

    fields: list[Asked]
    parameters: Programme | None
    faults: list[str]


def draft(
    voice: Voice,
    base: Programme,
    form: Mapping[str, str],
    asked: Sequence[Parameter] = PARAMETERS,
    also: Mapping[str, Any] | None = None,
) -> Drafted:
    """Read a form of parameters.

    Args:
        voice: The reader's.
        base: What stands in the fields at first, and behind those that are not asked for.
        form: What was typed; empty where nothing was yet.
        asked: Which parameters.
        also: Further fields of a programme file that the form brings.
    """
    told, typed, faults = dict(also or {}), {}, {}
    for one in asked:
        typed[one.name] = typed_into(form, one.name) if form else text_of(base, one)
        try:
            told[one.name] = as_in_a_file(voice, one, typed[one.name], text_of(base, one))
        except Unreadable as fault:
            faults[one.name] = str(fault)
    parameters: Programme | None = None
    above: list[str] = []
    if not faults:
        whole = base.model_dump(mode="json", by_alias=True) | told
        parameters, above, faults = checked(voice, whole)
    fields = [field_of(voice, one, typed[one.name], faults.pop(one.name, "")) for one in asked]
    # Where no field of this form is to blame, it is told above all of them.
    return Drafted(fields, parameters, above + list(faults.values()))


def as_in_a_file(
    voice: Voice, one: Parameter, typed: str, before: str
) -> str | int | dict[str, str]:
    """What was typed as a programme file has it.

    Args:
        voice: The reader's.
        one: What is asked.
        typed: What was typed.
        before: What stood there; it may stay though nobody could choose it.

    Raises:
        Unreadable: It is nothing of the kind.
    """
    if one.options:
        if typed not in {*one.options, before}:
            raise Unreadable(voice.say("p_choice_bad"))
        return typed
    if one.units_per_one == 0:
        return dict(rates_in(voice, typed))
    units = read_amount(voice, typed, one.units_per_one)
    return units if one.units_per_one == WHOLE else format_exact(units, one.file_units)


def rates_in(voice: Voice, typed: str) -> Iterator[tuple[str, str]]:
    """Rates by name, one a line, such as ``green = 45`` for 45 per cent, as a file has them.

    Raises:
        Unreadable: A line is something else, or names a rate again.
    """
    named = set()
    for line in filter(None, map(str.strip, typed.splitlines())):
        name, equals, rate = map(
            str.strip, line.replace("\N{FULLWIDTH EQUALS SIGN}", "=").rpartition("=")
        )
        if not equals or not name or name in named:
            raise Unreadable(voice.say("p_rates_bad", line=line[:60]))
        named.add(name)
        units = read_amount(voice, rate.removesuffix("%").strip(), PPM_PER_PER_CENT)
        yield name, format_exact(units, PPM)


def checked(voice: Voice, whole: Any) -> tuple[Programme | None, list[str], dict[str, str]]:  # noqa: ANN401 - fields of a file
    """Parameters that keep their promises; else why not, in all and by field."""
    try:
        return Programme.model_validate(whole), [], {}
    except ValidationError as fault:
        above: list[str] = []
        fields: dict[str, str] = {}
        for error in fault.errors():
            words = reason(voice, str(error["msg"]), str(error["type"]))
            if error["loc"]:
                fields[".".join(map(str, error["loc"]))] = words
            else:
                above.append(words)
        return None, above, fields


def reason(voice: Voice, said: str, kind: str) -> str:
    """Why the rules refuse something, in the reader's language."""
    for part, key in REASONS:
        if part in said:
            return voice.say(key)
    if kind.startswith(("greater_than", "less_than")):
        return voice.say("why_bounds")
    return said.removeprefix("Value error, ")


def field_of(voice: Voice, one: Parameter, typed: str, fault: str) -> Asked:
    """The field of a parameter."""
    units: dict[str, Callable[[], str]] = {
        "money": voice.sign.strip,
        "days": lambda: voice.say("p_days_unit"),
        "points": lambda: voice.say("p_points_unit"),
    }
    # What stands there now can stay, though people cannot choose it here.
    is_other = typed not in one.options and f"p_{one.name}_{typed}" in WORDS
    known = [*one.options, *([typed] if is_other else [])]
    return Asked(
        one.name,
        voice.say(f"p_{one.name}"),
        typed,
        "choice" if one.options else "number" if one.units_per_one else "long",
        units[one.unit]() if one.unit in units else one.unit,
        voice.say(f"p_{one.name}_note"),
        fault,
        [(each, voice.say(f"p_{one.name}_{each}")) for each in known],
        required=one.units_per_one != 0 or bool(one.options),
    )
