"""What pages of the console are made of: tables, lists of facts, filters, and the way on."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.http import HttpRequest

from shareback.console.desk import desk_of
from shareback.console.keyset import Rows, storable


class Cell(NamedTuple):
    """What stands in one place of a table.

    Attributes:
        text: As people read it.
        address: Where it leads; "" for nowhere.
        mark: How it is set: "quiet", "code", "good", "warn", "owed", or "" as usual.
        note: A second, smaller line.
    """

    text: str
    address: str = ""
    mark: str = ""
    note: str = ""


class Column(NamedTuple):
    """A column's head, and how it is set: "num" for figures, "code" for ids, "whole" for words."""

    label: str
    kind: str = ""


class Table(NamedTuple):
    """A table, with what it says where it has no rows."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[tuple[Column, Cell]]]
    empty: str


class Facts(NamedTuple):
    """A list of facts under a heading."""

    title: str
    rows: Sequence[tuple[str, Cell]]
    note: str = ""


class Section(NamedTuple):
    """A table under a heading, with the way to all of it."""

    title: str
    table: Table
    lead: str = ""
    more: str = ""


class Field(NamedTuple):
    """A field of the form above a list.

    Attributes:
        name: In the address.
        label: What to type or choose.
        value: What was typed.
        options: Values and their words, for a choice.
        kind: "search", "number", "date" or "choice".
    """

    name: str
    label: str
    value: str
    kind: str = "search"
    options: Sequence[tuple[str, str]] = ()


def table(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], empty: str) -> Table:
    """A table of cells in the order of its columns."""
    paired = [list(zip(columns, row, strict=True)) for row in rows]
    return Table(columns, paired, empty)


def query(request: HttpRequest, **changed: str) -> str:
    """The query of this page with some parameters set, or left out where they are empty."""
    asked = request.GET.copy()
    for name, value in changed.items():
        if value:
            asked[name] = value
        else:
            asked.pop(name, None)
    return f"?{asked.urlencode()}"


def paging(request: HttpRequest, rows: Rows[Any]) -> dict[str, str]:
    """The ways on from a page of a list."""
    return {
        "older": query(request, after=rows.next) if rows.next else "",
        "newest": "" if rows.is_first else query(request, after=""),
    }


def typed(request: HttpRequest, name: str) -> str:
    """What was typed into a field, shortened to what an id may have."""
    return storable(request.GET.get(name, "")).strip()[:200]


def yes_no(request: HttpRequest, *, is_so: bool) -> Cell:
    """Yes or no as a mark."""
    say = desk_of(request).voice.say
    return Cell(say("yes"), mark="good") if is_so else Cell(say("no"), mark="quiet")
