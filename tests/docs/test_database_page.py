"""The SQL of the page on databases does what the page says, on a real PostgreSQL."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from shareback.engine.commands import FundTreasury
from shareback.engine.proving.checkpoints import draw_up
from shareback.engine.proving.keys import add_key, retire_keys
from shareback.engine.verifying import verify_full
from shareback.journal.heads import HEAD_COLUMNS
from shareback.rules.layout import Head
from tests.backends.journals import forget, register
from tests.backends.servers import Mall, serving
from tests.docs.pages import ROOT, blocks, page
from tests.engine.busy import busy_programme

pytestmark = pytest.mark.postgresql

BUSY_DAYS = 12
"""How many days of the busy programme have closed."""

ROLES = ("owner", "writer", "reader")
REMOVING = (
    "DELETE FROM {}",
    "TRUNCATE {}",
)


def statements(sql: str) -> list[str]:
    """The statements of a block of SQL; one that holds others is a block of its own."""
    if sql.startswith("DO "):
        return [sql]
    return [each.strip() for each in sql.split(";\n") if each.strip()]


class Database:
    """A database with the roles and grants of the page, under names of this run."""

    def __init__(self, server: str, name: str) -> None:
        """Know the server; nothing is made yet."""
        self.server = server
        self.name = name

    def renamed(self, sql: str) -> str:
        """The page's SQL with this run's names for database and roles."""
        sql = re.sub(r"shareback_(owner|writer|reader)", rf"{self.name}_\1", sql)
        return re.sub(r"\bshareback\b", self.name, sql)

    def url(self, role: str) -> str:
        """The URL for a role."""
        host = urlsplit(self.server).netloc.rpartition("@")[2]
        return f"postgresql://{self.name}_{role}:{role}-secret@{host}/{self.name}"

    def run(self, url: str, sql: str) -> None:
        """Run a block of the page's SQL."""
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in statements(self.renamed(sql)):
                connection.execute(statement.encode())

    def tables(self) -> list[str]:
        """The journal's tables."""
        with psycopg.connect(self.url("owner")) as connection:
            rows = connection.execute(
                "SELECT tablename FROM pg_tables WHERE tablename LIKE 'journal%' ORDER BY 1"
            ).fetchall()
        return [row[0] for row in rows]

    def refusal(self, role: str, statement: str) -> str:
        """How a statement of a role is refused, or "" where it is not; it is never kept."""
        with psycopg.connect(self.url(role)) as connection:
            try:
                connection.execute(statement.encode())
            except psycopg.Error as fault:
                return str(fault).splitlines()[0]
            finally:
                connection.rollback()
        return ""

    def migrate(self) -> None:
        """Make the tables as the page says, without an import."""
        subprocess.run(
            [sys.executable, "-m", "django", "migrate", "--verbosity=0"],
            check=True,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT / "src"),
                "DJANGO_SETTINGS_MODULE": "shareback.web.settings",
                "SHAREBACK_DATABASE": self.url("owner"),
            },
        )


@contextmanager
def made(server: str, name: str) -> Iterator[Database]:
    """A database as the page makes it, gone when the block ends."""
    database = Database(server, name)
    as_administrator, as_owner, for_a_site = blocks(page("operate/database.md"), "sql")
    database.run(server, as_administrator)
    try:
        database.migrate()
        database.run(database.url("owner"), as_owner)
        database.run(database.url("owner"), for_a_site)
        yield database
    finally:
        database.run(server, "DROP DATABASE shareback WITH (FORCE)")
        for role in ROLES:
            database.run(server, f"DROP ROLE shareback_{role}")


@pytest.fixture(scope="module")
def database(postgresql_server: str) -> Iterator[Database]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with made(postgresql_server, f"docs_{worker}") as there:
        yield there


PASSING = {
    "journal_touched",
    "journal_closedaccounts",
    "journal_accountblock",
    "journal_witness",
}
"""Tables of what is on its way, or written anew: the writer takes their rows away again."""


@pytest.mark.parametrize("role", ["writer", "reader"])
def test_neither_writer_nor_reader_can_remove_a_row(database: Database, role: str) -> None:
    tables = database.tables()
    assert len(tables) == 26
    for table in set(tables) - (PASSING if role == "writer" else set()):
        for statement in REMOVING:
            assert database.refusal(role, statement.format(table)).startswith("permission denied")


