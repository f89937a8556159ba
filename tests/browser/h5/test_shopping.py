"""The stories of a shopper, in a real browser on the whole house: from the log-in to the return."""

import re

from playwright.sync_api import expect

from tests.browser.h5.conftest import BOTH_DATABASES, Phone, Picks
from tests.browser.h5.steps import asked, button, choose_to_buy, dialog, pay, place, state_is
from tests.browser.h5.world import BOSS, CODE, LI, WANG


def merchant(phone: Picks) -> Phone:
    """The merchant's own phone."""
    boss = phone()
    boss.log_in(BOSS)
    return boss


def test_a_new_phone_logs_in_by_code_and_is_a_member(phone: Picks) -> None:
    one = phone()
    page = one.page
    one.go("me")
    expect(page.get_by_role("heading", name="Not logged in")).to_be_visible()
    page.get_by_role("link", name="Log in", exact=True).click()
    page.get_by_label("Mobile number").fill("13912345678")
    button(page, "Send a code").click()
    expect(page.get_by_role("button", name=re.compile("Again in"))).to_be_disabled()
    page.get_by_label("Code", exact=True).fill(CODE)
    button(page, "Log in").click()
    expect(page.get_by_role("region", name="Points")).to_contain_text("0.0000")
    expect(page.get_by_role("heading", level=1)).to_contain_text("139")
    assert one.faults == []


def test_a_wrong_code_is_told_in_one_line(phone: Picks) -> None:
    one = phone()
    page = one.page
    one.go("login")
    page.get_by_label("Mobile number").fill("13912345679")
    button(page, "Log in").click()
    expect(page.get_by_text("Enter the code")).to_be_visible()
    button(page, "Send a code").click()
    expect(page.get_by_role("button", name=re.compile("Again in"))).to_be_visible()
    page.get_by_label("Code", exact=True).fill("000000")
    button(page, "Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("The code is wrong")


def test_a_search_in_either_language_leads_to_a_good_and_what_it_earns(phone: Picks) -> None:
    one = phone()
    page = one.page
    one.go()
    page.get_by_role("link", name="Goods, merchants, kinds").click()
    page.get_by_role("searchbox").fill("干红")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=re.compile("Helan Mountain red"))).to_be_visible()
    page.get_by_role("searchbox").fill("hand-cut")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main").get_by_role("link")).to_have_count(1)
    button(page, "Clear").click()
    button(page, "All goods").click()
    page.get_by_role("button", name="Price").click()
    expect(page.get_by_role("main").get_by_role("link").first).to_contain_text("19.90")
    page.get_by_role("link", name=re.compile("Helan Mountain red")).click()
    expect(page.get_by_role("main")).to_contain_text("Postage is included in the price")
    expect(page.get_by_role("main")).to_contain_text("This order earns ¥26.88 of points")
    expect(page.get_by_role("main")).to_contain_text("Pending until 7 days after receipt")
    page.get_by_role("button", name=re.compile("This order earns")).click()
    expect(dialog(page)).to_contain_text("nobody promises where it goes")
    assert one.faults == []


