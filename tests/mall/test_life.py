"""The life of an order for each kind of goods and each mix of instruments."""

from datetime import timedelta
from typing import NamedTuple

import pytest
from django.utils import timezone

from shareback.engine import commands as cmd
from shareback.gateways.payments import builtin
from shareback.gateways.payments.models import PlayPayment
from shareback.journal.models import Order as Journaled
from shareback.mall import baskets, chores, debiting, orders, payments, vouchers
from shareback.mall.engines import now_us
from shareback.mall.faults import CannotBe
from shareback.mall.models import CashPayment, GoodsVoucher, Membership, Purchase
from shareback.mall.orders import earned
from shareback.mall.oscar.catalogue.models import Product
from shareback.mall.oscar.order.models import Order
from shareback.mall.tender import ALL
from tests.backends.house import YUAN, House, Opens
from tests.mall.test_offers import coupon

POINT = 10**8


class Mix(NamedTuple):
    """What a member has of coins and points in yuan, and what each pays of ¥100."""

    coins: int
    points: int
    cash: int


MIXES = {
    "cash": Mix(0, 0, 100),
    "coins": Mix(100, 0, 0),
    "points": Mix(0, 100, 0),
    "coins and cash": Mix(40, 0, 60),
    "points and cash": Mix(0, 40, 60),
    "coins and points": Mix(30, 70, 0),
    "all three": Mix(30, 40, 30),
}
"""How ¥100 is paid."""

KINDS = (Product.Kind.SHIPPED, Product.Kind.DIGITAL, Product.Kind.VOUCHER)


@pytest.mark.parametrize("mix", MIXES.values(), ids=MIXES.keys())
@pytest.mark.parametrize("kind", KINDS)
def test_an_order_lives_from_basket_to_what_it_earned(house: House, mix: Mix, kind: str) -> None:
    li, good = house.member(), house.good("100.00", stock=3, kind=kind)
    # Two yuan more, so that a yuan's worth stays.
    house.endow(li, points_yuan=mix.points and mix.points + 2, coins=mix.coins)
    house.put(li, good)
    purchase = house.buy(li, coins=ALL if mix.coins else 0, points=mix.points * POINT)
    order = house.order(purchase)
    assert order.coins == mix.coins * YUAN
    assert order.cash_uyuan == mix.cash * YUAN
    assert mix.points * YUAN <= order.points_uyuan < mix.points * YUAN + 10_000
    if mix.cash:
        assert order.status == "awaiting_payment"
        house.pay(purchase)
    order = house.order(purchase)
    assert order.status == ("received" if kind == Product.Kind.DIGITAL else "paid")
    assert house.merchant_account().coins == mix.coins * YUAN
    assert house.merchant_account().payable == order.points_uyuan
    arrive(house, order, li, kind)
    order = house.order(purchase)
    assert order.status == "received"
    found = earned(house.programme, [order])[order.number]
    assert found.state == ("matured" if mix.cash else "none")
    assert found.worth == mix.cash * YUAN * 21 // 100
    good.refresh_from_db()
    record = good.stockrecords.get()
    assert (good.sold, record.num_in_stock, record.num_allocated) == (1, 2, 0)
    house.check()


def arrive(house: House, order: Order, li: Membership, kind: str) -> None:
    """Let an order reach its buyer, in the way of its kind."""
    number = order.number
    if kind == Product.Kind.SHIPPED:
        orders.ship(house.partner, number, "顺丰", "SF1")
        orders.receive(li, number)
    elif kind == Product.Kind.VOUCHER:
        voucher = GoodsVoucher.objects.get(line__order__number=number)
        vouchers.redeem(house.partner, voucher.code, house.user())


