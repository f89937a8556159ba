"""Several programmes side by side, none able to see another's data (A55)."""

import re
import time
from datetime import UTC, datetime

import pytest

from shareback.api.clients import open_client
from shareback.console import people
from shareback.console.models import AuditEntry
from shareback.gateways.models import Delivery, Endpoint
from shareback.journal.models import Programme
from shareback.mall.accounts.models import User
from tests.backends.house import House, Opens
from tests.console.desks import Hires, Worker


@pytest.fixture
def other(new_house: Opens) -> House:
    """Another programme with members, merchants, orders, a client and a webhook."""
    found = new_house()
    members = [found.member() for _ in range(3)]
    found.merchant("茶庄")
    good = found.good(stock=10)
    for member in members:
        found.bought(member, good)
    client, _secret = open_client(found.programme, "their server", ["orders:write"])
    Endpoint.objects.create(
        programme_id=found.programme,
        number=1,
        client=client.number,
        url="https://theirs.example/hook",
        secret="whsec_theirs",
        position=1,
        made_at=time.time_ns() // 1_000,
    )
    Delivery.objects.create(
        programme_id=found.programme,
        endpoint=1,
        sequence=1,
        line=0,
        member=1,
        type="order.paid",
        state=Delivery.State.FAILED,
        next_at=0,
        body="{}",
    )
    return found


def test_another_programmes_things_are_not_there(
    operator: Worker, house: House, other: House
) -> None:
    for path in ("members/3/", "members/3/statement/", "merchants/2/", "orders/1/", "webhooks/1/"):
        assert operator.get(path).status_code == 404, path
    assert operator.post("webhooks/1/again/").status_code == 404
    failed = Delivery.objects.get(programme_id=other.programme)
    assert failed.state == Delivery.State.FAILED
    length = Programme.objects.get(pk=house.programme).sequence
    assert operator.get(f"journal/{length}/").status_code == 404


def test_no_page_names_what_is_another_programmes(operator: Worker, other: House) -> None:
    theirs = [other.name, "their server", "theirs.example", "茶庄"]
    for path in ("", "members/", "merchants/", "orders/", "journal/", "clients/", "webhooks/"):
        page = operator.text(path)
        assert [name for name in theirs if name in page] == [], path
    number = other.order(other.pay(other.buy(other.member(), other.good()))).number
    assert "Nothing found" in operator.text("orders/", q=number)


def test_a_phone_finds_members_of_ones_own_programme(
    operator: Worker, house: House, other: House
) -> None:
    ours, theirs = house.member(), other.member()
    for place, membership in enumerate((ours, theirs)):
        membership.user.phone = f"+86136{membership.user.pk % 10_000:04}{place}000"
        membership.user.save()
    assert ours.member_id in operator.text("members/", q=ours.user.phone or "")
    assert "Nothing found" in operator.text("members/", q=theirs.user.phone or "")


def test_turns_to_another_programme_only_with_a_role_there(
    operator: Worker, house: House, other: House
) -> None:
    assert operator.post("switch/", programme=str(other.programme)).status_code == 404
    assert house.name in operator.text()
    operator.granted(other.programme, "auditor")
    assert operator.post("switch/", programme=str(other.programme)).status_code == 302
    page = operator.text()
    assert "Auditor" in page
    assert operator.get("members/3/").status_code == 200
    assert operator.get("trail/").status_code == 200


@pytest.mark.parametrize("typed", ["", "x", "-1", "1e3", "9" * 30])
def test_a_programme_that_is_none_is_not_there(operator: Worker, typed: str) -> None:
    assert operator.post("switch/", programme=typed).status_code == 404


def test_roles_are_those_of_the_programme_that_is_looked_at(
    house: House, other: House, hire: Hires
) -> None:
    worker = hire(house.programme, "auditor").granted(other.programme, "support")
    assert worker.get("journal/").status_code == 200
    worker.post("switch/", programme=str(other.programme))
    assert worker.get("journal/").status_code == 403


def test_a_form_of_the_programme_from_before_is_refused(
    house: House, other: House, hire: Hires
) -> None:
    worker = hire(house.programme, "operator").granted(other.programme, "operator")
    worker.post("switch/", programme=str(other.programme))
    form = {"shown_programme": str(house.programme)}
    assert worker.post("webhooks/1/again/", **form).status_code == 409
    assert Delivery.objects.get(programme_id=other.programme).state == Delivery.State.FAILED
    assert worker.post("webhooks/1/again/", shown_programme=str(other.programme)).status_code == 302


def test_a_form_that_names_no_programme_is_refused(house: House, other: House, hire: Hires) -> None:
    worker = hire(other.programme, "operator")
    for shown in ("", "0", "x", str(house.programme)):
        answer = worker.post("webhooks/1/again/", shown_programme=shown)
        assert answer.status_code == 409, shown
    assert Delivery.objects.get(programme_id=other.programme).state == Delivery.State.FAILED


def test_every_form_of_every_page_names_its_programme(other: House, hire: Hires) -> None:
    worker = hire(other.programme, "operator")
    mark = f'<input type="hidden" name="shown_programme" value="{other.programme}">'
    for path in ("", "webhooks/1/", "password/"):
        page = worker.text(path)
        forms = re.findall(r'<form[^>]*method="post".*?</form>', page, re.DOTALL)
        assert forms, path
        assert all(form.count(mark) == 1 for form in forms), path


def test_who_turns_away_leaves_no_word_of_where_to(house: House, other: House, hire: Hires) -> None:
    worker = hire(house.programme, "operator").granted(other.programme, "operator")
    worker.post("switch/", programme=str(other.programme))
    rows = AuditEntry.objects.filter(programme_id=house.programme, user=worker.user)
    assert [(one.page, one.detail) for one in rows] == [("switch", "")]


def test_the_team_tells_when_people_were_here_not_elsewhere(
    house: House, other: House, hire: Hires
) -> None:
    there = hire(other.programme, "operator").granted(house.programme, "operator")
    auditor = hire(house.programme, "auditor")
    User.objects.filter(pk=there.user.pk).update(last_login=datetime(2031, 5, 6, tzinfo=UTC))
    assert "2031" not in auditor.text("team/")


def test_a_chosen_programme_where_the_role_has_ended_is_left(
    house: House, other: House, hire: Hires
) -> None:
    worker = hire(house.programme, "operator").granted(other.programme, "operator")
    worker.post("switch/", programme=str(other.programme))
    people.take_back(worker.user, other.programme, "operator", "cli:test")
    assert house.name in worker.text()
    last = AuditEntry.objects.filter(user_id=worker.user.pk).order_by("-id").first()
    assert last is not None
    assert last.programme_id == house.programme
