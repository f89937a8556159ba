"""The phone pages as people see and hear them: both languages, light and dark, small phones."""

import gzip
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.h5.conftest import INDEX, Phone, Picks
from tests.browser.h5.world import BOSS, LI

SCRIPT_BYTES_MAX = 250 * 1024
PAGES = {
    "home": "",
    "categories": "categories",
    "search": "search",
    "found": "search?q=wine",
    "good": "goods/1",
    "reviews": "goods/1/reviews",
    "shops": "shops",
    "shop": "shops/1",
    "basket": "basket",
    "checkout": "checkout?good=1&quantity=1",
    "orders": "orders",
    "me": "me",
    "addresses": "addresses",
    "login": "login",
    "missing": "nowhere/at/all",
    "points": "points",
    "statement": "points/statement",
    "dividends": "points/dividends",
    "proof": "points/proof",
    "sell": "points/sell",
    "convert": "points/convert",
    "scan": "scan",
    "invite": "invite",
    "join": "join/ABCDEFGH",
    "tier": "tier",
    "settings": "settings",
}
DESK_PAGES = {
    "desk": "merchant/1",
    "goods": "merchant/1/goods",
    "good": "merchant/1/goods/1",
    "new good": "merchant/2/goods/new",
    "orders": "merchant/1/orders",
    "returns": "merchant/1/returns",
    "vouchers": "merchant/2/vouchers",
    "charges": "merchant/1/charges",
    "exchange": "merchant/1/exchange",
    "own proof": "merchant/1/proof",
    "settlement": "merchant/1/settlement",
    "not a member": "points",
}

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

# Which of the two is shown, by the ground that the pages stand on.
SHOWN_SCHEME = """() => {
  const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number);
  return r + g + b > 384 ? "light" : "dark";
}"""

# What a screen reader needs: one main landmark, one heading of the first level, and a name for
# whatever can be acted on.
UNNAMED = """() => {
  const named = element => {
    const by = element.getAttribute("aria-labelledby");
    const labels = element.labels ? [...element.labels].map(label => label.innerText) : [];
    const told = by === null ? [] : by.split(" ").map(id => document.getElementById(id)?.innerText);
    const texts = [element.getAttribute("aria-label"), element.innerText, ...labels, ...told];
    return texts.some(text => (text ?? "").trim() !== "");
  };
  const acted = "a[href], button, input, textarea, select, [role=switch], [role=img]";
  return [...document.querySelectorAll(acted)]
    .filter(element => !named(element))
    .map(element => element.outerHTML.slice(0, 160));
}"""

# Every text that is shown, against the ground that it stands on.
FAINT = """() => {
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(c => c / 255).map(
      c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const parts = colour => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const ground = element => {
    const layers = [];
    for (let at = element; at !== null; at = at.parentElement) {
      const layer = parts(getComputedStyle(at).backgroundColor);
      if (layer[3] > 0) layers.push(layer);
      if (layer[3] === 1) break;
    }
    return layers.reverse().reduce(
      (under, [r, g, b, a]) => [r, g, b].map((c, i) => c * a + under[i] * (1 - a)),
      [255, 255, 255]);
  };
  const faint = [];
  for (const element of document.querySelectorAll("main *, header *, nav *")) {
    const nodes = [...element.childNodes];
    const own = nodes.some(node => node.nodeType === 3 && node.data.trim() !== "");
    const box = element.getBoundingClientRect();
    if (!own || box.width < 2 || element.closest(":disabled, .unseen")) continue;
    const [a, b] = [light(parts(getComputedStyle(element).color)), light(ground(element))]
      .sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const text = element.innerText.slice(0, 40);
    if (ratio < 4.5) faint.push(`${ratio.toFixed(2)} ${element.className} ${text}`);
  }
  return faint;
}"""


