"""Bad rows go to a file of their own, with all rows of their order, and the rest goes on."""

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shareback.engine.orders_file import FileUnreadable, RowUnreadable
from tests.engine.orders_files import HEADER, Desk, all_of

REFUNDS = f"{HEADER},refunded_at,refund_amount"
REFERRED = f"{HEADER},referrer_id"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def split(desk: Desk, content: str | bytes) -> tuple[list[str], dict[int, str]]:
    """The orders that are taken, and the reason for each row that is not."""
    bad = desk.folder / "bad.csv"
    with desk.stage(content, skip_bad=bad) as staged:
        taken = [each.order_id for each in all_of(staged) if each.kind == 0]
        assert staged.orders == len(taken)
        skipped = staged.skipped
        staged.keep_leftovers()
    with bad.open(newline="", encoding="utf-8", errors="surrogateescape") as file:
        header, *rows = csv.reader(file)
    source = desk.folder / "orders.csv"
    names = source.read_bytes().decode(errors="surrogateescape").splitlines()[0].split(",")
    assert header == ["line", "reason", *names]
    assert len(rows) == skipped
    assert desk.left() == {"orders.csv", "bad.csv"}
    return taken, {int(row[0]): row[1] for row in rows}


def test_leaves_bad_rows_out_and_goes_on(desk: Desk) -> None:
    taken, left = split(
        desk,
        f"{HEADER}\nA1,M1,2024-05-01,1\nA2,M1,soon,1\nA3\nA4,M1,2024-05-01,0\nA5,M1,2024-05-01,1\n",
    )
    assert taken == ["A1", "A5"]
    assert list(left) == [3, 4, 5]
    assert left[3].startswith("paid_at: is no date and time")
    assert left[4].startswith("has 1 cells")
    assert left[5].startswith("amount: is nothing")


def test_writes_the_rows_as_they_stand(desk: Desk) -> None:
    bad = '"A,2","M\n2",2024-05-01,"1,5"\nA3,M3\nA4,M\xfc,2024-05-01,1'
    split(desk, f"{HEADER}\nA1,M1,2024-05-01,1\n{bad}".encode("latin-1"))
    lines = (desk.folder / "bad.csv").read_bytes().split(b"\r\n")
    assert lines[1].endswith(b'"A,2","M\n2",2024-05-01,"1,5"')
    assert lines[2].endswith(b",A3,M3")
    assert lines[3].endswith(b",A4,M\xfc,2024-05-01,1")


def test_leaves_out_all_rows_of_a_bad_order(desk: Desk) -> None:
    taken, left = split(
        desk,
        f"{REFUNDS}\n"
        "A1,M1,2024-05-01,10,2024-05-02,1\n"
        "A2,M1,2024-05-01,10,2024-05-02,1\n"
        "A1,M1,2024-05-01,10,2024-04-02,1\n"
        "A2,M1,2024-05-01,10,2024-05-03,9\n"
        "A1,M1,2024-05-01,10,2024-05-02,1\n",
    )
    assert taken == ["A2"]
    assert left[2] == "belongs to an order of which line 4 is bad"
    assert left[4].startswith("refunded_at: is before the payment")
    assert left[6] == left[2]


def test_leaves_out_duplicates_altogether(desk: Desk) -> None:
    taken, left = split(
        desk,
        f"{HEADER}\nA1,M1,2024-05-01,1\nA2,M1,2024-05-01,1\nA1,M1,2024-05-01,1\n",
    )
    assert taken == ["A2"]
    assert left[4].startswith("order_id: repeats line 2")
    assert left[2] == "belongs to an order of which line 4 is bad"


def test_who_was_brought_by_nobody_left_is_left_out_in_turn(desk: Desk) -> None:
    # M1 loses the only order, so M2's first order has no referrer, and then M3's has none.
    taken, left = split(
        desk,
        f"{REFERRED}\n"
        "A1,M1,2024-05-01,0,\n"
        "A2,M2,2024-05-02,1,M1\n"
        "A3,M3,2024-05-03,1,M2\n"
        "A4,M2,2024-05-04,1,\n"
        "A5,M3,2024-05-05,1,M2\n"
        "A6,M3,2024-05-06,1,\n"
        "A7,M4,2024-05-07,1,\n",
    )
    assert taken == ["A4", "A5", "A6", "A7"]
    assert list(left) == [2, 3, 4]
    assert "has no order before this one that is taken" in left[4]


def test_keeps_the_referrer_of_the_first_order_that_is_taken(desk: Desk) -> None:
    with desk.stage(
        f"{REFERRED}\nA1,M1,2024-05-01,1,\nA2,M2,2024-05-02,0,M1\nA3,M2,2024-05-03,1,M1\n"
        "A4,M2,2024-05-04,1,M3\n",
        skip_bad=desk.folder / "bad.csv",
    ) as staged:
        assert [(each.order_id, each.referrer_id) for each in all_of(staged)] == [
            ("A1", ""),
            ("A3", "M1"),
        ]
        assert (staged.members, staged.skipped) == (2, 2)


def test_writes_a_header_alone_where_nothing_is_bad(desk: Desk) -> None:
    (desk.folder / "bad.csv").write_text("of an earlier run")
    taken, left = split(desk, f"{HEADER}\nA1,M1,2024-05-01,1\n")
    assert (taken, left) == (["A1"], {})


