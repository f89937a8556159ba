"""F2: replies lost, doubled or delayed; the journal is what was meant all the same."""

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from random import Random

import pytest

from shareback.client import Mall as Client
from shareback.client import ProblemError
from shareback.engine.verifying import verify_full
from shareback.journal.models import Order, Refund
from tests.backends.servers import Mall
from tests.client.proxies import (
    Answer,
    Handler,
    Proxy,
    Seen,
    drop_answer,
    drop_unread,
    proxying,
    send_twice,
)

CLIENTS = 8
TROUBLED = 0.2
"""The share of calls to which something happens."""


class Troubles:
    """Plans what happens to each call; seeded, so that a run can be looked at again."""

    def __init__(self, proxy: Proxy, seed: int) -> None:
        """Plan for a proxy; a reply that is delayed comes after the next one."""
        self.proxy = proxy
        self.chance = Random(seed)
        self.lock = threading.Lock()
        self.late = threading.Event()
        self.happened: dict[str, int] = {}

    def plan(self) -> None:
        """Decide on the next call."""
        with self.lock:
            troubled = self.chance.random() < TROUBLED
            name = self.chance.choice(["unread", "lost", "doubled", "delayed"])
            if not troubled:
                self.proxy.planned.append(self.on_time)
                return
            self.happened[name] = self.happened.get(name, 0) + 1
            acts = {
                "unread": drop_unread,
                "lost": drop_answer,
                "doubled": send_twice,
                "delayed": self.delayed,
            }
            self.proxy.planned.append(acts[name])

    def on_time(self, handler: Handler, call: Seen) -> Answer:
        """Nothing happens to it; a reply that waited for this goes on."""
        self.late.set()
        return handler.server.pass_on(call)

    def delayed(self, handler: Handler, call: Seen) -> Answer:
        """Its answer comes after somebody else's."""
        told = handler.server.pass_on(call)
        self.late.clear()
        self.late.wait(timeout=0.2)
        return told


def sent_through_trouble(mall: Mall, seed: int, orders: int) -> dict[str, int]:
    """Send orders and refunds of every fifth through a bad network; returns what happened."""
    with proxying(mall.server.url) as proxy:
        troubles = Troubles(proxy, seed)

        def send(number: int) -> None:
            with Client(
                proxy.url,
                mall.client_id,
                mall.secret,
                mall.programme,
                tries=30,
                sleep=lambda _seconds: troubles.plan(),
            ) as client:
                for place in range(number, orders, CLIENTS):
                    troubles.plan()
                    client.pay_order(f"o{place}", "li", "10", key=f"pay-{place}")
                    if place % 5 == 0:
                        troubles.plan()
                        client.refund_order(f"o{place}", f"r{place}", "4", key=f"back-{place}")

        with ThreadPoolExecutor(CLIENTS) as pool:
            for done in [pool.submit(send, number) for number in range(CLIENTS)]:
                done.result()
        return troubles.happened


def assert_as_meant(mall: Mall, orders: int) -> None:
    """Each order is paid once, each refund given once, and the journal verifies."""
    rows = Order.objects.using(mall.alias).filter(programme_id=mall.programme)
    paid = {row.order_id: row.refunded for row in rows}
    meant = {f"o{n}": 4_000_000 if n % 5 == 0 else 0 for n in range(orders)}
    assert paid == meant
    refunds = Refund.objects.using(mall.alias).filter(programme_id=mall.programme)
    assert refunds.count() == len(range(0, orders, 5))
    head = mall.get("").json()
    kept = orders * 10 - 4 * len(range(0, orders, 5))
    assert Decimal(head["order_escrow"]) == kept * Decimal("0.3")
    assert verify_full(mall.name, mall.alias).findings == ()


def test_of_five_hundred_orders_none_is_lost_and_none_is_paid_twice(mall: Mall) -> None:
    happened = sent_through_trouble(mall, seed=7, orders=500)
    assert set(happened) == {"unread", "lost", "doubled", "delayed"}
    assert sum(happened.values()) > 60
    assert_as_meant(mall, 500)


@pytest.mark.soak
def test_of_ten_thousand_commands_none_is_lost_and_none_is_done_twice(mall: Mall) -> None:
    sent_through_trouble(mall, seed=11, orders=8_400)
    assert_as_meant(mall, 8_400)


def test_a_client_that_made_up_a_new_key_for_each_try_would_be_found_out(mall: Mall) -> None:
    """The planted failure: without the same key a sale whose answer was lost is done twice."""
    mall.done("/orders", {"order_id": "o", "member_id": "wang", "amount": "100", "received": True})
    mall.done("/orders", {"order_id": "p", "member_id": "li", "amount": "100", "received": True})
    first = mall.post("/members/li/redemptions", {"points": "5"}, key="one")
    again = mall.post("/members/li/redemptions", {"points": "5"}, key="two")
    assert first.json() != again.json()
    with (
        proxying(mall.server.url) as proxy,
        Client(
            proxy.url, mall.client_id, mall.secret, mall.programme, sleep=lambda _: None
        ) as client,
    ):
        proxy.planned.append(drop_answer)
        sold = client.redeem("li", "1", key="same")
        assert sold.points == 1
        with pytest.raises(ProblemError, match="key_taken"):
            client.redeem("li", "2", key="same")
    assert Decimal(mall.get("/members/li").json()["points"]) == Decimal("3.7")
