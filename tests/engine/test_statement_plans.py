"""No query of a statement, or of the pass that keeps long ones, reads rows of anybody else."""

import re
from collections.abc import Callable

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from shareback.engine.engine import Engine
from shareback.engine.opening import load_terms
from shareback.engine.statements import keeping, marking
from shareback.engine.statements.marking import bring_up, mark_long_statements
from shareback.engine.statements.reading import open_statement
from shareback.journal.models import Programme, StatementMark
from tests.engine.busy import DAY, OPENED, World, busy_programme

TABLE = re.compile(r"journal_(?!programme|terms)\w+")
KEYED = {
    "sqlite": re.compile(
        r"SEARCH \S+ USING (COVERING )?INDEX \w+ \(programme_id=\? AND \w+=\?.*"
        r"|SEARCH journal_day USING INDEX \w+ \(programme_id=\? AND day[<>].*"
    ),
    "postgresql": re.compile(
        r"Index Cond: .*programme_id = .* AND \(+\S+ = .*"
        r"|Index Cond: \(\(programme_id = \d+\) AND \(day [<>=]+ .*"
    ),
}
"""A search by the programme, and by a key beside it; days are a row for each day."""

SEQUENCE_ALONE = re.compile(r"programme_id=\? AND (sequence|number|rowid)[<>]")


@pytest.fixture(scope="module")
def engine(alias: str) -> Engine:
    one = busy_programme("statements explained", alias, seed=21)
    if connections[alias].vendor == "postgresql":
        with connections[alias].cursor() as cursor:
            cursor.execute("ANALYZE")
    return one


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "PAGE_ENTRIES", 8)
    monkeypatch.setattr(marking, "LONG", 2)
    monkeypatch.setattr(marking, "ONE_IN", 3)


def read_all(engine: Engine, number: int) -> None:
    """All that pages and API ask of a statement."""
    head = Programme.objects.using(engine.alias).get(pk=engine.id)
    versions = [version.programme for version in load_terms(engine.id, engine.alias)]
    mark = bring_up(head, number, versions, engine.alias)
    read = open_statement(head, number, versions, mark, engine.alias)
    assert read is not None
    for month in read.months():
        dividends = read.dividends(month)
        for one in read.told(month, dividends, 0, month.told):
            read.timeline.reach({one.step.day})
    read.between(0, read.entries)
    read.pending(5)
    read.orders_of({1, 2, 3})


def asked(engine: Engine, work: Callable[[], object]) -> list[str]:
    """The queries that some work sends."""
    with CaptureQueriesContext(connections[engine.alias]) as queries:
        work()
    found = {query["sql"].strip() for query in queries}
    return sorted(sql for sql in found if sql.startswith("SELECT") and TABLE.search(sql))


def searches(engine: Engine, query: str) -> list[str]:
    """How the database would look for a query's rows; a scan of a table stands among them."""
    connection = connections[engine.alias]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {query}")
            lines = [row[3] for row in cursor.fetchall()]
            return [line for line in lines if re.match(r"(SEARCH|SCAN) (?!part\d)", line)]
        # So small a table is read as it lies; what counts is that an index can serve.
        cursor.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {query}")
        lines = [row[0].strip() for row in cursor.fetchall()]
        cursor.execute("RESET enable_seqscan; RESET enable_bitmapscan")
        return [line for line in lines if re.match(r"Index Cond:|->\s+Seq Scan|Seq Scan", line)]


def assert_keyed(engine: Engine, queries: list[str]) -> None:
    keyed = KEYED[connections[engine.alias].vendor]
    for query in queries:
        found = searches(engine, query)
        assert found, query
        for search in found:
            assert keyed.match(search), (query, search)
            assert not SEQUENCE_ALONE.search(search), (query, search)


def test_the_check_sees_a_scan(engine: Engine) -> None:
    for planted in (
        "SELECT * FROM journal_order WHERE programme_id = {0} AND paid_day = 4",
        "SELECT * FROM journal_movement WHERE programme_id = {0} AND sequence > 4",
        "SELECT * FROM journal_refund WHERE programme_id = {0} AND money = 4",
    ):
        with pytest.raises(AssertionError):
            assert_keyed(engine, [planted.format(engine.id)])


def test_a_statement_that_was_never_kept_reads_by_its_keys(engine: Engine) -> None:
    StatementMark.objects.using(engine.alias).filter(programme_id=engine.id).delete()
    queries = asked(engine, lambda: read_all(engine, 5))
    assert len(queries) > 6
    assert_keyed(engine, queries)


def test_a_kept_one_reads_by_its_keys_too(engine: Engine, small: None) -> None:
    read_all(engine, 5)
    engine.apply(World(77).day(OPENED + 13 * DAY, 60))
    queries = asked(engine, lambda: read_all(engine, 5))
    assert any("journal_statementpage" in query for query in queries)
    assert any("o.number IN" in query for query in queries)
    assert_keyed(engine, queries)


def test_so_does_the_pass(engine: Engine, small: None) -> None:
    StatementMark.objects.using(engine.alias).filter(programme_id=engine.id).delete()
    queries = asked(engine, lambda: mark_long_statements(engine.id, engine.alias))
    assert any("OFFSET" in query for query in queries)
    assert_keyed(engine, queries)
