"""The whole house on a small mall, and phones to look at it with."""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import ROOT, is_bad
from tests.browser.h5.world import CODE, PASSWORD, SLUG, Person

INDEX = ROOT / "src" / "shareback" / "web" / "static" / "h5" / "index.html"
SECONDS_TO_START = 60
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


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The whole house on a world of its own, since stories change it."""
    if not INDEX.is_file():
        pytest.fail("the phone pages are not built: run `make setup`", pytrace=False)
    place = tmp_path_factory.mktemp("h5")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "shareback.web.mall_settings",
        "SHAREBACK_DATABASE": f"sqlite://{place}/site.sqlite3",
        "SHAREBACK_MEDIA": str(place / "media"),
        "SHAREBACK_DEMO_CODE": CODE,
        "PYTHONUNBUFFERED": "1",
    }
    made = subprocess.run(
        [sys.executable, "-m", "tests.browser.h5.world"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        pytest.fail(f"the world was not made:\n{made.stderr[-3000:]}", pytrace=False)
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
            yield Site(f"http://127.0.0.1:{port}", environment["SHAREBACK_DATABASE"])
        finally:
            server.terminate()
            said.join()


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
        """Log in by password, which asks for nothing from outside."""
        self.go("login")
        self.log_in_here(person)
        expect(self.page).to_have_url(self.site.path("me"))

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
