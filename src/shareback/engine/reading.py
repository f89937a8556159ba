"""Read a journal's events from the database: the canonical bytes, none left out."""

from collections.abc import Iterator

from django.db import DEFAULT_DB_ALIAS

from shareback.audit.reading import ReplayFailed
from shareback.journal.models import Event

CHUNK_EVENTS = 32_768
FIRST_COMMAND = 1
"""The event before it, number 0, opens the programme and is no command."""


def logged_bodies(
    programme: int, events: int, alias: str = DEFAULT_DB_ALIAS, chunk: int = CHUNK_EVENTS
) -> Iterator[list[bytes]]:
    """The canonical bytes of a programme's events, from the first on, some at a time.

    Args:
        programme: Its number in the database.
        events: How many there are.
        alias: Which of Django's databases holds it.
        chunk: How many to read at a time; the first event comes alone.

    Yields:
        Runs of bodies that follow on each other.

    Raises:
        ReplayFailed: One is missing.
    """
    first, end = 0, min(FIRST_COMMAND, events)
    while first < events:
        yield bodies_between(programme, first, end, alias)
        first, end = end, min(end + chunk, events)


def bodies_between(
    programme: int, first: int, end: int, alias: str = DEFAULT_DB_ALIAS
) -> list[bytes]:
    """The canonical bytes of the events from one place in the log up to another.

    Raises:
        ReplayFailed: One is missing.
    """
    rows = (
        Event.objects.using(alias)
        .filter(programme_id=programme, sequence__gte=first, sequence__lt=end)
        .order_by("sequence")
        .values_list("sequence", "body")
    )
    bodies: list[bytes] = []
    for sequence, body in rows:
        if sequence != first + len(bodies):
            break
        bodies.append(bytes(body))
    if len(bodies) < end - first:
        raise ReplayFailed(first + len(bodies), "is missing")
    return bodies
