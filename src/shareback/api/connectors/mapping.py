"""From a mall's event to what it means for the programme: orders paid, received, refunded.

Nothing is decided here; only cash is counted (R4.1), and what cannot be read is told in one line
that names the place in the payload.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple, TypeAlias
from urllib.parse import unquote

from shareback.api.connectors.paths import (
    Condition,
    Expression,
    Json,
    NotJson,
    NotThere,
    Scope,
    every,
    holds,
    is_of_item,
    is_total,
    leaves,
    read_json,
    shown,
    single,
)
from shareback.api.connectors.shapes import Does, Rule, Shape
from shareback.units.scales import UYUAN_PER_YUAN
from shareback.units.text import AmountUnreadable, parse_decimal

CENTS = 100
SHOWN_MAX = 80
REASON_MAX = 300

EACH_MAX = 1_000
"""Elements of one list in one event; no order of a shop has as many refunds."""

Known: TypeAlias = dict[str, str | int]
"""What a rule has found in the document outside of its list's elements, by field or condition."""


class Unmapped(ValueError):
    """An event that cannot be read by its shape; the text is one line for people."""


class Terms(NamedTuple):
    """What a connection adds to its shape.

    Attributes:
        currency: The programme's; amounts in another are refused.
        prefix: Before every id of the mall's.
        merchant_id: Of orders for which the shape names none; as the programme knows it.
    """

    currency: str
    prefix: str = ""
    merchant_id: str = ""


class Act(NamedTuple):
    """What is to be done; ids are the programme's, amounts in µ¥.

    Where `may_be_unknown`, it is no fault that the programme does not know the order.
    """

    does: Does
    order_id: str
    member_id: str = ""
    merchant_id: str = ""
    refund_id: str = ""
    money_uyuan: int = 0
    may_be_unknown: bool = False


class Passed(NamedTuple):
    """An event, or a part of it, for which nothing is done; and why."""

    reason: str


Meant: TypeAlias = Act | Passed


def payload_of(shape: Shape, body: bytes) -> Json:
    """The payload of a delivery, with the text decoded that is JSON itself.

    Raises:
        Unmapped: The body is no JSON object.
    """
    payload = parsed(body, "the body")
    if not isinstance(payload, dict):
        raise Unmapped("the body is no JSON object; send the event's payload as application/json")
    inner = payload.get(shape.decode) if shape.decode is not None else None
    if shape.decode is not None and isinstance(inner, str):
        payload[shape.decode] = parsed(unquote(inner), shape.decode)
    return payload


def parsed(text: str | bytes, place: str) -> Json:
    """A JSON text, or a fault that names its place."""
    try:
        return read_json(text)
    except NotJson as fault:
        raise Unmapped(f"{place} is no JSON: {fault}") from None


def meaning(shape: Shape, topic: str, payload: Json, terms: Terms) -> list[Meant]:
    """What an event means, rule by rule; all of it can be read, or nothing is done.

    Raises:
        Unmapped: A place is missing, an amount is none, or the currency is another.
    """
    rules = shape.rules_of(topic)
    if not rules:
        return [Passed(f"{topic}: the shape has no rule for this topic")]
    return [one for rule in rules for one in meant_by(rule, topic, Scope(payload), terms)]


def meant_by(rule: Rule, topic: str, whole: Scope, terms: Terms) -> list[Meant]:
    """What one rule makes of an event: of the whole, or of each element of a list."""
    known: Known = {}
    return [meant(rule, topic, scope, terms, known) for scope in scopes(rule, topic, whole)]


def scopes(rule: Rule, topic: str, scope: Scope) -> Iterator[Scope]:
    """Where a rule is applied: once, or to each element of its list."""
    if rule.each is None:
        yield scope
        return
    try:
        items = leaves(rule.each, scope)
    except NotThere as fault:
        raise unmapped(topic, "each", str(fault)) from None
    if len(items) > EACH_MAX:
        raise unmapped(topic, "each", f"has {len(items):,} elements, more than {EACH_MAX:,}")
    yield from (Scope(scope.document, item) for item in items)


