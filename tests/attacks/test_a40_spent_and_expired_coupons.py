"""A40: a spent or expired coupon revived (Pinduoduo, 2019)."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.utils import timezone

from shareback.mall import baskets, payments, returns
from shareback.mall.faults import CannotBe
from shareback.mall.models import Purchase
from shareback.mall.oscar.voucher.models import Voucher
from tests.backends.house import YUAN, House
from tests.mall.racing import at_once
from tests.mall.test_offers import coupon, offer


def test_an_expired_coupon_is_refused(house: House) -> None:
    coupon(house, "OLD", "30.00", ends=timezone.now() - timedelta(seconds=1))
    li = house.member()
    house.put(li, house.good("100.00", kind="digital"))
    with pytest.raises(CannotBe, match="coupon_expired"):
        baskets.add_coupon(li, "OLD")


def test_a_coupon_that_expires_in_the_basket_takes_nothing_off(house: House) -> None:
    one = coupon(house, "OLD", "30.00")
    li = house.member()
    house.put(li, house.good("100.00", kind="digital"))
    baskets.add_coupon(li, "OLD")
    Voucher.objects.filter(pk=one.pk).update(end_datetime=timezone.now())
    assert house.buy(li).cash_uyuan == 100 * YUAN
    assert not one.applications.exists()


def test_an_expired_coupon_of_a_cancelled_purchase_stays_expired(house: House) -> None:
    one = coupon(house, "OLD", "30.00", usage=Voucher.SINGLE_USE)
    li, wine = house.member(), house.good("100.00", kind="digital")
    house.put(li, wine)
    baskets.add_coupon(li, "OLD")
    purchase = house.buy(li)
    Voucher.objects.filter(pk=one.pk).update(end_datetime=timezone.now())
    payments.cancel(li, purchase.pk)
    house.put(li, wine)
    with pytest.raises(CannotBe, match="coupon_expired"):
        baskets.add_coupon(li, "OLD")


def test_a_spent_coupon_is_not_revived_by_a_return(house: House) -> None:
    coupon(house, "ONCE", "30.00", usage=Voucher.SINGLE_USE)
    li, wine = house.member(), house.good("100.00")
    house.put(li, wine)
    baskets.add_coupon(li, "ONCE")
    order = house.order(house.pay(house.buy(li)))
    asked = returns.ask(li, order.number, {order.lines.get().pk: 1})
    returns.accept(asked, house.user())
    house.put(li, wine)
    with pytest.raises(CannotBe, match="coupon_used"):
        baskets.add_coupon(li, "ONCE")


def test_a_budget_is_never_passed_whoever_comes_at_once(house: House) -> None:
    budget = offer(house, "满减", "30.00", max_discount=Decimal("100.00"))
    wine = house.good("100.00", stock=30, kind="digital")
    buyers = [house.member() for _buyer in range(6)]
    came = at_once([partial(house.buy, one, wine) for one in buyers])
    cash = sorted(one.cash_uyuan // YUAN for one in came if isinstance(one, Purchase))
    assert cash == [70, 70, 70, 100, 100, 100]
    budget.refresh_from_db()
    assert budget.total_discount == Decimal("90.00")


def test_a_number_of_uses_is_never_passed(house: House) -> None:
    coupon(house, "FIRST", "30.00", max_global_applications=2)
    wine = house.good("100.00", stock=30, kind="digital")
    buyers = [house.member() for _buyer in range(5)]
    for one in buyers:
        house.put(one, wine)
        baskets.add_coupon(one, "FIRST")
    came = at_once([partial(house.buy, one) for one in buyers])
    cash = sorted(one.cash_uyuan // YUAN for one in came if isinstance(one, Purchase))
    assert cash == [70, 70, 100, 100, 100]
