"""The page of proofs: how coverage went, all terms, and who proposed and approved each change."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shareback.console.models import Proposal, RoleGrant
from shareback.engine import commands as cmd
from shareback.engine.calendar import day_text
from shareback.engine.engine import Engine
from shareback.engine.opening import open_programme
from shareback.engine.proving.checkpoints import draw_up
from shareback.journal.models import Day
from shareback.mall.accounts.models import User
from shareback.rules.programme import Programme as Parameters
from shareback.web.coverage import POINTS_DRAWN_MAX, Covered, drawn, share
from tests.backends.once import Once
from tests.engine.busy import DAY, OPENED, SALTS, parameters
from tests.web.world import DAYS, NAME

ROOT = Path(__file__).resolve().parents[2]
BIG_TABLES = ("journal_member", "journal_order", "journal_movement", "journal_event")
AMENDED = "amended before all eyes"
PHONE = "+8613900000001"


def said_on(site: Client, address: str) -> str:
    """A page's words, without its tags."""
    answer = site.get(address, follow=True)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


# ------------------------------------------------------------------------------------- coverage


def test_coverage_is_drawn_for_every_close(site: Client, page: str, world: str) -> None:
    raw = site.get(f"{page}proofs/").content.decode()
    found = re.search(r'<script id="charts"[^>]*>(.*?)</script>', raw)
    assert found is not None
    charts = json.loads(found[1])
    rows = list(Day.objects.using(world).filter(programme__name=NAME).order_by("day"))
    assert charts["days"] == [day_text(row.day) for row in rows]
    expected = []
    for row in rows:
        left = row.quota_open - row.payable
        worth = row.points_members * row.reserve // row.supply if row.supply else 0
        part = (worth + row.pot) * 10_000 // left if left > 0 else None
        expected.append(None if part is None else f"{part // 100}.{part % 100:02d}")
    assert charts["coverage"] == expected
    assert len([one for one in expected if one is not None]) > DAYS // 2


def test_who_cannot_see_the_chart_is_told_the_same(site: Client, page: str) -> None:
    raw = site.get(f"{page}proofs/?lang=en", follow=True).content.decode()
    found = re.search(r'<script id="charts"[^>]*>(.*?)</script>', raw)
    assert found is not None
    charts = json.loads(found[1])
    known = {day: v for day, v in zip(charts["days"], charts["coverage"], strict=True) if v}
    lowest = min(known, key=lambda day: float(known[day]))
    words = f"{DAYS - 1} closes: lowest {known[lowest]}% ({lowest})"
    assert f'aria-label="Coverage: {words}' in raw
    # The last close of each month stands in a table.
    text = said_on(site, f"{page}proofs/?lang=en")
    assert f"2026-03-31 {known['2026-03-31']}%" in text
    site.get(f"{page}proofs/?lang=zh")


