"""A38, A15, A56: quantities and amounts that are none, and prices that the phone sends."""

from decimal import Decimal
from typing import Any

import pytest

from shareback.mall import baskets
from shareback.mall.faults import CannotBe
from shareback.mall.oscar.order.models import Order
from shareback.mall.reckoning import TOTAL_MAX_UYUAN
from tests.backends.house import YUAN, House
from tests.shop.callers import Caller

NUMBERS = (0, -1, -(2**31), 1_000, 2**31, 2**63, 10**30, 1.5, 1e308, "2", "1e3", None, True, [1])
AMOUNTS = (
    "-1",
    "NaN",
    "Infinity",
    "1e3",
    "0x10",
    "\uff11\uff10",
    " 1",
    "1,000",
    "9" * 30,
    "MAX",
    "",
    -1,
    1.5,
)


@pytest.mark.parametrize("quantity", NUMBERS, ids=repr)
def test_a_quantity_that_is_none_is_refused(house: House, quantity: Any) -> None:
    li, wine = Caller.member(house), house.good("100.00", stock=5_000)
    for path, body in (
        ("/basket/lines", {"good": wine.pk, "quantity": quantity}),
        ("/checkout", {"buy_now": {"good": wine.pk, "quantity": quantity}}),
        ("/checkout/preview", {"buy_now": {"good": wine.pk, "quantity": quantity}}),
    ):
        answer = li.post(path, body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert li.told("/basket")["groups"] == []
    assert not Order.objects.filter(programme_id=house.programme).exists()


@pytest.mark.parametrize("quantity", [0, -1, 1_000, 2**63])
def test_a_quantity_that_is_none_is_refused_past_the_api_too(house: House, quantity: int) -> None:
    li, wine = house.member(), house.good("100.00")
    with pytest.raises(CannotBe, match="quantity_invalid"):
        baskets.add(li, wine.pk, quantity)
    with pytest.raises(CannotBe, match="quantity_invalid"):
        house.buy(li, wine, quantity)


@pytest.mark.parametrize(
    ("field", "amount"),
    [
        *[(field, amount) for field in ("coins", "points", "cash") for amount in AMOUNTS],
        *[("coins", "1.0000001"), ("cash", "1.0000001"), ("points", "1.000000001")],
        *[("coins", None), ("points", None)],
    ],
    ids=repr,
)
def test_an_amount_that_is_none_is_refused(house: House, field: str, amount: Any) -> None:
    wine = house.good("100.00", kind="digital")
    body = {"buy_now": {"good": wine.pk}, field: amount}
    assert Caller.member(house).refused("/checkout", body) == "invalid"


@pytest.mark.parametrize(
    "more",
    [
        {"price": "0.01"},
        {"total": "0.01"},
        {"discount": "99.00"},
        {"member": 1},
        {"programme": 2},
        {"buy_now": {"good": 1, "price": "0.01"}},
        {"points_worth": "100"},
    ],
    ids=str,
)
def test_a_price_that_the_phone_sends_is_refused(house: House, more: dict[str, Any]) -> None:
    wine = house.good("100.00", kind="digital")
    body = {"buy_now": {"good": wine.pk}, **more}
    assert Caller.member(house).refused("/checkout", body) == "invalid"
    line = {"good": wine.pk, "price": "0.01"}
    assert Caller.member(house).refused("/basket/lines", line) == "invalid"


def test_a_basket_is_bought_at_the_price_of_the_checkout(house: House) -> None:
    li, wine = house.member(), house.good("100.00", kind="digital")
    house.put(li, wine)
    wine.stockrecords.update(price=Decimal("120.00"))
    assert house.buy(li).cash_uyuan == 120 * YUAN


def test_an_order_that_no_column_could_hold_is_refused(house: House) -> None:
    gold = house.good("1000000.00", stock=999, kind="digital")
    assert TOTAL_MAX_UYUAN == 10_000_000 * YUAN
    li = house.member()
    assert house.buy(li, gold, 10).cash_uyuan == TOTAL_MAX_UYUAN
    with pytest.raises(CannotBe, match="too_much"):
        house.buy(li, gold, 11)


def test_another_programmes_goods_cannot_be_bought(house: House) -> None:
    other = House()
    wine = other.good("100.00", kind="digital")
    li = Caller.member(house)
    assert li.refused("/basket/lines", {"good": wine.pk}) == "good_gone"
    assert li.refused("/checkout", {"buy_now": {"good": wine.pk}}) == "good_gone"


def test_a_mixed_basket_is_split_so_that_each_order_has_one_rate(house: House) -> None:
    li = house.member()
    house.put(li, house.good("10.00", kind="digital"))
    house.put(li, house.good("10.00"))
    assert house.buy(li).orders.count() == 2
