"""What a server process holds of its programmes is bounded, and so is what its clock may close."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from shareback.api.scopes import SCOPES
from shareback.api.writing import Groups
from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.engine.group import Group
from shareback.engine.opening import open_programme
from shareback.engine.verifying import verify_full
from shareback.rules.layout import Head
from shareback.rules.programme import TEST_ISSUER, Programme
from tests.backends.journals import DAY, SALTS, Opens
from tests.backends.servers import AT_ONCE, Mall
from tests.engine.small import opened, order

THREADS = 12


class Made:
    """Groups on some programmes, and every group that was ever made."""

    def __init__(self, engines: Sequence[Engine], most: int) -> None:
        self.engines = {one.id: one for one in engines}
        self.groups: list[Group] = []
        self.kept = Groups(self.make, most)

    def make(self, programme: int) -> Group:
        one = self.engines[programme]
        self.groups.append(Group(lambda: Engine(one.programme.name, one.alias, SALTS), nothing))
        self.groups[-1].alias = one.alias
        return self.groups[-1]

    def pay(self, programme: int, order_id: str) -> int:
        (answer,) = self.kept.of(programme).submit([order(order_id)])
        return answer.code

    def at_work(self) -> int:
        return sum(group.thread is not None for group in self.groups)


def nothing(_notes: Sequence[object], _answers: Sequence[Sequence[cmd.Answer]]) -> None:
    """No notes are kept."""


def until(holds: Callable[[], bool]) -> None:
    """Wait for what a thread is about to do."""
    ends = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.001)


def test_the_programme_written_to_longest_ago_makes_room(engine: Opens) -> None:
    one, two, three = (opened(engine, name=name) for name in ("one", "two", "three"))
    made = Made([one, two, three], most=2)
    first = made.kept.of(one.id)
    for each in (one, two, one, three):
        assert made.pay(each.id, f"o{len(made.groups)}-{each.head()[Head.ORDERS]}") == 0
    assert list(made.kept.groups) == [one.id, three.id]
    assert made.kept.of(one.id) is first
    until(lambda: made.at_work() == 2)
    # It comes back with a group of its own, and somebody else makes room.
    assert made.pay(two.id, "again") == 0
    assert list(made.kept.groups) == [one.id, two.id]
    until(lambda: made.at_work() == 2)


def test_no_write_is_lost_while_programmes_push_each_other_out(engine: Opens) -> None:
    engines = [opened(engine, name=name) for name in ("one", "two", "three")]
    made = Made(engines, most=1)

    def pay(place: int) -> int:
        return made.pay(engines[place % 3].id, f"o{place}")

    with ThreadPoolExecutor(THREADS) as pool:
        assert set(pool.map(pay, range(90))) == {0}
    for each in engines:
        assert each.head()[Head.ORDERS] == 30
        assert verify_full(each.programme.name, each.alias).findings == ()
    until(lambda: made.at_work() <= 1)


def opened_before(mall: Mall, days: int) -> Engine:
    """A programme that was opened some days ago, and the mall as a client of it."""
    fields: dict[str, Any] = {"name": f"{mall.name} old", "issuer": TEST_ISSUER, **AT_ONCE}
    at = time.time_ns() // 1_000 - days * DAY
    mall.programme = open_programme(Programme.model_validate(fields), at, mall.alias)
    mall.url = f"{mall.server.url}/programmes/{mall.programme}"
    mall.become(SCOPES)
    return Engine(str(fields["name"]), mall.alias)


def test_a_call_closes_forty_days_and_a_clock_that_is_wrong_no_year(mall: Mall) -> None:
    one = opened_before(mall, 42)
    before = one.head()
    told = mall.post("/members", {"member_id": "li"}, key="k")
    assert (told.status_code, told.json()["code"]) == (503, "days_unclosed")
    assert told.headers["Retry-After"] == "60"
    assert one.head() == before
    one.close(before[Head.DAY] + 2)
    again = mall.post("/members", {"member_id": "li"}, key="k")
    assert again.status_code == 201
    assert "Idempotent-Replayed" not in again.headers
