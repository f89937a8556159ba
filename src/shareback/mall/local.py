"""Local days of a shop: those of its programme's time zone, wherever the server stands."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

from shareback.mall.terms import in_force

MONTHS = 12


def zone_of(programme: int) -> ZoneInfo:
    """A programme's time zone."""
    return ZoneInfo(in_force(programme).timezone)


def day_of(programme: int, moment: datetime | None = None) -> date:
    """The local day of a moment; today's where none is named."""
    return (moment or timezone.now()).astimezone(zone_of(programme)).date()


def midnight(programme: int) -> datetime:
    """The moment at which today began."""
    zone = zone_of(programme)
    return datetime.combine(timezone.now().astimezone(zone).date(), time.min, zone)


def month_bounds(programme: int, month: str) -> tuple[datetime, datetime]:
    """The moments at which a month such as 2026-03 begins and ends."""
    year, number = map(int, month.split("-"))
    zone = zone_of(programme)
    first = datetime(year, number, 1, tzinfo=zone)
    following = datetime(year + number // MONTHS, number % MONTHS + 1, 1, tzinfo=zone)
    return first, following
