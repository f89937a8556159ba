"""The stories of a merchant: coins at the counter, vouchers, goods, orders, returns, settlement."""

import re
import uuid
from io import BytesIO

from PIL import Image
from playwright.sync_api import Route, expect

from tests.browser.h5.conftest import BOTH_DATABASES, Phone, Picks
from tests.browser.h5.steps import asked, button, choose_to_buy, dialog, pay, place, state_is
from tests.browser.h5.world import BOSS, LI, WANG

VOUCHER = 7
"""A bowl of noodles, which the second merchant sells."""


def boss_of(phone: Picks) -> Phone:
    """The merchants' owner."""
    boss = phone()
    boss.log_in(BOSS)
    return boss


def voucher_of(phone: Phone) -> str:
    """The code of a voucher that a member has bought with points."""
    body = {"buy_now": {"good": VOUCHER, "quantity": 1}, "points": "max"}
    (number,) = asked(phone, "POST", "/checkout", body)["orders"]
    (line,) = asked(phone, "GET", f"/orders/{number}")["lines"]
    return str(line["vouchers"][0]["code"])


@BOTH_DATABASES
def test_coins_are_taken_become_points_and_are_sold(phone: Picks) -> None:
    boss, li = boss_of(phone), phone()
    page = boss.page
    li.log_in(LI)
    boss.go("merchant/1")
    page.get_by_role("link", name="Take coins").click()
    page.get_by_label("How many coins").fill("15.8")
    page.get_by_label(re.compile("What for")).fill("一瓶")
    button(page, "Make the code").click()
    code = page.get_by_role("img", name="The charge as a QR code")
    expect(code).to_have_attribute("data-shown", "true")
    expect(page.get_by_role("timer")).to_contain_text(re.compile(r"Valid for (2:00|1:5\d)"))
    (charge,) = asked(boss, "GET", "/merchant/1/charges")["items"]

    li.go("scan")
    li.page.get_by_label("Or type the code").fill(charge["token"])
    button(li.page, "Go on").click()
    expect(li.page.get_by_role("heading", name="Pay Qinggang Winery")).to_be_visible()
    expect(li.page.get_by_role("main")).to_contain_text("一瓶")
    button(li.page, "Pay 15.80 coins").click()
    expect(li.page.get_by_role("heading", name="Paid", exact=True)).to_be_visible()

    expect(page.get_by_role("heading", name="Paid", exact=True)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("By 李*")
    li.page.reload()
    expect(li.page.get_by_text("This code has been paid")).to_be_visible()

    boss.go("merchant/1/exchange")
    page.get_by_role("textbox").fill("15.8")
    button(page, "Coins to points").last.click()
    button(dialog(page), "Confirm").click()
    expect(page.get_by_role("heading", name="Points received")).to_be_visible()
    button(page, "Go on").click()
    button(page, "Sell points").first.click()
    button(page, "All").click()
    expect(page.get_by_role("main")).to_contain_text("Fee of 10%−¥1.5")
    button(page, "Sell points").last.click()
    button(dialog(page), "Confirm the sale").click()
    expect(page.get_by_role("heading", name="Added to what is owed to you")).to_be_visible()
    overview = asked(boss, "GET", "/merchant/1")
    assert (overview["coins"], overview["points"]) == ("0", "0")
    assert boss.faults == []
    assert li.faults == []


def test_a_code_is_withdrawn_and_then_not_paid(phone: Picks) -> None:
    boss, li = boss_of(phone), phone()
    li.log_in(LI)
    boss.go("merchant/1/charges")
    boss.page.get_by_label("How many coins").fill("3")
    button(boss.page, "Make the code").click()
    expect(boss.page.get_by_role("timer")).to_be_visible()
    charge = asked(boss, "GET", "/merchant/1/charges")["items"][0]
    li.go(f"charge/{charge['token']}")
    expect(button(li.page, "Pay 3.00 coins")).to_be_enabled()
    button(boss.page, "Withdraw").click()
    button(dialog(boss.page), "Withdraw").click()
    expect(boss.page.get_by_role("status").filter(has_text="Withdrawn")).to_be_visible()
    button(li.page, "Pay 3.00 coins").click()
    expect(li.page.get_by_text("Withdrawn by the merchant")).to_be_visible()
    assert boss.faults == []


def test_whoever_has_too_few_coins_is_told_how_many_are_lacking(phone: Picks) -> None:
    boss, wang = boss_of(phone), phone()
    wang.log_in(WANG)
    charge = asked(boss, "POST", "/merchant/1/charges", {"coins": "5000", "note": ""})
    wang.go(f"charge/{charge['token']}")
    expect(wang.page.get_by_role("alert")).to_contain_text("coins are 5,000.00 short")
    expect(wang.page.get_by_role("link", name="Get coins from points")).to_be_visible()
    expect(wang.page.get_by_role("button", name=re.compile("^Pay"))).to_be_disabled()
    assert wang.faults == []


def lose_the_first_answer(phone: Phone, pattern: str) -> None:
    """What is asked arrives and is done; its first answer never comes."""
    lost: list[object] = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    phone.page.route(pattern, lose)


def test_a_payment_whose_answer_was_lost_shows_its_receipt(phone: Picks) -> None:
    boss, li = boss_of(phone), phone()
    li.log_in(LI)
    charge = asked(boss, "POST", "/merchant/1/charges", {"coins": "2", "note": ""})
    lose_the_first_answer(li, "**/pay")
    li.go(f"charge/{charge['token']}")
    button(li.page, "Pay 2.00 coins").click()
    expect(li.page.get_by_role("heading", name="Paid", exact=True)).to_be_visible()
    told = asked(boss, "GET", f"/merchant/1/charges/{charge['id']}")
    assert (told["state"], told["paid_by"]) == ("paid", "李**")


def test_a_redemption_whose_answer_was_lost_is_told_as_done(phone: Picks) -> None:
    boss, wang = boss_of(phone), phone()
    wang.log_in(WANG)
    code = voucher_of(wang)
    lose_the_first_answer(boss, "**/redeem")
    boss.go("merchant/2/vouchers")
    boss.page.get_by_label("Voucher’s code").fill(code)
    button(boss.page, "Look it up").click()
    button(boss.page, "Redeem it").click()
    expect(boss.page.get_by_role("heading", name="Redeemed", exact=True)).to_be_visible()
    expect(boss.page.get_by_role("alert")).to_have_count(0)


def test_a_voucher_is_redeemed_once(phone: Picks) -> None:
    boss, wang = boss_of(phone), phone()
    page = boss.page
    wang.log_in(WANG)
    code = voucher_of(wang)
    boss.go("merchant/2/vouchers")
    for shown in (code, f"{code[:4]} {code[4:8]}-{code[8:]}".lower()):
        page.get_by_label("Voucher’s code").fill(shown)
        button(page, "Look it up").click()
        expect(page.get_by_role("heading", name="A bowl of hand-cut noodles")).to_be_visible()
        if shown == code:
            button(page, "Redeem it").click()
            expect(page.get_by_role("heading", name="Redeemed", exact=True)).to_be_visible()
            button(page, "The next voucher").click()
    expect(page.get_by_text("Redeemed already")).to_be_visible()
    expect(page.get_by_text(re.compile("^Redeemed by you on"))).to_be_visible()
    expect(page.get_by_role("button", name="Redeem it")).to_have_count(0)
    assert boss.faults == []
    boss.go("merchant/1/vouchers")
    page.get_by_label("Voucher’s code").fill(code)
    button(page, "Look it up").click()
    expect(page.get_by_role("alert")).to_contain_text("no such voucher here")


def test_a_good_is_put_on_sale_with_a_picture_and_hidden_again(phone: Picks) -> None:
    boss = boss_of(phone)
    page = boss.page
    name = f"Test good {uuid.uuid4().hex[:6]}"
    boss.go("merchant/1/goods")
    page.get_by_role("link", name="New good").click()
    button(page, "Save the good").click()
    expect(page.get_by_role("alert")).to_contain_text("Give it a Chinese name")
    page.get_by_label("Name in Chinese").fill("试用酒")
    page.get_by_label(re.compile("Name in English")).fill(name)
    page.get_by_label("Price in yuan").fill("12.345")
    page.get_by_label("In stock").fill("9")
    button(page, "Save the good").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a price")
    page.get_by_label("Price in yuan").fill("12.34")
    page.get_by_label("Category").select_option("Wine")
    button(page, "Save the good").click()
    expect(page).to_have_url(re.compile(r"/merchant/1/goods/\d+$"))
    number = page.url.rsplit("/", 1)[-1]
    drawn = BytesIO()
    Image.new("RGB", (300, 300), (40, 90, 120)).save(drawn, "PNG")
    upload = {"name": "a.png", "mimeType": "image/png", "buffer": drawn.getvalue()}
    page.locator("input[type=file]").set_input_files(upload)  # type: ignore[arg-type]
    expect(page.get_by_role("img", name="Picture 1")).to_be_visible()
    good = asked(boss, "GET", f"/goods/{number}")
    assert (good["title"], good["price"], len(good["pictures"])) == (name, "12.34", 1)
    page.get_by_role("switch").click()
    button(page, "Save the good").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    assert asked(boss, "GET", f"/merchant/1/goods/{number}")["is_public"] is False
    # Somebody else changes the stock meanwhile; who edits the text alone leaves that as it is.
    asked(boss, "PATCH", f"/merchant/1/goods/{number}", {"stock": 5})
    page.get_by_label(re.compile("Line below, in English")).fill("For tests")
    with page.expect_request(lambda one: one.method == "PATCH") as sent:
        button(page, "Save the good").click()
    assert sent.value.post_data_json == {"subtitle_en": "For tests"}
    expect(page.get_by_label("In stock")).to_have_value("5")
    boss.go("merchant/1/goods")
    expect(page.get_by_role("link", name=re.compile(name))).to_contain_text("Hidden")
    assert boss.faults == []


@BOTH_DATABASES
def test_an_order_is_shipped_settled_and_given_back(phone: Picks) -> None:
    boss, li = boss_of(phone), phone()
    page = boss.page
    li.log_in(LI)
    choose_to_buy(li, 4)
    place(li)
    number = pay(li)
    boss.go("merchant/1/orders?state=paid")
    page.get_by_role("button", name=re.compile("Sparkling rosé")).first.click()
    expect(dialog(page)).to_contain_text(number)
    expect(dialog(page)).to_contain_text("解放东街 12 号 3 单元 501")
    button(dialog(page), "Mark as shipped").click()
    expect(dialog(page).get_by_role("alert")).to_contain_text("Enter the carrier")
    dialog(page).get_by_label("Carrier").fill("顺丰速运")
    dialog(page).get_by_label("Tracking number").fill("SF100200300")
    button(dialog(page), "Mark as shipped").click()
    expect(page.get_by_role("dialog", name="Order")).to_contain_text("Change the parcel")
    li.page.reload()
    state_is(li, "On the way")
    expect(li.page.get_by_role("main")).to_contain_text("SF100200300")

    boss.go("merchant/1/settlement")
    line = page.get_by_role("listitem").filter(has_text=number)
    expect(line).to_contain_text("Given up −¥34.00")

    asked(li, "POST", f"/orders/{number}/received")
    detail = asked(li, "GET", f"/orders/{number}")["lines"][0]
    body = {"lines": [{"line": detail["id"], "quantity": 1}], "reason": "Corked"}
    asked(li, "POST", f"/orders/{number}/returns", body)
    boss.go("merchant/1")
    page.get_by_role("link", name=re.compile("Returns asked")).click()
    one = page.get_by_role("region", name=f"Order {number}")
    expect(one).to_contain_text("CorkedWould go backCash ¥68.00")
    one.get_by_label("Answer (optional)").fill("Sorry for that.")
    button(one, "Accept").click()
    button(dialog(page), "Accept").click()
    expect(one).to_have_count(0)
    button(page, "Done").click()
    expect(one).to_contain_text("Cash ¥68.00")
    li.page.reload()
    state_is(li, "Refunded")
    assert boss.faults == []
    assert li.faults == []


def test_another_persons_desk_is_not_there(phone: Picks) -> None:
    li = phone()
    li.log_in(LI)
    li.go("merchant/1")
    expect(li.page.get_by_text("There is no such page")).to_be_visible()