def test_cells_are_safe_in_a_spreadsheet(desk: Desk) -> None:
    """A61: nothing that is written is taken for a formula; negative numbers stay as they are."""
    cells = ["=1+1", "+1", "-1-1", "@sum", "\tx", "-5", "-5.25", "5-", " =1"]
    header = f"{HEADER},=a,b,c,d,e,f,g,h,i"
    mapping = {"amount": "amount"}
    quoted = ",".join(f'"{cell}"' for cell in cells)
    bad = desk.folder / "bad.csv"
    content = f"{header}\nA1,M1,2024-05-01,1{',' * 9}\n=A2,M1,2024-05-01,-1,{quoted}\n"
    with desk.stage(content, mapping, skip_bad=bad) as staged:
        staged.keep_leftovers()
    with bad.open(newline="") as file:
        names, row = csv.reader(file)
    assert names[6] == "'=a"
    assert row[2:6] == ["'=A2", "M1", "2024-05-01", "-1"]
    assert row[6:] == ["'=1+1", "'+1", "'-1-1", "'@sum", "'\tx", "-5", "-5.25", "5-", " =1"]


def test_a_reason_is_safe_too(desk: Desk) -> None:
    bad = desk.folder / "bad.csv"
    content = f"{HEADER},=profit\nA1,M1,2024-05-01,1,\nA2,M1,2024-05-01,1,x\n"
    with desk.stage(content, {"profit": "=profit"}, skip_bad=bad) as staged:
        staged.keep_leftovers()
    assert "\n3,\"'=profit: " in bad.read_text()


def test_bad_rows_that_are_not_kept_leave_no_file(desk: Desk) -> None:
    bad = desk.folder / "bad.csv"
    bad.write_text("of an earlier run")
    with desk.stage(f"{HEADER}\nA1,M1,2024-05-01,1\nA2\n", skip_bad=bad) as staged:
        assert staged.skipped == 1
    assert desk.left() == {"orders.csv", "bad.csv"}
    assert bad.read_text() == "of an earlier run"


def test_refuses_a_file_of_bad_rows_alone(desk: Desk) -> None:
    with pytest.raises(FileUnreadable, match=r"no row that can be taken.*line 2, column amount"):
        desk.stage(f"{HEADER}\nA1,M1,2024-05-01,0\nA2\n", skip_bad=desk.folder / "bad.csv")
    with pytest.raises(FileUnreadable, match="no row that can be taken"):
        desk.stage(
            f"{HEADER}\nA1,M1,2024-05-01,1\nA1,M1,2024-05-01,1\n",
            skip_bad=desk.folder / "bad.csv",
        )
    assert desk.left() == {"orders.csv"}


def test_refuses_a_file_whose_rows_cannot_be_told_apart(desk: Desk) -> None:
    with pytest.raises(RowUnreadable, match=r"line 3 .*never closed"):
        desk.stage(
            f'{HEADER}\nA1,M1,2024-05-01,1\n"A2,M1,2024-05-01,1\n',
            skip_bad=desk.folder / "bad.csv",
        )
    assert desk.left() == {"orders.csv"}


def test_refuses_to_write_over_the_orders(desk: Desk) -> None:
    path = desk.write(f"{HEADER}\nA1\n")
    (desk.folder / "link.csv").symlink_to(path)
    for target in (path, desk.folder / "link.csv"):
        with pytest.raises(FileUnreadable, match="is the orders file"):
            desk.stage(path, skip_bad=target)
    assert path.read_text() == f"{HEADER}\nA1\n"


@pytest.mark.parametrize("target", [".", "none/bad.csv"])
def test_refuses_a_target_that_cannot_be_written(desk: Desk, target: str) -> None:
    with pytest.raises(FileUnreadable, match="cannot be written"):
        desk.stage(f"{HEADER}\nA1,M1,2024-05-01,1\n", skip_bad=desk.folder / target)


members = st.sampled_from(["M1", "M2", "M3", "M4"])
rows = st.tuples(
    st.sampled_from([f"A{number}" for number in range(8)]),
    members,
    st.integers(1, 4).map(lambda day: f"2024-05-0{day}"),
    st.sampled_from(["0", "1", "1", "1", "x"]),
    st.just("") | members | st.just("M9"),
)


@settings(suppress_health_check=list(HealthCheck))
@given(lines=st.lists(rows, min_size=1, max_size=14))
def test_what_is_left_is_a_file_without_faults(
    desk: Desk, lines: list[tuple[str, str, str, str, str]]
) -> None:
    text = "\n".join([REFERRED, *map(",".join, lines)])
    bad = desk.folder / "bad.csv"
    try:
        staged = desk.stage(text, skip_bad=bad)
    except FileUnreadable:
        return
    with staged:
        taken = all_of(staged)
        staged.keep_leftovers()
    with bad.open(newline="") as file:
        left = {int(row["line"]) for row in csv.DictReader(file)}
    rest = [line for number, line in enumerate(lines, 2) if number not in left]
    assert {each.row for each in taken} == set(range(2, len(lines) + 2)) - left
    again = desk.actions("\n".join([REFERRED, *map(",".join, rest)]))
    assert [each._replace(row=0) for each in again] == [each._replace(row=0) for each in taken]
