"""The journal browser: by sequence, by day, by kind; an entry with its fields."""

from datetime import date
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from shareback.console.desk import Desk, desk_of
from shareback.console.entries import (
    Shown,
    fields,
    in_short,
    kind_of,
    kind_words,
    parameters_text,
    read,
)
from shareback.console.keyset import A_PAGE, whole
from shareback.console.movements import MOVEMENT_COLUMNS, movement_cells
from shareback.console.routes import Page
from shareback.console.site import show
from shareback.console.tables import Cell, Column, Facts, Field, Section, query, table, typed
from shareback.engine.calendar import day_text
from shareback.journal.models import Day, Event, Movement
from shareback.rules.kinds import Kind

LOOKED_THROUGH = 20_000
"""Entries looked at for one page of a kind: an index by kind would cost every write."""

HEX_GROUP = 64
DATE_DIGITS = 10


class Stretch(NamedTuple):
    """Entries of the log from one to before another."""

    first: int
    end: int


@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """Entries, the latest first, of a day or a kind."""
    desk = desk_of(request)
    say, voice = desk.voice.say, desk.voice
    wanted, day, kind = (typed(request, name) for name in ("q", "day", "kind"))
    stretch = stretch_of(desk, day) if day else Stretch(0, desk.programme.sequence)
    after = whole(request.GET.get("after", ""))
    end = stretch.end if after is None else min(after, stretch.end)
    number = whole(wanted)
    if number is not None:
        stretch, end = Stretch(number, number + 1), number + 1
    found, reached = entries(desk, Stretch(stretch.first, end), whole(kind))
    shown = f"{voice.count(reached)}", f"{voice.count(max(end - 1, 0))}"
    looked = say("looked_through", first=shown[0], last=shown[1], count=voice.count(end - reached))
    heads = [
        Column(say("sequence"), "num"),
        Column(say("at"), "num"),
        Column(say("day"), "num"),
        Column(say("kind")),
        Column(say("fields"), "wide"),
    ]
    return show(
        request,
        "list",
        say("journal_title"),
        lead=say("journal_lead", count=voice.count(desk.programme.sequence)),
        fields=[
            Field("q", say("journal_find"), wanted, "number"),
            Field("day", say("of_day"), day, "date"),
            Field("kind", say("of_kind"), kind, "choice", kinds(desk)),
        ],
        table=table(heads, [row(desk, one) for one in found], say("nothing_found")),
        foot=looked if kind else "",
        older=query(request, after=str(reached)) if reached > stretch.first else "",
        older_words=say("older") if len(found) == A_PAGE or not kind else say("look_on"),
        newest=query(request, after="") if after is not None else "",
    )


def kinds(desk: Desk) -> list[tuple[str, str]]:
    """All kinds of entries, for a choice."""
    return [("", desk.voice.say("all")), *((str(int(one)), kind_words(desk, one)) for one in Kind)]


def stretch_of(desk: Desk, day: str) -> Stretch:
    """The entries of a local day, found by its row and the one before."""
    number = day_number(day)
    if number is None:
        return Stretch(0, 0)
    rows = Day.objects.filter(programme_id=desk.programme.pk)
    ends = dict(rows.filter(day__in=(number - 1, number)).values_list("day", "sequence"))
    if number == desk.programme.day:
        last = rows.order_by("-day").values_list("sequence", flat=True).first()
        return Stretch(last or 0, desk.programme.sequence)
    if number not in ends:
        return Stretch(0, 0)
    return Stretch(ends.get(number - 1, 0), ends[number])


def day_number(day: str) -> int | None:
    """A day such as 2026-03-01 as the rules count it; nothing where it is none."""
    try:
        return date.fromisoformat(day[:DATE_DIGITS]).toordinal()
    except ValueError:
        return None


