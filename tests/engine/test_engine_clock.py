"""The state depends on journaled time only: late calls, and a clock that goes back (F5)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shareback.engine import commands as cmd
from shareback.engine.batch import DaysUnclosed
from shareback.engine.calendar import Calendar, day_text
from shareback.engine.engine import Engine
from shareback.engine.verifying import verify_full
from shareback.rules.layout import Head
from tests.backends.journals import DAY, Opens
from tests.engine.rows import rows_of
from tests.engine.small import AT, YUAN, do, opened, order

HOUR = DAY // 24


def figures(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """All rows but the events, which state the times."""
    rows = rows_of(engine)
    return {
        table: rows[table]
        for table in ("member", "order", "maturity", "movement", "payment", "refund")
    }


def test_a_late_command_belongs_to_the_open_day(engine: Opens) -> None:
    one = opened(engine, maturity_days=1)
    do(one, order("o1", at=AT + 5 * DAY))
    do(one, order("o2", at=AT), cmd.RefundOrder(AT - 400 * DAY, "o1", "r", YUAN))
    day = one.calendar.day_of(AT)
    assert [row[10] for row in rows_of(one)["order"]] == [day + 5, day + 5]
    assert one.head()[Head.DAY] == day + 5
    assert verify_full(one.programme.name, one.alias).findings == ()


@pytest.mark.parametrize("shift", [-DAY, -HOUR, -1, 1, HOUR])
def test_a_clock_that_is_wrong_within_a_day_changes_no_figure(engine: Opens, shift: int) -> None:
    """An hour or a day back, or an hour ahead of the same local day, while others are right."""
    right, wrong = opened(engine), opened(engine)
    for each in (right, wrong):
        do(each, order("o0", at=AT + 2 * DAY))
    story: list[Any] = [
        order("o1", at=AT + 2 * DAY),
        cmd.RedeemPoints(AT + 2 * DAY, "m1", 10**8),
        order("o2", "m2", at=AT + 2 * DAY),
    ]
    do(right, *story)
    do(wrong, *[command._replace(at=command.at + shift) for command in story])
    for each in (right, wrong):
        each.close(each.calendar.day_of(AT) + 2)
    assert figures(right) == figures(wrong)
    assert right.head() == wrong.head()


def test_a_close_is_logged_at_the_end_of_its_day_whenever_it_is_made(engine: Opens) -> None:
    early, late = engine("close"), engine("close")
    day = early.calendar.day_of(AT)
    for number in range(4):
        early.close(day + number)
    late.close(day + 3)
    assert rows_of(early)["event"] == rows_of(late)["event"]


def test_a_close_of_a_day_that_is_closed_does_nothing(engine: Opens) -> None:
    one = opened(engine)
    day = one.calendar.day_of(AT)
    one.close(day + 2)
    before = rows_of(one)
    for again in (day - 5, day, day + 2):
        assert one.close(again) == 0
    assert rows_of(one) == before


def test_a_live_engine_closes_forty_days_at_once_and_not_one_more(engine: Opens) -> None:
    one = opened(engine)
    live = Engine(one.programme.name, one.alias, days_at_once=40)
    before, day = rows_of(one), one.calendar.day_of(AT)
    with pytest.raises(DaysUnclosed) as caught:
        live.apply([order("o1", at=AT), order("o2", at=AT + 41 * DAY)])
    assert (caught.value.open_day, caught.value.day) == (day, day + 41)
    assert rows_of(one) == before
    do(live, order("o1", at=AT + 40 * DAY))
    assert live.head()[Head.DAY] == day + 40
    # What the operator asks for by name is not bounded, and opens the way again.
    assert live.close(day + 100) == 61
    do(live, order("o2", at=AT + 110 * DAY))
    assert verify_full(one.programme.name, one.alias).findings == ()


def test_after_the_end_no_day_is_left_to_close(engine: Opens) -> None:
    one = opened(engine)
    day = one.calendar.day_of(AT)
    do(one, order("o1"), cmd.RedeemPoints(AT, "m1", 10**8), cmd.AnnounceEnd(AT, day + 1, 2))
    do(one, cmd.EndProgramme(AT + DAY))
    live = Engine(one.programme.name, one.alias, days_at_once=40)
    do(live, cmd.WithdrawCash(AT + 400 * DAY, "m1", 1))


def moment(*parts: int) -> int:
    """A time in UTC, in µs."""
    return int(datetime(*parts, tzinfo=UTC).timestamp()) * 10**6  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("Asia/Shanghai", moment(2026, 1, 1, 15, 59, 59), "2026-01-01"),
        ("Asia/Shanghai", moment(2026, 1, 1, 16), "2026-01-02"),
        ("UTC", moment(2026, 1, 1, 16), "2026-01-01"),
        # The day on which the clock is put forward has 23 hours, the other 25.
        ("Europe/Berlin", moment(2026, 3, 28, 22, 59, 59), "2026-03-28"),
        ("Europe/Berlin", moment(2026, 3, 28, 23), "2026-03-29"),
        ("Europe/Berlin", moment(2026, 3, 29, 21, 59, 59), "2026-03-29"),
        ("Europe/Berlin", moment(2026, 3, 29, 22), "2026-03-30"),
        ("Europe/Berlin", moment(2026, 10, 25, 22, 59, 59), "2026-10-25"),
        ("Europe/Berlin", moment(2026, 10, 25, 23), "2026-10-26"),
        # Midnight itself is left out when the clock is put forward at midnight.
        ("Africa/Cairo", moment(2026, 4, 23, 21, 59, 59), "2026-04-23"),
        ("Africa/Cairo", moment(2026, 4, 23, 22), "2026-04-24"),
    ],
)
def test_a_day_begins_at_local_midnight(zone: str, at: int, day: str) -> None:
    fresh, used = Calendar(zone), Calendar(zone)
    used.day_of(moment(2020, 1, 1))
    used.day_of(moment(2026, 7, 1))
    assert day_text(fresh.day_of(at)) == day
    assert day_text(used.day_of(at)) == day


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Africa/Cairo", "Asia/Shanghai"])
def test_days_follow_on_each_other_through_a_year_of_clock_changes(zone: str) -> None:
    calendar = Calendar(zone)
    first = calendar.day_of(moment(2026, 1, 1, 12))
    for day in range(first, first + 366):
        start, end = calendar.start_of(day), calendar.start_of(day + 1)
        assert 23 * HOUR <= end - start <= 25 * HOUR
        assert [calendar.day_of(start), calendar.day_of(end - 1)] == [day, day]


def test_a_programme_in_another_zone_closes_at_its_own_midnight(engine: Opens) -> None:
    one = opened(engine, timezone="America/New_York")
    day = one.calendar.day_of(AT)
    assert day_text(day) == "2025-12-31"
    do(one, order("o1", at=AT + 5 * HOUR - 1))
    assert one.head()[Head.DAY] == day
    do(one, order("o2", at=AT + 5 * HOUR))
    assert one.head()[Head.DAY] == day + 1