def test_the_page_looks_at_no_table_of_members(site: Client, page: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        site.get(f"{page}proofs/")
    asked = " ".join(query["sql"] for query in queries)
    assert [table for table in BIG_TABLES if f'"{table}"' in asked] == []
    assert len(queries) < 25


def test_there_is_no_coverage_where_no_quota_is_left() -> None:
    assert share(1, 1, 1, 0, 10, 10) is None
    assert share(1, 1, 1, 0, 10, 9) == 10_000
    assert share(0, 0, 0, 3, 10, 4) == 5_000


def test_few_days_are_drawn_as_they_are() -> None:
    rows = [Covered(day, day % 50) for day in range(POINTS_DRAWN_MAX)]
    assert drawn(rows) == rows


@pytest.mark.parametrize("count", [401, 799, 800, 3_650, 36_500])
def test_many_days_are_thinned_and_no_low_is_hidden(count: int) -> None:
    rows = [Covered(day, 500 + day % 97) for day in range(count)]
    low = count // 3
    rows[low] = Covered(low, 1)
    rows[5] = Covered(5, None)
    shown = drawn(rows)
    assert POINTS_DRAWN_MAX // 2 <= len(shown) <= POINTS_DRAWN_MAX
    assert Covered(low, 1) in shown
    assert shown[-1] == rows[-1]
    assert [row.day for row in shown] == sorted(row.day for row in shown)


def test_the_page_leads_to_files_that_are_there_and_names_the_second_verifier(
    site: Client, page: str
) -> None:
    raw = site.get(f"{page}proofs/").content.decode()
    for name in ("docs/reference/proofs.md", "docs/reference/log.md", "clients/verifier/verify.py"):
        assert name in raw
        assert (ROOT / name).is_file()
    files = re.findall(r'href="([^"]+)"\s+download', raw)
    assert len(files) == 3
    for address in files:
        assert site.get(unescape(address)).status_code == 200


# ---------------------------------------------------------------------------------------- terms


def test_all_parameters_are_told(site: Client, page: str) -> None:
    said = said_on(site, f"{page}proofs/?lang=en")
    for words in (
        f"Programme {NAME}",
        "Issuer Test issuer (no company)",
        "Currency CNY",
        "Time zone Asia/Shanghai",
        "Issue price ¥1.00",
        "Backing rate 30%",
        "Days to maturity 3 days",
        "银卡 Silver (from 150 points, weight 110%)",
        "金卡 Gold, partner (from 600 points, weight 130%)",
        "Version 1, since it opened",
        "The terms are those with which the programme opened.",
    ):
        assert words in said, words
    site.get(f"{page}proofs/?lang=zh")


def amended(alias: str) -> tuple[int, int]:
    """A programme with two amendments; its number, and the day from which the first holds."""
    open_programme(parameters(AMENDED), OPENED, alias, SALTS)
    engine = Engine(AMENDED, alias, SALTS)
    opened = engine.calendar.day_of(OPENED)
    first = parameters(AMENDED, backing_rate="0.25", redemption_fee="0.08")
    engine.apply([cmd.AmendProgramme(OPENED, opened + 2, 2, first)])
    engine.close(opened + 3)
    second = Parameters.model_validate(
        first.model_dump(by_alias=True, mode="json") | {"award_rate": "0.6"}
    )
    engine.apply([cmd.AmendProgramme(OPENED + 4 * DAY, opened + 9, 2, second)])
    engine.close(opened + 4)
    draw_up(engine.id, alias)
    decided(engine.id, alias, opened + 2)
    return engine.id, opened + 2


def decided(programme: int, alias: str, from_day: int) -> None:
    """What the console keeps of the first amendment; it knows nothing of the second."""
    people = [
        User.objects.using(alias).create(username=f"{PHONE} {name}", name=name)
        for name in ("Anna", "", "Bert <b>")
    ]
    for person, role in zip(people, ("finance", "approver", "approver"), strict=True):
        RoleGrant.objects.using(alias).create(
            programme_id=programme, user=person, role=role, granted_by="cli:test"
        )
    at = datetime(2026, 1, 1, 1, 30, tzinfo=UTC)
    found = Proposal.objects.using(alias).create(
        programme_id=programme,
        kind=Proposal.Kind.AMENDMENT,
        state=Proposal.State.DONE,
        reason="not for everybody's eyes",
        base=1,
        day=from_day,
        proposer=people[0],
        first_approver=people[1],
        first_at=at + timedelta(hours=1),
        second_approver=people[2],
        closed_by=people[2],
        closed_at=at + timedelta(hours=2),
        expires_at=at + timedelta(days=30),
    )
    Proposal.objects.using(alias).filter(pk=found.pk).update(made_at=at)


@pytest.fixture
def terms(site: Client, world: str, once: Once) -> str:
    """The words of that programme's page."""
    once(("amended", world), lambda: amended(world))
    said = said_on(site, f"/p/{quote(AMENDED)}/proofs/?lang=en")
    site.get("/?lang=zh")
    return said


def test_an_amendment_tells_who_proposed_and_who_approved_it_and_when(terms: str) -> None:
    assert (
        "From 2026-01-03 in force"
        " Proposed Anna (Finance) 2026-01-01 09:30"
        " First approval Approver 2026-01-01 10:30"
        " Second approval Bert <b> (Approver) 2026-01-01 11:30"
    ) in terms


def test_an_amendment_tells_what_changed_from_what_to_what(terms: str) -> None:
    assert "Backing rate Before 30% → After 25%" in terms
    assert "Redemption fee Before 10% → After 8%" in terms
    assert terms.count("→") == 3


def test_an_amendment_that_the_console_knows_nothing_of_says_so(terms: str) -> None:
    future = terms[terms.index("From 2026-01-10 not in force yet") : terms.index("From 2026-01-03")]
    assert "though not at this site’s console" in future
    assert "Award rate Before 70% → After 60%" in future
    assert "Proposed" not in future


def test_no_log_in_and_no_reason_is_told(terms: str) -> None:
    assert PHONE not in terms
    assert "everybody's eyes" not in terms


def test_the_version_in_force_is_told(terms: str, site: Client) -> None:
    assert "Version 2, since 2026-01-03" in terms
    text = site.get(f"/p/{quote(AMENDED)}/proofs/programme.toml").content.decode()
    assert 'backing_rate = "0.25"' in text
    assert 'award_rate = "0.7"' in text
