"""Offers and coupons: of one programme, within their time, their number and their budget."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from shareback.mall import baskets, checkout, merchants, opening, payments
from shareback.mall.checkout import Form
from shareback.mall.faults import CannotBe
from shareback.mall.oscar.offer.models import ConditionalOffer, Range
from shareback.mall.oscar.voucher.models import Voucher
from tests.backends.house import YUAN, House, Opens


def offer(house: House, name: str, off: str, kind: str = "Site", **fields: Any) -> ConditionalOffer:
    """An offer of so many yuan off any basket, once a basket."""
    goods, _made = Range.objects.get_or_create(
        programme_id=house.programme, name="all", defaults={"includes_all_products": True}
    )
    condition = get_model("offer", "Condition").objects.create(range=goods, type="Count", value=1)
    benefit = get_model("offer", "Benefit").objects.create(
        range=goods, type="Absolute", value=Decimal(off)
    )
    made: ConditionalOffer = ConditionalOffer.objects.create(
        programme_id=house.programme,
        name=name,
        offer_type=kind,
        condition=condition,
        benefit=benefit,
        **{"max_basket_applications": 1, **fields},
    )
    return made


def coupon(
    house: House, code: str, off: str, ends: datetime | None = None, **fields: Any
) -> Voucher:
    """A coupon of so many yuan off, valid today unless told otherwise."""
    now = timezone.now()
    made: Voucher = Voucher.objects.create(
        programme_id=house.programme,
        name=code,
        code=code,
        start_datetime=now - timedelta(days=2),
        end_datetime=ends or now + timedelta(days=2),
        usage=fields.pop("usage", Voucher.MULTI_USE),
    )
    made.offers.add(offer(house, code, off, "Voucher", **fields))
    return made


def test_an_offer_is_taken_off_and_what_is_left_earns(house: House) -> None:
    offer(house, "满减", "20.00")
    li, wine = house.member(), house.good("100.00")
    order = house.bought(li, wine)
    assert order.cash_uyuan == 80 * YUAN
    assert order.total_incl_tax == Decimal("80.00")
    assert order.lines.get().line_price_incl_tax == Decimal("80.00")


def test_another_programmes_offers_are_not_there(new_house: Opens) -> None:
    house, other = new_house(), new_house()
    offer(other, "满减", "20.00")
    coupon(other, "SPRING", "20.00")
    li, wine = house.member(), house.good("100.00")
    house.put(li, wine)
    with pytest.raises(CannotBe, match="coupon_unknown"):
        baskets.add_coupon(li, "SPRING")
    assert house.buy(li).cash_uyuan == 100 * YUAN


def test_two_programmes_can_have_coupons_of_one_code(new_house: Opens) -> None:
    for house in (new_house(), new_house()):
        coupon(house, "SPRING", "20.00")
        li = house.member()
        house.put(li, house.good("100.00"))
        baskets.add_coupon(li, "spring")
        assert house.buy(li).cash_uyuan == 80 * YUAN


def test_a_coupon_goes_where_it_takes_most(house: House) -> None:
    coupon(house, "SPRING", "50.00")
    tea = house.merchant("茶庄")
    li = house.member()
    house.put(li, house.good("30.00", partner=tea))
    house.put(li, house.good("100.00"))
    baskets.add_coupon(li, "SPRING")
    baskets.add_coupon(li, "SPRING")
    first, second = baskets.basket_groups(li)
    assert (first.codes, second.codes) == ([], ["SPRING"])
    assert second.total == Decimal("50.00")
    baskets.remove_coupon(li, "spring")
    assert [group.codes for group in baskets.basket_groups(li)] == [[], []]


def test_a_coupon_that_takes_nothing_is_refused(house: House) -> None:
    coupon(house, "SPRING", "50.00")
    with pytest.raises(CannotBe, match="coupon_no_use"):
        baskets.add_coupon(house.member(), "SPRING")


def test_a_coupon_of_an_unpaid_purchase_can_be_used_again(house: House) -> None:
    one = coupon(house, "ONCE", "20.00", usage=Voucher.SINGLE_USE, max_global_applications=1)
    li, wine = house.member(), house.good("100.00")
    house.put(li, wine)
    baskets.add_coupon(li, "ONCE")
    purchase = house.buy(li)
    assert purchase.cash_uyuan == 80 * YUAN
    house.put(li, wine)
    with pytest.raises(CannotBe, match="coupon_used"):
        baskets.add_coupon(li, "ONCE")
    payments.cancel(li, purchase.pk)
    assert one.offers.get().num_applications == 0
    baskets.add_coupon(li, "ONCE")
    assert house.buy(li).cash_uyuan == 80 * YUAN


def test_what_a_buyer_may_use_once_is_used_once_in_one_checkout_too(house: House) -> None:
    offer(house, "新人", "20.00", max_user_applications=1)
    tea = house.merchant("茶庄")
    li = house.member()
    house.put(li, house.good("100.00"))
    house.put(li, house.good("100.00", partner=tea))
    assert house.buy(li).cash_uyuan == 180 * YUAN
    assert house.buy(li, house.good("100.00")).cash_uyuan == 100 * YUAN
    assert house.buy(house.member(), house.good("100.00")).cash_uyuan == 80 * YUAN


def test_a_coupon_that_gave_nothing_is_not_used_up(house: House) -> None:
    one = coupon(house, "ONCE", "20.00", usage=Voucher.SINGLE_USE)
    li = house.member()
    house.put(li, house.good("100.00"))
    baskets.add_coupon(li, "ONCE")
    ConditionalOffer.objects.filter(pk=one.offers.get().pk).update(status="Suspended")
    assert house.buy(li).cash_uyuan == 100 * YUAN
    assert not one.applications.exists()


def test_an_offer_on_a_category_knows_what_lies_below_it(house: House) -> None:
    # oscar's view of categories is PostgreSQL's alone, and not made here: nothing may need it.
    drinks = opening.open_category(house.shop, "酒水", "Drinks")
    wines = opening.open_category(house.shop, "葡萄酒", "Wines", parent=drinks)
    wine = merchants.make_good(
        house.partner, Decimal("100.00"), 9, wines, title="干红", is_public=True
    )
    tea = house.good("100.00")
    given = offer(house, "满减", "20.00")
    goods = Range.objects.create(programme_id=house.programme, name="drinks")
    goods.included_categories.add(drinks)
    type(given.condition).objects.filter(pk=given.condition.pk).update(range=goods)
    type(given.benefit).objects.filter(pk=given.benefit.pk).update(range=goods)
    li = house.member()
    assert house.buy(li, wine).cash_uyuan == 80 * YUAN
    assert house.buy(li, tea).cash_uyuan == 100 * YUAN


def test_a_basket_that_was_bought_empty_lets_go_of_its_coupons(house: House) -> None:
    coupon(house, "MANY", "20.00")
    li, wine = house.member(), house.good("100.00")
    house.put(li, wine)
    baskets.add_coupon(li, "MANY")
    assert house.buy(li).cash_uyuan == 80 * YUAN
    house.put(li, wine)
    assert [group.codes for group in baskets.basket_groups(li)] == [[]]
    assert house.buy(li).cash_uyuan == 100 * YUAN


def test_one_that_keeps_something_keeps_its_coupons(house: House) -> None:
    coupon(house, "MANY", "20.00")
    li, wine, glass = house.member(), house.good("100.00"), house.good("50.00")
    house.put(li, wine)
    house.put(li, glass)
    baskets.add_coupon(li, "MANY")
    (group,) = baskets.basket_groups(li)
    baskets.change(li, group.lines[1].line.pk, chosen=False)
    assert house.buy(li).cash_uyuan == 80 * YUAN
    assert [group.codes for group in baskets.basket_groups(li)] == [["MANY"]]


@pytest.mark.parametrize(
    ("usage", "cash"),
    [(Voucher.SINGLE_USE, 180), (Voucher.ONCE_PER_CUSTOMER, 180), (Voucher.MULTI_USE, 160)],
)
def test_a_coupon_in_two_baskets_is_used_as_often_as_it_may(
    house: House, usage: str, cash: int
) -> None:
    one = coupon(house, "TWICE", "20.00", usage=usage)
    tea = house.merchant("茶庄")
    li = house.member()
    house.put(li, house.good("100.00"))
    house.put(li, house.good("100.00", partner=tea))
    # As it lay before baskets that were bought empty let go of their coupons.
    for group in baskets.basket_groups(li):
        group.basket.vouchers.add(one)
    told = checkout.preview(house.shop, li, Form())
    assert sum(part.cash for part in told.parts) == cash * YUAN
    assert house.buy(li).cash_uyuan == cash * YUAN
