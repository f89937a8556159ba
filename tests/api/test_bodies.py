"""Places for bodies that are on their way: shares by kind and by key, and few who wait."""

from contextlib import ExitStack

import pytest

from shareback.api import bodies
from shareback.api.access import household_of
from shareback.api.bodies import Slots
from shareback.api.problems import Problem
from tests.attacks.at_once import together


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long here."""
    monkeypatch.setattr(bodies, "WAIT_S", 0.01)


def refused(slots: Slots, kind: str, key: str) -> bool:
    """Whether there is no place."""
    try:
        with slots.place(kind, key):
            return False
    except Problem as problem:
        return (problem.status, problem.code) == (429, "too_many_requests")


def test_a_key_has_its_share_in_all_kinds_together() -> None:
    slots = Slots(most=10, each=2)
    with slots.place("a", "x"), slots.place("b", "x"):
        assert refused(slots, "c", "x")
        assert not refused(slots, "c", "y")
    assert not refused(slots, "c", "x")


def test_a_kind_has_its_places_for_all_keys_together() -> None:
    slots = Slots(most=2, each=2)
    with slots.place("a", "x"), slots.place("a", "y"):
        assert refused(slots, "a", "z")
        assert not refused(slots, "b", "z")


def test_a_place_is_free_again_after_a_fault() -> None:
    slots = Slots(most=1, each=1)
    with pytest.raises(ZeroDivisionError), slots.place("a", "x"):
        raise ZeroDivisionError
    assert not refused(slots, "a", "x")
    assert not slots.held


def test_nobody_waits_behind_many_who_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "WAITING_EACH_MAX", 0)
    monkeypatch.setattr(bodies, "WAIT_S", 60)
    slots = Slots(most=1, each=1)
    with slots.place("a", "x"):
        assert refused(slots, "a", "x")


def test_who_waits_is_let_in_once_a_place_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "WAIT_S", 60)
    slots = Slots(most=2, each=2)

    def works() -> int:
        with slots.place("a", "x"):
            return slots.held["x"]

    assert max(together([works] * 30)) <= 2
    assert not slots.held
    assert not slots.waiting


def test_an_address_of_the_new_kind_counts_with_its_network() -> None:
    assert household_of("2001:db8:1:2:3::4") == household_of("2001:db8:1:2::9")
    assert household_of("2001:db8:1:2::") != household_of("2001:db8:1:102::")
    assert household_of("::ffff:127.0.0.1") == household_of("127.0.0.1") == "127.0.0.1"
    assert household_of("") == ""


def test_many_keys_leave_nothing_behind() -> None:
    slots = Slots(most=1_000, each=1)
    with ExitStack() as all_of_them:
        for number in range(1_000):
            all_of_them.enter_context(slots.place("a", str(number)))
        assert len(slots.held) == 1_000
    assert not slots.held