@BOTH_DATABASES
def test_an_order_is_paid_at_the_cashier_received_reviewed_and_returned(phone: Picks) -> None:
    li, boss = phone(), merchant(phone)
    page = li.page
    li.log_in(LI)
    choose_to_buy(li, 1)
    expect(page.get_by_role("main")).to_contain_text("解放东街 12 号 3 单元 501")
    expect(page.get_by_role("main")).to_contain_text("Postage is included in the price")
    expect(page.get_by_role("main")).to_contain_text("¥26.88 of points")
    place(li)
    expect(page.get_by_role("main")).to_contain_text("¥128.00")
    number = pay(li)
    state_is(li, "To be sent")
    expect(page.get_by_role("region", name="Points of this order")).to_contain_text(
        "¥26.88 of points, pending"
    )

    parcel = {"carrier": "顺丰速运", "number": "SF1234567890"}
    asked(boss, "POST", f"/merchant/1/orders/{number}/ship", parcel)
    page.reload()
    state_is(li, "On the way")
    expect(page.get_by_role("main")).to_contain_text("SF1234567890")
    button(page, "Confirm receipt").click()
    button(dialog(page), "Confirm receipt").click()
    state_is(li, "Received")
    expect(page.get_by_role("region", name="Points of this order")).to_contain_text("Due on")

    button(page, "Review").click()
    dialog(page).get_by_label("4 stars").check(force=True)
    dialog(page).get_by_label("Your review").fill("Lots of fruit.")
    button(dialog(page), "Publish").click()
    expect(page.get_by_text("Reviewed", exact=True)).to_be_visible()

    page.get_by_role("link", name="Ask for a return").click()
    button(page, "I changed my mind").click()
    button(page, "Send").click()
    state_is(li, "Return asked")
    (found,) = asked(boss, "GET", "/merchant/1/returns?state=asked")["items"]
    asked(boss, "POST", f"/merchant/1/returns/{found['id']}/accept", {"answer": "好的"})
    page.reload()
    state_is(li, "Refunded")
    expect(page.get_by_role("main")).to_contain_text("Cash ¥128.00")
    expect(page.get_by_role("region", name="Points of this order")).to_contain_text(
        "it earns no points"
    )

    li.go("goods/1")
    expect(page.get_by_role("article")).to_contain_text("Lots of fruit.")
    assert li.faults == []


