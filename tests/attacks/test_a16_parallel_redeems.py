"""A16: 200 clients redeem the same points; exactly what is held is redeemed."""

from decimal import Decimal
from functools import partial

from tests.attacks.at_once import at_once, statuses
from tests.backends.servers import Mall

CLIENTS = 200


def test_of_two_hundred_sales_of_the_same_points_just_what_is_held_is_sold(mall: Mall) -> None:
    mall.done("/orders", {"order_id": "o", "member_id": "wang", "amount": "100", "received": True})
    mall.done("/orders", {"order_id": "p", "member_id": "li", "amount": "1000", "received": True})
    held = Decimal(mall.get("/members/li").json()["points"])
    assert held % 7 == 0
    sends = [partial(mall.post, "/members/li/redemptions", {"points": "7"}) for _ in range(CLIENTS)]
    answers = at_once(sends)
    sold = [answer.json() for answer in answers if answer.is_success]
    assert sum(Decimal(one["points"]) for one in sold) == held
    assert set(statuses(answers)) == {201, 409}
    assert {answer.json()["code"] for answer in answers if not answer.is_success} <= {
        "points_short",
        "quota_used_up",
    }
    member = mall.get("/members/li").json()
    assert member["points"] == "0"
    assert Decimal(member["cash"]) == sum(Decimal(one["net"]) for one in sold)


def test_every_read_in_between_shows_the_same_total(mall: Mall) -> None:
    mall.done("/orders", {"order_id": "o", "member_id": "wang", "amount": "100", "received": True})
    mall.done("/orders", {"order_id": "p", "member_id": "li", "amount": "900", "received": True})
    sends = [
        partial(mall.post, "/members/li/redemptions", {"points": "5"})
        if place % 2
        else partial(mall.get, "")
        for place in range(60)
    ]
    heads = [answer.json() for answer in at_once(sends) if "reserve" in answer.json()]
    assert len(heads) == 30
    for head in heads:
        issued, burned, supply = (Decimal(head[name]) for name in ("issued", "burned", "supply"))
        assert issued == burned + supply
    prices = [Decimal(head["price"]) for head in sorted(heads, key=lambda head: head["sequence"])]
    assert prices == sorted(prices)
