"""A20: the same key with another body, by another client, or while the first is in flight."""

from collections.abc import Callable
from functools import partial

import pytest

from shareback.api.problems import Problem
from shareback.api.writing import InFlight
from tests.attacks.at_once import at_once
from tests.backends.servers import Mall

FUND = {"amount": "10"}


def test_one_key_by_thirty_at_once_moves_money_once(mall: Mall) -> None:
    answers = at_once([partial(mall.post, "/treasury/funds", FUND, "k") for _ in range(30)])
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert {a.json()["code"] for a in answers if a.status_code == 409} <= {"key_in_flight"}
    assert len({answer.content for answer in answers if answer.is_success}) == 1
    assert mall.get("").json()["treasury_free"] == "10"
    assert mall.post("/treasury/funds", FUND, "k").status_code == 201
    assert mall.get("").json()["treasury_free"] == "10"


def test_one_key_with_thirty_bodies_at_once_is_one_of_them(mall: Mall) -> None:
    answers = at_once(
        [partial(mall.post, "/treasury/funds", {"amount": str(n)}, "k") for n in range(1, 31)]
    )
    done = [answer for answer in answers if answer.is_success]
    assert {answer.status_code for answer in answers} <= {201, 409, 422}
    assert len(done) == 1
    assert mall.get("").json()["treasury_free"] == done[0].json()["amount"]


def test_a_key_is_taken_again_once_its_request_has_ended() -> None:
    keys = InFlight()
    with keys.hold(1, "k"):
        with pytest.raises(Problem, match="key_in_flight"), keys.hold(1, "k"):
            pass
        with keys.hold(2, "k"), keys.hold(1, "other"):
            pass
    with keys.hold(1, "k"):
        pass


def test_another_tenants_key_stands_for_nothing_here(
    mall: Mall, new_mall: Callable[..., Mall]
) -> None:
    other = new_mall()
    mall.done("/treasury/funds", FUND, "k")
    assert other.done("/treasury/funds", {"amount": "7"}, "k") == {"amount": "7"}
    assert mall.second_client().done("/treasury/funds", {"amount": "5"}, "k") == {"amount": "5"}
    assert mall.get("").json()["treasury_free"] == "15"


def test_a_key_stands_for_one_request_over_single_and_bulk_calls(mall: Mall) -> None:
    line = b'{"order_id":"b","member_id":"li","amount":"1"}\n'
    mall.done("/treasury/funds", FUND, "single")
    refused = mall.batch(line, key="single")
    assert (refused.status_code, refused.json()["code"]) == (422, "key_taken")
    assert mall.batch(line, key="bulk").status_code == 200
    assert mall.post("/treasury/funds", FUND, "bulk").json()["code"] == "key_taken"
    head = mall.get("").json()
    assert (head["orders"], head["treasury_free"]) == (1, "10")
