"""Good orders files come back as they were, in order of time."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shareback.engine.orders_file import Action, ActionKind, stage
from tests.engine.orders_files import (
    DAY_1,
    FULL_HEADER,
    HEADER,
    HOUR,
    MAY_1,
    Desk,
    all_of,
    csv_of,
)

DAY = 24 * HOUR
BEGINNING = 1_514_764_800_000_000  # of 2018, in UTC


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_reads_the_fewest_columns(desk: Desk) -> None:
    with desk.stage(f"{HEADER}\nA1,M1,2024-05-01T09:00:00,100.5\n") as staged:
        assert (staged.orders, staged.rows, staged.skipped) == (1, 1, 0)
        assert (staged.members, staged.merchants) == (1, 0)
        assert (staged.first_day, staged.last_day) == (DAY_1, DAY_1)
        assert staged.ignored_columns == ()
        assert all_of(staged) == [
            Action(
                kind=ActionKind.PAY,
                at=MAY_1 + 9 * HOUR,
                day=DAY_1,
                row=2,
                order_id="A1",
                member_id="M1",
                merchant_id="",
                referrer_id="",
                amount_uyuan=100_500_000,
                profit_uyuan=None,
                received=True,
                refund_index=0,
            )
        ]


def test_reads_all_columns(desk: Desk) -> None:
    first, receipt, refund, second = desk.actions(
        f"{FULL_HEADER}\n"
        "A1,M1,2024-05-01,100,2024-05-03,40,S1,,2024-05-04,25.000001\n"
        "A2,M2,2024-05-05,1,,0,S2,M1,,\n"
    )
    assert (first.profit_uyuan, first.merchant_id, first.received) == (40_000_000, "S1", False)
    assert (receipt.kind, receipt.day, receipt.amount_uyuan) == (ActionKind.RECEIVE, DAY_1 + 2, 0)
    assert (refund.kind, refund.day, refund.amount_uyuan) == (
        ActionKind.REFUND,
        DAY_1 + 3,
        25_000_001,
    )
    assert (second.referrer_id, second.received, second.profit_uyuan) == ("M1", True, 0)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2024-05-01", 0),
        ("2024-05-01T00:00", 0),
        ("2024-05-01 09:30", 9.5 * HOUR),
        ("2024-05-01T09:30:15", 9.5 * HOUR + 15_000_000),
        ("2024-05-01T09:30:15.5", 9.5 * HOUR + 15_500_000),
        ("2024-05-01T09:30:15.123456789", 9.5 * HOUR + 15_123_456),
        ("2024-05-01T00:00:00Z", 8 * HOUR),
        ("2024-04-30T16:00Z", 0),
        ("2024-05-01T09:30:15.250+08:00", 9.5 * HOUR + 15_250_000),
        ("2024-04-30T20:30:00-03:30", 8 * HOUR),
        ("2024-05-01T23:59:59.999999", DAY - 1),
    ],
)
def test_takes_iso_times_with_and_without_a_zone(desk: Desk, text: str, at: float) -> None:
    (action,) = desk.actions(f"{HEADER}\nA1,M1,{text},1\n")
    assert (action.at - MAY_1, action.day) == (at, DAY_1)


def test_counts_a_zoned_time_in_the_programmes_day(desk: Desk) -> None:
    before, after = desk.actions(
        f"{HEADER}\nA1,M1,2024-05-01T15:59:59Z,1\nA2,M1,2024-05-01T16:00:00Z,1\n"
    )
    assert (before.day, after.day) == (DAY_1, DAY_1 + 1)


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2024-03-31T01:59:59", "2024-03-31T00:59:59Z"),
        ("2024-03-31T02:30:00", "2024-03-31T01:30:00Z"),  # left out: on from the offset before
        ("2024-03-31T03:00:00", "2024-03-31T01:00:00Z"),
        ("2024-10-27T02:30:00", "2024-10-27T00:30:00Z"),  # comes twice: the first
        ("2024-10-27T03:00:00", "2024-10-27T02:00:00Z"),
        ("2024-07-01T00:00:00", "2024-06-30T22:00:00Z"),
    ],
)
def test_knows_the_days_on_which_clocks_change(desk: Desk, local: str, utc: str) -> None:
    first, second = desk.actions(
        f"{HEADER}\nA1,M1,{local},1\nA2,M1,{utc},1\n", zone=ZoneInfo("Europe/Berlin")
    )
    assert (first.at, first.day) == (second.at, second.day)


def test_a_day_never_goes_back_where_clocks_go_back_over_midnight(desk: Desk) -> None:
    # On 2018-02-18 at 00:00 São Paulo went back to 23:00 of the 17th.
    paid, refunded = desk.actions(
        f"{HEADER},refunded_at,refund_amount\n"
        "A1,M1,2018-02-18T01:59:00Z,5,2018-02-18T02:01:00Z,5\n",
        zone=ZoneInfo("America/Sao_Paulo"),
    )
    assert paid.day == refunded.day
    assert refunded.at - paid.at == 120_000_000


def test_a_later_instant_of_an_earlier_date_counts_as_of_the_payments_date(desk: Desk) -> None:
    # On 2010-11-07 at 00:01 St. John's went back to 23:01 of the 6th.
    paid, refunded = desk.actions(
        f"{HEADER},refunded_at,refund_amount\n"
        "A1,M1,2010-11-07T02:30:30Z,5,2010-11-07T02:31:30Z,5\n",
        zone=ZoneInfo("America/St_Johns"),
    )
    assert paid.day == refunded.day
    assert refunded.at - paid.at == 60_000_000


def test_takes_the_forms_of_csv(desk: Desk) -> None:
    text = (
        '\ufeff"order_id",member_id,paid_at,amount\r\n'
        '"A,1","M ""one""",2024-05-01,1\r\n'
        "\r\n"
        '"A2",会员,2024-05-02,"2"'
    )
    first, second = desk.actions(text)
    assert (first.order_id, first.member_id, first.row) == ("A,1", 'M "one"', 2)
    assert (second.member_id, second.row, second.amount_uyuan) == ("会员", 4, 2_000_000)


