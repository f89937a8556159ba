"""The shop's own pages: of one programme, changed as the table of roles says, and told of."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from shareback.console.models import AuditEntry
from shareback.console.roles import MODELS
from shareback.console.shop import scoped
from shareback.mall.opening import open_category
from shareback.mall.oscar.catalogue.models import Product
from tests.backends.house import House, Opens
from tests.console.desks import Hires, Worker


def path(label: str, key: int | None = None) -> str:
    """Where a model's list, or one row of it, is."""
    app, model = label.split("_")
    return f"shop/{app}/{model}/" + (f"{key}/change/" if key is not None else "")


def furnished(house: House) -> dict[str, Any]:
    """A row of each model that a house has of itself."""
    good = house.good()
    order = house.bought(house.member(), good)
    user = house.user()
    review = get_model("reviews", "ProductReview").objects.create(
        product=good, user=user, score=5, title="t", body="好酒 <b>", status=1
    )
    return {
        "catalogue_product": good,
        "catalogue_category": open_category(house.shop, "红酒", "Red"),
        "partner_stockrecord": good.stockrecords.get(),
        "order_order": order,
        "partner_partner": house.partner,
        "reviews_productreview": review,
    }


def filled(good: Product, **changed: str) -> dict[str, str]:
    """The form of a good as it stands."""
    held = good.stockrecords.get()
    return {
        "title": good.title,
        "title_en": good.title_en,
        "subtitle": good.subtitle,
        "subtitle_en": good.subtitle_en,
        "description": good.description,
        "description_en": good.description_en,
        "price": str(held.price),
        "stock": str(held.net_stock_level),
        "is_public": "on",
        **changed,
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_list_and_every_row_opens(house: House, hire: Hires, language: str) -> None:
    rows = furnished(house)
    for role in ("operator", "auditor"):
        worker = hire(house.programme, role)
        worker.client.cookies["shareback_language"] = language
        for label in MODELS:
            page = worker.text(path(label))
            assert "<h1>" in page
            if label in rows:
                assert f"/{rows[label].pk}/change/" in page, label
                row = worker.text(path(label, rows[label].pk))
                assert "<b>" not in row.replace("<b>" + worker.name, "").partition("<main")[2]


def test_no_list_shows_another_programmes_rows(
    house: House, new_house: Opens, operator: Worker
) -> None:
    others = furnished(new_house())
    for label, row in others.items():
        assert f"/{row.pk}/change/" not in operator.text(path(label)), label
        assert operator.get(path(label, row.pk)).status_code == 404, label
        assert operator.post(path(label, row.pk), name="x", title="x").status_code in {403, 404}


def test_a_good_is_changed_and_the_trail_tells_what(house: House, operator: Worker) -> None:
    good = house.good("100.00", stock=10)
    form = filled(good, title="赤霞珠", price="88.50", stock="7")
    assert operator.post(path("catalogue_product", good.pk), **form).status_code == 302
    good.refresh_from_db()
    held = good.stockrecords.get()
    assert (good.title, held.price, held.net_stock_level) == ("赤霞珠", Decimal("88.50"), 7)
    row = AuditEntry.objects.filter(programme_id=house.programme, changed=True).latest("pk")
    told = {part.strip() for part in row.detail.removesuffix(" changed").split(":")[1].split(",")}
    assert told == {"title", "price", "stock"}
    del form["is_public"]
    assert operator.post(path("catalogue_product", good.pk), **form).status_code == 302
    good.refresh_from_db()
    assert good.is_public is False


def test_stock_that_waits_for_payment_stays_allocated(house: House, operator: Worker) -> None:
    good = house.good("100.00", stock=10)
    house.buy(house.member(), good, 4)
    form = filled(good, stock="20")
    assert operator.post(path("catalogue_product", good.pk), **form).status_code == 302
    held = good.stockrecords.get()
    assert (held.num_in_stock, held.num_allocated, held.net_stock_level) == (24, 4, 20)


@pytest.mark.parametrize(
    "changed", [{"price": "-1"}, {"price": "1.234"}, {"stock": "-1"}, {"title": ""}, {"stock": "x"}]
)
def test_what_a_good_cannot_be_is_not_written(
    house: House, operator: Worker, changed: dict[str, str]
) -> None:
    good = house.good("100.00", stock=10)
    answer = operator.post(path("catalogue_product", good.pk), **filled(good, **changed))
    assert answer.status_code == 422
    held = good.stockrecords.get()
    assert (held.price, held.net_stock_level) == (Decimal("100.00"), 10)
    changes = AuditEntry.objects.filter(programme_id=house.programme, changed=True)
    assert not changes.exclude(page="people").exists()


@pytest.mark.parametrize("role", ["approver", "finance", "auditor", "support"])
def test_others_look_at_goods_and_change_none(house: House, hire: Hires, role: str) -> None:
    good = house.good()
    worker = hire(house.programme, role)
    page = worker.text(path("catalogue_product", good.pk))
    assert 'name="_save"' not in page
    form = filled(good, title="x")
    assert worker.post(path("catalogue_product", good.pk), **form).status_code == 403


def test_nothing_is_removed_here(house: House, operator: Worker) -> None:
    good = house.good()
    for tail in (f"{good.pk}/delete/", f"{good.pk}/history/"):
        assert operator.get(f"shop/catalogue/product/{tail}").status_code == 404
    form = {"action": "delete_selected", "_selected_action": str(good.pk), "post": "yes"}
    operator.post(path("catalogue_product"), **form)
    assert Product.objects.filter(pk=good.pk).exists()


def test_a_review_is_hidden_and_the_rating_follows(house: House, hire: Hires) -> None:
    rows = furnished(house)
    support, review = hire(house.programme, "support"), rows["reviews_productreview"]
    assert support.post(path("reviews_productreview", review.pk), status="2").status_code == 302
    review.refresh_from_db()
    good = rows["catalogue_product"]
    good.refresh_from_db()
    assert (review.status, review.body, good.rating) == (2, "好酒 <b>", None)


def test_a_merchant_and_a_category_are_renamed(house: House, operator: Worker) -> None:
    rows = furnished(house)
    form = {"name": "新酒庄", "name_en": "Winery", "concession": "50"}
    assert operator.post(path("partner_partner", house.partner.pk), **form).status_code == 302
    house.partner.refresh_from_db()
    assert (house.partner.name, house.partner.is_open) == ("新酒庄", False)
    category = rows["catalogue_category"]
    named = {"name": "白酒", "name_en": "White", "is_public": "on"}
    assert operator.post(path("catalogue_category", category.pk), **named).status_code == 302
    category.refresh_from_db()
    assert (category.name, category.name_en, category.is_public) == ("白酒", "White", True)


def test_lists_are_filtered_and_searched(house: House, operator: Worker) -> None:
    rows = furnished(house)
    order = rows["order_order"]
    label = path("order_order")
    assert order.number in operator.text(label, status="paid")
    assert order.number not in operator.text(label, status="closed")
    assert order.number in operator.text(label, q=order.number)
    assert order.number in operator.text(label, status="nonsense")


def test_a_list_counts_no_further_than_it_pages(
    house: House, operator: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoped, "LISTED_MAX", 60)
    for number in range(70):
        house.good(title=f"good {number}")
    with CaptureQueriesContext(connection) as asked:
        operator.text(path("catalogue_product"))
    counts = [one["sql"] for one in asked.captured_queries if "COUNT(" in one["sql"]]
    assert counts
    assert all("LIMIT 60" in sql for sql in counts)
    assert len(asked.captured_queries) < 30
    assert operator.get(path("catalogue_product"), p="2").status_code == 200