def meant(rule: Rule, topic: str, scope: Scope, terms: Terms, known: Known) -> Meant:
    """What one rule makes of an event, or of one element of its list."""
    reason = unmet(rule, topic, scope, known)
    if reason:
        return Passed(reason)
    if rule.does == "ignore":
        return Passed(f"{topic}: the shape ignores this topic")
    money = 0
    if rule.does != "receive":
        money = cash(rule, topic, scope, known)
        if money == 0:
            return Passed(f"{topic}: nothing of it was cash, so there is nothing to {rule.does}")
        check_currency(rule, topic, scope, terms, known)
    merchant = identity(rule.merchant, "merchant", topic, scope, known)
    return Act(
        rule.does,
        with_prefix(terms.prefix, identity(rule.order, "order", topic, scope, known)),
        with_prefix(terms.prefix, identity(rule.member, "member", topic, scope, known)),
        with_prefix(terms.prefix, merchant) or (terms.merchant_id if rule.does == "pay" else ""),
        identity(rule.refund, "refund", topic, scope, known),
        money,
        rule.unknown == "pass",
    )


def unmet(rule: Rule, topic: str, scope: Scope, known: Known) -> str:
    """Why one of a rule's conditions does not hold; nothing where all do."""

    def reason(condition: Condition) -> str:
        if holds(condition, scope):
            return ""
        found = ", ".join(shown(condition, scope)) or "nothing"
        return f"{topic}: {rule.does} only if {condition.text}; found {found}"[:REASON_MAX]

    try:
        for condition in rule.only_if:
            read = partial(reason, condition)
            said = str(once(known, condition.text, read, of_item=condition.path.of_item))
            if said:
                return said
    except NotThere as fault:
        raise unmapped(topic, "only_if", str(fault)) from None
    return ""


def once(known: Known, name: str, read: Callable[[], str | int], *, of_item: bool) -> str | int:
    """What a place holds; looked up once a rule where it is the same for all elements.

    Else a body with a long list of refunds and another long list would hold a thread for hours.
    """
    if of_item:
        return read()
    if name not in known:
        known[name] = read()
    return known[name]


def with_prefix(prefix: str, outside_id: str) -> str:
    """An id as the programme knows it; nothing for nobody."""
    return prefix + outside_id if outside_id else ""


def unmapped(topic: str, field: str, reason: str) -> Unmapped:
    """A fault in one line: where, what, and how to mend it."""
    return Unmapped(f"{topic}: {field}: {reason}; mend the shape's {field} or the mall's payload")


def identity(place: Expression | None, field: str, topic: str, scope: Scope, known: Known) -> str:
    """An id as the mall writes it; "" where the rule names no place for it."""
    if place is None:
        return ""
    read = partial(single, place, scope)
    try:
        return str(once(known, field, read, of_item=is_of_item(place)))
    except NotThere as fault:
        raise unmapped(topic, field, str(fault)) from None


def check_currency(rule: Rule, topic: str, scope: Scope, terms: Terms, known: Known) -> None:
    """Refuse an amount in another currency than the programme's."""
    found = identity(rule.currency, "currency", topic, scope, known)
    if found != terms.currency:
        told = f"{topic}: currency: {found[:SHOWN_MAX]} is not the programme's {terms.currency}"
        raise Unmapped(f"{told}; connect the mall to a programme in its currency")


def cash(rule: Rule, topic: str, scope: Scope, known: Known) -> int:
    """The cash part of an amount, in µ¥ (R4.1).

    Raises:
        Unmapped: It is not there, or no plain decimal number, or less than what was no cash.
    """
    money = total(rule.amount, rule, "amount", topic, scope, known)
    other = total(rule.minus, rule, "minus", topic, scope, known)
    if other > money:
        raise unmapped(topic, "minus", "is more than the amount")
    return money - other


def total(
    place: Expression | None, rule: Rule, field: str, topic: str, scope: Scope, known: Known
) -> int:
    """The amount that an expression stands for, in µ¥; 0 where the rule names none."""
    if place is None:
        return 0
    read = partial(added, place, rule, field, scope)
    try:
        return int(once(known, field, read, of_item=is_of_item(place)))
    except (NotThere, AmountUnreadable) as fault:
        raise unmapped(topic, field, str(fault)) from None


def added(place: Expression, rule: Rule, field: str, scope: Scope) -> int:
    """The sum of the amounts that are found, in µ¥."""
    unit = UYUAN_PER_YUAN // CENTS if rule.unit == "cent" else UYUAN_PER_YUAN
    found = every(place, scope) if is_total(place) else [single(place, scope)]
    signed = rule.negative and field == "amount"
    return sum(parse_decimal(without_minus(each) if signed else each, unit) for each in found)


def without_minus(text: str) -> str:
    """An amount that the mall writes with a minus; without one it is another thing."""
    if text.startswith("-") or not text.strip("0."):
        return text.removeprefix("-")
    raise AmountUnreadable(text, "has no minus")
