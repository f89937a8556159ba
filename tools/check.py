"""What CI runs, in order: linters, types, coverage of the pure rooms, then every test.

All cheap stages run even where one fails, so that one run shows all there is to mend, and as many
at once as there are CPUs; the tests run only once the cheap stages pass. A stage that finds nothing
to check fails, it never passes.
"""

import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
NOT_OURS = {"__pycache__", "node_modules", "built"}
PURE_ROOMS = ("units", "rules", "books", "proofs")

SECONDS_BETWEEN_LINES = 10.0
PASSED, FAILED, ABSENT, NOT_RUN = "passed", "FAILED", "absent", "not run"


class Stage(NamedTuple):
    """One program to run, and what it has to look at.

    Attributes:
        name: What people call it.
        program: The program and its arguments.
        checked: How many things it looks at, and what they are.
        absent: Why there is no such stage yet, or "".
        cheap: Whether it runs although an earlier stage failed.
        environment: Variables it is given beside those of this process.
    """

    name: str
    program: Sequence[str | Path]
    checked: tuple[int, str]
    absent: str = ""
    cheap: bool = True
    environment: Mapping[str, str] = {}


class Outcome(NamedTuple):
    """How a stage went."""

    stage: Stage
    result: str
    seconds: float


def say(line: str) -> None:
    """Print a line at once, on a terminal or not."""
    print(f"check: {line}", flush=True)


def files(root: Path, suffix: str, *folders: str) -> list[Path]:
    """The project's own files with a suffix, in some of its folders or in all."""
    found = []
    for top in folders or (".",):
        for place, names, leaves in os.walk(root / top):
            names[:] = [name for name in names if name not in NOT_OURS and name[0] != "."]
            found += [Path(place, leaf) for leaf in leaves if leaf.endswith(suffix)]
    return found


def linters(root: Path) -> Iterator[Stage]:
    """The linters, which take seconds."""
    python = len(files(root, ".py")), "Python files"
    source = len(files(root, ".py", "src")), "Python files of src"
    pages = len(files(root, ".html", "src")), "templates"
    pure = len(files(root, ".py", *(f"src/shareback/{room}" for room in PURE_ROOMS)))
    no_pages = "" if pages[0] else "there are no templates yet"

    for name, client in (
        ("eslint and tsc", "public"),
        ("eslint and vue-tsc", "h5"),
        ("eslint and tsc of the console", "console"),
        ("tsc of the API's types", "api"),
    ):
        yield Stage(
            name,
            [BIN / "npm", "--prefix", root / "clients" / client, "run", "check"],
            (
                len(
                    files(root, ".ts", f"clients/{client}")
                    + files(root, ".vue", f"clients/{client}")
                ),
                "TypeScript files",
            ),
            environment={"PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"},
        )
    yield Stage("ruff check", [BIN / "ruff", "check", "."], python)
    yield Stage("ruff format", [BIN / "ruff", "format", "--check", "."], python)
    yield Stage(
        "pure rooms",
        [BIN / "python", root / "tools" / "pure_rooms.py"],
        (pure, f"modules of {', '.join(PURE_ROOMS)}"),
    )
    yield Stage("import-linter", [BIN / "lint-imports", "--no-logo"], source)
    yield Stage("codespell", [BIN / "codespell", "."], (len(files(root, "")), "files"))
    yield Stage("djlint, rules", [BIN / "djlint", "--lint", "src"], pages, no_pages)
    yield Stage("djlint, layout", [BIN / "djlint", "--check", "src"], pages, no_pages)
    yield Stage("deptry", [BIN / "deptry", "src"], source)


def compilers(root: Path, scratch: Path) -> Iterator[Stage]:
    """What has to load the code: migrations against models, and types."""
    migrations = [one for one in files(root, ".py", "src") if one.parent.name == "migrations"]
    yield Stage(
        "migrations",
        [BIN / "django-admin", "makemigrations", "--check", "--dry-run"],
        (len(migrations), "migrations"),
        "" if migrations else "there is no migration yet",
        environment={
            "DJANGO_SETTINGS_MODULE": "shareback.web.mall_settings",
            "SHAREBACK_DATABASE": f"sqlite:///{scratch}/empty.db",
        },
    )
    yield Stage(
        "mypy",
        [BIN / "mypy"],
        (
            len(files(root, ".py", "src", "tests", "tools", "bench", "clients/verifier")),
            "Python files",
        ),
    )


