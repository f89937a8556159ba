"""A database's URL is read exactly or refused in one line that hides its password."""

import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_django
from django.db import DatabaseError
from django.db.utils import ConnectionHandler
from hypothesis import given
from hypothesis import strategies as st

from shareback.journal.database_url import (
    POOL,
    POSTGRESQL_OPTIONS,
    DatabaseUrlUnreadable,
    database_settings,
)


@pytest.fixture
def unblocked(django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    """These tests open databases of their own."""
    with django_db_blocker.unblock():
        yield


@pytest.mark.parametrize("slashes", ["///", "////"])
def test_takes_an_absolute_path_after_three_slashes_or_four(slashes: str) -> None:
    settings = database_settings(f"sqlite:{slashes}srv/mall/shareback.db")

    assert settings["ENGINE"] == "django.db.backends.sqlite3"
    assert settings["NAME"] == "/srv/mall/shareback.db"


def test_a_path_may_have_spaces_and_chinese_words_encoded_or_not() -> None:
    assert database_settings("sqlite:////a b/商城.db")["NAME"] == "/a b/商城.db"
    assert database_settings("sqlite:////a%20b/%3F%23.db")["NAME"] == "/a b/?#.db"


@given(st.lists(st.text("ab %?#:@商", min_size=1).filter(lambda name: name.strip()), min_size=1))
def test_reads_back_the_path_that_a_url_was_made_of(names: list[str]) -> None:
    path = Path("/", *names)

    assert database_settings(path.as_uri().replace("file:", "sqlite:", 1))["NAME"] == str(path)


@pytest.mark.usefixtures("unblocked")
def test_sqlite_is_durable_and_its_writers_lock_at_once(tmp_path: Path) -> None:
    handler = ConnectionHandler({"default": database_settings(f"sqlite:///{tmp_path}/new.db")})
    connection = handler["default"]
    try:
        with connection.cursor() as cursor:
            found = {
                name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("journal_mode", "synchronous", "busy_timeout")
            }
        full = 2
        assert found == {"journal_mode": "wal", "synchronous": full, "busy_timeout": 30_000}
        # The stubs do not know this attribute yet.
        assert vars(connection)["transaction_mode"] == "IMMEDIATE"
    finally:
        connection.close()


def test_reads_every_part_of_a_postgresql_url() -> None:
    settings = database_settings("postgresql://mall:p%40ss@db.example:6432/books?sslmode=require")

    assert settings == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "books",
        "USER": "mall",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "6432",
        "OPTIONS": POSTGRESQL_OPTIONS | {"sslmode": "require"},
    }


def test_leaves_to_postgresql_what_the_url_does_not_say() -> None:
    settings = database_settings("postgresql:///books")

    assert {settings[key] for key in ("USER", "PASSWORD", "HOST", "PORT")} == {""}
    assert settings["OPTIONS"] == POSTGRESQL_OPTIONS


def test_what_the_url_says_of_its_own_stands() -> None:
    url = "postgresql:///books?connect_timeout=3&options=-c%20statement_timeout%3D0"
    assert database_settings(url)["OPTIONS"]["connect_timeout"] == "3"
    served = database_settings(url, serving=True)["OPTIONS"]["options"]
    assert served.endswith(" -c statement_timeout=0")
    assert "-c lock_timeout=20s" in served


def test_only_a_server_has_a_pool(tmp_path: Path) -> None:
    assert "pool" not in database_settings("postgresql:///books")["OPTIONS"]
    served = database_settings("postgresql:///books", serving=True)
    assert served["OPTIONS"]["pool"] == POOL
    assert served["CONN_HEALTH_CHECKS"] is True
    embedded = f"sqlite://{tmp_path}/a.db"
    assert database_settings(embedded, serving=True) == database_settings(embedded)


@pytest.mark.postgresql
@pytest.mark.usefixtures("unblocked")
def test_the_server_is_told_how_long_a_request_may_hold_it(postgresql_url: str) -> None:
    settings = database_settings(postgresql_url, serving=True)
    connection = ConnectionHandler({"default": settings})["default"]
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    try:
        with connection.cursor() as cursor:
            for name, value in zip(names, ("2min", "20s", "1min"), strict=True):
                cursor.execute("SELECT current_setting(%s)", [name])
                assert cursor.fetchone() == (value,)
    finally:
        connection.close()
        # The stubs know no backend's own methods.
        connection.close_pool()  # type: ignore[attr-defined]


@pytest.mark.postgresql
@pytest.mark.usefixtures("unblocked")
def test_opens_the_postgresql_database_it_names(postgresql_url: str) -> None:
    connection = ConnectionHandler({"default": database_settings(postgresql_url)})["default"]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database()")
            assert postgresql_url.endswith(f"/{cursor.fetchone()[0]}")
    finally:
        connection.close()


@pytest.mark.postgresql
@pytest.mark.usefixtures("unblocked")
def test_a_wrong_password_is_refused_by_the_server(postgresql_url: str) -> None:
    settings = {**database_settings(postgresql_url), "PASSWORD": "wrong"}
    connection = ConnectionHandler({"default": settings})["default"]

    with pytest.raises(DatabaseError, match="password"):
        connection.ensure_connection()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "names neither SQLite nor PostgreSQL"),
        ("/srv/shareback.db", "names neither SQLite nor PostgreSQL"),
        ("mysql://mall@db/books", "names neither SQLite nor PostgreSQL"),
        ("sqlite://shareback.db", "lacks a slash"),
        ("sqlite://srv/shareback.db", "lacks a slash"),
        ("sqlite:///", "names no file"),
        ("sqlite:////srv/", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:////srv/a%00b", "names no file"),
        ("sqlite:////srv/a.db?mode=ro", "has a ? or #"),
        ("sqlite:////srv/a#1.db", "has a ? or #"),
        ("postgresql://db", "names no database"),
        ("postgresql://db/", "names no database"),
        ("postgresql://db/a/b", "names no database"),
        ("postgresql://db/a#b", "has a #"),
        ("postgresql://db/a?sslmode", "are not name=value"),
        ("postgresql://db:port/a", "is no URL"),
        ("postgresql://db:65536/a", "is no URL"),
        ("postgresql://[db/a", "is no URL"),
    ],
)
def test_refuses_what_names_no_database(url: str, reason: str) -> None:
    with pytest.raises(DatabaseUrlUnreadable) as caught:
        database_settings(url)

    assert reason in caught.value.reason
    assert "sqlite:////absolute/path.db or postgresql://" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://mall:secret@db/",
        "postgresql://mall:secret@db:port/a",
        "postgresql://mall:se:secret@x@db/",
        "postgresql://mall:secret/@db/a",
        "mysql://mall:secret@db/a",
        "postgresql://mall:secret\n@db/",
    ],
)
def test_a_fault_hides_the_password(url: str) -> None:
    with pytest.raises(DatabaseUrlUnreadable) as caught:
        database_settings(url)

    shown = "".join(traceback.format_exception(caught.value, limit=0))
    assert "secret" not in shown + caught.value.url
