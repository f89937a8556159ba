"""The whole house on a small mall, and phones to look at it with."""

import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from bench.postgresql_server import create_database
from tests.browser.conftest import ROOT, is_bad
from tests.browser.h5.world import CODE, PASSWORD, SLUG, Person

INDEX = ROOT / "src" / "shareback" / "web" / "static" / "h5" / "index.html"
SECONDS_TO_START = 60
WORLD = "h5_world"
MakesOnce = Callable[[str, Callable[[Path], None]], Path]
BY_PASSWORD = re.compile("By password|密码登录")


class Site(NamedTuple):
    """A running house.

    Attributes:
        address: Without a slash at its end.
        database: The URL of its database.
    """

    address: str
    database: str

    def path(self, rest: str = "") -> str:
        """The address of a page of the phone."""
        return f"{self.address}/m/{SLUG}/{rest}"


class Reader(threading.Thread):
    """Reads all that a server says, so that it never waits for a reader."""

    def __init__(self, server: "subprocess.Popen[str]") -> None:
        """Begin to read."""
        super().__init__(daemon=True)
        self.server = server
        self.lines: list[str] = []
        self.begun = threading.Event()
        self.start()

    def run(self) -> None:
        """Read until the server ends."""
        for line in self.server.stdout or ():
            self.lines.append(line)
            if "Started worker" in line:
                self.begun.set()


@contextmanager
def lone(lock: Path) -> Iterator[None]:
    """Lets one of this run's workers in at a time."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def make_world(database: str, place: Path) -> None:
    """Live through the small mall, in a process of its own.

    Args:
        database: The URL of an empty database.
        place: Where the pictures of its goods are put.
    """
    made = subprocess.run(
        [sys.executable, "-m", "tests.browser.h5.world"],
        cwd=ROOT,
        env=environment_of(database, place),
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        pytest.fail(f"the world was not made:\n{made.stderr[-3000:]}", pytrace=False)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MakesOnce:
    """Makes a folder of a name, once for all workers."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name: str, make: Callable[[Path], None]) -> Path:
        folder, making = shared / name, shared / f"{name}-making"
        with lone(shared / f"{name}.lock"):
            if not folder.is_dir():
                making.mkdir()
                make(making)
                making.rename(folder)
        return folder

    return made


@pytest.fixture(scope="session")
def sqlite_world(made_once: MakesOnce) -> Path:
    """The folder of the small mall as it stands at first: database and pictures."""
    return made_once(WORLD, lambda place: make_world(f"sqlite://{place}/site.sqlite3", place))


@pytest.fixture(scope="session")
def postgresql_world(made_once: MakesOnce, postgresql_server: str) -> Path:
    """The folder of its pictures; the database of its name is on the server."""

    def make(place: Path) -> None:
        make_world(create_database(postgresql_server, WORLD), place)

    return made_once(f"{WORLD}-postgresql", make)


def environment_of(database: str, place: Path) -> dict[str, str]:
    """What the processes of a house are given."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "shareback.web.mall_settings",
        "SHAREBACK_DATABASE": database,
        "SHAREBACK_MEDIA": str(place / "media"),
        "SHAREBACK_DEMO_CODE": CODE,
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def served(database: str, place: Path) -> Iterator[Site]:
    """Serve the whole house for the length of a ``with`` block."""
    environment = environment_of(database, place)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)]
    with subprocess.Popen(
        [*program, "--workers", "1", "--blocking-threads", "4", "shareback.web.wsgi:application"],
        cwd=place,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        said = Reader(server)
        try:
            if not said.begun.wait(SECONDS_TO_START):
                pytest.fail(f"the site did not start:\n{''.join(said.lines)}", pytrace=False)
            yield Site(f"http://127.0.0.1:{port}", database)
        finally:
            server.terminate()
            said.join()


BOTH_DATABASES = pytest.mark.parametrize(
    "house", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
"""A story that moves money is told on a database of each kind."""


@pytest.fixture(scope="module")
def houses(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Site]]:
    """Opens the whole house on a kind of database, once for a file of stories.

    Each stands on a copy of the world of its own, since stories change it.
    """
    if not INDEX.is_file():
        pytest.fail("the phone pages are not built: run `make setup`", pytrace=False)
    with ExitStack() as stack:

        @cache
        def opened(kind: str) -> Site:
            place = tmp_path_factory.mktemp("h5") / "house"
            shutil.copytree(request.getfixturevalue(f"{kind}_world"), place)
            database = f"sqlite://{place}/site.sqlite3"
            if kind == "postgresql":
                database = request.getfixturevalue("new_postgresql_database")(WORLD)
            return stack.enter_context(served(database, place))

        yield opened


@pytest.fixture
def house(request: pytest.FixtureRequest, houses: Callable[[str], Site]) -> Site:
    """The whole house, on SQLite where a story names no database."""
    return houses(getattr(request, "param", "sqlite"))


class Phone(NamedTuple):
    """A phone with a page open, and all that went wrong on it."""

    page: Page
    faults: list[str]
    hosts: set[str]
    site: Site

    def go(self, path: str = "") -> None:
        """Open a page by its address."""
        self.page.goto(self.site.path(path), wait_until="load")

    def log_in(self, person: Person) -> None:
        """Log in by password, without the page for it: that has stories of its own."""
        context = self.page.context
        place = f"{self.site.address}/api/v1/shops/{SLUG}"
        context.request.get(f"{place}/session")
        (token,) = [one["value"] for one in context.cookies() if one["name"] == "csrftoken"]
        answer = context.request.post(
            f"{place}/auth/password",
            data={"login": person.phone, "password": PASSWORD},
            headers={"X-CSRFToken": token},
        )
        assert answer.ok, answer.text()
        self.go("me")

    def log_in_here(self, person: Person) -> None:
        """Log in on the log-in page that is open, in either language."""
        self.page.get_by_role("button", name=BY_PASSWORD).click()
        self.page.locator("#login").fill(person.phone)
        self.page.locator("#password").fill(PASSWORD)
        self.page.locator("form button[type=submit]").click()


Picks = Callable[..., Phone]


@pytest.fixture
def phone(house: Site, chromium: Browser) -> Iterator[Picks]:
    """Picks up a phone: a context of its own, which notes every fault."""
    contexts: list[BrowserContext] = []

    def picks(language: str = "en", scheme: str = "light", width: int = 390) -> Phone:
        context = chromium.new_context(
            viewport={"width": width, "height": 844},
            locale="zh-CN" if language == "zh" else "en-GB",
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
            has_touch=True,
            is_mobile=True,
        )
        contexts.append(context)
        page = context.new_page()
        seen = Phone(page, [], set(), house)
        page.on(
            "console", lambda said: seen.faults.append(said.text) if is_bad(said.type) else None
        )
        page.on("pageerror", lambda fault: seen.faults.append(str(fault)))
        page.on("request", lambda asked: seen.hosts.add(urlsplit(asked.url).netloc))
        return seen

    yield picks
    for context in contexts:
        context.close()
