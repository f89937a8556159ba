"""A58: a cheap order's genuine payment attached to a dear order; all must match."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from shareback.api.connectors.conflicts import open_conflicts
from tests.backends.servers import Mall
from tests.connectors.shops import OWN, Shop


def paid(order: str, cents: int, **others: object) -> dict[str, Any]:
    """A payment as the mall tells it."""
    told: dict[str, object] = {
        "no": order,
        "buyer": {"open_id": "li"},
        "seller": "winery",
        "total_cents": str(cents),
        "vouchers": [],
        "currency": "CNY",
    }
    return {"event": "paid", "sent_at": datetime.now(UTC).isoformat(), "order": told | others}


@pytest.fixture
def shop(new_mall: Callable[..., Mall]) -> tuple[Mall, Shop]:
    """A mall with a dear order that was paid."""
    mall = new_mall()
    shop = Shop(mall, mapping=OWN)
    assert shop.own(paid("dear", 1_000_000)).status_code == 200
    return mall, shop


def test_a_second_payment_for_an_order_changes_nothing(shop: tuple[Mall, Shop]) -> None:
    mall, its = shop
    before = mall.get("").json()
    told = [
        its.own(paid("dear", 100)),
        its.own(paid("dear", 1_000_000, buyer={"open_id": "wang"})),
        its.own(paid("dear", 1_000_000, seller="noodles")),
    ]
    assert [one.json()["done"][0]["conflict"] for one in told] == [True] * 3
    assert len(open_conflicts(mall.programme, mall.alias)) == 3
    after = mall.get("").json()
    kept = ("orders", "order_escrow", "reserve", "issued", "supply")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert mall.get("/orders/dear").json()["amount"] == "10000"


def test_an_order_is_worth_what_was_paid_for_it_and_in_the_programmes_currency(
    shop: tuple[Mall, Shop],
) -> None:
    mall, its = shop
    refused = its.own(paid("cheap", 100, currency="IDR"))
    assert refused.status_code == 422
    assert mall.get("/orders/cheap").status_code == 404
    assert its.own(paid("cheap", 100)).status_code == 200
    assert mall.get("/orders/cheap").json()["amount"] == "1"


def test_over_the_api_an_order_is_paid_once_with_one_amount(shop: tuple[Mall, Shop]) -> None:
    mall, _its = shop
    answer = mall.post("/orders", {"order_id": "dear", "member_id": "li", "amount": "1"})
    assert (answer.status_code, answer.json()["code"]) == (409, "id_taken")
