"""One delivery at two servers of one site: they share nothing but the database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from pathlib import Path

import httpx

from tests.backends.servers import Mall, serving
from tests.connectors.shops import Shop, recorded

ORDERS = 12


def test_a_delivery_at_two_servers_at_once_is_done_once_and_answered_alike(
    new_mall: Callable[..., Mall], journal_url: str, tmp_path: Path
) -> None:
    mall = new_mall(currency="USD", maturity_days=7)
    with serving(journal_url, tmp_path / "second.log") as second:
        connected = Shop(mall, "shopify")
        other = connected.url.replace(mall.server.url, second.url)

        def send(place: int) -> httpx.Response:
            shop = copy(connected)
            shop.url = (connected.url, other)[place % 2]
            document = recorded("shopify.orders_paid") | {"id": 1 + place // 2}
            return shop.shopify("orders/paid", document, f"w{place // 2}")

        with ThreadPoolExecutor(2 * ORDERS) as threads:
            answers = list(threads.map(send, range(2 * ORDERS)))
    assert {one.status_code for one in answers} == {httpx.codes.OK}, answers[0].text
    for first, again in zip(answers[::2], answers[1::2], strict=True):
        assert first.content == again.content
    assert mall.get("").json()["orders"] == ORDERS
