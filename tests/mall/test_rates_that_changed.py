"""A basket keeps no rate and no kind that its good no longer has (R2)."""

from shareback.journal.models import Order as Journaled
from shareback.mall import baskets, checkout, merchants
from shareback.mall.checkout import Form
from tests.backends.house import House, Opens
from tests.shop.callers import Caller


def test_a_good_whose_rate_changed_is_put_in_anew(new_house: Opens) -> None:
    house = new_house(backing_by_category={"green": "0.40"})
    caller = Caller.member(house)
    li, wine = caller.membership, house.good("100.00", kind="digital")
    house.put(li, wine)
    merchants.change_good(wine, {"backing_category": "green"}, None)
    (group,) = caller.told("/basket")["groups"]
    assert [line["problem"] for line in group["lines"]] == ["closed"]
    assert (group["total"], group["earns"]) == ("0.00", "0")
    assert caller.refused("/checkout", {}) == "good_gone"
    caller.done("/basket/lines", {"good": wine.pk, "quantity": 1})
    stale, fresh = baskets.basket_groups(li)
    baskets.remove(li, stale.lines[0].line.pk)
    assert fresh.basket.backing_category == "green"
    told = checkout.preview(house.shop, li, Form())
    assert told.hindrances == []
    order = house.order(house.pay(house.buy(li)))
    row = Journaled.objects.get(programme_id=house.programme, order_id=order.number)
    assert (order.backing_category, row.backing) == ("green", 400_000)
    house.check()


def test_a_good_whose_kind_changed_is_put_in_anew(house: House) -> None:
    caller = Caller.member(house)
    li, wine = caller.membership, house.good("100.00", kind="shipped")
    house.put(li, wine)
    merchants.change_good(wine, {"kind": "digital"}, None)
    assert caller.refused("/checkout", {}) == "good_gone"
    house.put(li, wine)
    stale, _fresh = baskets.basket_groups(li)
    baskets.remove(li, stale.lines[0].line.pk)
    assert house.order(house.pay(house.buy(li))).status == "received"
