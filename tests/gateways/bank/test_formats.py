"""Each format is read to the µ¥; a file that is unfit is refused with the place of its fault."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareback.gateways.bank.cells import amount_of
from shareback.gateways.bank.reading import FORMATS, read_statements
from shareback.gateways.bank.shapes import FILE_BYTES_MAX, StatementUnreadable
from tests.gateways.bank.reading import SAMPLES, Sample

DAY = date(2026, 1, 5).toordinal()
YUAN = 10**6


def fault_of(content: bytes, form: str, mapping: dict[str, str] | None = None) -> str:
    with pytest.raises(StatementUnreadable) as refused:
        read_statements(content, form, mapping)
    told = str(refused.value)
    assert "\n" not in told
    return told


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.name)
def test_a_recorded_file_is_read(sample: Sample) -> None:
    (statement,) = read_statements(sample.content, sample.form, sample.mapping)
    order, fee = statement.lines
    assert (statement.opening_uyuan, statement.closing_uyuan) == (1_000 * YUAN, 1_024_990_000)
    assert (order.amount_uyuan, fee.amount_uyuan) == (30 * YUAN, -5_010_000)
    assert statement.from_day == order.day == DAY
    assert statement.to_day in (DAY, fee.day)
    assert "o-17" in order.reference
    assert order.line_id != fee.line_id


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.name)
def test_a_file_that_is_cut_is_refused(sample: Sample) -> None:
    content = sample.content
    if sample.form == "csv":
        # A plain table has no end mark: only a row that is cut shows.
        content = content[: content.rindex(b",account")]
    for end in range(0, len(content) - 80, 37):
        cut = content[:end]
        if sample.form == "csv" and cut.endswith(b"\n"):
            continue
        fault_of(cut, sample.form, sample.mapping)


@pytest.mark.parametrize("text", ["NaN", "1e400", "inf", "", "0x1", "1,0", "12.3456789", "\uff11"])
def test_what_is_no_amount_is_refused_with_its_column(text: str) -> None:
    csv = f"date,amount,balance\n2026-01-05,{text!s},1\n".replace("1,0", '"1,0"')
    told = fault_of(csv.encode(), "csv")
    assert told.startswith("line 2, column amount: ")


@given(st.integers(-(10**18), 10**18))
def test_every_amount_is_read_to_the_uyuan(units: int) -> None:
    sign = "-" if units < 0 else ""
    whole, fraction = divmod(abs(units), YUAN)
    assert amount_of(f"{sign}{whole}.{fraction:06d}", 1, "amount") == units
    assert amount_of(f"{sign}{whole:,}.{fraction:06d}", 1, "amount") == units


@pytest.mark.parametrize(
    "sample", [one for one in SAMPLES if one.form != "csv"], ids=lambda one: one.name
)
def test_a_wrong_sum_is_refused(sample: Sample) -> None:
    told = fault_of(sample.content.replace(b"30.00", b"30.01", 1), sample.form)
    assert "export it again" in told


def test_a_balance_that_does_not_follow_names_its_line() -> None:
    csv = b"date,amount,balance\n2026-01-05,1,1\n2026-01-06,1,3\n"
    assert fault_of(csv, "csv") == (
        "line 3: '3.00' the balance should be 2.00: a line is missing or wrong before it;"
        " export it again"
    )


def test_missing_columns_are_told_with_those_that_are_there() -> None:
    told = fault_of(b"date,amount,total\n2026-01-05,1,1\n", "csv")
    assert told == "line 1, column balance: is missing; there is: date, amount, total"


def test_money_in_and_out_may_have_columns_of_their_own() -> None:
    csv = "日期,收入,支出,余额\n2026-01-05,30,,1030\n20260105,,5.01,1024.99\n"
    mapping = {"date": "日期", "in": "收入", "out": "支出", "balance": "余额"}
    (statement,) = read_statements(csv.encode("gbk"), "csv", mapping)
    assert [line.amount_uyuan for line in statement.lines] == [30 * YUAN, -5_010_000]
    both = csv.replace("30,,", "30,1,").encode()
    assert "one of the two" in fault_of(both, "csv", mapping)


def test_the_same_line_has_the_same_id_in_every_table() -> None:
    rows = ["2026-01-05,1,1,", "2026-01-06,1,2,", "2026-01-06,1,3,", "2026-01-07,2,5,x"]
    head = "date,amount,balance,text"
    (whole,) = read_statements("\n".join([head, *rows]).encode(), "csv")
    (later,) = read_statements("\n".join([head, *rows[1:]]).encode(), "csv")
    assert [one.line_id for one in whole.lines[1:]] == [one.line_id for one in later.lines]
    assert len({one.line_id for one in whole.lines}) == 4


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">',
    ],
)
def test_entities_are_refused_before_any_is_read(declared: str) -> None:
    content = SAMPLES[0].content.replace(b"?>\n", b"?>\n" + declared.encode(), 1)
    content = content.replace(b"S-20260105", b"&a;")
    assert "DOCTYPE: is refused" in fault_of(content, "camt053")


def test_xml_without_end_in_depth_is_refused() -> None:
    assert "too deep" in fault_of(b"<a>" * 10_000, "camt053")


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_no_statement_at_all_is_refused(form: str) -> None:
    for content in (b"", b"\0" * 64, b"\xff\xfe\xfa", b"<html></html>", b"a,b\n1,2\n", b'"'):
        fault_of(content, form)
    assert "larger than 16 MiB" in fault_of(b" " * (FILE_BYTES_MAX + 1), form)


def test_another_currency_than_the_accounts_is_refused() -> None:
    content = SAMPLES[0].content.replace(b'<Amt Ccy="CNY">30', b'<Amt Ccy="USD">30', 1)
    assert "column Ccy: 'USD' is not CNY" in fault_of(content, "camt053")


def test_a_line_number_that_stands_twice_is_refused() -> None:
    content = SAMPLES[0].content.replace(b"B-0002", b"B-0001")
    assert "repeats a line's number" in fault_of(content, "camt053")
