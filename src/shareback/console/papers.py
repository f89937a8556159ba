"""A programme's statement of a month, for whoever runs it: accounts, turnover, reserve, proof.

It stands on the figures of the closes alone, so that it says the same whenever it is set.
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS

from shareback.console.daily import COLUMNS, DayFigures
from shareback.console.parameters import PARAMETERS
from shareback.console.parameters import shown as parameter_shown
from shareback.console.shown import Voice
from shareback.engine.calendar import day_text
from shareback.engine.opening import Version, load_terms
from shareback.engine.statements.monthly import Closes, Span, closes_of
from shareback.engine.turnover import Moved, figures_before, turnover
from shareback.gateways.bank.models import Reconciliation
from shareback.gateways.papers.parts import (
    issuer_facts,
    period_fact,
    price_facts,
    proof_section,
    so_far,
)
from shareback.gateways.papers.shapes import Column, Paper, Section
from shareback.gateways.papers.words import Voice as PaperVoice
from shareback.journal.models import Checkpoint, Cosignature, Day, Programme, Witness
from shareback.rules.programme import Programme as Parameters
from shareback.units.shown import NONE, gained, share_text

MONEY = (
    *("reserve", "order_escrow", "pot", "payable", "cash", "merchant_payable"),
    *("free", "bound", "suspense", "coins_owed", "bank"),
)
POINTS = ("points_members", "points_merchants", "points_escrow", "issued", "burned")
COINS = ("coins_members", "coins_merchants", "coins_issued", "coins_retired")
"""The accounts of the books, as the head names them (R10)."""

COUNTED = ("members", "merchants", "orders", "orders_pending", "orders_refunded", "exits")
BANK = ("books_reserve", "books_bank", "bank", "in_transit", "unexplained")
State = Reconciliation.State


class NoClose(LookupError):
    """No day of a month has closed yet."""

    def __init__(self, month: str) -> None:
        """Keep which month."""
        super().__init__(month)
        self.month = month

    def __str__(self) -> str:
        return f"no day of {self.month} has closed yet"


class Closed(NamedTuple):
    """A month of a programme, gathered.

    Attributes:
        head: The programme's row.
        span: The month.
        closes: The closes at its edges.
        last: The latest of them.
        versions: All versions of the parameters.
        voice: The console's, for words that it has.
        paper: The papers' own.
        alias: Which of Django's databases.
    """

    head: Programme
    span: Span
    closes: Closes
    last: Day
    versions: list[Version]
    voice: Voice
    paper: PaperVoice
    alias: str

    @property
    def parameters(self) -> Parameters:
        """Those in force at the last close."""
        return self.versions[int(self.last.terms)].programme


def operator_paper(
    head: Programme, span: Span, language: str, alias: str = DEFAULT_DB_ALIAS
) -> Paper:
    """A programme's statement of a month.

    Args:
        head: The programme's row.
        span: The month.
        language: "zh" or "en".
        alias: Which of Django's databases.

    Raises:
        NoClose: No day of it has closed.
    """
    month = gathered(head, span, language, alias)
    voice, paper = month.voice, month.paper
    heading, named = voice.say("paper_heading"), paper.month(span.text)
    facts = [*issuer_facts(month.parameters, paper), period_fact(month.span, paper)]
    return Paper(
        language=language,
        heading=heading,
        programme=head.name,
        month=named,
        so_far=so_far(month.span, paper),
        author=month.parameters.issuer.name,
        day=date.fromordinal(month.span.last),
        running=f"{head.name} · {heading} · {named}",
        facts=[*facts, *price_facts(month.closes, paper)],
        sections=[
            main_figures(month),
            accounts(month),
            moved(month),
            bank(month),
            amendments(month),
            witnesses(month),
            proof_section(head.pk, month.span, paper, alias=alias),
        ],
    )


def gathered(head: Programme, span: Span, language: str, alias: str) -> Closed:
    """A month up to its last close.

    Raises:
        NoClose: There is none.
    """
    closes = closes_of(head, span, alias)
    if closes.last is None:
        raise NoClose(span.text)
    versions = load_terms(head.pk, alias)
    parameters = versions[int(closes.last.terms)].programme
    return Closed(
        head,
        span._replace(last=int(closes.last.day)),
        closes,
        closes.last,
        versions,
        Voice.of(language, parameters),
        PaperVoice.of(language, parameters),
        alias,
    )


def edges(month: Closed, label: str) -> list[Column]:
    """The heads of a table of figures at the beginning and at the end."""
    say = month.paper.say
    return [Column(label, "words"), *(Column(say(name)) for name in ("beginning", "end", "change"))]


def row(label: str, before: int, after: int, shown: Callable[[int], str]) -> list[str]:
    """A figure at the beginning and at the end, and its change."""
    change = after - before
    return [label, shown(before), shown(after), gained(change, shown(change)) or NONE]


def figures_at(day: Day) -> DayFigures:
    """A close as the console reckons with it."""
    return DayFigures(*(getattr(day, name) for name in COLUMNS))


def main_figures(month: Closed) -> Section:
    """Price, coverage, what is issued of the cap, counts."""
    voice, last = month.voice, month.last
    before = figures_before(month.closes.before)
    opened = month.closes.before
    cap = month.parameters.supply_cap
    coverage = [
        NONE if day is None or (ppm := figures_at(day).coverage_ppm) is None else voice.share(ppm)
        for day in (opened, last)
    ]
    prices = [NONE if day is None else voice.price(figures_at(day).price) for day in (opened, last)]
    issued = [share_text(number, cap) for number in (before["issued"], int(last.issued))]
    rows = [
        [voice.say("paper_price"), *prices, ""],
        [voice.say("paper_coverage"), *coverage, ""],
        [voice.say("paper_cap"), *issued, ""],
        row(voice.say("supply"), before["supply"], int(last.supply), voice.points),
        row(voice.say("receivables"), before["receivables"], int(last.receivables), voice.money),
        row(voice.say("head_quota_open"), before["quota_open"], int(last.quota_open), voice.money),
    ]
    labels = ("members", "merchants", "orders", "pending", "refunded")
    keys = [f"head_{name}" if name != "merchants" else "paper_merchants" for name in labels]
    for key, name in zip((*keys, "paper_exits"), COUNTED, strict=True):
        rows.append(row(voice.say(key), before[name], int(getattr(last, name)), voice.count))
    lead = voice.say("paper_cap_lead", cap=voice.points(cap))
    return Section(voice.say("paper_figures"), lead, edges(month, ""), rows)


def accounts(month: Closed) -> Section:
    """Every account of the books."""
    voice, before = month.voice, figures_before(month.closes.before)
    rows = [
        row(voice.say(f"account_{name}"), before[name], int(getattr(month.last, name)), shown)
        for names, shown in ((MONEY, voice.money), (POINTS, voice.points), (COINS, voice.coins))
        for name in names
    ]
    heads = edges(month, voice.say("paper_account"))
    return Section(voice.say("paper_accounts"), voice.say("paper_accounts_lead"), heads, rows)


def moved(month: Closed) -> Section:
    """What moved, by kind."""
    voice = month.voice
    found = turnover(month.closes.before, month.last, month.alias)
    names = ("paper_count", "paper_points", "paper_gross", "paper_paid", "paper_fee", "paper_coins")
    heads = [Column(month.paper.say("kind"), "words"), *(Column(voice.say(one)) for one in names)]
    orders = (
        ("paper_orders_paid", found.paid),
        ("paper_orders_matured", found.matured),
        ("paper_refunds", found.refunded),
    )
    rows = [line(voice, voice.say(key), one) for key, one in orders]
    rows.append(line(voice, voice.say("paper_dividends"), Moved(money=found.dividends)))
    for kind, one in sorted(found.movements.items()):
        rows.append(line(voice, voice.say(f"effect_{kind}"), one))
    total = ["" for _name in names]
    total[names.index("paper_fee")] = voice.money(found.fees)
    rows.append([voice.say("paper_fees"), *total])
    return Section(voice.say("paper_turnover"), "", heads, rows, sums=1)


def line(voice: Voice, label: str, one: Moved) -> list[str]:
    """What one kind came to; nothing where it moved nothing of a sort."""

    def told(amount: int, shown: Callable[[int], str]) -> str:
        return shown(amount) if amount else ""

    return [
        label,
        told(one.times, voice.count),
        told(one.points, voice.points),
        told(one.gross, voice.money),
        told(one.money, voice.money),
        told(one.fee, voice.money),
        told(one.coins, voice.coins),
    ]


def bank(month: Closed) -> Section:
    """The last comparison with the bank's own statements, and when payouts rested."""
    voice = month.voice
    rows = Reconciliation.objects.using(month.alias).filter(
        programme_id=month.head.pk, day__lte=month.span.last
    )
    latest = rows.order_by("-number").first()
    if latest is None:
        return Section(voice.say("paper_bank"), sentences=[voice.say("paper_no_bank")])
    here = rows.filter(day__gte=month.span.first)
    days = sorted(set(here.filter(state__gte=State.SHORT).values_list("day", flat=True)))
    key = "paper_halts" if days else "paper_no_halts"
    halted = voice.say(key, count=voice.count(here.count()), days=", ".join(map(day_text, days)))
    state = voice.say(f"bank_state_{State(latest.state).name.lower()}")
    lead = voice.say(
        "paper_bank_lead", day=day_text(latest.day), at=voice.moment(latest.at), state=state
    )
    heads = [Column("", "words"), Column(voice.say("paper_money"))]
    shown = [(voice.say(f"bank_{name}"), voice.money(getattr(latest, name))) for name in BANK]
    return Section(voice.say("paper_bank"), lead, heads, shown, sentences=[halted])


