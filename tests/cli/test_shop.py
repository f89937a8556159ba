"""`shareback shop`: a programme's shop, and the merchants in it."""

from pathlib import Path

import pytest

from tests.cli.conftest import Shareback
from tests.cli.test_people import MALL


@pytest.fixture
def database(shareback: Shareback, fresh_url: str, tmp_path: Path) -> str:
    """A database with an open programme, and without the mall's tables."""
    (tmp_path / "mall.toml").write_text(MALL, encoding="utf-8")
    assert shareback("open", "mall.toml", "--database", fresh_url, "--json").json
    return fresh_url


def test_a_shop_is_opened_with_merchants_and_categories(
    shareback: Shareback, database: str
) -> None:
    here = ("--database", database, "--json")
    named = ("--title", "小店", "--title-en", "Corner")
    opened = shareback("shop", "--open", "corner", *named, *here).json
    assert opened["shop"] == {"slug": "corner", "title": "小店", "title_en": "Corner", "open": True}
    winery = ("--merchant", "w-1", "--title", "酒庄", "--title-en", "Winery", "--trade", "wine")
    owner = ("--owner", "138 0000 9001", "--concession", "0.60")
    merchant = shareback("shop", *winery, *owner, *here).json["merchant"]
    assert merchant == {
        "id": "w-1",
        "title": "酒庄",
        "title_en": "Winery",
        "trade": "wine",
        "concession": "0.6",
        "open": True,
        "goods": 0,
    }
    wine = ("--category", "--title", "酒", "--title-en", "Wine", "--glyph", "wine")
    category = shareback("shop", *wine, *here).json["category"]
    listed = shareback("shop", *here).json
    assert listed == {"shop": opened["shop"], "merchants": [merchant], "categories": [category]}
    lines = shareback("shop", "--database", database).out.splitlines()
    assert [line.split()[0] for line in lines] == ["shop", "merchants", "categories"]


def test_what_cannot_be_is_refused_and_changes_nothing(shareback: Shareback, database: str) -> None:
    here = ("--database", database)
    named = ("--title", "小店")
    assert "has no shop" in shareback("shop", *here).fault
    assert "has no shop" in shareback("shop", "--merchant", "w-1", *named, *here).fault
    assert "what is it called?" in shareback("shop", "--open", "corner", *here).fault
    assert "letters a-z" in shareback("shop", "--open", "Not So", *named, *here).fault
    shareback("shop", "--open", "corner", *named, *here)
    for arguments, told in (
        (("--open", "other", *named), "has the shop 'corner' already"),
        (("--open", "a", "--category", *named), "one at a time"),
        (("--merchant", "w-1", *named, "--owner", "12"), "--owner 12: no mobile number"),
        (("--merchant", "w-1", *named, "--concession", "0.1"), "--concession: at least 0."),
        (("--merchant", "w-1", *named, "--concession", "much"), "--concession much"),
        (("--merchant", " ", *named), "an id of 1 to 200 characters"),
        (("--category", "--title", "酒" * 61), "--title: 61 characters, at most 60"),
    ):
        assert told in shareback("shop", *arguments, *here).fault
    listed = shareback("shop", *here, "--json").json
    assert (listed["merchants"], listed["categories"]) == ([], [])
    shareback("shop", "--merchant", "w-1", *named, *here)
    assert "in the shop already" in shareback("shop", "--merchant", "w-1", *named, *here).fault
