"""F3: closes made twice, at once, late, or after a death half-way are as those made day by day."""

from shareback.engine.engine import Engine
from tests.backends.journals import OPENED, SALTS, Opens
from tests.engine.rows import log_root, rows_of
from tests.engine.test_engine_batches import QUICK, story
from tests.faults.conftest import Runs


def trading(engine: Opens) -> tuple[Engine, int]:
    """Some days of trade, and the first day that is open."""
    one = engine("closes", **QUICK)
    one.apply(story(seed=3, days=4, count=25))
    return one, one.calendar.day_of(OPENED) + 3


def test_late_and_repeated_closes_are_as_daily_ones(engine: Opens) -> None:
    daily, day = trading(engine)
    for number in range(4):
        daily.close(day + number)
    late, _ = trading(engine)
    late.close(day + 3)
    twice, _ = trading(engine)
    for number in range(4):
        for _ in range(2):
            Engine(twice.programme.name, twice.alias, SALTS).close(day + number)
        twice.close(day + number)

    assert log_root(late) == log_root(twice) == log_root(daily)
    assert rows_of(late) == rows_of(twice) == rows_of(daily)
    assert len(rows_of(daily)["day"]) == 7


def test_two_workers_and_deaths_half_way_change_nothing(warm: Runs, fresh_url: str) -> None:
    done = warm("closes", url=fresh_url)
    assert done["ends"] == [0, 0] + [-9] * 8
    assert done["equal"] == [True] * 10
