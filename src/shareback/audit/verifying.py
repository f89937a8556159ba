"""Verify an export: all of a programme's claims, without its database and without its key.

What is signed is the root of the log and what is owed at each close. So the log is hashed, and
replayed by the same rules; every figure that follows from it must stand in the export, and every
checkpoint must say what follows. Whoever kept an older checkpoint sees by it whether the log has
only grown since.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from shareback.audit.balancing import check_balance
from shareback.audit.days import day_text
from shareback.audit.export_form import HEAD_COLUMNS
from shareback.audit.export_reading import Export, ExportUnreadable, octets
from shareback.audit.findings import UNREPLAYABLE, Comparison, Finding
from shareback.audit.log_roots import LogRoots
from shareback.audit.owed import AccountUnknown, ListedLeaves, Owed, numbers
from shareback.audit.reading import ReplayFailed, Run
from shareback.audit.replaying import Close, Progress, Replay
from shareback.audit.vouching import SOURCE, Closed, Published, Vouching
from shareback.books.entries import Unbalanced
from shareback.kernels.arrays import Integers, zeros
from shareback.kernels.sums import SumsTooLarge
from shareback.proofs.checkpoint import read_checkpoint
from shareback.proofs.notes import Purpose, Verifier, read_note
from shareback.proofs.paths import ProofWrong
from shareback.rules.layout import HEAD_WIDTH, Head

DAY_PLACE = HEAD_COLUMNS.index("day")


class ExportVerification(NamedTuple):
    """What the verification of an export came to.

    Attributes:
        programme: The programme's name.
        events: How many events the log has.
        days: How many days they closed.
        checkpoints: How many checkpoints were checked.
        root: The root of the log.
        vouched: The keys that vouch, each with how many events its last checkpoint has.
        findings: What does not agree; none if all does.
    """

    programme: str
    events: int
    days: int
    checkpoints: int
    root: bytes
    vouched: dict[Verifier, int]
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether everything that the export claims follows from its log."""
        return not self.findings


