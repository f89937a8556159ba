"""A later file into a programme: found right beside what is there, or refused as a whole."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Shareback
from tests.cli.orders import HEADER, REFERRERS, write
from tests.cli.test_journal_commands import edit

LATER = "2026-01-22"
"""The day that is open when the first file is imported."""


@pytest.fixture
def first(shareback: Shareback, tmp_path: Path, fresh_url: str) -> str:
    """A database with one programme: Anna brought Bert, and he Carl."""
    assert shareback("replay", write(tmp_path), "--database", fresh_url).code == 0
    return fresh_url


@pytest.fixture
def refused(shareback: Shareback, tmp_path: Path, first: str) -> Callable[..., str]:
    """Imports a second file that must be refused, and sees that nothing has changed."""

    def tries(content: str, *arguments: object) -> str:
        verified = ("verify", "--full", "--database", first, "--json")
        before = shareback(*verified).json["events"]
        path = write(tmp_path, content, "second.csv")
        run = shareback("replay", path, "--database", first, "--out", "second", *arguments)
        assert shareback(*verified).json["events"] == before
        assert not (tmp_path / "second").exists()
        return run.fault

    return tries


def test_an_order_that_is_there_already_is_named(refused: Callable[..., str]) -> None:
    """More orders than a batch has come before it, and none of them is written."""
    orders = [f"n{number},anna,{LATER},1" for number in range(9_000)]
    told = refused("\n".join([HEADER, *orders, f"b1,anna,{LATER},1"]) + "\n")
    assert "second.csv: line 9002, column order_id: 'b1' is an order of this programme" in told
    assert "remove it" in told


def test_an_order_is_named_as_the_file_names_its_column(refused: Callable[..., str]) -> None:
    content = f"Nr,member_id,paid_at,amount\na2,anna,{LATER},1\nb1,bert,{LATER},1\n"
    told = refused(content, "--map", "order_id=Nr")
    assert "line 2, column Nr: 'a2'" in told


@pytest.mark.parametrize(
    ("member", "referrer", "who"),
    [
        ("carl", "anna", "somebody else"),
        ("anna", "bert", "nobody"),
        # Who brings has not joined the programme, and buys before in this file.
        ("bert", "dora", "somebody else"),
    ],
)
def test_another_referrer_is_named(
    refused: Callable[..., str], member: str, referrer: str, who: str
) -> None:
    rows = (f"x,{referrer},{LATER},1,", f"y,{member},{LATER},1,{referrer}")
    told = refused("\n".join([REFERRERS, *rows]) + "\n")
    assert f"line 3, column referrer_id: '{referrer}' did not bring the member" in told
    assert f"brought by {who}" in told


def test_sums_that_outgrow_the_range_together_are_refused(
    shareback: Shareback, tmp_path: Path
) -> None:
    url = f"sqlite://{tmp_path}/a.db"
    half = f"{HEADER}\nORDER,anna,2026-01-01,1200000000000\n"
    one = write(tmp_path, half.replace("ORDER", "x"), "one.csv")
    assert shareback("replay", one, database=url).code == 0
    late = half.replace("2026-01-01", "2026-02-01")
    two = write(tmp_path, f"{late.replace('ORDER', 'y')}z,anna,2026-02-02,1\n", "two.csv")
    told = shareback("replay", two, database=url).fault
    assert "line 2, column amount: '1200000000000' brings all orders above 1105843009213." in told
    assert shareback("verify", "--full", database=url).code == 0


def test_a_programme_that_is_ending_takes_no_file(shareback: Shareback, tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path}/a.db"
    assert shareback("replay", write(tmp_path), database=url).code == 0
    edit(url, "UPDATE journal_programme SET phase = 1")
    second = write(tmp_path, f"{HEADER}\nn,anna,{LATER},1\n", "second.csv")
    assert "is ending and takes no orders" in shareback("replay", second, database=url).fault


def test_bad_rows_are_not_written_where_the_file_is_refused(
    refused: Callable[..., str], tmp_path: Path
) -> None:
    content = f"{HEADER}\nn,anna,{LATER},-5\nb1,anna,{LATER},1\n"
    assert "line 3, column order_id" in refused(content, "--skip-bad", tmp_path / "bad.csv")
    assert not list(tmp_path.glob("bad*"))


def test_a_file_that_agrees_is_taken(shareback: Shareback, tmp_path: Path, first: str) -> None:
    rows = (
        f"x,anna,{LATER},1,",
        f"y,bert,{LATER},1,anna",
        f"z,dora,{LATER},1,anna",
        f"w,carl,{LATER},1,",
    )
    second = write(tmp_path, "\n".join([REFERRERS, *rows]) + "\n", "second.csv")
    summary = shareback("replay", second, "--database", first, "--json").json
    assert (summary["orders"], summary["members"]) == (8, 4)
    assert shareback("verify", "--full", "--database", first).code == 0
