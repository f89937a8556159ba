"""An answer shows one state of the journal, wherever between its statements another commits."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.db import OperationalError, connections

from tests.api.inside import Inside, inside, watched
from tests.backends.servers import Mall

ORDER = {"member_id": "li", "amount": "100", "received": True}
Write = Callable[[Mall, int], object]


@pytest.fixture
def site(mall: Mall) -> Iterator[Inside]:
    """A mall that this process serves too; its members hold points, orders wait to be received."""
    mall.done("/orders", ORDER | {"order_id": "first"})
    for turn in range(20):
        mall.done("/orders", ORDER | {"order_id": f"waits {turn}", "received": False})
    with inside(mall) as one:
        yield one


def sells(mall: Mall, _turn: int) -> object:
    """The member sells some points: the price rises, and the member holds fewer."""
    return mall.done("/members/li/redemptions", {"points": "1"})


def receives(mall: Mall, turn: int) -> object:
    """An order is received, and matures at once."""
    return mall.done(f"/orders/waits {turn}/received")


VIEWS: list[tuple[str, Write]] = [
    ("/members/li", sells),
    ("/members/li/quotes?points=2.5", sells),
    ("/orders/waits {turn}", receives),
    ("", sells),
]


def cut(site: Inside, path: str, write: Write, place: int, turn: int) -> tuple[Any, list[Any], int]:
    """What an answer says when a write commits just before one of its statements.

    Returns:
        The document, the documents before and after the write, and how many statements it took.
    """
    path = path.format(turn=turn)
    statements = 0

    def seen(sql: str) -> None:
        nonlocal statements
        if sql.startswith("SELECT"):
            statements += 1
            if statements == place:
                write(site.mall, turn)

    either = [site.mall.http.get(site.mall.url + path).json()]
    with watched(site.mall.alias, seen):
        told = site.get(path).json()
    either.append(site.mall.http.get(site.mall.url + path).json())
    return told, either, statements


def mixed(site: Inside, path: str, write: Write) -> list[int]:
    """The places between two statements where an answer showed two states at once."""
    found = []
    site.get(path.format(turn=0))
    _told, _either, count = cut(site, path, write, 0, 0)
    assert count > 0
    for place in range(1, count + 1):
        told, either, _count = cut(site, path, write, place, place)
        assert either[0] != either[1]
        if told not in either:
            found.append(place)
    return found


@pytest.mark.parametrize(("path", "write"), VIEWS)
def test_a_write_between_two_statements_shows_whole_or_not_at_all(
    site: Inside, path: str, write: Write
) -> None:
    assert mixed(site, path, write) == []


def test_without_a_snapshot_two_states_would_be_told_at_once(
    site: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shareback.api.reading.snapshot", nullcontext)
    assert [path for path, write in VIEWS if mixed(site, path, write)] == [
        path for path, _write in VIEWS[:3]
    ]


def is_idle(alias: str) -> bool:
    """Whether this thread's connection is in no transaction."""
    connection = connections[alias]
    if connection.vendor == "sqlite":
        return not connection.connection.in_transaction
    status: bool = connection.connection.info.transaction_status.name == "IDLE"
    return status


def test_after_a_problem_or_a_fault_the_connection_is_as_before(site: Inside) -> None:
    alias = site.mall.alias
    assert site.get("/orders/none").status_code == 404
    assert is_idle(alias)

    def lost(sql: str) -> None:
        if "journal_member" in sql:
            raise OperationalError("the connection is lost")

    with watched(alias, lost):
        answer = site.get("/members/li")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert is_idle(alias)
    answer = site.get("/members/li")
    assert answer.status_code == 200
    again = site.client.get(site.url + "/members/li", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert is_idle(alias)


def test_a_snapshot_that_cannot_be_ended_leaves_no_connection_behind(site: Inside) -> None:
    alias = site.mall.alias

    def stuck(sql: str) -> None:
        if sql == "ROLLBACK":
            raise OperationalError("the connection is lost")

    with watched(alias, stuck):
        assert site.get("/members/li").status_code == 200
    assert connections[alias].connection is None
    assert site.get("/members/li").status_code == 200
