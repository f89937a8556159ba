"""What a reader sees where there is nothing to see, or where we have failed."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from shareback.web import assets, views
from shareback.web.language import COOKIE


def test_a_site_without_a_programme_says_how_to_make_one(
    site: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "first_programme", lambda: None)
    site.cookies[COOKIE] = "en"

    answer = site.get("/")

    assert answer.status_code == 404
    assert "make demo" in answer.content.decode()


def test_a_fault_of_ours_shows_a_calm_page_and_nothing_of_its_inside(
    site: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_request: HttpRequest, _found: object) -> HttpResponse:
        raise RuntimeError("the inside")

    monkeypatch.setattr(views, "public_page", broken)
    site.raise_request_exception = False
    site.cookies[COOKIE] = "en"

    answer = site.get("/")

    assert answer.status_code == 500
    assert "Something went wrong" in answer.content.decode()
    assert "the inside" not in answer.content.decode()


def test_pages_are_plain_but_whole_where_nothing_was_built(
    site: Client,
    page: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assets.assets.cache_clear()
    monkeypatch.setattr(assets, "MANIFEST", assets.BUILT / "no such file")
    try:
        answer = site.get(page)
    finally:
        assets.assets.cache_clear()

    assert answer.status_code == 200
    assert '<script type="module"' not in answer.content.decode()
    assert "run `make setup`" in caplog.text
