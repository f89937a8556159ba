"""A17: one coupon, one key, one payment, one voucher, thirty at once; one wins."""

from functools import partial

from shareback.gateways.payments import builtin
from shareback.journal.models import Order as Journaled
from shareback.mall import baskets, payments, vouchers
from shareback.mall.models import CashPayment, GoodsVoucher, Purchase
from shareback.mall.oscar.order.models import Order
from shareback.mall.oscar.voucher.models import Voucher
from shareback.mall.tender import ALL
from tests.backends.house import YUAN, House
from tests.mall.racing import at_once
from tests.mall.test_offers import coupon

MANY = 30


def test_a_coupon_that_can_be_used_once_is_used_once(house: House) -> None:
    coupon(house, "ONCE", "60.00", usage=Voucher.SINGLE_USE)
    wine = house.good("100.00", stock=MANY)
    buyers = [house.member() for _buyer in range(6)]
    for one in buyers:
        house.put(one, wine)
        baskets.add_coupon(one, "ONCE")
    came = at_once([partial(house.buy, one) for one in buyers])
    cash = sorted(one.cash_uyuan for one in came if isinstance(one, Purchase))
    assert cash == [40 * YUAN, *[100 * YUAN] * 5]


def test_a_key_buys_once_however_often_it_is_sent(house: House) -> None:
    li, wine = house.member(), house.good("100.00", stock=MANY)
    house.endow(li, coins=50)
    came = at_once([partial(house.buy, li, wine, coins=ALL, key="one")] * MANY)
    assert len({one.pk for one in came if isinstance(one, Purchase)}) == 1
    assert Order.objects.filter(programme_id=house.programme).count() == 1
    assert house.merchant_account().coins == 50 * YUAN


def test_thirty_notices_of_one_payment_pay_it_once(house: House) -> None:
    li, wine = house.member(), house.good("100.00", stock=2)
    purchase = house.buy(li, wine)
    payments.start(purchase)
    sent = builtin.pay(CashPayment.objects.get(purchase=purchase).reference)
    assert sent is not None
    came = at_once([partial(payments.take_notice, "test", sent.body, sent.headers)] * MANY)
    assert {one.state for one in came if isinstance(one, Purchase)} == {"paid"}
    assert Journaled.objects.filter(programme_id=house.programme).count() == 1
    assert wine.stockrecords.get().num_in_stock == 1
    house.check()


def test_a_voucher_is_redeemed_once_by_thirty_counters(house: House) -> None:
    li, meal = house.member(), house.good("50.00", kind="voucher")
    voucher = GoodsVoucher.objects.get(line__order=house.bought(li, meal))
    came = at_once([partial(vouchers.redeem, house.partner, voucher.code, house.user())] * MANY)
    assert [one for one in came if isinstance(one, str)] == ["voucher_redeemed"] * (MANY - 1)
    house.check()
