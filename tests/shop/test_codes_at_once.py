"""A log-in code and thirty requests of one session at the same moment."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.core.internal.cryptokit import compare_user_code
from pytest_django import Settings

from shareback.mall.accounts import login
from shareback.mall.accounts.models import LoginCode
from tests.attacks.at_once import together
from tests.backends.house import House
from tests.shop.callers import Caller, new_phone
from tests.shop.codes import SENT, code_for

GUESSES = 30


@pytest.fixture(autouse=True)
def kept_codes(settings: Settings) -> None:
    """Codes are kept for the tests."""
    SENT.clear()
    settings.SHAREBACK_CODE_SENDER = "tests.shop.codes.Kept"


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is typed and compared with the code, by the real comparison."""
    typed: list[str] = []

    def compares(*, actual: str, expected: str) -> bool:
        typed.append(actual)
        return bool(compare_user_code(actual=actual, expected=expected))

    monkeypatch.setattr(login, "compare_user_code", compares)
    return typed


def tries(house: House, visitor: Caller, phone: str, codes: list[str]) -> list[Any]:
    """What codes come to that one session types at the same moment."""

    def typing(code: str) -> Callable[[], Any]:
        caller = Caller(house)
        caller.client.cookies = visitor.client.cookies
        return lambda: caller.post("/auth/verify", {"phone": phone, "code": code})

    return together([typing(code) for code in codes])


def test_three_of_thirty_guesses_are_compared(
    house: House, visitor: Caller, compared: list[str]
) -> None:
    phone = new_phone()
    code = code_for(visitor, phone)
    wrong = [f"{(int(code) + number) % 1_000_000:06}" for number in range(1, GUESSES + 1)]
    answers = tries(house, visitor, phone, wrong)
    assert {(one.status_code, one.json()["code"]) for one in answers} == {(422, "code_wrong")}
    assert len(compared) == 3


def test_a_right_code_comes_too_late_behind_three_wrong_ones(
    visitor: Caller, compared: list[str]
) -> None:
    phone = new_phone()
    code = code_for(visitor, phone)
    for _try in range(3):
        assert visitor.refused("/auth/verify", {"phone": phone, "code": "x"}) == "code_wrong"
    assert visitor.refused("/auth/verify", {"phone": phone, "code": code}) == "code_wrong"
    assert compared == ["x"] * 3


def test_one_of_thirty_right_codes_logs_in(house: House, visitor: Caller) -> None:
    phone = new_phone()
    code = code_for(visitor, phone)
    answers = tries(house, visitor, phone, [code] * GUESSES)
    assert [one.status_code for one in answers].count(200) == 1


def test_a_second_code_ends_the_first_one(visitor: Caller) -> None:
    phone = new_phone()
    first = code_for(visitor, phone)
    name = visitor.client.session[login.STATE]["name"]
    second = code_for(visitor, phone)
    assert not LoginCode.objects.filter(name=name).exists()
    if first != second:
        assert visitor.refused("/auth/verify", {"phone": phone, "code": first}) == "code_wrong"
    visitor.done("/auth/verify", {"phone": phone, "code": second})


def test_nothing_is_kept_of_codes_that_are_over(visitor: Caller) -> None:
    code_for(visitor, new_phone())
    rows = LoginCode.objects.filter(name=visitor.client.session[login.STATE]["name"])
    row = rows.get()
    LoginCode.objects.filter(pk=row.pk).update(made_at=row.made_at.replace(year=2020))
    code_for(visitor, new_phone())
    assert not rows.exists()
