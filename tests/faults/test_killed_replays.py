"""A replay that is killed and started again comes to the same, to the log's root."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

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


def test_a_killed_replay_goes_on_to_the_same_summary(
    warm: Runs, fresh_url: str, tmp_path: Path
) -> None:
    orders = str(write_orders(tmp_path / "orders.csv"))
    whole = warm(
        "replayed",
        url=f"sqlite://{tmp_path}/whole.sqlite3",
        orders=orders,
        out=str(tmp_path / "whole"),
        deaths=0,
    )["summary"]
    killed = warm("replayed", url=fresh_url, orders=orders, out=str(tmp_path / "killed"), deaths=10)

    assert killed["ends"] == [-9] * 10
    summary = killed["summary"]
    assert whole["resumed_at"] == 0
    assert summary.pop("resumed_at") > 0
    for each in (whole, summary):
        each.pop("seconds")
    whole.pop("resumed_at")
    assert summary == whole
    assert summary["orders"] == ORDERS
    assert summary["orders_refunded"] > 100
    for name in ("days.csv", "members.csv", "books.beancount"):
        assert (tmp_path / "killed" / name).read_text() == (tmp_path / "whole" / name).read_text()
