"""Lists a page at a time, along a key of an index: no page costs more for what lies before it."""

from typing import Any, Generic, NamedTuple, TypeVar

from django.db.models import Model, QuerySet

Item = TypeVar("Item")
A_PAGE = 50
DIGITS_MAX = 18


class Rows(NamedTuple, Generic[Item]):
    """A page of a list.

    Attributes:
        items: At most `A_PAGE` of them.
        next: The key after which the next page begins; "" where there is none.
        is_first: Whether the list begins here.
    """

    items: list[Item]
    next: str
    is_first: bool


def paged(
    rows: QuerySet[Any, Any], field: str, after: str, *, rising: bool = False, size: int = A_PAGE
) -> Rows[Any]:
    """A page of a query, by a whole-numbered field that an index leads by.

    Args:
        rows: The query, filtered to what the index holds together.
        field: By which the list runs; no two rows share a value.
        after: Where the page before ended; the beginning where it is no number.
        rising: From the least on, instead of from the greatest.
        size: Items a page.
    """
    start = whole(after)
    if start is not None:
        rows = rows.filter(**{f"{field}__{'gt' if rising else 'lt'}": start})
    found = list(rows.order_by(field if rising else f"-{field}")[: size + 1])
    last = key_of(found[size - 1], field) if len(found) > size else ""
    return Rows(found[:size], str(last), start is None)


def key_of(row: object, field: str) -> Any:  # noqa: ANN401 - a field of any kind
    """The key of a row, or of the dictionary that a query gave."""
    if isinstance(row, Model):
        return getattr(row, field)
    return row[field]  # type: ignore[index] # `values` gives dictionaries


def storable(typed: str) -> str:
    """What was typed without the one character that PostgreSQL takes in no text."""
    return typed.replace("\0", "")


def whole(typed: str) -> int | None:
    """A whole number that stands in an address; nothing where it is none (A15)."""
    if typed.isascii() and typed.isdecimal() and len(typed) <= DIGITS_MAX:
        return int(typed)
    return None
