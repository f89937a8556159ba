"""No batch scans the members: exits, due orders, tiers are found through their indexes (R5.2)."""

import re
from typing import Any

import pytest
from django.db import connections

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.engine.opening import open_programme
from shareback.journal.shapes import Shape
from shareback.journal.storage_postgresql import PostgresqlStorage
from shareback.journal.storage_sqlite import SqliteStorage
from shareback.rules.programme import TEST_ISSUER, Programme, TierTerms
from tests.backends.journals import DAY, SALTS
from tests.engine.small import AT, AT_ONCE, POINT, YUAN, do, order

MEMBERS = 2_000
STORAGES = {"sqlite": SqliteStorage, "postgresql": PostgresqlStorage}


@pytest.fixture(scope="session")
def large(alias: str) -> Engine:
    """So many members that a database would rather not scan them."""
    programme = Programme.model_validate(
        {
            "name": "large",
            "issuer": TEST_ISSUER,
            "tiers": (TierTerms(name="gold", threshold="25", multiplier="2"),),
            **AT_ONCE,
            "maturity_days": 3,
        }
    )
    open_programme(programme, AT, alias, SALTS)
    one = Engine("large", alias, SALTS)
    do(one, cmd.JoinMerchant(AT, "s1"), *[cmd.JoinMember(AT, f"m{n}") for n in range(MEMBERS)])
    for day in range(6):
        at, buyers = AT + day * DAY, 20 if day else MEMBERS
        do(one, *[order(f"o{day}-{n}", f"m{n}", 90 + n % 40, at) for n in range(buyers)])
    analysed(one)
    return one


def analysed(engine: Engine) -> None:
    """Let PostgreSQL know how many rows there are."""
    if connections[engine.alias].vendor == "postgresql":
        with connections[engine.alias].cursor() as cursor:
            cursor.execute("ANALYZE")


@pytest.fixture
def reads(large: Engine, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries by which a batch reads members and orders, as they are sent."""
    sent: list[str] = []
    storage = STORAGES[connections[large.alias].vendor]
    real: Any = storage.select  # type: ignore[attr-defined]

    def select(self: Any, shape: Shape, programme: int, where: str = "") -> object:  # noqa: ANN401
        sent.append(f'SELECT * FROM "{shape.table}" WHERE programme_id = {programme} {where}')  # noqa: S608
        return real(self, shape, programme, where)

    monkeypatch.setattr(storage, "select", select)
    return sent


def plan(engine: Engine, query: str) -> str:
    """How the database would answer a query."""
    connection = connections[engine.alias]
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {query}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


SCAN = re.compile(r"(^SCAN|Seq Scan on) journal_(member|order|event|movement)\b", re.MULTILINE)
"""Tables that grow with the programme; PostgreSQL reads a small one as it lies."""


def planted_scan(engine: Engine) -> str:
    """A query that does scan, so that the check is known to see it."""
    return plan(engine, f"SELECT * FROM journal_member WHERE programme_id = {engine.id} + cash")  # noqa: S608


def assert_no_scans(engine: Engine, sent: list[str]) -> None:
    """Explain what was sent."""
    assert SCAN.search(planted_scan(engine))
    assert sent
    for query in sent:
        assert not SCAN.search(plan(engine, query)), query


def index_of(engine: Engine, sent: list[str], words: str) -> str:
    """The plans of the queries that have some words."""
    plans = [plan(engine, query) for query in sent if words in query]
    assert plans
    return "\n".join(plans)


def test_a_close_uses_the_indexes_of_exits_due_orders_and_tiers(
    large: Engine, reads: list[str]
) -> None:
    large.forget()
    large.close(large.calendar.day_of(AT) + 5)
    assert_no_scans(large, reads)
    assert "member_exits" in index_of(large, reads, "ORDER BY key")
    assert "member_retier" in index_of(large, reads, "retier = 1")
    assert "order_due" in index_of(large, reads, "due_day =")


def test_commands_read_what_they_name(large: Engine, reads: list[str]) -> None:
    large.forget()
    at = AT + 6 * DAY
    do(
        large,
        order("new", "m7", at=at),
        cmd.RedeemPoints(at, "m1999", POINT),
        cmd.RefundOrder(at, "o0-5", "r", YUAN),
        cmd.SpendPoints(at, "p", "m3", "s1", POINT),
        cmd.FundTreasury(at, YUAN, key="k"),
    )
    assert_no_scans(large, reads)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("identity", "outside_id", "m7"), ("order", "order_id", "o1-7")],
)
def test_ids_are_found_by_their_own_index(
    large: Engine, table: str, column: str, value: str
) -> None:
    query = (
        f"SELECT * FROM journal_{table} WHERE programme_id = {large.id}"  # noqa: S608
        f" AND kind = 1 AND {column} = '{value}'"
    )
    found = plan(large, query if table == "identity" else query.replace(" AND kind = 1", ""))
    # SQLite names the index of a unique constraint after its table.
    assert re.search(rf"{table}_once|sqlite_autoindex_journal_{table}", found)
