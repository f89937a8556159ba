"""Large late refunds: one client asks, another approves, and nobody can be both (R6.4, A54)."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from shareback.api.models import RefundRequest
from shareback.api.scopes import SCOPES
from shareback.engine.verifying import verify_full
from tests.attacks.at_once import at_once
from tests.backends.servers import Mall
from tests.connectors.shops import Shop, recorded

ORDER = {"order_id": "o1", "member_id": "li", "amount": "3000", "received": True}
ASKED = {"refund_id": "r1", "amount": "2000"}
WAITING = {"order_id": "o1", "refund_id": "r1", "amount": "2000", "waiting": True}
APPROVAL = "/orders/o1/refunds/r1/approval"


@pytest.fixture
def asking(mall: Mall) -> Mall:
    """A mall with a treasury, and an order that has matured."""
    mall.done("/treasury/funds", {"amount": "10000"})
    mall.done("/orders", ORDER)
    return mall


@pytest.fixture
def second(asking: Mall) -> Mall:
    """Another client of the mall, which may approve and nothing else."""
    return asking.second_client(["refunds:approve"])


def requests_of(mall: Mall) -> list[dict[str, Any]]:
    """What waits."""
    items: list[dict[str, Any]] = mall.get("/refund-requests").json()["items"]
    return items


def test_a_large_late_refund_waits_until_another_client_approves_it(
    asking: Mall, second: Mall
) -> None:
    asked = asking.post("/orders/o1/refunds", ASKED, key="ask")
    assert (asked.status_code, asked.json()) == (202, WAITING)
    assert asking.get("/orders/o1").json()["refunded"] == "0"
    (waiting,) = requests_of(second)
    assert {name: waiting[name] for name in ("order_id", "refund_id", "amount", "number")} == {
        **{name: WAITING[name] for name in ("order_id", "refund_id", "amount")},
        "number": 1,
    }
    given = second.post(APPROVAL, key="yes")
    assert (given.status_code, given.json()["amount"]) == (201, "2000")
    assert asking.get("/orders/o1").json()["refunded"] == "2000"
    assert requests_of(second) == []
    row = RefundRequest.objects.using(asking.alias).get(programme_id=asking.programme)
    assert row.approved_by not in {None, row.asked_by}
    assert verify_full(asking.name, asking.alias).findings == ()


def test_every_step_can_be_sent_again(asking: Mall, second: Mall) -> None:
    asked = asking.post("/orders/o1/refunds", ASKED, key="ask")
    asking.post("/orders/o1/refunds", ASKED, key="ask,again")
    given = second.post(APPROVAL, key="yes")
    again = second.post(APPROVAL, key="yes")
    assert (again.status_code, again.content) == (given.status_code, given.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert second.post(APPROVAL, key="yes,really").content == given.content
    replayed = asking.post("/orders/o1/refunds", ASKED, key="ask")
    assert (replayed.status_code, replayed.content) == (202, asked.content)
    assert replayed.headers["Idempotent-Replayed"] == "true"
    known = asking.post("/orders/o1/refunds", ASKED, key="later")
    assert (known.status_code, known.json()) == (201, given.json())
    assert asking.get("/orders/o1").json()["refunded"] == "2000"


def test_nobody_approves_what_they_asked_for_themselves(asking: Mall) -> None:
    asking.post("/orders/o1/refunds", ASKED)
    answer = asking.post(APPROVAL)
    assert (answer.status_code, answer.json()["code"]) == (403, "own_request")
    assert asking.get("/orders/o1").json()["refunded"] == "0"


def test_who_may_not_approve_does_not(asking: Mall, new_mall: Callable[..., Mall]) -> None:
    asking.post("/orders/o1/refunds", ASKED)
    other = asking.second_client(set(SCOPES) - {"refunds:approve"})
    for answer in (other.post(APPROVAL), other.get("/refund-requests")):
        assert answer.json()["detail"] == "needs the scope refunds:approve"
    stranger = new_mall()
    stranger.url = asking.url
    assert stranger.post(APPROVAL).json()["code"] == "not_found"
    assert asking.get("/orders/o1").json()["refunded"] == "0"


def test_what_was_never_asked_for_cannot_be_approved(asking: Mall, second: Mall) -> None:
    for path in (APPROVAL, "/orders/none/refunds/r1/approval", "/orders/o%001/refunds/r/approval"):
        assert second.post(path).json()["code"] == "not_found"
    small = {"refund_id": "r1", "amount": "10"}
    assert asking.post("/orders/o1/refunds", small).status_code == 201
    assert second.post(APPROVAL).json()["code"] == "not_found"


def test_an_approval_is_for_the_amount_that_was_asked_for_first(asking: Mall, second: Mall) -> None:
    asking.post("/orders/o1/refunds", ASKED)
    more = asking.post("/orders/o1/refunds", ASKED | {"amount": "3000"}, key="more")
    assert (more.status_code, more.json()["code"]) == (409, "id_taken")
    assert asking.post("/orders/o1/refunds", ASKED | {"amount": "3000"}, key="more").json() == (
        more.json()
    )
    assert second.post(APPROVAL).json()["amount"] == "2000"


def test_two_refunds_with_one_address_cannot_both_wait(asking: Mall, second: Mall) -> None:
    asking.done("/orders", ORDER | {"order_id": "o1/refunds/a"})
    asking.post("/orders/o1/refunds", ASKED | {"refund_id": "a/refunds/r"})
    clash = asking.post("/orders/o1%2Frefunds%2Fa/refunds", ASKED | {"refund_id": "r"})
    assert (clash.status_code, clash.json()["code"]) == (409, "id_taken")
    given = second.done("/orders/o1/refunds/a%2Frefunds%2Fr/approval")
    assert (given["order_id"], given["refund_id"]) == ("o1", "a/refunds/r")


def test_what_the_rules_refuse_goes_on_waiting(asking: Mall, second: Mall) -> None:
    asking.post("/orders/o1/refunds", ASKED | {"amount": "3000.01"})
    refused = second.post(APPROVAL, key="yes")
    assert (refused.status_code, refused.json()["code"]) == (409, "refund_above_paid")
    assert second.post(APPROVAL, key="yes").content == refused.content
    assert len(requests_of(second)) == 1
    row = RefundRequest.objects.using(asking.alias).get(programme_id=asking.programme)
    assert row.approved_by is None
    assert asking.get("/orders/o1").json()["refunded"] == "0"


def test_many_approvals_at_once_give_the_money_once(asking: Mall, second: Mall) -> None:
    asking.post("/orders/o1/refunds", ASKED)
    third = asking.second_client(["refunds:approve"])
    sends = [partial(one.post, APPROVAL, None, f"{n}") for n in range(8) for one in (second, third)]
    answers = at_once(sends)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert asking.get("/orders/o1").json()["refunded"] == "2000"


def test_lines_of_a_bulk_call_wait_too(asking: Mall, second: Mall) -> None:
    line = {"op": "refund", "order_id": "o1"}
    lines = [line | ASKED, line | ASKED | {"amount": "3000"}, line | ASKED | {"refund_id": "r2"}]
    body = "\n".join(map(json.dumps, lines)).encode()
    answer = asking.batch(body, key="k")
    told = [json.loads(text) for text in answer.text.splitlines()]
    assert told[0] == {
        "line": 1,
        "status": 202,
        "order_id": "o1",
        "refund_id": "r1",
        "waiting": True,
    }
    assert (told[1]["status"], told[1]["code"]) == (409, "id_taken")
    assert told[2]["waiting"] is True
    assert asking.batch(body, key="k").content == answer.content
    assert [one["refund_id"] for one in requests_of(second)] == ["r1", "r2"]
    page = second.get("/refund-requests", limit=1).json()
    after = second.get("/refund-requests", limit=1, after=page["next"]).json()
    assert [one["refund_id"] for one in (*page["items"], *after["items"])] == ["r1", "r2"]
    assert after["next"] is None


def test_a_connected_malls_refund_waits_and_the_mall_need_not_send_it_again(
    new_mall: Callable[..., Mall],
) -> None:
    mall = new_mall(currency="USD", late_refund_limit="5")
    mall.done("/treasury/funds", {"amount": "1000"})
    shop = Shop(mall, "woocommerce")
    shop.woocommerce(recorded("woocommerce.order_updated.completed"))
    back = shop.woocommerce(recorded("woocommerce.order_updated.partly_refunded"))
    assert back.status_code == 200
    refunds = [one for one in back.json()["done"] if one["does"] == "refund"]
    assert [(one["amount"], one.get("waiting")) for one in refunds] == [
        ("10", True),
        ("1", None),
    ]
    second = mall.second_client(["refunds:approve"])
    (waiting,) = requests_of(second)
    assert waiting["asked_by"] == -shop.connection.number
    path = f"/orders/{waiting['order_id']}/refunds/{waiting['refund_id']}/approval"
    assert second.post(path).status_code == 201
    assert mall.get(f"/orders/{waiting['order_id']}").json()["refunded"] == "11"
