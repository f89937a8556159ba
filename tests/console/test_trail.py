"""The audit trail: who looked at what and changed what, and nobody takes it back."""

import time
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest
from django.test import override_settings

from shareback.api.clients import open_client
from shareback.console.models import AuditEntry
from shareback.console.pages import webhooks
from shareback.gateways.models import Delivery, Endpoint
from tests.backends.house import House
from tests.console.desks import Hires, Worker


def entries(house: House, worker: Worker) -> list[AuditEntry]:
    """What somebody did, in order."""
    rows = AuditEntry.objects.filter(programme_id=house.programme, user_id=worker.user.pk)
    return list(rows.order_by("id"))


@pytest.fixture
def failing(house: House) -> Endpoint:
    """A webhook with two messages that failed."""
    client, _secret = open_client(house.programme, "mall", ["orders:write"])
    endpoint = Endpoint.objects.create(
        programme_id=house.programme,
        number=1,
        client=client.number,
        url="https://mall.example/hook",
        secret="whsec_of_the_mall",
        position=2,
        made_at=time.time_ns() // 1_000,
    )
    for sequence in (1, 2):
        Delivery.objects.create(
            programme_id=house.programme,
            endpoint=1,
            sequence=sequence,
            line=0,
            member=sequence,
            type="order.paid",
            state=Delivery.State.FAILED,
            attempts=23,
            next_at=0,
            last_status=503,
            last_error="unavailable",
            body="{}",
        )
    return endpoint


def test_a_look_is_kept(house: House, operator: Worker) -> None:
    operator.get("members/", q="+8613800138000")
    (one,) = entries(house, operator)
    assert (one.who, one.roles, one.method, one.page) == (
        operator.name,
        "operator",
        "GET",
        "members",
    )
    assert one.path == "/console/members/?q=%2B8613800138000"
    assert (one.status, one.changed, one.address) == (200, False, "192.0.2.7")


def test_what_was_refused_and_what_is_not_there_is_kept(house: House, hire: Hires) -> None:
    worker = hire(house.programme, "support")
    worker.get("journal/")
    worker.get("members/999/")
    worker.post("members/")
    told = [(one.page, one.status, one.changed) for one in entries(house, worker)]
    assert told == [("journal", 403, False), ("member", 404, False), ("members", 403, False)]


def test_a_change_is_kept_with_what_it_was(
    house: House, operator: Worker, failing: Endpoint
) -> None:
    operator.post("webhooks/1/again/")
    (one,) = entries(house, operator)
    assert (one.changed, one.status, one.detail) == (True, 302, "webhook 1: 2 messages again")


def test_a_change_that_fails_is_undone_with_its_entry(
    house: House, operator: Worker, failing: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(request: HttpRequest, *args: object) -> None:
        raise RuntimeError("the trail cannot be written")

    monkeypatch.setattr("shareback.console.gate.keep", broken)
    with pytest.raises(RuntimeError):
        operator.post("webhooks/1/again/")
    states = set(Delivery.objects.filter(programme_id=house.programme).values_list("state"))
    assert states == {(Delivery.State.FAILED,)}


def test_no_page_shows_while_the_trail_cannot_be_written(
    house: House, operator: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(request: HttpRequest, *args: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr("shareback.console.gate.keep", broken)
    with pytest.raises(DatabaseError):
        operator.get("members/")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE console_auditentry SET who = 'somebody else' WHERE id = %s",
        "DELETE FROM console_auditentry WHERE id = %s",
    ],
)
def test_the_database_refuses_to_change_an_entry(
    house: House, operator: Worker, statement: str
) -> None:
    operator.get("members/")
    (one,) = entries(house, operator)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [one.pk])
    assert entries(house, operator) == [one]


@pytest.mark.parametrize("journal_url", ["sqlite"], indirect=True)
def test_sqlite_refuses_to_replace_an_entry(house: House, operator: Worker) -> None:
    operator.get("members/")
    (one,) = entries(house, operator)
    columns = "id, at, who, roles, address, method, page, path, status, changed, detail"
    values = "%s, '2026-01-01', '', '', '', '', '', '', 0, 0, ''"
    statement = f"INSERT OR REPLACE INTO console_auditentry ({columns}) VALUES ({values})"  # noqa: S608 - names of ours
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [one.pk])


