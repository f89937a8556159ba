"""A27: paid with coins, points or a coupon, asked back in cash: each goes back as it came."""

from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shareback.mall import returns
from shareback.mall.apportioning import paid
from shareback.mall.models import Return
from shareback.mall.oscar.order.models import Order
from shareback.mall.tender import ALL
from tests.backends.house import YUAN, House
from tests.mall.test_offers import offer

POINT = 10**8


class Bought(NamedTuple):
    """What somebody has bought, and how it is sent back.

    Attributes:
        fen: The price of a piece.
        quantity: Pieces.
        coins: Yuan of coins that the member has.
        points: Yuan's worth of points.
        parts: How many pieces each return asks for; the last takes the rest.
    """

    fen: int
    quantity: int
    coins: int
    points: int
    parts: list[int]


BOUGHT = st.builds(
    Bought,
    fen=st.integers(1, 30_000),
    quantity=st.integers(1, 7),
    coins=st.integers(0, 60),
    points=st.integers(0, 60),
    parts=st.lists(st.integers(1, 4), max_size=4),
)


def pieces_of(bought: Bought) -> list[int]:
    """How many pieces each return takes."""
    left, taken = bought.quantity, []
    for part in bought.parts:
        if left > 0:
            taken.append(min(part, left))
            left -= taken[-1]
    return [*taken, left] if left > 0 else taken


def given_back(order: Order) -> tuple[int, int, int]:
    """What has gone back so far, in cash, coins and µ¥ of points."""
    done = order.returns.filter(state=Return.State.DONE)
    rows = list(done.values_list("cash_uyuan", "coins", "points_uyuan"))
    return sum(row[0] for row in rows), sum(row[1] for row in rows), sum(row[2] for row in rows)


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(bought=BOUGHT)
def test_what_comes_back_never_exceeds_what_each_instrument_paid(
    house: House, bought: Bought
) -> None:
    li = house.member()
    good = house.good(f"{bought.fen / 100:.2f}", stock=bought.quantity)
    house.endow(li, points_yuan=bought.points, coins=bought.coins)
    purchase = house.buy(li, good, bought.quantity, coins=ALL, points=ALL)
    if purchase.cash_uyuan > 0:
        house.pay(purchase)
    order = house.order(purchase)
    line = order.lines.get()
    for pieces in pieces_of(bought):
        asked = returns.ask(li, order.number, {line.pk: pieces})
        assert returns.accept(asked, house.user()).state == Return.State.DONE
        back = given_back(order)
        assert back[0] <= order.cash_uyuan
        assert back[1] <= order.coins
        assert back[2] <= order.points_uyuan
    order.refresh_from_db()
    assert order.status == "refunded"
    assert given_back(order) == (order.cash_uyuan, order.coins, order.points_uyuan)
    assert paid(order).sum == order.total_incl_tax * YUAN
    if purchase.cash_uyuan > 0:
        assert house.given_back(purchase) == purchase.cash_uyuan
    assert house.merchant_account().coins == house.merchant_account().payable == 0


def test_the_shop_and_the_journal_agree_on_every_instrument(house: House) -> None:
    li, wine = house.member(), house.good("33.00", stock=30)
    offer(house, "满减", "1.00")
    house.endow(li, points_yuan=150, coins=100)
    for quantity in (1, 2, 3, 4):
        house.pay(house.buy(li, wine, quantity, coins=10 * YUAN, points=10 * POINT))
    for order in Order.objects.filter(programme_id=house.programme):
        asked = returns.ask(li, order.number, {order.lines.get().pk: 1})
        returns.accept(asked, house.user())
    orders = Order.objects.filter(programme_id=house.programme)
    back = [given_back(order) for order in orders]
    merchant = house.merchant_account()
    assert merchant.coins == sum(one.coins for one in orders) - sum(one[1] for one in back)
    assert merchant.payable == sum(one.points_uyuan for one in orders) - sum(one[2] for one in back)
    net = sum(one.cash_uyuan for one in orders) - sum(one[0] for one in back)
    # Each order contributes by itself, rounded down.
    assert 0 <= net * 30 // 100 - house.head().order_escrow <= len(back)
    house.check()


def test_a_coupon_comes_back_as_nothing(house: House) -> None:
    offer(house, "满减", "60.00")
    li, wine = house.member(), house.good("100.00")
    order = house.bought(li, wine)
    asked = returns.ask(li, order.number, {order.lines.get().pk: 1})
    done = returns.accept(asked, house.user())
    assert (done.cash_uyuan, done.coins, done.points_uyuan) == (40 * YUAN, 0, 0)
