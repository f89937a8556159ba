"""The stories of a member's money: what is told, selling, converting, inviting, settings."""

import re
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Route, expect

from tests.browser.h5.conftest import BOTH_DATABASES, Phone, Picks
from tests.browser.h5.steps import asked, button, dialog
from tests.browser.h5.world import BOSS, CODE, LI, PASSWORD, WANG, Person

FRIEND = "13912340001"
OTHER_PASSWORD = "as calm as it was 8"


def money(amount: str) -> str:
    """Yuan as the pages show them: cut to two places."""
    return f"¥{Decimal(amount).quantize(Decimal('0.01'), 'ROUND_DOWN'):,}"


def trade(phone: Phone, path: str, points: str, does: str, sure: str) -> None:
    """Sell or convert points, up to what is told when it is done."""
    page = phone.page
    phone.go(path)
    page.get_by_role("textbox").fill(points)
    page.get_by_role("button", name=re.compile(does)).click()
    button(dialog(page), sure).click()


def enter_by_code(phone: Phone, number: str) -> None:
    """On the log-in page: by the code of the demo."""
    page = phone.page
    page.get_by_label("Mobile number").fill(number)
    button(page, "Send a code").click()
    expect(page.get_by_role("button", name=re.compile("Again in"))).to_be_visible()
    page.get_by_label("Code", exact=True).fill(CODE)
    button(page, "Log in").click()


def test_all_that_a_member_holds_is_told_with_its_plain_words(phone: Picks) -> None:
    li = phone()
    page = li.page
    li.log_in(LI)
    li.go("points")
    told = asked(li, "GET", "/me/points")
    main = page.get_by_role("main")
    expect(page.get_by_role("region", name="Points", exact=True)).to_contain_text("Worth ¥")
    expect(page.get_by_role("region", name="Cash balance")).to_contain_text(money(told["cash"]))
    quota = page.get_by_role("region", name="Quota")
    expect(quota).to_contain_text(money(told["quota"]["left"]))
    expect(quota).to_contain_text("never a promise, never a debt")
    for sentence in told["words"]:
        expect(main).to_contain_text(re.sub(r"\s+", " ", sentence))
    pending = page.get_by_role("region", name="Pending awards")
    expect(pending).to_contain_text("Matures on")
    button(pending, f"See all {told['pending_count']}").click()
    expect(pending.get_by_role("listitem")).to_have_count(told["pending_count"])
    price = page.get_by_role("region", name="Price of a point")
    expect(price.locator("[data-drawn=true]")).to_be_visible()
    expect(price).to_contain_text("Axis from zero")
    assert li.faults == []


