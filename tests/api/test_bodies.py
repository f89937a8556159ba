"""Places for bodies that are on their way: shares by kind and by key, and few who wait."""

from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import ExitStack

import pytest

from shareback.api import bodies
from shareback.api.access import household_of
from shareback.api.bodies import Slots
from shareback.api.problems import Problem
from tests.attacks.at_once import together

SERVER_THREADS = 64
"""As `shareback serve` starts its server."""


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long here."""
    monkeypatch.setattr(bodies, "WAIT_S", 0.01)


def places(most: int, each: int, waiting: int = 30) -> Slots:
    """Places, and as many who may wait for them as said."""
    return Slots(most, each, waiting, waiting)


def refused(slots: Slots, kind: str, key: str) -> bool:
    """Whether there is no place."""
    try:
        with slots.place(kind, key):
            return False
    except Problem as problem:
        return (problem.status, problem.code) == (429, "too_many_requests")


def test_a_key_has_its_share_in_all_kinds_together() -> None:
    slots = places(most=10, each=2)
    with slots.place("a", "x"), slots.place("b", "x"):
        assert refused(slots, "c", "x")
        assert not refused(slots, "c", "y")
    assert not refused(slots, "c", "x")


def test_a_kind_has_its_places_for_all_keys_together() -> None:
    slots = places(most=2, each=2)
    with slots.place("a", "x"), slots.place("a", "y"):
        assert refused(slots, "a", "z")
        assert not refused(slots, "b", "z")


def test_a_place_is_free_again_after_a_fault() -> None:
    slots = places(most=1, each=1)
    with pytest.raises(ZeroDivisionError), slots.place("a", "x"):
        raise ZeroDivisionError
    assert not refused(slots, "a", "x")
    assert not slots.held


def test_nobody_waits_behind_many_who_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "WAIT_S", 60)
    slots = places(most=1, each=1, waiting=0)
    with slots.place("a", "x"):
        assert refused(slots, "a", "x")


def test_who_waits_is_let_in_once_a_place_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "WAIT_S", 60)
    slots = places(most=2, each=2)

    def works() -> int:
        with slots.place("a", "x"):
            return slots.held["x"]

    assert max(together([works] * 30)) <= 2
    assert not slots.held
    assert not slots.waiting


def test_a_client_may_call_from_every_thread_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "WAIT_S", 60)
    clients = bodies.CLIENTS
    others = SERVER_THREADS - clients.each

    def calls() -> bool:
        with clients.place("client", "mall"):
            return True

    with ThreadPoolExecutor(others) as pool, ExitStack() as held:
        for _thread in range(clients.each):
            held.enter_context(clients.place("client", "mall"))
        waiting = [pool.submit(calls) for _thread in range(others)]
        while clients.waiting.total() < others:
            # One that is turned away raises here, and never is one of those who wait.
            wait(waiting, timeout=0.001, return_when=FIRST_EXCEPTION)
            for one in waiting:
                assert not one.done() or one.result()
        held.close()
        assert [one.result(timeout=60) for one in waiting] == [True] * others
    assert not clients.held


def test_an_address_of_the_new_kind_counts_with_its_network() -> None:
    assert household_of("2001:db8:1:2:3::4") == household_of("2001:db8:1:2::9")
    assert household_of("2001:db8:1:2::") != household_of("2001:db8:1:102::")
    assert household_of("::ffff:127.0.0.1") == household_of("127.0.0.1") == "127.0.0.1"
    assert household_of("") == ""


def test_many_keys_leave_nothing_behind() -> None:
    slots = places(most=1_000, each=1)
    with ExitStack() as all_of_them:
        for number in range(1_000):
            all_of_them.enter_context(slots.place("a", str(number)))
        assert len(slots.held) == 1_000
    assert not slots.held
