"""Journals for the tests: the same tests on SQLite and PostgreSQL, in programmes of their own."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from shareback.engine.engine import Engine
from shareback.engine.opening import open_programme
from shareback.engine.salts import SeededSalts
from shareback.journal.database_url import database_settings
from shareback.journal.models import Programme as Journaled
from shareback.mall.tables import make_tables
from shareback.rules.programme import TEST_ISSUER, Programme
from tests.backends.once import Once

OPENED = 1_767_225_600_000_000
"""Midnight of 2026-01-01, UTC: eight in the morning of that day in Shanghai."""

DAY = 86_400_000_000
SALTS = SeededSalts(b"the tests' own salts")


class Opens(Protocol):
    """Opens a programme and gives its engine."""

    def __call__(self, name: str = ..., **parameters: object) -> Engine:
        """Open a programme; one of the same name that a test opened before is called otherwise."""


def register(name: str, url: str) -> None:
    """Tell Django of a database."""
    settings = connections.configure_settings({"default": database_settings(url)})
    connections.databases[name] = settings["default"]


def forget(name: str) -> None:
    """Close a database's connection, and let Django forget it."""
    connections[name].close()
    del connections[name]
    del connections.databases[name]


@pytest.fixture(
    scope="session",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
)
def journal_url(
    request: pytest.FixtureRequest, once: Once, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The URL of a database of each kind, empty at first."""
    if request.param == "sqlite":
        path: Path = once("journal", lambda: tmp_path_factory.mktemp("journal"))
        return f"sqlite://{path / 'journal.sqlite3'}"
    create: Callable[[], str] = request.getfixturevalue("new_postgresql_database")
    return once("journal in PostgreSQL", create)


@pytest.fixture(scope="session")
def alias(journal_url: str, once: Once, django_db_blocker: DjangoDbBlocker) -> str:
    """One of Django's aliases, for a migrated database that this worker has for itself.

    Tests share it: each opens programmes of its own names.
    """
    return once.entered(("alias", journal_url), lambda: migrated(journal_url, django_db_blocker))


@contextmanager
def migrated(url: str, blocker: DjangoDbBlocker) -> Iterator[str]:
    """The alias of a database with all tables, for the length of a ``with`` block."""
    name = f"journal_{url.partition(':')[0]}"
    register(name, url)
    with blocker.unblock():
        make_tables(name)
        yield name
        forget(name)


def open_anew(alias: str, name: str, **parameters: object) -> Engine:
    """Open a programme with a test issuer and the tests' own salts.

    A programme's log begins with its name, so two programmes whose logs must be equal have the
    same one: the journal's row of an earlier programme is given another name, its log keeps it.
    """
    rows = Journaled.objects.using(alias)
    before = rows.filter(name__startswith=name).count()
    rows.filter(name=name).update(name=f"{name} ({before})")
    fields = {"name": name, "issuer": TEST_ISSUER, **parameters}
    open_programme(Programme.model_validate(fields), OPENED, alias, SALTS)
    return Engine(name, alias, SALTS)


@pytest.fixture
def engine(alias: str) -> Opens:
    """Opens programmes by `open_anew`, under names that only this test has."""
    test = os.environ["PYTEST_CURRENT_TEST"].rpartition("::")[2].partition(" ")[0]

    def opens(name: str = "", **parameters: object) -> Engine:
        return open_anew(alias, f"{name} of {test}"[:150], **parameters)

    return opens


@pytest.fixture(scope="session")
def cleared_postgresql_url(new_postgresql_database: Callable[..., str]) -> str:
    """The URL of a database that `fresh_url` clears for each test."""
    return new_postgresql_database()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of each kind, for one test alone."""
    if request.param == "sqlite":
        return f"sqlite://{tmp_path / 'fresh.sqlite3'}"
    url: str = request.getfixturevalue("cleared_postgresql_url")
    with psycopg.connect(url, autocommit=True) as connection:
        # Cheaper than another database: to drop one, the server writes out all it has in memory.
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return url