def test_the_trail_is_read_by_person_and_by_change(
    house: House, hire: Hires, failing: Endpoint
) -> None:
    operator, auditor = hire(house.programme, "operator"), hire(house.programme, "auditor")
    operator.get("members/")
    operator.post("webhooks/1/again/")
    everything = auditor.text("trail/")
    assert "/console/members/" in everything
    changes = auditor.text("trail/", only="changes", who=operator.name)
    assert "webhook 1: 2 messages again" in changes
    assert "GET /console/members/" not in changes
    assert "Nothing here" in auditor.text("trail/", who="somebody")


def test_a_page_that_breaks_is_kept_too(
    house: House, operator: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("shareback.console.pages.members.memberships", broken)
    with pytest.raises(RuntimeError):
        operator.get("members/")
    (one,) = entries(house, operator)
    assert (one.page, one.status, one.changed) == ("members", 500, False)


def test_any_number_of_messages_is_sent_again(house: House, hire: Hires, failing: Endpoint) -> None:
    first = Delivery.objects.get(programme_id=house.programme, sequence=1)
    rows = [first.__class__(**{**plain(first), "sequence": at}) for at in range(3, 1_203)]
    Delivery.objects.bulk_create(rows)
    operator = hire(house.programme, "operator")
    of_state = Delivery.objects.filter(programme_id=house.programme)
    assert operator.post("webhooks/1/again/").status_code == 302
    assert of_state.filter(state=Delivery.State.FAILED).count() == 202
    assert operator.post("webhooks/1/again/").status_code == 302
    assert of_state.filter(state=Delivery.State.PENDING).count() == 1_202


def plain(row: Delivery) -> dict[str, Any]:
    """A row's own columns."""
    columns = [field.attname for field in row._meta.concrete_fields]
    return {name: getattr(row, name) for name in columns if name != "pk"}


def test_the_trail_pages_by_key(house: House, hire: Hires) -> None:
    auditor = hire(house.programme, "auditor")
    for number in range(60):
        auditor.get("members/", after=str(number))
    first = auditor.text("trail/")
    assert first.count("<tr>") == 51
    assert "Next page" in first


def test_messages_are_sent_again_one_by_one(
    house: House, operator: Worker, failing: Endpoint
) -> None:
    assert operator.post("webhooks/1/again/", message="2.0").status_code == 302
    rows = Delivery.objects.filter(programme_id=house.programme).order_by("sequence")
    states = [(row.state, row.attempts) for row in rows]
    assert states == [(Delivery.State.FAILED, 23), (Delivery.State.PENDING, 0)]
    # It has been sent: there is no such failed message any more.
    assert operator.post("webhooks/1/again/", message="2.0").status_code == 404
    assert operator.post("webhooks/1/again/", message="x").status_code == 404


def test_never_more_than_so_many_at_once(
    house: House, operator: Worker, failing: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "AGAIN_MAX", 1)
    operator.post("webhooks/1/again/")
    left = Delivery.objects.filter(programme_id=house.programme, state=Delivery.State.FAILED)
    assert left.count() == 1


def test_secrets_are_shown_nowhere(house: House, operator: Worker, failing: Endpoint) -> None:
    for path in ("webhooks/", "webhooks/1/", "clients/"):
        assert "whsec" not in operator.text(path)


def test_the_origin_behind_a_proxy_is_the_proxys_word(house: House, operator: Worker) -> None:
    forged = {"X-Forwarded-For": "203.0.113.9, 198.51.100.4"}
    operator.client.get("/console/days/", headers=forged)
    with override_settings(SHAREBACK_PROXY=True):
        operator.client.get("/console/days/", headers=forged)
    assert [one.address for one in entries(house, operator)] == ["192.0.2.7", "198.51.100.4"]