def test_takes_lines_that_end_in_a_carriage_return(desk: Desk) -> None:
    first, second = desk.actions(f"{HEADER}\rA1,M1,2024-05-01,1\rA2,M1,2024-05-02,1\r")
    assert (first.row, second.row) == (2, 3)


def test_orders_what_happens_by_time_then_row(desk: Desk) -> None:
    actions = desk.actions(
        f"{FULL_HEADER}\n"
        "late,M1,2024-05-09,1,,,,,,\n"
        "b,M1,2024-05-01,1,,,,,2024-05-01,1\n"
        "a,M1,2024-05-01,1,2024-05-09,,,,,\n"
    )
    assert [(each.kind.name, each.order_id) for each in actions] == [
        ("PAY", "b"),
        ("REFUND", "b"),
        ("PAY", "a"),
        ("PAY", "late"),
        ("RECEIVE", "a"),
    ]


def test_numbers_the_refunds_of_an_order_in_order_of_time(desk: Desk) -> None:
    text = (
        f"{HEADER},refunded_at,refund_amount\n"
        "A1,M1,2024-05-01,10,2024-05-09,3\n"
        "A2,M1,2024-05-02,1,,\n"
        "A1,M1,2024-05-01,10,2024-05-08,7\n"
    )
    with desk.stage(text) as staged:
        assert (staged.orders, staged.rows) == (2, 3)
        actions = all_of(staged)
    assert [(each.row, each.order_id, each.refund_index) for each in actions] == [
        (2, "A1", 0),
        (3, "A2", 0),
        (4, "A1", 0),
        (2, "A1", 1),
    ]


