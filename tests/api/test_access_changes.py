"""Who may call: what it is, who changed it, and what two threads see of it at once."""

import json
from typing import Any

import httpx
import pytest
from django.db import transaction

from shareback.api import changes
from shareback.api.clients import open_client, rotate_secret, switch_off
from shareback.api.connectors import connections as kept
from shareback.api.models import AccessChange, Client
from tests.backends.servers import Mall

SECRET = "a secret of sixteen characters"


def noted(mall: Mall) -> list[dict[str, Any]]:
    """The changes of a mall's programme but for its own client, the oldest first."""
    found = changes.changes(mall.programme, mall.alias)
    return [one for one in reversed(found) if one["subject"] != mall.client_id]


def test_every_change_of_who_may_call_is_written_down(mall: Mall) -> None:
    client, secret = open_client(
        mall.programme, "till", ["orders:write"], ["10.0.0.0/8"], 5, mall.alias, "console:ann"
    )
    fresh = rotate_secret(client, mall.alias, "console:ann")
    switch_off(client, mall.alias)
    connection = kept.open_connection(
        mall.programme, "shop", SECRET, "shopify", prefix="s-", alias=mall.alias
    )
    kept.change_secret(connection, SECRET[::-1], mall.alias)
    kept.switch_off(connection, mall.alias)
    told = noted(mall)
    what = AccessChange.What
    assert [(one["what"], one["subject"]) for one in told] == [
        (what.CLIENT_OPENED, client.client_id),
        (what.CLIENT_ROTATED, client.client_id),
        (what.CLIENT_CLOSED, client.client_id),
        (what.CONNECTION_OPENED, "shop"),
        (what.CONNECTION_CHANGED, "shop"),
        (what.CONNECTION_CLOSED, "shop"),
    ]
    assert [one["who"] for one in told[:2]] == ["console:ann"] * 2
    assert {one["who"] for one in told[2:]} == {changes.operator()}
    assert changes.operator().startswith("cli:")
    assert told[0]["given"] == {
        "name": "till",
        "scopes": "orders:write",
        "networks": "10.0.0.0/8",
        "per_minute": 5,
    }
    assert told[3]["given"]["prefix"] == "s-"
    written = json.dumps(told)
    assert not [one for one in (secret, fresh, SECRET, SECRET[::-1]) if one in written]


def test_a_change_that_is_undone_leaves_no_row(mall: Mall) -> None:
    client, _secret = open_client(mall.programme, "till", ["orders:write"], alias=mall.alias)
    before = noted(mall)
    with transaction.atomic(using=mall.alias):
        switch_off(client, mall.alias)
        transaction.set_rollback(True, using=mall.alias)
    assert noted(mall) == before
    assert Client.objects.using(mall.alias).get(pk=client.pk).active


def test_a_change_is_not_made_where_it_cannot_be_written_down(
    mall: Mall, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _secret = open_client(mall.programme, "till", ["orders:write"], alias=mall.alias)

    def full(*_args: object) -> None:
        raise OSError("no space is left")

    monkeypatch.setattr("shareback.api.clients.note", full)
    with pytest.raises(OSError, match="no space"):
        switch_off(client, mall.alias)
    assert Client.objects.using(mall.alias).get(pk=client.pk).active


def test_a_user_without_a_name_is_told_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getuid", lambda: 2_000_000_011)
    monkeypatch.setenv("USER", "somebody else")
    assert changes.operator() == "cli:2000000011"


@pytest.mark.parametrize("place", ["client_id", "client_secret", "grant_type", "scope", "x"])
def test_nothing_is_taken_from_the_query_of_the_tokens_address(mall: Mall, place: str) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": mall.client_id,
        "client_secret": mall.secret,
        "scope": "orders:read",
        "x": "y",
    }
    url = f"{mall.server.url}/oauth/token"
    query = {place: form.pop(place)}
    answer = httpx.post(url, params=query, data=form, timeout=60)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert mall.secret not in answer.text
    basic = httpx.post(url, params=query, data=form, auth=(mall.client_id, mall.secret), timeout=60)
    assert basic.status_code == 400
    assert httpx.post(url, data=form | query, timeout=60).status_code == 200
