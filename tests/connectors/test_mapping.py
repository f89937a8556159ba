"""What an event means: the recorded ones, their nearest negatives, and only cash."""

import json

import pytest

from shareback.api.connectors.mapping import (
    EACH_MAX,
    Act,
    Meant,
    Passed,
    Terms,
    Unmapped,
    meaning,
    payload_of,
)
from shareback.api.connectors.paths import Condition, Scope, holds
from shareback.api.connectors.shapes import built_in, read_shape
from tests.connectors.shops import OWN, Document, recorded, with_msg

DOLLARS = Terms("USD")
YUAN = Terms("CNY")
SHOPIFY_PAID = Act("pay", "820982911946154508", "115310627314723954", "", "", 409_940_000)
OWN_PAID: Document = {
    "event": "paid",
    "order": {
        "no": "n1",
        "buyer": {"open_id": "", "phone": "130"},
        "seller": "noodles",
        "total_cents": 1000,
        "currency": "CNY",
        "vouchers": [{"kind": "gift_card", "cents": 300}, {"kind": "credit", "cents": 100}],
    },
}


def of(shape: str, topic: str, document: object, terms: Terms = DOLLARS) -> list[Meant]:
    """What a document means in a shape that comes along, or in `OWN`."""
    read = read_shape(OWN if shape == "own" else built_in(shape))
    return meaning(read, topic, payload_of(read, json.dumps(document).encode()), terms)


def reasons(meant: list[Meant]) -> list[str]:
    """Why nothing was done."""
    assert all(isinstance(one, Passed) for one in meant)
    return [one.reason for one in meant if isinstance(one, Passed)]


def test_shopify_pays_what_the_order_came_to() -> None:
    assert of("shopify", "orders/paid", recorded("shopify.orders_paid")) == [SHOPIFY_PAID]


def test_shopify_gives_back_the_cash_that_went_back_and_nothing_else() -> None:
    (meant,) = of("shopify", "refunds/create", recorded("shopify.refunds_create"))
    assert meant == Act("refund", "820982911946154508", "", "", "890088186047892319", 109_940_000)


def test_a_whole_order_of_shopify_holds_its_refunds() -> None:
    paid, refund = of("shopify", "orders/updated", recorded("shopify.orders_updated"))
    assert paid == SHOPIFY_PAID
    assert refund == Act("refund", "820982911946154508", "", "", "890088186047892319", 109_940_000)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"financial_status": "pending"}, "financial_status == paid"),
        ({"financial_status": "partially_paid"}, "found partially_paid"),
        ({"customer": None}, "customer.id exists; found nothing"),
        ({"payment_gateway_names": ["visa", "gift_card"]}, "found visa, gift_card"),
        ({"payment_gateway_names": ["shopify_store_credit"]}, "found shopify_store_credit"),
        ({"test": True}, "test != true"),
        ({"total_price": "0.00"}, "nothing of it was cash"),
    ],
)
def test_an_order_that_may_not_earn_is_passed_over(change: Document, found: str) -> None:
    document = recorded("shopify.orders_paid") | change
    (reason,) = reasons(of("shopify", "orders/paid", document))
    assert found in reason


def test_woocommerce_pays_gives_back_and_receives_from_one_document() -> None:
    document = recorded("woocommerce.order_updated.partly_refunded")
    assert of("woocommerce", "order.updated", document) == [
        Act("pay", "727", "26", "", "", 29_350_000),
        Act("refund", "727", "", "", "726", 10_000_000),
        Act("refund", "727", "", "", "724", 1_000_000),
        Act("receive", "727"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"status": "on-hold"},
        {"status": "pending"},
        {"date_paid": None},
        {"customer_id": 0},
        {"payment_method": "wallet"},
    ],
)
def test_nothing_of_an_order_that_is_not_paid_in_cash_by_a_member_is_done(
    change: Document,
) -> None:
    document = recorded("woocommerce.order_updated.partly_refunded") | change
    assert reasons(of("woocommerce", "order.updated", document))


def test_an_amount_that_lacks_its_minus_is_another_thing() -> None:
    document = recorded("woocommerce.order_updated.partly_refunded")
    document["refunds"] = [{"id": 1, "total": "10.00"}]
    with pytest.raises(Unmapped, match=r"order\.updated: amount: '10\.00' has no minus"):
        of("woocommerce", "order.updated", document)


def test_youzan_pays_what_was_paid_and_not_what_it_cost() -> None:
    paid, *rest = of("youzan", "trade_TradePaid", recorded("youzan.trade_TradePaid"), YUAN)
    assert paid == Act("pay", "E20180918101734022600020", "290195682", "", "", 68_800_000)
    assert rest == []


@pytest.mark.parametrize("pay_type", [0, 9, 25, 28, 33, 35, 90, 106, 107, 202, 300])
def test_gift_cards_and_stored_value_of_youzan_earn_nothing(pay_type: int) -> None:
    text = json.dumps(recorded("youzan.trade_TradePaid"))
    document = json.loads(text.replace("pay_type%22:10", f"pay_type%22:{pay_type}"))
    (reason,) = reasons(of("youzan", "trade_TradePaid", document, YUAN))
    assert reason.endswith(f"found {pay_type}")