def amendments(month: Closed) -> Section:
    """What each amendment in force has changed, and from when."""
    voice, rows = month.voice, []
    for place in range(1, int(month.last.terms) + 1):
        before, after = month.versions[place - 1].programme, month.versions[place].programme
        since = day_text(month.versions[place].from_day)
        rows += [
            [since, voice.say(f"p_{one.name}"), old, new]
            for one in PARAMETERS
            if (old := parameter_shown(voice, before, one))
            != (new := parameter_shown(voice, after, one))
        ]
    heading = voice.say("paper_amendments")
    if not rows:
        return Section(heading, sentences=[voice.say("paper_no_amendments")])
    heads = [Column(voice.say("paper_from"), "day"), Column(voice.say("parameter"), "words")]
    heads += [Column(voice.say(name)) for name in ("paper_before", "paper_after")]
    return Section(heading, voice.say("paper_amendments_lead"), heads, rows)


def witnesses(month: Closed) -> Section:
    """Who is asked to cosign, and how many of the month's checkpoints each has cosigned."""
    voice, rows = month.voice, []
    within = {
        "programme_id": month.head.pk,
        "day__gte": month.span.first,
        "day__lte": month.span.last,
    }
    every = Checkpoint.objects.using(month.alias).filter(**within).count()
    names = Witness.objects.using(month.alias).filter(programme_id=month.head.pk)
    for name in names.order_by("name").values_list("name", flat=True):
        count = Cosignature.objects.using(month.alias).filter(**within, witness=name).count()
        rows.append([name, voice.say("paper_cosigned_of", count=count, all=every)])
    heading = voice.say("paper_witnesses")
    if not rows:
        return Section(heading, sentences=[voice.say("paper_no_witnesses")])
    heads = [Column(voice.say("paper_witness"), "words"), Column(voice.say("paper_cosigned"))]
    return Section(heading, "", heads, rows)
