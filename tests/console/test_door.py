"""The door: password and second factor for everybody, and no page without both."""

import html
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from shareback.console import people, second
from shareback.console.models import AuditEntry, FailedTry
from shareback.console.roles import Role
from shareback.mall.accounts.models import User
from tests.attacks.at_once import together
from tests.backends.house import House
from tests.console.desks import BACKEND, PASSWORD, Hires, Worker, code_at

SECRET = re.compile(r"<code>([A-Z2-7 ]+)</code>")
CODES = re.compile(r"<code>([0-9]+)</code>")


def log_in(worker: Worker, password: str = PASSWORD, path: str = "login/") -> str:
    """Give the password; where that leads."""
    worker.get(path)
    answer = worker.post("login/", username=worker.name, password=password)
    return answer.headers.get("Location", str(answer.status_code))


def enrolled(worker: Worker) -> str:
    """Go through the first log-in; the telephone's secret."""
    assert log_in(worker) == "/console/second/"
    page = worker.text("enrol/")
    found = SECRET.search(page)
    assert found
    secret = found[1].replace(" ", "")
    assert worker.post("enrol/", code=code_at(secret)).headers["Location"] == "/console/"
    return secret


@pytest.mark.parametrize("role", list(Role))
def test_everybody_enrols_a_telephone_at_the_first_log_in(
    house: House, hire: Hires, role: str
) -> None:
    worker = hire(house.programme, role, at_work=False)
    log_in(worker)
    assert worker.get("second/").headers["Location"] == "/console/enrol/"
    page = worker.text("enrol/")
    assert "data:image/svg+xml" in page
    secret = SECRET.search(page)
    assert secret
    worker.post("enrol/", code=code_at(secret[1].replace(" ", "")))
    codes = CODES.findall(worker.text("codes/"))
    assert len(set(codes)) == 10
    # Nothing else opens before they are kept.
    assert worker.get("members/").headers["Location"] == "/console/codes/"
    worker.post("codes/")
    assert "At a glance" in worker.text()
    assert worker.get("codes/").headers["Location"] == "/console/"


def test_no_page_opens_with_the_password_alone(house: House, hire: Hires) -> None:
    worker = hire(house.programme, "operator", at_work=False)
    log_in(worker)
    for path in ("", "members/", "journal/", "trail/", "password/", "jsi18n/"):
        assert worker.get(path).headers["Location"].startswith("/console/login/")


def test_a_log_in_at_the_shop_opens_no_page(house: House, hire: Hires) -> None:
    worker = hire(house.programme, "operator", at_work=False)
    worker.client.force_login(worker.user, backend=BACKEND)
    assert worker.get().headers["Location"].startswith("/console/login/")


def test_the_second_factor_of_one_person_is_not_anothers(house: House, hire: Hires) -> None:
    worker = hire(house.programme, "operator")
    other = hire(house.programme, "finance", at_work=False)
    session = worker.client.session
    session["_auth_user_id"] = str(other.user.pk)
    session["_auth_user_hash"] = other.user.get_session_auth_hash()
    session.save()
    assert worker.get().headers["Location"].startswith("/console/login/")


def test_the_second_factor_lasts_twelve_hours(house: House, hire: Hires) -> None:
    worker = hire(house.programme, "operator")
    for age, opens in ((12 * 3_600 - 60, True), (12 * 3_600 + 1, False)):
        session = worker.client.session
        session[second.PASSED] = {"user": worker.user.pk, "at": int(time.time()) - age}
        session.save()
        assert (worker.get("days/").status_code == 200) is opens


