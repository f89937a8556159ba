"""The log's table refuses every way to change, remove or replace an event."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connections, transaction
from pytest_django import DjangoDbBlocker

from shareback.engine.engine import Engine
from shareback.journal.models import Event
from tests.backends.journals import Opens, forget, register

SQLITE_WAYS = {
    "REPLACE INTO journal_event (programme_id, sequence, body) VALUES (ID, 0, x'00')": "once",
    "INSERT OR REPLACE INTO journal_event (programme_id, sequence, body)"
    " VALUES (ID, 0, x'00')": "once",
    # With a rowid that another event has, the new event's own key is free.
    "INSERT OR REPLACE INTO journal_event (rowid, programme_id, sequence, body)"
    " SELECT rowid, ID, 1, x'00' FROM journal_event WHERE programme_id = ID": "rowid",
    "UPDATE OR REPLACE journal_event SET sequence = 0 WHERE programme_id = ID": "append-only",
}
BOTH_WAYS = {
    "INSERT INTO journal_event (programme_id, sequence, body)"
    " SELECT programme_id, 0, body FROM journal_event WHERE programme_id = ID"
    " ON CONFLICT (programme_id, sequence) DO UPDATE SET body = excluded.body": "append-only",
}


def planted(engine: Engine, statement: str) -> int:
    """Run a statement; returns how many rows it has changed, and keeps none."""
    with transaction.atomic(using=engine.alias):
        with connections[engine.alias].cursor() as cursor:
            cursor.execute(statement.replace("ID", str(engine.id)))
            count: int = cursor.rowcount
        transaction.set_rollback(True, using=engine.alias)
    return count


def events(engine: Engine) -> list[tuple[int, bytes]]:
    rows = Event.objects.using(engine.alias).filter(programme_id=engine.id).order_by("sequence")
    return [(row.sequence, bytes(row.body)) for row in rows]


@pytest.mark.parametrize("statement", SQLITE_WAYS | BOTH_WAYS)
def test_an_event_cannot_be_replaced(engine: Opens, statement: str) -> None:
    one = engine()
    before = events(one)
    is_sqlite = connections[one.alias].vendor == "sqlite"
    # PostgreSQL does not know the other ways at all.
    told = (SQLITE_WAYS | BOTH_WAYS)[statement] if is_sqlite else "append-only|syntax error"

    with pytest.raises(DatabaseError, match=told):
        planted(one, statement)

    assert events(one) == before


def test_an_event_that_is_there_is_told_as_a_breach_of_its_key(engine: Opens) -> None:
    one = engine()
    statement = (
        "INSERT INTO journal_event (programme_id, sequence, body)"
        " SELECT programme_id, sequence, body FROM journal_event WHERE programme_id = ID"
    )
    with pytest.raises(IntegrityError, match=r"an event is added once|duplicate key"):
        planted(one, statement)


def test_the_next_event_can_be_added(engine: Opens) -> None:
    statement = (
        "INSERT INTO journal_event (programme_id, sequence, body)"
        " SELECT programme_id, sequence + 1, body FROM journal_event WHERE programme_id = ID"
    )
    assert planted(engine(), statement) == 1


def test_the_triggers_go_and_come_with_their_migration(
    fresh_url: str, django_db_blocker: DjangoDbBlocker
) -> None:
    name = f"append_only_{fresh_url.partition(':')[0]}"
    adding = "INSERT INTO journal_event (programme_id, sequence, body) VALUES (1, 0, '')"
    register(name, fresh_url)
    with django_db_blocker.unblock():
        try:
            call_command("migrate", "journal", database=name, verbosity=0)
            with connections[name].cursor() as cursor:
                cursor.execute(adding)
            call_command("migrate", "journal", "0001", database=name, verbosity=0)
            with connections[name].cursor() as cursor:
                cursor.execute("UPDATE journal_event SET sequence = 1")
                assert cursor.rowcount == 1
            call_command("migrate", "journal", database=name, verbosity=0)
            with (
                pytest.raises(DatabaseError, match="append-only"),
                connections[name].cursor() as cursor,
            ):
                cursor.execute("DELETE FROM journal_event")
        finally:
            forget(name)
