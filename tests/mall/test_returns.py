"""Returns before and after maturity, of all and of parts, each instrument its own way back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from shareback.engine import commands as cmd
from shareback.gateways.payments.builtin import BuiltinGateway
from shareback.gateways.payments.interface import GatewayUnreachable
from shareback.journal.models import Order as Journaled
from shareback.mall import chores, orders, returns, vouchers
from shareback.mall.engines import now_us
from shareback.mall.faults import CannotBe
from shareback.mall.local import day_of
from shareback.mall.models import CashRefund, GoodsVoucher, Membership, Return
from shareback.mall.oscar.order.models import Order
from shareback.mall.tender import ALL
from tests.backends.house import YUAN, House, Opens
from tests.mall.test_offers import offer

POINT = 10**8


def line_of(order: Order) -> Any:
    """The only line of an order."""
    return order.lines.get()


def came(house: House, li: Membership, order: Order, pieces: int) -> Return:
    """A return of so many pieces, asked for and accepted."""
    asked = returns.ask(li, order.number, {line_of(order).pk: pieces}, "broken")
    return returns.accept(asked, house.user(), "sorry")


def delivered(house: House, li: Membership, order: Order) -> Order:
    """An order that was shipped and received."""
    orders.ship(house.partner, order.number, "顺丰", "SF1")
    return orders.receive(li, order.number)


def test_before_it_is_shipped_all_of_it_goes_back(house: House) -> None:
    li, wine = house.member(), house.good("100.00", stock=2)
    order = house.bought(li, wine, 2)
    done = came(house, li, order, 2)
    assert (done.state, done.cash_uyuan, done.late) == ("done", 200 * YUAN, False)
    order.refresh_from_db()
    assert order.status == "refunded"
    assert house.given_back(order.purchase) == 200 * YUAN
    wine.refresh_from_db()
    assert (wine.sold, wine.stockrecords.get().num_in_stock) == (0, 2)
    assert house.head().order_escrow == 0
    house.check()


def test_a_part_goes_back_and_the_rest_matures(house: House) -> None:
    li, wine = house.member(), house.good("100.00", stock=4)
    order = house.bought(li, wine, 4)
    done = came(house, li, order, 1)
    assert done.cash_uyuan == 100 * YUAN
    order.refresh_from_db()
    assert order.status == "paid"
    delivered(house, li, order)
    assert house.account(li).points == 63 * POINT
    house.check()


def test_after_maturity_the_treasury_bears_it_and_points_are_taken_back(house: House) -> None:
    house.tell(cmd.FundTreasury(now_us(), 1_000 * YUAN))
    li, wine = house.member(), house.good("100.00")
    order = delivered(house, li, house.bought(li, wine))
    assert house.account(li).points == 21 * POINT
    done = came(house, li, order, 1)
    assert (done.state, done.late, done.kept_uyuan) == ("done", True, 0)
    assert house.account(li).points == 0
    assert house.given_back(order.purchase) == 100 * YUAN
    house.check()


def test_what_the_member_owes_stays_here(house: House) -> None:
    house.tell(cmd.FundTreasury(now_us(), 1_000 * YUAN))
    li, wine = house.member(), house.good("100.00")
    order = delivered(house, li, house.bought(li, wine))
    # The points are gone: their worth is owed, out of this refund.
    house.tell(cmd.ConvertPoints(now_us(), li.member_id, 21 * POINT))
    done = came(house, li, order, 1)
    assert done.kept_uyuan == 30 * YUAN
    assert house.given_back(order.purchase) == 70 * YUAN
    house.check()


def test_a_late_one_waits_for_the_treasury(house: House) -> None:
    li, wang, wine = house.member(), house.member(), house.good("100.00")
    delivered(house, wang, house.bought(wang, wine))
    # Fewer points at a higher price: they do not make up for the contribution.
    order = delivered(house, li, house.bought(li, wine))
    waiting = came(house, li, order, 1)
    assert (waiting.state, waiting.waits_for) == ("accepted", "treasury_short")
    assert house.given_back(order.purchase) == 0
    assert chores.run(house.programme).waiting == 0
    assert Return.objects.get(pk=waiting.pk).state == "accepted"
    house.tell(cmd.FundTreasury(now_us(), 1_000 * YUAN))
    assert chores.run(house.programme).returned == 1
    assert Return.objects.get(pk=waiting.pk).state == "done"
    assert house.given_back(order.purchase) == 100 * YUAN
    house.check()


def test_a_large_late_one_needs_two_approvers(new_house: Opens) -> None:
    house = new_house(late_refund_limit="150")
    house.tell(cmd.FundTreasury(now_us(), 1_000 * YUAN))
    li, wine = house.member(), house.good("100.00")
    order = delivered(house, li, house.bought(li, wine, 2))
    waiting = came(house, li, order, 2)
    assert (waiting.state, waiting.waits_for) == ("accepted", "needs_two_approvers")
    assert chores.run(house.programme).returned == 0
    assert returns.execute(waiting, approvals=1).waits_for == "needs_two_approvers"
    assert list(returns.waiting(house.programme)) == [waiting]
    done = returns.execute(waiting, approvals=2)
    assert (done.state, done.approvals, done.waits_for) == ("done", 2, "")
    assert returns.execute(waiting, approvals=2).state == "done"
    assert house.given_back(order.purchase) == 200 * YUAN
    assert CashRefund.objects.filter(order=order).count() == 1
    house.check()


def test_approvals_stay_where_the_treasury_is_short_too(new_house: Opens) -> None:
    house = new_house(late_refund_limit="150")
    li, wang, wine = house.member(), house.member(), house.good("100.00")
    delivered(house, wang, house.bought(wang, wine))
    order = delivered(house, li, house.bought(li, wine, 2))
    waiting = came(house, li, order, 2)
    assert returns.execute(waiting, approvals=2).waits_for == "treasury_short"
    house.tell(cmd.FundTreasury(now_us(), 1_000 * YUAN))
    assert chores.run(house.programme).returned == 1
    house.check()


def test_coins_wait_until_the_merchant_has_them(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    house.endow(li, coins=100)
    order = house.order(house.buy(li, wine, coins=ALL))
    house.tell(cmd.ExchangeCoins(now_us(), house.partner.merchant_id, 100 * YUAN))
    waiting = came(house, li, order, 1)
    assert (waiting.state, waiting.waits_for) == ("accepted", "coins_short")
    order.refresh_from_db()
    assert order.status == "paid"
    wang = house.member()
    house.endow(wang, coins=100)
    house.buy(wang, wine, coins=ALL)
    assert chores.run(house.programme).returned == 1
    assert house.account(li).coins == 100 * YUAN
    house.check()


def test_each_instrument_gives_its_share_whatever_the_parts(house: House) -> None:
    li, wine = house.member(), house.good("33.33", stock=3)
    offer(house, "满减", "0.01")
    house.endow(li, points_yuan=40, coins=33)
    coins_before, points_before = house.account(li).coins, house.account(li).points
    order = house.order(house.pay(house.buy(li, wine, 3, coins=ALL, points=30 * POINT)))
    for _piece in range(3):
        came(house, li, order, 1)
        order.refresh_from_db()
    assert order.status == "refunded"
    found = list(order.returns.all())
    assert sum(one.cash_uyuan for one in found) == order.cash_uyuan
    assert sum(one.coins for one in found) == order.coins
    assert sum(one.points_uyuan for one in found) == order.points_uyuan
    assert house.given_back(order.purchase) == order.cash_uyuan
    assert house.account(li).coins == coins_before
    # A unit may be rounded away each time points come back.
    assert points_before - 3 <= house.account(li).points <= points_before
    assert house.merchant_account().coins == house.merchant_account().payable == 0
    house.check()


def test_offers_are_not_given_back(house: House) -> None:
    offer(house, "满减", "50.00")
    li, wine = house.member(), house.good("100.00")
    order = house.bought(li, wine, 2)
    assert order.total_incl_tax == Decimal("150.00")
    assert came(house, li, order, 1).cash_uyuan == 75 * YUAN
    assert came(house, li, order, 1).cash_uyuan == 75 * YUAN


def test_digital_goods_can_be_returned(house: House) -> None:
    li, card = house.member(), house.good("100.00", kind="digital")
    house.tell(cmd.FundTreasury(now_us(), 1_000 * YUAN))
    order = house.bought(li, card)
    assert order.status == "received"
    assert came(house, li, order, 1).late
    house.check()


def test_a_refused_return_leaves_everything_as_it_is(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    order = house.bought(li, wine)
    asked = returns.ask(li, order.number, {line_of(order).pk: 1})
    refused = returns.refuse(asked, house.user(), "no")
    assert (refused.state, refused.answer, refused.cash_uyuan) == ("refused", "no", 0)
    with pytest.raises(CannotBe, match="return_decided"):
        returns.accept(asked, house.user())
    # Another one may be asked for.
    assert came(house, li, order, 1).state == "done"


def test_no_more_can_be_returned_than_was_bought(house: House) -> None:
    li, wine, other = house.member(), house.good("100.00", stock=9), house.good("5.00")
    order = house.bought(li, wine, 2)
    strange = line_of(house.bought(li, other)).pk
    line = line_of(order).pk
    for pieces in ({line: 3}, {line: 0}, {line: -1}, {}, {strange: 1}, {line: 1, strange: 1}):
        with pytest.raises(CannotBe, match="return_too_many"):
            returns.ask(li, order.number, pieces)
    came(house, li, order, 1)
    with pytest.raises(CannotBe, match="return_too_many"):
        returns.ask(li, order.number, {line: 2})
    came(house, li, order, 1)
    with pytest.raises(CannotBe, match="not_returnable"):
        returns.ask(li, order.number, {line: 1})


def test_one_return_at_a_time(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    order = house.bought(li, wine, 2)
    returns.ask(li, order.number, {line_of(order).pk: 1})
    with pytest.raises(CannotBe, match="return_running"):
        returns.ask(li, order.number, {line_of(order).pk: 1})
    with pytest.raises(CannotBe, match="return_running"):
        orders.ship(house.partner, order.number, "顺丰", "SF1")


def test_what_is_not_paid_cannot_be_returned(house: House) -> None:
    li, wine = house.member(), house.good("100.00")
    order = house.order(house.buy(li, wine))
    with pytest.raises(CannotBe, match="not_returnable"):
        returns.ask(li, order.number, {line_of(order).pk: 1})


def test_only_the_buyer_asks_and_only_the_seller_finds_it(house: House) -> None:
    li, wang, wine = house.member(), house.member(), house.good("100.00")
    order = house.bought(li, wine)
    with pytest.raises(CannotBe, match="order_gone"):
        returns.ask(wang, order.number, {line_of(order).pk: 1})
    asked = returns.ask(li, order.number, {line_of(order).pk: 1})
    assert returns.of_partner(house.partner, asked.pk) == asked
    with pytest.raises(CannotBe, match="return_gone"):
        returns.of_partner(house.merchant("茶庄"), asked.pk)


def test_vouchers_are_redeemed_or_returned_never_both(house: House) -> None:
    li, meal = house.member(), house.good("50.00", kind="voucher")
    order = house.bought(li, meal, 3)
    codes = list(GoodsVoucher.objects.filter(line__order=order).values_list("code", flat=True))
    asked = returns.ask(li, order.number, {line_of(order).pk: 2})
    for code in codes[:2]:
        vouchers.redeem(house.partner, code, house.user())
    with pytest.raises(CannotBe, match="return_too_many"):
        returns.accept(asked, house.user())
    returns.refuse(asked, house.user(), "used")
    assert came(house, li, order, 1).cash_uyuan == 50 * YUAN
    with pytest.raises(CannotBe, match="voucher_returned"):
        vouchers.redeem(house.partner, codes[2], house.user())
    # The two that were redeemed are all that is left: the order was received.
    order.refresh_from_db()
    assert order.status == "received"
    row = Journaled.objects.get(programme_id=house.programme, order_id=order.number)
    assert (row.refunded, row.due_day) == (50 * YUAN, house.head().day)
    house.check()


def test_a_voucher_is_redeemed_once_in_its_time_by_its_merchant(house: House) -> None:
    li, meal = house.member(), house.good("50.00", kind="voucher", valid_days=30)
    order = house.bought(li, meal)
    voucher = GoodsVoucher.objects.get(line__order=order)
    with pytest.raises(CannotBe, match="voucher_unknown"):
        vouchers.redeem(house.merchant("茶庄"), voucher.code, house.user())
    typed = f"{voucher.code[:4].lower()} {voucher.code[4:8]}-{voucher.code[8:]}"
    GoodsVoucher.objects.update(valid_until=day_of(house.programme).replace(year=2020))
    with pytest.raises(CannotBe, match="voucher_expired"):
        vouchers.redeem(house.partner, typed, house.user())
    GoodsVoucher.objects.update(valid_until=day_of(house.programme))
    vouchers.redeem(house.partner, typed, house.user())
    with pytest.raises(CannotBe, match="voucher_redeemed"):
        vouchers.redeem(house.partner, voucher.code, house.user())
    order.refresh_from_db()
    assert order.status == "received"


def test_a_refund_that_the_gateway_cannot_make_is_made_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_away(*_asked: object) -> None:
        raise GatewayUnreachable("away")

    li, wine = house.member(), house.good("100.00")
    order = house.bought(li, wine)
    with monkeypatch.context() as away:
        away.setattr(BuiltinGateway, "refund", is_away)
        assert came(house, li, order, 1).state == "done"
        assert house.given_back(order.purchase) == 0
        assert chores.run(house.programme).refunded == 0
    assert chores.run(house.programme).refunded == 1
    assert chores.run(house.programme).refunded == 0
    assert house.given_back(order.purchase) == 100 * YUAN


def test_vouchers_that_nobody_redeemed_in_time_go_back_by_themselves(house: House) -> None:
    li, meal = house.member(), house.good("50.00", kind="voucher", valid_days=30)
    house.endow(li, coins=60)
    order = house.order(house.pay(house.buy(li, meal, 2, coins=ALL)))
    now = timezone.now()
    code = GoodsVoucher.objects.filter(line__order=order).values_list("code", flat=True)[0]
    vouchers.redeem(house.partner, code, house.user())
    assert chores.run(house.programme, now + timedelta(days=30)).lapsed == 0
    assert chores.run(house.programme, now + timedelta(days=31)).lapsed == 1
    assert chores.run(house.programme, now + timedelta(days=31)).lapsed == 0
    assert house.account(li).coins == 30 * YUAN
    assert house.given_back(order.purchase) == 20 * YUAN
    order.refresh_from_db()
    assert order.status == "received"
    house.check()


def test_a_voucher_that_an_accepted_return_waits_for_is_not_redeemed(house: House) -> None:
    li, meal = house.member(), house.good("100.00", stock=3, kind="voucher")
    house.endow(li, coins=300)
    order = house.order(house.buy(li, meal, 3, coins=ALL))
    # The merchant has not the coins that the return is to bring back.
    house.tell(cmd.ExchangeCoins(now_us(), house.partner.merchant_id, 300 * YUAN))
    accepted = came(house, li, order, 2)
    assert (accepted.state, accepted.waits_for) == ("accepted", "coins_short")
    first, second, third = (one.code for one in GoodsVoucher.objects.filter(line__order=order))
    vouchers.redeem(house.partner, first, house.user())
    for code in (second, third):
        with pytest.raises(CannotBe, match="return_running"):
            vouchers.redeem(house.partner, code, house.user())
    wang = house.member()
    house.endow(wang, coins=200)
    house.buy(wang, house.good("200.00"), coins=ALL)
    assert chores.run(house.programme).returned == 1
    assert house.account(li).coins == 200 * YUAN
    order.refresh_from_db()
    assert order.status == "received"
    house.check()
