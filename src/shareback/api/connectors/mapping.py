"""From a mall's event to what it means for the programme: orders paid, received, refunded.

Nothing is decided here; only cash is counted (R4.1), and what cannot be read is told in one line
that names the place in the payload.
"""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias
from urllib.parse import unquote

from shareback.api.connectors.paths import (
    Expression,
    Json,
    NotJson,
    NotThere,
    Scope,
    every,
    holds,
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
    return [
        meant(rule, topic, scope, terms)
        for rule in rules
        for scope in scopes(rule, topic, Scope(payload))
    ]


def scopes(rule: Rule, topic: str, scope: Scope) -> Iterator[Scope]:
    """Where a rule is applied: once, or to each element of its list."""
    if rule.each is None:
        yield scope
        return
    try:
        items = leaves(rule.each, scope)
    except NotThere as fault:
        raise unmapped(topic, "each", str(fault)) from None
    yield from (Scope(scope.document, item) for item in items)


def meant(rule: Rule, topic: str, scope: Scope, terms: Terms) -> Meant:
    """What one rule makes of an event."""
    try:
        for condition in rule.only_if:
            if not holds(condition, scope):
                found = ", ".join(shown(condition, scope)) or "nothing"
                said = f"{topic}: {rule.does} only if {condition.text}; found {found}"
                return Passed(said[:REASON_MAX])
    except NotThere as fault:
        raise unmapped(topic, "only_if", str(fault)) from None
    if rule.does == "ignore":
        return Passed(f"{topic}: the shape ignores this topic")
    money = 0
    if rule.does != "receive":
        money = cash(rule, topic, scope)
        if money == 0:
            return Passed(f"{topic}: nothing of it was cash, so there is nothing to {rule.does}")
        check_currency(rule, topic, scope, terms)
    merchant = identity(rule.merchant, "merchant", topic, scope, terms.prefix)
    return Act(
        rule.does,
        identity(rule.order, "order", topic, scope, terms.prefix),
        identity(rule.member, "member", topic, scope, terms.prefix),
        merchant or (terms.merchant_id if rule.does == "pay" else ""),
        identity(rule.refund, "refund", topic, scope, ""),
        money,
        rule.unknown == "pass",
    )


def unmapped(topic: str, field: str, reason: str) -> Unmapped:
    """A fault in one line: where, what, and how to mend it."""
    return Unmapped(f"{topic}: {field}: {reason}; mend the shape's {field} or the mall's payload")


def identity(place: Expression | None, field: str, topic: str, scope: Scope, prefix: str) -> str:
    """An id with the connection's prefix; "" where the rule names no place for it."""
    if place is None:
        return ""
    try:
        return prefix + single(place, scope)
    except NotThere as fault:
        raise unmapped(topic, field, str(fault)) from None


def check_currency(rule: Rule, topic: str, scope: Scope, terms: Terms) -> None:
    """Refuse an amount in another currency than the programme's."""
    found = identity(rule.currency, "currency", topic, scope, "")
    if found != terms.currency:
        told = f"{topic}: currency: {found[:SHOWN_MAX]} is not the programme's {terms.currency}"
        raise Unmapped(f"{told}; connect the mall to a programme in its currency")


def cash(rule: Rule, topic: str, scope: Scope) -> int:
    """The cash part of an amount, in µ¥ (R4.1).

    Raises:
        Unmapped: It is not there, or no plain decimal number, or less than what was no cash.
    """
    money = total(rule.amount, rule, "amount", topic, scope)
    other = total(rule.minus, rule, "minus", topic, scope)
    if other > money:
        raise unmapped(topic, "minus", "is more than the amount")
    return money - other


def total(place: Expression | None, rule: Rule, field: str, topic: str, scope: Scope) -> int:
    """The amount that an expression stands for, in µ¥; 0 where the rule names none."""
    if place is None:
        return 0
    unit = UYUAN_PER_YUAN // CENTS if rule.unit == "cent" else UYUAN_PER_YUAN
    try:
        found = every(place, scope) if is_total(place) else [single(place, scope)]
        signed = rule.negative and field == "amount"
        return sum(parse_decimal(without_minus(each) if signed else each, unit) for each in found)
    except (NotThere, AmountUnreadable) as fault:
        raise unmapped(topic, field, str(fault)) from None


def without_minus(text: str) -> str:
    """An amount that the mall writes with a minus; without one it is another thing."""
    if text.startswith("-") or not text.strip("0."):
        return text.removeprefix("-")
    raise AmountUnreadable(text, "has no minus")
