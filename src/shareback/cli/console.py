"""What the commands share: the terminal, JSON on stdout, faults on stderr, progress bars."""

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NoReturn

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

SECONDS_BETWEEN_LINES = 5.0
CHARACTERS_SHOWN = 120


class Fault(Exception):
    """Bad input: its text is one line that tells what, where and how to mend it."""


NOBODY_READS = "nobody reads the output any more; what the command did stands"


class Screen(Console):
    """A terminal or file to show things on; texts of users are never taken for markup."""

    def __init__(self, *, stderr: bool = False) -> None:
        """Show on stdout, or on stderr, where long lines stay whole."""
        super().__init__(
            stderr=stderr, soft_wrap=stderr, highlight=False, markup=False, emoji=False
        )

    def on_broken_pipe(self) -> NoReturn:
        """Refuse to go on, where Rich would end the program without a word."""
        raise Fault(NOBODY_READS)


out = Screen()
err = Screen(stderr=True)


def fault_line(text: str) -> None:
    """Tell a fault in one line on stderr."""
    line = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in one_line(text))
    with suppress(OSError):
        print(f"shareback: {line}", file=sys.stderr, flush=True)


def one_line(text: str) -> str:
    """A text without line breaks."""
    return " ".join(text.split())


def shortened(path: Path | str) -> str:
    """A path as a line of text has room for it."""
    text = str(path)
    return text if len(text) <= CHARACTERS_SHOWN else f"{text[: CHARACTERS_SHOWN - 3]}..."


def let_output_go() -> None:
    """Write out what waits for stdout, or forget it: Python would tell of it at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def folder_for(option: str, path: Path, names: Iterable[str]) -> Iterator[None]:
    """Make a folder and see that it takes some files, before any work is done for them.

    Where the block fails, the folders that were made here are taken away again.

    Args:
        option: Who names the folder, such as ``--out``.
        path: The folder.
        names: The files.

    Raises:
        Fault: There is no such folder and there cannot be one, it takes no files, or one of
            the names is a folder's.
    """
    made = missing_folders(option, path)
    try:
        refuse_unfit_folder(option, path, names)
        yield
    except BaseException:
        for one in made:
            # Whoever came in meanwhile keeps it.
            with suppress(OSError):
                one.rmdir()
        raise


def missing_folders(option: str, path: Path) -> list[Path]:
    """A folder and those around it, as far as they are not there; the innermost comes first.

    Raises:
        Fault: A part of the path is a file, or none can be called so.
    """
    parts = (path, *path.absolute().parents)
    try:
        missing = [one for one in parts if not one.exists()]
    except OSError as fault:
        raise Fault(f"{option} {shortened(path)}: {fault.strerror}") from None
    there = next(one for one in parts if one not in missing)
    if not there.is_dir():
        raise Fault(f"{option} {shortened(path)}: {shortened(there)} is no folder")
    return missing


def refuse_unfit_folder(option: str, path: Path, names: Iterable[str]) -> None:
    """Make a folder, and try whether it takes some files.

    Raises:
        Fault: It does not.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(prefix=".shareback-", dir=path):
            pass
    except OSError as fault:
        raise Fault(f"{option} {shortened(path)}: takes no files: {fault.strerror}") from None
    for name in names:
        if (path / name).is_dir():
            raise Fault(f"{option} {shortened(path)}: {name} is a folder there; move it away")


def show_json(content: dict[str, Any]) -> None:
    """One JSON object on stdout."""
    try:
        print(json.dumps(content, ensure_ascii=False), flush=True)
    except BrokenPipeError:
        raise Fault(NOBODY_READS) from None


class Bars:
    """Progress of named stages: bars on a terminal, a line every five seconds elsewhere.

    So what is quick says nothing where nobody watches, and a fault stands there alone.
    """

    def __init__(self, bars: Progress) -> None:
        """Draw onto a live display."""
        self.bars = bars
        self.tasks: dict[str, TaskID] = {}
        self.told: set[str] = set()
        self.shown = time.monotonic()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Tell how far a stage is."""
        if stage not in self.tasks:
            self.tasks[stage] = self.bars.add_task(stage, total=total)
        self.bars.update(self.tasks[stage], completed=done, total=total)
        now = time.monotonic()
        # A stage that is done before its first line is not told at all.
        ends = done == total and stage in self.told
        if not err.is_terminal and (now - self.shown >= SECONDS_BETWEEN_LINES or ends):
            self.shown = now
            self.told.add(stage)
            print(f"{stage}: {done:,} of {total:,}", file=sys.stderr, flush=True)


@contextmanager
def progress_bars() -> Iterator[Bars]:
    """Progress bars on stderr while the block runs."""
    bars = Progress(
        TextColumn("{task.description:<10}"),
        BarColumn(bar_width=36, complete_style="red", finished_style="green"),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=err,
        disable=not err.is_terminal,
    )
    with bars:
        yield Bars(bars)
