"""A61: a script or a formula in a name stays text, on pages, in documents and in tables."""

import csv
import re
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow.parquet as pq
import pytest
import xlsxwriter
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.engine.exporting import write_books
from shareback.engine.opening import open_programme
from shareback.engine.orders_file.leftovers import harmless
from shareback.engine.reporting import DAY_COLUMNS, MEMBER_COLUMNS
from shareback.journal.heads import HEAD_COLUMNS
from shareback.journal.models import Day, Programme
from shareback.units.scales import UYUAN_PER_YUAN
from tests.backends.house import House
from tests.backends.once import Once
from tests.engine.busy import OPENED, SALTS, parameters
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


# -------------------------------------------------------------------------------------- exports

FORMULA = '=HYPERLINK("http://x","y")'


@pytest.fixture(scope="session")
def named(alias: str, once: Once) -> Engine:
    """A programme that is called as a formula, with a tier that is called so too."""

    def lived() -> Engine:
        tiers = [{"name": FORMULA, "threshold": "0.5", "multiplier": "1.1"}]
        open_programme(parameters(FORMULA, tiers=tiers), OPENED, alias, SALTS)
        engine = Engine(FORMULA, alias, SALTS)
        engine.apply([cmd.JoinMember(OPENED, FORMULA), cmd.JoinMerchant(OPENED, FORMULA)])
        paid = 90 * UYUAN_PER_YUAN
        engine.apply([cmd.PayOrder(OPENED, FORMULA, FORMULA, FORMULA, paid, received=True)])
        engine.close(engine.calendar.day_of(OPENED) + 5)
        return engine

    return once(("named", alias), lived)


def formulas_in(path: Path) -> list[str]:
    """The cells of a workbook that a spreadsheet would compute."""
    return [
        cell.coordinate
        for sheet in load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" or cell.hyperlink is not None
    ]


def test_a_workbook_has_no_cell_that_is_computed(named: Engine, tmp_path: Path) -> None:
    path = write_books(FORMULA, "excel", tmp_path, named.alias)
    assert formulas_in(path) == []
    cells = {cell for row in load_workbook(path)["members"].values for cell in row}
    # The tier's name is there as it is, as text; who the member and the shop are is not.
    assert FORMULA in cells
    with zipfile.ZipFile(path) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if "/sheet" in name]
    assert not any(b"<f>" in sheet for sheet in sheets)


def test_a_formula_in_a_workbook_would_be_found(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "planted.xlsx")) as planted:
        planted.add_worksheet().write(0, 1, FORMULA)
    assert formulas_in(tmp_path / "planted.xlsx") == ["B1"]


def test_no_cell_of_the_books_in_csv_begins_as_a_formula_does(
    named: Engine, tmp_path: Path
) -> None:
    path = write_books(FORMULA, "csv", tmp_path, named.alias)
    with path.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert len(cells) > 20
    assert [cell for cell in cells if harmless(cell) != cell] == []


def test_no_cell_of_the_public_days_begins_as_a_formula_does(house: House) -> None:
    Programme.objects.filter(pk=house.programme).update(name=f"{FORMULA} {house.programme}")
    figures = dict(zip(HEAD_COLUMNS, house.head().figures(), strict=True))
    Day.objects.create(programme_id=house.programme, root=b"\xff" * 32, **figures)
    answer: Any = Client().get(f"/p/{quote(FORMULA, safe='')} {house.programme}/proofs/days.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    cells = [cell for row in csv.reader(lines) for cell in row]
    assert len(lines) > 1
    assert [cell for cell in cells if harmless(cell) != cell] == []


def test_the_tables_without_names_have_the_tiers_name_alone(named: Engine, tmp_path: Path) -> None:
    write_books(FORMULA, "parquet", tmp_path, named.alias)
    for path in tmp_path.iterdir():
        table = pq.read_table(path)
        holding = {name for name in table.column_names if FORMULA in table[name].to_pylist()}
        assert holding == ({"tier"} if path.name == "members.parquet" else set())


def test_the_other_tables_hold_numbers_alone() -> None:
    """What somebody has named is in no column of a replay's own tables."""
    assert not {"name", "member_id", "merchant_id", "order_id"} & {*MEMBER_COLUMNS, *DAY_COLUMNS}
