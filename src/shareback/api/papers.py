"""A member's statement of a month, as it is printed: balances, sums, entries, plain words, proof.

Entries, their words and their figures are those of the phone's statement.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from shareback.api.entry_words import name_of, title_of, why_of
from shareback.api.shop.plain_words import words_then
from shareback.api.statements import behind_of, entry_shown
from shareback.engine.statements.monthly import (
    Balance,
    Closes,
    Span,
    balance_at,
    closes_of,
    entries_between,
    entries_of,
)
from shareback.engine.statements.reading import Numbered, Statement
from shareback.engine.statements.timeline import COLUMNS, DayRow, open_row
from shareback.gateways.papers.parts import (
    issuer_facts,
    period_fact,
    price_facts,
    price_of,
    proof_section,
    so_far,
)
from shareback.gateways.papers.setting import refuse_long
from shareback.gateways.papers.shapes import Cell, Column, Paper, Section
from shareback.gateways.papers.words import Voice
from shareback.journal.models import Day
from shareback.rules.programme import Programme as Parameters
from shareback.units.exact import mul_div
from shareback.units.shown import NONE, gained

Names = Callable[[set[str]], Mapping[str, str]]
"""Tells merchants' names by their ids, as far as there are any."""


class Changes(NamedTuple):
    """What an entry changes, or several together: units, µ¥, 10⁻⁶ coins, µ¥ of quota."""

    points: int = 0
    cash: int = 0
    coins: int = 0
    quota: int = 0

    def with_more(self, more: "Changes") -> "Changes":
        """Both together."""
        return Changes(*(one + other for one, other in zip(self, more, strict=True)))


class Line(NamedTuple):
    """An entry of a paper: when, what, why, the points held afterwards, and what it changed."""

    day: str
    title: str
    why: str
    held: int
    changes: Changes


class Printed(NamedTuple):
    """A month of a statement, gathered.

    Attributes:
        span: The month.
        closes: The closes at its edges.
        parameters: Those in force at its end.
        opening: The account at its beginning.
        closing: The account at its end, or now.
        lines: What happened between.
        price_end: The scaled price at its end, or now.
        worth_end: What the points are worth then, in µ¥.
        reserve_end: The reserve then, in µ¥.
    """

    span: Span
    closes: Closes
    parameters: Parameters
    opening: Balance
    closing: Balance
    lines: list[Line]
    price_end: int
    worth_end: int
    reserve_end: int


def member_paper(read: Statement, span: Span, voice: Voice, names: Names, phone: str = "") -> Paper:
    """A member's statement of a month.

    Args:
        read: The statement, in one state of the journal.
        span: The month.
        voice: The language.
        names: Tells merchants' names.
        phone: The member's, masked; "" where it is not known or not theirs to see.

    Raises:
        PaperTooLong: More happened in that month than a paper takes.
    """
    month = gathered(read, span, voice.language, names)
    number = read.member.number
    facts = [*issuer_facts(month.parameters, voice)]
    facts.append((voice.say("member_number"), str(number)))
    if phone:
        facts.append((voice.say("phone"), phone))
    facts += [period_fact(span, voice), *price_facts(month.closes, voice)]
    named = voice.month(span.text)
    who = voice.say("member", number=number)
    return Paper(
        language=voice.language,
        heading=voice.say("member_heading"),
        programme=read.head.name,
        month=named,
        so_far=so_far(span, voice),
        author=month.parameters.issuer.name,
        day=date.fromordinal(span.last),
        running=f"{read.head.name} · {who} · {named}",
        facts=facts,
        sections=[
            balances(month, voice),
            *by_kind(month, voice),
            entries(month, voice),
            plain(month, voice),
            proof_section(read.head.pk, span, voice, "proof_member", read.who.alias),
        ],
    )


def gathered(read: Statement, span: Span, language: str, names: Names) -> Printed:
    """What a paper says, in figures."""
    first, last = entries_between(read, span)
    refuse_long(last - first)
    closes = closes_of(read.head, span, read.who.alias)
    opening = balance_at(read, first)
    closing, lines = opening, []
    for some in entries_of(read, first, last):
        for one in some:
            closing = closing.after(one.step)
        lines += lines_of(read, some, language, names)
    end = end_of(read, closes, span)
    return Printed(
        span,
        closes,
        read.versions[end.terms],
        opening,
        closing,
        lines,
        end.price,
        end.worth(closing.points),
        end.reserve,
    )


def end_of(read: Statement, closes: Closes, span: Span) -> DayRow:
    """The figures at the end of a month, or now."""
    if not span.is_over or closes.last is None:
        return open_row(read.head)
    return DayRow(*(getattr(closes.last, name) for name in COLUMNS))


