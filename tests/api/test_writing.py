"""Every write: its key, its answer, its refusals."""

import json
from collections.abc import Callable

import httpx

from tests.backends.servers import Mall

ORDER = {"order_id": "o1", "member_id": "li", "amount": "100.00", "received": True}


def test_an_order_earns_points_that_can_be_sold_spent_and_converted(mall: Mall) -> None:
    mall.done("/merchants", {"merchant_id": "noodles"})
    assert mall.done("/orders", ORDER) == {"order_id": "o1", "number": 1}
    assert mall.done("/members/li/redemptions", {"points": "7"}) == {
        "points": "7",
        "gross": "10",
        "fee": "1",
        "net": "9",
    }
    assert mall.done("/members/li/conversions", {"points": "7"}) == {"points": "7", "coins": "10.5"}
    paid = {"payment_id": "p1", "merchant_id": "noodles", "coins": "8"}
    assert mall.done("/members/li/payments", paid)["number"] == 1
    assert mall.done("/payments/p1/refunds", {"coins": "3"}) == {"done": True}
    member = mall.get("/members/li").json()
    assert (member["points"], member["cash"], member["coins"]) == ("7", "9", "5.5")
    exchanged = mall.done("/merchants/noodles/exchanges", {"coins": "5"})
    assert exchanged["coins"] == "5"
    assert mall.get("/merchants/noodles").json()["coins"] == "0"


def test_the_same_key_with_the_same_body_gets_the_first_answer_byte_for_byte(mall: Mall) -> None:
    first = mall.post("/orders", ORDER, key="k")
    mall.done("/members/li/redemptions", {"points": "21"})
    again = mall.post("/orders", ORDER, key="k")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_refusal_is_kept_under_its_key_too(mall: Mall) -> None:
    first = mall.post("/members/li/redemptions", {"points": "1"}, key="k")
    assert first.status_code == httpx.codes.CONFLICT
    mall.done("/orders", ORDER)
    again = mall.post("/members/li/redemptions", {"points": "1"}, key="k")
    assert (again.status_code, again.content) == (first.status_code, first.content)


def test_the_same_key_with_another_body_is_refused(mall: Mall) -> None:
    mall.done("/orders", ORDER, key="k")
    other = mall.post("/orders", ORDER | {"amount": "101"}, key="k")
    assert (other.status_code, other.json()["code"]) == (422, "key_taken")
    assert mall.get("").json()["orders"] == 1


def test_keys_of_two_clients_and_of_two_programmes_are_their_own(
    mall: Mall, new_mall: Callable[..., Mall]
) -> None:
    other = new_mall()
    other.members("li")
    mall.done("/orders", ORDER, key="k")
    assert other.post("/orders", ORDER | {"amount": "7"}, key="k").status_code == 201
    second = mall.second_client()
    again = second.post("/orders", ORDER | {"order_id": "o2"}, key="k")
    assert again.status_code == 201
    assert mall.get("").json()["orders"] == 2


def test_a_write_without_a_key_is_refused(mall: Mall) -> None:
    for headers in ({}, {"Idempotency-Key": "two words"}, {"Idempotency-Key": "x" * 129}):
        answer = mall.http.post(f"{mall.url}/orders", json=ORDER, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "key_missing")
    assert mall.get("").json()["orders"] == 0


def test_a_problem_names_the_rule_and_the_numbers(mall: Mall) -> None:
    mall.done("/orders", ORDER)
    answer = mall.post("/members/li/redemptions", {"points": "21.00000001"})
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:shareback:problem:points_short",
        "title": "More points than are held.",
        "status": 409,
        "code": "points_short",
        "rule": "R3.3",
        "have": "21",
        "need": "21.00000001",
    }


def test_a_problem_is_told_in_chinese_to_whoever_asks_for_it(mall: Mall) -> None:
    answer = mall.http.get(f"{mall.url}/orders/none", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert answer.json()["title"] == "此地址下没有内容。"


def test_what_a_profile_forbids_names_the_public_document(new_mall: Callable[..., Mall]) -> None:
    mall = new_mall(profile="goods-only")
    mall.members("li")
    mall.done("/orders", ORDER)
    answer = mall.post("/members/li/redemptions", {"points": "1"})
    assert (answer.status_code, answer.json()["rule"]) == (403, "R9")
    assert answer.json()["document"].startswith("《防范和处置非法集资条例》")


def test_refunds_before_and_after_maturity_say_what_is_paid_out(
    new_mall: Callable[..., Mall],
) -> None:
    mall = new_mall(maturity_days=7)
    mall.members("li")
    mall.done("/orders", ORDER)
    refund = {"refund_id": "r1", "amount": "40"}
    assert mall.done("/orders/o1/refunds", refund)["paid_out"] == "40"
    again = mall.post("/orders/o1/refunds", refund)
    assert again.json()["paid_out"] == "40"
    assert mall.get("/orders/o1").json()["pending_worth"] == "12.6"
    late = new_mall()
    late.members("li")
    late.done("/orders", ORDER)
    late.done("/members/li/redemptions", {"points": "21"})
    late.done("/treasury/funds", {"amount": "100"})
    told = late.done("/orders/o1/refunds", {"refund_id": "r1", "amount": "100"})
    assert told["amount"] == "100"
    assert float(told["paid_out"]) < 100


def test_lines_are_answered_one_by_one_and_in_order(mall: Mall) -> None:
    lines = [
        {"order_id": "a", "member_id": "li", "amount": "10"},
        {"op": "receive", "order_id": "a"},
        {"op": "refund", "order_id": "a", "refund_id": "r", "amount": "11"},
        {"op": "join", "member_id": "zhao"},
        {"order_id": "b", "member_id": "zhao", "amount": "10"},
        {"order_id": "c", "member_id": "nobody", "amount": "10"},
        {"order_id": "d", "member_id": "li", "amount": "-1"},
    ]
    body = "\n".join(json.dumps(line) for line in lines).encode()
    answer = mall.batch(body + b"\nnonsense\n", key="k")
    told = [json.loads(line) for line in answer.text.splitlines()]
    assert [one["line"] for one in told] == list(range(1, 9))
    assert [one["status"] for one in told] == [201, 200, 409, 201, 201, 404, 422, 422]
    assert told[2]["code"] == "refund_above_paid"
    again = mall.batch(body + b"\nnonsense\n", key="k")
    assert again.content == answer.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert mall.batch(body, key="k").json()["code"] == "key_taken"
    assert mall.get("").json()["orders"] == 2