@pytest.mark.parametrize(
    ("refunds", "received"),
    [
        (["2024-05-02,10"], False),
        (["2024-05-02,9"], True),
        (["2024-05-03,10"], True),  # at the receipt's instant, after it
        (["2024-05-02,4", "2024-05-02,6"], False),
        (["2024-05-02,4", "2024-05-02,5"], True),
        (["2024-05-02,4", "2024-05-04,6"], True),
    ],
)
def test_leaves_out_the_receipt_of_an_order_closed_before(
    desk: Desk, refunds: list[str], *, received: bool
) -> None:
    rows = [f"A1,M1,2024-05-01,10,2024-05-03,{refund}\n" for refund in refunds]
    actions = desk.actions(f"{HEADER},received_at,refunded_at,refund_amount\n{''.join(rows)}")
    assert (ActionKind.RECEIVE in {each.kind for each in actions}) == received
    assert not actions[0].received


def test_a_referrer_counts_once_on_the_members_first_order(desk: Desk) -> None:
    with desk.stage(
        f"{HEADER},referrer_id\n"
        "A3,M2,2024-05-03,1,M1\n"
        "A2,M2,2024-05-02,1,M1\n"
        "A4,M2,2024-05-04,1,\n"
        "A1,M1,2024-05-01,1,\n"
    ) as staged:
        assert staged.members == 2
        assert {each.order_id: each.referrer_id for each in all_of(staged)} == {
            "A1": "",
            "A2": "M1",
            "A3": "",
            "A4": "",
        }


def test_a_referrer_of_the_same_instant_must_stand_above(desk: Desk) -> None:
    actions = desk.actions(f"{HEADER},referrer_id\nA1,M1,2024-05-01,1,\nA2,M2,2024-05-01,1,M1\n")
    assert actions[1].referrer_id == "M1"


def test_takes_other_peoples_column_names(desk: Desk) -> None:
    text = "Bestellung,Kunde,paid_at,Betrag,Notiz,\nA1,M1,2024-05-01,1,x,y\n"
    mapping = {"order_id": "Bestellung", "member_id": "Kunde", "amount": "Betrag"}
    with desk.stage(text, mapping) as staged:
        assert staged.ignored_columns == ("Notiz", "")
        assert all_of(staged)[0].amount_uyuan == 1_000_000


def test_one_column_may_hold_two_fields(desk: Desk) -> None:
    with desk.stage(f"{HEADER}\nA1,M1,2024-05-01,1\n", {"received_at": "paid_at"}) as staged:
        assert all_of(staged)[0].received


def test_the_digest_depends_on_bytes_mapping_and_zone(desk: Desk) -> None:
    def digest(text: str, mapping: dict[str, str], zone: str) -> str:
        with desk.stage(text, mapping, ZoneInfo(zone)) as staged:
            return staged.digest

    text = f"{HEADER},more\nA1,M1,2024-05-01,1,2\n"
    mapping = {"amount": "amount"}
    digests = [
        digest(text, mapping, "Asia/Shanghai"),
        digest(text + "\n", mapping, "Asia/Shanghai"),
        digest(text, {"amount": "more"}, "Asia/Shanghai"),
        digest(text, mapping, "Europe/Paris"),
    ]
    assert len(set(digests)) == 4
    assert digests[0] == digest(text, mapping, "Asia/Shanghai")
    assert len(digests[0]) == 64


def test_batches_never_mix_days(desk: Desk) -> None:
    rows = [(f"A{n}", "M1", f"2024-05-{1 + n // 5:02d}", "1") for n in range(50)]
    with desk.stage(csv_of(rows)) as staged:
        batches = list(staged.batches(3))
        assert all(0 < len(batch) <= 3 for batch in batches)
        assert all(len({action[2] for action in batch}) == 1 for batch in batches)
        assert [action[4] for batch in batches for action in batch] == [row[0] for row in rows]
        later = [action[4] for batch in staged.batches(100, DAY_1 + 8) for action in batch]
        assert later == [row[0] for row in rows[40:]]
        assert [day for day, _ in staged.days(DAY_1 + 9)] == [DAY_1 + 9]


def test_leaves_nothing_in_the_folder(desk: Desk) -> None:
    path = desk.write(f"{HEADER}\nA1,M1,2024-05-01,1\n")
    with desk.stage(path):
        assert desk.left() == {"orders.csv"}
    assert desk.left() == {"orders.csv"}


