"""`make check` fails where a stage fails or has nothing to check, and spares the tests then."""

import sys
from pathlib import Path

import pytest

from tools import check
from tools.check import Stage

PASSING = [sys.executable, "-c", "print('seen')"]
FAILING = [sys.executable, "-c", "import sys; print('why'); sys.exit(3)"]
SOME = (1, "thing")


def test_passes_when_every_stage_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stages = [Stage("one", PASSING, SOME), Stage("two", PASSING, SOME, cheap=False)]

    assert check.check(stages, tmp_path) == 0
    printed = capsys.readouterr().out
    assert printed.count("seen") == 2
    assert "everything passed" in printed


def test_a_failed_linter_spares_the_tests_but_no_linter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stages = [
        Stage("first", FAILING, SOME),
        Stage("second", PASSING, SOME),
        Stage("slow", [sys.executable, "-c", "print('wasted')"], SOME, cheap=False),
    ]

    assert check.check(stages, tmp_path) == 1
    printed = capsys.readouterr().out
    assert "why" in printed
    assert "seen" in printed
    assert "wasted" not in printed
    assert "FAILED: first" in printed


def test_a_failed_test_fails_the_check(tmp_path: Path) -> None:
    assert check.check([Stage("slow", FAILING, SOME, cheap=False)], tmp_path) == 1


def test_nothing_to_check_is_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.check([Stage("empty", PASSING, (0, "templates"))], tmp_path) == 1
    assert "nothing to check (templates)" in capsys.readouterr().out


def test_an_absent_stage_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage = Stage("pages", FAILING, (0, "templates"), "there are no templates yet")

    assert check.check([stage], tmp_path) == 0
    assert "pages: there are no templates yet" in capsys.readouterr().out


def test_a_silent_stage_shows_that_it_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "SECONDS_BETWEEN_LINES", 0.05)
    # It waits for a file that this test's own output writes: no clock decides.
    program = (
        "import pathlib, time\n"
        "while not pathlib.Path('go').exists(): time.sleep(0.01)\n"
        "print('went')"
    )
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if "still running" in line:
            (tmp_path / "go").touch()

    monkeypatch.setattr(check, "say", say)

    assert check.check([Stage("quiet", [sys.executable, "-c", program], SOME)], tmp_path) == 0
    assert any(line.startswith("quiet · still running") for line in said)
    assert "went" in capsys.readouterr().out


def test_this_checkout_has_something_for_every_stage_that_is_there(tmp_path: Path) -> None:
    stages = [
        *check.linters(check.ROOT),
        *check.compilers(check.ROOT, tmp_path),
        *check.tests(check.ROOT),
    ]

    assert [stage.name for stage in stages if not stage.absent and stage.checked[0] == 0] == []
    assert [stage.name for stage in stages if not stage.cheap] == [
        "coverage of the pure rooms",
        "make test",
    ]


def test_an_empty_checkout_passes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check.check(list(check.linters(tmp_path)), tmp_path) == 1

    results = capsys.readouterr().out
    assert check.PASSED not in results
