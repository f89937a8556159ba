"""The messages of an endpoint: taken from the journal, claimed by one sender, settled.

Of each member's messages only the first that is not delivered may be sent; the others are parked
behind it. All three steps lock the endpoint's row, so that no message is parked behind one that is
being delivered at this moment.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence

from django.db import connections
from django.db.models import QuerySet

from shareback.gateways.endpoints import locked
from shareback.gateways.feed import Page
from shareback.gateways.models import Delivery, Endpoint
from shareback.gateways.notices import message
from shareback.gateways.sending import Outcome

State = Delivery.State

LEASE_US = 120_000_000
"""A claimed message is nobody else's for so long; sending takes half of it at most."""

WAITING_MAX = 100_000
"""While so many messages wait for an endpoint, it gets no more of them from the journal."""

FIRST_DELAY_US = 5_000_000
LONGEST_DELAY_US = 12 * 3_600_000_000
TRIES = 23
"""The delays between them come to five days."""

ERROR_MAX = 200

SETTLED = ("state", "attempts", "next_at", "last_status", "last_error", "body")
"""The columns that an attempt changes."""

RELEASE = f"""
UPDATE gateways_delivery SET state = {State.PENDING}, next_at = %s
WHERE programme_id = %s AND endpoint = %s AND (sequence, line) = (
    SELECT sequence, line FROM gateways_delivery
    WHERE programme_id = %s AND endpoint = %s AND member = %s AND state = {State.PARKED}
    ORDER BY sequence, line LIMIT 1
)
"""  # noqa: S608 - two numbers of ours

Jitter = Callable[[int], int]


def delay_us(attempts: int) -> int:
    """How long to wait after so many attempts: twice as long each time, up to half a day."""
    return min(LONGEST_DELAY_US, FIRST_DELAY_US << (attempts - 1))


def jittered(delay: int) -> int:
    """A delay, up to a quarter shorter or longer, so that not all come back at once."""
    return delay - delay // 4 + secrets.randbelow(delay // 2 + 1)


def deliveries_of(endpoint: Endpoint, alias: str) -> QuerySet[Delivery]:
    """All messages of an endpoint."""
    return Delivery.objects.using(alias).filter(
        programme_id=endpoint.programme_id, endpoint=endpoint.number
    )


def listed(endpoint: Endpoint, alias: str) -> QuerySet[Delivery]:
    """Those messages of an endpoint that count; not what a replay has yet to drop."""
    rows = deliveries_of(endpoint, alias)
    return rows.filter(sequence__lt=endpoint.position) if endpoint.dropping else rows


def is_full(endpoint: Endpoint, alias: str) -> bool:
    """Whether so many messages wait that no more are taken."""
    waiting = deliveries_of(endpoint, alias).filter(
        state__in=(State.PENDING, State.PARKED, State.FAILED)
    )
    return waiting[:WAITING_MAX].count() >= WAITING_MAX


def take(endpoint: Endpoint, page: Page, now: int, alias: str) -> bool:
    """Write a page of notices down as messages, and move the endpoint on, in one transaction.

    Args:
        endpoint: As it was when the page was read from its position.
        page: What follows there.
        now: µs UTC.
        alias: Which of Django's databases holds it.

    Returns:
        Whether it was done; not where somebody else moved the endpoint, where it is switched off,
        or where a replay has messages to drop first.
    """
    wanted = set(endpoint.types.split())
    notices = [one for one in page.notices if not wanted or one.type in wanted]
    with locked(endpoint, alias) as row:
        if not row.active or row.dropping or place_of(row) != place_of(endpoint):
            return False
        waiting = members_that_wait(row, {one.member for one in notices}, alias)
        rows = []
        for one in notices:
            rows.append(
                Delivery(
                    programme_id=row.programme_id,
                    endpoint=row.number,
                    sequence=one.sequence,
                    line=one.line,
                    member=one.member,
                    type=one.type,
                    state=State.PARKED if one.member in waiting else State.PENDING,
                    next_at=now,
                    body=message(row.programme_id, one),
                )
            )
            waiting.add(one.member)
        Delivery.objects.using(alias).bulk_create(rows)
        row.position, row.line = page.position, page.line
        row.save(using=alias, update_fields=["position", "line"])
    endpoint.position, endpoint.line = page.position, page.line
    return True


def place_of(endpoint: Endpoint) -> tuple[int, int]:
    """Where in the journal an endpoint goes on."""
    return endpoint.position, endpoint.line


def members_that_wait(endpoint: Endpoint, members: Iterable[int], alias: str) -> set[int]:
    """Those of some members for whom a message is not delivered."""
    rows = deliveries_of(endpoint, alias).filter(
        member__in=sorted(members), state__in=(State.PENDING, State.PARKED, State.FAILED)
    )
    return set(rows.values_list("member", flat=True).distinct())


def claim(endpoint: Endpoint, count: int, now: int, alias: str) -> list[Delivery]:
    """Messages that are due, for the caller alone until the lease ends.

    Args:
        endpoint: Whose messages.
        count: How many at most; they are of different members.
        now: µs UTC.
        alias: Which of Django's databases holds them.
    """
    with locked(endpoint, alias) as row:
        if not row.active or row.dropping:
            return []
        due = deliveries_of(row, alias).filter(state=State.PENDING, next_at__lte=now)
        claimed = list(due.order_by("next_at", "sequence", "line")[:count])
        # Only what is due still: on a database that knows no lock of a row, too.
        taken = due.filter(pk__in=[one.pk for one in claimed]).update(next_at=now + LEASE_US)
        if taken < len(claimed):
            return []
    for one in claimed:
        one.next_at = now + LEASE_US
    return claimed


def settle(
    endpoint: Endpoint,
    claimed: Sequence[Delivery],
    outcomes: Sequence[Outcome | None],
    now: int,
    alias: str,
    jitter: Jitter = jittered,
) -> None:
    """Write down what came of claimed messages; after a success the member's next one is due.

    A message whose lease has ended is somebody else's, who writes down what came of that attempt.
    One that was not sent after all has no outcome: it is due again, and no attempt is counted.
    """
    with locked(endpoint, alias) as row:
        mine = listed(row, alias).filter(
            pk__in=[one.pk for one in claimed],
            state=State.PENDING,
            next_at=claimed[0].next_at,
        )
        held = set(mine.values_list("sequence", "line"))
        settled, released = [], []
        for one, outcome in zip(claimed, outcomes, strict=True):
            if (one.sequence, one.line) in held:
                write_down(one, outcome, now, jitter)
                settled.append(one)
                if outcome is not None and outcome.delivered:
                    released.append(one.member)
        Delivery.objects.using(alias).bulk_update(settled, SETTLED)
        release_next(row, released, now, alias)


def write_down(one: Delivery, outcome: Outcome | None, now: int, jitter: Jitter) -> None:
    """Set the columns that an attempt changes."""
    one.next_at = now
    if outcome is None:
        return
    one.attempts += 1
    one.last_status = outcome.status
    one.last_error = outcome.error[:ERROR_MAX]
    if outcome.delivered:
        one.state, one.body = State.DELIVERED, ""
    elif one.attempts >= TRIES:
        one.state = State.FAILED
    else:
        one.next_at = now + jitter(delay_us(one.attempts))


def release_next(endpoint: Endpoint, members: Iterable[int], now: int, alias: str) -> None:
    """Let the first message that is parked for each of some members be sent."""
    of = (endpoint.programme_id, endpoint.number)
    rows = [(now, *of, *of, member) for member in members]
    if rows:
        with connections[alias].cursor() as cursor:
            cursor.executemany(RELEASE, rows)
