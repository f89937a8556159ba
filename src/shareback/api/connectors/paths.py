"""A small language for places in a JSON document: paths, sums, alternatives, conditions.

Numbers are kept as the text in which they were sent, so that no amount passes through a float.
What is null or an empty text counts as not there.
"""

import json
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias, cast

Json: TypeAlias = "dict[str, Json] | list[Json] | str | bool | None"
Kind: TypeAlias = Literal["==", "!=", "exists", "missing"]

STEP = re.compile(r"([\w-]+)(\[([^\[\]]*)\])?(\.|$)", re.ASCII)
CONDITION = re.compile(r"(\S+?(?:\[[^\[\]]*\]\S*?)*)\s+(?:(==|!=)\s+(.+)|(exists|missing))")
CONSTANT = re.compile(r"'([^'|]*)'")
TOTAL = re.compile(r"sum\((.+)\)")
SHOWN = 60


class PathUnreadable(ValueError):
    """A text that is no expression of this language; the message is one line for people."""


class NotJson(ValueError):
    """A body that is no JSON document."""


class NotThere(Exception):
    """A place that a document does not have.

    Attributes:
        place: The part of the path that leads nowhere.
        reason: Why.
    """

    def __init__(self, place: str, reason: str = "is not there") -> None:
        """Keep the place."""
        super().__init__(f"{place} {reason}")
        self.place = place
        self.reason = reason


class Misread(NotThere):
    """A place that is there and of another kind than the path says: a slip, never a choice."""


class Step(NamedTuple):
    """One part of a path: a name, and for a list which of its elements."""

    name: str
    is_list: bool
    only: "tuple[Condition, ...]"


class Path(NamedTuple):
    """Names that lead to values; `of_item` where it begins at the element that a rule is at."""

    text: str
    of_item: bool
    steps: tuple[Step, ...]


class Condition(NamedTuple):
    """What must hold of the values under a path."""

    text: str
    path: Path
    kind: Kind
    values: frozenset[str]


class Total(NamedTuple):
    """The sum of all values under a path."""

    path: Path


class Constant(NamedTuple):
    """A text that stands in the shape itself."""

    value: str


Choice: TypeAlias = Path | Total | Constant


class Expression(NamedTuple):
    """Alternatives, of which the first that is there counts."""

    text: str
    choices: tuple[Choice, ...]


class Scope(NamedTuple):
    """Where paths begin: at the document, or at one element of one of its lists."""

    document: Json
    item: Json = None


def read_json(text: str | bytes) -> Json:
    """A JSON document, its numbers as text.

    Raises:
        NotJson: It is none, or is nested too deeply.
    """
    try:
        parsed = json.loads(text, parse_float=str, parse_int=str, parse_constant=refuse_constant)
    except (ValueError, RecursionError) as fault:
        raise NotJson(str(fault)) from None
    return cast("Json", parsed)


def refuse_constant(name: str) -> None:
    """Refuse NaN and the infinities, which JSON does not have."""
    raise ValueError(f"{name} is no JSON")


def read_path(text: str) -> Path:
    """A path such as ``customer.id``, ``lines[].price`` or ``.id``.

    Raises:
        PathUnreadable: It is none.
    """
    wanted = text.strip()
    of_item = wanted.startswith(".")
    steps, at = [], int(of_item)
    while at < len(wanted):
        match = STEP.match(wanted, at)
        if match is None:
            break
        at = match.end()
        only = tuple(read_condition(each) for each in (match[3] or "").split(";") if each.strip())
        steps.append(Step(match[1], match[2] is not None, only))
    if not steps or at < len(wanted) or wanted.endswith("."):
        raise PathUnreadable(f"{text!r} is no path such as customer.id or lines[].price")
    return Path(wanted, of_item, tuple(steps))


def read_condition(text: str) -> Condition:
    """A condition such as ``status == paid, completed`` or ``customer.id exists``.

    Raises:
        PathUnreadable: It is none.
    """
    match = CONDITION.fullmatch(text.strip())
    if match is None:
        raise PathUnreadable(f"{text!r} is no condition such as status == paid or id exists")
    values = frozenset(each.strip() for each in (match[3] or "").split(","))
    kind = cast("Kind", match[2] or match[4])
    return Condition(text.strip(), read_path(match[1]), kind, values)


