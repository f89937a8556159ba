"""Single cells: amounts, instants and ids, read exactly or refused with the reason."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shareback.engine.orders_file.moments import DAY, EPOCH, EPOCH_ORDINAL, moment
from shareback.units.scales import UYUAN_PER_YUAN
from shareback.units.text import AmountUnreadable, parse_decimal

ID_CHARACTERS_MAX = 200
"""The longest id that is taken."""

UNREADABLE = -1
"""Stands for a cell that cannot be read; no amount and no instant is negative."""

FIRST_YEAR, LAST_YEAR = 1970, 2199
"""Dates outside are slips or placeholders: a day is closed for each, so none is taken."""

_CACHED_MAX = 65_536
_SECOND_US = 1_000_000
_MINUTE_US = 60 * _SECOND_US
_HOUR = 60 * _MINUTE_US

# Cc, the two separators that some programs take for line ends, and bytes that were no UTF-8.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MINUTE = re.compile(r"[T ]([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_SECOND = re.compile(r":([0-5][0-9])(?:\.([0-9]{1,9}))?", re.ASCII)
_ZONED = re.compile(r"(.{0,16})(Z|[+-](0[0-9]|1[0-4]):([0-5][0-9]))", re.ASCII)


class Amounts:
    """Reads amounts; few differ in a file, so each is parsed once."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._known = _AmountsKnown({"": None})

    def read(self, texts: Sequence[str]) -> list[int | None]:
        """The amounts in µ¥, None for "" and ``UNREADABLE`` for what is no amount."""
        if len(self._known) > _CACHED_MAX:
            self._known = _AmountsKnown({"": None})
        return list(map(self._known.__getitem__, texts))


class _AmountsKnown(dict[str, int | None]):
    def __missing__(self, text: str) -> int | None:
        try:
            amount = parse_decimal(text, UYUAN_PER_YUAN)
        except AmountUnreadable:
            amount = UNREADABLE
        self[text] = amount
        return amount


def why_no_amount(text: str) -> str:
    """Why a text is no amount."""
    if text.startswith("-"):
        return "is negative; a refund stands in refund_amount, without a sign"
    try:
        parse_decimal(text, UYUAN_PER_YUAN)
    except AmountUnreadable as fault:
        return f"{fault.reason}; write digits and a point, such as 1234.50"
    return "is no amount"


