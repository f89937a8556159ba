"""Refunds that were there before they named their order's member are told its number."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from shareback.engine.verifying import verify_full
from shareback.journal.models import Order, Refund
from tests.backends.journals import forget, register
from tests.engine.busy import busy_programme

ALIAS = "refunds of before"


@pytest.fixture
def before(fresh_url: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database whose tables are as old as the refunds in it."""
    register(ALIAS, fresh_url)
    with django_db_blocker.unblock():
        try:
            call_command("migrate", "journal", database=ALIAS, verbosity=0)
            busy_programme("before", ALIAS, days=5)
            call_command("migrate", "journal", "0002", database=ALIAS, verbosity=0)
            yield ALIAS
        finally:
            forget(ALIAS)


def test_the_migration_tells_them(before: str) -> None:
    call_command("migrate", "journal", database=before, verbosity=0)
    members = dict(Order.objects.using(before).values_list("number", "member"))
    refunds = list(Refund.objects.using(before).values_list("order", "member"))
    assert len(refunds) >= 3
    assert [member for _order, member in refunds] == [members[order] for order, _ in refunds]
    assert verify_full("before", before).passed