@BOTH_DATABASES
def test_points_are_sold_for_what_was_quoted(phone: Picks) -> None:
    li = phone()
    page = li.page
    li.log_in(LI)
    before = asked(li, "GET", "/me/points")
    quote = asked(li, "GET", "/me/quote?points=10")
    li.go("points/sell")
    expect(page.get_by_role("button", name="Sell points")).to_be_disabled()
    page.get_by_role("textbox").fill("10")
    expect(page.get_by_role("main")).to_contain_text(f"Fee of 10%−{money(quote['fee'])}")
    expect(page.get_by_role("main")).to_contain_text(money(quote["quota_left_after"]))
    button(page, "Sell 10.0000 points").click()
    expect(dialog(page)).to_contain_text("a sale cannot be undone")
    button(dialog(page), "Confirm the sale").click()
    expect(page.get_by_role("heading", name="In your cash balance")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(money(quote["net"]))
    after = asked(li, "GET", "/me/points")
    assert Decimal(after["cash"]) - Decimal(before["cash"]) == Decimal(quote["net"])
    page.get_by_role("link", name="See the statement").click()
    first = page.get_by_role("main").get_by_role("listitem").first
    expect(first).to_contain_text("Points sold")
    expect(first).to_contain_text("−10.0000")
    assert li.faults == []


def test_more_points_than_are_held_are_not_sold(phone: Picks) -> None:
    li = phone()
    page = li.page
    li.log_in(LI)
    li.go("points/sell")
    page.get_by_role("textbox").fill("99999999")
    expect(page.get_by_role("status").filter(has_text="At most")).to_be_visible()
    expect(page.get_by_role("button", name="Sell points")).to_be_disabled()
    assert li.faults == []


def test_a_rest_that_would_be_dust_goes_with_it(phone: Picks) -> None:
    li = phone()
    page = li.page
    li.log_in(LI)
    held = Decimal(asked(li, "GET", "/me/points")["points"])
    li.go("points/sell")
    page.get_by_role("textbox").fill(str(held - Decimal("0.005")))
    expect(page.get_by_role("main")).to_contain_text("so all of it goes")
    assert li.faults == []


@BOTH_DATABASES
def test_points_become_coins(phone: Picks) -> None:
    wang = phone()
    page = wang.page
    wang.log_in(WANG)
    trade(wang, "points/convert", "5", "^Turn 5.0000 points into coins$", "Confirm")
    expect(page.get_by_role("heading", name="Coins received")).to_be_visible()
    coins = asked(wang, "GET", "/me/points")["coins"]
    expect(page.get_by_role("main")).to_contain_text(money(coins).removeprefix("¥"))
    assert wang.faults == []


@BOTH_DATABASES
def test_a_sale_whose_answer_was_lost_is_made_once(phone: Picks) -> None:
    wang = phone()
    page = wang.page
    wang.log_in(WANG)
    before = Decimal(asked(wang, "GET", "/me/points")["points"])
    lost: list[object] = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    page.route("**/me/sell", lose)
    trade(wang, "points/sell", "2", "^Sell 2.0000 points$", "Confirm the sale")
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    page.get_by_role("button", name="Sell 2.0000 points").click()
    button(dialog(page), "Confirm the sale").click()
    expect(page.get_by_role("heading", name="In your cash balance")).to_be_visible()
    assert before - Decimal(asked(wang, "GET", "/me/points")["points"]) == 2


def test_dividends_and_tiers_are_told(phone: Picks) -> None:
    li = phone()
    page = li.page
    li.log_in(LI)
    days = asked(li, "GET", "/me/dividends")["items"]
    li.go("points/dividends")
    main = page.get_by_role("main")
    expect(main.get_by_role("listitem").first).to_contain_text(money(days[0]["amount"]))
    expect(main.get_by_role("img", name=re.compile("Latest daily dividends"))).to_be_visible()
    expect(main).to_contain_text("Axis from zero")
    li.go("tier")
    expect(main.get_by_role("listitem")).to_have_count(3)
    expect(main.locator("[aria-current=step]")).to_contain_text("You are here")
    expect(main).to_contain_text("Weight ×")
    assert li.faults == []


def test_a_friend_is_invited_and_joins(phone: Picks) -> None:
    li, friend = phone(), phone()
    li.log_in(LI)
    li.go("invite")
    qr = li.page.get_by_role("img", name="Invitation as a QR code")
    expect(qr).to_have_attribute("data-shown", "true")
    before = asked(li, "GET", "/me/invite")
    friend.page.goto(before["url"])
    expect(friend.page.get_by_role("heading", level=1)).to_have_text("Join Vintage")
    expect(friend.page.get_by_role("main")).to_contain_text("nobody promises where it goes")
    button(friend.page, "Log in and join").click()
    expect(friend.page.get_by_label("Invitation")).to_have_value(before["code"])
    enter_by_code(friend, FRIEND)
    expect(friend.page).to_have_url(friend.site.path("points"))
    expect(friend.page.get_by_role("region", name="Points", exact=True)).to_contain_text("0.0000")
    li.page.reload()
    expect(
        li.page.get_by_role("main").get_by_role("listitem").filter(has_text="Joined on")
    ).to_have_count(before["count"] + 1)
    li.page.goto(before["url"])
    expect(li.page.get_by_text("This is your own invitation")).to_be_visible()
    friend.page.goto(before["url"])
    expect(friend.page.get_by_text("You are a member already")).to_be_visible()
    assert li.faults == []
    assert friend.faults == []


def test_who_serves_a_merchant_is_offered_to_join(phone: Picks) -> None:
    boss = phone()
    boss.log_in(BOSS)
    for path in ("points", "points/sell", "points/statement", "tier", "invite", "scan"):
        boss.go(path)
        expect(button(boss.page, "Become a member")).to_be_visible()


def test_settings_are_kept(phone: Picks) -> None:
    one = phone()
    page = one.page
    one.go("login")
    enter_by_code(one, "13912340002")
    expect(page).to_have_url(one.site.path("me"))
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("button", name=re.compile("^Name")).click()
    dialog(page).get_by_role("textbox").fill("韩梅梅")
    button(dialog(page), "Save").click()
    expect(page.get_by_role("button", name=re.compile("^Name"))).to_contain_text("韩梅梅")
    page.get_by_role("button", name=re.compile("^Password")).click()
    dialog(page).get_by_label("New password").fill("short")
    button(dialog(page), "Save").click()
    expect(dialog(page).get_by_role("alert").first).to_contain_text("At least 8 characters")
    dialog(page).get_by_label("New password").fill(PASSWORD)
    button(dialog(page), "Save").click()
    expect(page.get_by_role("button", name=re.compile("^Password"))).to_contain_text("Change")
    # The page turns at once; that it is kept is answered a moment later.
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        button(page, "中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("设置")
    assert asked(one, "GET", "/me/settings") == {"name": "韩梅梅", "language": "zh"}
    button(page, "退出登录").click()
    button(dialog(page), "退出登录").click()
    expect(page).to_have_url(one.site.path())
    one.log_in(Person("13912340002", "韩梅梅"))
    assert one.faults == []


@BOTH_DATABASES
def test_a_month_of_the_statement_is_saved_as_a_pdf(phone: Picks) -> None:
    li = phone()
    page = li.page
    li.log_in(LI)
    li.go("points/statement")
    months = asked(li, "GET", "/me/statements")["items"]
    assert len(months) > 1
    button(page, "Monthly statements (PDF)").click()
    sheet = dialog(page)
    expect(sheet.get_by_role("button", name=re.compile(r"entries"))).to_have_count(len(months))
    expect(sheet).to_contain_text("entries so far")
    with page.expect_download() as saving:
        sheet.get_by_role("button", name=re.compile(r"entries PDF$")).first.click()
    assert saving.value.suggested_filename.endswith(f"{months[1]['month']}.pdf")
    assert Path(saving.value.path()).read_bytes().startswith(b"%PDF-")
    assert li.faults == []
