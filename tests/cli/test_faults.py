"""What the system refuses, and what a stranger has changed: one line, and no trace of Python."""

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shareback.cli.main import line_for
from tests.cli.conftest import ROOT, Shareback
from tests.cli.orders import HEADER, write
from tests.cli.test_journal_commands import edit
from tests.cli.test_replay import FILES, beside_progress, left

LONG = "x" * 300
COMMAND = (sys.executable, "-m", "shareback.cli.main")


def program(folder: Path, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:  # noqa: ANN401
    """A run in a process of its own."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin", "TMPDIR": str(folder)},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        **options,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        [LONG],
        ["orders.csv", "--out", LONG],
        ["orders.csv", "--out", f"a/{LONG}"],
        ["orders.csv", "--skip-bad", LONG],
        ["orders.csv", "--programme", LONG],
        ["orders.csv", "--database", f"sqlite:///{LONG}"],
        ["orders.csv", "--out", "/proc/shareback/results"],
    ],
    ids=["orders", "out", "out below", "skip-bad", "programme", "database", "proc"],
)
def test_a_path_that_cannot_be_is_one_line_and_nothing_is_written(
    shareback: Shareback, tmp_path: Path, arguments: list[str]
) -> None:
    write(tmp_path)
    run = shareback("replay", *arguments, database=f"sqlite://{tmp_path}/new.db")
    assert len(run.fault) < 250
    assert left(tmp_path) == {"orders.csv"}


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_result_that_is_a_folder_is_told_before_anything_is_written(
    shareback: Shareback, tmp_path: Path, name: str
) -> None:
    write(tmp_path)
    (tmp_path / "out" / name).mkdir(parents=True)
    run = shareback("replay", "orders.csv", database=f"sqlite://{tmp_path}/new.db")
    assert f"--out out: {name} is a folder there" in run.fault
    assert left(tmp_path) == {"orders.csv", "out", f"out/{name}"}


def test_books_that_are_a_folder_are_told(shareback: Shareback, kept: str, tmp_path: Path) -> None:
    (tmp_path / "b" / "entries.csv").mkdir(parents=True)
    run = shareback("books", "--format", "csv", "--out", "b", "--database", kept)
    assert "entries.csv is a folder there" in run.fault


def test_folders_that_a_refused_run_made_are_taken_away(
    shareback: Shareback, tmp_path: Path
) -> None:
    bad = write(tmp_path, f"{HEADER}\nx,anna,2026-01-01,ten\n")
    (tmp_path / "a").mkdir()
    run = shareback("replay", bad, "--out", "a/b/c", database=f"sqlite://{tmp_path}/new.db")
    assert "line 2, column amount" in run.fault
    assert left(tmp_path) == {"orders.csv", "a"}


@pytest.mark.parametrize("arguments", [("example",), ("example", "--json")])
def test_output_that_nobody_reads_is_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    read, written = os.pipe()
    os.close(read)
    run = program(tmp_path, *arguments, stdout=written)
    os.close(written)
    assert (run.returncode, run.stderr.count("\n")) == (2, 1)
    assert "nobody reads the output any more" in run.stderr


def test_output_that_finds_no_room_is_one_line(tmp_path: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        run = program(tmp_path, "example", "--json", stdout=full)
    assert (run.returncode, run.stderr) == (2, "shareback: No space left on device\n")


def test_a_temporary_folder_without_room_is_one_line_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    rows = "".join(f"order-{number},member,2026-01-01,1\n" for number in range(60_000))
    write(tmp_path, f"{HEADER}\n{rows}")
    most = 3_000 * 1024
    run = program(
        tmp_path,
        "replay",
        "orders.csv",
        "--database",
        f"sqlite://{tmp_path}/new.db",
        stdout=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )
    assert (run.returncode, run.stdout, len(beside_progress(run.stderr))) == (2, "", 1)
    assert f"the temporary folder {tmp_path} does not take the orders" in run.stderr
    assert "TMPDIR" in run.stderr
    assert left(tmp_path) == {"orders.csv"}


def changed(shareback: Shareback, folder: Path, statement: str) -> str:
    """A database that somebody has changed by hand."""
    url = f"sqlite://{folder}/changed.db"
    assert shareback("replay", write(folder), database=url).code == 0
    edit(url, statement)
    return url


def test_books_of_a_log_without_one_event_are_refused(shareback: Shareback, tmp_path: Path) -> None:
    url = changed(shareback, tmp_path, "DROP TRIGGER IF EXISTS journal_event_no_delete")
    edit(url, "DELETE FROM journal_event WHERE sequence = 5")
    run = shareback("books", "--format", "csv", "--out", "books", database=url)
    assert "event 5 of the log: is missing; somebody has changed the log" in run.fault
    assert not (tmp_path / "books").exists()


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ('replace(parameters, \'"award_rate":"0.7"\', \'"award_rate":"0.95"\')', "award_rate"),
        ("substr(parameters, 2)", "no JSON"),
    ],
)
def test_terms_that_somebody_changed_are_told(
    shareback: Shareback, tmp_path: Path, parameters: str, words: str
) -> None:
    statement = f"UPDATE journal_terms SET parameters = {parameters}"  # noqa: S608 - our own
    url = changed(shareback, tmp_path, statement)
    for command in (["close"], ["replay", "orders.csv"]):
        fault = shareback(*command, database=url).fault
        assert "the database holds" in fault
        assert words in fault


def test_columns_that_look_like_markup_are_shown_as_they_stand(
    shareback: Shareback, tmp_path: Path
) -> None:
    orders = write(tmp_path, f"{HEADER},[/red],:wine_glass:\nx,anna,2026-01-01,5,,\n")
    mapped = ("--map", "amount=amount", "--database", f"sqlite://{tmp_path}/a.db")
    assert "ignored columns: [/red], :wine_glass:" in shareback("replay", orders, *mapped).err


def test_rows_left_out_are_told_with_json_too(shareback: Shareback, tmp_path: Path) -> None:
    orders = write(tmp_path, f"{HEADER},mood\nx,anna,2026-01-01,5,\ny,anna,2026-01-01,-5,\n")
    url = f"sqlite://{tmp_path}/a.db"
    run = shareback(
        "replay",
        orders,
        *("--map", "amount=amount", "--skip-bad", "bad.csv", "--database", url, "--json"),
    )
    assert run.json["orders"] == 1
    assert run.err.splitlines() == [
        "ignored columns: mood",
        "left out 1 bad rows; they are in bad.csv",
    ]


def test_a_fault_of_the_program_itself_is_shown_in_full() -> None:
    assert line_for(ZeroDivisionError("a bug")) is None
    assert line_for(OSError("without a number")) == "without a number"