@BOTH_DATABASES
def test_baskets_of_two_merchants_become_an_order_each(phone: Picks) -> None:
    li = phone()
    page = li.page
    li.log_in(LI)
    for good in (2, 8):
        li.go(f"goods/{good}")
        button(page, "Add to basket").click()
        button(dialog(page), "Add to basket").click()
        expect(page.get_by_text("Added to the basket")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Basket")).click()
    winery = page.get_by_role("region", name="Qinggang Winery")
    button(winery, "One more").click()
    expect(winery).to_contain_text("¥196.00")
    page.get_by_role("checkbox", name="Choose House chilli oil, 200 g").uncheck(force=True)
    page.get_by_role("checkbox", name="Choose House chilli oil, 200 g").check(force=True)
    button(page, "Check out").click()
    expect(page.get_by_role("main")).to_contain_text("¥221.80")
    place(li)
    page.get_by_role("link", name="Open the test cashier").click()
    page.get_by_role("button", name="Pay (test)").click()
    page.get_by_role("link", name="See the orders").click()
    orders = page.get_by_role("main").get_by_role("link")
    expect(orders.nth(1)).to_contain_text("¥")
    shown = orders.all_inner_texts()
    assert "Qinggang Winery" in "".join(shown[:2])
    assert "Bluestone Noodles" in "".join(shown[:2])
    li.go("basket")
    expect(page.get_by_text("Your basket is empty")).to_be_visible()
    assert li.faults == []


@BOTH_DATABASES
def test_coins_points_and_cash_pay_together_and_only_cash_earns(phone: Picks) -> None:
    li = phone()
    page = li.page
    li.log_in(LI)
    choose_to_buy(li, 3)
    main = page.get_by_role("main")
    expect(main).to_contain_text("¥83.58 of points")
    for place_of, amount in enumerate(("20", "10")):
        page.get_by_role("switch").nth(place_of).click()
        main.get_by_role("button", name="Change").nth(place_of).click()
        dialog(page).get_by_role("textbox").fill(amount)
        button(dialog(page), "Confirm").click()
    expect(main).to_contain_text("Pay with coins−¥20.00")
    # Points are used for whole fen, so a little less than was asked for.
    used = main.get_by_text(re.compile(r"^9\.\d{4} points for ¥3"))
    expect(used).to_be_visible()
    points = used.inner_text().split()[0]
    expect(main).not_to_contain_text("¥83.58 of points")
    place(li)
    pay(li)
    expect(main).to_contain_text("Coins¥20.00")
    expect(main).to_contain_text(f"{points} points, for")
    assert li.faults == []


@BOTH_DATABASES
def test_a_voucher_paid_with_points_alone_shows_its_code_at_once(phone: Picks) -> None:
    wang = phone()
    page = wang.page
    wang.log_in(WANG)
    choose_to_buy(wang, 7)
    page.get_by_role("switch").nth(1).click()
    expect(page.get_by_role("button", name="Pay and place")).to_be_enabled()
    place(wang)
    page.get_by_role("link", name="See the order").click()
    state_is(wang, "To be used")
    expect(page.get_by_role("region", name="Points of this order")).to_contain_text(
        "This order earns no points"
    )
    button(page, "Show code").click()
    drawn = dialog(page).get_by_role("img", name="Voucher")
    expect(drawn).to_be_visible()
    assert drawn.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0
    assert wang.faults == []


def test_a_digital_good_is_received_at_its_payment(phone: Picks) -> None:
    wang = phone()
    wang.log_in(WANG)
    choose_to_buy(wang, 10)
    place(wang)
    pay(wang)
    state_is(wang, "Received")
    assert wang.faults == []


def test_an_address_is_written_and_used_at_the_checkout(phone: Picks) -> None:
    wang = phone()
    page = wang.page
    wang.log_in(WANG)
    choose_to_buy(wang, 4)
    expect(page.get_by_role("button", name="Place the order")).to_be_disabled()
    page.get_by_role("link", name="Add an address").click()
    button(page, "New address").click()
    button(dialog(page), "Save").click()
    expect(dialog(page).get_by_role("alert")).to_contain_text("Please fill in: Name")
    page.get_by_label("Name", exact=True).fill("王芳")
    page.get_by_label("Mobile number").fill("13800138002")
    page.get_by_role("button", name=re.compile("^Region")).click()
    button(page.get_by_role("dialog", name="Region"), "Confirm").click()
    page.get_by_label("Street and number").fill("长安街 1 号")
    button(dialog(page), "Save").click()
    expect(page.get_by_role("main")).to_contain_text("北京市东城区 长安街 1 号")
    place(wang)
    button(page, "Cancel the order").click()
    button(dialog(page), "Cancel the order").click()
    expect(page.get_by_role("heading", name="The order was closed")).to_be_visible()
    assert wang.faults == []


@BOTH_DATABASES
def test_the_last_bottle_is_sold_once(phone: Picks) -> None:
    first, second = phone(), phone()
    first.log_in(LI)
    second.log_in(WANG)
    asked(
        second,
        "POST",
        "/addresses",
        {
            "name": "王芳",
            "phone": "13800138002",
            "province": "北京市",
            "city": "北京市",
            "district": "东城区",
            "detail": "长安街 2 号",
            "default": True,
        },
    )
    choose_to_buy(first, 5)
    choose_to_buy(second, 5)
    expect(second.page.get_by_role("button", name="Place the order")).to_be_enabled()
    place(first)
    button(second.page, "Place the order").click()
    expect(second.page.get_by_role("alert").first).to_contain_text(
        re.compile("sold out|not so many")
    )
    second.go("goods/5")
    expect(button(second.page, "Sold out")).to_be_disabled()
    assert first.faults == []


def test_a_visitor_who_wants_to_buy_comes_back_to_the_good_after_the_log_in(phone: Picks) -> None:
    one = phone()
    page = one.page
    one.go("goods/2")
    button(page, "Buy now").click()
    one.log_in_here(LI)
    expect(page).to_have_url(one.site.path("goods/2"))
    assert one.faults == []


def test_a_way_out_of_the_shop_is_not_taken_after_the_log_in(phone: Picks) -> None:
    one = phone()
    one.go("login?next=//evil.example/")
    one.log_in_here(LI)
    expect(one.page).to_have_url(one.site.path("me"))
