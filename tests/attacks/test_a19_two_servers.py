"""A19 over HTTP: two server processes write to one database; the log never forks."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from shareback.engine.verifying import verify_full
from tests.backends.servers import Mall, serving

ORDERS = 24


def test_what_two_processes_acknowledge_stands_in_one_log_once(
    mall: Mall, journal_url: str, tmp_path: Path
) -> None:
    mall.members("both")
    with serving(journal_url, tmp_path / "second.log") as second:
        malls = [mall, mall.second_client_at(second)]

        def pay(place: int) -> int:
            """Orders of each process's own, and at every fourth place one that both send."""
            ours, turn = malls[place % 2], place // 2
            shared = turn % 4 == 0
            name = f"shared {turn}" if shared else f"own {place}"
            order = {"order_id": name, "member_id": "both", "amount": "7", "received": True}
            return int(ours.done("/orders", order, key=f"{place}")["number"])

        with ThreadPoolExecutor(8) as threads:
            numbers = list(threads.map(pay, range(2 * ORDERS)))
    shared = {place for place in range(2 * ORDERS) if place // 2 % 4 == 0}
    assert all(numbers[place] == numbers[place ^ 1] for place in shared)
    assert sorted(set(numbers)) == list(range(1, 2 * ORDERS - len(shared) // 2 + 1))
    head = mall.get("").json()
    assert head["orders"] == len(set(numbers))
    entries = mall.get("/journal", limit=1_000).json()["items"]
    assert [entry["sequence"] for entry in entries] == list(range(head["sequence"]))
    assert sum(entry["kind"] == "pay_order" for entry in entries) == len(set(numbers))
    assert verify_full(mall.name, mall.alias).findings == ()
