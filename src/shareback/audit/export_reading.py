"""Read an export back: its files as they are, and nothing of them believed."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shareback.audit.export_form import FORMAT, HASHED, INTS, KEYS, MANIFEST, TABLES
from shareback.audit.reading import NONE, ReplayFailed, Run
from shareback.kernels.arrays import Integers
from shareback.kernels.encoding import Octets
from shareback.kernels.hashing import INTS_MAX, Events, encode_batch, words_of
from shareback.kernels.sha256 import WordArray
from shareback.proofs.canonical import EntryUnwritable
from shareback.proofs.commitment import SALT_BYTES
from shareback.proofs.notes import NoteUnreadable, Verifier, verifier_from_text
from shareback.rules.kinds import FIELDS
from shareback.rules.layout import ABSENT

EVENTS_AT_A_TIME = 65_536
EVENTS_MAX = 1 << 48
TEXT_BYTES_MAX = 1 << 20
"""What the manifest and the file of keys may come to."""

JOURNAL = "journal.parquet"
UNKNOWN = 0xFF
COUNTS = np.full(256, UNKNOWN, np.uint8)
"""How many integers each kind has."""

for _kind, _fields in FIELDS.items():
    COUNTS[_kind] = len(_fields)


class ExportUnreadable(Exception):
    """A folder that is no export, or a file of one that cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        """Keep which file, and what is wrong with it."""
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")


class Manifest(BaseModel):
    """What `manifest.json` says."""

    model_config = ConfigDict(extra="forbid", strict=True)

    format: Literal[1]
    programme: str
    events: int = Field(ge=1, le=EVENTS_MAX)
    files: dict[str, str]


class Salted(NamedTuple):
    """A run of events and the salts of their leaves: uint32[n, 4]."""

    run: Run
    salts: WordArray


class Export:
    """A folder that says that it is an export.

    Attributes:
        manifest: What its manifest says.
    """

    manifest: Manifest

    def __init__(self, folder: Path) -> None:
        """Read the manifest, and see that every file is there.

        Raises:
            ExportUnreadable: The folder is no export.
        """
        self.folder = folder
        path = folder / MANIFEST
        try:
            self.manifest = Manifest.model_validate_json(text_of(path))
        except ValidationError as fault:
            first = fault.errors()[0]
            place = ".".join(map(str, first["loc"])) or "it"
            reason = f"{place}: {first['msg']}; an export of version {FORMAT} is expected"
            raise ExportUnreadable(path, " ".join(reason.split())) from None
        if set(self.manifest.files) != set(HASHED):
            raise ExportUnreadable(path, f"files: not exactly {', '.join(HASHED)}")
        for name in HASHED:
            if not (folder / name).is_file():
                raise ExportUnreadable(folder / name, "is missing")

    def changed_files(self) -> list[str]:
        """The files that are not those of the manifest."""
        return [
            name for name in HASHED if self.manifest.files[name] != digest_of(self.folder / name)
        ]

    def keys(self) -> list[Verifier]:
        """The keys that the export itself names; they say nothing to whoever trusts others.

        Raises:
            ExportUnreadable: A line is no key.
        """
        path = self.folder / KEYS
        found = []
        for number, line in enumerate(text_of(path).splitlines(), 1):
            try:
                found.append(verifier_from_text(line))
            except NoteUnreadable as fault:
                raise ExportUnreadable(path, f"line {number}: {fault}") from None
        return found

    def table(self, name: str) -> pa.Table:
        """One of the smaller tables, whole.

        Raises:
            ExportUnreadable: The file is no such table.
        """
        with self.opened(name) as file, refused(self.folder / name):
            table = file.read()
            table.validate(full=True)
            return table

    def rows(self) -> int:
        """How many events there can be at most, before any is read."""
        with self.opened(JOURNAL) as file:
            return min(int(file.metadata.num_rows), self.manifest.events)

    def opened(self, name: str) -> pq.ParquetFile:
        """A table's file, with the columns that it must have."""
        path = self.folder / name
        with refused(path):
            file = pq.ParquetFile(path)
            if not file.schema_arrow.equals(TABLES[name]):
                raise ExportUnreadable(path, "has other columns than docs/reference/export.md says")
            return file

    def runs(self) -> Iterator[Salted]:
        """The events and their salts, some at a time; the first comes alone.

        Raises:
            ExportUnreadable: The file is no such table.
            ReplayFailed: A row is no event.
        """
        path = self.folder / JOURNAL
        with self.opened(JOURNAL) as file:
            first = 0
            for batch in batches(file, path):
                cuts = [0, 1, len(batch)] if first == 0 else [0, len(batch)]
                for start, end in pairwise(cuts):
                    if start < end:
                        yield salted_run(batch.slice(start, end - start), first + start)
                first += len(batch)


