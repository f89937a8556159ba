"""Read events from their canonical bytes: decoded, each at its place, and their parameters."""

from collections.abc import Sequence

import numpy as np
from pydantic import ValidationError

from shareback.kernels.arrays import Integers
from shareback.proofs.canonical import Entry, EntryUnreadable, decode
from shareback.rules.layout import ABSENT
from shareback.rules.programme import Programme


class ReplayFailed(Exception):
    """The log cannot be replayed: an event is unreadable, or the rules refuse it."""

    def __init__(self, sequence: int, reason: str) -> None:
        """Keep the event's place in the log and what is wrong with it."""
        self.sequence = sequence
        self.reason = reason
        super().__init__(f"event {sequence} of the log: {reason}")


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
