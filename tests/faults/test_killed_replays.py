"""A replay that is killed and started again comes to the same, to the log's root."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.faults.conftest import Runs

ORDERS = 900


def write_orders(path: Path) -> Path:
    """Orders of thirty members over twenty days, some received late, brought, or refunded."""
    rng = random.Random(4)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    lines = [
        "order_id,member_id,paid_at,amount,received_at,merchant_id,referrer_id,refunded_at,refund_amount"
    ]
    seen: set[int] = set()
    for number in range(ORDERS):
        member = rng.randrange(30)
        paid = begin + timedelta(minutes=number * 32)
        received = paid + timedelta(hours=rng.randrange(60))
        brought = f"m{min(seen)}" if seen and member not in seen and member % 3 == 0 else ""
        seen.add(member)
        amount = rng.randrange(100, 20_000)
        refund = ["", ""]
        if number % 7 == 0:
            days = timedelta(days=rng.randrange(1, 9))
            refund = [f"{paid + days:%Y-%m-%dT%H:%M:%SZ}", f"{rng.randrange(1, amount) / 100:.2f}"]
        fields = [
            f"o{number * 7_919 % 1_000}-{number}",
            f"m{member}",
            f"{paid:%Y-%m-%dT%H:%M:%SZ}",
            f"{amount / 100:.2f}",
            f"{received:%Y-%m-%dT%H:%M:%SZ}",
            f"s{number % 3}",
            brought,
            *refund,
        ]
        lines.append(",".join(fields))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def whole(warm: Runs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a replay that nobody disturbs, with the orders beside it."""
    folder = tmp_path_factory.mktemp("whole")
    orders = str(write_orders(folder / "orders.csv"))
    url = f"sqlite://{folder}/whole.sqlite3"
    warm("replayed", url=url, orders=orders, out=str(folder / "whole"), deaths=0)
    return folder


def assert_same(whole: Path, out: Path) -> None:
    """What was written is the same, but for the time that it took."""
    one, other = (
        json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        for folder in (whole / "whole", out)
    )
    assert other | {"seconds": 0} == one | {"seconds": 0}
    assert one["orders"] == ORDERS
    assert one["orders_refunded"] > 100
    for name in ("days.csv", "members.csv", "books.beancount"):
        assert (out / name).read_text() == (whole / "whole" / name).read_text()


def test_a_killed_replay_goes_on_to_the_same_summary(
    warm: Runs, whole: Path, fresh_url: str, tmp_path: Path
) -> None:
    orders, out = str(whole / "orders.csv"), tmp_path / "killed"
    killed = warm("replayed", url=fresh_url, orders=orders, out=str(out), deaths=10)

    assert killed["ends"] == [-9] * 10
    assert killed["summary"]["resumed_at"] > 0
    assert_same(whole, out)


def test_replays_of_one_file_at_once_come_to_one(
    warm: Runs, whole: Path, fresh_url: str, tmp_path: Path
) -> None:
    """Who finds that another one is at work stops; what is imported is imported once."""
    orders, out = str(whole / "orders.csv"), tmp_path / "once"
    done = warm("replayed_at_once", url=fresh_url, orders=orders, out=str(out))

    assert done["ends"] == [0, 0, 0]
    assert "d" in done["told"]
    assert_same(whole, out)
