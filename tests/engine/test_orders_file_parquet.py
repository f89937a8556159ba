"""Orders in Parquet: exact types are taken, floating point amounts refused."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shareback.engine.orders_file import FileUnreadable, RowUnreadable
from tests.engine.orders_files import DAY_1, HEADER, HOUR, MAY_1, Desk, all_of, csv_of

LOCAL = datetime(2024, 5, 1)  # noqa: DTZ001 - local time of the programme
INSTANT = datetime(2024, 4, 30, 16, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def write(desk: Desk, rows: int = 1, name: str = "orders.parquet", **columns: Any) -> Path:  # noqa: ANN401 - pyarrow ships no types
    """A Parquet file of good columns, some of them replaced or added."""
    good = {
        "order_id": pa.array([f"A{number}" for number in range(rows)]),
        "member_id": pa.array(["M1"] * rows),
        "paid_at": pa.array(["2024-05-01"] * rows),
        "amount": pa.array(["5"] * rows),
    }
    path = desk.folder / name
    pq.write_table(pa.table(good | columns), path, row_group_size=1_000)
    return path


@pytest.mark.parametrize(
    ("column", "uyuan"),
    [
        (pa.array([Decimal("12.50")], pa.decimal128(10, 2)), 12_500_000),
        (pa.array([Decimal("12.5")], pa.decimal256(60, 20)), 12_500_000),
        (pa.array([Decimal(1200)], pa.decimal128(38, 0)), 1_200_000_000),
        (pa.array([7], pa.int64()), 7_000_000),
        (pa.array([7], pa.uint8()), 7_000_000),
        (pa.array(["12.345678"]), 12_345_678),
        (pa.array(["12.5"], pa.large_string()), 12_500_000),
        (pa.array(["12.5"]).dictionary_encode(), 12_500_000),
    ],
)
def test_takes_exact_amounts(desk: Desk, column: Any, uyuan: int) -> None:  # noqa: ANN401 - as above
    (action,) = desk.actions(write(desk, amount=column))
    assert (action.amount_uyuan, action.row) == (uyuan, 1)


@pytest.mark.parametrize("field", ["amount", "profit", "refund_amount"])
@pytest.mark.parametrize("kind", [pa.float64(), pa.float32(), pa.float16()])
def test_refuses_floating_point_amounts_by_name(desk: Desk, field: str, kind: Any) -> None:  # noqa: ANN401 - as above
    path = write(desk, **{field: pa.array([1.0]).cast(kind)})
    with pytest.raises(FileUnreadable, match=f"column '{field}' .* is of type .*decimal"):
        desk.stage(path)


@pytest.mark.parametrize(
    ("column", "at"),
    [
        (pa.array([LOCAL], pa.timestamp("s")), 0),
        (pa.array([LOCAL + timedelta(hours=9)], pa.timestamp("ms")), 9 * HOUR),
        (pa.array([LOCAL + timedelta(microseconds=7)], pa.timestamp("us")), 7),
        (pa.array([LOCAL + timedelta(microseconds=7)], pa.timestamp("ns")), 7),
        (pa.array([INSTANT], pa.timestamp("us", "UTC")), 0),
        (pa.array([INSTANT], pa.timestamp("ns", "America/New_York")), 0),
        (pa.array([date(2024, 5, 1)], pa.date32()), 0),
        (pa.array([date(2024, 5, 1)], pa.date64()), 0),
        (pa.array(["2024-04-30T16:00:00Z"]), 0),
    ],
)
def test_takes_timestamps_and_dates(desk: Desk, column: Any, at: int) -> None:  # noqa: ANN401 - as above
    (action,) = desk.actions(write(desk, paid_at=column))
    assert (action.at - MAY_1, action.day) == (at, DAY_1)


@pytest.mark.parametrize(
    ("field", "column"),
    [
        ("paid_at", pa.array([1_714_492_800])),
        ("paid_at", pa.array([1.5])),
        ("order_id", pa.array([1.0])),
        ("member_id", pa.array([True])),
        ("member_id", pa.array([[1]])),
        ("amount", pa.array([True])),
    ],
)
def test_refuses_columns_that_cannot_hold_their_field(
    desk: Desk,
    field: str,
    column: Any,  # noqa: ANN401 - as above
) -> None:
    with pytest.raises(FileUnreadable, match=f"column '{field}'"):
        desk.stage(write(desk, **{field: column}))


def test_takes_whole_numbers_as_ids_and_empty_cells(desk: Desk) -> None:
    path = write(
        desk,
        rows=2,
        member_id=pa.array([7, 8]),
        referrer_id=pa.array([None, 7]),
        merchant_id=pa.array([None, None]),
        profit=pa.array([None, Decimal(1)], pa.decimal128(4, 1)),
        received_at=pa.array([None, LOCAL + timedelta(days=1)], pa.timestamp("ms")),
    )
    first, second, receipt = desk.actions(path)
    assert (first.member_id, first.profit_uyuan, first.received) == ("7", None, True)
    assert (second.referrer_id, second.merchant_id, second.received) == ("7", "", False)
    assert (receipt.row, receipt.day) == (2, DAY_1 + 1)


@pytest.mark.parametrize(
    ("field", "cell", "reason"),
    [
        ("amount", Decimal(0), "is nothing"),
        ("amount", Decimal("-1.5"), "is negative"),
        ("amount", Decimal("0.0000001"), "more than 6 decimal places"),
        ("amount", None, "is missing"),
        ("amount", "1e400", "no plain decimal"),
        ("amount", "NaN", "no plain decimal"),
        ("paid_at", None, "is missing"),
        ("paid_at", datetime(2200, 1, 1), "is no date between"),  # noqa: DTZ001 - local
        ("order_id", None, "is missing"),
        ("order_id", "A0", "repeats row 1"),
        ("member_id", "x" * 201, "has 201 characters"),
    ],
)
def test_names_the_row_of_data(desk: Desk, field: str, cell: Any, reason: str) -> None:  # noqa: ANN401 - as above
    good = {"order_id": "A0", "member_id": "M1", "paid_at": LOCAL, "amount": Decimal(5)}
    fine = str(good[field]) if isinstance(cell, str) else good[field]
    other = "A1" if field == "order_id" else fine
    path = write(desk, rows=3, **{field: pa.array([fine, other, cell])})
    with pytest.raises(RowUnreadable) as caught:
        desk.stage(path)
    assert (caught.value.row, caught.value.column, caught.value.unit) == (3, field, "row")
    assert reason in caught.value.reason
    assert str(caught.value).startswith(f"row 3, column {field}")


def test_refuses_text_that_is_no_utf_8(desk: Desk) -> None:
    raw = pa.array([b"M1", b"M1", b"M\xfcller"])
    damaged = pa.StringArray.from_buffers(3, raw.buffers()[1], raw.buffers()[2])
    with pytest.raises(RowUnreadable, match=r"row 3, column member_id: .*M.*xfcller.*UTF-8"):
        desk.stage(write(desk, rows=3, member_id=damaged))


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.7, 0.99])
def test_refuses_a_file_that_was_cut(desk: Desk, kept: float) -> None:
    path = write(desk, rows=5_000)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(FileUnreadable, match="Parquet"):
        desk.stage(path)


def test_refuses_a_file_that_is_damaged_inside(desk: Desk) -> None:
    path = write(desk, rows=50_000)
    content = bytearray(path.read_bytes())
    content[4:2_000] = bytes(1_996)
    path.write_bytes(content)
    with pytest.raises(FileUnreadable, match="is no whole Parquet file"):
        desk.stage(path)


def test_refuses_a_file_without_rows(desk: Desk) -> None:
    with pytest.raises(FileUnreadable, match="has a header but no rows"):
        desk.stage(write(desk, rows=0))


def test_refuses_unknown_columns_unless_some_are_named(desk: Desk) -> None:
    path = write(desk, weight=pa.array([1.5]), tags=pa.array([["a", "b"]]))
    with pytest.raises(FileUnreadable, match="column 'weight' is unknown"):
        desk.stage(path)
    with desk.stage(path, {"amount": "amount"}) as staged:
        assert staged.ignored_columns == ("weight", "tags")


def test_is_told_by_its_first_bytes_not_its_name(desk: Desk) -> None:
    assert len(desk.actions(write(desk, name="orders.dat"))) == 1


def test_gives_the_same_as_csv(desk: Desk) -> None:
    rows = [
        (f"A{number}", f"M{number % 7}", f"2024-05-{1 + number % 28:02d}", f"{number + 1}.25")
        for number in range(20_000)
    ]
    names = HEADER.split(",")
    columns = dict(zip(names, map(pa.array, zip(*rows, strict=True)), strict=True))
    path = write(desk, rows=len(rows), **columns)
    with desk.stage(path) as ours, desk.stage(csv_of(rows)) as theirs:
        # The header is line 1 of a CSV file.
        assert all_of(ours) == [each._replace(row=each.row - 1) for each in all_of(theirs)]
        assert (ours.orders, ours.members) == (theirs.orders, theirs.members)
        assert ours.digest != theirs.digest


def test_writes_bad_rows_with_all_their_columns(desk: Desk) -> None:
    bad = desk.folder / "bad.csv"
    path = write(desk, rows=3, amount=pa.array(["5", "x", "7"]), tags=pa.array([["a"]] * 3))
    with desk.stage(path, {"amount": "amount"}, skip_bad=bad) as staged:
        assert (staged.orders, staged.skipped) == (2, 1)
        staged.keep_leftovers()
    header, row = bad.read_text().splitlines()
    assert header == "row,reason,order_id,member_id,paid_at,amount,tags"
    assert row.startswith('2,"amount: is no plain decimal')
    assert row.endswith(",A1,M1,2024-05-01,x,['a']")
