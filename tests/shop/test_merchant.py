"""What merchants do: goods and pictures, orders and returns, vouchers, coins, settlement."""

from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from shareback.mall import orders, returns
from shareback.mall.merchants import change_good
from shareback.mall.models import GoodsVoucher, MerchantStaff
from shareback.mall.opening import appoint, open_category
from shareback.mall.oscar.catalogue.models import Product
from shareback.mall.pictures import BYTES_MAX
from tests.backends.house import YUAN, House, Opens
from tests.shop.callers import Caller, Staffed

WINE: dict[str, Any] = {"title": "干红", "price": "128.00", "stock": 6}
MINUTE = timedelta(minutes=1)


def png(width: int = 60, height: int = 40, mode: str = "RGB") -> bytes:
    """A picture."""
    written = BytesIO()
    Image.new(mode, (width, height), (200, 30, 60, 90)[: len(mode)]).save(written, "PNG")
    return written.getvalue()


def uploaded(winery: Staffed, good: int, content: bytes, name: str = "a.png") -> Any:
    """Upload a picture of a good."""
    file = SimpleUploadedFile(name, content, "image/png")
    return winery.client.post(f"{winery.base}/goods/{good}/pictures", {"picture": file})


def test_a_good_is_put_on_sale_and_changed(house: House, winery: Staffed, li: Caller) -> None:
    place = open_category(house.shop, "酒", "Wine")
    made = winery.done("/goods", {**WINE, "title_en": "Red", "category": place.pk})
    assert (made["price"], made["stock"], made["category"]) == ("128.00", 6, place.pk)
    assert li.told(f"/goods/{made['id']}")["price"] == "128.00"
    changed = winery.ask("patch", f"/goods/{made['id']}", {"price": "98.5", "stock": 2}).json()
    assert changed == {**made, "price": "98.50", "stock": 2}
    assert li.told(f"/goods/{made['id']}")["stock_left"] == 2
    winery.ask("patch", f"/goods/{made['id']}", {"is_public": False})
    assert li.get(f"/goods/{made['id']}").status_code == 404
    assert winery.told("/goods")["items"][0]["is_public"] is False


def test_stock_is_what_can_still_be_sold(house: House, winery: Staffed) -> None:
    li, good = house.member(), house.good(stock=5)
    house.buy(li, good, 2)
    assert winery.told(f"/goods/{good.pk}")["stock"] == 3
    changed = winery.ask("patch", f"/goods/{good.pk}", {"stock": 4}).json()
    assert changed["stock"] == 4
    record = good.stockrecords.get()
    assert (record.num_in_stock, record.num_allocated) == (6, 2)


def test_what_is_sold_while_a_good_is_edited_stays_sold(house: House, winery: Staffed) -> None:
    li, good = house.member(), house.good(stock=5)
    read = Product.objects.get(pk=good.pk)
    house.bought(li, good, 2)
    house.buy(li, good, 1)
    change_good(read, {"title": "改了"}, None)
    told = winery.told(f"/goods/{good.pk}")
    assert (told["title"], told["stock"], told["sold"]) == ("改了", 2, 2)
    change_good(read, {"price": Decimal("98.00")}, None)
    told = winery.ask("patch", f"/goods/{good.pk}", {"title_en": "Changed"}).json()
    assert (told["price"], told["stock"], told["sold"]) == ("98.00", 2, 2)


def test_of_two_who_edit_a_good_neither_undoes_the_other(house: House, winery: Staffed) -> None:
    good = house.good()
    first, second = (Product.objects.get(pk=good.pk) for _each in range(2))
    change_good(first, {"title": "改了"}, None)
    change_good(second, {"subtitle": "也改了"}, None)
    told = winery.told(f"/goods/{good.pk}")
    assert (told["title"], told["subtitle"]) == ("改了", "也改了")