def read_expression(text: object) -> Expression:
    """Alternatives of paths, sums and constants.

    Raises:
        PathUnreadable: It is none.
    """
    if not isinstance(text, str):
        raise PathUnreadable('must be a text such as "customer.id" or "\'CNY\'"')
    return Expression(text.strip(), tuple(read_choice(part.strip()) for part in text.split("|")))


def read_choice(text: str) -> Choice:
    """One alternative of an expression."""
    constant, total = CONSTANT.fullmatch(text), TOTAL.fullmatch(text)
    if constant is not None:
        return Constant(constant[1])
    return read_path(text) if total is None else Total(read_path(total[1]))


def is_absent(value: Json) -> bool:
    """Whether a value counts as not there."""
    return value is None or value == ""


def leaves(path: Path, scope: Scope) -> list[Json]:
    """The values under a path; none where a list on the way has no fitting element.

    Raises:
        NotThere: A part of the path leads nowhere.
    """
    found = [scope.item if path.of_item else scope.document]
    place = "." if path.of_item else ""
    for step in path.steps:
        place += step.name
        found = [value for node in found for value in below(node, step, place)]
        place += "[]." if step.is_list else "."
    return found


def below(node: Json, step: Step, place: str) -> Iterator[Json]:
    """The values one step below a node; PHP writes an empty object as an empty list."""
    if isinstance(node, list) and node:
        raise Misread(place, "is below a list; write name[] for it")
    value = node.get(step.name) if isinstance(node, dict) else None
    if is_absent(value):
        raise NotThere(place)
    if not step.is_list:
        yield value
        return
    if not isinstance(value, list):
        raise Misread(place, "is no list")
    yield from (each for each in value if all(holds(one, Scope(each)) for one in step.only))


def texts(path: Path, scope: Scope) -> list[str]:
    """The values under a path as texts.

    Raises:
        NotThere: They are not there.
        Misread: They are no single values.
    """
    return [text_of(value, path.text) for value in leaves(path, scope)]


def text_of(value: Json, place: str) -> str:
    """A single value as a text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        raise Misread(place, "is no single value; write name[] for a list")
    return value


def holds(condition: Condition, scope: Scope) -> bool:
    """Whether a condition holds.

    ``==`` wants values, each one of those named; ``!=`` wants none of those named.

    Raises:
        Misread: The values are of another kind than the path says.
    """
    found = shown(condition, scope)
    match condition.kind:
        case "exists":
            return bool(found)
        case "missing":
            return not found
        case "==":
            return bool(found) and condition.values.issuperset(found)
        case "!=":
            return condition.values.isdisjoint(found)


def shown(condition: Condition, scope: Scope) -> list[str]:
    """The values that a condition is about; for ``exists`` a list or object does as well."""
    try:
        found = [value for value in leaves(condition.path, scope) if not is_absent(value)]
    except Misread:
        raise
    except NotThere:
        return []
    if condition.kind in {"exists", "missing"}:
        return [json.dumps(value)[:SHOWN] for value in found]
    return [text_of(value, condition.path.text) for value in found]


def single(expression: Expression, scope: Scope) -> str:
    """The one text that an expression stands for.

    Raises:
        NotThere: There is none, or there are several that differ.
    """
    found = sorted(set(every(expression, scope)))
    if len(found) != 1:
        raise NotThere(expression.text, f"has {len(found)} values where one is wanted")
    return found[0]


def every(expression: Expression, scope: Scope) -> list[str]:
    """The texts of the first alternative that is there.

    Raises:
        NotThere: None is.
    """
    missing: NotThere | None = None
    for choice in expression.choices:
        if isinstance(choice, Constant):
            return [choice.value]
        try:
            return texts(choice.path if isinstance(choice, Total) else choice, scope)
        except Misread:
            raise
        except NotThere as fault:
            missing = missing or fault
    raise missing or NotThere(expression.text)


def is_of_item(expression: Expression) -> bool:
    """Whether an expression may differ from one element of a rule's list to the next."""
    paths = [one.path if isinstance(one, Total) else one for one in expression.choices]
    return any(isinstance(one, Path) and one.of_item for one in paths)


def is_total(expression: Expression) -> bool:
    """Whether all alternatives are sums or constants, so that several values are no slip."""
    return not any(isinstance(choice, Path) for choice in expression.choices)
