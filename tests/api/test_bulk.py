"""Bulk calls: what was sent and could not be read counts, and one key is one call's."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shareback.api.models import BulkAnswer, Written
from shareback.api.routes import bulk
from shareback.engine.engine import Engine
from shareback.engine.group import Group
from tests.api.inside import Inside, inside
from tests.backends.servers import Mall, serving


@pytest.fixture
def site(mall: Mall) -> Iterator[Inside]:
    """A mall that this process serves too."""
    with inside(mall) as one:
        yield one


def orders(first: int, count: int) -> bytes:
    """Lines that pay orders."""
    lines = [
        json.dumps({"order_id": f"o{n}", "member_id": "li", "amount": "1", "received": True})
        for n in range(first, first + count)
    ]
    return "\n".join(lines).encode()


def written(mall: Mall, key: str) -> tuple[int, int]:
    """How many lines of a call were accepted and refused, as it is written down."""
    rows = Written.objects.using(mall.alias).filter(programme_id=mall.programme)
    (row,) = [row for row in rows if row.key.partition(":")[2] == key]
    return (row.accepted, row.refused)


def test_lines_that_cannot_be_read_count_as_refused(mall: Mall) -> None:
    unknown = b'{"order_id": "x", "member_id": "nobody", "amount": "1"}'
    mall.batch(b"\n".join([orders(0, 2), b"nonsense", unknown, b"{}"]), key="mixed")
    mall.batch(b"nonsense\n{}", key="none")
    assert written(mall, "mixed") == (2, 3)
    assert written(mall, "none") == (0, 2)


def test_a_key_of_a_single_call_is_found_taken_before_any_batch(
    site: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.mall.done("/treasury/funds", {"amount": "1"}, key="k")

    def batched(*_args: object) -> None:
        raise AssertionError("whoever shares the batch would pay for it")

    monkeypatch.setattr(Group, "submit", batched)
    answer = site.batch(orders(0, 1), key="k")
    assert (answer.status_code, answer.json()["code"]) == (422, "key_taken")


def test_a_race_for_one_key_undoes_no_batch(site: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process has answered between the first look and this one's turn."""
    body = orders(0, 3) + b'\nnonsense\n{"op": "receive", "order_id": "o0"}'
    first = site.mall.batch(body, key="k")
    undone: list[BaseException] = []
    apply, kept = Engine.apply, bulk.kept_answer
    looks: Iterator[bool] = iter([True])

    def unseen(programme: int, key: str, digest: bytes) -> bytes | None:
        return None if next(looks, False) else kept(programme, key, digest)

    def applied(self: Engine, *args: object) -> Sequence[object]:
        try:
            return apply(self, *args)  # type: ignore[arg-type]
        except BaseException as fault:
            undone.append(fault)
            raise

    monkeypatch.setattr(bulk, "kept_answer", unseen)
    monkeypatch.setattr(Engine, "apply", applied)
    again = site.batch(body, key="k")
    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert undone == []


def test_what_is_new_in_such_a_race_is_undone(
    site: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that was refused then and would be accepted now must not happen unseen."""
    refund = b'{"op": "refund", "order_id": "o0", "refund_id": "r", "amount": "1"}'
    body = orders(1, 1) + b"\n" + refund
    first = site.mall.batch(body, key="k")
    assert b"order_unknown" in first.content
    site.mall.batch(orders(0, 1), key="later")
    kept = bulk.kept_answer
    looks: Iterator[bool] = iter([True])

    def unseen(programme: int, key: str, digest: bytes) -> bytes | None:
        return None if next(looks, False) else kept(programme, key, digest)

    monkeypatch.setattr(bulk, "kept_answer", unseen)
    again = site.batch(body, key="k")
    assert again.content == first.content
    assert site.mall.get("/orders/o0").json()["refunded"] == "0"


def test_two_processes_answer_one_key_alike(mall: Mall, journal_url: str, tmp_path: Path) -> None:
    with serving(journal_url, tmp_path / "second.log") as second:
        malls = [mall, mall.second_client_at(second)]
        with ThreadPoolExecutor(2) as threads:
            for turn in range(6):
                body = orders(10 * turn, 10)
                told = [threads.submit(one.batch, body, f"k{turn}") for one in malls]
                answers = {one.result().content for one in told}
                assert len(answers) == 1
    assert mall.get("").json()["orders"] == 60
    assert BulkAnswer.objects.using(mall.alias).filter(programme_id=mall.programme).count() == 6
