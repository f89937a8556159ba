"""The pages in a real browser, on a phone and on a desk, in both languages, light and dark."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PROGRAMME, Opens
from tests.web.world import MEMBERS, NAME

MEMBER = f"{PROGRAMME}members/7/"
PATHS = {
    "home": "/",
    "days": f"{PROGRAMME}days/",
    "proofs": f"{PROGRAMME}proofs/",
    "member": MEMBER,
    "member in March": f"{MEMBER}?month=2026-03",
    "exited member": f"{PROGRAMME}members/4/",
    "new member": f"{PROGRAMME}members/{MEMBERS}/",
}
LANGUAGES = ("zh", "en")

INKED = """place => {
  const canvas = place.querySelector("canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let inked = 0;
  for (let at = 3; at < data.length; at += 4) inked += data[at] > 0 ? 1 : 0;
  return inked;
}"""

CONTRAST = """() => {
  const style = getComputedStyle(document.documentElement);
  const probe = document.body.appendChild(document.createElement("i"));
  const shade = name => {
    probe.style.color = style.getPropertyValue(`--${name}`);
    return getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map(Number);
  };
  const light = name => {
    const [r, g, b] = shade(name).map(c => c / 255).map(
      c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const pairs = [];
  for (const [inks, grounds] of [
    [["ink", "soft", "brand"], ["page", "card"]],
    [["gold"], ["card", "gold-faint"]], [["plum"], ["card"]],
    [["soft"], ["gold-faint"]], [["warn"], ["warn-page"]], [["on-brand"], ["brand"]],
  ]) for (const ink of inks) for (const ground of grounds) {
    const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x);
    pairs.push([`${ink} on ${ground}`, (a + 0.05) / (b + 0.05)]);
  }
  probe.remove();
  return pairs;
}"""


def overflow(page: Page) -> int:
    """By how many pixels a page is wider than its window."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return wide


def charts_are_drawn(page: Page) -> None:
    """Wait until every chart of the page says that it is drawn."""
    for chart in page.locator("[data-chart]").all():
        expect(chart).to_have_attribute("data-drawn", "true")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PATHS)
def test_a_page_loads_without_a_fault_and_from_this_host_alone(
    visit: Opens, site: str, name: str, language: str
) -> None:
    seen = visit(PATHS[name], language)
    charts_are_drawn(seen.page)

    assert seen.faults == []
    assert seen.hosts == {urlsplit(site).netloc}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PATHS)
def test_nothing_is_wider_than_a_small_phone(visit: Opens, name: str, language: str) -> None:
    seen = visit(PATHS[name], language, width=360)
    charts_are_drawn(seen.page)

    assert overflow(seen.page) == 0


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_the_public_page_fits_every_width(visit: Opens, width: int) -> None:
    seen = visit("/", "en", width=width)
    charts_are_drawn(seen.page)

    assert overflow(seen.page) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_three_charts_are_drawn(visit: Opens, scheme: str) -> None:
    seen = visit("/", scheme=scheme, width=1280)
    charts_are_drawn(seen.page)

    charts = seen.page.locator("[data-chart]").all()
    assert [chart.get_attribute("data-chart") for chart in charts] == [
        "price",
        "dividends",
        "exits",
    ]
    for chart in charts:
        expect(chart.locator("canvas")).to_be_visible()
        assert chart.evaluate(INKED) > 1_000


def test_a_chart_tells_the_exact_figure_of_a_day(visit: Opens) -> None:
    seen = visit("/", "en", width=1280)
    charts_are_drawn(seen.page)

    seen.page.locator("[data-chart=price]").hover()

    expect(seen.page.locator(".tip-day")).to_have_text(re.compile(r"2026-0\d-\d\d"))
    expect(seen.page.locator(".tip-row b")).to_have_text(re.compile(r"¥\d\.\d{4}"))
    assert seen.faults == []