def test_the_writer_can_add_to_every_table_and_the_reader_to_none(database: Database) -> None:
    adding = "INSERT INTO {0} SELECT * FROM {0} WHERE FALSE"
    for table in database.tables():
        assert database.refusal("writer", adding.format(table)) == ""
        assert database.refusal("reader", adding.format(table)).startswith("permission denied")


@pytest.mark.parametrize(
    "table",
    [
        *("event", "movement", "day", "refund", "identity", "answer", "terms", "programme"),
        *("checkpoint", "logtile", "cosignature", "balancecheck"),
    ],
)
def test_the_writer_cannot_change_what_is_only_added_to(database: Database, table: str) -> None:
    column = "key" if table == "programme" else "programme_id"
    changing = f"UPDATE journal_{table} SET {column} = {column}"  # noqa: S608 - our own names
    assert database.refusal("writer", changing).startswith("permission denied")


def test_of_a_programme_the_writer_changes_nothing_but_head_and_frontier(
    database: Database,
) -> None:
    with psycopg.connect(database.url("owner")) as connection:
        granted = connection.execute(
            "SELECT column_name FROM information_schema.column_privileges"
            " WHERE table_name = 'journal_programme' AND privilege_type = 'UPDATE'"
            " AND grantee = %s",
            (f"{database.name}_writer",),
        ).fetchall()
    assert {row[0] for row in granted} == {*HEAD_COLUMNS, "frontier", "halted"}


def test_the_grants_are_enough_for_whoever_writes(
    database: Database, django_db_blocker: DjangoDbBlocker
) -> None:
    register("docs_writer", database.url("writer"))
    with django_db_blocker.unblock():
        try:
            busy = busy_programme("granted", "docs_writer")
            assert verify_full(busy.programme.name, busy.alias).passed
            assert draw_up(busy.id, busy.alias) == BUSY_DAYS
            busy.apply([FundTreasury(busy.calendar.start_of(busy.head()[Head.DAY] + 1), 1)])
            assert draw_up(busy.id, busy.alias) == 1
            new = add_key(busy.id, busy.alias)
            assert retire_keys(busy.id, new.number, busy.alias) == 1
        finally:
            forget("docs_writer")


def test_a_site_runs_as_the_writer(
    database: Database, django_db_blocker: DjangoDbBlocker, tmp_path: Path
) -> None:
    register("docs_site", database.url("writer"))
    with django_db_blocker.unblock(), serving(database.url("writer"), tmp_path / "log") as server:
        try:
            mall = Mall(server, "docs_site")
            mall.members("li")
            mall.done("/orders", {"order_id": "o", "member_id": "li", "amount": "100"}, "k")
            mall.done("/orders", {"order_id": "o", "member_id": "li", "amount": "100"}, "k")
            assert mall.batch(b'{"order_id":"p","member_id":"li","amount":"1"}\n').is_success
            mall.second_client(["members:read"]).get("/members/li").raise_for_status()
            mall.close()
        finally:
            forget("docs_site")


@pytest.mark.parametrize("table", ["api_written", "api_accesschange"])
def test_who_wrote_what_is_only_added_to(database: Database, table: str) -> None:
    for statement in (f"UPDATE {table} SET programme_id = 1", f"DELETE FROM {table}"):  # noqa: S608 - ours
        assert database.refusal("writer", statement).startswith("permission denied")


@pytest.mark.parametrize(
    "statement",
    ["UPDATE journal_event SET body = body", "DELETE FROM journal_event", "TRUNCATE journal_event"],
)
def test_even_the_owner_cannot_change_an_event(database: Database, statement: str) -> None:
    refusal = database.refusal("owner", statement)
    assert refusal == "the journal is append-only"
    assert f"ERROR:  {refusal}" in page("operate/database.md")


def test_the_writer_cannot_make_a_table_or_drop_the_trigger(database: Database) -> None:
    assert "permission denied" in database.refusal("writer", "CREATE TABLE other (a int)")
    dropping = "DROP TRIGGER journal_event_append_only ON journal_event"
    assert "must be owner" in database.refusal("writer", dropping)


def test_everybody_reads(database: Database) -> None:
    reading: Callable[[str], str] = "SELECT count(*) FROM {}".format
    for table in database.tables():
        assert database.refusal("reader", reading(table)) == ""
        assert database.refusal("writer", reading(table)) == ""
