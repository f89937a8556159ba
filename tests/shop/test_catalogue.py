"""What everybody can look at: one programme's goods, in every order, page by page."""

from decimal import Decimal
from typing import Any

import pytest
from oscar.core.loading import get_model

from shareback.mall import orders
from shareback.mall.opening import open_category
from shareback.mall.oscar.catalogue.models import Product
from tests.backends.house import House, Opens
from tests.shop.callers import Caller, Staffed

MARKUP = "<script>alert(1)</script>"


def listed(caller: Caller, query: str) -> list[int]:
    """All goods of a list, page after page of two."""
    found: list[int] = []
    after = ""
    for _page in range(20):
        page = caller.told(f"/goods?{query}&limit=2&after={after}")
        assert len(page["items"]) <= 2
        found += [item["id"] for item in page["items"]]
        after = page["next"] or ""
        if not after:
            return found
    raise AssertionError("the list does not end")


@pytest.fixture
def goods(house: House) -> list[Product]:
    """Seven goods, of which some cost the same and were sold as often."""
    prices = ("9.90", "100.00", "100.00", "20.00", "9.90", "100.00", "1000.00")
    made = [house.good(price) for price in prices]
    for place, good in enumerate(made):
        Product.objects.filter(pk=good.pk).update(sold=place % 3)
    return made


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("new", (6, 5, 4, 3, 2, 1, 0)),
        ("popular", (5, 2, 4, 1, 6, 3, 0)),
        ("price_asc", (4, 0, 3, 5, 2, 1, 6)),
        ("price_desc", (6, 5, 2, 1, 3, 4, 0)),
    ],
)
def test_each_order_goes_page_by_page(
    visitor: Caller, goods: list[Product], sort: str, order: tuple[int, ...]
) -> None:
    assert listed(visitor, f"sort={sort}") == [goods[place].pk for place in order]


def test_a_cursor_that_was_never_given_out_is_refused(visitor: Caller) -> None:
    for after in ("x", "bm90IGEgY3Vyc29y", "w4PCqA"):
        response = visitor.get(f"/goods?sort=price_asc&after={after}")
        assert response.status_code == 422, response.content


def test_words_of_both_languages_are_found(house: House, visitor: Caller) -> None:
    noodles = house.merchant("老张面馆", name_en="Zhang’s Noodles")
    wine = house.good(title="贺兰山干红葡萄酒", title_en="Helan Mountain dry red")
    bowl = house.good(title="牛肉面", title_en="Beef noodles", partner=noodles)
    for query, found in {
        "干红": [wine],
        "山干": [wine],
        "DRY": [wine],
        "red helan": [wine],
        "red noodles": [],
        "面馆": [bowl],
        "牛肉 老张": [bowl],
        "%25": [],
        "_": [],
    }.items():
        assert listed(visitor, f"q={query}") == [one.pk for one in found], query


def test_a_category_holds_what_is_below_it_once(house: House, visitor: Caller) -> None:
    drinks = open_category(house.shop, "饮品", "Drinks", "cup")
    wines = open_category(house.shop, "葡萄酒", "Wines", "bottle", drinks)
    wine = house.good()
    wine.categories.set([drinks, wines])
    house.good()
    assert listed(visitor, f"category={drinks.pk}") == [wine.pk]
    assert listed(visitor, f"category={wines.pk}") == [wine.pk]
    (top,) = visitor.told("/categories")
    assert (top["name"], top["children"][0]["name"]) == ("Drinks", "Wines")


def test_goods_of_another_programme_are_not_there(
    house: House, new_house: Opens, visitor: Caller
) -> None:
    other = new_house()
    foreign, place = other.good(), open_category(other.shop, "别处")
    assert listed(visitor, "") == []
    for path in (
        f"/goods/{foreign.pk}",
        f"/goods/{foreign.pk}/reviews",
        f"/merchants/{other.partner.pk}",
        f"/goods?category={place.pk}",
        f"/goods/{2**63}",
        f"/merchants/{2**80}",
        f"/goods?category={2**63}",
    ):
        assert visitor.get(path).status_code == 404, path
    assert listed(visitor, f"merchant={other.partner.pk}") == []
    assert listed(visitor, f"merchant={2**70}") == []


def test_what_is_hidden_is_not_there(house: House, visitor: Caller) -> None:
    hidden = house.good(is_public=False)
    closed = house.merchant("歇业")
    shut = house.good(partner=closed)
    closed.is_open = False
    closed.save()
    assert listed(visitor, "") == []
    for good in (hidden, shut):
        assert visitor.get(f"/goods/{good.pk}").status_code == 404
    assert visitor.get(f"/merchants/{closed.pk}").status_code == 404


def test_a_good_says_what_it_earns(new_house: Opens) -> None:
    house = new_house(maturity_days=7, referral_rate="0.1")
    good = house.good("100.00", kind="voucher", valid_days=30)
    document = Caller(house).told(f"/goods/{good.pk}")
    assert document["earns"] == "21"
    assert document["earns_detail"] == {"award": "21", "quota": "200", "matures_after_days": 7}
    assert document["valid_days"] == 30
    assert document["price"] == "100.00"
    assert (document["stock_left"], document["can_buy"]) == (10, True)