def quiet(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


def verify_export(
    folder: Path,
    checkpoint: str | None = None,
    keys: Sequence[Verifier] = (),
    progress: Progress = quiet,
) -> ExportVerification:
    """Check all that an export claims.

    Args:
        folder: The export.
        checkpoint: A checkpoint that was kept from earlier: the log must have grown from it.
        keys: Keys that are trusted; each must vouch for a checkpoint. The export's own are
            believed beside them, so whoever gives none checks only that it agrees with itself.
        progress: Told now and then how many events are done, and of how many.

    Returns:
        What was found.

    Raises:
        ExportUnreadable: The folder is no export.
        NoteUnreadable: The checkpoint is none.

    Source:
        docs/reference/export.md; attacks A47, A48.
    """
    kept = None if checkpoint is None else read_checkpoint(read_note(checkpoint).text)
    export = Export(folder)
    changed = [
        Finding(name, "", "is not the file that the manifest names", UNREPLAYABLE)
        for name in export.changed_files()
    ]
    try:
        verifier = ExportVerifier(export, [] if kept is None else [kept.size], keys)
        return verifier.run(changed, checkpoint, progress)
    except ExportUnreadable as fault:
        if not changed:
            raise
        broken = Finding(str(fault.path), "", fault.reason, UNREPLAYABLE)
        return ExportVerification(export.manifest.programme, 0, 0, 0, b"", {}, (*changed, broken))


class ExportVerifier:
    """One run of a verification."""

    def __init__(self, export: Export, sizes: Sequence[int], keys: Sequence[Verifier]) -> None:
        """Read what is not large.

        Args:
            export: The export.
            sizes: At which sizes of the log its root is asked for, beside the checkpoints.
            keys: Keys that are trusted.
        """
        self.export = export
        self.keys = keys
        rows = export.table("checkpoints.parquet").to_pylist()
        self.published = [Published(**row) for row in rows]
        self.roots = LogRoots([*sizes, *(one.size for one in self.published)])
        self.drawn_up = {one.day for one in self.published}
        self.replay = Replay(export.rows(), self.drawn_up)
        self.findings: list[Finding] = []
        self.is_whole = self.is_replayed = True
        self.owed: Owed | None = None
        self.undrawn: list[Finding] = []
        self.closes: list[Closed] = []
        self.figures: list[Integers] = []

    def run(
        self, changed: Sequence[Finding], checkpoint: str | None, progress: Progress
    ) -> ExportVerification:
        """Follow the log, then compare."""
        trusted = [*self.keys, *self.export.keys()]
        self.read_accounts()
        self.follow(progress)
        size = self.roots.tree.size
        vouching = Vouching(trusted, self.roots.roots, self.closes)
        self.findings += [
            *self.undrawn,
            *self.days(),
            *vouching.findings(self.published, complete=self.is_replayed),
            *silent(self.keys, vouching.by, self.published),
        ]
        if checkpoint is not None:
            events = size if self.is_whole else self.export.manifest.events
            self.findings += vouching.saved(checkpoint, self.published, events)
        return ExportVerification(
            self.export.manifest.programme,
            size,
            len(self.closes),
            len(self.published),
            self.roots.roots[size],
            vouching.by,
            (*changed, *self.findings),
        )

    def read_accounts(self) -> None:
        """Take the salts and places of accounts."""
        accounts, places = (
            self.export.table(name) for name in ("accounts.parquet", "places.parquet")
        )
        try:
            self.owed = Owed(ListedLeaves(accounts, places))
        except AccountUnknown as fault:
            self.note("the tables of accounts", fault)

    def note(self, place: str, fault: Exception | str) -> None:
        """Keep what was found, in words."""
        self.findings.append(Finding(place, "", str(fault), UNREPLAYABLE))

    def follow(self, progress: Progress) -> None:
        """Hash the log to its end, and replay it as far as it can be.

        Reading and hashing run ahead in a thread, and another draws up behind what was owed:
        the compiled hashes let go of the interpreter.
        """
        total = self.export.manifest.events
        drawn: list[tuple[int, int, Future[bytes]]] = []
        with ThreadPoolExecutor(1) as reading, ThreadPoolExecutor(1) as drawing:
            try:
                for run in ahead(self.hashed(), reading):
                    for size, close in self.step(run) if self.is_replayed else []:
                        owed = drawing.submit(self.draw_up, size, close)
                        drawn.append((int(close.figures[Head.DAY]), size, owed))
                        self.figures.append(close.figures)
                    progress(min(run.first + len(run.events.kinds), total), total)
            except ReplayFailed as fault:
                self.break_off(fault.sequence, fault.reason)
                self.is_whole = False
        self.closes = [Closed(day, size, owed.result()) for day, size, owed in drawn]
        names = [terms.name for terms in self.replay.versions[:1]]
        if names not in ([], [self.export.manifest.programme]):
            self.note("manifest.json", "names another programme than the log")
        size = self.roots.tree.size
        if self.is_whole and size != total:
            self.note("journal.parquet", f"has {size} events, and the manifest says {total}")

    def hashed(self) -> Iterator[Run]:
        """The runs of the log, each once it is hashed."""
        for salted in self.export.runs():
            self.roots.take(salted)
            yield salted.run

    def break_off(self, sequence: int, reason: str) -> None:
        """Keep the event behind which nothing can be replayed."""
        if self.is_replayed:
            self.note(f"event {sequence} of the log", reason)
        self.is_replayed = False

    def step(self, run: Run) -> list[tuple[int, Close]]:
        """Replay a run of events; returns its closes, each with the log's size then."""
        try:
            (chunk,) = self.replay.follow([run])
            check_balance(chunk)
        except ReplayFailed as fault:
            self.break_off(fault.sequence, fault.reason)
            return []
        except Unbalanced as fault:
            self.break_off(run.first, f"or one of those behind it does not balance: {fault}")
            return []
        return [(chunk.first + close.place + 1, close) for close in chunk.closes]

    def draw_up(self, size: int, close: Close) -> bytes:
        """What was owed at a close; nothing where no checkpoint tells it, or it cannot be."""
        day = int(close.figures[Head.DAY])
        if self.owed is None or day not in self.drawn_up:
            return b""
        try:
            return self.owed.draw_up(size, close.figures, close.accounts).to_bytes()
        except (AccountUnknown, SumsTooLarge, ProofWrong) as fault:
            reason = f"cannot be drawn up: {fault}"
            place = f"what was owed on {day_text(day)}"
            self.undrawn.append(Finding(place, "", reason, UNREPLAYABLE))
            self.owed = None
            return b""

    def days(self) -> list[Finding]:
        """What the daily figures say otherwise, and the roots of the log beside them."""
        table = self.export.table("days.parquet")
        stored = np.column_stack([*numbers(table, *HEAD_COLUMNS)])
        order = np.argsort(stored[:, DAY_PLACE], kind="stable")
        roots = octets(table.column("root").combine_chunks())
        if not self.is_replayed:
            last = self.closes[-1].day if self.closes else 0
            order = order[stored[order, DAY_PLACE] <= last]
        stored = stored[order]
        replayed = np.concatenate([zeros(0, HEAD_WIDTH), *(row[None] for row in self.figures)])
        comparison = Comparison(("", *HEAD_COLUMNS), lambda row: f"day {day_text(int(row[0]))}")
        comparison.rows(
            np.column_stack([stored[:, DAY_PLACE], stored]),
            np.column_stack([replayed[:, DAY_PLACE], replayed]),
        )
        expected = {close.day: self.roots.roots[close.size] for close in self.closes}
        for day, found in zip(stored[:, DAY_PLACE].tolist(), roots[order], strict=True):
            top = expected.get(day)
            if top is not None and top != found.tobytes():
                place = f"day {day_text(day)}"
                comparison.note(Finding(place, "root", found.tobytes().hex(), top.hex()))
        return [finding._replace(source=SOURCE) for finding in comparison.findings()]


def silent(
    keys: Sequence[Verifier], by: Mapping[Verifier, int], published: Sequence[Published]
) -> list[Finding]:
    """The keys that were given and vouch for nothing, or for no more than an older log.

    Whoever forges what comes behind an honest checkpoint signs it by a key of their own.
    """
    found = [
        Finding(f"the key of {key.name}", "", "vouches for no checkpoint", UNREPLAYABLE)
        for key in keys
        if key not in by
    ]
    own = [by[key] for key in keys if key in by and key.purpose == Purpose.NOTE]
    last = published[-1].size if published else 0
    if own and max(own) < last:
        reason = f"is signed by no key that was given: they vouch for {max(own)} events of {last}"
        found.append(Finding("the last checkpoint", "", reason, UNREPLAYABLE))
    return found


def ahead(runs: Iterator[Run], pool: Executor) -> Iterator[Run]:
    """Runs, each of which is made in a pool while the one before it is worked on."""
    waiting = pool.submit(next, runs, None)
    while (run := waiting.result()) is not None:
        waiting = pool.submit(next, runs, None)
        yield run
