"""An export of a programme, verified with the rules: `python verify.py export` runs it.

It was written from docs/reference/export.md, "What a verifier checks", in the order of that list.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from economy import FIGURES, Refused
from replay import Replay
from verify import (
    CLOSE_DAY,
    EMPTY,
    KINDS,
    NOTE,
    Checkpoint,
    Event,
    Key,
    Node,
    Owed,
    Row,
    Tree,
    Unreadable,
    Wrong,
    joined,
    leaf_of,
    need,
    part,
    read_checkpoint,
    read_key,
    read_note,
    sha256,
)

BYTE, WORD = pa.uint8(), pa.int64()
INTEGERS = [f"i{place}" for place in range(7)]
MAY_BE_NULL = {*INTEGERS, "commitment", "blob"}
TABLES: dict[str, dict[str, pa.DataType]] = {
    "journal.parquet": {
        "kind": BYTE,
        "day": WORD,
        "at": WORD,
        **dict.fromkeys(INTEGERS, WORD),
        "commitment": pa.binary(16),
        "blob": pa.binary(),
        "salt": pa.binary(16),
    },
    "days.parquet": {**dict.fromkeys(FIGURES, WORD), "root": pa.binary(32)},
    "accounts.parquet": {"kind": BYTE, "number": WORD, "salt": pa.binary(16)},
    "places.parquet": {"height": BYTE, "kind": BYTE, "number": WORD, "place": WORD},
    "checkpoints.parquet": {
        "day": WORD,
        "size": WORD,
        "liabilities": pa.binary(160),
        "note": pa.string(),
    },
}
UNREADABLE = pa.ArrowException
FAULTS = (
    Refused,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


def rows(folder: Path, name: str) -> Iterator[Row]:
    """The rows of a table of the export, a run at a time."""
    table = pq.ParquetFile(folder / name)
    columns = {field.name: field.type for field in table.schema_arrow}
    same = list(columns.items()) == list(TABLES[name].items())
    need(same, "files", f"{name} has other columns")
    for run in table.iter_batches(5_000):
        for field in columns:
            full = field in MAY_BE_NULL or not run.column(field).null_count
            need(full, "files", f"{name}: {field} lacks a value")
        yield from run.to_pylist()


def check_files(folder: Path) -> Row:
    """Check that the files are those of the manifest, which is returned (1)."""
    manifest: Row = json.loads((folder / "manifest.json").read_text("utf-8"))
    need(part(manifest, "format", int) == 1, "files", "the manifest is of another version")
    need(part(manifest, "events", int) >= 1, "files", "the manifest names no event")
    named = part(manifest, "files", dict)
    need(set(named) == {*TABLES, "keys.txt"}, "files", "the manifest names other files")
    for name in named:
        found = sha256((folder / name).read_bytes()).hex()
        need(named[name] == found, "files", f"{name} is not the one of the manifest")
    return manifest


def events(folder: Path) -> Iterator[tuple[Event, bytes]]:
    """The events of the journal, and the hashes of their leaves (2)."""
    for place, row in enumerate(rows(folder, "journal.parquet")):
        known = 1 <= row["kind"] < len(KINDS)
        need(known, "journal", f"row {place} is of no kind")
        count = int(KINDS[row["kind"]][1])
        ints = tuple(row[name] for name in INTEGERS)
        spare = all(each is None for each in ints[count:]) and row["blob"] != b""
        need(spare, "journal", f"row {place} has a value too many")
        sealed = (row["commitment"] or b"", row["blob"] or b"")
        event = Event(row["kind"], place, row["day"], row["at"], ints[:count], *sealed)
        yield event, sha256(b"\0", row["salt"], event.to_bytes())


class Accounts:
    """The tree of accounts, of which only the ways from changed leaves are hashed again."""

    def __init__(self, folder: Path) -> None:
        """Read salts and places; nobody is in the tree."""
        found = rows(folder, "accounts.parquet")
        self.salts = {(row["kind"], row["number"]): row["salt"] for row in found}
        self.places: dict[int, dict[tuple[int, int], int]] = {}
        for row in rows(folder, "places.parquet"):
            places = self.places.setdefault(row["height"], {})
            places[row["kind"], row["number"]] = row["place"]
        self.height, self.levels, self.counted = 4, self.empty_levels(), 0

    @staticmethod
    def empty_levels() -> list[dict[int, Node]]:
        """No node yet, at any level."""
        return [{} for _level in range(33)]

    def top(self, economy: Replay) -> Node:
        """The root over all accounts as they are now."""
        changed = economy.changed
        while len(economy.accounts) > 2**self.height:
            self.height, self.levels = self.height + 1, self.empty_levels()
            changed = economy.accounts
        self.counted = len(economy.accounts)
        places, dirty = self.places.get(self.height, {}), set[int]()
        for who, account in changed.items():
            need(who in places and who in self.salts, "liabilities", f"{who} has no place, or salt")
            self.levels[0][places[who]] = leaf_of(*who, self.salts[who], account.sums())
            dirty.add(places[who])
        need(len(self.levels[0]) == self.counted, "liabilities", "two are in one place")
        for level in range(self.height):
            nodes, dirty = self.levels[level], {place >> 1 for place in dirty}
            for place in dirty:
                left, right = (nodes.get(2 * place + side, EMPTY[level]) for side in (0, 1))
                self.levels[level + 1][place] = joined(left, right)
        economy.changed = {}
        return self.levels[self.height].get(0, EMPTY[self.height])


def read_kept(file: Path, known: Sequence[Key]) -> Checkpoint:
    """What somebody has kept; it says something only where a known key has signed it (7)."""
    try:
        note = read_note(file.read_text("utf-8"), "kept")
        kept = read_checkpoint(note.text)
    except Wrong as wrong:
        raise Unreadable(f"{file}: {wrong}") from None
    need(note.vouched(known), "kept", "no trusted key has signed it")
    return kept


class Verified(NamedTuple):
    """What an export was found to hold."""

    events: int
    days: int
    checkpoints: int
    root: bytes
    believed: bool


class Verifier:
    """An export, verified event by event."""

    def __init__(self, folder: Path, given: Sequence[Key], kept: Path | None) -> None:
        """Read all but the journal."""
        self.folder, self.given = folder, given
        self.manifest = check_files(folder)
        lines = (folder / "keys.txt").read_text("utf-8").splitlines()
        self.known = [*(read_key(line) for line in lines), *given]
        self.kept = read_kept(kept, self.known) if kept else None
        self.days = list(rows(folder, "days.parquet"))
        self.checkpoints = list(rows(folder, "checkpoints.parquet"))
        self.tree, self.economy, self.accounts = Tree(), Replay(), Accounts(folder)
        self.closed = self.signed = 0
        self.vouching: list[list[Key]] = []

    def run(self) -> Verified:
        """Verify all of it."""
        progress = Progress(self.manifest["events"])
        for event, leaf in events(self.folder):
            self.tree.append(leaf)
            self.replay(event)
            if event.kind == CLOSE_DAY:
                self.check_day(event.day)
                self.check_checkpoint(event.day)
            self.check_kept()
            progress.show(self.tree.size)
        progress.end()
        whole = self.tree.size == self.manifest["events"]
        need(whole, "journal", f"it has {self.tree.size:,} events, and not those of the manifest")
        need(self.closed == len(self.days), "days", "there are days that do not close")
        rest = self.signed == len(self.checkpoints)
        need(rest, "checkpoints", "there are checkpoints of sizes at which no day closes")
        listed = len(self.accounts.salts) == self.accounts.counted
        need(listed, "accounts", "they are not those that the last checkpoint counts")
        reached = self.kept is None or self.kept.size <= self.tree.size
        need(reached, "kept", "the log was cut off: it had more events when that was signed")
        self.check_given()
        counts = (self.tree.size, self.closed, self.signed)
        return Verified(*counts, self.tree.root(), not self.given)

    def replay(self, event: Event) -> None:
        """Let an event happen by the rules (3)."""
        name, _count, carries = KINDS[event.kind]
        blob = event.blob if carries == "b" else None
        try:
            self.economy.take(name, event.day, event.ints, blob)
            programme = self.economy.terms[0].kept[0]
        except FAULTS as fault:
            need(holds=False, check="rules", reason=f"entry {event.sequence}, {name}: {fault}")
        else:
            same = programme == self.manifest.get("programme")
            need(same, "rules", "the log is another programme's")

    def check_day(self, day: int) -> None:
        """Compare a day that closes with its figures (4)."""
        need(self.closed < len(self.days), "days", f"day {day} closes and is missing")
        row = self.days[self.closed]
        self.closed += 1
        for name, figure in self.economy.f.items():
            told = f"day {day}: {name} is {row[name]} in the export, {figure} by the rules"
            need(row[name] == figure, "days", told)
        need(row["root"] == self.tree.root(), "days", f"day {day}: the log has another root")

    def check_checkpoint(self, day: int) -> None:
        """Compare what was signed at a close with what follows (5)."""
        row = self.checkpoints[self.signed] if self.signed < len(self.checkpoints) else None
        if row is None or (row["day"] > day and not self.signed):
            return
        need(row["day"] == day, "checkpoints", f"the close of day {day} has none")
        self.signed += 1
        note = read_note(row["note"], "checkpoints")
        checkpoint, f = read_checkpoint(note.text), self.economy.f
        top = self.accounts.top(self.economy)
        figures = (f["index"], f["reserve"], f["supply"], f["last_price"])
        owed = Owed(day, self.tree.size, self.accounts.height, *figures, top).to_bytes()
        need(row["liabilities"] == owed, "liabilities", f"day {day}: something else is owed")
        digest = sha256(b"\5", owed)
        need(checkpoint.liabilities == digest, "checkpoints", f"day {day} names other liabilities")
        sized = checkpoint.size == row["size"] == self.tree.size
        need(sized, "checkpoints", f"day {day} is of another size")
        same = checkpoint.root == self.tree.root()
        need(same, "checkpoints", f"day {day} names another root of the log")
        kept = self.kept
        told = not kept or kept.size != checkpoint.size or kept.liabilities == digest
        need(told, "kept", f"day {day}: something else was owed at that size")
        vouched = note.vouched(self.known)
        signed = any(key.kind == NOTE for key in vouched)
        need(signed, "signature", f"day {day}: no known key of the programme has signed")
        self.vouching.append(vouched)

    def check_kept(self) -> None:
        """Compare the log with a checkpoint of its size that somebody has kept (7)."""
        if self.kept and self.kept.size == self.tree.size:
            same = self.kept.root == self.tree.root()
            need(same, "kept", "the log was rewritten: it had another root at that size")

    def check_given(self) -> None:
        """See that each key that was given vouches, and one for the last checkpoint (6)."""
        for key in self.given:
            vouches = any(key in vouched for vouched in self.vouching)
            need(vouches, "keys", f"{key.text} vouches for no checkpoint")
        last = self.vouching[-1] if self.vouching else []
        ours = [key for key in self.given if key.kind == NOTE]
        vouched = not ours or any(key in last for key in ours)
        need(vouched, "keys", "the last checkpoint is signed by no key that was given")


class Progress:
    """A line on stderr, if that is a terminal and it takes more than two seconds."""

    def __init__(self, total: int) -> None:
        """Begin."""
        self.total, self.begun, self.shown = total, time.monotonic(), 0.0

    def show(self, done: int) -> None:
        """Say how far it has come, at most five times a second."""
        now = time.monotonic()
        if now - self.begun > 2 and now - self.shown > 0.2 and sys.stderr.isatty():
            self.shown = now
            sys.stderr.write(f"\r{done:,} of {self.total:,} events")

    def end(self) -> None:
        """Clear the line."""
        if self.shown:
            sys.stderr.write("\r\x1b[K")
