"""A merchant's trade: orders, returns, vouchers, coins and points, and what it is paid."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shareback.mall import orders, returns
from shareback.mall.models import GoodsVoucher, MerchantStaff
from shareback.mall.opening import appoint
from shareback.mall.oscar.catalogue.models import Product
from tests.backends.house import YUAN, House
from tests.shop.callers import Caller, Staffed

MINUTE = timedelta(minutes=1)


def test_an_order_is_shipped(house: House, winery: Staffed) -> None:
    li, good = house.member(), house.good()
    house.buy(li, good)
    assert winery.told("/orders")["items"] == []
    order = house.bought(li, good, 2)
    assert winery.told("")["to_ship"] == 1
    (card,) = winery.told("/orders?state=paid")["items"]
    assert (card["number"], card["total"], card["lines"][0]["quantity"]) == (
        order.number,
        "200.00",
        2,
    )
    shown = winery.told(f"/orders/{order.number}")
    assert shown["address"]["detail"] == "中山路 1 号"
    assert shown["can"]["ship"]
    assert shown["paid"] == {
        "cash": "200.00",
        "coins": "0",
        "points": "0",
        "points_worth": "0",
    }
    sent = winery.done(f"/orders/{order.number}/ship", {"carrier": "顺丰", "number": "SF 1"})
    assert sent["state"] == "shipped"
    assert sent["parcel"] == {"carrier": "顺丰", "number": "SF 1"}
    assert winery.told("")["to_ship"] == 0
    noodles = Staffed(house, house.merchant("面馆"))
    assert noodles.get(f"/orders/{order.number}").status_code == 404
    parcel = {"carrier": "x", "number": "1"}
    assert noodles.post(f"/orders/{order.number}/ship", parcel).status_code == 404


def test_orders_go_page_by_page(house: House, winery: Staffed) -> None:
    li, good = house.member(), house.good(stock=10)
    made = [house.bought(li, good).number for _each in range(3)]
    first = winery.told("/orders?limit=2")
    second = winery.told(f"/orders?limit=2&after={first['next']}")
    found = [one["number"] for one in first["items"] + second["items"]]
    assert (found, second["next"]) == (made[::-1], None)


def test_a_return_is_taken_or_not(house: House, winery: Staffed) -> None:
    li, good = house.member(), house.good(stock=10)
    taken, kept = (house.bought(li, good) for _each in range(2))
    for order in (taken, kept):
        returns.ask(li, order.number, {order.lines.get().pk: 1}, "不想要了")
    assert winery.told("")["returns_asked"] == 2
    # What the merchant is shown is what was bought, as the buyer is shown it.
    Product.objects.filter(pk=taken.lines.get().product_id).update(title="改名了")
    listed = winery.told("/returns?state=asked")["items"]
    zh = Staffed(house, house.partner, language="zh")
    titles = {
        line["title"] for one in zh.told("/returns?state=asked")["items"] for line in one["lines"]
    }
    assert titles == {taken.lines.get().title}
    by_order = {one["order"]: one["id"] for one in listed}
    done = winery.done(f"/returns/{by_order[taken.number]}/accept", {"answer": "好"})
    assert (done["state"], done["cash"], done["answer"]) == ("done", "100.00", "好")
    refused = winery.done(f"/returns/{by_order[kept.number]}/refuse", {"answer": "已开封"})
    assert refused["state"] == "refused"
    assert winery.refused(f"/returns/{by_order[kept.number]}/accept") == "return_decided"
    noodles = Staffed(house, house.merchant("面馆"))
    assert noodles.post(f"/returns/{by_order[kept.number]}/refuse").status_code == 404
    house.check()


def test_a_merchant_sees_what_a_return_would_bring_back(house: House, winery: Staffed) -> None:
    li, good = house.member(), house.good("30.00")
    house.endow(li, points_yuan=50, coins=20)
    order = house.order(house.pay(house.buy(li, good, 3, coins=10 * YUAN)))
    line = order.lines.get()
    returns.ask(li, order.number, {line.pk: 1})
    (asked,) = winery.told("/returns")["items"]
    assert (asked["state"], asked["late"]) == ("asked", False)
    assert (asked["cash"], asked["coins"], asked["points_worth"]) == ("26.67", "3.33", "0")
    assert winery.told(f"/orders/{order.number}")["returns"] == [asked]
    done = winery.done(f"/returns/{asked['id']}/accept")
    named = ("cash", "coins", "points_worth", "late")
    assert [done[name] for name in named] == [asked[name] for name in named]
    # The next one is of what is left.
    orders.ship(house.partner, order.number, "顺丰", "SF1")
    orders.receive(li, order.number)
    returns.ask(li, order.number, {line.pk: 2})
    second = winery.told("/returns?state=asked")["items"][0]
    assert (second["cash"], second["coins"], second["late"]) == ("53.33", "6.67", True)
    house.check()


def test_a_longer_list_asks_the_database_no_more(house: House, winery: Staffed) -> None:
    li, good = house.member(), house.good(stock=10)
    counts: dict[str, list[int]] = {"/orders": [], "/returns": []}
    for _each in range(3):
        order = house.bought(li, good, 2)
        returns.ask(li, order.number, {order.lines.get().pk: 1})
        for path, asked in counts.items():
            with CaptureQueriesContext(connection) as queries:
                winery.told(path)
            asked.append(len(queries))
    assert [len(set(asked)) for asked in counts.values()] == [1, 1], counts


def test_a_voucher_is_redeemed_once(house: House, winery: Staffed) -> None:
    li = house.member()
    order = house.bought(li, house.good(kind="voucher", title="双人套餐", title_en="Dinner"))
    code = GoodsVoucher.objects.get(line__order=order).code
    shown = winery.told(f"/vouchers/{code}")
    assert (shown["title"], shown["state"]) == ("Dinner", "valid")
    assert (shown["redeemed_at"], shown["by_you"]) == (None, False)
    assert winery.done(f"/vouchers/{code}/redeem")["state"] == "redeemed"
    assert winery.refused(f"/vouchers/{code}/redeem") == "voucher_redeemed"
    # Whose answer was lost is told that it was their own doing, and when.
    told = winery.told(f"/vouchers/{code}")
    assert (told["state"], told["by_you"]) == ("redeemed", True)
    assert timedelta() <= timezone.now() - datetime.fromisoformat(told["redeemed_at"]) < MINUTE
    clerk = Staffed(house, house.partner, MerchantStaff.Role.CLERK)
    assert clerk.told(f"/vouchers/{code}")["by_you"] is False
    noodles = Staffed(house, house.merchant("面馆"))
    assert noodles.get(f"/vouchers/{code}").status_code == 404
    assert noodles.post(f"/vouchers/{code}/redeem").status_code == 404


def with_coins(house: House, winery: Staffed, coins: int = 100) -> None:
    """Let a member pay the merchant with coins."""
    li = Caller.member(house)
    house.endow(li.membership, points_yuan=coins, coins=coins)
    token = winery.done("/charges", {"coins": str(coins)})["token"]
    li.done(f"/me/charges/{token}/pay")


def test_coins_become_points_and_those_fetch_what_they_cost(house: House, winery: Staffed) -> None:
    with_coins(house, winery)
    exchanged = winery.done("/exchange", {"coins": "60"})
    overview = winery.told("")
    assert (overview["coins"], overview["points_cost"]) == ("40", "60")
    assert overview["points"] == exchanged["points"]
    sold = winery.done("/redeem", {"points": exchanged["points"]})
    assert (sold["gross"], sold["fee"], sold["net"]) == ("60", "6", "54")
    assert winery.told("")["payable"] == "54"
    assert winery.refused("/exchange", {"coins": "40.000001"}) == "coins_short"
    house.check()


def test_a_quote_is_what_is_then_done(house: House, winery: Staffed) -> None:
    with_coins(house, winery)
    exchange = winery.told("/exchange/quote?coins=60")
    assert (exchange["coins"], exchange["price"]) == ("60", winery.told("")["price"])
    assert winery.done("/exchange", {"coins": "60"})["points"] == exchange["points"]
    half = winery.told("/redeem/quote?points=1.5")
    sold = winery.done("/redeem", {"points": "1.5"})
    assert {name: half[name] for name in sold} == sold
    held = winery.told("")["points"]
    assert winery.told(f"/redeem/quote?points={held}")["points"] == held
    overview = winery.told("")
    assert (overview["can_sell"], overview["fee"], overview["coins_free"]) == (True, "10", "40")
    house.check()


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/exchange/quote?coins=1000", "coins_short"),
        ("/exchange/quote?coins=0", "amount_invalid"),
        ("/exchange/quote?coins=x", "invalid"),
        ("/redeem/quote?points=1", "points_short"),
        ("/redeem/quote?points=0", "amount_invalid"),
    ],
)
def test_a_quote_of_what_is_not_there_is_refused(winery: Staffed, path: str, code: str) -> None:
    refused = winery.get(path)
    assert (refused.status_code >= 400, refused.json()["code"]) == (True, code)


def test_an_exchange_is_once_for_its_key(house: House, winery: Staffed) -> None:
    with_coins(house, winery)
    first = winery.post("/exchange", {"coins": "60"}, key="once")
    assert winery.post("/exchange", {"coins": "60"}, key="once").content == first.content
    assert winery.told("")["coins"] == "40"


def test_a_clerk_serves_but_moves_no_money(house: House, winery: Staffed) -> None:
    clerk = Staffed(house, house.partner, MerchantStaff.Role.CLERK)
    assert clerk.told("")["role"] == "clerk"
    assert clerk.done("/charges", {"coins": "1"})["state"] == "open"
    assert clerk.refused("/exchange", {"coins": "1"}) == "owners_only"
    assert clerk.refused("/redeem", {"points": "1"}) == "owners_only"


def test_a_settlement_sums_what_was_not_given_back(house: House, winery: Staffed) -> None:
    li, good = house.member(), house.good(stock=10)
    kept, gone = (house.bought(li, good) for _each in range(2))
    asked = returns.ask(li, gone.number, {gone.lines.get().pk: 1})
    assert winery.user is not None
    returns.accept(asked, winery.user)
    told = winery.told("/settlement")
    assert told["totals"] == {"orders": 2, "cash": "100", "concession": "50", "net": "50"}
    by_order = {line["order"]: line for line in told["lines"]}
    assert by_order[kept.number]["net"] == "50"
    assert by_order[gone.number]["net"] == "0"
    first = winery.told("/settlement?limit=1")
    second = winery.told(f"/settlement?limit=1&after={first['next']}")
    assert [line["order"] for line in first["lines"] + second["lines"]] == [
        gone.number,
        kept.number,
    ]
    # The sums are of the whole month: a later page does not reckon them again.
    assert (first["totals"], second["totals"]) == (told["totals"], None)
    assert winery.told("/settlement?month=2020-12")["lines"] == []
    for month in ("2026-13", "x", "2026-1"):
        assert winery.get(f"/settlement?month={month}").status_code == 422


def test_an_owner_who_buys_from_the_own_shop_earns_nothing(house: House) -> None:
    """A37, R4.4: an owner who is a member is linked with the merchant."""
    buyer = Caller.member(house)
    assert buyer.user is not None
    appoint(house.partner, buyer.user)
    order = house.bought(buyer.membership, house.good(kind="digital"))
    assert order.status == "received"
    assert house.account(buyer.membership).points == 0
    # Nobody holds points, so what it contributes is bound (R3.5).
    assert house.head().bound > 0


def test_an_owner_who_joins_later_is_linked_too(house: House, winery: Staffed) -> None:
    winery.client.get(winery.base)
    Caller(house, winery.user).done("/auth/join")
    membership = Caller(house, winery.user).membership
    assert house.account(membership).party == house.merchant_account().party > 0
