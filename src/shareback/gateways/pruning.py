"""Old messages are deleted: whoever wants them again has them from the journal."""

import threading
from collections.abc import Iterator

from django.db.models import Q

from shareback.gateways.deliveries import deliveries_of
from shareback.gateways.endpoints import SLICE
from shareback.gateways.models import Delivery, Endpoint

State = Delivery.State

KEEP_DAYS = 30
DAY_US = 86_400_000_000

WAITING = (State.PENDING, State.PARKED)
ENDPOINTS_READ = 500


def prune(
    before: int,
    programme: int | None,
    alias: str,
    stop: threading.Event | None = None,
) -> int:
    """Delete what was delivered long ago, and what waits for endpoints that are switched off.

    What failed stays: somebody has to look at it. Each slice is a transaction of its own, and takes
    no lock but that of its rows: nobody else changes them any more.

    Args:
        before: Of what was delivered, or was due, before this moment, µs UTC.
        programme: Of one programme alone; of all where none is named.
        alias: Which of Django's databases holds them.
        stop: Ends it after a slice, once it is set.

    Returns:
        How many messages were deleted.
    """
    total = 0
    for endpoint in endpoints(programme, alias):
        for state in (State.DELIVERED,) if endpoint.active else (State.DELIVERED, *WAITING):
            count = SLICE
            while count >= SLICE:
                if stop is not None and stop.is_set():
                    return total
                count = prune_slice(endpoint, state, before, alias)
                total += count
    return total


def endpoints(programme: int | None, alias: str) -> Iterator[Endpoint]:
    """All endpoints, those that are switched off too, some hundreds at a time."""
    rows = Endpoint.objects.using(alias).order_by("programme_id", "number")
    if programme is not None:
        rows = rows.filter(programme_id=programme)
    found = list(rows[:ENDPOINTS_READ])
    while found:
        yield from found
        of, number = found[-1].programme_id, found[-1].number
        beyond = Q(programme_id__gt=of) | Q(programme_id=of, number__gt=number)
        found = list(rows.filter(beyond)[:ENDPOINTS_READ])


def prune_slice(endpoint: Endpoint, state: State, before: int, alias: str) -> int:
    """Delete the oldest messages in one state: `SLICE`, and those of the last one's moment.

    A moment is a batch that was settled, or a page that was taken: some hundreds at most.
    """
    rows = deliveries_of(endpoint, alias).filter(state=state, next_at__lt=before)
    last = rows.order_by("next_at").values_list("next_at", flat=True)[SLICE - 1 : SLICE].first()
    if last is not None:
        rows = rows.filter(next_at__lte=last)
    return rows.delete()[0]
