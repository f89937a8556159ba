"""Endpoints over HTTP: whose they are, what they get, and what is told of it."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import httpx
import pytest

from shareback.api.scopes import SCOPES
from shareback.gateways.crew import run
from shareback.gateways.models import Endpoint, KeptAnswer
from tests.attacks.at_once import at_once
from tests.backends.once import Once
from tests.backends.servers import Mall, Server, serving
from tests.gateways.receiver import SECOND, Clock, Receiver, deliverer_at

# An address of the open internet, written as one: nobody has to look it up, and nothing goes there.
URL = "https://93.184.216.34/hook"
ORDER = {"order_id": "o1", "member_id": "li", "amount": "100.00", "received": True}


@pytest.fixture
def listening(mall: Mall, receiver: Receiver) -> Iterator[dict[str, Any]]:
    """An endpoint of the mall's, led to the receiver behind the API's back."""
    made = mall.done("/webhooks", {"url": URL})
    Endpoint.objects.using(mall.alias).filter(programme_id=mall.programme).update(url=receiver.url)
    receiver.secret = made["secret"]
    yield made
    Endpoint.objects.using(mall.alias).filter(programme_id=mall.programme).update(active=False)


@pytest.fixture
def second_server(
    alias: str, journal_url: str, once: Once, tmp_path_factory: pytest.TempPathFactory
) -> Server:
    """Another process of the site, on the same database."""

    def starts() -> AbstractContextManager[Server]:
        return serving(journal_url, tmp_path_factory.mktemp("second") / f"{alias}.log")

    return once.entered(("second server", alias), starts)


def deliver(mall: Mall, clock: Clock) -> None:
    """Send what is due."""
    run(mall.programme, once=True, deliverer=deliverer_at(mall.alias, clock))


def delete(mall: Mall, path: str, key: str) -> httpx.Response:
    return mall.http.delete(mall.url + path, headers={"Idempotency-Key": key})


def test_a_new_endpoint_gets_a_number_and_a_secret_that_is_told_once(mall: Mall) -> None:
    made = mall.post("/webhooks", {"url": URL, "types": ["order.paid", "day.closed"]})
    assert made.status_code == 201
    told = made.json()
    assert told.pop("secret").startswith("whsec_")
    assert told == {"number": 1, "url": URL, "types": ["day.closed", "order.paid"]}
    position = mall.get("").json()["sequence"]
    assert mall.get("/webhooks").json() == {
        "items": [{**told, "active": True, "position": position}],
        "next": None,
    }


def test_the_same_key_registers_once_and_tells_the_same_secret(mall: Mall) -> None:
    first = mall.post("/webhooks", {"url": URL}, key="k")
    again = mall.post("/webhooks", {"url": URL}, key="k")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    other = mall.post("/webhooks", {"url": f"{URL}/2"}, key="k")
    assert (other.status_code, other.json()["code"]) == (422, "key_taken")
    assert len(mall.get("/webhooks").json()["items"]) == 1
    assert KeptAnswer.objects.using(mall.alias).filter(programme_id=mall.programme).count() == 1


def kept_of(mall: Mall) -> KeptAnswer:
    """The one answer that was kept for a mall."""
    return KeptAnswer.objects.using(mall.alias).get(programme_id=mall.programme)


def test_the_secret_stands_in_no_kept_answer(mall: Mall) -> None:
    secret = mall.done("/webhooks", {"url": URL}, key="k")["secret"]
    kept = kept_of(mall)
    assert secret not in kept.body
    assert json.loads(kept.body)["secret"] is None
    assert mall.done("/webhooks", {"url": URL}, key="k")["secret"] == secret


def test_an_endpoint_that_is_off_tells_its_first_answer_still(mall: Mall) -> None:
    first = mall.post("/webhooks", {"url": URL, "types": ["day.closed"]}, key="k")
    delete(mall, "/webhooks/1", "off")
    again = mall.post("/webhooks", {"url": URL, "types": ["day.closed"]}, key="k")
    assert again.content == first.content


def test_once_the_secret_is_another_the_first_answer_tells_none(mall: Mall) -> None:
    first = mall.done("/webhooks", {"url": URL}, key="k")
    rows = Endpoint.objects.using(mall.alias).filter(programme_id=mall.programme)
    rows.update(secret="whsec_another")
    without = first | {"secret": None}
    assert mall.post("/webhooks", {"url": URL}, key="k").json() == without
    rows.delete()
    again = mall.post("/webhooks", {"url": URL}, key="k")
    assert (again.status_code, again.json()) == (201, without)
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_key_of_a_command_is_taken_for_a_webhook_and_the_other_way_round(mall: Mall) -> None:
    line = b'{"order_id":"b","member_id":"li","amount":"1"}\n'
    mall.done("/treasury/funds", {"amount": "1"}, key="money")
    mall.batch(line, key="bulk")
    mall.done("/webhooks", {"url": URL}, key="webhook")
    for key in ("money", "bulk"):
        refused = mall.post("/webhooks", {"url": URL}, key=key)
        assert (refused.status_code, refused.json()["code"]) == (422, "key_taken")
        assert delete(mall, "/webhooks/1", key).json()["code"] == "key_taken"
    refused = mall.post("/treasury/funds", {"amount": "1"}, key="webhook")
    assert (refused.status_code, refused.json()["code"]) == (422, "key_taken")
    assert mall.batch(line, key="webhook").json()["code"] == "key_taken"
    assert len(mall.get("/webhooks").json()["items"]) == 1
    assert mall.get("").json()["treasury_free"] == "1"
    # Another client's keys are its own.
    assert mall.second_client().post("/webhooks", {"url": URL}, key="money").status_code == 201


def test_one_key_for_both_at_once_means_one_of_them(mall: Mall, second_server: Server) -> None:
    there = mall.second_client_at(second_server)
    for n in range(8):
        key, funds = f"k{n}", {"amount": "1"}
        answers = at_once(
            [
                partial(mall.post, "/webhooks", {"url": URL}, key),
                partial(there.post, "/treasury/funds", funds, key),
            ]
        )
        assert sorted(answer.status_code for answer in answers) == [201, 422], key
    done = len(mall.get("/webhooks").json()["items"]) + int(mall.get("").json()["treasury_free"])
    assert done == 8


def test_twenty_endpoints_are_twenty_however_many_ask_at_once(
    mall: Mall, second_server: Server
) -> None:
    there = mall.second_client_at(second_server)
    for _ in range(18):
        mall.done("/webhooks", {"url": URL})
    asking = [partial(one.post, "/webhooks", {"url": URL}) for one in (mall, there) * 4]
    answers = at_once(asking)
    assert sorted(answer.status_code for answer in answers) == [201] * 2 + [422] * 6


def test_a_key_belongs_to_one_address_too(mall: Mall) -> None:
    mall.done("/webhooks", {"url": URL})
    mall.done("/webhooks", {"url": URL})
    assert delete(mall, "/webhooks/1", "k").json() == {"done": True}
    assert delete(mall, "/webhooks/2", "k").json()["code"] == "key_taken"
    assert delete(mall, "/webhooks/1", "k").headers["Idempotent-Replayed"] == "true"


def test_a_write_without_a_key_is_refused(mall: Mall) -> None:
    answer = mall.http.post(f"{mall.url}/webhooks", json={"url": URL})
    assert (answer.status_code, answer.json()["code"]) == (400, "key_missing")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://127.0.0.1/hook", "the host has an address that is not public"),
        ("https://[::1]/hook", "the host has an address that is not public"),
        ("https://169.254.169.254/latest", "the host has an address that is not public"),
        ("https://localhost/hook", "the host has an address that is not public"),
        ("http://93.184.216.34/hook", "must begin with https://"),
        ("https://", "needs a host, and neither a password nor a fragment"),
    ],
)
def test_a_url_that_leads_inside_is_refused(mall: Mall, url: str, message: str) -> None:
    answer = mall.post("/webhooks", {"url": url})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"] == [{"where": "url", "message": message}]
    assert mall.get("/webhooks").json()["items"] == []


def test_a_type_that_is_none_is_refused(mall: Mall) -> None:
    answer = mall.post("/webhooks", {"url": URL, "types": ["order.sold"]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["message"].startswith("type order.sold: choose from order.")


def test_a_client_has_twenty_endpoints_at_most(mall: Mall) -> None:
    for _ in range(20):
        mall.done("/webhooks", {"url": URL})
    assert "at most 20" in mall.post("/webhooks", {"url": URL}).json()["errors"][0]["message"]
    delete(mall, "/webhooks/7", "k")
    assert mall.done("/webhooks", {"url": URL})["number"] == 21


def test_another_clients_endpoint_is_not_there(mall: Mall, new_mall: Callable[..., Mall]) -> None:
    mall.done("/webhooks", {"url": URL})
    stranger = new_mall()
    for other in (mall.second_client(), stranger):
        assert other.get("/webhooks").json()["items"] == []
        assert other.get("/webhooks/1/deliveries").status_code == 404
        assert other.post("/webhooks/1/replay", {"from_sequence": 0}).status_code == 404
        assert delete(other, "/webhooks/1", "k").status_code == 404
    assert stranger.http.get(f"{mall.url}/webhooks").status_code == 404
    assert mall.get("/webhooks").json()["items"][0]["active"] is True
    assert mall.get(f"/webhooks/{2**40}/deliveries").status_code == 404


def test_the_scope_is_needed(mall: Mall) -> None:
    mall.done("/webhooks", {"url": URL})
    other = mall.second_client([name for name in SCOPES if name != "webhooks:write"])
    assert other.get("/webhooks").json()["code"] == "forbidden"
    assert other.post("/webhooks", {"url": URL}).status_code == 403
    assert delete(other, "/webhooks/1", "k").status_code == 403


def test_what_was_sent_and_what_waits_is_listed(
    mall: Mall, listening: dict[str, Any], receiver: Receiver, clock: Clock
) -> None:
    mall.done("/orders", ORDER)
    mall.done("/orders", ORDER | {"order_id": "o2", "member_id": "wang"})
    receiver.answer = lambda document: 503 if document["data"].get("member_id") == "wang" else 200
    deliver(mall, clock)
    page = mall.get("/webhooks/1/deliveries").json()
    found = [(one["type"], one["member_id"], one["state"]) for one in page["items"]]
    assert found == [
        ("order.paid", "li", "delivered"),
        ("order.matured", "li", "delivered"),
        ("points.awarded", "li", "delivered"),
        ("order.paid", "wang", "pending"),
        ("order.matured", "wang", "parked"),
        ("points.awarded", "wang", "parked"),
    ]
    (pending,) = mall.get("/webhooks/1/deliveries", state="pending").json()["items"]
    sequence = listening_sequence(page)
    assert pending == {
        "place": f"{sequence}-0",
        "id": f"{mall.programme}-{sequence}-0",
        "type": "order.paid",
        "member_id": "wang",
        "state": "pending",
        "attempts": 1,
        "next_at": pending["next_at"],
        "last_status": 503,
        "last_error": "answered 503",
    }
    assert receiver.forged == []


def listening_sequence(page: dict[str, Any]) -> int:
    """The sequence number of the last message of a page."""
    return int(page["items"][-1]["place"].split("-")[0])


def test_deliveries_are_listed_page_by_page(
    mall: Mall, listening: dict[str, Any], receiver: Receiver, clock: Clock
) -> None:
    mall.done("/orders", ORDER)
    mall.done("/members/li/redemptions", {"points": "1"})
    deliver(mall, clock)
    whole = mall.get("/webhooks/1/deliveries").json()["items"]
    pieces: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = mall.get("/webhooks/1/deliveries", limit=1, **after).json()
        pieces += page["items"]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert pieces == whole
    assert len(whole) == 4
    for wrong in ({"after": "1"}, {"after": "1-2-3"}, {"state": "lost"}, {"limit": 0}):
        assert mall.get("/webhooks/1/deliveries", **wrong).status_code == 422


def test_a_replay_sends_the_same_messages_once_more(
    mall: Mall, listening: dict[str, Any], receiver: Receiver, clock: Clock
) -> None:
    mall.done("/orders", ORDER)
    deliver(mall, clock)
    first = [(one.name, one.document) for one in receiver.got]
    assert mall.done("/webhooks/1/replay", {"from_sequence": 0}) == {"from_sequence": 0}
    deliver(mall, clock)
    again = [(one.name, one.document) for one in receiver.got[len(first) :]]
    assert again == first
    ahead = mall.post("/webhooks/1/replay", {"from_sequence": 10**6})
    assert ahead.json()["errors"][0]["where"] == "from_sequence"


def test_an_endpoint_that_is_switched_off_gets_nothing_and_stays_listed(
    mall: Mall, listening: dict[str, Any], receiver: Receiver, clock: Clock
) -> None:
    assert delete(mall, "/webhooks/1", "k").status_code == 200
    mall.done("/orders", ORDER)
    deliver(mall, clock)
    assert receiver.got == []
    assert mall.get("/webhooks").json()["items"][0]["active"] is False
    assert mall.get("/webhooks/1/deliveries").json() == {"items": [], "next": None}


def test_what_was_delivered_long_ago_is_listed_no_more(
    mall: Mall, listening: dict[str, Any], receiver: Receiver, clock: Clock
) -> None:
    mall.done("/orders", ORDER)
    deliver(mall, clock)
    clock.goes_on(31 * 86_400 * SECOND)
    mall.done("/orders", ORDER | {"order_id": "o2", "member_id": "wang"})
    receiver.secret, receiver.answer = "", lambda _document: 500
    deliver(mall, clock)
    items = mall.get("/webhooks/1/deliveries").json()["items"]
    assert [(one["member_id"], one["state"]) for one in items] == [
        ("wang", "pending"),
        ("wang", "parked"),
        ("wang", "parked"),
    ]
    assert mall.get("/webhooks/1/deliveries", state="delivered").json()["items"] == []


def test_what_a_replay_has_yet_to_drop_is_not_listed(
    mall: Mall, listening: dict[str, Any], receiver: Receiver, clock: Clock
) -> None:
    mall.done("/orders", ORDER)
    deliver(mall, clock)
    rows = Endpoint.objects.using(mall.alias).filter(programme_id=mall.programme)
    rows.update(dropping=True, position=0)
    assert mall.get("/webhooks/1/deliveries").json() == {"items": [], "next": None}
    deliver(mall, clock)
    assert len(mall.get("/webhooks/1/deliveries").json()["items"]) == 3


def test_endpoints_are_listed_page_by_page(mall: Mall) -> None:
    for _ in range(3):
        mall.done("/webhooks", {"url": URL})
    whole = mall.get("/webhooks").json()
    first = mall.get("/webhooks", limit=2).json()
    second = mall.get("/webhooks", limit=2, after=first["next"]).json()
    assert (first["next"], second["next"], whole["next"]) == (2, None, None)
    assert first["items"] + second["items"] == whole["items"]


def test_the_document_describes_webhooks_with_examples(server: Server) -> None:
    document = httpx.get(f"{server.url}/openapi.json", timeout=60).json()
    paths = {path for path in document["paths"] if "webhooks" in path}
    assert {path.split("{programme}")[1] for path in paths} >= {
        "/webhooks",
        "/webhooks/{number}",
        "/webhooks/{number}/deliveries",
        "/webhooks/{number}/replay",
    }
    schemas = document["components"]["schemas"]
    for name in ("WebhookIn", "WebhookMade", "WebhookOut", "DeliveryOut", "ReplayIn"):
        assert schemas[name]["examples"], name
