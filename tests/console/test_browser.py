"""Every page of the console in a real Chromium, in both languages, light and dark."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import DjangoDbBlocker

from shareback.console import people
from shareback.console.built import FOLDER
from shareback.mall.accounts.models import User
from shareback.mall.tables import make_tables
from tests.backends.journals import forget, register
from tests.browser.conftest import ROOT, chromium, is_bad
from tests.console.desks import PASSWORD, code_at
from tests.web.world import build

__all__ = ["chromium"]

MANIFEST = ROOT / "src" / "shareback" / "web" / "static" / FOLDER / "manifest.json"
PATHS = (
    "",
    "members/",
    "members/7/",
    "members/7/statement/",
    "merchants/",
    "merchants/1/",
    "orders/",
    "orders/900/",
    "journal/",
    "journal/0/",
    "days/",
    "months/",
    "refunds/",
    "receivables/",
    "clients/",
    "webhooks/",
    "proposals/",
    "proposals/amendment/",
    "proposals/withdrawal/",
    "proposals/end/",
    "returns/",
    "treasury/",
    "programmes/new/",
    "programmes/new/?template=shares",
    "shop/order/order/",
    "shop/catalogue/product/add/",
    "shop/voucher/voucher/add/",
    "shop/catalogue/product/",
    "shop/catalogue/category/",
    "shop/partner/stockrecord/",
    "shop/offer/conditionaloffer/",
    "shop/voucher/voucher/",
    "shop/partner/partner/",
    "shop/reviews/productreview/",
    "trail/",
    "team/",
    "password/",
)


class Site(NamedTuple):
    """A running site and who may log in there."""

    url: str
    name: str


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Site]:
    """The whole house on a SQLite database with a world that was lived through."""
    if not MANIFEST.is_file():
        pytest.fail("the console is not built: run `make setup`", pytrace=False)
    url = f"sqlite://{tmp_path_factory.mktemp('console')}/site.sqlite3"
    register("console_site", url)
    with django_db_blocker.unblock():
        make_tables("console_site")
        build("console_site")
        user = User(username="li", name="李运营")
        user.set_password(PASSWORD)
        user.save(using="console_site")
        for role in ("operator", "auditor"):
            people.grant(user, 1, role, "cli:test", "console_site")
        forget("console_site")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)]
    settings = {
        "SHAREBACK_DATABASE": url,
        "DJANGO_SETTINGS_MODULE": "shareback.web.mall_settings",
        "PYTHONUNBUFFERED": "1",
    }
    with subprocess.Popen(
        [*program, "--workers", "1", "shareback.web.wsgi:application"],
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        for line in server.stdout or ():
            if "Started worker" in line:
                break
        else:
            pytest.fail("the site did not start", pytrace=False)
        yield Site(f"http://127.0.0.1:{port}", "li")
        server.terminate()


@pytest.fixture(scope="module")
def session(site: Site, chromium: Browser) -> str:
    """The cookies of somebody who has gone through the first log-in, in the browser."""
    context = chromium.new_context(base_url=site.url)
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if is_bad(said.type) else None)
    page.goto("/console/members/")
    page.get_by_label("用户名").fill(site.name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_role("img", name="二维码")).to_be_visible()
    secret = page.locator(".typed code").inner_text().replace(" ", "")
    page.get_by_label("验证码").fill(code_at(secret))
    page.get_by_role("button", name="验证").click()
    assert page.locator(".codes li").count() == 10
    page.get_by_role("button", name="我已妥善保存").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert faults == []
    state = json.dumps(context.storage_state())
    context.close()
    return state


def opened(browser: Browser, site: Site, session: str, language: str, scheme: str) -> Page:
    """A browser of somebody who is at work."""
    context = browser.new_context(
        base_url=site.url,
        storage_state=json.loads(session),
        viewport={"width": 1280, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    context.add_cookies([{"name": "shareback_language", "value": language, "url": site.url}])
    return context.new_page()


@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("en", "dark")])
def test_no_page_has_anything_amiss(
    site: Site,
    session: str,
    chromium: Browser,
    language: str,
    scheme: str,
) -> None:
    page = opened(chromium, site, session, language, scheme)
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if is_bad(said.type) else None)
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    for path in PATHS:
        answer = page.goto(f"/console/{path}", wait_until="load")
        assert answer is not None
        assert answer.status == 200, path
        too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert page.evaluate(too_wide) is False, path
        expect(page.get_by_role("main")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(page.locator("[data-chart]:not([data-drawn])")).to_have_count(0)
        assert faults == [], path
    page.wait_for_load_state("networkidle")
    assert faults == []
    dark = page.evaluate("document.documentElement.classList.contains('dark')")
    assert dark is (scheme == "dark")
    page.context.close()


def test_charts_are_drawn_and_drawn_anew_in_the_dark(
    site: Site,
    session: str,
    chromium: Browser,
) -> None:
    page = opened(chromium, site, session, "en", "light")
    page.goto("/console/")
    expect(page.locator("[data-chart][data-drawn]")).to_have_count(5)
    expect(page.locator("[data-note=price]")).to_contain_text("axis")
    page.locator(".me summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_class("dark")
    page.reload()
    expect(page.locator("html")).to_have_class("dark")
    page.context.close()


def test_the_language_is_switched_on_any_page(
    site: Site,
    session: str,
    chromium: Browser,
) -> None:
    page = opened(chromium, site, session, "zh", "light")
    page.goto("/console/journal/?kind=5")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Journal")
    assert page.url.endswith("/console/journal/?kind=5")
    page.context.close()


def test_a_member_is_found_and_opened(
    site: Site,
    session: str,
    chromium: Browser,
) -> None:
    page = opened(chromium, site, session, "en", "light")
    page.goto("/console/members/")
    page.get_by_placeholder("Number, outside id or phone").fill("m7")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="m7").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Member")
    started = time.monotonic()
    page.get_by_role("link", name="Open the statement").click()
    expect(page.get_by_role("table")).to_be_visible()
    assert time.monotonic() - started < 30
    page.context.close()
