"""`shareback webhooks` from the command line: once, for cron."""

from pathlib import Path

import pytest

from tests.cli.conftest import Shareback
from tests.cli.test_access_commands import MALL

NOTHING = {"taken": 0, "delivered": 0, "failed": 0, "dropped": 0}


@pytest.fixture
def database(shareback: Shareback, fresh_url: str, tmp_path: Path) -> str:
    """A database with an open programme."""
    (tmp_path / "mall.toml").write_text(MALL, encoding="utf-8")
    assert shareback("open", "mall.toml", "--database", fresh_url).code == 0
    return fresh_url


def test_it_ends_once_nothing_is_due(shareback: Shareback, database: str) -> None:
    done = shareback("webhooks", "--once", "--keep-days", 7, "--database", database, "--json")
    assert done.json == NOTHING


@pytest.mark.parametrize("days", ["0", "-1", "36501", "soon"])
def test_days_that_are_none_are_refused(shareback: Shareback, database: str, days: str) -> None:
    refused = shareback("webhooks", "--once", "--keep-days", days, "--database", database)
    assert "--keep-days" in refused.fault
