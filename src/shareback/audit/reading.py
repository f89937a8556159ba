"""Read events from their canonical bytes: decoded, each at its place, and their parameters."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from pydantic import ValidationError

from shareback.kernels.decoding import decode_batch
from shareback.kernels.hashing import INTS_MAX, Bodies, Events
from shareback.proofs.canonical import COMMITMENT_BYTES, Entry, EntryUnreadable, decode
from shareback.rules.kinds import FIELDS, Kind
from shareback.rules.layout import ABSENT
from shareback.rules.programme import Programme

NONE = bytes(COMMITMENT_BYTES)
"""Stands in a column of commitments where there is none."""


class ReplayFailed(Exception):
    """The log cannot be replayed: an event is unreadable, or the rules refuse it."""

    def __init__(self, sequence: int, reason: str) -> None:
        """Keep the event's place in the log and what is wrong with it."""
        self.sequence = sequence
        self.reason = reason
        super().__init__(f"event {sequence} of the log: {reason}")


class Run(NamedTuple):
    """Events that follow on each other in the log.

    Attributes:
        first: The place of the first.
        events: They, column by column.
        bodies: Their canonical bytes.
    """

    first: int
    events: Events
    bodies: Bodies


def decoded_runs(runs: Iterable[Sequence[bytes]]) -> Iterator[Run]:
    """Read runs of events from their canonical bytes.

    Args:
        runs: Canonical bytes of events that follow on each other from number 0.

    Yields:
        A run for each.

    Raises:
        ReplayFailed: An event is unreadable or out of place.
    """
    first = 0
    for bodies in runs:
        offsets = np.zeros(len(bodies) + 1, np.int64)
        np.cumsum([len(body) for body in bodies], out=offsets[1:])
        buffer = np.frombuffer(bytearray(b"".join(bodies)), np.uint8)
        body = Bodies(buffer, offsets)
        events = decode_batch(body, first)
        # Where something is wrong with one of them, reading each tells what.
        yield Run(first, events or columns(decoded(bodies, first)), body)
        first += len(bodies)


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


def columns(entries: Sequence[Entry]) -> Events:
    """Events column by column."""
    kinds = np.array([entry.kind for entry in entries], np.uint8)
    counts = np.array([len(entry.ints) for entry in entries], np.uint8)
    ints = np.full((len(entries), INTS_MAX), ABSENT, np.int64)
    for number in np.unique(kinds).tolist():
        places = np.flatnonzero(kinds == number)
        values = [
            [ABSENT if value is None else value for value in entries[place].ints]
            for place in places.tolist()
        ]
        width = len(FIELDS[Kind(number)])
        ints[places, :width] = np.array(values, np.int64).reshape(len(places), width)
    commitments = b"".join(entry.commitment or NONE for entry in entries)
    return Events(
        kinds=kinds,
        days=np.array([entry.day for entry in entries], np.int64),
        ats=np.array([entry.at for entry in entries], np.int64),
        counts=counts,
        ints=ints,
        commitments=np.frombuffer(bytearray(commitments), np.uint8).reshape(-1, COMMITMENT_BYTES),
        committed=np.array([entry.commitment != b"" for entry in entries], np.bool_),
        blobs=[(place, entry.blob) for place, entry in enumerate(entries) if entry.blob],
    )


def parameters(sequence: int, blob: bytes) -> Programme:
    """The parameters that the blob of an event carries."""
    try:
        return Programme.model_validate_json(blob)
    except ValidationError as fault:
        lines = "; ".join(str(each["msg"]) for each in fault.errors())
        raise ReplayFailed(sequence, f"carries no valid parameters: {lines}") from None