@pytest.mark.parametrize(
    "flaw",
    [
        {"price": "0"},
        {"price": "-1"},
        {"price": "1.234"},
        {"price": "1e3"},
        {"price": "NaN"},
        {"price": "1000000.01"},
        {"price": 5},
        {"stock": -1},
        {"stock": 1.5},
        {"stock": 10**7},
        {"stock": True},
        {"title": ""},
        {"kind": "points"},
        {"sold": 5},
        {"partner": 1},
        {"programme": 1},
    ],
)
def test_a_good_that_is_none_is_refused(winery: Staffed, flaw: dict[str, Any]) -> None:
    assert winery.refused("/goods", {**WINE, **flaw}) == "invalid"


def test_a_category_of_another_programme_is_unknown(new_house: Opens, winery: Staffed) -> None:
    foreign = open_category(new_house().shop, "别处")
    assert winery.refused("/goods", {**WINE, "category": foreign.pk}) == "category_unknown"
    assert winery.refused("/goods", {**WINE, "category": 2**70}) == "category_unknown"


def test_a_rate_of_contributions_wants_its_concession(new_house: Opens) -> None:
    house = new_house(backing_by_category={"green": "0.45"}, dividend_rate="0")
    winery = Staffed(house, house.merchant("让利少", concession_ppm=400_000))
    assert winery.told("")["backing_categories"] == ["green"]
    refused = winery.refused("/goods", {**WINE, "backing_category": "green"})
    assert refused == "concession_too_low"
    assert winery.refused("/goods", {**WINE, "backing_category": "blue"}) == "category_unknown"
    assert winery.done("/goods", WINE)["backing_category"] == ""


def test_pictures_are_drawn_anew_in_two_sizes(winery: Staffed, house: House, media: Path) -> None:
    good = house.good()
    response = uploaded(winery, good.pk, png(3_000, 1_500, "RGBA") + b"<script>alert(1)</script>")
    assert response.status_code == 201, response.content
    (one,) = response.json()["pictures"]
    for url, size in ((one["url"], (1_200, 600)), (response.json()["picture"], (400, 200))):
        file = media / url.removeprefix("/media/")
        with Image.open(file) as kept:
            assert (kept.format, kept.size, kept.mode) == ("WEBP", size, "RGB")
        assert b"script" not in file.read_bytes()
        served = winery.client.get(url)
        assert served.headers["Content-Type"] == "image/webp"
        assert served.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        served.close()
    gone = winery.ask("delete", f"/goods/{good.pk}/pictures/{one['id']}").json()
    assert gone["pictures"] == []
    assert list(media.rglob("*.webp")) == []


def test_what_is_no_picture_is_refused(winery: Staffed, house: House, media: Path) -> None:
    good = house.good()
    bomb = BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    gif = BytesIO()
    Image.new("P", (10, 10)).save(gif, "GIF")
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    for content in (svg, png()[:40], b"x" * 100, bomb.getvalue(), gif.getvalue()):
        response = uploaded(winery, good.pk, content)
        assert (response.status_code, response.json()["code"]) == (422, "picture_unreadable")
    assert list(media.rglob("*.webp")) == []


def test_a_picture_of_too_many_bytes_is_not_read(winery: Staffed, house: House) -> None:
    response = uploaded(winery, house.good().pk, b"x" * (BYTES_MAX + 100_000))
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_a_good_has_nine_pictures_at_most(winery: Staffed, house: House, media: Path) -> None:
    good = house.good()
    for _each in range(9):
        assert uploaded(winery, good.pk, png()).status_code == 201
    assert uploaded(winery, good.pk, png()).json()["code"] == "pictures_full"
    assert len(list(media.rglob("*.webp"))) == 18


def test_another_merchants_goods_are_not_there(house: House, winery: Staffed) -> None:
    foreign = house.good(partner=house.merchant("面馆"))
    assert winery.get(f"/goods/{foreign.pk}").status_code == 404
    assert winery.ask("patch", f"/goods/{foreign.pk}", {"price": "1"}).status_code == 404
    assert uploaded(winery, foreign.pk, png()).status_code == 404
    assert winery.get(f"/goods/{2**70}").status_code == 404


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
