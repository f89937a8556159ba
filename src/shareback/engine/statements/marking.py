"""Long statements are kept in pages: by a pass after the daily close, or where one is read.

Closed days never change, so neither does what is kept of them. The pass looks at no member that
it has no reason to look at: of what has come since it last ran it takes one order and one entry
of the log in `ONE_IN`, and asks whether whoever they belong to has come far since its mark.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections

from shareback.engine.opening import load_terms
from shareback.engine.statements.account import Stretch, Who, read_stretch
from shareback.engine.statements.keeping import keep, load_mark
from shareback.engine.statements.mark import START, Mark
from shareback.engine.statements.replaying import Replay
from shareback.engine.statements.timeline import DayRow, Timeline
from shareback.journal.models import Day, Movement, Order, Programme
from shareback.rules.layout import Term
from shareback.rules.programme import Programme as Parameters

PAID = "SELECT paid_day FROM journal_order WHERE programme_id = %s AND member = %s"
BROUGHT = """
SELECT paid_day FROM journal_order
WHERE programme_id = %s AND referrer = %s AND likely(referrer > 0)"""
MOVED = """
SELECT day FROM journal_movement
WHERE programme_id = %s AND member = %s AND likely(member > 0)"""

ONE_IN = 64
LONG = 128
"""So many rows of one kind since the mark make it worth while to put the mark forward."""

DAYS_LONG = 400
"""So many days do, for the dividends of each."""

STRETCH_ROWS = 20_000
"""How many rows of a kind, but for a whole day, are lived through at a time."""

DAYS_A_TURN = 7
WAIT_MS = 500
NUMBERS_READ = 5_000
NOBODY = 0
"""The member under whose number the pass keeps how far it has come."""


def matures_at_once(versions: Sequence[Parameters]) -> bool:
    """Whether any parameters let orders mature on the day on which they are received."""
    return any(version.terms_row()[Term.MATURITY_DAYS] == 0 for version in versions)


def bring_up(
    head: Programme,
    number: int,
    versions: Sequence[Parameters],
    alias: str = DEFAULT_DB_ALIAS,
) -> Mark:
    """Keep what has come to a member's statement, where it is much; before it is read.

    Returns:
        The mark from which it is read. Where nothing may be written, what came since an old one
        is lived through at each reading.
    """
    who = Who(head.pk, number, alias)
    mark = load_mark(who)
    if mark.day < head.day and (is_long(who, mark, head.day) or is_old(who, mark, head.day)):
        timeline = Timeline(head, max(0, mark.day - 1), alias)
        with waiting_briefly(alias):
            return advance(who, mark, timeline, versions)
    return mark


@contextmanager
def waiting_briefly(alias: str) -> Iterator[None]:
    """Let who reads not wait long for a writer: what is not kept now is kept another time.

    Only SQLite has one lock for all who write.
    """
    connection = connections[alias]
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (usual_ms,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {min(usual_ms, WAIT_MS)}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {usual_ms}")


def is_long(who: Who, mark: Mark, today: int) -> bool:
    """Whether closed days have brought a member much since its mark."""
    far = far_since(who, mark, LONG)
    return far is not None and far < today


def is_old(who: Who, mark: Mark, today: int) -> bool:
    """Whether many days have closed since a mark."""
    then = today - DAYS_LONG
    days = Day.objects.using(who.alias).filter(programme_id=who.programme, day=then)
    return mark.day < then and days.exists()


def advance(who: Who, mark: Mark, timeline: Timeline, versions: Sequence[Parameters]) -> Mark:
    """Keep what the closed days since a mark hold, a stretch of bounded size at a time.

    Args:
        who: The member.
        mark: Its mark.
        timeline: The programme's days, from the one before the mark.
        versions: All versions of the parameters.

    Returns:
        The mark that has been reached: the same one where nothing can be written.
    """
    while mark.day < timeline.today.day:
        after = kept_stretch(who, mark, timeline, versions)
        if after is None:
            after = load_mark(who)
            if after.day <= mark.day:
                return mark
        mark = after
    return mark


def kept_stretch(
    who: Who, mark: Mark, timeline: Timeline, versions: Sequence[Parameters]
) -> Mark | None:
    """Keep one stretch; returns the mark at its end, or nothing where it could not be kept."""
    member = who.member()
    first = max(mark.day, timeline.first)
    far = far_since(who, mark, STRETCH_ROWS)
    end = timeline.today.day if far is None else min(max(far, first + 1), timeline.today.day)
    if member is None or first >= end:
        return None
    stretch = Stretch(mark, timeline.on(end - 1), end, matures_at_once(versions))
    replay = Replay(read_stretch(who, member, stretch), timeline, versions, mark)
    steps = replay.run(until=end)
    after = replay.mark()
    return after if keep(who, mark, after, steps) else None


def far_since(who: Who, mark: Mark, rows: int) -> int | None:
    """The first day on which more than some rows of a kind have come since a mark."""
    orders = f" AND number > {mark.account.orders} ORDER BY number"
    # Named with the member, so that SQLite takes the member's index and not the log's order.
    log = f" AND sequence >= {mark.account.sequence} ORDER BY member, sequence"
    parts = ((PAID, orders), (BROUGHT, orders), (MOVED, log))
    days = who.together([f"{rows_of}{more} LIMIT 1 OFFSET {rows}" for rows_of, more in parts])
    return min((day for (day,) in days), default=None)


def mark_long_statements(programme: int, alias: str = DEFAULT_DB_ALIAS) -> int:
    """Keep what has come to long statements since the pass last ran; run it after a close.

    It writes in short transactions of its own; cut off, it begins its turn again.

    Args:
        programme: The programme's number in the database.
        alias: Which of Django's databases holds it.

    Returns:
        How many members' statements were put forward.
    """
    head = Programme.objects.using(alias).get(pk=programme)
    versions = [version.programme for version in load_terms(programme, alias)]
    timeline = Timeline(head, alias=alias)
    day = max(load_mark(Who(programme, NOBODY, alias)).day, timeline.first)
    count = 0
    while day < head.day:
        end = min(day + DAYS_A_TURN, head.day)
        before = timeline.before(day)
        for member in sorted(set(sampled(programme, alias, before, timeline.on(end - 1)))):
            who = Who(programme, member, alias)
            mark = load_mark(who)
            if is_long(who, mark, head.day):
                count += advance(who, mark, timeline, versions).day > mark.day
        come_to(programme, alias, end)
        day = end
    return count


def sampled(programme: int, alias: str, before: DayRow | None, last: DayRow) -> Iterator[int]:
    """Members of one in so many of the orders and entries that some days brought."""
    orders = (before.orders, last.orders) if before is not None else (0, last.orders)
    log = (before.sequence, last.sequence) if before is not None else (0, last.sequence)
    for numbers in every(ONE_IN, *orders):
        rows = Order.objects.using(alias).filter(programme_id=programme, number__in=numbers)
        for pair in rows.values_list("member", "referrer"):
            yield from filter(None, pair)
    for numbers in every(ONE_IN, *log):
        # That nobody's are left out is not said: SQLite would search by it, among all that moved.
        moved = Movement.objects.using(alias).filter(programme_id=programme, sequence__in=numbers)
        yield from filter(None, moved.values_list("member", flat=True))


def every(step: int, first: int, last: int) -> Iterator[range]:
    """The multiples of a step from one number to another, some thousands at a time."""
    numbers = range(first + -first % step, last + 1, step)
    for start in range(0, len(numbers), NUMBERS_READ):
        yield numbers[start : start + NUMBERS_READ]


def come_to(programme: int, alias: str, day: int) -> None:
    """Remember how far the pass has come."""
    who = Who(programme, NOBODY, alias)
    keep(who, load_mark(who), START._replace(day=day), [])
