"""`shareback open` and `shareback clients`: a programme of one's own, and who may call it."""

from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from shareback.api.connectors.conflicts import keep
from shareback.api.connectors.mapping import Act
from shareback.api.models import Connection
from tests.backends.journals import forget, register
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
        (["--rotate", "a", "--close", "b"], "--open, --rotate, --close, --changes: one at a time"),
        (["--changes", "--close", "b"], "--open, --rotate, --close, --changes: one at a time"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    shareback: Shareback, database: str, options: list[str], words: str
) -> None:
    assert words in shareback("clients", *options, "--database", database).fault


@pytest.fixture
def connected(shareback: Shareback, database: str, tmp_path: Path) -> str:
    """The same with a connected mall."""
    (tmp_path / "secret").write_text("a secret of sixteen\n", encoding="utf-8")
    here = ("--shape", "shopify", "--secret", "secret", "--database", database)
    assert shareback("connections", "--connect", "shop", *here).code == 0
    return database


def conflict(url: str, blocker: DjangoDbBlocker) -> None:
    """A payment under the id of another's order, as a delivery leaves it."""
    register("conflicting", url)
    with blocker.unblock():
        keep(
            Connection.objects.using("conflicting").get(name="shop"),
            Act("pay", "o/1", "li", "", "", 12_500_000),
            "conflicting",
        )
        forget("conflicting")


def test_conflicts_are_counted_listed_and_settled(
    shareback: Shareback, connected: str, django_db_blocker: DjangoDbBlocker
) -> None:
    here = ("--database", connected, "--json")
    assert shareback("connections", *here).json["connections"][0]["conflicts"] == 0
    conflict(connected, django_db_blocker)
    assert shareback("connections", *here).json["connections"][0]["conflicts"] == 1
    (told,) = shareback("connections", "--conflicts", *here).json["conflicts"]
    assert {name: told[name] for name in ("connection", "order_id", "member_id", "amount")} == {
        "connection": "shop",
        "order_id": "o/1",
        "member_id": "li",
        "amount": "12.5",
    }
    settled = shareback("connections", "--settle", "o/1", *here).json
    assert settled == {"order_id": "o/1", "settled": 1}
    assert shareback("connections", "--conflicts", *here).json == {"conflicts": []}
    again = shareback("connections", "--settle", "o/1", "--database", connected)
    assert "no conflict of 'o/1'; `shareback connections --conflicts` lists them" in again.fault
    both = shareback("connections", "--settle", "a", "--conflicts", "--database", connected)
    assert "--conflicts, --settle: one at a time" in both.fault


def test_who_changed_what_is_listed_the_latest_first(shareback: Shareback, connected: str) -> None:
    here = ("--database", connected, "--json")
    opened = shareback("clients", "--open", "mall", "--scope", "orders:write", *here).json
    shareback("clients", "--close", opened["client_id"], *here)
    changes = shareback("clients", "--changes", *here).json["changes"]
    assert [(one["what"], one["subject"]) for one in changes] == [
        ("client closed", opened["client_id"]),
        ("client opened", opened["client_id"]),
        ("connection opened", "shop"),
    ]
    assert all(one["who"].startswith("cli:") for one in changes)
    assert opened["client_secret"] not in str(changes)
    plain = shareback("clients", "--changes", "--database", connected)
    assert plain.code == 0
