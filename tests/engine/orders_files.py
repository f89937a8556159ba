"""Small orders files for the tests, and what staging them gives."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shareback.engine.orders_file import (
    Action,
    FileUnreadable,
    RowUnreadable,
    StagedOrders,
    stage,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
HEADER = "order_id,member_id,paid_at,amount"
FULL_HEADER = (
    "order_id,member_id,paid_at,amount,received_at,profit,merchant_id,referrer_id,refunded_at,"
    "refund_amount"
)
HOUR = 3_600_000_000
# 2024-05-01 00:00 in Shanghai.
MAY_1 = 1_714_492_800_000_000
DAY_1 = 739_007


@dataclass
class Desk:
    """A folder to work in."""

    folder: Path

    def write(self, content: str | bytes, name: str = "orders.csv") -> Path:
        """Write a file as it stands."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def stage(
        self,
        content: str | bytes | Path,
        mapping: Mapping[str, str] | None = None,
        zone: ZoneInfo = SHANGHAI,
        skip_bad: Path | None = None,
    ) -> StagedOrders:
        """Stage a text, or a file."""
        return stage(
            content if isinstance(content, Path) else self.write(content),
            mapping=mapping or {},
            zone=zone,
            folder=self.folder,
            skip_bad=skip_bad,
            progress=lambda _done, _size: None,
        )

    def actions(self, content: str | bytes | Path, zone: ZoneInfo = SHANGHAI) -> list[Action]:
        """What a file asks to be done."""
        with self.stage(content, zone=zone) as staged:
            return all_of(staged)

    def left(self) -> set[str]:
        """The names of all files in the folder."""
        return {each.name for each in self.folder.iterdir()}


def all_of(staged: StagedOrders) -> list[Action]:
    """All actions, in order."""
    return [action for _, actions in staged.days() for action in actions]


def csv_of(rows: Iterable[Sequence[str]], header: str = HEADER) -> str:
    """A file of rows."""
    return "\n".join([header, *(",".join(row) for row in rows)]) + "\n"


def refused(desk: Desk, content: str | bytes | Path) -> RowUnreadable:
    """Stage what must be refused for one row, and leave nothing behind."""
    with pytest.raises(RowUnreadable) as caught:
        desk.stage(content)
    assert desk.left() <= {"orders.csv", "orders.parquet"}
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


def file_refused(
    desk: Desk, content: str | bytes | Path, mapping: dict[str, str] | None = None
) -> str:
    """Stage what must be refused as a whole; answers the reason."""
    with pytest.raises(FileUnreadable) as caught:
        desk.stage(content, mapping)
    assert desk.left() <= {"orders.csv", "orders.parquet"}
    assert len(str(caught.value).splitlines()) == 1
    return caught.value.reason