def test_only_cash_is_told_to_the_journal(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    house.endow(li, coins=40)
    order = house.order(house.pay(house.buy(li, wine, coins=ALL)))
    row = Journaled.objects.get(programme_id=house.programme, order_id=order.number)
    assert row.paid == 60 * YUAN
    assert row.profit == 30 * YUAN


def test_the_merchants_own_concession_is_the_profit_even_if_it_changes_later(house: House) -> None:
    tea = house.merchant("茶庄", concession_ppm=600_000)
    li, leaf = house.member(), house.good("100.00", partner=tea)
    purchase = house.buy(li, leaf)
    tea.concession_ppm = 900_000
    tea.save()
    order = house.order(house.pay(purchase))
    row = Journaled.objects.get(programme_id=house.programme, order_id=order.number)
    assert row.profit == 60 * YUAN


def test_a_basket_becomes_an_order_for_each_merchant_rate_and_kind(new_house: Opens) -> None:
    house = new_house(backing_by_category={"green": "0.40"})
    other = house.merchant("茶庄")
    li = house.member()
    for fields in (
        {},
        {"backing_category": "green"},
        {"kind": "digital"},
        {"kind": "voucher"},
        {"kind": "voucher"},
        {"partner": other},
    ):
        house.put(li, house.good("10.00", **fields))
    house.put(li, house.good("10.00"))
    purchase = house.pay(house.buy(li))
    placed = purchase.orders.order_by("pk")
    found = [(one.partner_id, one.backing_category, one.kind, one.lines.count()) for one in placed]
    here, there = house.partner.pk, other.pk
    assert found == [
        (here, "", "shipped", 2),
        (here, "green", "shipped", 1),
        (here, "", "digital", 1),
        (here, "", "voucher", 1),
        (here, "", "voucher", 1),
        (there, "", "shipped", 1),
    ]
    rows = Journaled.objects.filter(programme_id=house.programme).order_by("number")
    assert [row.backing for row in rows] == [300_000, 400_000, *[300_000] * 4]
    house.check()


def test_only_what_is_chosen_is_bought(house: House) -> None:
    li, wine, glass = house.member(), house.good("100.00"), house.good("20.00")
    house.put(li, wine)
    house.put(li, glass, 2)
    (group,) = baskets.basket_groups(li)
    baskets.change(li, group.lines[0].line.pk, chosen=False)
    purchase = house.buy(li)
    assert purchase.cash_uyuan == 40 * YUAN
    (group,) = baskets.basket_groups(li)
    assert [one.good.pk for one in group.lines] == [wine.pk]


def test_what_is_not_paid_in_time_gives_everything_back(house: House) -> None:
    li, wine = house.member(), house.good("100.00", stock=1)
    house.endow(li, points_yuan=32, coins=20)
    before = house.account(li)
    purchase = house.buy(li, wine, coins=ALL, points=30 * POINT)
    assert house.account(li).coins == 0
    assert wine.stockrecords.get().net_stock_level == 0
    assert chores.run(house.programme).expired == 0
    later = timezone.now() + timedelta(minutes=31)
    assert chores.run(house.programme, later).expired == 1
    assert chores.run(house.programme, later).expired == 0
    after = house.account(li)
    assert (after.points, after.coins, after.used) == (before.points, before.coins, before.used)
    assert house.order(purchase).status == "closed"
    assert wine.stockrecords.get().net_stock_level == 1
    assert Purchase.objects.get(pk=purchase.pk).state == Purchase.State.CLOSED
    house.check()


def test_a_purchase_that_is_cancelled_gives_everything_back_once(house: House) -> None:
    li, wine = house.member(), house.good("100.00", stock=1)
    house.endow(li, coins=20)
    purchase = house.buy(li, wine, coins=ALL)
    assert payments.cancel(li, purchase.pk).state == Purchase.State.CLOSED
    assert payments.cancel(li, purchase.pk).state == Purchase.State.CLOSED
    assert house.account(li).coins == 20 * YUAN
    assert payments.start(Purchase.objects.get(pk=purchase.pk)).startswith("/m/")
    house.check()


def test_what_is_paid_cannot_be_cancelled(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    purchase = house.pay(house.buy(li, wine))
    with pytest.raises(CannotBe, match="already_paid"):
        payments.cancel(li, purchase.pk)


def test_a_cancellation_that_comes_after_the_payment_finds_it(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    purchase = house.buy(li, wine)
    payments.start(purchase)
    # Its notice is lost.
    builtin.pay(CashPayment.objects.get(purchase=purchase).reference)
    with pytest.raises(CannotBe, match="already_paid"):
        payments.cancel(li, purchase.pk)
    assert house.order(purchase).status == "paid"


def test_a_lost_notice_is_made_up_for_by_a_look(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    purchase = house.buy(li, wine)
    payments.start(purchase)
    builtin.pay(CashPayment.objects.get(purchase=purchase).reference)
    assert payments.purchase_of(li, purchase.pk).state == Purchase.State.PAID


def test_money_that_comes_too_late_goes_back(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    purchase = house.buy(li, wine)
    payments.start(purchase)
    payments.cancel(li, purchase.pk)
    # The gateway took the money at the very moment at which it was told to close.
    PlayPayment.objects.update(state=PlayPayment.State.OPEN)
    house.pay(purchase)
    assert house.order(purchase).status == "closed"
    assert house.given_back(purchase) == 100 * YUAN
    house.check()


def test_money_that_the_engine_refuses_goes_back(house: House) -> None:
    li, wine = house.member(), house.good("100.00", stock=1)
    house.endow(li, coins=20)
    purchase = house.buy(li, wine, coins=ALL)
    house.tell(cmd.AnnounceEnd(now_us(), house.head().day + 40, 2))
    assert house.pay(purchase).state == Purchase.State.CLOSED
    assert house.given_back(purchase) == 80 * YUAN
    assert house.account(li).coins == 20 * YUAN
    assert wine.stockrecords.get().net_stock_level == 1
    house.check()


def test_a_parcel_that_nobody_confirms_counts_as_received(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    order = house.bought(li, wine)
    orders.ship(house.partner, order.number, "顺丰", "SF1")
    now = timezone.now()
    assert chores.run(house.programme, now + timedelta(days=9)).received == 0
    assert chores.run(house.programme, now + timedelta(days=10, minutes=1)).received == 1
    assert chores.run(house.programme, now + timedelta(days=10, minutes=1)).received == 0
    assert house.account(li).points == 21 * POINT
    house.check()


def test_receipt_is_confirmed_once(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    order = house.bought(li, wine)
    with pytest.raises(CannotBe, match="not_shipped"):
        orders.receive(li, order.number)
    orders.ship(house.partner, order.number, "顺丰", "SF1")
    orders.receive(li, order.number)
    assert orders.receive(li, order.number).status == "received"
    with pytest.raises(CannotBe, match="not_to_ship"):
        orders.ship(house.partner, order.number, "顺丰", "SF1")


def test_another_member_cannot_confirm_receipt_and_another_merchant_not_ship(house: House) -> None:
    li, wang, wine = house.member(), house.member(), house.good("100.00")
    order = house.bought(li, wine)
    with pytest.raises(CannotBe, match="order_gone"):
        orders.ship(house.merchant("茶庄"), order.number, "顺丰", "SF1")
    orders.ship(house.partner, order.number, "顺丰", "SF1")
    with pytest.raises(CannotBe, match="order_gone"):
        orders.receive(wang, order.number)


def test_order_numbers_are_the_journals_and_differ(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    numbers = {house.bought(li, wine).number for _order in range(3)}
    assert len(numbers) == 3
    assert all(number.isdecimal() and len(number) == 16 for number in numbers)
    ids = Journaled.objects.filter(programme_id=house.programme)
    assert set(ids.values_list("order_id", flat=True)) == numbers


def test_what_offers_take_off_the_whole_price_is_paid_with_nothing(house: House) -> None:

    li, wine = house.member(), house.good("100.00")
    coupon(house, "FREE", "100.00")
    house.put(li, wine)
    baskets.add_coupon(li, "free")
    purchase = house.buy(li)
    assert purchase.state == Purchase.State.PAID
    order = house.order(purchase)
    assert (order.status, order.cash_uyuan) == ("paid", 0)
    orders.ship(house.partner, order.number, "顺丰", "SF1")
    assert orders.receive(li, order.number).status == "received"
    assert house.account(li).points == 0
    house.check()


def test_ids_of_payments_in_the_journal_are_the_orders(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    order = house.bought(li, wine)
    assert debiting.coins_id(order) == f"{order.number}:coins"
    assert debiting.points_id(order) == f"{order.number}:points"
