"""What an operator adds to the shop: goods, categories, offers, coupons, merchants."""

from decimal import Decimal
from functools import partial

import pytest

from shareback.console.models import AuditEntry
from shareback.engine.batch import DaysUnclosed
from shareback.mall import baskets, opening
from shareback.mall.accounts.models import User
from shareback.mall.models import MerchantStaff
from shareback.mall.opening import open_category
from shareback.mall.oscar.catalogue.models import Category, Product
from shareback.mall.oscar.offer.models import ConditionalOffer
from shareback.mall.oscar.partner.models import Partner
from shareback.mall.oscar.voucher.models import Voucher
from tests.attacks.at_once import together
from tests.backends.house import YUAN, House, Opens
from tests.console.desks import Hires, Worker

GOOD, CATEGORY = "shop/catalogue/product/", "shop/catalogue/category/"
OFFER, COUPON, MERCHANT = (
    "shop/offer/conditionaloffer/",
    "shop/voucher/voucher/",
    "shop/partner/partner/",
)
PATHS = (GOOD, CATEGORY, OFFER, COUPON, MERCHANT)


def good_form(house: House, **changed: str) -> dict[str, str]:
    """The form of a new good."""
    return {
        "partner": str(house.partner.pk),
        "kind": "voucher",
        "title": "双人晚餐",
        "title_en": "Dinner for two",
        "price": "288.00",
        "stock": "30",
        "valid_days": "60",
        "is_public": "on",
        **changed,
    }


def promise_form(**changed: str) -> dict[str, str]:
    """The form of a new offer."""
    return {"name": "满 100 减 20", "least": "100", "kind": "yuan", "off": "20", **changed}


def coupon_form(**changed: str) -> dict[str, str]:
    """The form of a new coupon, for some years."""
    days = {"begins": "2026-01-01T00:00", "ends": "2099-12-31T23:59"}
    return promise_form(**{"code": "spring20", "usage": "Once per customer", **days, **changed})


def faults(worker: Worker, path: str, form: dict[str, str]) -> str:
    """The page that says why nothing was made."""
    answer = worker.post(f"{path}add/", **form)
    assert answer.status_code == 422
    return answer.content.decode()


def test_a_good_is_added_bought_and_told_of(house: House, operator: Worker) -> None:
    category = open_category(house.shop, "餐饮", "Meals")
    form = good_form(house, category=str(category.pk))
    assert operator.post(f"{GOOD}add/", **form).status_code == 302
    good = Product.objects.get(programme_id=house.programme, title="双人晚餐")
    held = good.stockrecords.get()
    assert (held.price, held.net_stock_level) == (Decimal("288.00"), 30)
    assert (good.partner, good.kind, good.valid_days) == (house.partner, "voucher", 60)
    assert list(good.categories.all()) == [category]
    assert house.bought(house.member(), good).cash_uyuan == 288 * YUAN
    row = AuditEntry.objects.filter(programme_id=house.programme, changed=True).latest("pk")
    assert row.detail == f"catalogue_product {good.pk}: added"


@pytest.mark.parametrize("changed", [{"price": "-1"}, {"title": ""}, {"kind": "x"}, {"stock": ""}])
def test_a_good_that_cannot_be_is_not_added(
    house: House, operator: Worker, changed: dict[str, str]
) -> None:
    faults(operator, GOOD, good_form(house, **changed))
    assert not Product.objects.filter(programme_id=house.programme).exists()


def test_a_good_moves_to_another_category(house: House, operator: Worker) -> None:
    good, category = house.good(), open_category(house.shop, "红酒", "Red")
    form = {"title": good.title, "price": "100", "stock": "10", "category": str(category.pk)}
    assert operator.post(f"{GOOD}{good.pk}/change/", **form).status_code == 302
    assert list(good.categories.all()) == [category]


def test_a_category_is_added_below_another(house: House, operator: Worker) -> None:
    above = open_category(house.shop, "酒", "Wine")
    form = {"name": "白酒", "name_en": "White", "parent": str(above.pk)}
    assert operator.post(f"{CATEGORY}add/", **form).status_code == 302
    made = Category.objects.get(programme_id=house.programme, name="白酒")
    assert (made.depth, made.path.startswith(above.path)) == (2, True)


def test_an_offer_is_announced_and_taken_off(house: House, operator: Worker) -> None:
    assert operator.post(f"{OFFER}add/", **promise_form()).status_code == 302
    li, wine = house.member(), house.good("100.00")
    assert house.bought(li, wine).cash_uyuan == 80 * YUAN
    page = faults(operator, OFFER, promise_form())
    assert "an offer of this name already" in page
    assert ConditionalOffer.objects.filter(programme_id=house.programme).count() == 1


def test_an_offer_of_per_cent_is_about_its_category_alone(house: House, operator: Worker) -> None:
    category = open_category(house.shop, "红酒", "Red")
    form = promise_form(kind="per_cent", off="15", least="0", category=str(category.pk))
    assert operator.post(f"{OFFER}add/", **form).status_code == 302
    inside, outside = house.good("99.99"), house.good("99.99", title="面")
    inside.categories.set([category])
    assert house.bought(house.member(), inside).cash_uyuan == 84_990_000
    assert house.bought(house.member(), outside).cash_uyuan == 99_990_000


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"off": "120"}, "No more than the value"),
        ({"off": "0"}, "0.01"),
        ({"kind": "per_cent", "off": "100"}, "from 1 to 99"),
        ({"kind": "per_cent", "off": "12.5"}, "from 1 to 99"),
        ({"begins": "2099-01-02T00:00", "ends": "2099-01-01T00:00"}, "must end after it begins"),
        ({"ends": "2020-01-01T00:00"}, "must end after it begins"),
        ({"begins": "0001-01-01T00:00"}, "2000 to 2199"),
        ({"ends": "9999-12-31T23:59"}, "2000 to 2199"),
        ({"off": "1e400"}, "digits"),
        ({"off": "NaN"}, "number"),
        ({"budget": "-1"}, "0.01"),
        ({"each_max": "1e9"}, "whole number"),
    ],
)
def test_an_offer_that_cannot_be_is_not_announced(
    house: House, operator: Worker, changed: dict[str, str], said: str
) -> None:
    assert said in faults(operator, OFFER, promise_form(**changed))
    assert not ConditionalOffer.objects.filter(programme_id=house.programme).exists()


