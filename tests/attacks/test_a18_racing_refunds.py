"""A18: racing reversals of one order; one wins, by order and refund."""

from functools import partial

from tests.attacks.at_once import at_once, statuses
from tests.backends.servers import Mall

ORDER = {"order_id": "o", "member_id": "li", "amount": "100"}


def test_one_refund_sent_thirty_times_is_given_once(mall: Mall) -> None:
    mall.done("/orders", ORDER)
    refund = {"refund_id": "r", "amount": "60"}
    answers = at_once([partial(mall.post, "/orders/o/refunds", refund) for _ in range(30)])
    assert statuses(answers) == [201] * 30
    assert len({answer.content for answer in answers}) == 1
    assert mall.get("/orders/o").json()["refunded"] == "60"


def test_of_thirty_refunds_of_the_whole_order_one_is_given(mall: Mall) -> None:
    mall.done("/orders", ORDER)
    answers = at_once(
        [
            partial(mall.post, "/orders/o/refunds", {"refund_id": f"r{n}", "amount": "100"})
            for n in range(30)
        ]
    )
    assert statuses(answers) == [201] + [409] * 29
    assert mall.get("/orders/o").json()["state"] == "closed"
