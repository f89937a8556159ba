"""``shareback replay``: the contract of its output, and bad input that leaves nothing behind."""

import csv
import json
import re
from collections.abc import Iterable
from pathlib import Path

import psycopg
import pytest

from tests.cli.conftest import Shareback
from tests.cli.orders import BAD, GOOD, write

AMOUNTS = [
    "issued",
    "burned",
    "supply",
    "reserve",
    "price",
    "dividends_paid",
    "dividend_carry",
    "redeemed",
    "cash_balances",
    "coins",
    "quota_open",
    "coverage",
    "receivables",
    "treasury_funded",
    "log_root",
]
COUNTS = [
    "orders",
    "orders_matured",
    "orders_refunded",
    "members",
    "merchants",
    "exits",
    "orders_waiting",
    "days",
    "events",
]
FILES = {
    "summary.json",
    "days.csv",
    "members.csv",
    "price.png",
    "members.png",
    "books.beancount",
}


PROGRESS = re.compile(r"\w+: [\d,]+ of [\d,]+")


def beside_progress(said: str) -> list[str]:
    """The lines of stderr but for those that tell how far it is, on a machine that is slow."""
    return [line for line in said.splitlines() if not PROGRESS.fullmatch(line)]


def left(folder: Path) -> set[str]:
    """All that lies in a folder, below it too."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_writes_what_the_contract_says(
    shareback: Shareback, tmp_path: Path, fresh_url: str
) -> None:
    orders = write(tmp_path)
    run = shareback("replay", orders, "--database", fresh_url, "--out", "results", "--json")

    summary = run.json
    assert beside_progress(run.err) == []
    assert set(summary) == {*AMOUNTS, *COUNTS, "seconds"}
    assert all(isinstance(summary[name], str) for name in AMOUNTS)
    assert all(isinstance(summary[name], int) for name in COUNTS)
    assert {path.name for path in (tmp_path / "results").iterdir()} == FILES
    assert json.loads((tmp_path / "results" / "summary.json").read_text()) == summary
    assert {name: summary[name] for name in ("orders", "members", "merchants")} == {
        "orders": 4,
        "members": 3,
        "merchants": 2,
    }
    assert (summary["orders_matured"], summary["orders_refunded"]) == (3, 2)
    # From the first payment's day to the maturity of the last order, or its last refund, and one.
    days = table(tmp_path / "results" / "days.csv")
    assert [days[0]["day"], days[-1]["day"]] == ["2026-01-01", "2026-01-21"]
    assert summary["days"] == len(days) == 21
    assert days[-1]["log_root"] == summary["log_root"]
    assert len(table(tmp_path / "results" / "members.csv")) == 3
    for picture in ("price.png", "members.png"):
        assert (tmp_path / "results" / picture).read_bytes().startswith(b"\x89PNG\r\n")


def test_shows_people_the_summary(shareback: Shareback, tmp_path: Path) -> None:
    write(tmp_path)
    run = shareback("replay", "orders.csv", database=f"sqlite://{tmp_path}/a.db")
    assert run.code == 0
    assert "orders matured" in run.out
    assert "written to out/" in run.out
    with pytest.raises(json.JSONDecodeError):
        json.loads(run.out)


def test_both_databases_come_to_the_same(
    shareback: Shareback, tmp_path: Path, fresh_url: str
) -> None:
    orders = write(tmp_path)
    other = shareback("replay", orders, "--database", f"sqlite://{tmp_path}/b.db", "--json").json
    one = shareback("replay", orders, "--database", fresh_url, "--json").json
    for each in (one, other):
        each.pop("seconds")
    assert one == other


def test_a_second_run_finds_all_done(shareback: Shareback, tmp_path: Path, fresh_url: str) -> None:
    orders = write(tmp_path)
    first = shareback("replay", orders, "--database", fresh_url, "--json").json
    run = shareback("replay", orders, "--database", fresh_url)
    assert run.code == 0
    assert "went on after 6 actions of an earlier run" in run.err
    again = json.loads((tmp_path / "out" / "summary.json").read_text())
    first.pop("seconds")
    again.pop("seconds")
    assert again == first


def test_other_peoples_columns_are_mapped(shareback: Shareback, tmp_path: Path) -> None:
    plain = "order_id,member_id,paid_at,amount\nx,anna,2026-01-01,5\n"
    theirs = "Nr,Kunde,Datum,Summe,Laune\nx,anna,2026-01-01,5,gut\n"
    pairs = ("order_id=Nr", "member_id=Kunde", "paid_at=Datum", "amount=Summe")
    mapped = [part for pair in pairs for part in ("--map", pair)]
    one = shareback("replay", write(tmp_path, plain, "a.csv"), database=f"sqlite://{tmp_path}/a.db")
    run = shareback(
        "replay", write(tmp_path, theirs, "b.csv"), *mapped, database=f"sqlite://{tmp_path}/b.db"
    )
    assert (one.code, run.code) == (0, 0)
    assert "ignored columns: Laune" in run.err


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_line_and_nothing_is_written(
    shareback: Shareback, tmp_path: Path, name: str
) -> None:
    content, words = BAD[name]
    orders = write(tmp_path, content)
    run = shareback(
        "replay", orders, "--database", f"sqlite://{tmp_path}/new.db", "--out", "results", "--json"
    )
    assert words in run.fault
    assert left(tmp_path) == {"orders.csv"}


@pytest.mark.postgresql
@pytest.mark.parametrize("name", ["negative", "duplicate order", "more than can be counted"])
def test_bad_input_writes_nothing_to_postgresql(
    shareback: Shareback, tmp_path: Path, postgresql_url: str, name: str
) -> None:
    content, words = BAD[name]
    run = shareback("replay", write(tmp_path, content), "--database", postgresql_url)
    assert words in run.fault
    with psycopg.connect(postgresql_url) as connection:
        tables = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone()
    assert tables == (0,)
    assert left(tmp_path) == {"orders.csv"}


def test_bad_input_leaves_a_database_as_it_was(
    shareback: Shareback, tmp_path: Path, fresh_url: str
) -> None:
    first = shareback("replay", write(tmp_path), "--database", fresh_url, "--json").json
    bad = write(tmp_path, BAD["negative"][0], "bad.csv")
    before = (tmp_path / "out" / "summary.json").read_bytes()
    assert "line 3" in shareback("replay", bad, "--database", fresh_url).fault
    assert (tmp_path / "out" / "summary.json").read_bytes() == before
    found = shareback("verify", "--full", "--database", fresh_url, "--json").json
    assert found["events"] == first["events"]


def test_a_mended_file_is_taken(shareback: Shareback, tmp_path: Path, fresh_url: str) -> None:
    for content, code in ((BAD["NaN"][0], 2), (GOOD, 0)):
        run = shareback("replay", write(tmp_path, content), "--database", fresh_url)
        assert run.code == code
    assert shareback("verify", "--full", "--database", fresh_url).code == 0


def test_bad_rows_may_be_skipped_and_are_kept(shareback: Shareback, tmp_path: Path) -> None:
    orders = write(tmp_path, BAD["negative"][0])
    run = shareback("replay", orders, "--skip-bad", "bad.csv", database=f"sqlite://{tmp_path}/a.db")
    assert run.code == 0
    assert "left out 1 bad rows" in run.err
    assert "-5" in (tmp_path / "bad.csv").read_text()


def test_another_file_from_before_the_open_day_is_refused(
    shareback: Shareback, tmp_path: Path, fresh_url: str
) -> None:
    shareback("replay", write(tmp_path), "--database", fresh_url)
    other = write(tmp_path, GOOD.replace("a1,", "z1,"), "other.csv")
    fault = shareback("replay", other, "--database", fresh_url, "--out", "results").fault
    assert "is at 2026-01-22 already" in fault
    assert not (tmp_path / "results").exists()


def test_other_parameters_than_the_databases_are_refused(
    shareback: Shareback, tmp_path: Path, fresh_url: str
) -> None:
    orders = write(tmp_path)
    shareback("replay", orders, "--database", fresh_url)
    write(tmp_path, 'backing_rate = "0.2"\n', "mine.toml")
    run = shareback("replay", orders, "--programme", "mine.toml", "--database", fresh_url)
    assert "with other parameters" in run.fault


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing.csv"], "missing.csv is no file"),
        (["orders.csv", "--map", "amount"], "not of the form FIELD=COLUMN"),
        (["orders.csv", "--map", "price=amount"], "'price' is no field"),
        (["orders.csv", "--map", "amount=x", "--map", "amount=y"], "mapped twice"),
        (["orders.csv", "--map", "amount=Summe"], "Summe"),
        (["orders.csv", "--programme", "missing.toml"], "missing.toml"),
        (["orders.csv", "--database", "mysql://localhost/x"], "neither SQLite nor PostgreSQL"),
        (["orders.csv", "--database", "sqlite:///no/such/folder/x.db"], "no folder for it"),
        (["orders.csv", "--out", "orders.csv/results"], "is no folder"),
        (["orders.csv", "--out", "orders.csv"], "is no folder"),
        (["orders.csv", "--no-such-option"], "no-such-option"),
        ([], "ORDERS"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_arguments_are_one_line_and_nothing_is_written(
    shareback: Shareback, tmp_path: Path, arguments: Iterable[str], words: str
) -> None:
    write(tmp_path)
    run = shareback("replay", *arguments, database=f"sqlite://{tmp_path}/new.db")
    assert words in run.fault
    assert left(tmp_path) == {"orders.csv"}


def test_a_file_that_is_no_database_is_told(shareback: Shareback, tmp_path: Path) -> None:
    orders = write(tmp_path)
    no_database = write(tmp_path, "not SQLite at all" * 100, "x.db")
    run = shareback("replay", orders, "--database", f"sqlite://{no_database}")
    assert "the database cannot be used" in run.fault
    assert left(tmp_path) == {"orders.csv", "x.db"}


def test_a_server_that_is_not_there_is_told_before_anything_is_read(
    shareback: Shareback, tmp_path: Path
) -> None:
    orders = write(tmp_path, BAD["negative"][0])
    run = shareback("replay", orders, "--database", "postgresql://u:secret@127.0.0.1:1/x")
    assert "the database cannot be used" in run.fault
    assert "secret" not in run.fault
