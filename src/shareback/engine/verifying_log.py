"""Compare what the database says of the log with the log itself: roots, days, refunds, terms."""

from typing import TypeAlias

import numpy as np
from django.db import models
from django.db.models import Q

from shareback.audit.findings import ABSENT, Comparison, Finding, shortened
from shareback.audit.replaying import Chunk, Replay
from shareback.engine.calendar import day_text
from shareback.engine.verifying_tiles import TileCheck
from shareback.journal.heads import HEAD_COLUMNS
from shareback.journal.models import Day, Event, Programme, Refund, Terms
from shareback.kernels.arrays import Integers, zeros
from shareback.kernels.hashing import append_words, salt_words, salted_leaves
from shareback.proofs.commitment import LEAF_LABEL
from shareback.proofs.merkle import EMPTY, Frontier, frontier_to_bytes, root
from shareback.rules.kinds import Kind
from shareback.rules.layout import Head, Order, Result, Term

REFUND_COLUMNS = ("sequence", "order", "money", "paid_out", "member")
LOGGED = 4
"""So many of them an event states by itself; the member is that of its order."""

Days: TypeAlias = dict[int, tuple[list[int], bytes]]
"""By day, the figures when it had closed and the root of the log."""


def shown(value: object) -> str:
    """A value as a finding shows it: bytes as hexadecimal digits, long texts shortened."""
    return shortened(bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value))


class LogCheck:
    """Follows the log's tree and collects what the database repeats of it.

    Attributes:
        days: The figures of each close so far, and the root of the log then.
        tiles: Compares the tiles of the tree on the way.
    """

    def __init__(self, programme: Programme, alias: str) -> None:
        """Start before the first event."""
        self.programme = programme
        self.alias = alias
        self.tree: Frontier = EMPTY
        self.tiles = TileCheck(programme.pk, alias)
        self.days: Days = {}
        self.refunds: list[Integers] = []

    def take(self, chunk: Chunk) -> None:
        """Append a chunk's events to the tree, and note the root at each close."""
        numbers = np.arange(chunk.first, chunk.first + len(chunk.kinds))
        salts = salt_words(bytes(self.programme.key), LEAF_LABEL, numbers)
        leaves = salted_leaves(salts, chunk.bodies)
        # Appending uses them up.
        self.tiles.take(leaves)
        start = 0
        for close in chunk.closes:
            end, figures = close.place + 1, close.figures
            self.tree = append_words(self.tree, leaves[start:end])
            self.days[int(figures[Head.DAY])] = (figures.tolist(), root(self.tree))
            start = end
        self.tree = append_words(self.tree, leaves[start:])
        places = np.flatnonzero(chunk.kinds == Kind.REFUND_ORDER)
        order, money = chunk.events.ints[places, :2].T
        paid_out = chunk.results[places, Result.MONEY]
        self.refunds.append(np.column_stack([chunk.first + places, order, money, paid_out]))

    def findings(self, replay: Replay) -> list[Finding]:
        """What the database says otherwise of the log, its days, refunds and parameters."""
        return [
            *self.unlogged(),
            *self.daily(),
            *self.tree_findings(),
            *self.refunded(replay),
            *self.versions(replay),
        ]

    def rows(self, model: type[models.Model]) -> "models.QuerySet[models.Model]":
        """The programme's rows of a table."""
        found: models.QuerySet[models.Model] = model._default_manager.using(self.alias)  # noqa: SLF001
        return found.filter(programme_id=self.programme.pk)

    def unlogged(self) -> list[Finding]:
        """Events before the log's first and behind its last."""
        outside = Q(sequence__lt=0) | Q(sequence__gte=self.programme.sequence)
        beyond = self.rows(Event).filter(outside)
        first = beyond.order_by("sequence").values_list("sequence", flat=True).first()
        if first is None:
            return []
        return [Finding(f"event {first}", "", "there", ABSENT, beyond.count() - 1)]

    def tree_findings(self) -> list[Finding]:
        """The log's tree as it is stored with the head."""
        stored, recomputed = bytes(self.programme.frontier), frontier_to_bytes(self.tree)
        if stored == recomputed:
            return []
        return [Finding("head", "frontier", shown(stored), shown(recomputed))]

    def daily(self, *, complete: bool = True) -> list[Finding]:
        """The figures of every closed day, and the root of the log when it had closed.

        Args:
            complete: Whether all closes were replayed, so that further days are a finding.
        """
        comparison = Comparison((*HEAD_COLUMNS, "root"), lambda row: f"day {day_text(row[0])}")
        expected = dict(self.days)
        for stored in self.rows(Day).order_by("day").values_list("day", *HEAD_COLUMNS, "root"):
            day = stored[0]
            if day not in expected:
                if complete:
                    comparison.note(Finding(f"day {day_text(day)}", "", "there", ABSENT))
                continue
            figures, top = expected.pop(day)
            pairs = zip(comparison.columns, stored[1:], (*figures, top), strict=True)
            for column, here, there in pairs:
                if (bytes(here) if column == "root" else here) != there:
                    place = f"day {day_text(day)}"
                    comparison.note(Finding(place, column, shown(here), shown(there)))
                    break
        for day in expected:
            comparison.note(Finding(f"day {day_text(day)}", "", ABSENT, "there"))
        return comparison.findings()

    def refunded(self, replay: Replay) -> list[Finding]:
        """The refunds by their ids: each belongs to one event."""
        comparison = Comparison(REFUND_COLUMNS, lambda row: f"refund of event {row[0]}")
        stored = self.rows(Refund).order_by("sequence").values_list(*REFUND_COLUMNS)
        rows = np.array(list(stored), np.int64).reshape(-1, len(REFUND_COLUMNS))
        logged = np.concatenate([zeros(0, LOGGED), *self.refunds])
        members = replay.arrays.orders[logged[:, REFUND_COLUMNS.index("order")], Order.MEMBER]
        comparison.rows(rows, np.column_stack([logged, members]))
        return comparison.findings()

    def versions(self, replay: Replay) -> list[Finding]:
        """The versions of the parameters."""
        columns = ("from_day", "parameters")
        comparison = Comparison(columns, lambda row: f"terms {row[0]}")
        days = replay.arrays.terms[:, Term.FROM_DAY].tolist()
        expected = dict(enumerate(zip(days, replay.parameters, strict=True)))
        for version, *stored in (
            self.rows(Terms).order_by("version").values_list("version", *columns)
        ):
            place = f"terms {version}"
            if version not in expected:
                comparison.note(Finding(place, "", "there", ABSENT))
                continue
            for column, here, there in zip(columns, stored, expected.pop(version), strict=True):
                if here != there:
                    comparison.note(Finding(place, column, shown(here), shown(there)))
                    break
        for version in expected:
            comparison.note(Finding(f"terms {version}", "", ABSENT, "there"))
        return comparison.findings()
