"""A cell that is no amount, time or id is refused with its line and column."""

from pathlib import Path

import pytest

from shareback.engine.orders_file import RowUnreadable
from tests.engine.orders_files import HEADER, Desk, refused

GOOD = "A0,M0,2024-05-01,100"
ID_MAX = 200


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        ("", "is missing"),
        ("0", "is nothing"),
        ("0.000000", "is nothing"),
        ("-5", "is negative"),
        ("+5", "is no plain decimal"),
        ("NaN", "is no plain decimal"),
        ("inf", "is no plain decimal"),
        ("1e400", "is no plain decimal"),
        ("1_000", "is no plain decimal"),
        ('"1,000"', "is no plain decimal"),
        ("1.0000001", "has more than 6 decimal places"),
        (" 1", "is no plain decimal"),
        ("1.", "is no plain decimal"),
        (".5", "is no plain decimal"),
        ("¥5", "is no plain decimal"),
        ("\uff15", "is no plain decimal"),
        ("1\x00", "is no plain decimal"),
        ("9" * 30, "is no plain decimal"),
        ("4611686018427.387904", "is too large"),
        ("9" * 5000, "is no plain decimal"),
    ],
)
def test_refuses_what_is_no_amount(desk: Desk, amount: str, reason: str) -> None:
    fault = refused(desk, f"{HEADER}\n{GOOD}\nA1,M1,2024-05-01,{amount}\n{GOOD}\n")
    assert (fault.row, fault.column, fault.unit) == (3, "amount", "line")
    assert reason in fault.reason
    assert fault.text in {amount.strip('"'), "9" * 37 + "..."}
    assert str(fault).startswith("line 3, column amount")


def test_takes_the_largest_and_the_smallest_amount(desk: Desk) -> None:
    actions = desk.actions(
        f"{HEADER}\nA0,M0,2024-05-01,4611686018427.387903\nA1,M0,2024-05-01,0.000001\n"
    )
    assert [each.amount_uyuan for each in actions] == [2**62 - 1, 1]


@pytest.mark.parametrize(
    "time",
    [
        "",
        "yesterday",
        "2024-13-01",
        "2024-02-30",
        "2024-5-1",
        "01.05.2024",
        "20240501",
        "2024-05-01T24:00",
        "2024-05-01T09:60",
        "2024-05-01T09:30:60",
        "2024-05-01T9:30",
        "2024-05-01T",
        "2024-05-01T09",
        "2024-05-01T09:30:15.",
        "2024-05-01T09:30:15.1234567890",
        "2024-05-01T09:30+15:00",
        "2024-05-01T09:30+0800",
        "2024-05-01T09:30 Z",
        "2024-05-01Z",
        "\uff12024-05-01",
        "1714492800",
        " 2024-05-01",
        "2024-05-01\n",
    ],
)
def test_refuses_what_is_no_time(desk: Desk, time: str) -> None:
    fault = refused(desk, f'{HEADER}\n{GOOD}\nA1,M1,"{time}",5\n')
    assert (fault.row, fault.column, fault.text) == (3, "paid_at", time)
    assert ("is no date and time" if time else "is missing") in fault.reason


@pytest.mark.parametrize(
    ("time", "fine"),
    [
        ("1969-12-31", False),
        ("1970-01-01T07:59:59.999999", False),
        ("1970-01-01T08:00", True),
        ("1969-12-31T23:59Z", False),
        ("1970-01-01T00:00Z", True),
        ("2199-12-31T23:59:59.999999", True),
        ("2200-01-01", False),
        ("9999-12-31", False),
        ("0000-01-01", False),
    ],
)
def test_takes_the_years_1970_to_2199(desk: Desk, time: str, *, fine: bool) -> None:
    text = f"{HEADER}\nA1,M1,{time},5\n"
    if fine:
        assert len(desk.actions(text)) == 1
    else:
        assert refused(desk, text).column == "paid_at"


@pytest.mark.parametrize("column", ["order_id", "member_id", "merchant_id", "referrer_id"])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x" * (ID_MAX + 1), "has 201 characters"),
        ("x" * 100_000, "has 100,000 characters"),
        ("a\tb", "control character"),
        ("a\x00", "control character"),
        ("\x7f", "control character"),
        ("a\x85b", "control character"),
        ("a\u2028b", "control character"),
        ("a\nb", "control character"),
    ],
)
def test_refuses_what_is_no_id(desk: Desk, column: str, text: str, reason: str) -> None:
    cells = {"order_id": "A1", "member_id": "M1", "paid_at": "2024-05-01", "amount": "5"}
    cells |= {"merchant_id": "", "referrer_id": "", column: f'"{text}"'}
    fault = refused(desk, f"{','.join(cells)}\n\n{','.join(cells.values())}\n")
    assert (fault.row, fault.column) == (3, column)
    assert reason in fault.reason


@pytest.mark.parametrize("column", [0, 1])
def test_refuses_a_missing_id(desk: Desk, column: int) -> None:
    cells = GOOD.split(",")
    cells[column] = ""
    fault = refused(desk, f"{HEADER}\n{','.join(cells)}\n")
    assert (fault.row, fault.column) == (2, HEADER.split(",")[column])
    assert "is missing" in fault.reason


def test_takes_ids_up_to_200_characters(desk: Desk) -> None:
    longest = "会" * ID_MAX
    (action,) = desk.actions(f"{HEADER}\n{longest},{longest},2024-05-01,1\n")
    assert action.order_id == action.member_id == longest


def test_names_the_files_own_column(desk: Desk) -> None:
    with pytest.raises(RowUnreadable, match=r"line 2, column Betrag €: '1,5' is no plain"):
        desk.stage(
            'order_id,member_id,paid_at,Betrag €\nA1,M1,2024-05-01,"1,5"\n',
            {"amount": "Betrag €"},
        )
