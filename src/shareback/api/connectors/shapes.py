"""A mall's shape: how its webhooks are signed, and what in them means what. Read from TOML."""

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StrictBool,
    ValidationError,
    model_validator,
)

from shareback.api.connectors.paths import (
    Condition,
    Expression,
    Path,
    PathUnreadable,
    read_condition,
    read_expression,
    read_path,
)

BUILT_IN = ("shopify", "woocommerce", "youzan")
Does: TypeAlias = Literal["pay", "receive", "refund", "ignore"]
Scheme: TypeAlias = Literal["hmac-sha256-base64", "hmac-sha256-hex", "standard-webhooks", "youzan"]

NEEDED: dict[Does, frozenset[str]] = {
    "pay": frozenset({"order", "member", "amount", "currency"}),
    "receive": frozenset({"order"}),
    "refund": frozenset({"order", "refund", "amount", "currency"}),
    "ignore": frozenset(),
}
"""The places that a rule must name, by what it does."""

AMOUNTS = frozenset({"minus", "unit", "negative"})
OPTIONAL: dict[Does, frozenset[str]] = {
    "pay": AMOUNTS | {"merchant", "each"},
    "receive": frozenset({"each", "unknown"}),
    "refund": AMOUNTS | {"each", "unknown"},
    "ignore": frozenset(),
}
"""The places that it may name."""


class ShapeUnfit(ValueError):
    """A shape that cannot be used; the text is one line for people."""


def a_text(value: object) -> str:
    """A text, or a fault in one line."""
    if not isinstance(value, str):
        raise PathUnreadable("must be a text")
    return value


Place = Annotated[Expression, PlainValidator(read_expression)]
ListPlace = Annotated[Path, PlainValidator(lambda value: read_path(a_text(value)))]
OnlyIf = Annotated[Condition, PlainValidator(lambda value: read_condition(a_text(value)))]


class Strict(BaseModel):
    """What all parts of a shape share: nothing unknown, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Strict):
    """Where something about a delivery stands: in a header, or in the payload."""

    header: str | None = Field(default=None, min_length=1)
    path: Place | None = None

    @model_validator(mode="after")
    def is_one_of_both(self) -> Self:
        """Refuse neither and both."""
        if (self.header is None) == (self.path is None):
            raise ValueError("needs either header or path")
        return self


class Signature(Strict):
    """How a delivery proves that it is the mall's.

    Attributes:
        scheme: What is computed over the raw body.
        header: Where the signature stands; Standard Webhooks and Youzan have their own.
    """

    scheme: Scheme
    header: str = ""

    @property
    def is_weak(self) -> bool:
        """Whether an allow-list of addresses must stand beside it: Youzan's MD5."""
        return self.scheme == "youzan"

    @model_validator(mode="after")
    def names_its_header(self) -> Self:
        """Refuse an HMAC whose header nobody knows."""
        if self.scheme.startswith("hmac") != bool(self.header):
            raise ValueError("an hmac scheme needs header, and no other scheme takes it")
        return self


class Rule(Strict):
    """What an event of the mall means.

    Attributes:
        topics: The events' names, as the mall gives them.
        does: What is done.
        only_if: All must hold; else the event is passed over, and the answer says why.
        each: A list; the rule is applied to each element, whose places begin with a dot.
        order: The order's id.
        member: The buyer's.
        merchant: The seller's.
        refund: The refund's.
        amount: What was paid or given back.
        minus: What of it was no cash: gift cards, store credit (R4.1).
        currency: Must be the programme's.
        unit: Of amounts: of the currency, or a hundredth of it.
        negative: Whether the mall writes the amount with a minus.
        unknown: Whether an order that the programme does not know is refused, so that the mall
            sends the event again, or passed over.
    """

    topics: tuple[str, ...] = Field(min_length=1)
    does: Does
    only_if: tuple[OnlyIf, ...] = ()
    each: ListPlace | None = None
    order: Place | None = None
    member: Place | None = None
    merchant: Place | None = None
    refund: Place | None = None
    amount: Place | None = None
    minus: Place | None = None
    currency: Place | None = None
    unit: Literal["whole", "cent"] = "whole"
    negative: StrictBool = False
    unknown: Literal["refuse", "pass"] = "refuse"

    @model_validator(mode="after")
    def names_its_places(self) -> Self:
        """Refuse a rule that lacks a place, or has one that it does not look at."""
        named = self.model_fields_set - {"topics", "does", "only_if"}
        lacking = sorted(NEEDED[self.does] - named)
        if lacking:
            raise ValueError(f"{self.does} needs {', '.join(lacking)}")
        foreign = sorted(named - NEEDED[self.does] - OPTIONAL[self.does])
        if foreign:
            raise ValueError(f"{self.does} takes no {', '.join(foreign)}")
        return self


class Shape(Strict):
    """All about a kind of mall.

    Attributes:
        signature: How deliveries are signed.
        topic: Where the event's name stands.
        delivery: Where the delivery's id stands; where a mall sends none, the body stands for it.
        time: When the delivery was sent, as ISO 8601 or in seconds since 1970.
        age_max_s: Older deliveries are refused.
        decode: A text in the payload that is itself URL-encoded JSON.
        ping: How an unsigned trial delivery begins; it is answered, and nothing is done.
        answer: What the mall wants to read in the answer.
        rules: What its events mean.
    """

    signature: Signature
    topic: Source
    delivery: Source | None = None
    time: Source | None = None
    age_max_s: int | None = Field(default=None, gt=0, strict=True)
    decode: str | None = Field(default=None, min_length=1)
    ping: str | None = Field(default=None, min_length=4, max_length=32)
    answer: dict[str, str | int | bool] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def bounds_what_it_reads(self) -> Self:
        """Refuse a time without a bound, a bound without a time, an answer in our own words."""
        if (self.time is None) != (self.age_max_s is None):
            raise ValueError("time and age_max_s go together")
        if {"done", "passed"} & self.answer.keys():
            raise ValueError("answer holds done or passed, which are ours")
        return self

    def rules_of(self, topic: str) -> list[Rule]:
        """The rules for an event, in their order."""
        return [rule for rule in self.rules if topic in rule.topics]


@lru_cache(maxsize=256)
def read_shape(text: str) -> Shape:
    """A shape from its TOML text.

    Raises:
        ShapeUnfit: It is none, with the first thing that is wrong in one line.
    """
    try:
        return Shape.model_validate(tomllib.loads(text))
    except ValidationError as fault:
        raise ShapeUnfit(told(fault)) from None
    except (ValueError, RecursionError) as fault:
        raise ShapeUnfit(f"no TOML file: {fault}") from None


def told(fault: ValidationError) -> str:
    """The first thing that is wrong with a shape; rules are counted from 1."""
    first = fault.errors()[0]
    place = ".".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"])
    text = first["msg"].removeprefix("Value error, ")
    return f"{place}: {text}" if place else text


def built_in(name: str) -> str:
    """The TOML text of a shape that comes with Shareback.

    Raises:
        ShapeUnfit: There is none of this name.
    """
    if name not in BUILT_IN:
        raise ShapeUnfit(f"shape {name!r}: choose from {', '.join(BUILT_IN)}, or write your own")
    return (files(__package__) / f"{name}.toml").read_text(encoding="utf-8")