class Instants:
    """Reads dates and date-times of ISO 8601, those without a zone in the programme's.

    On most days the clocks are not changed, and dates, minutes and seconds recur: so most cells
    cost three look-ups and two additions.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        """Begin with nothing read; ``zone`` is the programme's."""
        self._zone = zone
        self._dates = _Dates(zone)
        self._minutes = _Minutes()
        self._seconds = _Seconds()
        self._ends: dict[str, tuple[int, int] | None] = {}
        self._hours: dict[int, int | None] = {}

    def read(self, texts: Sequence[str]) -> list[int | None]:
        """Read moments.

        Args:
            texts: Such as ``2024-05-01``, which means 00:00, ``2024-05-01T09:30`` or
                ``2024-05-01 09:30:00.5+08:00``.

        Returns:
            Moments (see moments.py), None for "" and ``UNREADABLE`` for what is no such text.
        """
        caches: tuple[dict[Any, Any], ...] = (
            self._dates,
            self._minutes,
            self._seconds,
            self._ends,
            self._hours,
        )
        for cache in caches:
            if len(cache) > _CACHED_MAX:
                cache.clear()
        dates, minutes, seconds = self._dates, self._minutes, self._seconds
        moments: list[int | None] = []
        for text in texts:
            begins = dates[text[:10]]
            minute = minutes[text[10:16]]
            second = seconds[text[16:]]
            if begins is None or minute is None or second is None:
                moments.append(self._unusual(text) if text else None)
            else:
                moments.append(begins + minute + second)
        return moments

    def _unusual(self, text: str) -> int:
        """A text with a zone, of a day on which clocks are changed, or unreadable."""
        day = _date(text[:10])
        minute = self._minutes[text[10:16]]
        tail = text[16:]
        if tail not in self._ends:
            self._ends[tail] = _end(tail)
        end = self._ends[tail]
        if day is None or minute is None:
            return UNREADABLE
        local = (day.toordinal() - EPOCH_ORDINAL) * DAY + minute
        if end is not None:
            return self._of_instant(local + end[0] - end[1])
        second = self._seconds[tail]
        if second is None:
            return UNREADABLE
        # Of a local time that comes twice the first is meant; one that is left out is counted
        # on from the offset before.
        naive = EPOCH.replace(tzinfo=None) + timedelta(microseconds=local + second)
        return self._of_instant(local + second - _offset(naive.replace(tzinfo=self._zone)))

    def _of_instant(self, at: int) -> int:
        """The moment of an instant in the programme's zone."""
        if at < 0:
            return UNREADABLE
        hour = at // _HOUR
        if hour not in self._hours:
            begins = EPOCH + timedelta(microseconds=hour * _HOUR)
            ends = begins + timedelta(microseconds=_HOUR - 1)
            first, last = (_offset(each.astimezone(self._zone)) for each in (begins, ends))
            self._hours[hour] = first if first == last else None
        offset = self._hours[hour]
        if offset is None:
            local = EPOCH + timedelta(microseconds=at)
            offset = _offset(local.astimezone(self._zone))
        return moment((at + offset) // DAY + EPOCH_ORDINAL, at)


class _Dates(dict[str, int | None]):
    """The moment at which a local day begins, where its clocks are not changed."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def __missing__(self, text: str) -> int | None:
        day = _date(text)
        begins = None
        if day is not None:
            midnight = datetime(day.year, day.month, day.day, tzinfo=self._zone)
            offsets = {_offset(midnight + timedelta(hours=hour)) for hour in range(25)}
            at = (day.toordinal() - EPOCH_ORDINAL) * DAY - min(offsets)
            if len(offsets) == 1 and at >= 0:
                begins = moment(day.toordinal(), at)
        self[text] = begins
        return begins


class _Minutes(dict[str, int | None]):
    """The µs of "T09:30" after midnight, of "" none."""

    def __missing__(self, text: str) -> int | None:
        match = _MINUTE.fullmatch(text)
        self[text] = (
            0 if not text else int(match[1]) * _HOUR + int(match[2]) * _MINUTE_US if match else None
        )
        return self[text]


class _Seconds(dict[str, int | None]):
    """The µs of ":15.5" after the minute, of "" none."""

    def __missing__(self, text: str) -> int | None:
        match = _SECOND.fullmatch(text)
        self[text] = (
            0
            if not text
            else int(match[1]) * _SECOND_US + int((match[2] or "").ljust(6, "0")[:6])
            if match
            else None
        )
        return self[text]


def _end(text: str) -> tuple[int, int] | None:
    """The µs of ":15.5+08:00" after the minute, and the zone's offset in µs."""
    match = _ZONED.fullmatch(text)
    if match is None:
        return None
    second = _Seconds()[match[1]]
    if second is None:
        return None
    if match[2] == "Z":
        return second, 0
    offset = int(match[3]) * _HOUR + int(match[4]) * _MINUTE_US
    return second, -offset if match[2].startswith("-") else offset


def _date(text: str) -> date | None:
    """A date of the years that are taken."""
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _offset(moment: datetime) -> int:
    """How far local time is ahead of UTC, in µs."""
    return (moment.utcoffset() or timedelta()) // timedelta(microseconds=1)


def why_no_instant(text: str) -> str:
    """Why a text is no instant."""
    if _DATE.match(text) and not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        return f"is no date between {FIRST_YEAR} and {LAST_YEAR}"
    return "is no date and time; write 2024-05-01, 2024-05-01T09:30:00 or 2024-05-01T09:30:00+08:00"


def ids_fit(texts: Sequence[str]) -> bool:
    """Whether each text is "" or an id; cheap, for many at once."""
    return max(map(len, texts), default=0) <= ID_CHARACTERS_MAX and not _UNFIT.search(
        "".join(texts)
    )


def why_no_id(text: str) -> str:
    """Why a text is no id, or "" where it is one."""
    if len(text) > ID_CHARACTERS_MAX:
        return f"has {len(text):,} characters; an id has at most {ID_CHARACTERS_MAX}"
    if _UNFIT.search(text):
        return "holds a control character; remove it"
    return ""
