"""``close``, ``books``, ``verify`` and how commands find their database and programme."""

import csv
import subprocess
import sys
from pathlib import Path

import psycopg
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

import shareback as package
from tests.cli.conftest import Shareback
from tests.cli.orders import write

COMMANDS = ("example", "replay", "close", "books", "export", "verify", "serve", "demo", "bench")
ON_A_JOURNAL = {
    "close": ["close"],
    "books": ["books", "--format", "csv", "--out", "books"],
    "export": ["export", "--out", "books"],
    "verify": ["verify", "--full"],
    "serve": ["serve"],
}

EXECUTE = (
    "import sqlite3, sys\nsqlite3.connect(sys.argv[1], isolation_level=None).execute(sys.argv[2])"
)


@pytest.fixture
def replayed(shareback: Shareback, tmp_path: Path, fresh_url: str) -> str:
    """A database with one programme; the first open day is 2026-01-22."""
    assert shareback("replay", write(tmp_path), "--database", fresh_url).code == 0
    return fresh_url


def test_close_goes_on_to_a_day_once(shareback: Shareback, replayed: str) -> None:
    arguments = ("close", "--until", "2026-01-25", "--database", replayed, "--json")
    assert shareback(*arguments).json == {"closed": 4, "open_day": "2026-01-26"}
    assert shareback(*arguments).json == {"closed": 0, "open_day": "2026-01-26"}
    told = shareback("close", "--until", "2026-01-26", database=replayed)
    assert told.out == "closed 1 days; 2026-01-27 is open\n"
    assert shareback("verify", "--full", "--database", replayed).code == 0


@pytest.mark.parametrize("until", ["2999-12-31", "yesterday", "2026-02-30", "20260125T"])
def test_close_refuses_a_day_that_is_not_over_or_none(
    shareback: Shareback, kept: str, until: str
) -> None:
    assert "--until" in shareback("close", "--until", until, "--database", kept).fault


@pytest.mark.parametrize("kind", ["beancount", "csv", "parquet", "excel"])
def test_books_are_written_and_balance(
    shareback: Shareback, kept: str, tmp_path: Path, kind: str
) -> None:
    run = shareback("books", "--format", kind, "--out", "b/c", "--database", kept, "--json")
    path = tmp_path / run.json["written"]
    assert path.parent == tmp_path / "b" / "c"
    if kind == "csv":
        with path.open(newline="", encoding="utf-8") as file:
            assert len(list(csv.DictReader(file))) > 20
    elif kind == "parquet":
        counts = [pq.read_table(tmp_path / each).num_rows for each in run.json["files"]]
        assert len(counts) == 4
        assert all(counts)
    elif kind == "excel":
        sheets = load_workbook(path)
        assert sheets["entries"].max_row > 20
    else:
        ledger = path.read_text(encoding="utf-8")
        assert "balance Assets:Bank" in ledger
        assert ledger.count("balance ") > 100


def test_books_refuse_a_format_that_is_none(
    shareback: Shareback, kept: str, tmp_path: Path
) -> None:
    run = shareback("books", "--format", "ods", "--out", "books", "--database", kept)
    assert "'ods' is none of beancount, csv, parquet, excel" in run.fault
    named = ("--format", "excel", "--out", "books", "--language", "tlh")
    assert "'tlh' is none of en, zh" in shareback("books", *named, "--database", kept).fault
    write(tmp_path, "", "taken")
    run = shareback("books", "--format", "csv", "--out", "taken", "--database", kept)
    assert "is no folder" in run.fault
    assert not (tmp_path / "books").exists()


def test_verify_finds_nothing_in_what_was_written(shareback: Shareback, kept: str) -> None:
    run = shareback("verify", "--full", "--database", kept, "--json")
    told = run.json
    assert set(told) == {"ok", "events", "findings", "seconds"}
    assert (told["ok"], told["findings"]) == (True, [])
    assert "log, books and rows agree" in shareback("verify", "--full", database=kept).out


