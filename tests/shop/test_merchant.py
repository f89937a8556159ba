"""A merchant's goods and their pictures: put on sale, changed, kept from others."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from shareback.mall.merchants import change_good
from shareback.mall.opening import open_category
from shareback.mall.oscar.catalogue.models import Product
from shareback.mall.pictures import BYTES_MAX
from tests.backends.house import House, Opens
from tests.shop.callers import Caller, Staffed

WINE: dict[str, Any] = {"title": "干红", "price": "128.00", "stock": 6}


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
