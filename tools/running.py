"""Programs that the setup runs: shown while they run, with all of their output kept."""

import os
import re
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOG = VENV / "setup.log"
SECONDS_BETWEEN_LINES = 5.0
LOG_LINES_SHOWN = 15


def say(line: str) -> None:
    """Print a line of progress at once, on a terminal or not."""
    print(f"setup: {line}", flush=True)


def fail(line: str) -> NoReturn:
    """End with one clear line and exit code 2."""
    print(f"setup: {line}", file=sys.stderr, flush=True)
    raise SystemExit(2)


class Progress:
    """One moving line on a terminal, a line every five seconds elsewhere."""

    def __init__(self, title: str, total: int) -> None:
        """Name what is going on, and how many items it has (0 = not known)."""
        self.title = title
        self.total = total
        self.seen = 0
        self.item = ""
        self.tail: deque[str] = deque(maxlen=LOG_LINES_SHOWN)
        self.started = self.shown = time.monotonic()

    def read(self, stream: IO[str], log: IO[str], counted: re.Pattern[str]) -> None:
        """Keep a program's output, and count the items named in it."""
        for line in stream:
            log.write(line)
            self.tail.append(line.rstrip())
            if match := counted.match(line):
                self.seen += 1
                self.item = match.group(1)

    def show(self) -> None:
        """Show how far it is, if it is time to."""
        now = time.monotonic()
        seconds = now - self.started
        count = f"{min(self.seen, self.total)} of {self.total} · " if self.total else ""
        if self.total and self.seen >= self.total:
            count = f"all {self.total} fetched, unpacking · "
        line = f"setup: {self.title} · {count}{self.item[:40]} · {seconds:.0f} s"
        if sys.stdout.isatty():
            print(f"\r\033[K{line}", end="", flush=True)
        elif now - self.shown >= SECONDS_BETWEEN_LINES:
            self.shown = now
            print(line, flush=True)

    def end(self) -> None:
        """Leave the moving line."""
        if sys.stdout.isatty():
            print("\r\033[K", end="", flush=True)


def run_shown(
    title: str,
    program: Sequence[str | Path],
    *,
    counted: str = "(?!)",
    total: int = 0,
    folder: Path = ROOT,
) -> None:
    """Run a program, show its progress, keep its output, and end in one line if it fails.

    Args:
        title: What is going on, in a few words.
        program: The program and its arguments.
        counted: A pattern whose first group names an item, matched at the start of each line.
        total: How many items there will be; 0 where that is not known.
        folder: Where the program runs.
    """
    say(f"{title} …")
    progress = Progress(title, total)
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"\n# {title}: {' '.join(map(str, program))}\n")
        running = subprocess.Popen(
            program,
            cwd=folder,
            env={**os.environ, "PATH": path, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        reader = threading.Thread(
            target=progress.read, args=(running.stdout, log, re.compile(counted)), daemon=True
        )
        reader.start()
        try:
            while reader.is_alive():
                reader.join(timeout=0.5)
                progress.show()
            code = running.wait()
        finally:
            running.kill()
            progress.end()
    if code != 0:
        print("\n".join(progress.tail), file=sys.stderr)
        fail(f"{title} failed (exit {code}); all of its output: {LOG.relative_to(ROOT)}")


@contextmanager
def meanwhile(title: str, program: Sequence[str | Path]) -> Iterator[None]:
    """Run a program while the ``with`` block goes on, then show that it is waited for.

    Args:
        title: What is going on, in a few words.
        program: The program and its arguments.
    """
    say(f"{title}, while other steps go on …")
    said = VENV / "meanwhile.log"
    with said.open("w", encoding="utf-8") as log:
        running = subprocess.Popen(
            program, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield
            progress = Progress(title, 0)
            while running.poll() is None:
                time.sleep(0.5)
                progress.show()
            progress.end()
        finally:
            running.kill()
            running.wait()
    if running.returncode != 0:
        lines = said.read_text(encoding="utf-8", errors="replace").splitlines()
        print("\n".join(lines[-LOG_LINES_SHOWN:]), file=sys.stderr)
        fail(f"{title} failed (exit {running.returncode}); {said.relative_to(ROOT)} has its output")