@pytest.mark.parametrize("width", [390, 1280])
def test_the_chart_of_coverage_is_drawn_and_tells_a_days_figure(visit: Opens, width: int) -> None:
    seen = visit(f"{PROGRAMME}proofs/", "en", width=width)
    charts_are_drawn(seen.page)
    chart = seen.page.locator("[data-chart=coverage]")
    assert chart.evaluate(INKED) > 1_000

    chart.hover()

    # Every day there is closed: none is marked as open.
    expect(seen.page.locator(".tip-day")).to_have_text(re.compile(r"^2026-0\d-\d\d$"))
    expect(seen.page.locator(".tip-row b")).to_have_text(re.compile(r"^\d+\.\d\d%$"))
    assert seen.faults == []


@pytest.mark.parametrize("name", ["days.csv", "checkpoints.json", "programme.toml"])
def test_a_file_is_kept_under_the_programmes_name(visit: Opens, name: str) -> None:
    seen = visit(f"{PROGRAMME}proofs/", "en", width=1280)
    with seen.page.expect_download() as kept:
        seen.page.locator(f".files a[href$='{name}']").click()
    assert kept.value.suggested_filename == f"{NAME} {name}"
    assert kept.value.path().stat().st_size > 500


def test_charts_follow_a_change_of_colours(visit: Opens) -> None:
    seen = visit("/", width=1280)
    charts_are_drawn(seen.page)
    ground = "getComputedStyle(document.body).backgroundColor"
    before = seen.page.evaluate(ground)

    seen.page.emulate_media(color_scheme="dark")

    assert seen.page.evaluate(ground) != before
    assert seen.faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(visit: Opens, scheme: str) -> None:
    pairs = visit("/", scheme=scheme).page.evaluate(CONTRAST)

    assert len(pairs) > 10
    assert {pair: ratio for pair, ratio in pairs if ratio < 4.5} == {}


def test_the_language_is_switched_and_kept(visit: Opens) -> None:
    page = visit("/").page
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")

    page.get_by_role("link", name="Switch to English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(MEMBER)
    expect(page.get_by_role("heading", level=1)).to_have_text("Member 7")
    page.get_by_role("link", name="切换到中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("会员 7")


def test_a_member_is_found_by_number(visit: Opens) -> None:
    seen = visit("/", "en")

    seen.page.get_by_label("Member number").fill("12")
    seen.page.get_by_role("button", name="Open the statement").click()

    expect(seen.page.get_by_role("heading", level=1)).to_have_text("Member 12")
    assert seen.faults == []


def test_an_unknown_number_leads_to_a_friendly_page_and_on_from_there(visit: Opens) -> None:
    seen = visit(f"{PROGRAMME}members/{MEMBERS + 1}/", "en")

    expect(seen.page.get_by_role("heading", level=1)).to_have_text(
        f"There is no member {MEMBERS + 1}"
    )
    assert overflow(seen.page) == 0
    seen.page.get_by_label("Member number").fill("7")
    seen.page.get_by_label("Member number").press("Enter")
    expect(seen.page.get_by_role("heading", level=1)).to_have_text("Member 7")


def test_an_unknown_address_leads_to_a_friendly_page(visit: Opens) -> None:
    page = visit("/no/such/page/", "en").page

    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    page.get_by_role("link", name="To the start").click()
    expect(page).to_have_url(re.compile(r"/$"))


def test_the_root_of_the_log_is_copied_whole(visit: Opens) -> None:
    page = visit("/", "en").page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.locator(".verify button").first
    root = button.get_attribute("data-copy")

    button.click()

    expect(button).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == root
    assert re.fullmatch(r"[0-9a-f]{64}", root or "")


def test_a_months_dividends_unfold(visit: Opens) -> None:
    page = visit(f"{MEMBER}?month=2026-03", "en").page
    rows = page.locator(".dividends tbody tr")
    expect(rows.first).to_be_hidden()

    page.locator(".dividends summary").click()

    expect(rows.first).to_be_visible()
    assert rows.count() > 20


def test_the_page_says_all_it_has_to_say_without_a_script(visit: Opens) -> None:
    page = visit("/", "en").page
    browser = page.context.browser
    assert browser is not None
    with browser.new_context(java_script_enabled=False) as plain:
        still = plain.new_page()
        still.goto(page.url)
        expect(still.locator("[data-price]")).to_be_visible()
        still.locator(".table-link a").first.click()
        expect(still.locator("tbody tr").first).to_be_visible()
