"""A23 over HTTP: a redemption that races an exit or the close equals some serial order."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import connections

from shareback.engine.verifying import verify_full
from tests.attacks.at_once import together
from tests.backends.servers import Mall

ROUNDS = 3
OWN = ("id", "name", "log_root", "parameters")
"""What tells one programme from another, and nothing of what happened."""

Work = Callable[[Mall], object]
Opens = Callable[..., Mall]


def holding(new_mall: Opens) -> Mall:
    """Members near their exit; what is paid next lifts the price, or matures at the close."""
    mall = new_mall(quota_multiple="0.35", dividend_rate="0.15")
    mall.members(*(f"m{n}" for n in range(8)))
    for n in range(6):
        order = {"order_id": f"o{n}", "member_id": f"m{n}", "amount": "100", "received": True}
        mall.done("/orders", order)
    return mall


def redeem(mall: Mall) -> object:
    """A member sells some of what it has, if that is not too late."""
    answer = mall.post("/members/m5/redemptions", {"points": "5"})
    assert answer.status_code in {201, 409}
    return answer.json()


def pump(mall: Mall) -> object:
    """A large order that makes members exit."""
    order = {"order_id": "pump", "member_id": "m7", "amount": "3000", "received": True}
    return mall.done("/orders", order)


def close(mall: Mall) -> object:
    """The close of the day, by another process, with its dividend and the exits it brings."""
    try:
        today = date.fromisoformat(mall.get("").json()["day"]).toordinal()
        return mall.engine().close(today)
    finally:
        connections[mall.alias].close()


def state(mall: Mall) -> list[dict[str, Any]]:
    """All that a programme's accounts show."""
    head = mall.get("").json()
    shown = [mall.get(f"/members/m{n}").json() for n in range(8)]
    return [{name: value for name, value in head.items() if name not in OWN}, *shown]


def serial(new_mall: Opens, works: list[Work]) -> list[dict[str, Any]]:
    """What works come to one after another."""
    mall = holding(new_mall)
    for work in works:
        work(mall)
    return state(mall)


@pytest.mark.parametrize("other", [pump, close])
def test_the_outcome_is_one_of_the_two_serial_ones(new_mall: Opens, other: Work) -> None:
    either = [serial(new_mall, [redeem, other]), serial(new_mall, [other, redeem])]
    assert either[0] != either[1]
    for _ in range(ROUNDS):
        mall = holding(new_mall)
        together([partial(redeem, mall), partial(other, mall)])
        outcome = state(mall)
        assert outcome in either
        assert outcome[0]["exits"] > 0
        assert verify_full(mall.name, mall.alias).findings == ()
