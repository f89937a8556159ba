"""The demo's orders file holds the real year, to the cent, and says what it leaves out."""

import csv
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shareback.engine import demo_data
from shareback.engine.demo_data import DemoDataMissing, DemoReport, write_demo_orders
from shareback.engine.orders_file import stage


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DemoReport, list[int]]:
    path = tmp_path_factory.mktemp("demo") / "orders.csv"
    told: list[int] = []
    report = write_demo_orders(path, lambda done, size: told.append(done * 1_000 // size))
    return path, report, told


def test_tells_the_figures_of_the_data_set(written: tuple[Path, DemoReport, list[int]]) -> None:
    _, report, told = written
    assert report == DemoReport(
        orders=155_848 - 527, households=2_469, stores=457, empty_baskets=527, invited=246
    )
    assert told == sorted(told)
    assert told[-1] == 1_000


def test_amounts_are_what_was_paid_to_the_cent(
    written: tuple[Path, DemoReport, list[int]],
) -> None:
    with written[0].open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0] == {
        "order_id": "31198570044",
        "member_id": "900",
        "paid_at": "2017-01-01T11:53:26",
        "amount": "0.50",
        "merchant_id": "330",
        "referrer_id": "",
    }
    cents = [int(row["amount"].replace(".", "")) for row in rows]
    assert min(cents) == 1
    # All of sales_value less all of coupon_disc; in 19 of the baskets left out the coupons were
    # worth more than the goods, by 26.58 dollars together.
    assert sum(cents) == 459_603_958 - 2_635_990 + 2_658
    assert all(one["paid_at"] <= other["paid_at"] for one, other in pairwise(rows))


def test_the_file_is_a_good_orders_file(
    written: tuple[Path, DemoReport, list[int]], tmp_path: Path
) -> None:
    staged = stage(
        written[0],
        mapping={},
        zone=ZoneInfo("Asia/Shanghai"),
        folder=tmp_path,
        skip_bad=None,
        progress=lambda _done, _size: None,
    )
    with staged:
        assert (staged.orders, staged.members, staged.merchants) == (155_321, 2_469, 457)
        assert staged.last_day - staged.first_day == 365
        referrers = [a.referrer_id for _, day in staged.days() for a in day if a.referrer_id]
    # Nobody invites twice, and each invitation stands on a first order.
    assert len(referrers) == len(set(referrers)) == 246


def test_the_year_moves_by_whole_weeks_to_end_when_it_is_wanted(
    written: tuple[Path, DemoReport, list[int]], tmp_path: Path
) -> None:
    moved = tmp_path / "moved.csv"
    assert write_demo_orders(moved, lambda *_: None, date(2026, 6, 30)) == written[1]
    with written[0].open(newline="") as old, moved.open(newline="") as new:
        pairs = list(zip(csv.DictReader(old), csv.DictReader(new), strict=True))
    gaps = set()
    for before, after in pairs:
        gap = datetime.fromisoformat(after["paid_at"]) - datetime.fromisoformat(before["paid_at"])
        gaps.add(gap)
        assert {**after, "paid_at": ""} == {**before, "paid_at": ""}
    (gap,) = gaps
    assert gap.seconds == 0
    assert gap.days % 7 == 0
    last = datetime.fromisoformat(pairs[-1][1]["paid_at"]).date()
    assert timedelta() <= date(2026, 6, 30) - last < timedelta(days=7)


def test_says_how_to_get_the_data_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_data, "_PACKAGE", "no_such_package")
    with pytest.raises(DemoDataMissing, match="make setup"):
        write_demo_orders(tmp_path / "orders.csv", lambda _done, _size: None)
    assert not list(tmp_path.iterdir())
