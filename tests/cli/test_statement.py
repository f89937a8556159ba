"""``shareback statement``: a month as a PDF, of a member or of the whole programme."""

from pathlib import Path

import pytest

from shareback.engine import commands as cmd
from shareback.engine.calendar import day_text
from shareback.gateways.papers.words import WORDS
from shareback.mall.engines import now_us
from tests.backends.house import DAY_US, YUAN, House
from tests.cli.conftest import Shareback
from tests.gateways.pages_of import said_in


@pytest.mark.parametrize(("language", "place"), [("zh", 0), ("en", 1)])
def test_a_journal_without_a_mall_has_statements(
    shareback: Shareback, kept: str, tmp_path: Path, language: str, place: int
) -> None:
    here = ("--month", "2026-01", "--database", kept, "--language", language)
    run = shareback("statement", *here, "--member", 1, "--out", "papers/li.pdf")
    assert (run.code, run.err) == (0, "")
    assert run.out.rstrip().endswith("bytes written to papers/li.pdf")
    said = said_in((tmp_path / "papers" / "li.pdf").read_bytes())
    assert WORDS["member_heading"][place] in said
    assert "· a2" in said
    run = shareback("statement", *here, "--out", "all.pdf")
    assert run.code == 0, run.err
    assert WORDS["proof_root"][place] in said_in((tmp_path / "all.pdf").read_bytes())


def test_a_malls_merchants_are_named(
    shareback: Shareback, house: House, journal_url: str, tmp_path: Path
) -> None:
    at = now_us()
    merchant = house.partner.merchant_id
    house.tell(
        cmd.JoinMember(at, "li"),
        cmd.PayOrder(at, "o-1", "li", merchant, 100 * YUAN, received=True),
        cmd.JoinMember(at + DAY_US, "wang"),
    )
    month = day_text(house.head().day - 1)[:7]
    here = ("--month", month, "--name", house.name, "--database", journal_url)
    assert shareback("statement", *here, "--member", 1, "--out", "li.pdf").code == 0
    assert "酒庄" in said_in((tmp_path / "li.pdf").read_bytes())


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--month", "2027-01"), "--month '2027-01' is no month from 2026-01 to 2026-0"),
        (("--month", "January"), "--month 'January' is no month from"),
        (("--month", "2026-01", "--member", 0), "--member 0: there are members 1 to 3"),
        (("--month", "2026-01", "--member", 10**30), "there are members 1 to 3"),
        (("--month", "2026-01", "--language", "fr"), "--language fr: choose from zh en"),
        (("--month", "2026-01", "--name", "none"), "no programme 'none'"),
        (("--month", "2026-01", "--database", "sqlite:////nowhere.db"), "does not exist"),
    ],
)
def test_faults_are_one_line_and_leave_nothing(
    shareback: Shareback, kept: str, tmp_path: Path, options: tuple[object, ...], told: str
) -> None:
    database = () if "--database" in options else ("--database", kept)
    run = shareback("statement", *options, *database, "--out", "made/a.pdf")
    assert told in run.fault
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_is_told_before_anything_is_set(
    shareback: Shareback, kept: str, tmp_path: Path
) -> None:
    (tmp_path / "a.pdf").mkdir()
    here = ("--month", "2026-01", "--database", kept)
    assert "a.pdf is a folder there" in shareback("statement", *here, "--out", "a.pdf").fault
