"""Logging in by code and by password, for known phones and new ones alike."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.utils.module_loading import import_string
from pytest_django import Settings

from shareback.mall.accounts.login import STATE
from shareback.mall.accounts.models import User
from shareback.mall.accounts.phones import PhoneUnreadable, masked, masked_name, read_phone
from shareback.mall.models import Membership
from shareback.rules.programme import Issuer
from shareback.web import mall_settings
from tests.backends.house import House, Opens
from tests.shop.callers import Caller, Staffed, new_phone
from tests.shop.codes import SENT, code_for


@pytest.fixture(autouse=True)
def kept_codes(settings: Settings) -> None:
    """Codes are kept for the tests."""
    SENT.clear()
    settings.SHAREBACK_CODE_SENDER = "tests.shop.codes.Kept"


def logged_in(caller: Caller, phone: str, **more: str) -> dict[str, Any]:
    """Log in by code."""
    code = code_for(caller, phone)
    document: dict[str, Any] = caller.done("/auth/verify", {"phone": phone, "code": code, **more})
    return document


def test_a_new_phone_gets_an_account_and_joins(house: House, visitor: Caller) -> None:
    before = house.head().members
    phone = new_phone()
    session = logged_in(visitor, phone)
    assert session["user"]["phone"] == masked(phone)
    assert session["member"]["number"] == before + 1
    membership = Membership.objects.get(user__phone=phone)
    assert membership.member_id.startswith("m-")
    assert phone not in membership.member_id
    assert visitor.told("/session")["member"] == session["member"]


def test_a_known_phone_comes_back_to_its_account(li: Caller, visitor: Caller) -> None:
    assert li.user is not None
    session = logged_in(visitor, str(li.user.phone))
    assert session["member"]["number"] == li.membership.number


def test_nobody_learns_who_has_an_account(house: House, li: Caller) -> None:
    assert li.user is not None
    answers = []
    for phone in (str(li.user.phone), new_phone()):
        caller = Caller(house)
        asked = caller.post("/auth/code", {"phone": phone})
        wrong = caller.post("/auth/verify", {"phone": phone, "code": "x"})
        answers.append(
            (
                asked.status_code,
                asked.content,
                dict(asked.headers),
                wrong.status_code,
                wrong.content,
            )
        )
    assert answers[0] == answers[1]


def test_a_code_is_good_once(visitor: Caller) -> None:
    phone = new_phone()
    code = code_for(visitor, phone)
    visitor.done("/auth/verify", {"phone": phone, "code": code})
    visitor.post("/auth/logout")
    again = visitor.refused("/auth/verify", {"phone": phone, "code": code})
    assert again == "code_wrong"


def test_a_code_has_three_tries(visitor: Caller) -> None:
    phone = new_phone()
    code = code_for(visitor, phone)
    for _try in range(3):
        assert visitor.refused("/auth/verify", {"phone": phone, "code": "000"}) == "code_wrong"
    assert visitor.refused("/auth/verify", {"phone": phone, "code": code}) == "code_wrong"


def test_a_code_ends(visitor: Caller) -> None:
    phone = new_phone()
    code = code_for(visitor, phone)
    session = visitor.client.session
    session[STATE]["at"] -= 301
    session.save()
    assert visitor.refused("/auth/verify", {"phone": phone, "code": code}) == "code_wrong"


def test_a_code_opens_only_its_own_phone(li: Caller, visitor: Caller) -> None:
    assert li.user is not None
    code = code_for(visitor, new_phone())
    body = {"phone": str(li.user.phone), "code": code}
    assert visitor.refused("/auth/verify", body) == "code_wrong"


def test_a_code_opens_only_the_browser_that_asked(house: House, visitor: Caller) -> None:
    phone = new_phone()
    code = code_for(visitor, phone)
    assert Caller(house).refused("/auth/verify", {"phone": phone, "code": code}) == "code_wrong"


def test_few_codes_are_sent_to_a_phone(house: House) -> None:
    phone = new_phone()
    for _try in range(3):
        assert Caller(house).post("/auth/code", {"phone": phone}).status_code == 204
    response = Caller(house).post("/auth/code", {"phone": phone})
    assert (response.status_code, response.json()["code"]) == (429, "too_often")
    assert len(SENT) == 3


def test_what_is_no_phone_is_refused(visitor: Caller) -> None:
    assert visitor.refused("/auth/code", {"phone": "12345"}) == "phone_invalid"


@pytest.mark.parametrize("written", ["13800138000", "+86 138 0013 8000", "86-138-0013-8000"])
def test_a_phone_is_read_as_people_write_it(written: str) -> None:
    assert read_phone(written) == "+8613800138000"


@pytest.mark.parametrize("written", ["", "1380013800", "+8623800138000", "٠١٢٣٤٥٦٧٨٩", "+1 23"])
def test_what_nobody_can_call_is_no_phone(written: str) -> None:
    with pytest.raises(PhoneUnreadable):
        read_phone(written)


def test_names_are_told_in_part() -> None:
    assert [masked_name(name) for name in ("李雷", "A", "Li Lei")] == ["李**", "A**", "L**i"]
    assert masked("+8613800138000") == "138****8000"


def test_a_write_needs_the_token_of_the_page(house: House) -> None:
    client = Client(enforce_csrf_checks=True)
    base = f"/api/v1/shops/{house.shop.slug}"
    token = client.get(f"{base}/session").json()["csrf"]
    body = {"phone": new_phone()}

    def asked(headers: dict[str, str]) -> Any:
        return client.post(
            f"{base}/auth/code", body, content_type="application/json", headers=headers
        )

    without = asked({})
    assert (without.status_code, without.json()["code"]) == (403, "csrf")
    assert asked({"X-CSRFToken": token}).status_code == 204


def test_logging_in_changes_the_token_and_the_session(visitor: Caller) -> None:
    visitor.told("/session")
    before = visitor.client.cookies["csrftoken"].value
    logged_in(visitor, new_phone())
    assert visitor.client.cookies["csrftoken"].value != before
    session = visitor.client.cookies["sessionid"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"


def test_a_password_is_set_after_a_code_and_logs_in(house: House, visitor: Caller) -> None:
    phone = new_phone()
    logged_in(visitor, phone)
    assert visitor.post("/me/password", {"password": "wind over hills"}).status_code == 204
    visitor.post("/auth/logout")
    assert visitor.told("/session")["user"] is None
    again = Caller(house).done(
        "/auth/password", {"login": phone[3:], "password": "wind over hills"}
    )
    assert again["user"]["has_password"]
    body = {"login": phone, "password": "wind over hill"}
    assert Caller(house).refused("/auth/password", body) == "login_wrong"


def test_a_weak_password_is_refused(visitor: Caller) -> None:
    logged_in(visitor, new_phone())
    assert visitor.refused("/me/password", {"password": "12345678"}) == "password_weak"


def test_a_password_changes_only_with_the_present_one(house: House, li: Caller) -> None:
    assert li.user is not None
    li.user.set_password("wind over hills")
    li.user.save()
    caller = Caller(house)
    caller.done("/auth/password", {"login": li.user.phone, "password": "wind over hills"})
    new = {"password": "rain over fields"}
    assert caller.refused("/me/password", new) == "current_password_wrong"
    changed = caller.post("/me/password", {**new, "current": "wind over hills"})
    assert changed.status_code == 204
    assert caller.told("/session")["user"] is not None


def test_guessing_a_password_ends_soon(house: House, li: Caller) -> None:
    assert li.user is not None
    body = {"login": li.user.phone, "password": "guess"}
    for _try in range(5):
        assert Caller(house).refused("/auth/password", body) == "login_wrong"
    assert Caller(house).refused("/auth/password", body) == "too_often"
    cache.clear()
    # Others are not held up by it.
    other = {"login": new_phone(), "password": "guess"}
    assert Caller(house).refused("/auth/password", other) == "login_wrong"


def test_failures_of_one_phone_do_not_hold_up_another(house: House, li: Caller) -> None:
    assert li.user is not None
    for _try in range(5):
        Caller(house).refused("/auth/password", {"login": new_phone(), "password": "guess"})
    li.user.set_password("wind over hills")
    li.user.save()
    Caller(house).done("/auth/password", {"login": li.user.phone, "password": "wind over hills"})


def test_an_account_that_is_switched_off_stays_out(visitor: Caller, li: Caller) -> None:
    assert li.user is not None
    User.objects.filter(pk=li.user.pk).update(is_active=False)
    phone = str(li.user.phone)
    code = code_for(visitor, phone)
    body = {"phone": phone, "code": code}
    assert visitor.refused("/auth/verify", body) == "account_inactive"
    assert visitor.told("/session")["user"] is None


@pytest.mark.parametrize("path", ["_allauth/browser/v1/config", "accounts/login/", "accounts/2fa/"])
def test_no_page_of_allauths_own_is_served(house: House, path: str) -> None:
    assert Client().get(f"/{path}").status_code == 404


def test_an_account_with_a_second_factor_does_not_enter_without_it(
    visitor: Caller, li: Caller
) -> None:
    assert li.user is not None
    Authenticator.objects.create(user=li.user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    phone = str(li.user.phone)
    body = {"phone": phone, "code": code_for(visitor, phone)}
    assert visitor.refused("/auth/verify", body) == "second_factor"
    assert visitor.told("/session")["user"] is None


def test_an_invitation_counts_for_who_is_new(visitor: Caller, li: Caller) -> None:
    phone = new_phone()
    logged_in(visitor, phone, invite=li.membership.invite_code.lower())
    assert Membership.objects.get(user__phone=phone).invited_by == li.membership


def test_an_unknown_invitation_costs_no_code(visitor: Caller) -> None:
    phone = new_phone()
    body = {"phone": phone, "code": code_for(visitor, phone)}
    assert visitor.refused("/auth/verify", {**body, "invite": "NOBODY"}) == "invite_unknown"
    visitor.done("/auth/verify", body)


def test_an_invitation_of_another_programme_is_unknown(
    house: House, new_house: Opens, visitor: Caller
) -> None:
    other = Caller.member(new_house())
    phone = new_phone()
    body = {"phone": phone, "code": code_for(visitor, phone)}
    invite = other.membership.invite_code
    assert visitor.refused("/auth/verify", {**body, "invite": invite}) == "invite_unknown"


def test_a_member_of_another_shop_joins_when_asked(new_house: Opens, li: Caller) -> None:
    other = Caller(new_house(), li.user)
    assert other.told("/session")["member"] is None
    assert other.refused("/addresses", {}, "post") == "not_a_member"
    assert other.done("/auth/join")["member"]["number"] == 1
    assert other.done("/auth/join")["member"]["number"] == 1


def test_who_serves_a_merchant_logs_in_without_joining(winery: Staffed) -> None:
    assert winery.user is not None
    winery.user.set_password("wind over hills")
    winery.user.save()
    caller = Caller(winery.house)
    body = {"login": winery.user.phone, "password": "wind over hills"}
    session = caller.done("/auth/password", body)
    assert session["member"] is None
    assert session["merchants"] == [
        {"id": winery.house.partner.pk, "name": "酒庄", "role": "owner"}
    ]


def test_a_real_issuer_has_no_demo_code_and_no_codes_in_the_log(
    settings: Settings, new_house: Opens
) -> None:
    settings.SHAREBACK_DEMO_CODE = "246810"
    issuer = Issuer.model_validate({"name": "Winery", "register": "HRB", "number": "1"})
    caller = Caller(new_house(issuer=issuer))
    assert code_for(caller, new_phone()) != "246810"
    settings.SHAREBACK_CODE_SENDER = ""
    assert caller.refused("/auth/code", {"phone": new_phone()}) == "codes_unavailable"


def test_settings_are_kept(li: Caller) -> None:
    response = li.ask("patch", "/me/settings", {"name": " 李雷 ", "language": "zh"})
    assert response.json() == {"name": "李雷", "language": "zh"}
    assert li.told("/me/settings") == {"name": "李雷", "language": "zh"}
    assert li.ask("patch", "/me/settings", {"language": "fr"}).status_code == 422


def test_problems_come_in_the_language_that_is_asked_for(house: House) -> None:
    titles = {
        language: Caller(house, language=language).get("/me/points").json()["title"]
        for language in ("zh", "en")
    }
    assert titles == {"zh": "请先登录。", "en": "Log in first."}


def test_the_site_keeps_passwords_as_scrypt() -> None:
    first = import_string(mall_settings.PASSWORD_HASHERS[0])()
    assert (first.algorithm, first.work_factor >= 2**14) == ("scrypt", True)
