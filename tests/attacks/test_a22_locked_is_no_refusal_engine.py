"""A22: a database that is locked or fails is told as that, never as "not enough points"."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connections, transaction

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.journal.storage import storage_for
from tests.backends.journals import Opens
from tests.engine.rows import rows_of
from tests.engine.small import AT, POINT, do, opened, order


@contextmanager
def locked(engine: Engine) -> Iterator[None]:
    """Somebody else holds the programme while the block runs."""
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic(using=engine.alias):
                storage_for(connections[engine.alias]).lock_head(engine.id)
                held.set()
                release.wait(60)
        finally:
            connections[engine.alias].close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(60)
    try:
        yield
    finally:
        release.set()
        holder.join()


@contextmanager
def impatient(engine: Engine) -> Iterator[None]:
    """Wait for a lock for a twentieth of a second only."""
    sqlite = connections[engine.alias].vendor == "sqlite"
    short, usual = (
        ("PRAGMA busy_timeout = 50", "PRAGMA busy_timeout = 30000")
        if sqlite
        else ("SET lock_timeout = 50", "SET lock_timeout = 0")
    )
    with connections[engine.alias].cursor() as cursor:
        cursor.execute(short)
    try:
        yield
    finally:
        with connections[engine.alias].cursor() as cursor:
            cursor.execute(usual)


def test_a_lock_that_is_not_got_is_an_error_and_the_retry_is_whole(engine: Opens) -> None:
    one = opened(engine)
    do(one, order("o1"))
    sale = cmd.RedeemPoints(AT, "m1", 21 * POINT, key="k")
    before = rows_of(one)

    with locked(one), impatient(one), pytest.raises(OperationalError, match=r"lock"):
        one.apply([sale])

    assert rows_of(one) == before
    (answer,) = do(one, sale)
    assert not answer.repeated
    assert answer.points == 21 * POINT
