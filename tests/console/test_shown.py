"""What pages of the console say is in the reader's words, and figures stand in line."""

from shareback.console.shown import Voice
from shareback.engine import commands as cmd
from shareback.mall.engines import now_us
from tests.backends.house import YUAN, House
from tests.console.desks import Hires, Worker
from tests.console.test_adding import CATEGORY, GOOD

STOCK = "shop/partner/stockrecord/"


def test_a_merchants_trade_is_in_the_readers_words(house: House, operator: Worker) -> None:
    orchard, own = house.merchant("四季", trade="fruit"), house.merchant("怪店", trade="kites")
    operator.client.cookies["shareback_language"] = "zh"
    shown = operator.text("merchants/")
    assert '<td class="">水果</td>' in shown
    # A word of the operator's own, for which nobody has another.
    assert "kites" in shown
    assert "水果" in operator.text(f"merchants/{orchard.number}/")
    assert "kites" in operator.text(f"merchants/{own.number}/")


def test_what_was_saved_is_told_in_the_readers_words(house: House, operator: Worker) -> None:
    operator.client.cookies["shareback_language"] = "zh"
    assert operator.post(f"{CATEGORY}add/", name="白酒").status_code == 302
    assert "已新增：白酒" in operator.text(CATEGORY)
    good = house.good("100.00")
    form = {"title": "新名", "price": "100", "stock": "10", "is_public": "on"}
    assert operator.post(f"{GOOD}{good.pk}/change/", **form).status_code == 302
    assert "已保存：新名" in operator.text(GOOD)


def test_stock_has_its_price_with_the_sign_and_says_that_nothing_is_allocated(
    house: House, operator: Worker
) -> None:
    house.good("69.00")
    page = operator.text(STOCK)
    assert "¥69.00" in page
    assert 'data-label="Allocated">0</td>' in page


def test_money_in_the_journal_has_two_decimals_or_all_of_them(
    house: House, operator: Worker
) -> None:
    house.tell(cmd.FundTreasury(now_us(), 28 * YUAN), cmd.FundTreasury(now_us(), 28 * YUAN + 1))
    page = operator.text("journal/")
    assert "¥28.00<" in page
    assert "¥28.000001" in page


def test_shares_of_a_column_have_as_many_decimals() -> None:
    voice = Voice("en")
    assert [voice.share(ppm) for ppm in (0, 162_000, 162_399, 1_000_000)] == [
        "0.00%",
        "16.20%",
        "16.23%",
        "100.00%",
    ]


def test_the_trail_names_what_forms_fetch(house: House, operator: Worker, hire: Hires) -> None:
    assert operator.get("jsi18n/").status_code == 200
    assert "Words of forms" in hire(house.programme, "auditor").text("trail/")