def test_plenty_is_not_counted_and_nothing_cannot_be_bought(house: House, visitor: Caller) -> None:
    plenty, none = house.good(stock=100), house.good(stock=0)
    assert visitor.told(f"/goods/{plenty.pk}")["stock_left"] is None
    empty = visitor.told(f"/goods/{none.pk}")
    assert (empty["stock_left"], empty["can_buy"]) == (0, False)


def received(house: House, buyer: Caller, good: Product) -> None:
    """Let a member buy a good, and receive it."""
    order = house.bought(buyer.membership, good)
    orders.ship(house.partner, order.number, "顺丰", "SF1")
    orders.receive(buyer.membership, order.number)


def with_address(house: House, caller: Caller) -> Caller:
    """A member who can be sent parcels."""
    caller.done(
        "/addresses",
        {
            "name": "李雷",
            "phone": "13800138000",
            "province": "宁夏",
            "city": "银川",
            "district": "兴庆",
            "detail": "解放街 1",
        },
    )
    return caller


def test_only_who_bought_and_received_reviews_and_once(house: House, li: Caller) -> None:
    good = house.good()
    body = {"score": 5, "text": "好"}
    path = f"/goods/{good.pk}/reviews"
    assert li.refused(path, body) == "not_received"
    with_address(house, li)
    order = house.bought(li.membership, good)
    assert li.refused(path, body) == "not_received"
    orders.ship(house.partner, order.number, "顺丰", "SF1")
    orders.receive(li.membership, order.number)
    assert li.told(f"/goods/{good.pk}")["can_review"]
    assert li.post(path, body).status_code == 201
    assert li.refused(path, body) == "already_reviewed"
    document = li.told(f"/goods/{good.pk}")
    assert document["rating"] == {"average": "5.0", "count": 1}
    assert not document["can_review"]
    assert Caller.member(house).refused(path, body) == "not_received"


def test_a_review_changes_nothing_of_its_good_but_the_rating(house: House) -> None:
    """Somebody else may have changed the good since it was read (oscar writes all of it back)."""
    good = house.good(stock=5)
    stale = Product.objects.get(pk=good.pk)
    house.bought(house.member(), good)
    Product.objects.filter(pk=good.pk).update(title="改名了")
    reviews = get_model("reviews", "ProductReview")
    reviews.objects.create(product=stale, user=house.user(), score=4, title="-", body="好")
    good.refresh_from_db()
    assert (good.title, good.sold, good.rating) == ("改名了", 1, 4.0)


def test_a_review_keeps_to_its_bounds(house: House, li: Caller) -> None:
    path = f"/goods/{house.good().pk}/reviews"
    bodies: list[dict[str, Any]] = [
        {"score": 0, "text": "x"},
        {"score": 6, "text": "x"},
        {"score": 5, "text": ""},
        {"score": 5, "text": "x" * 1_001},
        {"score": 5, "text": "x", "user": 1},
    ]
    for body in bodies:
        assert li.refused(path, body) == "invalid"


def test_a_merchant_is_followed_and_left(house: House, li: Caller) -> None:
    path = f"/merchants/{house.partner.pk}"
    for _again in range(2):
        followed = li.ask("put", f"{path}/follow").json()
        assert (followed["followers"], followed["following"]) == (1, True)
    assert not Caller.member(house).told(path)["following"]
    left = li.ask("delete", f"{path}/follow").json()
    assert (left["followers"], left["following"]) == (0, False)


def test_the_first_page_tells_todays_figures(house: House, visitor: Caller) -> None:
    good = house.good()
    home = visitor.told("/home")
    assert home["price"] == "1.0000"
    assert home["price_change_30d"] is None
    assert home["curve"][-1][1] == "1.0000"
    assert [card["id"] for card in home["fresh"]] == [good.pk]
    assert [one["id"] for one in home["merchants"]] == [house.partner.pk]
    shop = visitor.told("")
    assert shop["test"]
    assert shop["programme"]["id"] == house.programme


def test_the_shop_tells_whether_points_are_bought_back(new_house: Opens) -> None:
    """R9: no page may promise what the profile refuses."""
    assert Caller(new_house()).told("")["can_sell"] is True
    goods_only = new_house(profile="goods-only", dividend_rate="0")
    assert Caller(goods_only).told("")["can_sell"] is False


def test_names_come_in_the_language_that_is_asked_for(house: House) -> None:
    good = house.good()
    for language, title in (("zh", "干红葡萄酒"), ("en", "Red wine")):
        assert Caller(house, language=language).told(f"/goods/{good.pk}")["title"] == title


def test_markup_in_names_is_told_as_it_is_and_never_as_html(
    house: House, li: Caller, winery: Staffed
) -> None:
    good = house.good(title=MARKUP, title_en="")
    li.ask("patch", "/me/settings", {"name": MARKUP})
    for caller, path in ((li, f"/goods/{good.pk}"), (li, "/me/settings"), (winery, "/goods")):
        response = caller.get(path)
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert li.told(f"/goods/{good.pk}")["title"] == MARKUP


def test_prices_are_compared_as_numbers(house: House, visitor: Caller) -> None:
    cheap, dear = house.good("9.90"), house.good("10.00")
    assert Decimal("9.90") < Decimal("10.00")
    assert listed(visitor, "sort=price_asc") == [cheap.pk, dear.pk]
