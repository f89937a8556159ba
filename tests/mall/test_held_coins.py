"""Coins of orders that wait for their cash are not the merchant's yet, and go back in the end."""

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.utils import timezone

from shareback.engine import commands as cmd
from shareback.mall import chores, holds, orders, payments, returns
from shareback.mall.engines import now_us
from shareback.mall.models import CoinRefund, Membership, Purchase
from shareback.mall.tender import ALL
from tests.backends.house import YUAN, House
from tests.console.desks import Worker
from tests.mall.racing import at_once
from tests.shop.callers import Staffed

if TYPE_CHECKING:
    from collections.abc import Callable

LATER = timedelta(minutes=31)


def spend(house: House, coins: int) -> None:
    """Let the merchant's coins go past the shop, as whoever writes to the journal itself can."""
    house.tell(cmd.ExchangeCoins(now_us(), house.partner.merchant_id, coins * YUAN))


def waiting(house: House, li: Membership, coins: int = 20) -> Purchase:
    """A purchase of ¥100 whose coins are paid, and whose cash is not."""
    house.endow(li, coins=coins)
    return house.buy(li, house.good("100.00", stock=1), coins=ALL)


def test_they_are_not_the_merchants_to_exchange(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    winery = Staffed(house, house.partner)
    house.endow(li, coins=60)
    held = house.buy(li, wine, coins=20 * YUAN)
    house.pay(house.buy(li, wine, coins=ALL))
    assert holds.held_coins(house.partner) == 20 * YUAN
    assert winery.refused("/exchange", {"coins": "40.01"}) == "coins_held"
    assert house.merchant_account().coins == 60 * YUAN
    winery.done("/exchange", {"coins": "40"})
    # More than there are is for the engine to refuse.
    assert winery.refused("/exchange", {"coins": "21"}) == "coins_short"
    house.pay(held)
    winery.done("/exchange", {"coins": "20"})
    assert house.merchant_account().coins == 0
    house.check()


def test_exchanges_that_race_with_checkouts_leave_what_is_held(house: House) -> None:
    wine = house.good("100.00", stock=99)
    winery = Staffed(house, house.partner)
    li = house.member()
    house.endow(li, coins=300)
    house.pay(house.buy(li, wine, coins=50 * YUAN))

    def exchange() -> int:
        return int(winery.post("/exchange", {"coins": "50"}).status_code)

    for _round in range(3):
        buying = partial(house.buy, li, wine, coins=50 * YUAN)
        works: list[Callable[[], object]] = [exchange, buying, exchange]
        first, bought, second = at_once(works)
        assert isinstance(bought, Purchase)
        assert house.merchant_account().coins >= holds.held_coins(house.partner)
        assert 409 in {first, second}
        house.pay(bought)
    house.check()


def test_a_purchase_closes_though_the_merchant_has_spent_its_coins(house: House) -> None:
    li = house.member()
    purchase = waiting(house, li)
    spend(house, 20)
    later = timezone.now() + LATER
    tally = chores.run(house.programme, later)
    assert (tally.expired, tally.refunded, tally.waiting) == (1, 0, 1)
    assert house.order(purchase).status == "closed"
    due = CoinRefund.objects.get(order__purchase=purchase)
    assert (due.coins, due.waits_for, due.done_at) == (20 * YUAN, "coins_short", None)
    assert house.account(li).coins == 0
    # What comes in next is held for whom it is due to.
    wang = house.member()
    house.endow(wang, coins=20)
    house.buy(wang, house.good("20.00"), coins=ALL)
    winery = Staffed(house, house.partner)
    assert winery.refused("/exchange", {"coins": "1"}) == "coins_held"
    tally = chores.run(house.programme, later)
    assert (tally.refunded, tally.waiting) == (1, 0)
    assert house.account(li).coins == 20 * YUAN
    assert chores.run(house.programme, later).refunded == 0
    assert house.account(li).coins == 20 * YUAN
    house.check()


def test_it_can_be_cancelled_too_and_is_told(house: House) -> None:
    li = house.member()
    purchase = waiting(house, li)
    spend(house, 20)
    assert payments.cancel(li, purchase.pk).state == Purchase.State.CLOSED
    assert holds.held_coins(house.partner) == 20 * YUAN
    # Its member is told, and whoever looks after the programme.
    assert orders.coins_due(house.order(purchase)) == 20 * YUAN
    support = Worker().granted(house.programme, "support").at_work(house.programme)
    told = support.text()
    assert "20.00 coins are due to members" in told
    assert house.partner.name in told
    wang = house.member()
    house.endow(wang, coins=20)
    house.buy(wang, house.good("20.00"), coins=ALL)
    assert chores.run(house.programme).refunded == 1
    assert orders.coins_due(house.order(purchase)) == 0
    assert "coins are due" not in support.text()
    house.check()


def test_cash_goes_back_though_the_coins_cannot(house: House) -> None:
    li = house.member()
    purchase = waiting(house, li)
    spend(house, 20)
    house.tell(cmd.AnnounceEnd(now_us(), house.head().day + 40, 2))
    assert house.pay(purchase).state == Purchase.State.CLOSED
    purchase.refresh_from_db()
    assert purchase.problem == "end_announced"
    assert house.given_back(purchase) == 80 * YUAN
    assert CoinRefund.objects.filter(order__purchase=purchase, done_at=None).count() == 1
    house.check()


def test_coins_that_are_due_go_back_once_however_many_try(house: House) -> None:
    li = house.member()
    purchase = waiting(house, li)
    spend(house, 20)
    payments.cancel(li, purchase.pk)
    wang = house.member()
    house.endow(wang, coins=60)
    house.buy(wang, house.good("60.00"), coins=ALL)
    at_once([partial(chores.run, house.programme) for _worker in range(4)])
    assert house.account(li).coins == 20 * YUAN
    assert house.merchant_account().coins == 40 * YUAN
    house.check()


def test_a_return_does_not_give_back_what_is_held_for_another(house: House) -> None:
    """A merchant that has spent its coins would else pay its friend with a customer's."""
    friend, li = house.member(), house.member()
    house.endow(friend, coins=100)
    sold = house.order(house.buy(friend, house.good("100.00"), coins=ALL))
    winery = Staffed(house, house.partner)
    winery.done("/exchange", {"coins": "100"})
    purchase = waiting(house, li)
    returned = returns.ask(friend, sold.number, {sold.lines.get().pk: 1})
    taken = returns.accept(returned, house.user(), "")
    assert (taken.state, taken.waits_for) == ("accepted", "coins_short")
    assert (house.merchant_account().coins, house.account(friend).coins) == (20 * YUAN, 0)
    payments.cancel(li, purchase.pk)
    assert house.account(li).coins == 20 * YUAN
    assert not CoinRefund.objects.filter(done_at=None, order__purchase=purchase).exists()
    house.check()
