"""A61: a script or a formula in a name stays text, on pages, in documents and in tables."""

import re
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from shareback.engine.orders_file.leftovers import harmless
from shareback.engine.reporting import DAY_COLUMNS, MEMBER_COLUMNS
from shareback.journal.models import Programme
from tests.backends.house import House
from tests.shop.callers import Caller

SCRIPTS = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "{{ 7*7 }}{% now 'Y' %}",
    "javascript:alert(1)//",
)
NEGATIVE = re.compile(r"-[0-9]+(\.[0-9]+)?", re.ASCII)


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("page", ["", "days/", "proofs/"])
def test_a_programmes_name_is_text_on_every_public_page(house: House, name: str, page: str) -> None:
    name = f"{name} {house.programme} {page}"
    Programme.objects.filter(pk=house.programme).update(name=name)
    answer = Client().get(f"/p/{quote(name, safe='')}/{page}")
    assert answer.status_code == 200
    said = answer.content.decode()
    assert "<script>alert" not in said
    assert "<img src=x" not in said
    assert 'href="javascript:' not in said
    assert "49" not in re.findall(r"<h1>(.*?)</h1>", said, re.DOTALL)
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", SCRIPTS)
def test_names_of_members_goods_and_shops_are_told_as_they_are(house: House, name: str) -> None:
    li = Caller.member(house)
    good = house.good(title=name, title_en=name)
    house.shop.name = name
    house.shop.save()
    li.ask("patch", "/me/settings", {"name": name})
    for path, title in ((f"/goods/{good.pk}", "title"), ("/me/settings", "name")):
        answer = li.get(path)
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.json()[title] == name


@given(st.text(max_size=40))
@example('=HYPERLINK("http://x")')
@example("-1+cmd|' /C calc'!A0")
@example("@SUM(1)")
@example("\t=1")
@example("-12.50")
def test_no_cell_that_is_written_begins_as_a_formula_does(cell: str) -> None:
    written = harmless(cell)
    assert written.endswith(cell)
    assert written[:1] not in {"=", "+", "-", "@", "\t", "\r"} or NEGATIVE.fullmatch(written)


def test_the_other_tables_hold_numbers_alone() -> None:
    """What somebody has named is in no column of a replay's own tables."""
    assert not {"name", "member_id", "merchant_id", "order_id"} & {*MEMBER_COLUMNS, *DAY_COLUMNS}
