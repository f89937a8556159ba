"""What a programme has signed, compared with what follows from its log."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shareback.audit.days import day_text
from shareback.audit.findings import UNREPLAYABLE, Comparison, Finding, shortened
from shareback.proofs.checkpoint import Checkpoint, read_checkpoint
from shareback.proofs.notes import (
    Note,
    NoteUnreadable,
    Purpose,
    SignatureWrong,
    Verifier,
    read_note,
    vouched,
)
from shareback.proofs.sum_tree import LIABILITIES_PREFIX, Liabilities

SOURCE = "the export"
FIGURE_BYTES = 8
FIGURES = Liabilities._fields[:-1]
SAVED = "the saved checkpoint"


class Published(NamedTuple):
    """A checkpoint as the export has it, and nothing of it believed."""

    day: int
    size: int
    liabilities: bytes
    note: str


class Closed(NamedTuple):
    """A close as it was replayed.

    Attributes:
        day: The day that closed.
        size: How many entries the log had then.
        owed: What the programme owed, as ``Liabilities.to_bytes`` gives it; empty where that
            could not be drawn up.
    """

    day: int
    size: int
    owed: bytes


class Vouching:
    """Checks checkpoints one after another.

    Attributes:
        by: The keys that vouch, and for how large a log at most.
    """

    def __init__(
        self,
        trusted: Sequence[Verifier],
        roots: Mapping[int, bytes],
        closes: Sequence[Closed],
        source: str = SOURCE,
    ) -> None:
        """Know what is trusted, and what follows from the log.

        Args:
            trusted: Keys of the programme and of witnesses.
            roots: By the log's size, its root.
            closes: The closes, as they were replayed.
            source: Where the checkpoints stand, in words.
        """
        self.trusted = trusted
        self.roots = roots
        self.closes = {close.size: close for close in closes}
        self.source = source
        self.by: dict[Verifier, int] = {}

    def findings(self, published: Sequence[Published], *, complete: bool) -> list[Finding]:
        """What the checkpoints say otherwise: the first that does, and how many more there are.

        Args:
            published: They, as the export has them.
            complete: Whether all of the log was replayed; else a checkpoint of what was not
                tells only whether the log is the one that was signed.
        """
        comparison = Comparison((), str)
        before = 0
        for one in published:
            place = f"the checkpoint of {day_text(one.day)}"
            if one.size <= before:
                comparison.note(
                    Finding(place, "", "does not follow on the one before", UNREPLAYABLE)
                )
                continue
            before = one.size
            reason = self.fault_of(one, complete=complete)
            if reason:
                comparison.note(Finding(place, "", reason, UNREPLAYABLE))
        return [*comparison.findings(), *self.gaps(published)]

    def gaps(self, published: Sequence[Published]) -> list[Finding]:
        """A close between two checkpoints that has none."""
        sizes = {one.size for one in published}
        if not sizes:
            return []
        gaps = [
            close
            for size, close in sorted(self.closes.items())
            if size not in sizes and min(sizes) < size < max(sizes)
        ]
        if not gaps:
            return []
        place = f"the checkpoint of {day_text(gaps[0].day)}"
        return [Finding(place, "", "absent", "there", len(gaps) - 1, self.source)]

    def fault_of(self, one: Published, *, complete: bool) -> str:
        """What is wrong with a checkpoint; an empty text where nothing is."""
        try:
            note = read_note(one.note)
            said = read_checkpoint(note.text)
        except NoteUnreadable as fault:
            return f"is none: {fault}"
        if said.size != one.size:
            return f"is of {said.size} events, and {self.source} says {one.size}"
        if said.root != self.roots.get(one.size, said.root):
            return f"has signed another log: one of its {one.size} events is not the one signed"
        close = self.closes.get(one.size)
        if complete and (close is None or close.day != one.day):
            return f"is of {one.size} events, with which that day does not close"
        owed = b"" if close is None else close.owed
        return self.other_liabilities(one, said, owed) or self.unsigned(note, one.size)

    def other_liabilities(self, one: Published, said: Checkpoint, owed: bytes) -> str:
        """What is wrong with what a checkpoint says that is owed."""
        told = hashlib.sha256(LIABILITIES_PREFIX + one.liabilities).digest()
        if said.liabilities != told:
            return f"has signed other liabilities than {self.source} says"
        if owed and one.liabilities != owed:
            return f"owes otherwise than follows from the log: {difference(one.liabilities, owed)}"
        return ""

    def unsigned(self, note: Note, size: int) -> str:
        """What is wrong with who vouches for a note."""
        try:
            by = vouched(note, self.trusted)
        except SignatureWrong as fault:
            return f"is signed wrongly: {fault}"
        if not any(verifier.purpose == Purpose.NOTE for verifier in by):
            return "is not signed by a key of the programme"
        for verifier in by:
            self.by[verifier] = size
        return ""

    def saved(self, text: str, published: Sequence[Published], events: int) -> list[Finding]:
        """Whether a checkpoint that somebody kept lies on this log (A48).

        Args:
            text: It, as it was kept.
            published: The checkpoints of the export.
            events: How many events the log has.

        Raises:
            NoteUnreadable: It is no checkpoint.
        """
        note = read_note(text)
        kept = read_checkpoint(note.text)
        try:
            by = vouched(note, self.trusted)
        except SignatureWrong as fault:
            return [Finding(SAVED, "", f"proves nothing: {fault}", UNREPLAYABLE)]
        if not by:
            return [Finding(SAVED, "", "proves nothing: no trusted key signed it", UNREPLAYABLE)]
        if kept.size > events:
            reason = f"ends after {events} events, and the saved checkpoint has {kept.size}"
            return [Finding("the log", "", f"was cut off or rewritten: it {reason}", UNREPLAYABLE)]
        if kept.size in self.roots and self.roots[kept.size] != kept.root:
            reason = f"its first {kept.size} events are not those of the saved checkpoint"
            return [Finding("the log", "", f"was rewritten: {reason}", UNREPLAYABLE)]
        if kept.size not in self.roots:
            reason = f"the log breaks off before its {kept.size} events"
            return [Finding(SAVED, "", f"cannot be compared: {reason}", UNREPLAYABLE)]
        return told_otherwise(kept, published)


def told_otherwise(kept: Checkpoint, published: Sequence[Published]) -> list[Finding]:
    """Whether the export's checkpoint of the same size says that something else was owed."""
    for one in published:
        told = hashlib.sha256(LIABILITIES_PREFIX + one.liabilities).digest()
        if one.size == kept.size and kept.liabilities != told:
            reason = f"has other liabilities than the export at its {kept.size} events"
            return [Finding(SAVED, "", reason, UNREPLAYABLE)]
    return []


def difference(told: bytes, owed: bytes) -> str:
    """The first figure in which two liabilities differ."""
    for place, name in enumerate(FIGURES):
        part = slice(FIGURE_BYTES * place, FIGURE_BYTES * (place + 1))
        if told[part] != owed[part]:
            here, there = (int.from_bytes(each[part], "big") for each in (told, owed))
            return f"{name} is {here} instead of {there}"
    return shortened("the accounts are others")
