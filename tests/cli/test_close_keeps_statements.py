"""``shareback close`` keeps long statements once the days are closed."""

from datetime import date
from pathlib import Path

from pytest_django import DjangoDbBlocker

from shareback.journal.models import StatementMark
from tests.backends.journals import forget, register
from tests.cli.conftest import Shareback
from tests.cli.orders import write

ALIAS = "closed by command"


def test_the_pass_has_come_to_the_open_day(
    shareback: Shareback, tmp_path: Path, fresh_url: str, django_db_blocker: DjangoDbBlocker
) -> None:
    assert shareback("replay", write(tmp_path), "--database", fresh_url).code == 0
    until = ("--until", "2026-01-25", "--database", fresh_url, "--json")
    assert shareback("close", *until).json == {"closed": 4, "open_day": "2026-01-26"}
    register(ALIAS, fresh_url)
    with django_db_blocker.unblock():
        try:
            mark = StatementMark.objects.using(ALIAS).get(member=0)
            assert date.fromordinal(mark.day) == date(2026, 1, 26)
        finally:
            forget(ALIAS)
