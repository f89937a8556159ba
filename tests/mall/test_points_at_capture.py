"""Points beside cash: promised when an order is placed, and taken when it is paid (R2, A66)."""

from functools import partial

import pytest
from django.utils import timezone

from shareback.engine import commands as cmd
from shareback.journal.models import Order as Journaled
from shareback.mall import payments, returns
from shareback.mall.engines import now_us
from shareback.mall.models import CashRefund, Membership, Purchase
from shareback.mall.tender import ALL, promised_by, wallet_of
from tests.backends.house import YUAN, House, Opens
from tests.mall.racing import at_once
from tests.shop.callers import Caller

POINT = 10**8


def sell(house: House, li: Membership, points: int) -> None:
    """Sell points back to the programme."""
    house.tell(cmd.RedeemPoints(now_us(), li.member_id, points))


def test_placing_and_giving_up_uses_up_nothing_of_the_cap(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    house.endow(li, points_yuan=32)
    before, owned = house.head(), house.account(li)
    for _round in range(3):
        purchase = house.buy(li, wine, points=30 * POINT)
        assert promised_by(li) == (30 * POINT, 30 * YUAN)
        payments.cancel(li, purchase.pk)
    after = house.head()
    assert (after.issued, after.supply, after.burned) == (
        before.issued,
        before.supply,
        before.burned,
    )
    assert (house.account(li).points, house.account(li).used) == (owned.points, owned.used)
    assert promised_by(li) == (0, 0)
    house.check()


def test_they_are_taken_when_the_cash_is_there(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    house.endow(li, points_yuan=32)
    purchase = house.buy(li, wine, points=30 * POINT)
    assert (house.account(li).points, house.merchant_account().payable) == (32 * POINT, 0)
    house.pay(purchase)
    order = house.order(purchase)
    assert (order.points, order.points_uyuan, order.cash_uyuan) == (
        30 * POINT,
        30 * YUAN,
        70 * YUAN,
    )
    assert (house.account(li).points, house.merchant_account().payable) == (2 * POINT, 30 * YUAN)
    assert promised_by(li) == (0, 0)
    house.check()


def test_several_orders_of_one_purchase_take_theirs_together(house: House) -> None:
    li, tea = house.member(), house.merchant("茶庄")
    house.endow(li, points_yuan=62)
    house.put(li, house.good("30.00"))
    house.put(li, house.good("100.00", partner=tea))
    purchase = house.buy(li, points=60 * POINT)
    assert purchase.cash_uyuan == 70 * YUAN
    assert house.account(li).points == 62 * POINT
    house.pay(purchase)
    paid = purchase.orders.order_by("pk").values_list("points_uyuan", "cash_uyuan", "status")
    assert list(paid) == [(30 * YUAN, 0, "paid"), (30 * YUAN, 70 * YUAN, "paid")]
    assert house.account(li).points == 2 * POINT
    house.check()


def test_without_cash_they_are_taken_at_once(house: House) -> None:
    li, wine = house.member(), house.good("30.00")
    other = house.good("30.00", partner=house.merchant("茶庄"))
    house.endow(li, points_yuan=70)
    house.put(li, wine)
    house.put(li, other)
    purchase = house.buy(li, points=ALL)
    assert purchase.state == Purchase.State.PAID
    assert house.account(li).points == 10 * POINT
    house.check()


def test_two_purchases_do_not_promise_the_same_points(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    house.endow(li, points_yuan=42)
    first = house.buy(li, wine, points=30 * POINT)
    second = house.buy(li, wine, points=ALL)
    assert (first.cash_uyuan, second.cash_uyuan) == (70 * YUAN, 88 * YUAN)
    assert (wallet_of(li).promised, wallet_of(li).points) == (42 * POINT, 42 * POINT)
    house.pay(second)
    house.pay(first)
    assert {one.state for one in Purchase.objects.filter(membership=li)} == {"paid"}
    assert house.account(li).points == 0
    house.check()


def test_purchases_that_start_together_promise_no_point_twice(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    house.endow(li, points_yuan=60)
    came = at_once([partial(house.buy, li, wine, points=40 * POINT) for _buy in range(4)])
    assert all(isinstance(one, Purchase) for one in came)
    points, worth = promised_by(li)
    assert (points, worth) == (60 * POINT, 60 * YUAN)


def test_points_that_were_used_otherwise_send_all_back(house: House) -> None:
    caller = Caller.member(house)
    li, wine = caller.membership, house.good("100.00", stock=1, kind="digital")
    house.endow(li, points_yuan=32, coins=20)
    purchase = house.buy(li, wine, coins=ALL, points=30 * POINT)
    sell(house, li, 20 * POINT)
    assert house.pay(purchase).state == Purchase.State.CLOSED
    assert house.given_back(purchase) == 50 * YUAN
    assert (house.account(li).coins, house.account(li).points) == (20 * YUAN, 12 * POINT)
    assert (house.merchant_account().coins, house.merchant_account().payable) == (0, 0)
    assert wine.stockrecords.get().net_stock_level == 1
    told = caller.told(f"/purchases/{purchase.pk}")
    assert (told["state"], told["problem"]["code"]) == ("closed", "points_gone")
    assert "Everything that was paid goes back" in told["problem"]["detail"]
    house.check()


def test_points_that_went_with_an_exit_send_all_back(new_house: Opens) -> None:
    house = new_house(redemption_fee="0.10")
    li, wang, wine = house.member(), house.member(), house.good("100.00")
    house.endow(li, points_yuan=40)
    house.endow(wang, points_yuan=400)
    purchase = house.buy(li, wine, points=30 * POINT)
    # The fee of so many makes li's points worth their quota: they exit by themselves (R5.3).
    sell(house, wang, 400 * POINT)
    assert house.account(li).points == 0
    assert house.pay(purchase).state == Purchase.State.CLOSED
    purchase.refresh_from_db()
    assert purchase.problem == "points_gone"
    assert house.given_back(purchase) == 70 * YUAN
    house.check()


def test_what_would_stay_as_dust_pays_of_the_cash(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    house.endow(li, points_yuan=32)
    purchase = house.buy(li, wine, points=30 * POINT)
    sell(house, li, POINT + POINT // 2)
    house.pay(purchase)
    order = house.order(purchase)
    # The fee of what was sold has lifted the price of the rest.
    assert (house.account(li).points, order.points) == (0, 30 * POINT + POINT // 2)
    over = order.points_uyuan // 10_000 * 10_000 - 30 * YUAN
    assert 500_000 <= over < YUAN
    assert order.cash_uyuan == 70 * YUAN - over
    assert house.given_back(purchase) == over
    assert CashRefund.objects.get(payment__purchase=purchase).order == order
    row = Journaled.objects.get(programme_id=house.programme, order_id=order.number)
    assert row.paid == order.cash_uyuan
    # A return brings back what was paid, and not more.
    asked = returns.ask(li, order.number, {order.lines.get().pk: 1})
    done = returns.accept(asked, house.user())
    assert (done.state, done.cash_uyuan) == ("done", order.cash_uyuan)
    house.check()


def test_a_price_that_rose_takes_fewer(new_house: Opens) -> None:
    house = new_house(redemption_fee="0.10")
    li, wang, wine = house.member(), house.member(), house.good("100.00")
    house.endow(li, points_yuan=100)
    house.endow(wang, points_yuan=100)
    purchase = house.buy(li, wine, points=30 * POINT)
    promised = house.order(purchase).points
    sell(house, wang, 50 * POINT)
    house.pay(purchase)
    order = house.order(purchase)
    assert 0 < order.points < promised
    assert 30 * YUAN <= order.points_uyuan < 30 * YUAN + 10_000
    assert order.cash_uyuan == 70 * YUAN
    house.check()


@pytest.mark.parametrize("paid", [True, False])
def test_a_member_begins_five_purchases_at_most(house: House, paid: bool) -> None:  # noqa: FBT001
    li, wine = house.member(), house.good("10.00", stock=50)
    came = at_once([partial(house.buy, li, wine) for _buy in range(8)])
    begun = [one for one in came if isinstance(one, Purchase)]
    assert len(begun) == 5
    assert came.count("too_many_unpaid") == 3
    assert wine.stockrecords.get().net_stock_level == 45
    # One that a key has made already is still answered.
    again = Purchase.objects.get(pk=begun[0].pk)
    assert house.buy(li, wine, key=again.key).pk == again.pk
    if paid:
        house.pay(begun[0])
    else:
        payments.cancel(li, begun[0].pk)
    assert house.buy(li, wine).expires_at > timezone.now()
