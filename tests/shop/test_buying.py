"""Baskets, checkouts, orders and returns as the phone pages ask for them."""

from typing import Any

import pytest

from shareback.gateways.payments import builtin
from shareback.journal.models import Programme
from shareback.journal.models.programme import Halt
from shareback.mall import orders, payments, returns
from shareback.mall.models import Purchase, Return
from shareback.mall.oscar.catalogue.models import Product
from tests.backends.house import YUAN, House, Opens
from tests.mall.test_offers import coupon, offer
from tests.shop.callers import Caller

FORM: dict[str, Any] = {"coins": "max", "points": "max"}


def home(caller: Caller) -> int:
    """An address of a member's."""
    body = {
        "name": "李雷",
        "phone": "13800138000",
        "province": "宁夏",
        "city": "银川",
        "district": "兴庆区",
        "detail": "中山路 1 号",
        "default": True,
    }
    return int(caller.done("/addresses", body)["id"])


def now(good: Product, quantity: int = 1) -> dict[str, Any]:
    """What buys a good past the basket."""
    return {"buy_now": {"good": good.pk, "quantity": quantity}}


def bought(house: House, caller: Caller, good: Product, quantity: int = 1) -> str:
    """The number of an order that was bought and paid."""
    answer = caller.done("/checkout", now(good, quantity))
    house.pay(Purchase.objects.get(pk=answer["id"]))
    return str(answer["orders"][0])


def test_a_basket_tells_what_it_comes_to(house: House, li: Caller) -> None:
    offer(house, "满减", "20.00")
    wine = house.good("100.00", stock=3)
    told = li.done("/basket/lines", {"good": wine.pk, "quantity": 2})
    (group,) = told["groups"]
    (line,) = group["lines"]
    assert (line["quantity"], line["total"], line["left"], line["problem"]) == (
        2,
        "200.00",
        3,
        None,
    )
    assert line["good"]["title"] == "Red wine"
    assert line["good"]["price"] == "100.00"
    assert group["offers"] == [{"name": "满减", "saves": "20.00"}]
    assert (group["subtotal"], group["saves"], group["total"]) == ("200.00", "20.00", "180.00")
    assert (told["count"], told["total"], told["earns"]) == (2, "180.00", "37.8")


def test_lines_are_changed_left_out_and_removed(house: House, li: Caller) -> None:
    wine = house.good("100.00", stock=3)
    told = li.done("/basket/lines", {"good": wine.pk})
    place = f"/basket/lines/{told['groups'][0]['lines'][0]['id']}"
    assert li.ask("patch", place, {"quantity": 3}).json()["total"] == "300.00"
    assert li.refused(place, {"quantity": 4}, "patch") == "stock_short"
    assert li.ask("patch", place, {"chosen": False}).json()["total"] == "0.00"
    assert li.refused("/checkout", {}) == "nothing_chosen"
    assert li.ask("delete", place).json()["groups"] == []
    assert li.refused(place, method="delete") == "line_gone"


def test_another_members_line_is_not_there(house: House, li: Caller) -> None:
    told = li.done("/basket/lines", {"good": house.good().pk})
    place = f"/basket/lines/{told['groups'][0]['lines'][0]['id']}"
    wang = Caller.member(house)
    for method, body in (("patch", {"quantity": 1}), ("delete", None)):
        answer = wang.ask(method, place, body)
        assert (answer.status_code, answer.json()["code"]) == (404, "line_gone")


def test_coupons_are_used_and_dropped(house: House, li: Caller) -> None:
    coupon(house, "SPRING", "30.00")
    li.done("/basket/lines", {"good": house.good("100.00").pk})
    told = li.done("/basket/coupons", {"code": "spring"})
    assert (told["groups"][0]["coupons"], told["total"]) == (["SPRING"], "70.00")
    told = li.ask("delete", "/basket/coupons/SPRING").json()
    assert (told["groups"][0]["coupons"], told["total"]) == ([], "100.00")
    assert li.refused("/basket/coupons", {"code": "NONE"}) == "coupon_unknown"


def test_what_cannot_be_bought_any_more_is_told_and_not_reckoned(house: House, li: Caller) -> None:
    wine = house.good("100.00", stock=1)
    li.done("/basket/lines", {"good": wine.pk})
    house.buy(house.member(), wine)
    (line,) = li.told("/basket")["groups"][0]["lines"]
    assert (line["problem"], li.told("/basket")["total"]) == ("sold_out", "0.00")
    home(li)
    told = li.done("/checkout/preview", {})
    assert [(one["code"], one["line"]) for one in told["problems"]] == [("sold_out", line["id"])]
    assert li.refused("/checkout", {}) == "sold_out"
    Product.objects.filter(pk=wine.pk).update(is_public=False)
    assert li.told("/basket")["groups"][0]["lines"][0]["problem"] == "closed"
    assert li.refused("/basket/lines", {"good": wine.pk}) == "good_gone"


