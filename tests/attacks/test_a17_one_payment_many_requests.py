"""A17: one payment with coins, thirty requests at once; one wins."""

from functools import partial

from tests.attacks.at_once import at_once, statuses
from tests.backends.servers import Mall


def test_coins_for_one_payment_are_paid_once(mall: Mall) -> None:
    mall.done("/merchants", {"merchant_id": "noodles"})
    mall.done("/orders", {"order_id": "o", "member_id": "li", "amount": "100", "received": True})
    coins = mall.done("/members/li/conversions", {"points": "21"})["coins"]
    paid = {"payment_id": "p", "merchant_id": "noodles", "coins": coins}
    answers = at_once([partial(mall.post, "/members/li/payments", paid) for _ in range(30)])
    assert statuses(answers) == [201] * 30
    assert len({answer.content for answer in answers}) == 1
    assert mall.get("/merchants/noodles").json()["coins"] == coins


def test_of_thirty_payments_with_the_same_coins_one_is_made(mall: Mall) -> None:
    mall.done("/merchants", {"merchant_id": "noodles"})
    mall.done("/orders", {"order_id": "o", "member_id": "li", "amount": "100", "received": True})
    coins = mall.done("/members/li/conversions", {"points": "21"})["coins"]
    answers = at_once(
        [
            partial(
                mall.post,
                "/members/li/payments",
                {"payment_id": f"p{n}", "merchant_id": "noodles", "coins": coins},
            )
            for n in range(30)
        ]
    )
    assert statuses(answers) == [201] + [409] * 29
    assert mall.get("/merchants/noodles").json()["coins"] == coins
