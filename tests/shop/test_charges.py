"""Coins at the counter: asked for, paid once, or over."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from shareback.mall.models import CoinCharge
from tests.attacks.at_once import together
from tests.backends.house import House, Opens
from tests.shop.callers import Caller, Staffed

PAYERS = 30


def asked(winery: Staffed, coins: str = "10", **more: str) -> dict[str, Any]:
    """Ask for coins."""
    document: dict[str, Any] = winery.done("/charges", {"coins": coins, **more})
    return document


@pytest.fixture
def rich(house: House) -> Caller:
    """A member with fifty coins."""
    caller = Caller.member(house, "李雷")
    house.endow(caller.membership, points_yuan=50, coins=50)
    return caller


def test_a_charge_is_shown_paid_and_seen(winery: Staffed, rich: Caller) -> None:
    charge = asked(winery, "15.80", note="牛肉面")
    assert charge["url"].endswith(f"/charge/{charge['token']}")
    assert winery.get(charge["qr"].removeprefix(winery.base)).content.startswith(b"<svg")
    shown = rich.told(f"/me/charges/{charge['token']}")
    assert (shown["coins"], shown["note"], shown["state"]) == ("15.8", "牛肉面", "open")
    assert shown["balance"] == "50"
    paid = rich.done(f"/me/charges/{charge['token']}/pay")
    assert (paid["state"], paid["balance"]) == ("paid", "34.2")
    seen = winery.told(f"/charges/{charge['id']}")
    assert (seen["state"], seen["paid_by"]) == ("paid", "李**")
    assert winery.told("")["coins"] == "15.8"
    rich.house.check()


def test_a_payment_that_is_sent_again_is_the_same_one(winery: Staffed, rich: Caller) -> None:
    path = f"/me/charges/{asked(winery)['token']}/pay"
    first = rich.post(path, key="once")
    assert rich.post(path, key="once").content == first.content
    assert rich.told("/me/points")["coins"] == "40"


def test_a_paid_charge_is_not_paid_again(winery: Staffed, rich: Caller) -> None:
    path = f"/me/charges/{asked(winery)['token']}/pay"
    rich.done(path)
    assert rich.refused(path) == "charge_paid"
    assert rich.told("/me/points")["coins"] == "40"


def test_a_charge_ends_by_itself(winery: Staffed, rich: Caller) -> None:
    charge = asked(winery)
    row = CoinCharge.objects.get(pk=charge["id"])
    assert timedelta(seconds=110) < row.expires_at - timezone.now() <= timedelta(seconds=120)
    CoinCharge.objects.filter(pk=row.pk).update(expires_at=timezone.now())
    assert rich.told(f"/me/charges/{charge['token']}")["state"] == "expired"
    assert rich.refused(f"/me/charges/{charge['token']}/pay") == "charge_expired"
    assert rich.told("/me/points")["coins"] == "50"


def test_a_charge_is_withdrawn_unless_it_is_paid(winery: Staffed, rich: Caller) -> None:
    first, second = asked(winery), asked(winery)
    withdrawn = winery.ask("delete", f"/charges/{first['id']}").json()
    assert withdrawn["state"] == "cancelled"
    assert rich.refused(f"/me/charges/{first['token']}/pay") == "charge_cancelled"
    rich.done(f"/me/charges/{second['token']}/pay")
    refused = winery.ask("delete", f"/charges/{second['id']}")
    assert refused.json()["code"] == "charge_paid"


def test_too_few_coins_leave_it_open(winery: Staffed, li: Caller) -> None:
    charge = asked(winery)
    assert li.refused(f"/me/charges/{charge['token']}/pay") == "coins_short"
    assert winery.told(f"/charges/{charge['id']}")["state"] == "open"


def test_a_charge_of_another_programme_is_not_there(new_house: Opens, rich: Caller) -> None:
    other = new_house()
    charge = asked(Staffed(other, other.partner))
    assert rich.get(f"/me/charges/{charge['token']}").status_code == 404
    assert rich.post(f"/me/charges/{charge['token']}/pay").status_code == 404


def test_a_charge_is_for_its_own_merchant(winery: Staffed, house: House) -> None:
    charge = asked(winery)
    noodles = Staffed(house, house.merchant("面馆"))
    for method, path in (
        ("get", f"/charges/{charge['id']}"),
        ("get", f"/charges/{charge['id']}/qr.svg"),
        ("delete", f"/charges/{charge['id']}"),
    ):
        assert noodles.ask(method, path).status_code == 404
    assert noodles.told("/charges")["items"] == []


def test_charges_go_page_by_page(winery: Staffed) -> None:
    made = [asked(winery)["id"] for _each in range(5)]
    found: list[str] = []
    after = ""
    while True:
        page = winery.told(f"/charges?limit=2&after={after}")
        found += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert found == made[::-1]


@pytest.mark.parametrize("coins", ["0", "-1", "1e3", "NaN", "0.0000001", "9" * 30, "∞", ""])
def test_coins_that_are_no_amount_are_refused(winery: Staffed, coins: str) -> None:
    assert winery.refused("/charges", {"coins": coins}) == "invalid"


def test_of_thirty_who_pay_one_charge_one_has_paid(house: House, winery: Staffed) -> None:
    """A17: one coin payment, thirty requests at once."""
    payers = [Caller.member(house) for _each in range(PAYERS)]
    for payer in payers:
        house.endow(payer.membership, points_yuan=10, coins=10)
    path = f"/me/charges/{asked(winery)['token']}/pay"

    def pays(payer: Caller) -> int:
        try:
            return int(payer.post(path).status_code)
        finally:
            connections["default"].close()

    statuses = together([lambda payer=payer: pays(payer) for payer in payers])  # type: ignore[misc]
    assert sorted(statuses) == [200, *[409] * (PAYERS - 1)]
    assert house.merchant_account().coins == 10_000_000
    left = sum(house.account(payer.membership).coins for payer in payers)
    assert left == (PAYERS - 1) * 10_000_000
    house.check()


def test_thirty_requests_of_one_payer_pay_once(winery: Staffed, rich: Caller) -> None:
    """A36: the same receipt is settled once, whichever key it comes with."""
    path = f"/me/charges/{asked(winery)['token']}/pay"

    def pays(key: str) -> int:
        try:
            return int(Caller(rich.house, rich.user).post(path, key=key).status_code)
        finally:
            connections["default"].close()

    keys = ["same" if place % 2 else f"key-{place}" for place in range(PAYERS)]
    statuses = together([lambda key=key: pays(key) for key in keys])  # type: ignore[misc]
    assert set(statuses) <= {200, 409}
    assert 1 <= statuses.count(200) <= PAYERS // 2
    assert rich.told("/me/points")["coins"] == "40"
    assert rich.house.merchant_account().coins == 10_000_000
