"""A39: coupons stacked until the contribution would exceed the cash."""

from contextlib import suppress

from shareback.journal.models import Order as Journaled
from shareback.mall import baskets
from shareback.mall.faults import CannotBe
from tests.backends.house import YUAN, House
from tests.mall.test_offers import coupon


def test_contribution_and_quota_are_computed_on_settled_cash(house: House) -> None:
    for place in range(4):
        coupon(house, f"C{place}", "24.00", exclusive=False)
    li, wine = house.member(), house.good("100.00", kind="digital")
    house.put(li, wine)
    for place in range(4):
        baskets.add_coupon(li, f"C{place}")
    order = house.order(house.pay(house.buy(li)))
    row = Journaled.objects.get(programme_id=house.programme, order_id=order.number)
    assert row.paid == order.cash_uyuan
    assert house.head().reserve == order.cash_uyuan * 30 // 100
    assert house.account(li).quota == 2 * order.cash_uyuan
    house.check()


def test_a_total_never_falls_below_nothing(house: House) -> None:
    for place in range(5):
        coupon(house, f"C{place}", "90.00", exclusive=False)
    li, wine = house.member(), house.good("100.00", kind="digital")
    house.put(li, wine)
    for place in range(5):
        # The later ones may have nothing left to take off.
        with suppress(CannotBe):
            baskets.add_coupon(li, f"C{place}")
    (group,) = baskets.basket_groups(li)
    assert group.total >= 0
    purchase = house.buy(li)
    assert 0 <= purchase.cash_uyuan <= 10 * YUAN
    assert house.account(li).quota <= 20 * YUAN


def test_one_coupon_is_not_stacked_on_itself(house: House) -> None:
    coupon(house, "SPRING", "30.00", exclusive=False)
    li = house.member()
    house.put(li, house.good("100.00", kind="digital"))
    baskets.add_coupon(li, "SPRING")
    baskets.add_coupon(li, "spring ")
    assert house.buy(li).cash_uyuan == 70 * YUAN
