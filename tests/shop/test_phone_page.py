"""The built phone pages: one page for every address of a shop, under a strict policy."""

from pathlib import Path

import pytest

from shareback.web import phone
from tests.backends.house import House
from tests.shop.callers import Caller

BUILT = "<!doctype html><title>shop</title>"
BESIDE = ["../secret.webp", "goods/../../secret.webp", "%2e%2e/secret.webp", "goods/a.txt"]
MARKUP = "<script>alert(1)</script>"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the built page lies for this test."""
    path = tmp_path / "index.html"
    monkeypatch.setattr(phone, "INDEX", path)
    return path


def test_every_address_of_a_shop_is_the_one_page(
    house: House, visitor: Caller, index: Path
) -> None:
    index.write_text(BUILT, encoding="utf-8")
    for rest in ("", "goods/17", "join/P5GSTKX2", "merchant/3/orders"):
        response = visitor.client.get(f"/m/{house.shop.slug}/{rest}")
        assert (response.status_code, response.content.decode()) == (200, BUILT)
        policy = response.headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert response.headers["Permissions-Policy"].startswith("camera=(self)")
    assert visitor.client.cookies["csrftoken"].value


def test_a_shop_that_is_none_is_missing(visitor: Caller, index: Path) -> None:
    index.write_text(BUILT, encoding="utf-8")
    assert visitor.client.get("/m/nowhere/").status_code == 404


def test_without_a_build_the_page_says_how_to_make_one(
    house: House, visitor: Caller, index: Path
) -> None:
    """A61: the shop's name is shown as text."""
    assert not index.exists()
    house.shop.name = MARKUP
    house.shop.save()
    response = visitor.client.get(f"/m/{house.shop.slug}/")
    assert response.status_code == 503
    page = response.content.decode()
    assert "make setup" in page
    assert MARKUP not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("path", [*BESIDE, "goods/x.webp", "goods", "", "x.svg"])
def test_nothing_but_pictures_is_served_from_the_uploads(
    visitor: Caller, media: Path, path: str
) -> None:
    (media / "goods").mkdir()
    for secret in (media.parent / "secret.webp", media / "goods" / "a.txt", media / "x.svg"):
        secret.write_text("secret", encoding="utf-8")
    assert visitor.client.get(f"/media/{path}").status_code == 404
