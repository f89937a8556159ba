"""A24 over HTTP: buy, mature, sell, refund late, twenty times; nothing is gained."""

from decimal import Decimal

from tests.backends.servers import Mall


def test_twenty_rounds_of_buying_selling_and_refunding_gain_nothing(mall: Mall) -> None:
    mall.done("/treasury/funds", {"amount": "1000"})
    mall.done("/orders", {"order_id": "w", "member_id": "wang", "amount": "500", "received": True})
    spent = got = Decimal(0)
    price = Decimal(mall.get("").json()["price"])
    for n in range(20):
        member = f"thrown-away-{n}"
        mall.members(member)
        order = {"order_id": f"o{n}", "member_id": member, "amount": "100", "received": True}
        mall.done("/orders", order)
        points = mall.get(f"/members/{member}").json()["points"]
        mall.done(f"/members/{member}/redemptions", {"points": points})
        refund = {"refund_id": "r", "amount": "100"}
        spent += 100
        got += Decimal(mall.done(f"/orders/o{n}/refunds", refund)["paid_out"])
        got += Decimal(mall.get(f"/members/{member}").json()["cash"])
        head = mall.get("").json()
        assert Decimal(head["price"]) >= price
        assert Decimal(head["treasury_free"]) >= 0
        price = Decimal(head["price"])
    assert got <= spent
