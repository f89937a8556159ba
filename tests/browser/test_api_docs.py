"""The page of the API's document, in a real browser: every call is there, nothing is refused."""

from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.conftest import Opens


def test_the_documents_page_shows_every_call_and_asks_this_site_alone(
    visit: Opens, site: str
) -> None:
    seen = visit("/api/v1/docs", width=1_280)
    page = seen.page
    expect(page.locator(".info .title")).to_contain_text("Shareback")
    expect(page.locator(".opblock").first).to_be_visible()
    assert page.locator(".opblock").count() > 25
    page.locator("#operations-members-redeem_points").click()
    expect(page.get_by_text("Sell points back").first).to_be_visible()
    assert seen.faults == []
    assert seen.hosts == {urlsplit(site).netloc}