def flaws(one: Phone, pages: Mapping[str, str]) -> dict[tuple[str, str], dict[str, Any]]:
    """What is wrong with the look of some pages, by their names, in light and in dark."""
    found = {}
    for name, path in pages.items():
        one.go(path)
        expect(one.page.get_by_role("main")).to_have_count(1)
        expect(one.page.locator("h1")).to_have_count(1)
        expect(one.page.locator(".skeleton")).to_have_count(0)
        for scheme in SCHEMES:
            one.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            wider = one.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            found[name, scheme] = {
                "scheme": one.page.evaluate(SHOWN_SCHEME),
                "wider": wider,
                "headings": one.page.locator("h1").count(),
                "unnamed": one.page.evaluate(UNNAMED),
                "faint": one.page.evaluate(FAINT),
            }
    right = {"wider": 0, "headings": 1, "unnamed": [], "faint": []}
    return {key: seen for key, seen in found.items() if seen != {"scheme": key[1], **right}}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_fits_a_small_phone_without_a_fault(phone: Picks, language: str) -> None:
    one = phone(language, width=360)
    one.log_in(LI)
    assert flaws(one, PAGES) == {}
    assert one.faults == []
    assert one.hosts == {urlsplit(one.site.address).netloc}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_a_merchant_fits_a_small_phone_without_a_fault(
    phone: Picks, language: str
) -> None:
    boss = phone(language, width=360)
    boss.log_in(BOSS)
    assert flaws(boss, DESK_PAGES) == {}
    # Whoever is no member is told so by the server too, which the browser notes.
    assert [fault for fault in boss.faults if "403" not in fault] == []


@pytest.mark.parametrize("width", [390, 430])
def test_the_first_page_fits_larger_phones(phone: Picks, width: int) -> None:
    one = phone("zh", width=width)
    one.page.goto(one.site.path(), wait_until="networkidle")
    assert one.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0
    assert one.faults == []


def test_a_page_that_is_opened_again_still_may_ask_the_api(phone: Picks) -> None:
    one = phone()
    for _time in range(2):
        one.page.goto(one.site.path("search?q=wine"), wait_until="networkidle")
        expect(one.page.get_by_role("main").get_by_role("link").first).to_be_visible()
    assert one.faults == []


def test_the_first_page_costs_little_script_and_no_chart_library(phone: Picks) -> None:
    one = phone()
    scripts: list[str] = []
    one.page.on(
        "request",
        lambda asked: scripts.append(asked.url) if asked.resource_type == "script" else None,
    )
    one.page.goto(one.site.path(), wait_until="networkidle")
    paths = {urlsplit(url).path.removeprefix("/static/h5/") for url in scripts}
    assert paths
    size = sum(len(gzip.compress((INDEX.parent / path).read_bytes())) for path in paths)
    assert size <= SCRIPT_BYTES_MAX
    assert not any(b"zrender" in (INDEX.parent / path).read_bytes() for path in paths)


def test_the_price_is_told_with_where_its_axis_starts(phone: Picks) -> None:
    one = phone()
    one.go()
    curve = one.page.get_by_role("region", name="Price of a point today")
    expect(curve).to_contain_text("Axis from zero")
    expect(curve).to_contain_text("Past prices promise nothing")
    lowest = curve.locator("polyline").evaluate(
        "line => Math.max(...line.getAttribute('points').split(' ').map(p => +p.split(',')[1]))"
    )
    # The month began at a price above zero, so its line ends above the ground of the drawing.
    assert 0 < lowest < 60


def test_the_language_is_switched_and_kept(phone: Picks) -> None:
    one = phone("en")
    one.go()
    expect(one.page.get_by_role("heading", name="Bought by many")).to_be_visible()
    one.page.get_by_role("button", name="中文").click()
    expect(one.page.get_by_role("heading", name="大家都在买")).to_be_visible()
    expect(one.page.get_by_role("link", name="牛肉拉面").first).to_be_visible()
    one.page.reload()
    expect(one.page.get_by_role("heading", name="大家都在买")).to_be_visible()
    assert one.page.evaluate("document.documentElement.lang") == "zh-CN"


def test_a_server_that_cannot_be_reached_is_told_with_a_way_on(phone: Picks) -> None:
    one = phone()
    one.page.route("**/api/v1/shops/*/home", lambda route: route.abort())
    one.go()
    expect(one.page.get_by_role("alert")).to_contain_text("cannot be reached")
    one.page.unroute("**/api/v1/shops/*/home")
    one.page.get_by_role("button", name="Try again").click()
    expect(one.page.get_by_role("heading", name="Bought by many")).to_be_visible()


def test_the_tab_bar_is_reached_by_the_keyboard_and_the_content_by_its_skip_link(
    phone: Picks,
) -> None:
    one = phone()
    one.go()
    expect(one.page.get_by_role("heading", name="Bought by many")).to_be_visible()
    one.page.keyboard.press("Tab")
    expect(one.page.get_by_role("link", name="Skip to content")).to_be_focused()
    one.page.keyboard.press("Enter")
    expect(one.page.get_by_role("main")).to_be_focused()
    tabs = one.page.get_by_role("navigation", name="Main navigation").get_by_role("link")
    expect(tabs).to_have_count(5)
    expect(tabs.first).to_have_attribute("aria-current", "page")
