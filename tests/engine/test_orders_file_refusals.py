"""What is wrong with an orders file is told in one line that names the row and the column."""

from pathlib import Path

import pytest

from shareback.engine.orders_file import OrdersUnreadable
from tests.engine.orders_files import FULL_HEADER, HEADER, Desk, csv_of, file_refused, refused

GOOD = "A0,M0,2024-05-01,100"
WIDE = f"{HEADER},received_at,profit,referrer_id,refunded_at,refund_amount"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# ------------------------------------------------------------------------------------- one row


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ("2024-04-30,,,,", "received_at", "is before the payment"),
        (",100.000001,,,", "profit", "is above the amount"),
        (",-1,,,", "profit", "is negative"),
        (",,M1,,", "referrer_id", "nobody refers themselves"),
        (",,,2024-04-30T23:59:59.999999,1", "refunded_at", "is before the payment"),
        (",,,2024-05-02,100.000001", "refund_amount", "is above what was paid, 100"),
        (",,,2024-05-02,0", "refund_amount", "is nothing"),
        (",,,2024-05-02,-1", "refund_amount", "is negative"),
        (",,,2024-05-02,", "refund_amount", "is missing"),
        (",,,,5", "refunded_at", "is missing"),
        ("soon,,,,", "received_at", "is no date and time"),
        (",,,never,5", "refunded_at", "is no date and time"),
    ],
)
def test_refuses_a_row_at_odds_with_itself(
    desk: Desk, cells: str, column: str, reason: str
) -> None:
    fault = refused(desk, f"{WIDE}\n{GOOD},,,,,\nA1,M1,2024-05-01,100,{cells}\n")
    assert (fault.row, fault.column) == (3, column)
    assert reason in fault.reason


@pytest.mark.parametrize(
    "cells",
    ["2024-05-01,,,,", ",100,,,", ",0,,,", ",,M0,,", ",,,2024-05-01,100", ",,,2199-12-31,0.000001"],
)
def test_takes_a_row_at_the_boundary(desk: Desk, cells: str) -> None:
    assert desk.actions(f"{WIDE}\n{GOOD},,,,,\nA1,M1,2024-05-01,100,{cells}\n")


@pytest.mark.parametrize("column", ["refunded_at", "refund_amount"])
def test_refuses_half_a_refund_where_the_other_column_is_absent(desk: Desk, column: str) -> None:
    cell = "2024-05-02" if column == "refunded_at" else "5"
    fault = refused(desk, f"{HEADER},{column}\n{GOOD},{cell}\n")
    assert fault.column in {"refunded_at", "refund_amount"}
    assert fault.column != column


@pytest.mark.parametrize(("line", "cells"), [("A1,M1,2024-05-01", 3), (f"{GOOD},9", 5)])
def test_refuses_a_row_of_another_width(desk: Desk, line: str, cells: int) -> None:
    fault = refused(desk, f"{HEADER}\n{GOOD}\n{line}\n")
    assert (fault.row, fault.column) == (3, "")
    assert f"has {cells} cells where the header has 4" in fault.reason


def test_tells_the_first_of_several_faults(desk: Desk) -> None:
    fault = refused(desk, f"{HEADER}\n{GOOD}\nA1,M1,2024-05-01,0\nA2,,soon,x\nA3\n")
    assert fault.row == 3
    fault = refused(desk, f"{HEADER}\n{GOOD}\nA1\nA2,,soon,x\n")
    assert fault.row == 3
    fault = refused(desk, f"{HEADER}\n{GOOD}\nA2,,soon,x\n")
    assert fault.column == "member_id"


# ------------------------------------------------------------------------------ rows of an order


def test_refuses_a_duplicate(desk: Desk) -> None:
    fault = refused(desk, f"{HEADER}\n{GOOD}\nA1,M1,2024-05-01,5\n{GOOD}\n")
    assert (fault.row, fault.column, fault.text) == (4, "order_id", "A0")
    assert "repeats line 2" in fault.reason


@pytest.mark.parametrize(("first", "second"), [("", "5"), ("5", ""), ("", "")])
def test_refuses_a_repeated_order_without_a_refund_each(
    desk: Desk, first: str, second: str
) -> None:
    rows = [f"{GOOD},{'2024-05-02' if money else ''},{money}\n" for money in (first, second)]
    fault = refused(desk, f"{HEADER},refunded_at,refund_amount\n{''.join(rows)}")
    assert (fault.row, fault.column) == (3, "order_id")


