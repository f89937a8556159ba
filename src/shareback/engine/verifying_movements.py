"""Compare the movements in the database with those that a replay brings about."""

import numpy as np

from shareback.audit.findings import ABSENT, Comparison, Finding
from shareback.engine.comparing import Stored
from shareback.journal.shapes import MOVEMENT
from shareback.kernels.arrays import Integers, zeros
from shareback.rules.layout import Effect

SEQUENCE, LINE, REST = 0, 1, 2


def movements(effects: Integers) -> Integers:
    """Effects as rows of the journal's movements: sequence, line, kind, day and so on."""
    sequences = effects[:, Effect.SEQUENCE]
    starts = np.flatnonzero(np.diff(sequences, prepend=-1))
    lengths = np.diff(np.append(starts, len(sequences)))
    lines = np.arange(len(sequences)) - np.repeat(starts, lengths)
    return np.column_stack([sequences, lines, effects[:, Effect.KIND], effects[:, Effect.DAY :]])


def in_any_order(rows: Integers) -> Integers:
    """Rows sorted by sequence, then by all that is not their line."""
    contents = np.delete(rows, LINE, axis=1)
    return contents[np.lexsort(contents.T[::-1])]


class MovementCheck:
    """Compares chunk by chunk.

    The lines of one event may stand in another order than here: the rules leave it open in
    which order members change their tiers or merchants are settled.
    """

    def __init__(self, stored: Stored) -> None:
        """Compare with a programme's rows."""
        self.stored = stored
        self.comparison = Comparison(
            MOVEMENT.integers, lambda row: f"movement {row[LINE]} of event {row[SEQUENCE]}"
        )

    def take(self, first: int, end: int, effects: Integers) -> None:
        """Compare the movements of the events from ``first`` to ``end`` - 1."""
        if self.comparison.first is not None:
            return
        where = f"AND sequence >= {first} AND sequence < {end} ORDER BY sequence, line"
        self.compare(self.select(where), movements(effects))

    def finish(self, first: int, end: int) -> list[Finding]:
        """Refuse what stands outside the log; returns at most one finding."""
        if self.comparison.first is None:
            where = f"AND (sequence < {first} OR sequence >= {end}) ORDER BY sequence, line"
            self.compare(self.select(where), zeros(0, len(MOVEMENT.integers)))
        return self.comparison.findings()

    def select(self, where: str) -> Integers:
        """Stored movements."""
        return self.stored.storage.select(MOVEMENT, self.stored.programme, where)

    def compare(self, stored: Integers, replayed: Integers) -> None:
        """Compare two sets of movements, both in the order of sequence and line."""
        if np.array_equal(stored, replayed):
            return
        same_places = np.array_equal(stored[:, :REST], replayed[:, :REST])
        if same_places and np.array_equal(in_any_order(stored), in_any_order(replayed)):
            return
        if same_places:
            differs = (stored != replayed).any(axis=1)
            place = differs.argmax()
            finding = self.comparison.difference(stored[place], replayed[place])
            self.comparison.note(finding, int(differs.sum()))
            return
        here = set(map(tuple, stored[:, :REST].tolist()))
        there = set(map(tuple, replayed[:, :REST].tolist()))
        first = min(here ^ there)
        name = self.comparison.name(first)
        if first in there:
            self.comparison.note(Finding(name, "", ABSENT, "there"), len(here ^ there))
        else:
            self.comparison.note(Finding(name, "", "there", ABSENT), len(here ^ there))
