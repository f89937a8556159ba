"""`shareback open` and `shareback clients`: a programme of one's own, and who may call it."""

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
    """A database with an open programme."""
    (tmp_path / "mall.toml").write_text(MALL, encoding="utf-8")
    done = shareback("open", "mall.toml", "--database", fresh_url, "--json")
    assert done.json == {"programme": 1, "name": "My mall"}
    return fresh_url


def test_a_programme_opens_once(shareback: Shareback, database: str) -> None:
    again = shareback("open", "mall.toml", "--database", database)
    assert "there is a programme 'My mall' already" in again.fault


def test_a_programme_that_is_opened_names_its_own_issuer(
    shareback: Shareback, tmp_path: Path
) -> None:
    (tmp_path / "none.toml").write_text('name = "x"', encoding="utf-8")
    refused = shareback("open", "none.toml", "--database", f"sqlite://{tmp_path}/none.sqlite3")
    assert "must name its own issuer" in refused.fault
    assert not (tmp_path / "none.sqlite3").exists()


def test_clients_are_opened_listed_rotated_and_closed(shareback: Shareback, database: str) -> None:
    here = ("--database", database, "--json")
    opened = shareback("clients", "--open", "mall", "--scope", "orders:write", *here).json
    rotated = shareback("clients", "--rotate", opened["client_id"], *here).json
    assert rotated["client_secret"] != opened["client_secret"]
    assert shareback("clients", "--close", opened["client_id"], *here).json["active"] is False
    (listed,) = shareback("clients", *here).json["clients"]
    assert listed == {
        "client_id": opened["client_id"],
        "name": "mall",
        "active": False,
        "scopes": "orders:write",
        "networks": "",
        "per_minute": 60_000,
    }


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--open", "mall"], "--scope (none): choose from programme:read"),
        (["--open", "mall", "--scope", "money"], "--scope money: choose from"),
        (
            ["--open", "mall", "--scope", "orders:read", "--network", "x"],
            "--network 'x': 'x' does not appear to be an IPv4 or IPv6 network",
        ),
        (["--rotate", "nobody"], "no client 'nobody'; `shareback clients` lists them"),
        (["--rotate", "a", "--close", "b"], "--open, --rotate, --close: one at a time"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    shareback: Shareback, database: str, options: list[str], words: str
) -> None:
    assert words in shareback("clients", *options, "--database", database).fault