def batches(file: pq.ParquetFile, path: Path) -> Iterator[pa.RecordBatch]:
    """The rows of a table, some at a time."""
    with refused(path):
        yield from file.iter_batches(EVENTS_AT_A_TIME)


def salted_run(batch: pa.RecordBatch, first: int) -> Salted:
    """Rows as events, the first of which stands at a place in the log.

    Raises:
        ReplayFailed: A row is no event.
    """
    kinds = batch.column("kind").to_numpy()
    counts = COUNTS[kinds]
    commitments = batch.column("commitment")
    blobs = batch.column("blob")
    events = Events(
        kinds=kinds,
        days=batch.column("day").to_numpy(),
        ats=batch.column("at").to_numpy(),
        counts=counts,
        ints=ints_of(batch, counts, first),
        commitments=octets(commitments.fill_null(NONE)),
        committed=validity(commitments),
        blobs=[(place, blobs[place].as_py()) for place in np.flatnonzero(validity(blobs)).tolist()],
    )
    try:
        bodies = encode_batch(events, first)
    except EntryUnwritable as fault:
        raise ReplayFailed(fault.sequence, f"is none: {fault.reason}") from None
    salts = words_of(octets(batch.column("salt")).tobytes(), SALT_BYTES)
    return Salted(Run(first, events, bodies), salts)


def ints_of(batch: pa.RecordBatch, counts: Octets, first: int) -> Integers:
    """The integers of events: int64[n, INTS_MAX]; -1 where there is none.

    Raises:
        ReplayFailed: A row has one that its kind has not, or one below zero.
    """
    ints = np.full((len(batch), INTS_MAX), ABSENT, np.int64)
    for place in range(INTS):
        column = batch.column(f"i{place}")
        ints[:, place] = column.fill_null(ABSENT).to_numpy()
        # Without this a row could say more than the bytes that are hashed.
        wrong = validity(column) & ((ints[:, place] < 0) | (counts <= place))
        if wrong.any():
            sequence = first + int(wrong.argmax())
            raise ReplayFailed(sequence, f"is none: i{place} is below zero or too many")
    return ints


def validity(array: pa.Array) -> NDArray[np.bool_]:
    """Where a column says something."""
    found: NDArray[np.bool_] = array.is_valid().to_numpy(zero_copy_only=False)
    return found


def octets(array: pa.FixedSizeBinaryArray) -> Octets:
    """Byte strings of one length, none of them missing: uint8[n, length]."""
    width = array.type.byte_width
    flat = np.frombuffer(array.buffers()[1], np.uint8)
    return flat[array.offset * width : (array.offset + len(array)) * width].reshape(-1, width)


@contextmanager
def refused(path: Path) -> Iterator[None]:
    """Say of a table's file that it cannot be read."""
    try:
        yield
    except (pa.ArrowException, OSError) as fault:
        lines = str(fault).splitlines() or ["no reason told"]
        raise ExportUnreadable(path, f"cannot be read: {lines[0]}") from None


def text_of(path: Path) -> str:
    """A short text.

    Raises:
        ExportUnreadable: It is not there, no text, or too long.
    """
    try:
        with path.open("rb") as file:
            body = file.read(TEXT_BYTES_MAX + 1)
        if len(body) > TEXT_BYTES_MAX:
            raise ExportUnreadable(path, f"has more than {TEXT_BYTES_MAX} bytes")
        return body.decode()
    except OSError as fault:
        raise ExportUnreadable(path, f"cannot be read: {fault.strerror}") from None
    except UnicodeDecodeError:
        raise ExportUnreadable(path, "is no text in UTF-8") from None


def digest_of(path: Path) -> str:
    """The hash of a file, in hexadecimal.

    Raises:
        ExportUnreadable: It cannot be read.
    """
    with refused(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
