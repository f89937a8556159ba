"""A server takes PostgreSQL's connections from a pool: none is opened for a request."""

from collections.abc import Iterator, Sequence

import psycopg
import pytest
from django.db import connections
from django.test import RequestFactory

from shareback.api import writing
from shareback.api.access import Caller
from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.engine.group import Group
from shareback.journal.database_url import database_settings
from tests.backends.journals import Opens, forget
from tests.backends.servers import Mall
from tests.engine.small import opened, order

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("journal_url", ["postgresql"], indirect=True),
]

READS = 60
POOLED = "pooled"


def sessions(url: str) -> int:
    """How many connections were ever opened to a database; our own is not counted yet."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT sessions FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_reads_open_no_connections(mall: Mall, journal_url: str) -> None:
    mall.get("")
    before = sessions(journal_url)
    for _ in range(READS):
        assert mall.get("/members/li").status_code == 200
    assert sessions(journal_url) - before < READS // 4


@pytest.fixture
def only_one(journal_url: str, alias: str) -> Iterator[str]:
    """An alias of the worker's database as a server has it, with one connection for all."""
    del alias
    served = database_settings(journal_url, serving=True)
    served["OPTIONS"]["pool"].update(max_size=1, timeout=0.5)
    connections.databases[POOLED] = connections.configure_settings({"default": served})["default"]
    yield POOLED
    connections[POOLED].close()
    # The stubs know no backend's own methods.
    connections[POOLED].close_pool()  # type: ignore[attr-defined]
    forget(POOLED)


def test_who_waits_for_a_batch_holds_no_connection(
    engine: Opens, only_one: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else none would be left to write it with."""
    one = opened(engine)
    group = Group(lambda: Engine(one.programme.name, only_one), nothing, only_one)
    group.release()
    monkeypatch.setattr(writing, "DEFAULT_DB_ALIAS", only_one)
    monkeypatch.setattr(writing, "GROUPS", writing.Groups(lambda _programme: group))
    with connections[only_one].cursor() as cursor:
        cursor.execute("SELECT 1")
    request = RequestFactory().post("/orders")
    caller = Caller(one.id, 1, frozenset(), "127.0.0.1")
    (answer,) = writing.submit(request, caller, [order("o1")], "key")
    assert answer.code == 0
    until_it_rests(group)


def until_it_rests(group: Group) -> None:
    """Wait until the group has given its connection back too."""
    thread = group.thread
    if thread is not None:
        thread.join()


def nothing(_notes: Sequence[object], _answers: Sequence[Sequence[cmd.Answer]]) -> None:
    """No notes are kept."""
