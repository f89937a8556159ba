"""Webhooks of malls against the real server: what they do, and what may not happen twice."""

import base64
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from shareback.api.connectors.connections import change_secret, switch_off
from shareback.api.models import BulkAnswer, Written
from tests.backends.servers import Mall
from tests.connectors.shops import OWN, SECRET, Document, Shop, hmac_of, recorded

SHOPIFY_ORDER = "820982911946154508"
YOUZAN_ORDER = "E20180918101734022600020"
OK = httpx.codes.OK


@pytest.fixture
def dollars(new_mall: Callable[..., Mall]) -> Mall:
    """A programme in dollars whose orders mature a week after their receipt."""
    return new_mall(currency="USD", maturity_days=7)


@pytest.fixture
def yuan(new_mall: Callable[..., Mall]) -> Mall:
    """The same in yuan."""
    return new_mall(maturity_days=7)


def order_of(mall: Mall, order_id: str) -> Document:
    """An order as the API tells it."""
    found = mall.get(f"/orders/{order_id}")
    assert found.status_code == OK, found.text
    document: Document = found.json()
    return document


def nothing_happened(mall: Mall) -> bool:
    """Whether a programme is as it was opened: its journal holds the opening alone."""
    told = mall.get("").json()
    return bool(told["sequence"] == 1 and told["members"] == 0 and told["orders"] == 0)


def test_shopify_from_payment_to_refund(dollars: Mall) -> None:
    shop = Shop(dollars, "shopify")
    paid = shop.shopify("orders/paid", recorded("shopify.orders_paid"))
    assert (paid.status_code, paid.json()) == (
        OK,
        {
            "done": [
                {
                    "does": "pay",
                    "order_id": SHOPIFY_ORDER,
                    "member_id": "115310627314723954",
                    "amount": "409.94",
                }
            ],
            "passed": [],
        },
    )
    order = order_of(dollars, SHOPIFY_ORDER)
    assert (order["member_id"], order["amount"]) == ("115310627314723954", "409.94")
    assert order["matures_on"] is None
    sent = shop.shopify("orders/fulfilled", recorded("shopify.orders_fulfilled"))
    assert sent.json()["done"] == [{"does": "receive", "order_id": SHOPIFY_ORDER}]
    back = shop.shopify("refunds/create", recorded("shopify.refunds_create"))
    assert back.json()["done"][0]["amount"] == "109.94"
    order = order_of(dollars, SHOPIFY_ORDER)
    assert (order["amount"], order["refunded"]) == ("409.94", "109.94")
    assert order["matures_on"] is not None
    again = shop.shopify("orders/updated", recorded("shopify.orders_updated"))
    assert [one["already"] for one in again.json()["done"]] == [True, True]
    assert order_of(dollars, SHOPIFY_ORDER) == order


def test_woocommerce_from_payment_to_full_refund(dollars: Mall) -> None:
    shop = Shop(dollars, "woocommerce", prefix="woo-", merchant_id="bakery")
    first = shop.woocommerce(recorded("woocommerce.order_updated.processing"))
    assert [one["does"] for one in first.json()["done"]] == ["pay"]
    assert first.json()["passed"] == [
        "order.updated: receive only if status == completed; found processing"
    ]
    order = order_of(dollars, "woo-727")
    assert (order["member_id"], order["merchant_id"]) == ("woo-26", "bakery")
    done = shop.woocommerce(recorded("woocommerce.order_updated.completed"))
    assert [one.get("already") for one in done.json()["done"]] == [True, None]
    part = shop.woocommerce(recorded("woocommerce.order_updated.partly_refunded"))
    assert part.status_code == OK
    assert order_of(dollars, "woo-727")["refunded"] == "11"
    full = shop.woocommerce(recorded("woocommerce.order_updated.refunded"))
    assert full.status_code == OK
    order = order_of(dollars, "woo-727")
    assert (order["refunded"], order["state"]) == ("29.35", "closed")
    assert dollars.get("").json()["orders"] == 1


def test_a_full_refund_that_comes_first_leaves_a_closed_order(dollars: Mall) -> None:
    shop = Shop(dollars, "woocommerce")
    full = recorded("woocommerce.order_updated.refunded") | {"status": "completed"}
    assert shop.woocommerce(full).json()["done"][-1] == {
        "does": "receive",
        "order_id": "727",
        "already": True,
    }
    assert order_of(dollars, "727")["state"] == "closed"


