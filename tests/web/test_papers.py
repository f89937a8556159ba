"""Statements on paper over a world of forty days: what they come to is what the books hold."""

import re

import pytest
from django.test import Client

from shareback.api.papers import member_paper
from shareback.api.reading import parameters_of
from shareback.console.papers import MONEY, operator_paper
from shareback.engine.reporting import member_figures
from shareback.engine.statements.monthly import Balance, balance_at, closes_of, span_of
from shareback.engine.statements.reading import statement_in_one_state
from shareback.engine.turnover import turnover
from shareback.gateways.papers.setting import set_paper
from shareback.gateways.papers.shapes import Paper
from shareback.gateways.papers.words import Voice
from shareback.journal.models import Day, Member, Movement, Programme
from shareback.journal.shapes import MEMBER
from shareback.rules.layout import EffectKind
from shareback.web.programmes import programme_named
from tests.gateways.pages_of import pages_of
from tests.web.world import NAME

BUSY = 7
"""The member whose statement is long."""


@pytest.fixture
def programme(site: Client) -> Programme:
    return programme_named(NAME)


def paper_of(programme: Programme, month: str, language: str = "en", number: int = BUSY) -> Paper:
    versions = parameters_of(programme.pk)
    with statement_in_one_state(programme, number, versions) as read:
        assert read is not None
        span, voice = span_of(read.head, month), Voice.of(language, versions[-1])
        return member_paper(read, span, voice, lambda _ids: {})


def exits_of(programme: Programme, number: int) -> int:
    rows = Movement.objects.filter(programme_id=programme.pk, member=number)
    return rows.filter(kind=EffectKind.MEMBER_EXITED).count()


def test_what_the_entries_come_to_is_what_the_account_holds(programme: Programme) -> None:
    versions = parameters_of(programme.pk)
    tiers = list(versions[-1].tier_rows())
    seen = 0
    for member in Member.objects.filter(programme_id=programme.pk).order_by("number"):
        columns = [getattr(member, name) for name in MEMBER.integers]
        holds = member_figures(columns, programme.figures(), tiers)
        with statement_in_one_state(programme, member.number, versions) as read:
            assert read is not None
            told = balance_at(read, read.entries)
        assert told._replace(cash=0) == Balance(
            holds.points, 0, holds.coins, holds.quota, holds.used, holds.receivable + holds.taken
        )
        # The dividend of an exit inside a close is told to the µ¥ above, never below.
        over = told.cash - holds.cash - holds.taken
        assert 0 <= over <= exits_of(programme, member.number)
        seen += told.points > 0
    assert seen > 100


def test_a_month_begins_as_the_one_before_has_ended(programme: Programme) -> None:
    march, april = (paper_of(programme, month) for month in ("2026-03", "2026-04"))
    ended = [row[2] for row in march.sections[0].rows]
    begun = [row[1] for row in april.sections[0].rows]
    assert ended == begun
    assert march.so_far == ""
    assert april.so_far.startswith("So far, up to 2026-04-")


def test_the_sums_by_kind_are_the_change_of_the_balances(programme: Programme) -> None:
    for month in ("2026-03", "2026-04"):
        balances, kinds = paper_of(programme, month).sections[:2]
        change = {row[0]: row[3] for row in balances.rows}
        _together, _count, points, cash, coins, quota = kinds.rows[-1]
        assert (points, cash) == (change["Points"], change["Cash and dividends"])
        assert (coins, quota) == (change["Coins"], change["Quota granted"])


@pytest.mark.parametrize(("language", "kind"), [("zh", "订单成熟"), ("en", "Order matured")])
def test_a_long_month_goes_over_many_pages(programme: Programme, language: str, kind: str) -> None:
    paper = paper_of(programme, "2026-03", language)
    pages = pages_of(set_paper(paper))
    assert len(pages) > 10
    days = re.findall(r"(?m)^2026-03-\d\d [^,]", "\n".join(pages))
    assert len(days) == len(paper.sections[2].rows)
    assert kind in pages[-2]


def test_the_operators_months_follow_from_each_other(programme: Programme) -> None:
    march, april = (
        operator_paper(programme, span_of(programme, month), "en")
        for month in ("2026-03", "2026-04")
    )
    for section in (0, 1):
        ended = [row[2] for row in march.sections[section].rows]
        assert ended == [row[1] for row in april.sections[section].rows]
    accounts = april.sections[1].rows
    assert len(accounts) == len(MONEY) + 9


def test_what_moved_in_all_months_is_what_the_books_have_counted(programme: Programme) -> None:
    found = []
    for month in ("2026-03", "2026-04"):
        closes = closes_of(programme, span_of(programme, month))
        assert closes.last is not None
        found.append(turnover(closes.before, closes.last))
    last = Day.objects.filter(programme_id=programme.pk).order_by("day").last()
    assert last is not None
    assert sum(one.paid.times for one in found) == last.orders
    assert sum(one.matured.times for one in found) == last.orders_matured
    assert sum(one.dividends for one in found) == last.payable + last.dividends_credited
    kinds = (EffectKind.POINTS_REDEEMED, EffectKind.POINTS_SPENT, EffectKind.MEMBER_EXITED)
    moved = [one.movements[kind] for one in found for kind in kinds if kind in one.movements]
    assert sum(one.times for one in moved if one.fee > 0) > 0
    exits = [one.movements[EffectKind.MEMBER_EXITED].times for one in found]
    assert sum(exits) == last.exits
