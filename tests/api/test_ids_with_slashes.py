"""Ids with a slash, such as ``2026/0001``: every address that holds an id holds these too."""

from collections.abc import Callable
from urllib.parse import quote

import httpx
import pytest

from tests.backends.servers import Mall

IDS = [
    "2026/0001",
    "a/b/c",
    "/begins",
    "ends/",
    "//",
    "received/1",
    "a/refunds/b",
    "50%2F50",
    "行/1",
]
OK = httpx.codes.OK


def part(outside_id: str) -> str:
    """An id as a part of an address."""
    return quote(outside_id, safe="")


@pytest.mark.parametrize("outside_id", IDS)
def test_an_order_is_read_received_and_refunded(
    new_mall: Callable[..., Mall], outside_id: str
) -> None:
    mall = new_mall(maturity_days=7)
    mall.members("li")
    mall.done("/orders", {"order_id": outside_id, "member_id": "li", "amount": "100"})
    path = f"/orders/{part(outside_id)}"
    assert mall.get(path).json()["order_id"] == outside_id
    assert mall.done(f"{path}/received") == {"done": True}
    refund = {"refund_id": "r/1", "amount": "40"}
    assert mall.done(f"{path}/refunds", refund)["order_id"] == outside_id
    assert mall.get(path).json()["refunded"] == "40"
    assert mall.get(f"{path}x").status_code == 404


@pytest.mark.parametrize("outside_id", IDS)
def test_a_member_is_read_quoted_and_sells(mall: Mall, outside_id: str) -> None:
    mall.members(outside_id)
    order = {"order_id": "o", "member_id": outside_id, "amount": "100", "received": True}
    mall.done("/orders", order)
    path = f"/members/{part(outside_id)}"
    assert mall.get(path).json()["member_id"] == outside_id
    quoted = mall.get(f"{path}/quotes", points="7").json()
    assert mall.done(f"{path}/redemptions", {"points": "7"})["net"] == quoted["net"]
    mall.done(f"{path}/conversions", {"points": "7"})
    mall.done(f"{path}/withdrawals", {"amount": "1"})
    mall.done("/merchants", {"merchant_id": "flour"})
    paid = {"payment_id": outside_id, "merchant_id": "flour", "coins": "2"}
    mall.done(f"{path}/payments", paid)
    assert mall.done(f"/payments/{part(outside_id)}/refunds", {"coins": "1"}) == {"done": True}
    assert mall.put(f"{path}/referrer", {"referrer_id": "li"}).status_code == OK
    kinds = [entry["kind"] for entry in mall.get(f"{path}/statement").json()["items"]]
    assert kinds[:2] == ["paid", "matured"]


@pytest.mark.parametrize("outside_id", IDS)
def test_a_merchant_is_read_and_paid(mall: Mall, outside_id: str) -> None:
    mall.done("/merchants", {"merchant_id": outside_id})
    order = {"order_id": "o", "member_id": "li", "amount": "100", "received": True}
    mall.done("/orders", order | {"merchant_id": outside_id})
    path = f"/merchants/{part(outside_id)}"
    assert mall.get(path).json()["merchant_id"] == outside_id
    paid = {"payment_id": "r", "merchant_id": outside_id, "points": "5"}
    mall.done("/members/li/payments", paid)
    assert mall.done(f"{path}/settlements", {"amount": "1"}) == {"amount": "1"}
    mall.done("/members/li/conversions", {"points": "14"})
    paid = {"payment_id": "p", "merchant_id": outside_id, "coins": "10"}
    mall.done("/members/li/payments", paid)
    points = mall.done(f"{path}/exchanges", {"coins": "4"})["points"]
    mall.done(f"{path}/redemptions", {"points": points})
    mall.done("/merchants", {"merchant_id": "flour"})
    paid = {"payment_id": "q", "merchant_id": "flour", "coins": "1"}
    assert mall.done(f"{path}/payments", paid)["coins"] == "1"


def test_what_follows_an_id_is_never_taken_for_a_part_of_it(mall: Mall) -> None:
    mall.members("li/statement")
    assert mall.get("/members/li/statement").json()["items"] == []
    assert mall.get("/members/li/quotes", points="1").json()["code"] == "points_short"
    assert mall.get("/members/li/redemptions").status_code == 405
    mall.done("/orders", {"order_id": "a/received", "member_id": "li", "amount": "1"})
    assert mall.get("/orders/a%2Freceived").status_code == 405, "the page tells so"
    assert mall.done("/orders/a%2Freceived/received") == {"done": True}


def test_an_id_of_another_programme_stays_unseen(mall: Mall, new_mall: Callable[..., Mall]) -> None:
    other = new_mall()
    other.members("a/b")
    assert mall.get("/members/a%2Fb").json()["code"] == "not_found"
    away = f"{mall.server.url}/programmes/{other.programme}/members/a%2Fb"
    assert mall.http.get(away).json()["code"] == "not_found"
