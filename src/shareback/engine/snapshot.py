"""One unchanging view of a database for whoever reads a whole journal; no writer waits for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

BEGIN = {
    # Django's own transactions on SQLite take the writer's lock; a deferred one only reads.
    "sqlite": "BEGIN DEFERRED",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}


@contextmanager
def snapshot(alias: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Read the database as it is now until the end of the block.

    Args:
        alias: Which of Django's databases. Inside a transaction of the caller's that one serves.
    """
    connection = connections[alias]
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(BEGIN[connection.vendor])
    try:
        yield
    finally:
        end(connection)


def end(connection: BaseDatabaseWrapper) -> None:
    """End a snapshot; where that cannot be done, nobody may go on with the connection."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
    except DatabaseError:
        connection.close()
