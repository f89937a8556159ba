"""Databases for the engine's tests: the same tests run on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker

from shareback.journal.database_url import database_settings


@pytest.fixture(
    scope="session",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
)
def alias(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[str]:
    """One of Django's aliases, for a migrated database that this worker has for itself.

    Tests share it: each opens programmes of its own names.
    """
    name = f"engine_{request.param}"
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("engine") / "journal.sqlite3"
        url = f"sqlite://{path}"
    else:
        create: Callable[[], str] = request.getfixturevalue("new_postgresql_database")
        url = create()
    connections.databases[name] = connections.configure_settings(
        {"default": database_settings(url)}
    )["default"]
    with django_db_blocker.unblock():
        call_command("migrate", database=name, verbosity=0)
        yield name
        connections[name].close()
        del connections[name]
    del connections.databases[name]