def test_a_coupon_is_issued_and_used_once_by_a_member(house: House, operator: Worker) -> None:
    assert operator.post(f"{COUPON}add/", **coupon_form()).status_code == 302
    coupon = Voucher.objects.get(programme_id=house.programme)
    assert (coupon.code, coupon.usage) == ("SPRING20", Voucher.ONCE_PER_CUSTOMER)
    li, wine = house.member(), house.good("100.00")
    house.put(li, wine)
    baskets.add_coupon(li, "spring20")
    assert house.order(house.pay(house.buy(li))).cash_uyuan == 80 * YUAN
    assert "a coupon of this code already" in faults(operator, COUPON, coupon_form(name="else"))
    assert "4 to 20 capital letters" in faults(
        operator, COUPON, coupon_form(name="else", code="a b")
    )
    assert Voucher.objects.filter(programme_id=house.programme).count() == 1
    assert ConditionalOffer.objects.filter(programme_id=house.programme).count() == 1


def test_of_many_who_add_the_same_at_once_one_does(house: House) -> None:
    works = [
        partial(
            Worker().granted(house.programme, "operator").at_work(house.programme).post,
            path,
            **form,
        )
        for path, form in (
            (f"{OFFER}add/", promise_form()),
            (f"{COUPON}add/", coupon_form(name="c")),
        )
        for _time in range(15)
    ]
    answers = [answer.status_code for answer in together(works)]
    assert sorted(answers) == [302] * 2 + [422] * 28
    assert Voucher.objects.filter(programme_id=house.programme).count() == 1
    assert ConditionalOffer.objects.filter(programme_id=house.programme).count() == 2


def test_what_the_engine_refuses_is_told_and_nothing_is_made(
    house: House, operator: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(_programme: int, _commands: object) -> None:
        raise DaysUnclosed(5, 900)

    monkeypatch.setattr(opening, "must", refuses)
    form = {"name": "新茶庄", "trade": "tea", "owner": "13912345678"}
    assert "days" in faults(operator, MERCHANT, form)
    assert not Partner.objects.filter(programme_id=house.programme, name="新茶庄").exists()


def test_a_merchant_is_added_with_its_owner(house: House, operator: Worker) -> None:
    form = {
        "name": "新茶庄",
        "name_en": "Tea",
        "trade": "tea",
        "concession": "55",
        "owner": "13912345678",
    }
    assert operator.post(f"{MERCHANT}add/", **form).status_code == 302
    made = Partner.objects.get(programme_id=house.programme, name="新茶庄")
    owner = User.objects.get(phone="+8613912345678")
    assert (made.concession_ppm, made.trade, owner.phone_verified) == (550_000, "tea", False)
    assert MerchantStaff.objects.get(partner=made, user=owner).role == MerchantStaff.Role.OWNER
    assert "must cover contribution" in faults(operator, MERCHANT, {**form, "concession": "3"})
    assert "No mobile number" in faults(operator, MERCHANT, {**form, "owner": "12"})


def test_what_a_merchant_gives_up_is_changed_as_far_as_its_goods_allow(
    new_house: Opens, hire: Hires
) -> None:
    house = new_house(backing_by_category={"green": "0.45"})
    operator = hire(house.programme, "operator")
    good = house.good("100.00", backing_category="green")
    assert 'name="concession" value="50"' in operator.text(f"{MERCHANT}{house.partner.pk}/change/")
    path, form = f"{MERCHANT}{house.partner.pk}/change/", {"name": "酒庄", "is_open": "on"}
    assert operator.post(path, **form, concession="40").status_code == 422
    assert operator.post(path, **form, concession="60.25").status_code == 302
    house.partner.refresh_from_db()
    assert house.partner.concession_ppm == 602_500
    order = house.bought(house.member(), good)
    assert order.concession_ppm == 602_500


def test_another_programmes_rows_cannot_be_named(
    house: House, new_house: Opens, operator: Worker
) -> None:
    other = new_house()
    category = open_category(other.shop, "x", "x")
    faults(operator, GOOD, good_form(house, partner=str(other.partner.pk)))
    faults(operator, GOOD, good_form(house, category=str(category.pk)))
    faults(operator, CATEGORY, {"name": "y", "parent": str(category.pk)})
    faults(operator, OFFER, promise_form(category=str(category.pk)))
    assert not Product.objects.filter(programme_id=house.programme).exists()


@pytest.mark.parametrize("role", ["approver", "finance", "auditor", "support"])
def test_nobody_else_adds_anything(house: House, hire: Hires, role: str) -> None:
    worker = hire(house.programme, role)
    for path in PATHS:
        assert worker.get(f"{path}add/").status_code == 403
        assert worker.post(f"{path}add/", **promise_form()).status_code == 403
        assert f"{path}add/" not in worker.text(path)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_form_opens_and_its_list_leads_to_it(
    house: House, operator: Worker, language: str
) -> None:
    operator.client.cookies["shareback_language"] = language
    for path in PATHS:
        assert f"{path}add/" in operator.text(path)
        form = operator.text(f"{path}add/")
        assert "<form" in form
        assert 'href=""' not in form