@pytest.mark.parametrize("event_sign", [True, False])
def test_youzan_from_payment_to_refund(yuan: Mall, event_sign: bool) -> None:  # noqa: FBT001
    shop = Shop(yuan, "youzan")
    paid = shop.youzan(recorded("youzan.trade_TradePaid"), event_sign=event_sign)
    assert paid.status_code == OK, paid.text
    assert (paid.json()["code"], paid.json()["msg"]) == (0, "success")
    order = order_of(yuan, YOUZAN_ORDER)
    assert (order["member_id"], order["amount"]) == ("290195682", "68.8")
    back = shop.youzan(recorded("youzan.trade_refund_RefundSuccess"), event_sign=event_sign)
    assert back.json()["done"][0]["amount"] == "20.5"
    got = shop.youzan(recorded("youzan.trade_TradeSuccess"), event_sign=event_sign)
    assert got.json()["done"] == [{"does": "receive", "order_id": YOUZAN_ORDER}]
    order = order_of(yuan, YOUZAN_ORDER)
    assert (order["refunded"], order["matures_on"] is None) == ("20.5", False)


def test_the_receipt_of_an_order_that_did_not_count_is_passed_over(yuan: Mall) -> None:
    told = Shop(yuan, "youzan").youzan(recorded("youzan.trade_TradeSuccess"))
    assert (told.status_code, told.json()["done"][0]["unknown"]) == (OK, True)
    assert nothing_happened(yuan)


def test_a_mall_with_a_shape_of_its_own(yuan: Mall) -> None:
    shop = Shop(yuan, mapping=OWN)
    now = int(datetime.now(UTC).timestamp())
    order = {
        "no": "n1",
        "buyer": {"phone": "130"},
        "seller": "noodles",
        "total_cents": 1999,
        "currency": "CNY",
    }
    paid = shop.own({"event": "paid", "sent_at": now, "order": order})
    assert paid.json()["done"][0]["amount"] == "19.99"
    assert order_of(yuan, "n1")["merchant_id"] == "noodles"
    lines = [{"cents": 500}, {"cents": 99}]
    back = {"event": "given back", "sent_at": now, "order": {"no": "n1"}}
    assert shop.own(back | {"refund": {"no": "r1", "lines": lines}}).status_code == OK
    assert order_of(yuan, "n1")["refunded"] == "5.99"
    old = shop.own({"event": "arrived", "sent_at": now - 700, "order": {"no": "n1"}})
    assert (old.status_code, "is too old" in old.json()["detail"]) == (422, True)
    ahead = shop.own({"event": "arrived", "sent_at": now + 700, "order": {"no": "n1"}})
    assert ahead.status_code == 422
    assert order_of(yuan, "n1")["matures_on"] is None
    assert shop.own({"event": "arrived", "sent_at": now, "order": {"no": "n1"}}).status_code == OK


