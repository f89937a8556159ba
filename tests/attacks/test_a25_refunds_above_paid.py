"""A25, A26: more back than was paid, or for what was never captured."""

from tests.backends.servers import Mall


def test_refunds_together_never_pass_what_was_paid(mall: Mall) -> None:
    mall.done("/orders", {"order_id": "o", "member_id": "li", "amount": "100"})
    mall.done("/orders/o/refunds", {"refund_id": "a", "amount": "60"})
    more = mall.post("/orders/o/refunds", {"refund_id": "b", "amount": "40.000001"})
    assert more.json() | {"title": ""} == {
        "type": "urn:shareback:problem:refund_above_paid",
        "title": "",
        "status": 409,
        "code": "refund_above_paid",
        "rule": "R6.2",
        "have": "40",
        "need": "40.000001",
    }
    assert mall.get("/orders/o").json()["refunded"] == "60"


def test_what_was_never_paid_is_not_refunded(mall: Mall) -> None:
    answer = mall.post("/orders/none/refunds", {"refund_id": "a", "amount": "1"})
    assert (answer.status_code, answer.json()["code"]) == (404, "order_unknown")
