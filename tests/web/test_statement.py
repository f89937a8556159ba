"""A member's statement: what is told, and how it is found."""

import json
import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from shareback.engine.statements import account
from shareback.journal.models import Member, Programme, Terms
from shareback.units.text import yuan
from shareback.web.language import COOKIE
from shareback.web.programmes import programme_named
from tests.web.world import MEMBERS, NAME


@pytest.fixture
def programme(site: Client) -> Programme:
    return programme_named(NAME)


@pytest.fixture
def english(site: Client) -> Client:
    site.cookies[COOKIE] = "en"
    return site


def statement(client: Client, page: str, number: int, query: str = "") -> str:
    answer = client.get(f"{page}members/{number}/{query}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_says_what_is_held_at_todays_price(
    english: Client, page: str, programme: Programme
) -> None:
    member = Member.objects.get(programme_id=programme.pk, number=7)
    worth = member.points * programme.reserve // programme.supply
    said = statement(english, page, 7).replace(",", "")

    assert f"<strong>¥{yuan(worth)}</strong>" in said
    assert f"¥{yuan(member.cash)}" in said
    assert "a ceiling on what may be received not a debt" in said.lower()


def test_pending_orders_are_worth_their_award_in_yuan(english: Client, page: str) -> None:
    said = statement(english, page, 7)

    # 680 yuan × 30 % × 70 %.
    assert re.search(r"paid ¥680\.00 on 2026-04-\d\d\s*</span>", said)
    assert re.search(r"pending, worth ¥142\.80 until the close of 2026-04-\d\d", said)


def test_in_chinese_too(site: Client, page: str) -> None:
    said = statement(site, page, 7)

    assert "待到账，价值 ¥142.80，至 2026-04-" in said
    assert "订单成熟" in said


def test_opens_the_latest_month_and_any_that_is_asked_for(english: Client, page: str) -> None:
    assert "<h3>April 2026</h3>" in statement(english, page, 7)
    assert "<h3>March 2026</h3>" in statement(english, page, 7, "?month=2026-03")
    assert "<h3>April 2026</h3>" in statement(english, page, 7, "?month=1999-01")


def test_a_full_month_is_cut_into_pages(english: Client, page: str) -> None:
    first = statement(english, page, 7, "?month=2026-03")
    second = statement(english, page, 7, "?month=2026-03&page=2")

    lines = [
        re.findall(r'role="rowheader">\s*(.*?)\s*</th>', said, re.DOTALL)
        for said in (first, second)
    ]
    assert "Page 1 of " in first
    assert "Page 2 of " in second
    assert lines[0] != lines[1]


def test_each_matured_order_names_its_points_and_the_price_of_its_day(
    english: Client, page: str
) -> None:
    said = statement(english, page, 7)

    assert re.search(
        r"Order V\d+ · price that day ¥\d\.\d{4} · worth ¥[\d.]+ · quota \+¥[\d.]+", said
    )


def test_dividends_are_told_day_by_day(english: Client, page: str) -> None:
    said = statement(english, page, 7, "?month=2026-03")

    assert "Dividends this month" in said
    assert len(re.findall(r'<th scope="row">2026-03-\d\d</th>', said)) > 20


@pytest.mark.parametrize("number", [0, MEMBERS + 1, 2**31, 10**30])
def test_an_unknown_number_gets_a_friendly_page(english: Client, page: str, number: int) -> None:
    answer = english.get(f"{page}members/{number}/")

    assert answer.status_code == 404
    said = unescape(answer.content.decode())
    assert f"There is no member {number}" in said
    assert f"from 1 to {MEMBERS}" in said


def test_the_form_leads_to_the_statement(english: Client, page: str) -> None:
    answer = english.get(f"{page}members/", {"number": " 7 "})

    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{page}members/7/"


@pytest.mark.parametrize("typed", ["", "seven", "-1", "1.5", "\u0667", "<script>", "9" * 50])
def test_the_form_takes_nothing_but_a_number(english: Client, page: str, typed: str) -> None:
    answer = english.get(f"{page}members/", {"number": typed})

    assert answer.status_code == 404
    assert "<script>" not in answer.content.decode()


SHORT = 158
"""A member who joined late and bought little: nothing of its statement is kept."""


@pytest.mark.parametrize(
    ("number", "query", "count"),
    [
        (SHORT, "", 14),
        (7, "", 19),
        (7, "?page=2", 22),
        (7, "?month=2026-03", 22),
        (7, "?month=2026-03&page=4", 22),
    ],
)
def test_a_statement_takes_as_many_questions_however_long_it_is(
    site: Client, page: str, number: int, query: str, count: int
) -> None:
    site.get(f"{page}members/{number}/")
    with CaptureQueriesContext(connection) as queries:
        site.get(f"{page}members/{number}/{query}")

    assert len(queries) == count, [query["sql"][:70] for query in queries]


@pytest.mark.parametrize("name", ["ORDERS", "REFERRALS", "MOVEMENTS"])
def test_a_statement_reads_no_row_of_anybody_else(
    name: str, programme: Programme, site: Client
) -> None:
    statement_read = account.in_dialect(getattr(account, name))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {statement_read}", [programme.pk, 7])
            searches = [row[3] for row in cursor.fetchall() if "ORDER BY" not in row[3]]
            found = r"SEARCH .* \(programme_id=\? AND (member|referrer|number|order)=\?.*"
        else:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
            cursor.execute(f"EXPLAIN {statement_read}", [programme.pk, 7])
            lines = [row[0] for row in cursor.fetchall()]
            searches = [line for line in lines if "Index Cond" in line]
            found = r".*programme_id = .* AND \(?(member|referrer|number|\"order\") = .*"

    assert searches
    assert [search for search in searches if not re.fullmatch(found, search.strip())] == []


def test_a_statement_is_kept_by_nobody(site: Client, page: str) -> None:
    assert site.get(f"{page}members/7/").headers["Cache-Control"] == "private, no-store"


@pytest.fixture
def real_issuer(programme: Programme) -> object:
    rows = Terms.objects.filter(programme_id=programme.pk)
    before = rows.get(version=0).parameters
    parameters = json.loads(before)
    parameters["issuer"] = {
        "name": "A real company",
        "code": None,
        "register": "Companies House",
        "number": "01234567",
        "test": False,
    }
    rows.update(parameters=json.dumps(parameters))
    yield parameters
    rows.update(parameters=before)


def test_a_real_programmes_statements_are_closed(
    english: Client, page: str, real_issuer: object
) -> None:
    answer = english.get(f"{page}members/7/")
    said = unescape(english.get(page).content.decode())

    assert answer.status_code == 404
    assert "Statements are private" in answer.content.decode()
    assert "Look up a member" not in said
    assert "play money" not in said
    assert "A real company · Companies House 01234567" in said


def test_an_operator_may_open_them(
    english: Client, page: str, real_issuer: object, settings: Settings
) -> None:
    settings.SHAREBACK_OPEN_STATEMENTS = True

    assert english.get(f"{page}members/7/").status_code == 200
