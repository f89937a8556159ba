"""A local day and an instant in one whole number, so that the two sort and compare as one.

Bits 38 and up hold the local day, counted from 1970-01-01; the bits below hold how many µs the
instant lies after that day's midnight in UTC, plus 2³⁷, for local days begin before or after it.
So moments come in order of day, then of time, also where clocks go back over midnight.
"""

from datetime import UTC, datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL = EPOCH.toordinal()
DAY = 86_400_000_000
_BITS = 38
_MIDDLE = 1 << (_BITS - 1)
_MASK = (1 << _BITS) - 1


def moment(day: int, at: int) -> int:
    """The moment of a local day and an instant.

    Args:
        day: The local date as an ordinal, 1970 or later.
        at: µs since 1970 in UTC, within two days of that date.

    Returns:
        The moment, >= 0.
    """
    since = day - EPOCH_ORDINAL
    return (since << _BITS) + _MIDDLE + at - since * DAY


def day_of(moment: int) -> int:
    """The local date of a moment, as an ordinal."""
    return (moment >> _BITS) + EPOCH_ORDINAL


def instant_of(moment: int) -> int:
    """The instant of a moment, in µs since 1970 in UTC."""
    return (moment >> _BITS) * DAY + (moment & _MASK) - _MIDDLE


def first_of(day: int) -> int:
    """A number that is above all moments of earlier days and above none of this or later ones."""
    return max(0, day - EPOCH_ORDINAL) << _BITS


def sql_day(column: str) -> str:
    """``day_of`` as SQL."""
    return f"(({column} >> {_BITS}) + {EPOCH_ORDINAL})"


def sql_instant(column: str) -> str:
    """``instant_of`` as SQL."""
    return f"(({column} >> {_BITS}) * {DAY} + ({column} & {_MASK}) - {_MIDDLE})"
