"""Read a journal's events back: from the database's bytes to decoded entries."""

from collections.abc import Iterator, Sequence

import numpy as np
from django.db import DEFAULT_DB_ALIAS
from pydantic import ValidationError

from shareback.journal.models import Event
from shareback.kernels.arrays import Integers
from shareback.proofs.canonical import Entry, EntryUnreadable, decode
from shareback.rules.layout import ABSENT
from shareback.rules.programme import Programme

CHUNK_EVENTS = 32_768
FIRST_COMMAND = 1
"""The event before it, number 0, opens the programme and is no command."""


class ReplayFailed(Exception):
    """The log cannot be replayed: an event is unreadable, or the rules refuse it."""

    def __init__(self, sequence: int, reason: str) -> None:
        """Keep the event's place in the log and what is wrong with it."""
        self.sequence = sequence
        self.reason = reason
        super().__init__(f"event {sequence} of the log: {reason}")


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


def decoded(run: Sequence[bytes], first: int) -> list[Entry]:
    """The events of a run whose first stands at a place in the log."""
    entries = []
    for sequence, body in enumerate(run, first):
        try:
            entry = decode(body)
        except EntryUnreadable as fault:
            raise ReplayFailed(sequence, f"is unreadable: {fault}") from None
        if entry.sequence != sequence:
            raise ReplayFailed(sequence, f"says that it is event {entry.sequence}")
        entries.append(entry)
    return entries


def integers(entries: Sequence[Entry]) -> Integers:
    """The integers of events of one kind, int64[n, their count]; -1 where one is absent."""
    values = [
        tuple(ABSENT if value is None else value for value in entry.ints)
        if None in entry.ints
        else entry.ints
        for entry in entries
    ]
    return np.array(values, np.int64).reshape(len(entries), len(entries[0].ints))


def parameters(entry: Entry) -> Programme:
    """The parameters that an event carries."""
    try:
        return Programme.model_validate_json(entry.blob)
    except ValidationError as fault:
        lines = "; ".join(str(each["msg"]) for each in fault.errors())
        raise ReplayFailed(entry.sequence, f"carries no valid parameters: {lines}") from None