def test_a_wrong_signature_or_a_changed_body_does_nothing(dollars: Mall) -> None:
    shop = Shop(dollars, "shopify")
    document = recorded("shopify.orders_paid")
    body = json.dumps(document).encode()
    right = base64.b64encode(hmac_of(body)).decode()
    wrong = base64.b64encode(hmac_of(body, "a secret that is not it")).decode()
    headers = {"X-Shopify-Topic": "orders/paid", "X-Shopify-Webhook-Id": "w1"}
    answers = [
        shop.post(body, headers),
        shop.post(body, headers | {"X-Shopify-Hmac-Sha256": wrong}),
        shop.post(body.replace(b"409.94", b"909.94"), headers | {"X-Shopify-Hmac-Sha256": right}),
        shop.post(b"nonsense", headers | {"X-Shopify-Hmac-Sha256": right}),
        shop.post(b"", headers | {"X-Shopify-Hmac-Sha256": ""}),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorised")
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert nothing_happened(dollars)


def test_youzans_message_cannot_be_changed_under_either_signature(yuan: Mall) -> None:
    shop = Shop(yuan, "youzan")
    document = recorded("youzan.trade_TradePaid")
    assert shop.post(json.dumps(document | {"sign": "0" * 32}).encode(), {}).status_code == 401
    body = json.dumps(document).encode()
    assert shop.post(body, {"Event-Sign": "0" * 32}).status_code == 401
    assert nothing_happened(yuan)


def test_a_delivery_that_is_sent_again_gets_its_first_answer(dollars: Mall) -> None:
    shop = Shop(dollars, "shopify")
    document = recorded("shopify.orders_paid")
    first = shop.shopify("orders/paid", document, delivery="w1")
    shop.shopify("refunds/create", recorded("shopify.refunds_create"))
    again = shop.shopify("orders/paid", document, delivery="w1")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    other = shop.shopify("orders/paid", document, delivery="w2")
    assert other.json()["done"][0]["already"] is True
    assert dollars.get("").json()["orders"] == 1


def test_one_delivery_that_comes_many_times_at_once_is_done_once(dollars: Mall) -> None:
    shop = Shop(dollars, "shopify")
    document = recorded("shopify.orders_paid")
    with ThreadPoolExecutor(16) as threads:
        sent = [
            threads.submit(shop.shopify, "orders/paid", document, f"w{number % 2}")
            for number in range(32)
        ]
        answers = [one.result() for one in sent]
    assert OK in {one.status_code for one in answers}
    others = {one.json().get("code") for one in answers if one.status_code != OK}
    assert others <= {"key_in_flight"}
    assert dollars.get("").json()["orders"] == 1


def test_one_id_for_several_bodies_hides_none_of_them(dollars: Mall) -> None:
    shop = Shop(dollars, "woocommerce")
    document = recorded("woocommerce.order_updated.processing")
    for number in (1, 2, 3):
        assert shop.woocommerce(document | {"id": number}, delivery="same").status_code == OK
    assert dollars.get("").json()["orders"] == 3


def test_a_refused_delivery_is_worked_on_anew_when_it_comes_again(dollars: Mall) -> None:
    shop = Shop(dollars, "shopify")
    refund = recorded("shopify.refunds_create")
    early = shop.shopify("refunds/create", refund, delivery="w1")
    assert (early.status_code, early.json()["code"]) == (404, "order_unknown")
    assert early.json()["detail"] == f"refund of order {SHOPIFY_ORDER}"
    shop.shopify("orders/paid", recorded("shopify.orders_paid"))
    assert shop.shopify("refunds/create", refund, delivery="w1").status_code == OK
    assert order_of(dollars, SHOPIFY_ORDER)["refunded"] == "109.94"


def test_a_second_event_for_an_order_is_taken_quietly_and_changes_nothing(dollars: Mall) -> None:
    shop = Shop(dollars, "shopify")
    document = recorded("shopify.orders_paid")
    shop.shopify("orders/paid", document)
    order = order_of(dollars, SHOPIFY_ORDER)
    again = shop.shopify("orders/updated", document)
    assert (again.status_code, again.json()["done"][0]["already"]) == (OK, True)
    edited = shop.shopify("orders/updated", document | {"total_price": "999.00"})
    assert (edited.status_code, edited.json()["done"][0]["conflict"]) == (OK, True)
    assert order_of(dollars, SHOPIFY_ORDER) == order


def test_a_refund_above_what_was_paid_is_refused_as_the_rules_do(dollars: Mall) -> None:
    shop = Shop(dollars, "woocommerce")
    document = recorded("woocommerce.order_updated.processing")
    over = document | {"refunds": [{"id": 1, "total": "-9.35"}, {"id": 2, "total": "-20.01"}]}
    answer = shop.woocommerce(over)
    assert (answer.status_code, answer.json()["code"]) == (409, "refund_above_paid")
    assert (answer.json()["have"], answer.json()["need"]) == ("20", "20.01")
    exact = document | {"refunds": [{"id": 1, "total": "-9.35"}, {"id": 2, "total": "-20.00"}]}
    assert shop.woocommerce(exact).status_code == OK
    assert order_of(dollars, "727")["refunded"] == "29.35"


def test_another_currency_is_refused_and_nothing_is_left_half_done(yuan: Mall) -> None:
    answer = Shop(yuan, "shopify").shopify("orders/paid", recorded("shopify.orders_paid"))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["detail"] == (
        "orders/paid: currency: USD is not the programme's CNY;"
        " connect the mall to a programme in its currency"
    )
    assert nothing_happened(yuan)


def test_a_missing_place_is_named_in_one_line(dollars: Mall) -> None:
    document = recorded("shopify.orders_paid")
    del document["total_price"]
    answer = Shop(dollars, "shopify").shopify("orders/paid", document)
    assert answer.status_code == 422
    assert answer.json()["detail"] == (
        "orders/paid: amount: total_price is not there;"
        " mend the shape's amount or the mall's payload"
    )
    assert nothing_happened(dollars)


def test_an_unknown_topic_is_passed_over_with_its_reason(dollars: Mall) -> None:
    answer = Shop(dollars, "shopify").shopify("carts/update", {"id": 1})
    assert (answer.status_code, answer.json()) == (
        OK,
        {"done": [], "passed": ["carts/update: the shape has no rule for this topic"]},
    )
    assert nothing_happened(dollars)


def test_an_old_event_of_shopify_is_refused(dollars: Mall) -> None:
    shop = Shop(dollars, "shopify")
    long_ago = (datetime.now(UTC) - timedelta(days=2, minutes=1)).isoformat()
    document = recorded("shopify.orders_paid")
    old = shop.shopify("orders/paid", document, X_Shopify_Triggered_At=long_ago)
    assert old.status_code == 422
    for moment, fault in (("", "is missing"), ("yesterday", "is neither ISO 8601")):
        answer = shop.shopify("orders/paid", document, X_Shopify_Triggered_At=moment)
        assert fault in answer.json()["detail"]
    assert nothing_happened(dollars)
    nanoseconds = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.123456789Z")
    fine = shop.shopify("orders/paid", document, X_Shopify_Triggered_At=nanoseconds)
    assert fine.status_code == OK


def test_woocommerces_unsigned_trial_is_answered_and_does_nothing(dollars: Mall) -> None:
    shop = Shop(dollars, "woocommerce")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert shop.post(b"webhook_id=7", form).status_code == OK
    assert shop.post(b"webhook_id=7" + b"7" * 64, form).status_code == 401
    other = Shop(dollars, "shopify", prefix="shopify-")
    assert other.post(b"webhook_id=7", form).status_code == 401
    assert nothing_happened(dollars)


def test_a_changed_secret_leaves_the_one_before_for_a_while(dollars: Mall) -> None:
    shop = Shop(dollars, "woocommerce")
    change_secret(shop.connection, "another secret of it", dollars.alias)
    assert shop.woocommerce(recorded("woocommerce.order_updated.processing")).status_code == OK
    shop.connection.before_ends_at = 1
    shop.connection.save(using=dollars.alias)
    late = shop.woocommerce(recorded("woocommerce.order_updated.completed"))
    assert late.status_code == 401


def test_a_connection_that_is_off_or_of_another_programme_is_not_there(
    dollars: Mall, yuan: Mall
) -> None:
    shop = Shop(dollars, "shopify")
    shop.url = f"{yuan.url}/connections/shopify"
    document = recorded("shopify.orders_paid")
    assert shop.shopify("orders/paid", document).status_code == 404
    shop.url = f"{dollars.server.url}/programmes/{10**20}/connections/shopify"
    assert shop.shopify("orders/paid", document).status_code == 404
    shop.url = f"{dollars.url}/connections/shopify"
    switch_off(shop.connection, dollars.alias)
    assert shop.shopify("orders/paid", document).status_code == 404
    assert nothing_happened(dollars)


def test_a_delivery_from_outside_the_allow_list_is_refused(yuan: Mall) -> None:
    shop = Shop(yuan, "youzan")
    shop.connection.networks = "203.0.113.0/24"
    shop.connection.save(using=yuan.alias)
    answer = shop.youzan(recorded("youzan.trade_TradePaid"))
    assert (answer.status_code, answer.json()["code"]) == (403, "address_forbidden")
    assert nothing_happened(yuan)


@pytest.mark.parametrize("text", ["\ud800", "a\x00b", "x" * 201])
def test_an_id_that_cannot_be_stored_is_refused_in_words(dollars: Mall, text: str) -> None:
    document = recorded("shopify.orders_paid") | {"id": text}
    answer = Shop(dollars, "shopify").shopify("orders/paid", document)
    assert (answer.status_code, answer.json()["code"]) == (422, "id_invalid")
    assert dollars.get("").json()["orders"] == 0


def test_what_a_connection_wrote_is_noted_under_its_number_with_a_minus(dollars: Mall) -> None:
    shop = Shop(dollars, "shopify")
    shop.shopify("orders/paid", recorded("shopify.orders_paid"))
    (note,) = Written.objects.using(dollars.alias).filter(programme_id=dollars.programme)
    assert (note.client, note.accepted, note.refused) == (-shop.connection.number, 2, 0)
    assert note.path.endswith("/connections/shopify")
    kept = BulkAnswer.objects.using(dollars.alias).filter(programme_id=dollars.programme)
    assert SECRET not in "".join(one.key for one in kept)


def test_the_document_of_the_api_does_not_list_what_only_malls_post_to(dollars: Mall) -> None:
    document = httpx.get(f"{dollars.server.url}/openapi.json", timeout=60).json()
    assert not [path for path in document["paths"] if "connections" in path]