def entries(desk: Desk, stretch: Stretch, kind: int | None) -> tuple[list[Shown], int]:
    """The latest entries of a stretch, of one kind if any is named.

    Args:
        desk: Whose programme.
        stretch: Where to look, from its end down.
        kind: Only of this kind.

    Returns:
        At most a page of them, and the sequence number down to which all was looked at.
    """
    rows = Event.objects.filter(programme_id=desk.programme.pk, sequence__lt=stretch.end)
    if kind is None:
        events = list(rows.filter(sequence__gte=stretch.first).order_by("-sequence")[:A_PAGE])
        reached = events[-1].sequence if len(events) == A_PAGE else stretch.first
        return [read(one) for one in events], reached
    least = max(stretch.first, stretch.end - LOOKED_THROUGH)
    found: list[Shown] = []
    for event in rows.filter(sequence__gte=least).order_by("-sequence").iterator(2_000):
        if kind_of(bytes(event.body)) == kind:
            found.append(read(event))
            if len(found) == A_PAGE:
                return found, event.sequence
    return found, least


def row(desk: Desk, shown: Shown) -> list[Cell]:
    """An entry as a line."""
    entry = shown.entry
    address = reverse("console:entry", args=[entry.sequence])
    return [
        Cell(str(entry.sequence), address),
        Cell(desk.voice.moment(entry.at)),
        Cell(day_text(entry.day)),
        Cell(kind_words(desk, entry.kind), address),
        Cell(in_short(desk, entry), mark="quiet"),
    ]


@require_safe
def entry(request: HttpRequest, sequence: int) -> HttpResponse:
    """One entry: its fields, its bytes, and what it did to accounts.

    Raises:
        Http404: The log is not that long.
    """
    desk = desk_of(request)
    say = desk.voice.say
    rows = Event.objects.filter(programme_id=desk.programme.pk, sequence=sequence)
    found = rows.first() if whole(str(sequence)) is not None else None
    if found is None:
        raise Http404(str(sequence))
    shown = read(found)
    moved = Movement.objects.filter(programme_id=desk.programme.pk, sequence=sequence)
    heads = [Column(say(name), kind) for name, kind in MOVEMENT_COLUMNS]
    effects = table(heads, movement_cells(desk, list(moved.order_by("line")[:200])), say("nothing"))
    return show(
        request,
        "detail",
        say("entry_title", sequence=desk.voice.count(sequence)),
        above=(reverse("console:journal"), say("menu_journal")),
        facts=facts(desk, shown),
        code=code(desk, shown),
        sections=[Section(say("effects"), effects)],
        actions=neighbours(desk, sequence),
    )


def facts(desk: Desk, shown: Shown) -> list[Facts]:
    """What an entry says."""
    say, one = desk.voice.say, shown.entry
    head = [
        (say("sequence"), Cell(str(one.sequence))),
        (say("kind"), Cell(kind_words(desk, one.kind), note=one.kind.name)),
        (say("at"), Cell(desk.voice.moment(one.at))),
        (say("day"), Cell(day_text(one.day))),
    ]
    if one.commitment:
        commitment = Cell(one.commitment.hex(), mark="code", note=say("commitment_note"))
        head.append((say("commitment"), commitment))
    named = fields(desk, one)
    return [
        Facts(say("entry"), head),
        *([Facts(say("fields"), named)] if named else []),
    ]


def code(desk: Desk, shown: Shown) -> list[tuple[str, str, str]]:
    """The parameters that an entry carries, and its canonical bytes: title, text, note."""
    say = desk.voice.say
    digits = shown.body.hex()
    lines = "\n".join(digits[at : at + HEX_GROUP] for at in range(0, len(digits), HEX_GROUP))
    note = say("body_note", count=desk.voice.count(len(shown.body)))
    blocks = [(say("body"), lines, note)]
    parameters = parameters_text(shown.entry)
    if parameters:
        blocks.insert(0, (say("parameters"), parameters, ""))
    return blocks


def neighbours(desk: Desk, sequence: int) -> list[tuple[str, str]]:
    """The entries before and after."""
    say, found = desk.voice.say, []
    if sequence > 0:
        found.append((reverse("console:entry", args=[sequence - 1]), say("entry_before")))
    if sequence + 1 < desk.programme.sequence:
        found.append((reverse("console:entry", args=[sequence + 1]), say("entry_after")))
    return found


PAGES = (
    Page("journal", "journal/", journal),
    Page("entry", "journal/<int:sequence>/", entry),
)
