"""How the coverage of a programme has gone, close by close (R11)."""

from itertools import groupby
from typing import Any, NamedTuple

from shareback.engine.calendar import day_text
from shareback.journal.models import Day, Programme
from shareback.units.exact import mul_div
from shareback.units.shown import NONE, grouped
from shareback.units.text import format_down
from shareback.web.shown import Voice

COLUMNS = ("day", "points_members", "reserve", "supply", "pot", "quota_open", "payable")
POINTS_DRAWN_MAX = 400
MONTHS_SHOWN = 12
HUNDREDTHS = 10_000
"""Coverage is counted in hundredths of a per cent: so many are all of it."""


class Covered(NamedTuple):
    """The coverage at a close.

    Attributes:
        day: The day that closed.
        share: In hundredths of a per cent, rounded down; nothing where no quota was left.
    """

    day: int
    share: int | None


def coverage_history(programme: Programme, voice: Voice) -> dict[str, Any]:
    """The chart of the page: what is drawn, a sentence for whoever cannot see it, and a table.

    Args:
        programme: The head row.
        voice: The language of the page.
    """
    rows = history(programme)
    shown = drawn(rows)
    return {
        "coverage_words": words(rows, shown, voice),
        "coverage_months": months(rows),
        "charts": {
            "days": [day_text(row.day) for row in shown],
            # All of these days are closed.
            "open": "",
            "sign": "",
            "coverage": [None if row.share is None else decimals(row.share) for row in shown],
            "labels": {"coverage": voice.say("coverage")},
        },
    }


def history(programme: Programme) -> list[Covered]:
    """The coverage at every close: one query along the primary key of the days."""
    rows = Day.objects.filter(programme_id=programme.pk).order_by("day")
    return [Covered(day, share(*figures)) for day, *figures in rows.values_list(*COLUMNS)]


def share(
    points: int, reserve: int, supply: int, pot: int, quota_open: int, payable: int
) -> int | None:
    """(Value of members' points + pot) ÷ quota left, in hundredths of a per cent.

    What has accrued uses quota already, so dividends payable come off the quota left.

    Source:
        R11.
    """
    left = quota_open - payable
    if left <= 0:
        return None
    worth = mul_div(points, reserve, supply) if supply > 0 else 0
    return mul_div(worth + pot, HUNDREDTHS, left)


def drawn(rows: list[Covered], most: int = POINTS_DRAWN_MAX) -> list[Covered]:
    """At most so many points, the last close among them.

    Where there are more days, a point is the lowest of several days in a row: a chart may leave
    out that coverage was higher, and never that it was lower.
    """
    if len(rows) <= most:
        return rows
    before, last = rows[:-1], rows[-1]
    step = -(-len(before) // (most - 1))
    found = []
    for at in range(0, len(before), step):
        several = before[at : at + step]
        known = [row for row in several if row.share is not None]
        found.append(min(known, key=lambda row: row.share or 0) if known else several[0])
    return [*found, last]


def words(rows: list[Covered], shown: list[Covered], voice: Voice) -> str:
    """What the chart shows, in a sentence."""
    known = [row for row in rows if row.share is not None]
    if not known:
        return voice.say("coverage_unknown")
    lowest = min(known, key=lambda row: row.share or 0)
    last = rows[-1]
    said = voice.say(
        "coverage_summary",
        days=voice.count(len(rows)),
        lowest=per_cent(lowest),
        lowest_day=day_text(lowest.day),
        last=per_cent(last),
        last_day=day_text(last.day),
    )
    if len(shown) == len(rows):
        return said
    step = -(-(len(rows) - 1) // (POINTS_DRAWN_MAX - 1))
    return f"{said} {voice.say('coverage_thinned', step=voice.count(step))}"


def months(rows: list[Covered]) -> list[tuple[str, str]]:
    """The coverage at the last close of each of the latest months, the latest first."""
    by_month = groupby(rows, key=lambda row: day_text(row.day)[: len("2026-01")])
    ends = [list(each)[-1] for _month, each in by_month]
    return [(day_text(row.day), per_cent(row)) for row in reversed(ends[-MONTHS_SHOWN:])]


def decimals(hundredths: int) -> str:
    """Per cent as a decimal text, as the chart takes it."""
    return format_down(hundredths, 100, 2)


def per_cent(row: Covered) -> str:
    """Coverage as people read it; a dash where there is none."""
    return NONE if row.share is None else f"{grouped(decimals(row.share))}%"
