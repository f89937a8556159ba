"""A serving process that dies under load: every acknowledged order is there, once."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from shareback.engine.verifying import verify_full
from shareback.journal.models import Order, Programme
from tests.backends.servers import Mall, Server, serving

ORDERS = 400
KILL_AFTER = 100
CLIENTS = 16


def orders_of(mall: Mall) -> set[str]:
    """The ids of the orders in the journal."""
    rows = Order.objects.using(mall.alias).filter(programme_id=mall.programme)
    return set(rows.values_list("order_id", flat=True))


def sender(mall: Mall, told: Callable[[], None]) -> Callable[[int], bool]:
    """Sends an order under its own key; returns whether it was acknowledged."""

    def send(number: int) -> bool:
        body = {"order_id": f"o{number}", "member_id": "li", "amount": "10", "received": True}
        try:
            answer = mall.post("/orders", body, key=f"k{number}")
        except httpx.TransportError:
            return False
        told()
        return answer.status_code == httpx.codes.CREATED

    return send


def kill(server: Server) -> None:
    """Kill the server and its worker, at once and without a word."""
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()


def test_what_was_acknowledged_is_there_once_and_the_rest_can_be_sent_again(
    alias: str, journal_url: str, tmp_path: Path
) -> None:
    acknowledged: list[int] = []
    with serving(journal_url, tmp_path / "first.log") as first:
        mall = Mall(first, alias)
        mall.members("li")

        def told() -> None:
            acknowledged.append(1)
            if len(acknowledged) == KILL_AFTER:
                kill(first)

        with ThreadPoolExecutor(CLIENTS) as pool:
            done = list(pool.map(sender(mall, told), range(ORDERS)))
    sure = {f"o{number}" for number, was_done in enumerate(done) if was_done}
    assert KILL_AFTER <= len(sure) < ORDERS
    assert sure <= orders_of(mall)
    assert verify_full(mall.name, alias).findings == ()

    with serving(journal_url, tmp_path / "second.log") as second:
        mall.move(second)
        with ThreadPoolExecutor(CLIENTS) as pool:
            assert all(pool.map(sender(mall, lambda: None), range(ORDERS)))
        mall.close()
    assert orders_of(mall) == {f"o{number}" for number in range(ORDERS)}
    assert Programme.objects.using(alias).get(pk=mall.programme).orders == ORDERS
    assert verify_full(mall.name, alias).findings == ()


@pytest.mark.parametrize("share", [2, 5])
def test_two_processes_on_one_programme_write_what_one_would(
    alias: str, journal_url: str, tmp_path: Path, share: int
) -> None:
    """Each key goes to both processes, most to one of them first."""
    with (
        serving(journal_url, tmp_path / "one.log") as one,
        serving(journal_url, tmp_path / "two.log") as two,
    ):
        mall = Mall(one, alias)
        mall.members("li")
        other = mall.second_client_at(two)

        def pay(number: int) -> list[int]:
            body = {"order_id": f"o{number}", "member_id": "li", "amount": "10", "received": True}
            ways = [mall, other] if number % share else [other, mall]
            return [way.post("/orders", body, key=f"k{number}").status_code for way in ways]

        with ThreadPoolExecutor(CLIENTS) as pool:
            codes = {code for pair in pool.map(pay, range(150)) for code in pair}
        assert codes == {201}
        assert mall.get("").json() == other.get("").json()
        mall.close()
    assert Programme.objects.using(alias).get(pk=mall.programme).orders == 150
    assert verify_full(mall.name, alias).findings == ()
