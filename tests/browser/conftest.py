"""A real server on a world that has been lived through, and a real Chromium to look at it."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from shareback.mall.tables import make_tables
from tests.backends.journals import forget, register
from tests.web.world import NAME, build

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = ROOT / "src" / "shareback" / "web" / "static" / "built" / "manifest.json"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
expect.set_options(timeout=20_000)
"""Most of it comes at once; on a machine that is busy with something else it takes longer."""

PHONE = {"width": 360, "height": 780}
PROGRAMME = f"/p/{quote(NAME)}/"


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> str:
    """The URL of a SQLite database that holds the world."""
    url = f"sqlite://{tmp_path_factory.mktemp('site')}/site.sqlite3"
    register("site", url)
    with django_db_blocker.unblock():
        make_tables("site")
        build("site")
        forget("site")
    return url


@pytest.fixture(scope="session")
def site(database: str) -> Iterator[str]:
    """The address of a running site."""
    if not MANIFEST.is_file():
        pytest.fail("the pages are not built: run `make setup`", pytrace=False)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)]
    with subprocess.Popen(
        [*program, "--workers", "1", "shareback.web.wsgi:application"],
        env={**os.environ, "SHAREBACK_DATABASE": database, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        said = []
        for line in server.stdout or ():
            said.append(line)
            if "Started worker" in line:
                break
        else:
            pytest.fail(f"the site did not start:\n{''.join(said)}", pytrace=False)
        yield f"http://127.0.0.1:{port}"
        server.terminate()


@contextmanager
def launched(*arguments: str) -> Iterator[Browser]:
    """The machine's own Chromium; a run without it fails, it never skips."""
    named = os.environ.get("SHAREBACK_CHROMIUM")
    path = named or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.fail(
            "Chromium is missing: as root `apt-get install -y chromium fonts-noto-cjk`, or name"
            " its program in SHAREBACK_CHROMIUM",
            pytrace=False,
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, *arguments])
        yield browser
        browser.close()


# Not for the whole session: while Playwright is open, Django takes its loop for an async caller.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A Chromium as it is."""
    with launched() as browser:
        yield browser


class Visit(NamedTuple):
    """A page in a browser, and all that went wrong while it was looked at."""

    page: Page
    faults: list[str]
    hosts: set[str]


Opens = Callable[..., Visit]


@pytest.fixture
def visit(site: str, chromium: Browser) -> Iterator[Opens]:
    """Opens a path of the site in a context of its own, which notes every fault."""
    contexts: list[BrowserContext] = []

    def opens(path: str, language: str = "zh", scheme: str = "light", width: int = 360) -> Visit:
        context = chromium.new_context(
            base_url=site,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        contexts.append(context)
        context.add_cookies([{"name": "shareback_language", "value": language, "url": site}])
        page = context.new_page()
        seen = Visit(page, [], set())
        page.on(
            "console", lambda said: seen.faults.append(said.text) if is_bad(said.type) else None
        )
        page.on("pageerror", lambda fault: seen.faults.append(str(fault)))
        page.on("requestfailed", lambda asked: seen.faults.append(asked.url))
        page.on("request", lambda asked: seen.hosts.add(urlsplit(asked.url).netloc))
        page.goto(path, wait_until="load")
        return seen

    yield opens
    for context in contexts:
        context.close()


def is_bad(kind: str) -> bool:
    """Whether a line in a browser's console tells of something amiss."""
    return kind in ("error", "warning")
