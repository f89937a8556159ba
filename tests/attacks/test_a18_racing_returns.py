"""A18: racing returns of one order; one is made, and brings back its money once."""

from functools import partial

from shareback.mall import returns
from shareback.mall.models import CashRefund, Return
from tests.backends.house import YUAN, House
from tests.mall.racing import at_once


def test_racing_acceptances_of_one_return_give_back_once(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    order = house.bought(li, wine)
    asked = returns.ask(li, order.number, {order.lines.get().pk: 1})
    staff = house.user()
    came = at_once([partial(returns.accept, asked, staff)] * 8)
    assert sum(isinstance(one, Return) for one in came) == 1
    assert [one for one in came if isinstance(one, str)] == ["return_decided"] * 7
    assert CashRefund.objects.filter(order=order).count() == 1
    assert house.given_back(order.purchase) == 100 * YUAN
    house.check()


def test_racing_requests_for_a_return_make_one(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    order = house.bought(li, wine)
    came = at_once([partial(returns.ask, li, order.number, {order.lines.get().pk: 1})] * 8)
    assert [one for one in came if isinstance(one, str)] == ["return_running"] * 7
