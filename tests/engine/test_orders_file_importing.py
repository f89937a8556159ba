"""A staged file meets another writer of its programme."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.engine.importing import Importer, ImportRefused, countable_uyuan
from shareback.journal.models import Import
from shareback.rules.layout import HEAD_WIDTH, Head
from shareback.units.scales import PPM, RANGE
from tests.backends.journals import OPENED, Opens
from tests.engine.orders_files import HEADER, Desk

SHANGHAI = ZoneInfo("Asia/Shanghai")
TWO = f"{HEADER}\nA1,M1,2026-01-01T09:00,1\nA2,M2,2026-01-01T10:00,1\n"


def quiet(_done: int, _total: int) -> None:
    """Tell nobody."""


def pay(engine: Engine, order: str) -> None:
    """Another writer's order."""
    hour = OPENED + 3_600_000_000
    commands: list[cmd.Command] = [
        cmd.JoinMember(hour, "M9"),
        cmd.PayOrder(hour, order, "M9", "", 5_000_000),
    ]
    assert [answer.code for answer in engine.apply(commands)] == [0, 0]


def test_an_order_of_another_writer_meanwhile_is_named(engine: Opens, tmp_path: Path) -> None:
    opened = engine()
    with Desk(tmp_path).stage(TWO, zone=SHANGHAI) as staged:
        importer = Importer(opened, staged)
        record = importer.begin()
        pay(Engine(opened.programme.name, opened.alias), "A2")
        before = opened.head()
        with pytest.raises(ImportRefused, match=r"line 3, column order_id: 'A2' .*another writer"):
            importer.run(record, quiet)
    assert opened.head() == before
    assert Import.objects.using(opened.alias).get(programme_id=opened.id).position == 0


def test_an_import_that_has_not_begun_is_compared_anew(engine: Opens, tmp_path: Path) -> None:
    opened = engine()
    with Desk(tmp_path).stage(TWO, zone=SHANGHAI) as staged:
        Importer(opened, staged).begin()
        pay(opened, "A1")
        with pytest.raises(ImportRefused, match="line 2, column order_id: 'A1' is an order"):
            Importer(opened, staged).begin()


def test_an_import_that_has_begun_goes_on(engine: Opens, tmp_path: Path) -> None:
    opened = engine()
    with Desk(tmp_path).stage(TWO, zone=SHANGHAI) as staged:
        importer = Importer(opened, staged)
        importer.begin()
        importer.apply(next(importer.pending(0)), 2)
        again = Importer(opened, staged)
        done = again.run(again.begin(), quiet)
    assert done == (0, 2)


def test_what_is_there_leaves_less_room() -> None:
    head = [0] * HEAD_WIDTH
    assert countable_uyuan(head, 2 * PPM) == RANGE // 2
    assert countable_uyuan(head, PPM // 2) == RANGE
    head[Head.QUOTA_GRANTED], head[Head.QUOTA_PENDING] = RANGE // 4, RANGE // 4
    assert countable_uyuan(head, 2 * PPM) == RANGE // 4
    head[Head.DIVIDENDS_IN], head[Head.ORDER_ESCROW] = RANGE // 2, RANGE // 2 - 7
    assert countable_uyuan(head, 2 * PPM) == 7
