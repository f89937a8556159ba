"""`shareback people`: who works at the console."""

from pathlib import Path

import pytest

from tests.cli.conftest import Shareback

MALL = """
name = "My mall"
[issuer]
name = "Mall Ltd"
register = "Handelsregister"
number = "HRB 1"
"""


@pytest.fixture
def database(shareback: Shareback, fresh_url: str, tmp_path: Path) -> str:
    """A database with an open programme, and without the mall's tables."""
    (tmp_path / "mall.toml").write_text(MALL, encoding="utf-8")
    assert shareback("open", "mall.toml", "--database", fresh_url, "--json").json
    return fresh_url


def test_roles_are_given_listed_and_ended(shareback: Shareback, database: str) -> None:
    here = ("--database", database, "--json")
    roles = ("--role", "operator", "--role", "finance")
    given = shareback("people", "--grant", "li", *roles, *here).json
    assert given["roles"] == ["operator", "finance"]
    assert len(given["password"]) == 16
    again = shareback("people", "--grant", "li", "--role", "auditor", *here).json
    assert "password" not in again
    listed = shareback("people", *here).json
    assert listed == {"people": [{"user": "li", "roles": "auditor finance operator"}]}
    assert shareback("people", "--revoke", "li", "--role", "finance", *here).json["revoked"]
    assert shareback("people", *here).json["people"][0]["roles"] == "auditor operator"
    forgotten = shareback("people", "--forget-factor", "li", *here).json
    assert forgotten == {"user": "li", "forgotten": False}


def test_what_cannot_be_is_refused(shareback: Shareback, database: str) -> None:
    here = ("--database", database)
    for arguments, told in (
        (("--grant", "li"), "--role: name one"),
        (("--grant", "li", "--role", "king"), "--role king: choose from operator"),
        (("--revoke", "li", "--role", "auditor"), "no user 'li'"),
        (("--forget-factor", "li"), "no user 'li'"),
        (("--grant", "a", "--revoke", "b"), "one at a time"),
    ):
        assert told in shareback("people", *arguments, *here).fault
    shareback("people", "--grant", "li", "--role", "auditor", *here)
    refused = shareback("people", "--revoke", "li", "--role", "finance", *here)
    assert "'li' does not have it" in refused.fault


def test_a_database_that_is_not_there_is_not_made(shareback: Shareback, tmp_path: Path) -> None:
    refused = shareback("people", "--database", f"sqlite://{tmp_path}/none.sqlite3")
    assert "does not exist" in refused.fault
    assert not (tmp_path / "none.sqlite3").exists()