def test_a_preview_tells_with_what_it_would_be_paid(house: House, li: Caller) -> None:
    house.endow(li.membership, points_yuan=50, coins=20)
    wine = house.good("100.00")
    told = li.done("/checkout/preview", {**now(wine), "coins": "max", "points": "30"})
    assert told["coins"] == {"balance": "20", "usable": "20", "used": "20"}
    points = told["points"]
    assert (points["used_points"], points["used_worth"]) == ("30", "30")
    assert (points["usable_points"], points["worth"]) == ("50", "50")
    assert (told["total"], told["cash"], told["shipping"]) == ("100.00", "50.00", "0.00")
    assert told["earns"] == {"award": "10.5", "quota": "100", "matures_after_days": 0}
    assert (told["needs_address"], told["address"]) == (True, None)
    assert [one["code"] for one in told["problems"]] == ["address_needed"]
    number = home(li)
    told = li.done("/checkout/preview", {**now(wine), **FORM})
    assert (told["address"]["id"], told["problems"]) == (number, [])
    assert told["cash"] == "30.00"


def test_the_quota_that_is_left_is_told_before_the_fee(new_house: Opens) -> None:
    """With a fee, goods take more of the quota than they cost (R3.4, R4.2)."""
    house = new_house(goods_redemption_fee="0.10")
    li = house.member()
    house.endow(li, points_yuan=200)
    caller, wine = Caller(house, li.user), house.good("90.00", kind="digital")
    told = caller.done("/checkout/preview", {**now(wine), "points": "max"})["points"]
    assert (told["used_worth"], told["quota_left_after"]) == ("90", "300")
    caller.done("/checkout", {**now(wine), "points": "max"})
    assert caller.told("/me/points")["quota"]["left"] == "300"


def test_points_that_are_halted_are_offered_to_nobody(house: House, li: Caller) -> None:
    house.endow(li.membership, points_yuan=50, coins=20)
    wine = house.good("100.00")
    body = {**now(wine), "coins": "max", "points": "30"}
    assert not li.done("/checkout/preview", body)["points"]["halted"]
    head = Programme.objects.filter(pk=house.programme)
    head.update(halted=Halt.BANK_SHORT)
    told = li.done("/checkout/preview", body)
    points = told["points"]
    assert points["halted"]
    assert (points["held"], points["usable_points"], points["used_points"]) == ("50", "0", "0")
    assert (told["coins"]["used"], told["cash"]) == ("20", "80.00")
    head.update(halted=Halt.NONE)
    assert li.done("/checkout/preview", body)["points"]["used_points"] == "30"


def test_a_preview_writes_nothing(house: House, li: Caller) -> None:
    wine = house.good("100.00")
    li.done("/checkout/preview", now(wine))
    assert li.told("/basket")["groups"] == []
    assert wine.stockrecords.get().num_allocated is None


def test_a_checkout_is_answered_alike_for_ever(house: House, li: Caller) -> None:
    home(li)
    wine = house.good("100.00")
    first = li.post("/checkout", now(wine), key="one")
    assert first.status_code == 201
    told = first.json()
    assert (told["state"], told["cash"], len(told["orders"])) == ("awaiting_payment", "100.00", 1)
    assert told["pay"] == {"gateway": "test", "url": f"/pay/{told['id']}"}
    house.pay(Purchase.objects.get(pk=told["id"]))
    again = li.post("/checkout", now(wine), key="one")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = li.post("/checkout", now(wine, 2), key="one")
    assert (other.status_code, other.json()["code"]) == (422, "key_taken")
    assert li.post("/checkout", now(wine), key="").status_code == 400
    # Another member's keys are their own.
    wang = Caller.member(house)
    home(wang)
    assert wang.done("/checkout", now(wine), key="one")["id"] != told["id"]
    assert li.told(f"/purchases/{told['id']}")["state"] == "paid"
    assert wang.refused(f"/purchases/{told['id']}/cancel") == "purchase_gone"


def test_what_was_shown_and_has_changed_is_refused(house: House, li: Caller) -> None:
    home(li)
    wine = house.good("100.00")
    assert li.refused("/checkout", {**now(wine), "cash": "99.00"}) == "price_moved"
    assert li.done("/checkout", {**now(wine), "cash": "100.00"})["cash"] == "100.00"


def test_what_is_paid_with_coins_alone_needs_no_gateway(house: House, li: Caller) -> None:
    house.endow(li.membership, coins=100)
    told = li.done("/checkout", {**now(house.good("100.00", kind="digital")), "coins": "max"})
    assert (told["state"], told["cash"], told["pay"]) == ("paid", "0.00", None)


def test_a_purchase_is_cancelled(house: House, li: Caller) -> None:
    home(li)
    told = li.done("/checkout", now(house.good("100.00")))
    assert li.done(f"/purchases/{told['id']}/cancel")["state"] == "closed"
    assert li.told(f"/orders/{told['orders'][0]}")["state"] == "closed"


