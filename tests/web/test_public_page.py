"""The public page of a programme: what it says, to whom, and what it costs the database."""

import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shareback.journal.models import Day, Programme
from shareback.proofs.merkle import frontier_from_bytes, root
from shareback.units.text import price_of
from shareback.web.language import COOKIE
from shareback.web.programmes import first_programme, programme_named
from tests.web.world import DAYS, MEMBERS, NAME

BIG_TABLES = ("journal_member", "journal_order", "journal_movement", "journal_event")


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


@pytest.fixture
def programme(site: Client) -> Programme:
    return programme_named(NAME)


@pytest.fixture
def english(site: Client) -> Iterator[Client]:
    site.cookies[COOKIE] = "en"
    yield site
    del site.cookies[COOKIE]


def test_the_page_is_chinese_unless_english_is_chosen(site: Client, page: str) -> None:
    assert '<html lang="zh-Hans">' in text_of(site, page)

    switched = site.get(f"{page}?lang=en", follow=True)

    assert switched.redirect_chain == [(page, 302)]
    assert '<html lang="en">' in switched.content.decode()
    assert site.get(page).headers["Vary"].startswith("Cookie")


def test_a_language_nobody_speaks_changes_nothing(site: Client, page: str) -> None:
    assert '<html lang="zh-Hans">' in text_of(site, f"{page}?lang=tlh")


def test_switching_keeps_the_rest_of_the_address(site: Client, page: str) -> None:
    answer = site.get(f"{page}days/?page=2&lang=en")

    assert answer.headers["Location"] == f"{page}days/?page=2"


def test_switching_never_leads_to_another_host(site: Client) -> None:
    answer = site.get("/?lang=en", PATH_INFO="//elsewhere.example/")

    assert answer.headers["Location"] == "/elsewhere.example/"


def test_play_money_is_marked_on_every_page(english: Client, page: str) -> None:
    for address in (page, f"{page}days/", f"{page}members/7/"):
        assert "play money" in text_of(english, address)
    assert "play money" in english.get(f"{page}members/{MEMBERS + 1}/").content.decode()


def test_the_first_page_shows_the_first_programme(site: Client) -> None:
    first = first_programme()

    assert first is not None
    assert f"<h1>{first.name}</h1>" in text_of(site, "/")


def test_the_price_is_reserve_over_supply_to_four_decimals(
    english: Client, page: str, programme: Programme
) -> None:
    said = text_of(english, page)

    assert f"<strong data-price>¥{price_of(programme.reserve, programme.supply)}</strong>" in said
    assert f"{programme.reserve // 10_000 / 100:,.2f}" in said


def test_coverage_is_what_r11_says(english: Client, page: str, programme: Programme) -> None:
    value = programme.points_members * programme.reserve // programme.supply
    left = programme.quota_open - programme.payable
    hundredths = (value + programme.pot) * 10_000 // left

    assert f"{hundredths // 100}.{hundredths % 100:02d}%" in text_of(english, page)


def test_the_accounts_shown_add_up_to_the_bank(english: Client, page: str) -> None:
    rows = re.findall(r"<td>¥([\d,.]+)</td>", text_of(english, page))
    cents = [int(row.replace(",", "").replace(".", "")) for row in rows]

    # Each is rounded down by less than a cent.
    assert 0 <= cents[-1] - sum(cents[:-1]) < len(cents)


def test_the_charts_hold_every_day_and_the_open_one_as_decimal_texts(
    english: Client, page: str, programme: Programme
) -> None:
    found = re.search(r'<script id="charts"[^>]*>(.*?)</script>', text_of(english, page))
    assert found is not None
    charts = json.loads(found.group(1))

    assert len(charts["days"]) == DAYS
    assert charts["price"][-1] == price_of(programme.reserve, programme.supply)
    assert all(re.fullmatch(r"\d+\.\d{4}", price) for price in charts["price"])
    assert all(re.fullmatch(r"\d+\.\d{2}", money) for money in charts["dividends"])
    assert sum(charts["exits"]) == charts["exits_total"][-1] == programme.exits


def test_the_root_of_the_log_stands_on_the_page(
    english: Client, page: str, programme: Programme
) -> None:
    frontier = frontier_from_bytes(bytes(programme.frontier))
    said = text_of(english, page)

    assert f'data-copy="{root(frontier).hex()}"' in said
    assert f"{frontier.size:,}" in said
    assert "Verify it yourself" in said


def test_the_programmes_secret_is_never_even_read(site: Client, page: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        site.get(page)
        site.get(f"{page}members/7/")

    assert queries.captured_queries
    assert not any('"journal_programme"."key"' in query["sql"] for query in queries)


def test_the_page_never_looks_at_a_member_or_an_order(site: Client, page: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        site.get(page)

    assert len(queries) == 4
    assert not any(table in query["sql"] for query in queries for table in BIG_TABLES)


def test_nothing_is_framed_sniffed_or_run_inline(site: Client, page: str) -> None:
    answer = site.get(page)
    policy = answer.headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Frame-Options"] == "DENY"
    body = answer.content.decode()
    assert re.findall(r"<[^>]*\s(?:style|on\w+)=", body) == []
    assert re.findall(r"<script(?![^>]*(?:src|application/json))", body) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//', body) == []


def test_a_page_that_has_not_changed_is_not_sent_again(site: Client, page: str) -> None:
    tag = site.get(page).headers["ETag"]

    assert site.get(page, headers={"If-None-Match": tag}).status_code == 304


def test_only_reading_is_allowed(site: Client, page: str) -> None:
    assert site.post(page).status_code == 405
    assert site.head(page).status_code == 200


def test_days_are_listed_the_latest_first(english: Client, page: str, programme: Programme) -> None:
    rows = re.findall(r'<th scope="row">([\d-]+)</th>', text_of(english, f"{page}days/"))

    assert len(rows) == Day.objects.filter(programme_id=programme.pk).count() == DAYS - 1
    assert rows == sorted(rows, reverse=True)
    assert rows[-1] == "2026-03-01"


def test_an_unknown_programme_gets_a_friendly_page(english: Client) -> None:
    answer = english.get(f"/p/{quote('no such')}/")

    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_a_name_of_markup_is_shown_as_it_is(site: Client, programme: Programme, page: str) -> None:
    name = "<b>a&b</b> / 100%?#"
    Programme.objects.filter(pk=programme.pk).update(name=name)
    try:
        body = site.get(f"/p/{quote(name)}/").content.decode()
        links = re.findall(r'href="(/p/[^"]*/days/)"', body)
        followed = [site.get(unescape(link)).status_code for link in links]
    finally:
        Programme.objects.filter(pk=programme.pk).update(name=NAME)

    assert "<h1>&lt;b&gt;a&amp;b&lt;/b&gt; / 100%?#</h1>" in body
    assert followed
    assert set(followed) == {200}
