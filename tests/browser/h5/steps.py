"""What people do on the phone pages, step by step, as the stories use it."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.h5.conftest import Phone
from tests.browser.h5.world import SLUG

ASK = """async ([method, path, body]) => {
  const token = document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "";
  const answer = await fetch(path, {
    method,
    headers: {
      "Content-Type": "application/json",
      "X-CSRFToken": token,
      "Idempotency-Key": crypto.randomUUID(),
    },
    body: body === null ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? null : JSON.parse(text) };
}"""


def asked(phone: Phone, method: str, path: str, body: object = None) -> dict[str, Any]:
    """What the shop's API answers this phone; for what another page or person does."""
    answer = phone.page.evaluate(ASK, [method, f"/api/v1/shops/{SLUG}{path}", body])
    assert answer["status"] < 300, answer
    told: dict[str, Any] = answer["body"]
    return told


def dialog(page: Page) -> Locator:
    """The sheet or the question that is open."""
    return page.get_by_role("dialog").filter(visible=True)


def button(page: Page | Locator, name: str) -> Locator:
    """A button by its whole name."""
    return page.get_by_role("button", name=name, exact=True)


def choose_to_buy(phone: Phone, good: int, quantity: int = 1) -> None:
    """From a good's page to the checkout."""
    phone.go(f"goods/{good}")
    button(phone.page, "Buy now").click()
    for _more in range(quantity - 1):
        button(dialog(phone.page), "One more").click()
    button(dialog(phone.page), "Buy now").click()
    expect(phone.page.get_by_role("heading", name="Check out")).to_be_visible()


def place(phone: Phone) -> None:
    """From the checkout to the page on which it is paid."""
    phone.page.get_by_role("button", name=re.compile("^(Place the order|Pay and place)$")).click()
    expect(phone.page).to_have_url(re.compile("/pay/"))


def pay(phone: Phone) -> str:
    """At the test cashier; returns the number of the only order."""
    page = phone.page
    page.get_by_role("link", name="Open the test cashier").click()
    expect(page.get_by_text("TEST", exact=True)).to_be_visible()
    page.get_by_role("button", name="Pay (test)").click()
    expect(page.get_by_role("heading", name="Paid")).to_be_visible()
    page.get_by_role("link", name="See the order").click()
    return number_shown(phone)


def number_shown(phone: Phone) -> str:
    """The number of the order in view."""
    expect(phone.page).to_have_url(re.compile(r"/orders/\d+$"))
    return phone.page.url.rsplit("/", 1)[-1]


def state_is(phone: Phone, state: str) -> None:
    """The order in view is in a state."""
    expect(phone.page.get_by_role("heading", name=state, exact=True)).to_be_visible()
