"""Writes the export of any log that a cheating programme tells, all of it signed anew.

Where the rules take the log, every figure, tree and checkpoint follows from it as it should. Where
they do not, the figures stay those of the honest log, since there are no others.
"""

import json
from collections.abc import Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from shareback.audit.export_form import (
    ACCOUNTS,
    CHECKPOINTS,
    DAYS,
    FORMAT,
    HASHED,
    KEYS,
    MANIFEST,
    PLACES,
)
from shareback.audit.export_reading import digest_of
from shareback.audit.owed import Owed
from shareback.audit.reading import ReplayFailed, Run, decoded_runs
from shareback.audit.replaying import Replay
from shareback.audit.standing import all_accounts
from shareback.engine.exporting_log import event_table, fixed, table_of
from shareback.engine.verifying_owed import KeyedLeaves
from shareback.kernels.hashing import bytes_of
from shareback.proofs.notes import Verifier, cosign, read_note
from shareback.proofs.sum_tree import Liabilities
from shareback.rules.kinds import Kind
from shareback.rules.layout import Head
from tests.attacks.cheating.prover import Prover, Story

EVERY_DAY = range(1 << 62)


class Close(NamedTuple):
    """A close of a story.

    Attributes:
        size: How many entries the log had.
        figures: The head, under the day that had closed.
        owed: What the programme says that it owed.
    """

    size: int
    figures: list[int]
    owed: Liabilities

    @property
    def counts(self) -> tuple[int, int]:
        """How many members and merchants there were."""
        return self.figures[Head.MEMBERS], self.figures[Head.MERCHANTS]


class Forger:
    """Writes exports for a prover.

    Attributes:
        honest: The closes as they were.
    """

    def __init__(self, prover: Prover, witnesses: Sequence[Verifier]) -> None:
        """Know the honest story, and whose keys an export names."""
        self.prover = prover
        self.witnesses = witnesses
        self.leaves = KeyedLeaves(prover.engine.key)
        self.honest = self.closes(prover.story)

    def closes(self, story: Story) -> list[Close]:
        """The closes of a story, as far as the rules take it."""
        replay, owed = Replay(story.size, EVERY_DAY), Owed(self.leaves)
        found: list[Close] = []
        try:
            for chunk in replay.follow(days_of(story)):
                for close in chunk.closes:
                    size = chunk.first + close.place + 1
                    drawn = owed.draw_up(size, close.figures, close.accounts)
                    found.append(Close(size, close.figures.tolist(), drawn))
        except ReplayFailed:
            return found
        return found

    def write(self, story: Story, folder: Path, bribed: "Sequence[Bribed]" = ()) -> Path:
        """Write a story's export.

        Args:
            story: It.
            folder: Where to.
            bribed: Witnesses that write under whatever they are shown.
        """
        folder.mkdir(parents=True, exist_ok=True)
        closes = self.closes(story)
        closes += self.honest[len(closes) :]
        tables = {
            "journal.parquet": journal_of(story),
            "days.parquet": self.days(story, closes),
            "accounts.parquet": self.accounts(closes),
            "places.parquet": self.places(closes),
            "checkpoints.parquet": self.checkpoints(story, closes, bribed),
        }
        for name, table in tables.items():
            pq.write_table(table, folder / name)
        lines = [f"{key.to_text()}\n" for key in (self.prover.verifier, *self.witnesses)]
        (folder / KEYS).write_text("".join(lines), encoding="utf-8")
        manifest = {
            "format": FORMAT,
            "programme": self.prover.engine.programme.name,
            "events": story.size,
            "files": {name: digest_of(folder / name) for name in HASHED},
        }
        (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        return folder

    def days(self, story: Story, closes: Sequence[Close]) -> pa.Table:
        """The figures of every day."""
        rows = [(*close.figures, story.root(close.size)) for close in closes]
        return table_of(DAYS, list(zip(*rows, strict=True)))

    def accounts(self, closes: Sequence[Close]) -> pa.Table:
        """The accounts of the last close."""
        table = all_accounts(*closes[-1].counts)
        return table_of(ACCOUNTS, [*table.T, fixed(bytes_of(self.leaves.salts(table)))])

    def places(self, closes: Sequence[Close]) -> pa.Table:
        """Where they stand, for each height of the tree."""
        parts = []
        for height, group in groupby(closes, lambda close: close.owed.height):
            *_earlier, last = group
            table = all_accounts(*last.counts)
            places = self.leaves.places(height, table)
            parts.append(np.column_stack([np.full(len(table), height), table, places]))
        return table_of(PLACES, list(np.concatenate(parts).T))

    def checkpoints(
        self, story: Story, closes: Sequence[Close], bribed: "Sequence[Bribed]"
    ) -> pa.Table:
        """A checkpoint for each close; where nothing was changed yet it is the honest one."""
        rows = []
        for close in closes:
            note = story.note(close.size, close.owed.digest())
            text = read_note(note).text
            known = self.prover.notes.get(close.size, "")
            if known.startswith(f"{text}\n"):
                note = known
            else:
                note += "".join(one.line(text) for one in bribed)
            rows.append((close.owed.day, close.size, close.owed.to_bytes(), note))
        return table_of(CHECKPOINTS, list(zip(*rows, strict=True)))


class Bribed(NamedTuple):
    """A witness that no longer looks at what it cosigns."""

    name: str
    secret: bytes

    def line(self, text: str) -> str:
        """Its line under any text."""
        return cosign(text, self.name, self.secret, 1_800_000_000).to_line()


def days_of(story: Story) -> "list[Run]":
    """A story's entries, day by day; the first stands alone."""
    kinds = story.events.kinds
    ends = np.unique([1, *(np.flatnonzero(kinds == Kind.CLOSE_DAY) + 1), story.size])
    return list(decoded_runs([story.each[a:b] for a, b in pairwise([0, *ends.tolist()])]))


def journal_of(story: Story) -> pa.Table:
    """The rows of a story's entries."""
    return event_table(Run(0, story.events, story.bodies), bytes_of(story.salts))
