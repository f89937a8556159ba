"""What the commands share: the terminal, JSON on stdout, faults on stderr, progress bars."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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

out = Console(highlight=False)
err = Console(stderr=True, highlight=False, soft_wrap=True)


class Fault(Exception):
    """Bad input: its text is one line that tells what, where and how to mend it."""


def fault_line(text: str) -> None:
    """Tell a fault in one line on stderr."""
    line = " ".join(text.split())
    print(f"shareback: {line}", file=sys.stderr)


def make_folder(option: str, path: Path) -> None:
    """Make the folder that an option names.

    Raises:
        Fault: There is none, and there cannot be one.
    """
    refuse_unfit_folder(option, path)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise Fault(f"{option} {path}: {fault.strerror}") from None


def refuse_unfit_folder(option: str, path: Path) -> None:
    """Refuse a folder that cannot be made or written to, without making it.

    Raises:
        Fault: It is no folder, or is not ours to write to.
    """
    there = next(one for one in (path, *path.absolute().parents) if one.exists())
    if not there.is_dir():
        raise Fault(f"{option} {path}: {there} is no folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise Fault(f"{option} {path}: {there} may not be written to")


def show_json(content: dict[str, Any]) -> None:
    """One JSON object on stdout."""
    print(json.dumps(content, ensure_ascii=False), flush=True)


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
