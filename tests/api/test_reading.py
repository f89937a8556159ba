"""Reads: pages by key, ETags, statements, quotes that come true, days and the journal."""

import base64
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from shareback.proofs.canonical import decode
from shareback.rules.kinds import Kind
from tests.backends.servers import Mall

ORDER = {"order_id": "o1", "member_id": "li", "amount": "100.00", "received": True}


def pages(mall: Mall, path: str, limit: int) -> list[list[dict[str, Any]]]:
    """All pages of a list, each asked for with what the one before it said."""
    found = []
    after = -1
    while True:
        page = mall.get(path, after=after, limit=limit).json()
        found.append(page["items"])
        if page["next"] is None:
            return found
        after = page["next"]


def test_a_page_goes_on_where_the_one_before_it_ended(mall: Mall) -> None:
    for n in range(7):
        mall.done("/treasury/funds", {"amount": str(n + 1)})
    found = pages(mall, "/journal", 4)
    assert [len(page) for page in found] == [4, 4, 2]
    assert [entry["sequence"] for page in found for entry in page] == list(range(10))
    assert pages(mall, "/journal", 10) == [[entry for page in found for entry in page]]


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 1_001}, {"after": -2}, {"after": "x"}])
def test_a_page_that_cannot_be_is_refused(mall: Mall, query: dict[str, Any]) -> None:
    answer = mall.get("/journal", **query)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"][0]["where"] == next(iter(query))


def test_what_has_not_changed_is_not_sent_again(mall: Mall) -> None:
    first = mall.get("/members/li")
    headers = {"If-None-Match": first.headers["ETag"]}
    assert mall.http.get(f"{mall.url}/members/li", headers=headers).status_code == 304
    mall.done("/orders", ORDER)
    assert mall.http.get(f"{mall.url}/members/li", headers=headers).status_code == 200


def test_a_quote_comes_true(mall: Mall) -> None:
    mall.done("/orders", ORDER)
    mall.done("/orders", ORDER | {"order_id": "o2", "member_id": "wang"})
    for points in ("7", "13.5", "21"):
        quoted = mall.get("/members/li/quotes", points=points).json()
        if points != "21":
            continue
        sold = mall.done("/members/li/redemptions", {"points": points})
        assert sold == {name: quoted[name] for name in ("points", "gross", "fee", "net")}
    wang = mall.get("/members/wang/quotes", points="14.699").json()
    assert wang["points"] == "14.7", "dust goes along"
    assert mall.done("/members/wang/conversions", {"points": "14.699"}) == {
        "points": wang["points"],
        "coins": wang["coins"],
    }


@pytest.mark.parametrize(
    ("points", "status", "code"),
    [
        ("0", 422, "amount_invalid"),
        ("-1", 422, "invalid"),
        ("1e3", 422, "invalid"),
        ("22", 409, "points_short"),
    ],
)
def test_a_quote_for_what_cannot_be_sold_says_why(
    mall: Mall, points: str, status: int, code: str
) -> None:
    mall.done("/orders", ORDER)
    answer = mall.get("/members/li/quotes", points=points)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_statement_tells_everything_in_order(mall: Mall) -> None:
    mall.done("/orders", ORDER)
    mall.done("/members/li/redemptions", {"points": "7"})
    entries = [entry for page in pages(mall, "/members/li/statement", 2) for entry in page]
    assert [entry["kind"] for entry in entries] == ["paid", "matured", "moved"]
    assert [entry["points"] for entry in entries] == ["0", "21", "-7"]
    assert entries[-1]["cash"] == "9"
    assert [entry["entry"] for entry in entries] == [0, 1, 2]


def test_the_journal_tells_what_its_bytes_say(mall: Mall) -> None:
    mall.done("/orders", ORDER)
    for told in mall.get("/journal").json()["items"]:
        entry = decode(base64.b64decode(told["body"]))
        assert entry.sequence == told["sequence"]
        assert Kind(entry.kind).name.lower() == told["kind"]
        assert [None if one is None else str(one) for one in entry.ints] == list(
            told["fields"].values()
        )
        assert "li" not in str(told["fields"])


def test_days_and_prices_are_told_once_a_day_has_closed(new_mall: Callable[..., Mall]) -> None:
    mall = new_mall(maturity_days=1)
    mall.members("li")
    mall.done("/orders", ORDER)
    assert mall.get("/days").json() == {"items": [], "next": None}
    today = date.fromisoformat(mall.get("").json()["day"]).toordinal()
    mall.engine().close(today + 2)
    days = mall.get("/days").json()["items"]
    assert len(days) == 3
    assert days[0] == mall.get(f"/days/{days[0]['day']}").json()
    assert [day["price"] for day in days] == ["1.0000", "1.4286", "1.4286"]
    prices = mall.get("/prices", limit=2).json()
    assert prices["next"] == days[1]["day"]
    assert prices["items"][1] == {name: days[1][name] for name in ("day", "date", "price")}
    assert mall.get("/days/1").json()["code"] == "not_found"