def test_tells_how_far_it_is(desk: Desk) -> None:
    path = desk.write(csv_of((f"A{n}", "M1", "2024-05-01", "1") for n in range(60_000)))
    told: list[tuple[int, int]] = []
    staged = stage(
        path,
        mapping={},
        zone=ZoneInfo("UTC"),
        folder=desk.folder,
        skip_bad=None,
        progress=lambda done, size: told.append((done, size)),
    )
    with staged:
        assert staged.orders == 60_000
    assert told == sorted(told)
    assert told[-1] == (path.stat().st_size, path.stat().st_size)
    assert len(told) > 2


def test_rows_are_numbered_the_same_in_all_blocks(desk: Desk) -> None:
    # Quotation marks here and there, and cells of several lines, over many blocks.
    world = random.Random(5)
    parts, line, lines = [f"{HEADER},note\n"], 2, {}
    for number in range(40_000):
        note = world.choice(["", "x" * 30, '"quoted, with comma"', '"two\nlines"', '"a\r\n\nb"'])
        lines[f"A{number}"] = line
        parts.append(f"A{number},M1,2024-05-01,1,{note}\n")
        line += parts[-1].count("\n")
    with desk.stage("".join(parts), {"amount": "amount"}) as staged:
        assert {each.order_id: each.row for each in all_of(staged)} == lines


ids = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=12)


@settings(suppress_health_check=list(HealthCheck))
@given(world=st.data())
def test_random_valid_orders_come_back_as_they_were(desk: Desk, world: st.DataObject) -> None:
    orders = world.draw(st.lists(ids, min_size=1, max_size=12, unique=True))
    members = world.draw(st.lists(ids, min_size=1, max_size=4, unique=True))
    lines: list[tuple[str, ...]] = []
    expected: list[tuple[object, ...]] = []
    for order in orders:
        member = world.draw(st.sampled_from(members))
        paid, amount = world.draw(st.integers(0, 24 * 400)), world.draw(st.integers(1, 10**12))
        received = world.draw(st.none() | st.integers(paid, paid + 1_000))
        parts = world.draw(st.lists(st.integers(1, max(1, amount // 3)), max_size=2))
        refunds = [
            (world.draw(st.integers(paid, paid + 2_000)), part)
            for part in parts
            if sum(parts) < amount
        ]
        common = (order, member, time(paid), money(amount), time(received))
        lines += [(*common, time(at), money(part)) for at, part in refunds] or [(*common, "", "")]
        expected.append((order, member, "PAY", paid, amount, received in {None, paid}))
        if received not in {None, paid}:
            expected.append((order, member, "RECEIVE", received, 0, False))
        expected += [(order, member, "REFUND", at, part, False) for at, part in refunds]
    world.draw(st.randoms(use_true_random=False)).shuffle(lines)
    rows = (['"' + cell.replace('"', '""') + '"' for cell in line] for line in lines)
    text = csv_of(rows, f"{HEADER},received_at,refunded_at,refund_amount")
    with desk.stage(text, zone=ZoneInfo("UTC")) as staged:
        assert (staged.orders, staged.rows) == (len(orders), len(lines))
        actions = all_of(staged)
    keys = [(each.day, each.at, each.row, each.kind) for each in actions]
    assert keys == sorted(keys)
    for order in orders:
        refunds_of = [a for a in actions if (a.order_id, a.kind) == (order, ActionKind.REFUND)]
        assert [each.refund_index for each in refunds_of] == list(range(len(refunds_of)))
    found = [
        (
            each.order_id,
            each.member_id,
            each.kind.name,
            (each.at - BEGINNING) // HOUR,
            each.amount_uyuan,
            each.received,
        )
        for each in actions
    ]
    assert Counter(found) == Counter(expected)


def time(hour: int | None) -> str:
    """An hour after the beginning of 2018, as text."""
    if hour is None:
        return ""
    return (datetime(2018, 1, 1, tzinfo=UTC) + timedelta(hours=hour)).isoformat()[:19]


def money(uyuan: int) -> str:
    """An amount with all its decimal places."""
    return f"{uyuan // 10**6}.{uyuan % 10**6:06d}"