def test_verify_names_a_row_that_somebody_edited(shareback: Shareback, replayed: str) -> None:
    edit(replayed, "UPDATE journal_member SET cash = cash + 1 WHERE number = 2")
    run = shareback("verify", "--full", "--database", replayed)
    assert run.code == 1
    assert "shareback: member 2: cash is " in run.err
    told = shareback("verify", "--full", "--database", replayed, "--json")
    assert told.code == 1
    assert '"ok": false' in told.out
    assert "member 2" in told.out


def edit(url: str, statement: str) -> None:
    """Change a database by hand."""
    if url.startswith("postgresql"):
        with psycopg.connect(url) as connection:
            connection.execute(statement.encode())
        return
    subprocess.run(
        [
            sys.executable,
            "-c",
            EXECUTE,
            url.removeprefix("sqlite://"),
            statement,
        ],
        check=True,
    )


def test_verify_says_how_to_ask(shareback: Shareback, kept: str) -> None:
    assert "--full" in shareback("verify", "--database", kept).fault


@pytest.mark.parametrize("name", ON_A_JOURNAL)
def test_an_unknown_database_is_told(shareback: Shareback, tmp_path: Path, name: str) -> None:
    run = shareback(*ON_A_JOURNAL[name], "--database", f"sqlite://{tmp_path}/none.db")
    assert "does not exist" in run.fault
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ON_A_JOURNAL)
def test_a_database_without_tables_is_told(shareback: Shareback, tmp_path: Path, name: str) -> None:
    empty = write(tmp_path, "", "empty.db")
    run = shareback(*ON_A_JOURNAL[name], "--database", f"sqlite://{empty}")
    assert "lacks tables" in run.fault


@pytest.mark.parametrize("name", ["close", "books", "export", "verify"])
def test_a_programme_is_named_where_there_are_several(
    shareback: Shareback, tmp_path: Path, replayed: str, name: str
) -> None:
    one = ON_A_JOURNAL[name]
    assert "there is: 'Shareback'" in shareback(*one, "--name", "x", "--database", replayed).fault

    issuer = '[issuer]\nname = "X"\nregister = "R"\nnumber = "1"\n'
    write(tmp_path, f'name = "Other"\n{issuer}', "other.toml")
    assert shareback("open", "other.toml", "--database", replayed).code == 0
    fault = shareback(*one, "--database", replayed).fault
    assert "'Shareback', 'Other'" in fault
    assert not (tmp_path / "books").exists()
    assert shareback(*one, "--name", "Other", "--database", replayed).code == 0


def test_a_database_without_programmes_is_told(shareback: Shareback, tmp_path: Path) -> None:
    """Its tables are there, but whoever opened it never got to the first order."""
    url = f"sqlite://{tmp_path}/a.db"
    shareback("replay", write(tmp_path), "--database", url)
    for table in ("programme", "day"):
        edit(url, f"DELETE FROM journal_{table}")  # noqa: S608 - our own names
    assert (
        "import orders with `shareback replay`" in shareback("verify", "--full", database=url).fault
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_helps_and_speaks_json(shareback: Shareback, command: str) -> None:
    run = shareback(command, "--help")
    assert run.code == 0
    assert "--json" in run.out
    assert run.err == ""


def test_help_lists_the_commands_and_the_version_is_told(shareback: Shareback) -> None:
    for arguments in ([], ["--help"]):
        run = shareback(*arguments)
        assert run.code == 0
        assert all(command in run.out for command in COMMANDS)
    assert shareback("--version").out == f"shareback {package.__version__}\n"


def test_an_unknown_command_is_told(shareback: Shareback) -> None:
    assert "no-such" in shareback("no-such").fault


def test_the_module_runs_as_a_program(tmp_path: Path) -> None:
    """Once without the warm process, as a shell runs it."""
    run = subprocess.run(
        [sys.executable, "-m", "shareback.cli.main", "example", "--orders", "x"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(package.__file__).parents[1]), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert len(run.stderr.splitlines()) == 1