def test_youzan_refunds_at_agreement_only_where_no_goods_come_back() -> None:
    fields = {"tid": "E1", "refund_id": "r1", "refunded_fee": "20.50"}
    recorded_push = recorded("youzan.trade_refund_RefundSuccess")
    agreed = with_msg(recorded_push, **fields, refund_type="REFUND_AND_RETURN")
    assert reasons(of("youzan", "trade_refund_RefundSellerAgree", agreed, YUAN))
    agreed = with_msg(recorded_push, **fields, refund_type="REFUND_ONLY")
    (meant,) = of("youzan", "trade_refund_RefundSellerAgree", agreed, YUAN)
    assert meant == Act("refund", "E1", "", "", "r1", 20_500_000)


def test_a_push_whose_message_is_an_object_is_read_too() -> None:
    msg = {"tid": "E1", "refund_id": "r1", "refunded_fee": "20.50"}
    document = recorded("youzan.trade_refund_RefundSuccess") | {"msg": msg}
    (meant,) = of("youzan", "youzan_trade_RefundSuccess", document, YUAN)
    assert meant == Act("refund", "E1", "", "", "r1", 20_500_000)


def test_cents_alternatives_and_what_was_no_cash_are_counted() -> None:
    terms = Terms("CNY", "shop-", "baker")
    assert of("own", "paid", OWN_PAID, terms) == [
        Act("pay", "shop-n1", "shop-130", "shop-noodles", "", 6_000_000)
    ]


def test_more_vouchers_than_amount_is_a_fault_of_the_payload() -> None:
    order = {**OWN_PAID["order"], "total_cents": 399}  # type: ignore[dict-item]
    with pytest.raises(Unmapped, match="minus: is more than the amount"):
        of("own", "paid", {"event": "paid", "order": order}, YUAN)


@pytest.mark.parametrize("amount", ["1e2", "-1", "1,000", "0.0000001", "", "NaN", None, 1e30, []])
def test_an_amount_that_is_none_is_refused(amount: object) -> None:
    document = recorded("shopify.orders_paid") | {"total_price": amount}
    with pytest.raises(Unmapped, match=r"orders/paid: amount: "):
        of("shopify", "orders/paid", document)


def test_another_currency_than_the_programmes_is_refused() -> None:
    with pytest.raises(Unmapped, match="currency: USD is not the programme's CNY"):
        of("shopify", "orders/paid", recorded("shopify.orders_paid"), YUAN)


def test_a_place_that_is_missing_is_named_with_how_to_mend_it() -> None:
    document = recorded("shopify.refunds_create")
    del document["transactions"]
    with pytest.raises(Unmapped) as told:
        of("shopify", "refunds/create", document)
    assert str(told.value) == (
        "refunds/create: amount: transactions is not there;"
        " mend the shape's amount or the mall's payload"
    )


def test_a_condition_that_misreads_the_payload_is_a_fault_and_not_a_pass() -> None:
    document = recorded("shopify.orders_paid") | {"payment_gateway_names": "visa"}
    with pytest.raises(Unmapped, match="only_if: payment_gateway_names is no list"):
        of("shopify", "orders/paid", document)


def test_one_part_that_cannot_be_read_stops_the_whole_event() -> None:
    document = recorded("woocommerce.order_updated.partly_refunded") | {"refunds": [{"id": 1}]}
    with pytest.raises(Unmapped, match=r"order.updated: amount: \.total is not there"):
        of("woocommerce", "order.updated", document)


def test_a_topic_without_a_rule_is_passed_over() -> None:
    assert reasons(of("shopify", "carts/update", {})) == [
        "carts/update: the shape has no rule for this topic"
    ]
    assert reasons(of("shopify", "orders/create", {})) == [
        "orders/create: the shape ignores this topic"
    ]


@pytest.mark.parametrize("body", [b"", b"[]", b'"text"', b"webhook_id=7"])
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(Unmapped, match="the body is no JSON"):
        payload_of(read_shape(built_in("shopify")), body)


def test_a_message_that_is_no_json_is_refused() -> None:
    with pytest.raises(Unmapped, match="msg is no JSON"):
        payload_of(read_shape(built_in("youzan")), b'{"msg": "%7Bnonsense"}')


def with_refunds(count: int, gateways: int) -> Document:
    """An order of Shopify's with many refunds, and many gateways that each rule asks for."""
    document = recorded("shopify.orders_updated")
    refunds = document["refunds"]
    assert isinstance(refunds, list)
    many = [{**refunds[0], "id": number} for number in range(count)]
    return document | {"refunds": many, "payment_gateway_names": ["visa"] * gateways}


def test_what_does_not_depend_on_an_element_is_looked_up_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else one body of the largest size would hold a thread for hours (A62)."""
    looked: list[Condition] = []

    def counted(condition: Condition, scope: Scope) -> bool:
        looked.append(condition)
        return holds(condition, scope)

    monkeypatch.setattr("shareback.api.connectors.mapping.holds", counted)
    acts = of("shopify", "orders/updated", with_refunds(EACH_MAX, 20_000))
    assert len(acts) == 1 + EACH_MAX
    assert len(looked) == 8, "four conditions of each of two rules"


def test_a_list_longer_than_any_order_s_is_refused() -> None:
    with pytest.raises(Unmapped, match=r"each: has 1,001 elements, more than 1,000"):
        of("shopify", "orders/updated", with_refunds(EACH_MAX + 1, 1))
