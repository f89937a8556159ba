"""Single cells: amounts, instants and ids, read exactly or refused with the reason."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from shareback.units.scales import UYUAN_PER_YUAN
from shareback.units.text import AmountUnreadable, parse_decimal

ID_CHARACTERS_MAX = 200
"""The longest id that is taken."""

UNREADABLE = -1
"""Stands for a cell that cannot be read; no amount and no instant is negative."""

FIRST_YEAR, LAST_YEAR = 1970, 2199
"""Dates outside are slips or placeholders: a day is closed for each, so none is taken."""

_CACHED_MAX = 65_536
_SECOND = 1_000_000
_HOUR = 3_600 * _SECOND
_DAY = 24 * _HOUR
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = _EPOCH.toordinal()

# Cc, the two separators that some programs take for line ends, and bytes that were no UTF-8.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_CLOCK = re.compile(
    r"[T ](?P<clock>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)


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

    Days on which the programme's clocks are not changed share one offset, and dates and times
    of day recur: so most cells cost two look-ups and an addition.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        """Begin with nothing read; ``zone`` is the programme's."""
        self._zone = zone
        self._dates: dict[str, tuple[int, int | None, int]] = {}
        self._clocks: dict[str, tuple[int, int | None] | None] = {}
        self._hours: dict[int, int | None] = {}

    def read(self, texts: Sequence[str]) -> tuple[list[int | None], list[int | None]]:
        """Instants and local days.

        Args:
            texts: Such as ``2024-05-01``, which means 00:00, ``2024-05-01T09:30`` or
                ``2024-05-01 09:30:00.5+08:00``.

        Returns:
            The instants in µs since 1970 in UTC, and their local dates as ordinals; None for
            "" and ``UNREADABLE`` for what is no such text.
        """
        for cache in (self._dates, self._clocks, self._hours):
            if len(cache) > _CACHED_MAX:
                cache.clear()
        instants: list[int | None] = []
        days: list[int | None] = []
        for text in texts:
            at, day = self._one(text) if text else (None, None)
            instants.append(at)
            days.append(day)
        return instants, days

    def _one(self, text: str) -> tuple[int, int]:
        head, tail = text[:10], text[10:]
        try:
            midnight, offset, day = self._dates[head]
            clock = self._clocks[tail]
        except KeyError:
            midnight, offset, day = self._date(head)
            clock = self._clock(tail)
        if day == UNREADABLE or clock is None:
            return UNREADABLE, UNREADABLE
        time, zone_offset = clock
        if zone_offset is not None:
            return self._local(midnight + time - zone_offset)
        if offset is None:
            return self._on_a_day_of_change(midnight + time)
        at = midnight + time - offset
        return (at, day) if at >= 0 else (UNREADABLE, UNREADABLE)

    def _date(self, text: str) -> tuple[int, int | None, int]:
        """Midnight as though in UTC, the offset if it holds all day, and the ordinal."""
        found = self._dates.get(text)
        if found is None:
            found = self._dates[text] = self._parsed_date(text)
        return found

    def _parsed_date(self, text: str) -> tuple[int, int | None, int]:
        try:
            day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            return UNREADABLE, None, UNREADABLE
        naive = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - local time, zone below
        offsets = {_offset(naive + timedelta(hours=hour), self._zone) for hour in range(25)}
        midnight = (day.toordinal() - _EPOCH_ORDINAL) * _DAY
        return midnight, offsets.pop() if len(offsets) == 1 else None, day.toordinal()

    def _clock(self, text: str) -> tuple[int, int | None] | None:
        """The time of day in µs, and the offset in µs if one is named."""
        if text not in self._clocks:
            self._clocks[text] = _parsed_clock(text)
        return self._clocks[text]

    def _local(self, at: int) -> tuple[int, int]:
        """The instant with its local date."""
        if at < 0:
            return UNREADABLE, UNREADABLE
        hour = at // _HOUR
        if hour not in self._hours:
            begins = _EPOCH + timedelta(microseconds=hour * _HOUR)
            ends = begins + timedelta(microseconds=_HOUR - 1)
            first, last = (_offset(each.astimezone(self._zone)) for each in (begins, ends))
            self._hours[hour] = first if first == last else None
        offset = self._hours[hour]
        if offset is None:
            moment = _EPOCH + timedelta(microseconds=at)
            return at, moment.astimezone(self._zone).toordinal()
        return at, (at + offset) // _DAY + _EPOCH_ORDINAL

    def _on_a_day_of_change(self, local: int) -> tuple[int, int]:
        """A local time on a day on which the clocks are changed.

        Of a time that comes twice the first is meant; one that is left out is counted on from
        the offset before.
        """
        naive = _EPOCH.replace(tzinfo=None) + timedelta(microseconds=local)
        return self._local(local - _offset(naive, self._zone))


def _parsed_clock(text: str) -> tuple[int, int | None] | None:
    if not text:
        return 0, None
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    try:
        # The date stands in for any: only what is read of the clock counts.
        moment = datetime.fromisoformat("2000-01-01T" + match["clock"] + (match["zone"] or ""))
    except ValueError:
        return None
    time = timedelta(
        hours=moment.hour,
        minutes=moment.minute,
        seconds=moment.second,
        microseconds=moment.microsecond,
    )
    return time // timedelta(microseconds=1), _offset(moment) if match["zone"] else None


def _offset(moment: datetime, zone: ZoneInfo | None = None) -> int:
    """How far local time is ahead of UTC, in µs."""
    offset = (moment.replace(tzinfo=zone) if zone else moment).utcoffset()
    return (offset or timedelta()) // timedelta(microseconds=1)


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
