"""Books as a workbook: the same figures, real dates, numbers only where they stay exact."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook, load_workbook

from shareback.cli.book_words import HEADINGS
from shareback.engine.engine import Engine
from shareback.engine.exporting import CSV_COLUMNS, write_books
from shareback.engine.exporting_excel import ROWS_OF_A_SHEET, Sheet, workbook
from shareback.engine.exporting_rows import DAYS, PEOPLE
from tests.engine.test_exporting import csv_rows

pytestmark = pytest.mark.usefixtures("alias")


def exported(engine: Engine, folder: Path, language: str = "en") -> Workbook:
    """A programme's workbook, read by a program that is not ours."""
    path = write_books("busy", "excel", folder, engine.alias, headings=HEADINGS[language])
    return load_workbook(path)


def rows_of(book: Workbook, name: str) -> list[tuple[Any, ...]]:
    return list(book[name].iter_rows(min_row=2, values_only=True))


def exact(cell: float | str) -> Decimal:
    """What a spreadsheet shows of a number: fifteen digits of a double."""
    return Decimal(cell) if isinstance(cell, str) else Decimal(f"{cell:.15g}")


def test_the_postings_are_those_of_the_csv_file(busy: Engine, tmp_path: Path) -> None:
    lines = csv_rows(write_books("busy", "csv", tmp_path, busy.alias))
    rows = rows_of(exported(busy, tmp_path), "entries")
    assert len(rows) == len(lines)
    for row, line in zip(rows, lines, strict=True):
        sequence, day, at, kind, account, amount, commodity = row
        assert (str(sequence), kind, account, commodity) == (
            line["sequence"],
            line["kind"],
            line["account"],
            line["commodity"],
        )
        assert day == datetime.fromisoformat(line["day"])
        moment = datetime.fromisoformat(line["at"]).replace(tzinfo=None)
        assert abs(at - moment).total_seconds() < 0.001
        assert exact(amount) == Decimal(line["amount"])


@pytest.mark.parametrize(("sheet", "columns"), [("days", DAYS), ("members", PEOPLE)])
def test_the_other_sheets_say_what_the_parquet_files_say(
    busy: Engine, tmp_path: Path, sheet: str, columns: dict[str, object]
) -> None:
    write_books("busy", "parquet", tmp_path, busy.alias)
    expected = pq.read_table(tmp_path / f"{sheet}.parquet").to_pylist()
    rows = rows_of(exported(busy, tmp_path), sheet)
    assert len(rows) == len(expected) > 10
    for row, told in zip(rows, expected, strict=True):
        for cell, (name, value) in zip(row, told.items(), strict=True):
            match value:
                case Decimal():
                    assert exact(cell) == value, name
                case date():
                    assert cell == datetime.combine(value, datetime.min.time())
                case str() if name == "joined":
                    assert f"{cell:%Y-%m}" == value
                case _:
                    assert cell == value, name


def test_headings_stand_still_and_are_called_as_asked(busy: Engine, tmp_path: Path) -> None:
    plain, chinese = (exported(busy, tmp_path / name, name) for name in ("en", "zh"))
    assert plain.sheetnames == ["entries", "days", "members"]
    assert chinese.sheetnames == ["分录", "每日数据", "会员"]
    for book in (plain, chinese):
        assert {sheet.freeze_panes for sheet in book} == {"A2"}
    assert [cell.value for cell in plain["entries"][1]] == list(CSV_COLUMNS)
    assert [cell.value for cell in plain["members"][1]] == list(PEOPLE)
    assert [cell.value for cell in chinese["分录"][1]][:3] == ["日志序号", "日期", "时间（UTC）"]


def test_every_heading_has_a_chinese_word() -> None:
    names = {"entries", "days", "members", *CSV_COLUMNS, *DAYS, *PEOPLE}
    assert set(HEADINGS["zh"]) == names
    words = [HEADINGS["zh"][name] for name in PEOPLE]
    assert len({*words}) == len(words)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("999999999.999999", "n"),
        ("-999999999.999999", "n"),
        ("1000000000.000000", "s"),
        ("9999999.99999999", "n"),
        ("10000000.00000000", "s"),
        ("0.000000", "n"),
        ("9.950000", "n"),
        ("-0.00000001", "n"),
    ],
)
def test_a_number_of_more_than_fifteen_digits_is_text(
    tmp_path: Path, written: str, kind: str
) -> None:
    path = tmp_path / "one.xlsx"
    with workbook(path, {}) as file:
        Sheet(file, "one", ["amount"]).add([Decimal(written)])
    cell = load_workbook(path)["one"]["A2"]
    assert cell.data_type == kind
    assert exact(cell.value) == Decimal(written)


def test_days_before_spreadsheets_begin_are_text(tmp_path: Path) -> None:
    path = tmp_path / "one.xlsx"
    with workbook(path, {}) as file:
        Sheet(file, "one", ["day"]).add([date(1899, 12, 31)])
    assert load_workbook(path)["one"]["A2"].value == "1899-12-31"


def test_more_rows_than_a_sheet_holds_go_on_in_another(tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    with workbook(path, {"entries": "分录"}, rows_max=4) as file:
        sheet = Sheet(file, "entries", ["sequence"])
        for number in range(7):
            sheet.add([number])
    book = load_workbook(path)
    assert book.sheetnames == ["分录", "分录 2", "分录 3"]
    assert [row for name in book.sheetnames for (row,) in rows_of(book, name)] == list(range(7))
    assert {sheet["A1"].value for sheet in book} == {"sequence"}
    assert ROWS_OF_A_SHEET == 1_048_576


def test_a_workbook_that_breaks_off_is_no_file(tmp_path: Path) -> None:
    class Planted(Exception):
        pass

    def broken() -> None:
        with workbook(tmp_path / "broken.xlsx", {}) as file:
            Sheet(file, "one", ["amount"]).add([1])
            raise Planted

    with pytest.raises(Planted):
        broken()
    assert list(tmp_path.iterdir()) == []