def lines_of(read: Statement, some: list[Numbered], language: str, names: Names) -> list[Line]:
    """Entries as lines, with the words that the phone has for them."""
    behind = behind_of(read, some)
    told = [entry_shown(one, behind) for one in some]
    known = names({entry["merchant_id"] for entry in told if entry["merchant_id"]})
    return [
        Line(
            entry["date"],
            title_of(name_of(entry), language),
            why_of(entry, known, language),
            one.step.held,
            Changes(one.step.points, one.step.money, one.step.coins, one.step.quota),
        )
        for one, entry in zip(some, told, strict=True)
    ]


def balances(month: Printed, voice: Voice) -> Section:
    """The account at the beginning and at the end."""
    before, after = month.opening, month.closing
    edges = ("beginning", "end" if month.span.is_over else "now", "change")
    heads = [Column("", "words"), *(Column(voice.say(name)) for name in edges)]
    opened = month.closes.before
    worth_before = worth_at(opened, before.points)
    prices = {
        "before": NONE if opened is None else voice.price(price_of(opened)),
        "after": voice.price(month.price_end),
    }
    rows = [
        row(voice.say("points"), before.points, after.points, voice.points),
        row(voice.say("worth", **prices), worth_before, month.worth_end, voice.money),
        row(voice.say("cash_balance"), before.cash, after.cash, voice.money),
        row(voice.say("coins"), before.coins, after.coins, voice.coins),
        row(voice.say("granted"), before.granted, after.granted, voice.money),
        row(voice.say("used"), before.used, after.used, voice.money),
        row(voice.say("left"), before.left, after.left, voice.money),
    ]
    if before.receivable or after.receivable:
        rows.append(row(voice.say("owed"), before.receivable, after.receivable, voice.money))
    return Section(voice.say("balances"), voice.say("balances_lead"), heads, rows)


def worth_at(day: Day | None, points: int) -> int:
    """What points were worth at a close, in µ¥; nothing before the first."""
    return mul_div(points, day.reserve, day.supply) if day is not None and day.supply > 0 else 0


def row(label: str, before: int, after: int, shown: Callable[[int], str]) -> list[str]:
    """A figure before and after, and its change."""
    change = after - before
    return [label, shown(before), shown(after), gained(change, shown(change))]


def changes_shown(changes: Changes, voice: Voice) -> tuple[str, str, str, str]:
    """What an entry changes, as it is shown; nothing for what it does not."""
    return (
        gained(changes.points, voice.points(changes.points)),
        gained(changes.cash, voice.money(changes.cash)),
        gained(changes.coins, voice.coins(changes.coins)),
        gained(changes.quota, voice.money(changes.quota)),
    )


def by_kind(month: Printed, voice: Voice) -> Iterator[Section]:
    """What each kind of entry came to; nothing where nothing happened."""
    if not month.lines:
        return
    sums: dict[str, Changes] = {}
    counts: dict[str, int] = {}
    everything = Changes()
    for one in month.lines:
        sums[one.title] = sums.get(one.title, Changes()).with_more(one.changes)
        counts[one.title] = counts.get(one.title, 0) + 1
        everything = everything.with_more(one.changes)
    names = ("count", "points", "cash", "coins", "quota")
    heads = [Column(voice.say("kind"), "words"), *(Column(voice.say(name)) for name in names)]
    rows = [
        [title, voice.count(counts[title]), *changes_shown(sums[title], voice)] for title in sums
    ]
    count = voice.count(len(month.lines))
    rows.append([voice.say("sum"), count, *changes_shown(everything, voice)])
    yield Section(voice.say("by_kind"), "", heads, rows, sums=1)


def entries(month: Printed, voice: Voice) -> Section:
    """Every entry of the month, in order of happening."""
    if not month.lines:
        return Section(voice.say("entries"), sentences=[voice.say("no_entries")])
    heads = [Column(voice.say("date"), "day"), Column(voice.say("what"), "words")]
    heads += [Column(voice.say(name)) for name in ("points", "held", "cash", "coins", "quota")]
    rows: list[list[Cell]] = []
    for one in month.lines:
        points, *others = changes_shown(one.changes, voice)
        held = voice.points(one.held) if points else ""
        rows.append([one.day, (one.title, one.why), points, held, *others])
    lead = voice.say("entries_lead", count=voice.count(len(rows)))
    return Section(voice.say("entries"), lead, heads, rows)


def plain(month: Printed, voice: Voice) -> Section:
    """What the figures do not promise (R11)."""
    words = words_then(
        month.closing.granted,
        month.closing.used,
        month.reserve_end,
        month.parameters,
        voice.language,
        is_over=month.span.is_over,
    )
    return Section(voice.say("plain"), sentences=words)