def test_a_code_works_once(house: House, hire: Hires, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    worker = hire(house.programme, "operator", at_work=False)
    secret = enrolled(worker)
    again = hire(house.programme, "operator", at_work=False)
    again.user, again.name = worker.user, worker.name
    log_in(again)
    # The one with which the telephone was enrolled is spent.
    assert again.post("second/", code=code_at(secret)).status_code == 403
    assert again.post("second/", code=code_at(secret, 1)).headers["Location"] == "/console/"
    third = hire(house.programme, "operator", at_work=False)
    third.user, third.name = worker.user, worker.name
    log_in(third)
    assert third.post("second/", code=code_at(secret, 1)).status_code == 403


def test_a_recovery_code_works_once(house: House, hire: Hires) -> None:
    worker = hire(house.programme, "operator", at_work=False)
    enrolled(worker)
    code = second.recovery_codes(worker.user)[3]
    for expected in (302, 403):
        again = Worker()
        again.user, again.name = worker.user, worker.name
        log_in(again)
        assert again.post("second/", code=code).status_code == expected
    assert len(second.recovery_codes(worker.user)) == 9


def test_whoever_has_no_role_is_told_what_a_typo_is_told(house: House, hire: Hires) -> None:
    stranger, worker = Worker(password=PASSWORD), hire(house.programme, "operator", at_work=False)
    refused = [
        stranger.post("login/", username=stranger.name, password=PASSWORD),
        worker.post("login/", username=worker.name, password="not this one"),
        Worker().post("login/", username="nobody at all", password=PASSWORD),
    ]
    assert {answer.status_code for answer in refused} == {403}
    bodies = {
        re.sub(r'value="[^"]*"', "", html.unescape(answer.content.decode())) for answer in refused
    }
    assert len(bodies) == 1
    assert "no role at the console" in bodies.pop()


def test_a_name_that_cannot_be_stored_is_no_name(default_database: str) -> None:
    assert Worker().post("login/", username="li\0", password="x").status_code == 403


def test_a_role_that_has_ended_opens_nothing_more(house: House, hire: Hires) -> None:
    worker = hire(house.programme, "operator")
    assert worker.get().status_code == 200
    people.take_back(worker.user, house.programme, "operator", "cli:test")
    assert worker.get().headers["Location"].startswith("/console/login/")
    assert log_in(worker) == "403"


def test_too_many_wrong_passwords_hold_an_account_up(house: House, hire: Hires) -> None:
    FailedTry.objects.all().delete()
    worker = hire(house.programme, "operator", at_work=False)
    for _ in range(second.TRIES_MAX):
        assert log_in(worker, "wrong") == "403"
    assert log_in(worker) == "429"


def test_one_account_has_one_count_of_tries_however_its_name_is_written(
    house: House, hire: Hires
) -> None:
    FailedTry.objects.all().delete()
    worker = hire(house.programme, "operator", at_work=False)
    local = f"1370001{worker.user.pk % 10_000:04}"
    User.objects.filter(pk=worker.user.pk).update(phone=f"+86{local}")
    ways = [worker.name, local, f"+86{local}", f"86{local}", f"{local[:3]} {local[3:]}"]
    assert len(ways) == second.TRIES_MAX
    for name in ways:
        assert worker.post("login/", username=name, password="wrong").status_code == 403
    for name in (worker.name, f"{local[:3]}-{local[3:]}"):
        assert worker.post("login/", username=name, password=PASSWORD).status_code == 429


def test_of_many_tries_at_once_no_more_are_made_than_may_fail(house: House, hire: Hires) -> None:
    FailedTry.objects.all().delete()
    worker = hire(house.programme, "operator", at_work=False)
    name = worker.name
    found = together([lambda: second.begin_try(name, "192.0.2.9")] * 12)
    assert sum(one is not None for one in found) <= second.TRIES_MAX
    assert FailedTry.objects.count() == 2 * sum(one is not None for one in found)


def test_what_succeeds_does_not_count(house: House, hire: Hires) -> None:
    FailedTry.objects.all().delete()
    worker = hire(house.programme, "operator", at_work=False)
    for _ in range(second.TRIES_MAX + 1):
        assert log_in(worker) == "/console/second/"
    assert not FailedTry.objects.exists()


def test_the_trail_tells_of_wrong_codes_and_of_who_was_held_up(house: House, hire: Hires) -> None:
    FailedTry.objects.all().delete()
    worker = hire(house.programme, "operator", at_work=False)
    log_in(worker)
    worker.get("enrol/")
    for _ in range(second.TRIES_MAX + 3):
        worker.post("enrol/", code="000000")
    rows = AuditEntry.objects.filter(programme_id=house.programme, user=worker.user).order_by("id")
    assert list(rows.values_list("page", "detail")) == [
        *[("enrol", "refused")] * second.TRIES_MAX,
        ("enrol", "held up"),
    ]


def test_too_many_wrong_codes_hold_an_account_up(house: House, hire: Hires) -> None:
    FailedTry.objects.all().delete()
    worker = hire(house.programme, "operator", at_work=False)
    secret = enrolled(worker)
    again = Worker()
    again.user, again.name = worker.user, worker.name
    log_in(again)
    for _ in range(second.TRIES_MAX):
        assert again.post("second/", code="000000").status_code == 403
    assert again.post("second/", code=code_at(secret, 1)).status_code == 429


def test_a_phone_number_logs_in_as_well(house: House, hire: Hires) -> None:
    worker = hire(house.programme, "operator", at_work=False)
    User.objects.filter(pk=worker.user.pk).update(phone=f"+861370000{worker.user.pk % 10_000:04}")
    phone = User.objects.get(pk=worker.user.pk).phone
    assert phone is not None
    worker.name = phone.removeprefix("+86")
    assert log_in(worker) == "/console/second/"


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/console/members/?after=5", "/console/members/?after=5"),
        ("//evil.example/console/", "/console/"),
        ("https://evil.example/console/", "/console/"),
        ("/m/shop/", "/console/"),
    ],
)
def test_the_log_in_leads_back_into_the_console_alone(
    house: House, hire: Hires, wanted: str, leads_to: str
) -> None:
    worker = hire(house.programme, "operator", at_work=False)
    worker.client.get("/console/login/", {"next": wanted})
    worker.post("login/", username=worker.name, password=PASSWORD)
    secret = SECRET.search(worker.text("enrol/"))
    assert secret
    answer = worker.post("enrol/", code=code_at(secret[1].replace(" ", "")))
    assert answer.headers["Location"] == leads_to