def tests(root: Path) -> Iterator[Stage]:
    """The tests: those of the pure rooms with their branches counted, then all of them."""
    folders = [f"tests/{room}" for room in PURE_ROOMS if (root / "tests" / room).is_dir()]
    counted = ["-n", "auto", "-q", "--cov", "--cov-branch", "--cov-report=term", *folders]
    yield Stage(
        "coverage of the pure rooms",
        [BIN / "python", "-m", "pytest", *counted],
        (len(files(root, ".py", *folders)) if folders else 0, f"test files: {' '.join(folders)}"),
        cheap=False,
    )
    # The README's command, but for the folders that have just been run with their branches counted.
    done = " ".join(f"--ignore={folder}" for folder in folders)
    yield Stage(
        "make test",
        ["make", "--no-print-directory", "test", f"ARGS={done}"],
        (len(files(root, ".py", "tests")), "test files"),
        cheap=False,
    )


def copy_lines(stream: IO[str], lines: queue.Queue[str | None]) -> None:
    """Pass on a program's lines as they come, then None."""
    for line in stream:
        lines.put(line)
    lines.put(None)


def next_line(lines: queue.Queue[str | None]) -> str | None:
    """The next line of a program's output; "" where it has been silent, None at its end."""
    try:
        return lines.get(timeout=SECONDS_BETWEEN_LINES)
    except queue.Empty:
        return ""


def show_now(line: str) -> None:
    """Show a line of a program's output as it comes."""
    sys.stdout.write(line)
    sys.stdout.flush()


def run(stage: Stage, root: Path, show: Callable[[str], object] = show_now) -> int:
    """Run a stage's program, showing its output as it comes and, in silence, that it still runs."""
    started = time.monotonic()
    lines: queue.Queue[str | None] = queue.Queue()
    with subprocess.Popen(
        stage.program,
        cwd=root,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **stage.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as running:
        reader = threading.Thread(target=copy_lines, args=(running.stdout, lines), daemon=True)
        reader.start()
        while (line := next_line(lines)) is not None:
            if line:
                show(line)
            else:
                say(f"{stage.name} · still running, {time.monotonic() - started:.0f} s")
        reader.join()
        return running.wait()


def outcome(
    stage: Stage, root: Path, *, wanted: bool, show: Callable[[str], object] = show_now
) -> Outcome:
    """Run a stage if it is there and wanted, and say how it went."""
    count, things = stage.checked
    if stage.absent:
        say(f"{stage.name}: {stage.absent}")
        return Outcome(stage, ABSENT, 0.0)
    if not wanted:
        return Outcome(stage, NOT_RUN, 0.0)
    if count == 0:
        say(f"{stage.name}: FAILED, there is nothing to check ({things})")
        return Outcome(stage, FAILED, 0.0)
    say(f"{stage.name}, {count} {things} …")
    started = time.monotonic()
    code = run(stage, root, show)
    seconds = time.monotonic() - started
    result = FAILED if code else PASSED
    say(f"{stage.name} {result} in {seconds:.1f} s{f' (exit {code})' if code else ''}")
    return Outcome(stage, result, seconds)


def cheap_outcome(stage: Stage, root: Path) -> Outcome:
    """Run a stage beside others, and show its output whole when it ends."""
    lines: list[str] = []
    found = outcome(stage, root, wanted=True, show=lines.append)
    show_now("".join(lines))
    return found


def table(outcomes: Sequence[Outcome]) -> str:
    """The outcomes as people read them, a line each."""
    width = max(len(each.stage.name) for each in outcomes)
    return "\n".join(
        f"  {stage.name:<{width}}  {result:<7} {seconds:7.1f} s  {count:>5} {things}"
        for stage, result, seconds in outcomes
        for count, things in [stage.checked]
    )


def check(stages: Sequence[Stage], root: Path) -> int:
    """Run the stages in order and print a table.

    Args:
        stages: What to run, the cheap ones first; the others only while nothing has failed.
        root: The checkout.

    Returns:
        The exit code: 1 where a stage failed.
    """
    cheap = [stage for stage in stages if stage.cheap]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = list(pool.map(cheap_outcome, cheap, [root] * len(cheap)))
    for stage in (each for each in stages if not each.cheap):
        failed = any(each.result == FAILED for each in outcomes)
        outcomes.append(outcome(stage, root, wanted=stage.cheap or not failed))
    print(f"\n{table(outcomes)}\n", flush=True)
    failures = [each.stage.name for each in outcomes if each.result == FAILED]
    say(f"FAILED: {', '.join(failures)}" if failures else "everything passed")
    return 1 if failures else 0


def main() -> int:
    """Run every stage of this checkout."""
    with tempfile.TemporaryDirectory(prefix="shareback-check-") as scratch:
        # What takes long begins first, so that no CPU waits for it at the end.
        stages = [*compilers(ROOT, Path(scratch)), *linters(ROOT), *tests(ROOT)]
        return check(stages, ROOT)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("check: stopped")