@pytest.mark.parametrize(
    ("place", "text", "shown"),
    [
        (1, "M9", "M9"),
        (2, "2024-05-01T00:00:01", "2024-05-01T00:00:01+08:00"),
        (3, "101", "101"),
        (4, "2024-05-07", "2024-05-07T00:00:00+08:00"),
        (4, "", ""),
        (5, "12.5", "12.5"),
        (6, "S2", "S2"),
        (7, "M7", "M7"),
    ],
)
def test_refuses_rows_of_an_order_that_disagree(
    desk: Desk, place: int, text: str, shown: str
) -> None:
    before = "Z1,M7,2024-04-01,1,,,,,,\nZ2,M8,2024-04-01,1,,,,,,\n"
    cells = ["A1", "M1", "2024-05-01", "100", "2024-05-06", "10", "S1", "M8", "2024-05-09", "1"]
    other = [*cells[:place], text, *cells[place + 1 :]]
    fault = refused(desk, f"{FULL_HEADER}\n{before}{','.join(cells)}\n{','.join(other)}\n")
    assert (fault.row, fault.column) == (5, FULL_HEADER.split(",")[place])
    assert fault.text == shown
    assert "differs from line 4" in fault.reason


def test_refuses_refunds_above_what_was_paid_together(desk: Desk) -> None:
    header = f"{HEADER},refunded_at,refund_amount"
    rows = [f"{GOOD},2024-05-0{day},{money}" for day, money in ((4, 60), (3, 40), (2, "0.000001"))]
    fault = refused(desk, "\n".join([header, *rows]))
    assert (fault.row, fault.column, fault.text) == (4, "refund_amount", "0.000001")
    assert "to 100.000001, above the 100 paid" in fault.reason
    assert len(desk.actions("\n".join([header, *rows[:2]]))) == 3


# ------------------------------------------------------------------------------------ referrers


@pytest.mark.parametrize(
    ("rows", "row", "reason"),
    [
        (["A1,M1,2024-05-01,1,M9"], 2, "has no order in this file"),
        (["A1,M1,2024-05-01,1,M2", "A2,M2,2024-05-02,1,"], 2, "the first being line 3"),
        (["A1,M1,2024-05-01,1,M2", "A2,M2,2024-05-01,1,"], 2, "the first being line 3"),
        (
            ["A1,M1,2024-05-01,1,", "A2,M2,2024-05-02,1,", "A3,M2,2024-05-03,1,M1"],
            4,
            "line 3, names nobody",
        ),
        (
            [
                "A1,M1,2024-05-01,1,",
                "A2,M2,2024-05-01,1,",
                "A3,M3,2024-05-02,1,M1",
                "A4,M3,2024-05-03,1,M2",
            ],
            5,
            "line 4, names 'M1'",
        ),
        (["A1,M1,2024-05-01,1,M2", "A2,M2,2024-05-02,1,M1"], 2, "the first being line 3"),
    ],
)
def test_refuses_a_referrer_out_of_turn(desk: Desk, rows: list[str], row: int, reason: str) -> None:
    fault = refused(desk, "\n".join([f"{HEADER},referrer_id", *rows]))
    assert (fault.row, fault.column) == (row, "referrer_id")
    assert reason in fault.reason


# ------------------------------------------------------------------------------------- the file


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n", b"\r\n\n"])
def test_refuses_an_empty_file(desk: Desk, content: bytes) -> None:
    assert "is empty" in file_refused(desk, content)


@pytest.mark.parametrize("content", [HEADER, f"{HEADER}\n", f"{HEADER}\n\n\r\n"])
def test_refuses_a_file_without_rows(desk: Desk, content: str) -> None:
    assert "has a header but no rows" in file_refused(desk, content)


@pytest.mark.parametrize("content", [f"\n{HEADER}\n{GOOD}\n", ",,,\n", '"",""\n'])
def test_refuses_a_file_without_a_header(desk: Desk, content: str) -> None:
    assert "line 1: there is no header" in file_refused(desk, content)


@pytest.mark.parametrize("field", HEADER.split(","))
def test_refuses_a_missing_column(desk: Desk, field: str) -> None:
    header = ",".join(name for name in HEADER.split(",") if name != field)
    reason = file_refused(desk, f"{header}\nA,B,C\n")
    assert f"line 1: column '{field}' is missing among" in reason
    assert f"--map {field}=COLUMN" in reason


