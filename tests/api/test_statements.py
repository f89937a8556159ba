"""A member's statement over HTTP: forwards, the latest first, and what is behind each entry."""

from collections.abc import Callable
from typing import Any

import pytest

from shareback.engine.statements import keeping, marking
from tests.backends.servers import Mall

BEYOND = 2**53 - 1
"""Above any entry: the greatest whole number that every JSON parser keeps."""

WHY = ("movement", "order_id", "order_number", "refund_id", "payment_id", "merchant_id")


def paged(mall: Mall, way: str, start: int, limit: int) -> list[dict[str, Any]]:
    """All entries one way, page by page."""
    found: list[dict[str, Any]] = []
    place: int | None = start
    while place is not None:
        page = mall.get("/members/li/statement", **{way: place, "limit": limit}).json()
        assert len(page["items"]) <= limit
        found += page["items"]
        place = page["next"]
    return found


@pytest.fixture
def busy_li(new_mall: Callable[..., Mall]) -> Mall:
    """Everything that has an id behind it."""
    mall = new_mall(maturity_days=0, referral_rate="0.1")
    mall.members("li")
    mall.done("/members", {"member_id": "wang", "referrer_id": "li"})
    mall.done("/merchants", {"merchant_id": "noodles"})
    order = {"order_id": "o1", "member_id": "li", "amount": "100", "received": True}
    mall.done("/orders", {**order, "merchant_id": "noodles"})
    mall.done("/orders", {**order, "order_id": "w1", "member_id": "wang"})
    mall.done("/orders", {**order, "order_id": "o2", "received": False})
    mall.done("/orders/o2/refunds", {"refund_id": "r1", "amount": "40"})
    mall.done("/members/li/payments", {"payment_id": "p1", "merchant_id": "noodles", "points": "2"})
    mall.done("/members/li/redemptions", {"points": "1"})
    mall.done("/treasury/funds", {"amount": "1000"})
    mall.done("/orders/o1/refunds", {"refund_id": "r2", "amount": "10"})
    return mall


def reasons(entries: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(entry[name] for name in WHY) for entry in entries]


def test_each_entry_tells_what_is_behind_it(busy_li: Mall) -> None:
    entries = paged(busy_li, "after", -1, 1_000)
    told = dict(zip((entry["entry"] for entry in entries), reasons(entries), strict=True))
    by_kind: dict[str, list[tuple[Any, ...]]] = {}
    for entry in entries:
        by_kind.setdefault(entry["kind"], []).append(told[entry["entry"]])
    assert by_kind["paid"] == [
        (None, "o1", 1, None, None, "noodles"),
        (None, "o2", 3, None, None, None),
    ]
    assert by_kind["matured"] == [(None, "o1", 1, None, None, "noodles")]
    assert by_kind["referral"] == [(None, None, 2, None, None, None)]
    assert by_kind["refund"] == [(None, "o2", 3, "r1", None, None)]
    assert by_kind["late_refund"] == [(None, "o1", 1, "r2", None, "noodles")]
    moved = by_kind["moved"]
    assert moved[0] == ("points_spent", None, None, None, "p1", "noodles")
    assert moved[1] == ("points_redeemed", None, None, None, None, None)
    assert ("points_taken_back", "o1", 1, "r2", None, None) in moved


@pytest.mark.parametrize("limit", [1, 2, 3, 1_000])
def test_the_latest_first_is_the_same_the_other_way_round(busy_li: Mall, limit: int) -> None:
    forwards = paged(busy_li, "after", -1, 1_000)
    assert len(forwards) == 9
    assert paged(busy_li, "before", BEYOND, limit) == forwards[::-1]
    assert paged(busy_li, "after", -1, limit) == forwards
    assert paged(busy_li, "before", 4, limit) == forwards[:4][::-1]
    assert paged(busy_li, "before", 0, limit) == []


def test_both_ways_at_once_are_refused(busy_li: Mall) -> None:
    answer = busy_li.get("/members/li/statement", after=3, before=5)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert "after, before" in answer.json()["detail"]


@pytest.mark.parametrize("before", [-1, "x", 2**63])
def test_a_place_that_cannot_be_is_refused(busy_li: Mall, before: object) -> None:
    answer = busy_li.get("/members/li/statement", before=before)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_pages_are_the_same_once_they_are_kept(
    new_mall: Callable[..., Mall], monkeypatch: pytest.MonkeyPatch
) -> None:
    mall = new_mall(maturity_days=1)
    mall.members("li")
    order = {"member_id": "li", "amount": "9", "received": True}
    for number in range(6):
        mall.done("/orders", {**order, "order_id": f"o{number}"})
    engine = mall.engine()
    engine.close(engine.head()[41] + 3)
    before = paged(mall, "after", -1, 5)
    assert [entry["kind"] for entry in before].count("matured") == 6
    with monkeypatch.context() as patch:
        patch.setattr(keeping, "PAGE_ENTRIES", 4)
        patch.setattr(marking, "ONE_IN", 1)
        patch.setattr(marking, "LONG", 2)
        assert marking.mark_long_statements(engine.id, engine.alias) == 1
    assert paged(mall, "after", -1, 1_000) == before
    assert paged(mall, "before", BEYOND, 1_000) == before[::-1]
