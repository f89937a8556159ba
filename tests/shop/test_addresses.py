"""Addresses as people in China write them."""

from typing import Any

import pytest

from tests.shop.callers import Caller

HOME: dict[str, Any] = {
    "name": "李雷",
    "phone": "138 0013 8000",
    "province": "宁夏回族自治区",
    "city": "银川市",
    "district": "兴庆区",
    "detail": "解放东街 12 号",
}


def test_the_first_is_the_usual_one_until_another_is(li: Caller) -> None:
    home = li.done("/addresses", HOME)
    assert (home["phone"], home["default"]) == ("13800138000", True)
    office = li.done("/addresses", {**HOME, "detail": "正源南街 9 号", "default": True})
    assert [one["id"] for one in li.told("/addresses")] == [office["id"], home["id"]]
    assert [one["default"] for one in li.told("/addresses")] == [True, False]


def test_the_same_address_is_kept_once(li: Caller) -> None:
    assert li.done("/addresses", HOME)["id"] == li.done("/addresses", HOME)["id"]


def test_an_address_changes_and_goes(li: Caller) -> None:
    home = li.done("/addresses", HOME)
    path = f"/addresses/{home['id']}"
    changed = li.ask("put", path, {**HOME, "name": "韩梅梅"}).json()
    assert changed == {**home, "name": "韩梅梅"}
    assert li.ask("delete", path).status_code == 204
    assert li.told("/addresses") == []


def test_somebody_elses_address_is_not_there(li: Caller) -> None:
    home = li.done("/addresses", HOME)
    other = Caller.member(li.house)
    path = f"/addresses/{home['id']}"
    assert other.ask("put", path, HOME).status_code == 404
    assert other.ask("delete", path).status_code == 404
    assert other.told("/addresses") == []


@pytest.mark.parametrize(
    "flaw",
    [{"name": ""}, {"name": " "}, {"phone": "12345678"}, {"detail": "x" * 201}, {"user": 1}],
)
def test_what_nobody_could_deliver_to_is_refused(li: Caller, flaw: dict[str, Any]) -> None:
    assert li.ask("post", "/addresses", {**HOME, **flaw}).status_code == 422


def test_there_is_an_end_to_addresses(li: Caller) -> None:
    for number in range(20):
        li.done("/addresses", {**HOME, "detail": f"{number} 号"})
    assert li.refused("/addresses", HOME) == "addresses_full"
