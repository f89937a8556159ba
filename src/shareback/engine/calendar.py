"""Local days of a programme: the only place where a calendar meets the rules."""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from shareback.audit.days import day_text

__all__ = ["DAY_US", "EPOCH", "MICROSECOND", "Calendar", "day_text", "utc_day"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY_US = 86_400_000_000


class Calendar:
    """Which local day a moment belongs to; days are counted as `datetime.date.toordinal` does."""

    def __init__(self, timezone: str) -> None:
        """Keep the programme's time zone, a name of the tz database."""
        self.zone = ZoneInfo(timezone)
        self.first = 0
        self.starts: list[int] = []

    def start_of(self, day: int) -> int:
        """µs UTC at which a local day begins."""
        midnight = datetime.combine(date.fromordinal(day), datetime.min.time(), self.zone)
        return (midnight - EPOCH) // MICROSECOND

    def day_of(self, at: int) -> int:
        """The local day of a moment in µs UTC."""
        if not self.starts or not self.starts[0] <= at < self.starts[-1]:
            local = (EPOCH + at * MICROSECOND).astimezone(self.zone)
            self.first = local.toordinal() - 1
            self.starts = [self.start_of(self.first + place) for place in range(400)]
        return self.first + bisect_right(self.starts, at) - 1


def utc_day(at: int) -> int:
    """The day of a moment in µs UTC, in UTC; at most one off from any local day."""
    return EPOCH.toordinal() + at // DAY_US
