"""Another payment under a known order's id: no mall is sent away for it, and no money is lost."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from shareback.api.connectors.conflicts import open_conflicts, settle
from shareback.api.connectors.connections import ConnectionUnfit, open_connection, switch_off
from shareback.api.models import AccessChange, Connection, Written
from shareback.rules.codes import Code
from tests.backends.servers import Mall
from tests.connectors.shops import OWN, SECRET, Shop

OK = httpx.codes.OK


def paid(order: str, cents: int = 10_000, **others: object) -> dict[str, Any]:
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
    """A connected mall with an order that was paid."""
    mall = new_mall()
    one = Shop(mall, mapping=OWN)
    assert one.own(paid("o1")).json()["done"][0].keys() == {
        "does",
        "order_id",
        "member_id",
        "amount",
    }
    return mall, one


@pytest.mark.parametrize(
    "other",
    [
        {"cents": 10_001},
        {"buyer": {"open_id": "wang"}},
        {"seller": "noodles"},
    ],
)
def test_another_payment_is_taken_in_and_kept_for_people(
    shop: tuple[Mall, Shop], other: dict[str, Any]
) -> None:
    mall, its = shop
    before = mall.get("/orders/o1").json()
    for _ in range(3):
        answer = its.own(paid("o1", **other))
        assert answer.status_code == OK
        (done,) = answer.json()["done"]
        assert done["conflict"] is True
        assert "already" not in done
    assert mall.get("/orders/o1").json() == before
    (conflict,) = open_conflicts(mall.programme, mall.alias)
    assert (conflict["order_id"], conflict["connection"]) == ("o1", its.connection.name)
    assert conflict["amount"] == ("100.01" if "cents" in other else "100")
    rows = Written.objects.using(mall.alias).filter(programme_id=mall.programme)
    assert {row.code for row in rows if row.refused} == {Code.ID_TAKEN}


def test_the_same_payment_again_is_quiet(shop: tuple[Mall, Shop]) -> None:
    mall, its = shop
    assert its.own(paid("o1")).json()["done"][0]["already"] is True
    order = {"order_id": "o2", "member_id": "li", "merchant_id": "winery", "amount": "100"}
    mall.done("/orders", order | {"profit": "30", "category": "tea"})
    assert its.own(paid("o2")).json()["done"][0]["already"] is True
    assert open_conflicts(mall.programme, mall.alias) == []


def test_a_conflict_beside_a_refusal_is_kept_too(shop: tuple[Mall, Shop]) -> None:
    mall, its = shop
    rules = OWN + '[[rules]]\ntopics = ["paid"]\ndoes = "receive"\norder = "order.other"\n'
    Connection.objects.using(mall.alias).filter(pk=its.connection.pk).update(mapping=rules)
    answer = its.own(paid("o1", 7, other="unheard of"))
    assert (answer.status_code, answer.json()["code"]) == (404, "order_unknown")
    assert len(open_conflicts(mall.programme, mall.alias)) == 1


def test_a_conflict_that_was_looked_at_is_settled_and_stays_so(shop: tuple[Mall, Shop]) -> None:
    mall, its = shop
    its.own(paid("o1", 1))
    its.own(paid("o1", 2))
    assert settle(mall.programme, "o1", mall.alias, "console:ann") == 2
    assert settle(mall.programme, "o1", mall.alias) == 0
    its.own(paid("o1", 2))
    assert open_conflicts(mall.programme, mall.alias) == []
    rows = AccessChange.objects.using(mall.alias).filter(programme_id=mall.programme)
    (row,) = [one for one in rows if one.what == AccessChange.What.CONFLICT_SETTLED]
    assert (row.subject, row.who) == ("o1", "console:ann")


def test_two_malls_of_a_programme_cannot_use_the_same_ids(new_mall: Callable[..., Mall]) -> None:
    mall = new_mall()
    first = open_connection(mall.programme, "a", SECRET, mapping=OWN, alias=mall.alias)

    def second(prefix: str, name: str = "b") -> Connection:
        return open_connection(
            mall.programme, name, SECRET, mapping=OWN, prefix=prefix, alias=mall.alias
        )

    with pytest.raises(ConnectionUnfit, match=r"a is connected already.*; name one"):
        second("")
    second("b-")
    for clash in ("b-", "b", "b-2"):
        with pytest.raises(ConnectionUnfit, match="neither may begin with the other"):
            second(clash, "c")
    second("c-", "c")
    switch_off(first, mall.alias)
    with pytest.raises(ConnectionUnfit, match="name one"):
        second("", "a-again")


def test_a_mall_that_is_connected_anew_keeps_its_ids(new_mall: Callable[..., Mall]) -> None:
    mall = new_mall()
    before = Shop(mall, mapping=OWN)
    before.own(paid("o1"))
    switch_off(before.connection, mall.alias)
    after = Shop(mall, mapping=OWN, name="anew")
    assert after.own(paid("o1")).json()["done"][0]["already"] is True
    assert mall.get("").json()["orders"] == 1