def test_an_order_tells_all_of_itself(house: House, li: Caller) -> None:
    home(li)
    wine = house.good("100.00")
    number = bought(house, li, wine)
    told = li.told(f"/orders/{number}")
    assert (told["state"], told["total"]) == ("paid", "100.00")
    assert told["paid"] == {"cash": "100.00", "coins": "0", "points": "0", "points_worth": "0"}
    assert told["earns"] == {
        "worth": "21",
        "state": "pending",
        "matures_on": None,
        "points": None,
    }
    assert told["address"]["phone"] == "13800138000"
    assert told["parcel"] is None
    assert told["can"] == {
        "pay": False,
        "cancel": False,
        "receive": False,
        "return": True,
        "review": False,
    }
    orders.ship(house.partner, number, "顺丰", "SF1")
    assert li.told(f"/orders/{number}")["can"]["receive"]
    told = li.done(f"/orders/{number}/received")
    assert (told["state"], told["earns"]["state"]) == ("received", "matured")
    assert told["earns"]["points"] == "21"
    assert told["parcel"] == {"carrier": "顺丰", "number": "SF1"}
    assert told["can"]["review"]
    happened = [one["what"] for one in told["timeline"]]
    assert happened == ["placed", "paid", "shipped", "received"]


def test_orders_are_listed_by_state_page_by_page(house: House, li: Caller) -> None:
    home(li)
    wine = house.good("100.00")
    numbers = [bought(house, li, wine) for _order in range(5)]
    orders.ship(house.partner, numbers[0], "顺丰", "SF1")
    seen, after = [], ""
    while True:
        told = li.told(f"/orders?limit=2&after={after}")
        seen += [one["number"] for one in told["items"]]
        after = told["next"]
        if after is None:
            break
    assert seen == numbers[::-1]
    (shipped,) = li.told("/orders?state=shipped")["items"]
    assert (shipped["number"], shipped["earns"]) == (numbers[0], "21")
    assert shipped["lines"] == [{"title": "Red wine", "picture": None, "quantity": 1}]
    assert Caller.member(house).told("/orders")["items"] == []


def test_a_return_is_asked_for_and_shown(house: House, li: Caller) -> None:
    home(li)
    number = bought(house, li, house.good("100.00"), 2)
    (line,) = li.told(f"/orders/{number}")["lines"]
    body = {"lines": [{"line": line["id"], "quantity": 1}], "reason": "破损"}
    asked = li.done(f"/orders/{number}/returns", body)
    assert (asked["state"], asked["reason"], asked["cash"]) == ("asked", "破损", "0.00")
    told = li.told(f"/orders/{number}")
    assert (told["state"], told["can"]["return"]) == ("refund_asked", False)
    assert [one["number"] for one in li.told("/orders?state=refund")["items"]] == [number]
    assert li.refused(f"/orders/{number}/returns", body) == "return_running"
    returns.accept(Return.objects.get(pk=asked["id"]), house.user(), "好的")
    told = li.told(f"/orders/{number}")
    assert (told["state"], told["lines"][0]["returned"]) == ("paid", 1)
    (done,) = told["returns"]
    assert (done["state"], done["cash"], done["answer"]) == ("done", "100.00", "好的")
    assert li.told("/orders?state=refund")["items"] == []


def test_vouchers_are_shown_with_codes_to_be_scanned(house: House, li: Caller) -> None:
    number = bought(house, li, house.good("50.00", kind="voucher"), 2)
    (line,) = li.told(f"/orders/{number}")["lines"]
    assert [one["state"] for one in line["vouchers"]] == ["valid", "valid"]
    place = line["vouchers"][0]["qr"].removeprefix(li.base)
    drawn = li.get(place)
    assert (drawn.status_code, drawn.headers["Content-Type"]) == (200, "image/svg+xml")
    assert Caller.member(house).get(place).status_code == 404


@pytest.mark.parametrize("path", ["", "/received", "/returns"])
def test_another_members_order_is_not_there(house: House, li: Caller, path: str) -> None:
    number = bought(house, li, house.good("50.00", kind="digital"))
    wang = Caller.member(house)
    body = {"lines": [{"line": 1, "quantity": 1}]}
    answer = wang.post(f"/orders/{number}{path}", body) if path else wang.get(f"/orders/{number}")
    assert answer.status_code == 404


def test_cash_is_captured_by_a_look_at_the_order(house: House, li: Caller) -> None:
    told = li.done("/checkout", now(house.good("50.00", kind="digital")))
    purchase = Purchase.objects.get(pk=told["id"])
    payments.start(purchase)
    builtin.pay(purchase.payment.reference)
    assert li.told(f"/orders/{told['orders'][0]}")["state"] == "received"
    assert house.account(li.membership).points == 10 * 10**8 + 10**8 // 2
    assert house.head().order_escrow == 0
    assert purchase.cash_uyuan == 50 * YUAN