def test_refuses_an_unknown_column(desk: Desk) -> None:
    reason = file_refused(desk, f"{HEADER},colour\n{GOOD},red\n")
    assert "line 1: column 'colour' is unknown" in reason
    assert "column 'Amount' is unknown" in file_refused(desk, f"{HEADER},Amount\n{GOOD},1\n")


def test_refuses_a_column_that_stands_there_twice(desk: Desk) -> None:
    assert "column 'amount' stands there 2 times" in file_refused(
        desk, f"{HEADER},amount\n{GOOD},1\n"
    )


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_tells_that_cells_are_separated_otherwise(desk: Desk, mark: str, word: str) -> None:
    text = f"{HEADER}\n{GOOD}\n".replace(",", mark)
    assert f"separated by {word}" in file_refused(desk, text)


def test_refuses_a_mapping_that_fits_nothing(desk: Desk) -> None:
    text = f"{HEADER}\n{GOOD}\n"
    assert "has no field 'colour'" in file_refused(desk, text, {"colour": "amount"})
    assert "column 'profit €' is missing" in file_refused(desk, text, {"profit": "profit €"})


def test_refuses_what_is_no_file(desk: Desk) -> None:
    assert "does not exist" in file_refused(desk, desk.folder / "none.csv")
    assert "is no file" in file_refused(desk, desk.folder)


@pytest.mark.parametrize("cut", range(2, 22))
def test_refuses_a_file_that_was_cut(desk: Desk, cut: int) -> None:
    # The amount stands first, so that what is left of a cut row is never whole.
    text = 'amount,paid_at,member_id,order_id\n5,2024-05-01,M1,A1\n5,2024-05-01,M1,"A,2"\n'
    fault = refused(desk, text[:-cut])
    assert fault.row == 3


def test_refuses_a_quotation_mark_that_is_never_closed(desk: Desk) -> None:
    rows = [(f"A{n}", "M1", "2024-05-01", "1") for n in range(100)]
    text = csv_of(rows).replace("A10,", '"A10,')
    fault = refused(desk, text)
    assert (fault.row, fault.column) == (12, "")
    assert "never closed" in fault.reason


def test_refuses_text_after_a_closing_quotation_mark(desk: Desk) -> None:
    fault = refused(desk, f'{HEADER}\n{GOOD}\n"A"1,M1,2024-05-01,1\n')
    assert fault.row == 3
    assert "after a closing quotation mark" in fault.reason


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('"' + "x" * 200_000 + '",M1,2024-05-01,1', "more than 131,072 characters"),
        ("x" * 200_000 + ",M1,2024-05-01,1", "more than 131,072 characters"),
        ('"' + "x\n" * 200_000, "more than 131,072 characters"),
        ("x," * 600_000, "longer than 524,288 bytes"),
        ('"\n",' * 600_000, "longer than 524,288 bytes"),
    ],
)
def test_refuses_what_is_over_long_without_reading_on(desk: Desk, row: str, said: str) -> None:
    fault = refused(desk, f"{HEADER}\n{GOOD}\n{row}\n" + f"{GOOD}\n" * 10)
    assert fault.row == 3
    assert said in fault.reason


def test_refuses_a_row_that_is_no_utf_8(desk: Desk) -> None:
    text = f"{HEADER}\n{GOOD}\n".encode() + "A1,Müller,2024-05-01,1\n".encode("latin-1")
    fault = refused(desk, text)
    assert (fault.row, fault.column, fault.text) == (3, "member_id", r"M\xfcller")
    assert "UTF-8" in fault.reason


def test_refuses_other_encodings_in_the_header(desk: Desk) -> None:
    text = f"{HEADER}\n{GOOD}\n"
    assert "line 1: is no UTF-8" in file_refused(desk, text.encode("utf-16"))
    gbk = "订单,会员\n".encode("gbk")
    assert "line 1: is no UTF-8" in file_refused(desk, gbk + text.encode())


def test_a_second_run_after_mending_works(desk: Desk) -> None:
    assert refused(desk, f"{HEADER}\n{GOOD}\nA1,M1,2024-05-01,1e400\n").row == 3
    assert len(desk.actions(f"{HEADER}\n{GOOD}\nA1,M1,2024-05-01,1\n")) == 2


def test_every_refusal_is_of_one_kind(desk: Desk) -> None:
    for content in ("", f"{HEADER}\nA1\n"):
        with pytest.raises(OrdersUnreadable):
            desk.stage(content)