def test_a_form_from_elsewhere_is_refused(house: House, hire: Hires) -> None:
    worker = hire(house.programme, "operator")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = worker.client.cookies
    for path in ("switch/", "login/"):
        form = {"programme": house.programme, "shown_programme": house.programme}
        answer = strict.post(f"/console/{path}", form)
        assert answer.status_code == 403
        assert "open for too long" in answer.content.decode()
        # Without it the page stays hidden, since its script cannot run.
        assert "unsafe-eval" in answer.headers["Content-Security-Policy"]


def test_the_door_stands_in_the_trail(house: House, hire: Hires) -> None:
    worker = hire(house.programme, "operator", at_work=False)
    log_in(worker, "wrong")
    enrolled(worker)
    worker.post("codes/")
    worker.post("logout/")
    rows = AuditEntry.objects.filter(programme_id=house.programme, user_id=worker.user.pk)
    told = list(rows.order_by("id").values_list("page", "detail", "address"))
    assert told == [
        ("login", "refused", "192.0.2.7"),
        ("enrol", "passed", "192.0.2.7"),
        ("logout", "", "192.0.2.7"),
    ]


def test_a_lost_telephone_is_enrolled_anew(house: House, hire: Hires) -> None:
    worker = hire(house.programme, "operator", at_work=False)
    enrolled(worker)
    assert people.forget_second_factor(worker.user, "cli:test")
    assert not Authenticator.objects.filter(user_id=worker.user.pk).exists()
    again = Worker()
    again.user, again.name = worker.user, worker.name
    log_in(again)
    assert again.get("second/").headers["Location"] == "/console/enrol/"
    last = AuditEntry.objects.filter(programme_id=house.programme).order_by("-id").first()
    assert last is not None
    assert last.detail == f"{worker.name}: second factor forgotten"
