"""Compare the tiles of the log's tree in the database with the log itself."""

from collections.abc import Sequence

import numpy as np
from django.db.models import Model, Q, QuerySet

from shareback.audit.findings import ABSENT, Comparison, Finding
from shareback.engine.comparing import apart
from shareback.engine.proving.log_tree import TILE_BITS, TILE_BYTES, TILE_HASHES, folded
from shareback.journal.models import LogTile
from shareback.kernels.arrays import Integers
from shareback.kernels.hashing import bytes_of
from shareback.kernels.sha256 import WordArray


class Row:
    """One row of tiles, from the left: what is full was compared, the rest is still to come.

    Attributes:
        waiting: Hashes that do not fill a tile yet.
        full: How many tiles were full so far.
        absent: Which of them the database has not.
    """

    waiting: WordArray

    def __init__(self) -> None:
        """Begin without hashes."""
        self.waiting = np.empty((0, 8), np.uint32)
        self.full = 0
        self.absent: list[int] = []

    def filled(self, hashes: WordArray) -> WordArray:
        """Add hashes to the row; returns those that fill tiles now."""
        hashes = np.concatenate([self.waiting, hashes])
        end = len(hashes) // TILE_HASHES * TILE_HASHES
        self.waiting = hashes[end:].copy()
        return hashes[:end]


class TileCheck:
    """Follows the leaves of the log, and compares each tile when it is full.

    It holds a tile of each row at most, and what the leaves of one chunk fill.
    """

    def __init__(self, programme: int, alias: str) -> None:
        """Compare with a programme's rows."""
        self.kept = LogTile.objects.using(alias).filter(programme_id=programme)
        self.comparison = Comparison(("body",), named)
        self.rows: list[Row] = []

    def take(self, hashes: WordArray, level: int = 0) -> None:
        """Follow the hashes that come next in a row of tiles, and those above them.

        Args:
            hashes: uint32[n, 8]; of row 0 the leaves of the log.
            level: The row.
        """
        if level == len(self.rows):
            self.rows.append(Row())
        row = self.rows[level]
        full = row.filled(hashes)
        if len(full) > 0:
            self.compare(level, row, bytes_of(full).tobytes())
            self.take(folded(full, TILE_BITS), level + 1)

    def compare(self, level: int, row: Row, text: bytes) -> None:
        """Compare tiles that have become full with those that are kept."""
        first, end = row.full, row.full + len(text) // TILE_BYTES
        row.full = end
        bodies = self.kept.filter(level=level, place__range=(first, end - 1))
        stored = {place: bytes(body) for place, body in bodies.values_list("place", "body")}
        for place in range(first, end):
            expected = text[(place - first) * TILE_BYTES :][:TILE_BYTES]
            if place not in stored:
                row.absent.append(place)
            elif stored[place] != expected:
                name = named((level, place))
                self.comparison.note(Finding(name, "body", *apart(stored[place], expected)))

    def findings(self, size: int) -> list[Finding]:
        """At most one finding.

        Args:
            size: How many entries the log had at the last checkpoint: up to there the pass after
                a close has kept all full tiles, and none behind.
        """
        widths = [size >> TILE_BITS * level for level in range(1, len(self.rows) + 1)]
        for level, (row, width) in enumerate(zip(self.rows, widths, strict=True)):
            missing = [place for place in row.absent if place < width]
            for place in missing[:1]:
                finding = Finding(named((level, place)), "", ABSENT, "there")
                self.comparison.note(finding, len(missing))
        note_strangers(self.comparison, self.kept, widths)
        return self.comparison.findings()


def named(place: Integers | Sequence[int]) -> str:
    """How a tile is called, by its level and its place."""
    return f"log tile {place[1]} of level {place[0]}"


def note_strangers(comparison: Comparison, rows: "QuerySet[Model]", widths: Sequence[int]) -> None:
    """Note the rows of a tree that stand outside of it.

    Args:
        comparison: Names a row by its level and its place.
        rows: They, found by level and place.
        widths: How many places each level has.
    """
    for level, width in enumerate(widths):
        rows = rows.exclude(Q(level=level) & Q(place__gte=0) & Q(place__lt=width))
    first = rows.order_by("level", "place").values_list("level", "place").first()
    if first is not None:
        comparison.note(Finding(comparison.name(first), "", "there", ABSENT), rows.count())
