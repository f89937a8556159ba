"""Many at once: nothing is oversold, and nobody is debited without an order."""

from functools import partial
from typing import TYPE_CHECKING

from shareback.mall import payments
from shareback.mall.models import CashPayment, Purchase
from shareback.mall.oscar.order.models import Order
from shareback.mall.tender import ALL
from tests.backends.house import YUAN, House
from tests.mall.racing import at_once

if TYPE_CHECKING:
    from collections.abc import Callable


def test_the_last_bottle_is_sold_once_and_nobody_else_is_debited(house: House) -> None:
    wine = house.good("100.00", stock=1)
    buyers = [house.member() for _buyer in range(8)]
    for one in buyers:
        house.endow(one, coins=100)
    came = at_once([partial(house.buy, one, wine, coins=ALL) for one in buyers])
    won = [one for one in came if isinstance(one, Purchase)]
    assert len(won) == 1
    assert sorted(one for one in came if isinstance(one, str)) == ["sold_out"] * 7
    assert sum(house.account(one).coins for one in buyers) == 700 * YUAN
    assert house.merchant_account().coins == 100 * YUAN
    assert Order.objects.filter(programme_id=house.programme).count() == 1
    record = wine.stockrecords.get()
    assert (record.num_in_stock, record.num_allocated) == (0, 0)
    house.check()


def test_baskets_of_several_goods_in_any_order_never_block_each_other(house: House) -> None:
    goods = [house.good("10.00", stock=4) for _good in range(3)]
    buyers = [house.member() for _buyer in range(6)]
    for place, one in enumerate(buyers):
        for good in goods if place % 2 else reversed(goods):
            house.put(one, good)
    came = at_once([partial(house.buy, one) for one in buyers])
    assert sum(isinstance(one, Purchase) for one in came) == 4
    assert [one.stockrecords.get().net_stock_level for one in goods] == [0, 0, 0]


def test_a_payment_racing_its_cancellation_is_one_or_the_other(house: House) -> None:
    li, wine = house.member(), house.good("100.00", stock=9)
    for _round in range(5):
        purchase = house.buy(li, wine)
        payments.start(purchase)
        works: list[Callable[[], object]] = [
            partial(house.pay_if_open, purchase),
            partial(payments.cancel, li, purchase.pk),
        ]
        at_once(works)
        state, status = Purchase.objects.get(pk=purchase.pk).state, house.order(purchase).status
        assert (state, status) in {("paid", "paid"), ("closed", "closed")}
        paid = CashPayment.objects.get(purchase=purchase).state == CashPayment.State.CAPTURED
        assert house.given_back(purchase) == (100 * YUAN if paid and state == "closed" else 0)
    house.check()
