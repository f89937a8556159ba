"""Write all that a programme's claims rest on to files, for whoever checks them by themselves.

Whoever has the files needs neither this database nor the programme's secret key: the salts that
come from the key stand beside what they belong to. Members and merchants appear as numbers.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import chain, groupby, islice
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import DEFAULT_DB_ALIAS
from numpy.typing import NDArray

from shareback.audit.export_form import (
    ACCOUNTS,
    CHECKPOINTS,
    DAYS,
    FORMAT,
    HASHED,
    INTS,
    JOURNAL,
    KEYS,
    MANIFEST,
    PLACES,
)
from shareback.audit.reading import Run, decoded_runs
from shareback.audit.replaying import Progress
from shareback.audit.standing import all_accounts
from shareback.engine.exporting import whole_file
from shareback.engine.proving.checkpoints import (
    liabilities_from_bytes,
    permutation,
    places_in,
)
from shareback.engine.proving.keys import verifier_of
from shareback.engine.reading import logged_bodies
from shareback.engine.snapshot import snapshot
from shareback.engine.verifying import find_programme, quiet
from shareback.journal.heads import HEAD_COLUMNS
from shareback.journal.models import Checkpoint, Cosignature, Day, LogKey, Programme, Witness
from shareback.kernels.arrays import Integers
from shareback.kernels.hashing import bytes_of, salt_words
from shareback.proofs.commitment import LEAF_LABEL
from shareback.proofs.notes import Purpose, Verifier
from shareback.proofs.places import ACCOUNT_LABEL
from shareback.rules.layout import ABSENT

ROWS_OF_A_GROUP = 262_144
LEVEL = 9
LEVELS = {"at": 15, "blob": 19}
"""How hard a column is compressed, where that gains something; there are few blobs."""

RANDOM = frozenset({"commitment", "salt"})
"""Columns that nothing can compress."""

DELTAS = ("day", "at", "i0", "i4")
"""Columns that mostly rise, or are mostly empty: their differences take least."""

WORDS = ("kind", "i1", "i2", "i3", "i5", "i6")
"""Columns in which the same values may come again and again; then each is written once."""

USES_OF_A_WORD = 4
"""How often a value must come on average to be worth its place in a dictionary."""

Octets: TypeAlias = NDArray[np.uint8]


class Exported(NamedTuple):
    """What an export came to.

    Attributes:
        events: How many events of the log it has.
        days: How many closed days.
        checkpoints: How many checkpoints.
    """

    events: int
    days: int
    checkpoints: int


def export_log(
    programme_name: str,
    out: Path,
    alias: str = DEFAULT_DB_ALIAS,
    progress: Progress = quiet,
) -> Exported:
    """Write a programme's log, figures, accounts and checkpoints into a folder.

    Args:
        programme_name: The programme's name.
        out: The folder, made where it is missing. The files of an earlier export are replaced
            once all of the new ones are whole, the manifest last.
        alias: Which of Django's databases holds the programme.
        progress: Told now and then how many events are done, and of how many.

    Returns:
        How much was written.

    Raises:
        ProgrammeUnknown: There is none of this name.
        ReplayFailed: An event is missing or unreadable.
        OSError: A file cannot be written.

    Source:
        docs/reference/export.md.
    """
    with snapshot(alias):
        export = Export(find_programme(programme_name, alias), alias)
        out.mkdir(parents=True, exist_ok=True)
        with ExitStack() as unfinished:
            # The first to be entered is the last to get its name.
            paths = {
                name: unfinished.enter_context(whole_file(out / name))
                for name in (MANIFEST, *HASHED)
            }
            export.write(paths, progress)
    return Exported(export.programme.sequence, len(export.days), len(export.checkpoints))


class Export:
    """One export, from one view of the database."""

    def __init__(self, programme: Programme, alias: str) -> None:
        """Read what is not large."""
        self.programme = programme
        self.alias = alias
        self.key = bytes(programme.key)
        days = Day.objects.using(alias).filter(programme_id=programme.pk).order_by("day")
        self.days = [
            (*figures, bytes(root))
            for *figures, root in days.values_list(*HEAD_COLUMNS, "root").iterator()
        ]
        rows = Checkpoint.objects.using(alias).filter(programme_id=programme.pk)
        self.checkpoints = list(rows.order_by("day"))

    def write(self, paths: dict[str, Path], progress: Progress) -> None:
        """Write every file to its place; the manifest has the hashes of all others."""
        self.write_journal(paths["journal.parquet"], progress)
        tables = {
            "days.parquet": table_of(DAYS, list(zip(*self.days, strict=True))),
            "accounts.parquet": self.accounts(),
            "places.parquet": self.places(),
            "checkpoints.parquet": table_of(CHECKPOINTS, self.checkpoint_columns()),
        }
        for name, table in tables.items():
            pq.write_table(table, paths[name], compression="zstd")
        paths[KEYS].write_text("".join(self.key_lines()), encoding="utf-8", newline="\n")
        manifest = {
            "format": FORMAT,
            "programme": self.programme.name,
            "events": self.programme.sequence,
            "files": {name: sha256_of(paths[name]) for name in HASHED},
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=2)
        paths[MANIFEST].write_text(f"{text}\n", encoding="utf-8", newline="\n")

    def write_journal(self, path: Path, progress: Progress) -> None:
        """Write the events."""
        tables = self.event_tables(progress)
        # The opening stands alone in the first; the next tells what columns are like.
        first = list(islice(tables, 2))
        with journal_writer(path, first[-1]) as writer:
            for table in chain(first, tables):
                writer.write_table(table)

    def event_tables(self, progress: Progress) -> Iterator[pa.Table]:
        """The events with the salts of their leaves, some at a time."""
        total = self.programme.sequence
        for run in decoded_runs(
            logged_bodies(self.programme.pk, total, self.alias, ROWS_OF_A_GROUP)
        ):
            end = run.first + len(run.events.kinds)
            yield event_table(run, self.salts(LEAF_LABEL, np.arange(run.first, end)))
            progress(end, total)

    def salts(self, label: bytes, numbers: Integers) -> Octets:
        """Salts that come from the programme's key: uint8[n, SALT_BYTES]."""
        return bytes_of(salt_words(self.key, label, numbers))

    def accounts(self) -> pa.Table:
        """The accounts that the last checkpoint counts."""
        table = self.counted(self.checkpoints[-1] if self.checkpoints else None)
        salts = self.salts(ACCOUNT_LABEL, table[:, 0] << 32 | table[:, 1])
        return table_of(ACCOUNTS, [table[:, 0], table[:, 1], fixed(salts)])

    def places(self) -> pa.Table:
        """Where leaves stand, for each height that the tree has had."""
        parts = [np.zeros((0, len(PLACES)), np.int64)]
        for height, rows in groupby(self.checkpoints, height_of):
            *_earlier, last = rows
            table = self.counted(last)
            places = places_in(permutation(self.key, height), table)
            parts.append(np.column_stack([np.full(len(table), height), table, places]))
        return table_of(PLACES, list(np.concatenate(parts).T))

    def counted(self, checkpoint: Checkpoint | None) -> Integers:
        """Kind and number of the accounts that there were at a checkpoint."""
        if checkpoint is None:
            return all_accounts(0, 0)
        days = Day.objects.using(self.alias).filter(programme_id=self.programme.pk)
        day = days.get(day=checkpoint.day)
        return all_accounts(day.members, day.merchants)

    def checkpoint_columns(self) -> list[list[object]]:
        """The checkpoints column by column, each with the lines of its witnesses."""
        rows = Cosignature.objects.using(self.alias).filter(programme_id=self.programme.pk)
        lines = rows.order_by("day", "witness").values_list("day", "line")
        witnessed = {
            day: "".join(line for _day, line in each)
            for day, each in groupby(lines, lambda row: row[0])
        }
        return [
            [one.day for one in self.checkpoints],
            [one.size for one in self.checkpoints],
            [bytes(one.liabilities) for one in self.checkpoints],
            [str(one.note) + witnessed.get(one.day, "") for one in self.checkpoints],
        ]

    def key_lines(self) -> Iterator[str]:
        """The keys that have signed, and those of the witnesses, a line each."""
        keys = LogKey.objects.using(self.alias).filter(programme_id=self.programme.pk)
        for key in keys.order_by("number"):
            yield f"{verifier_of(key).to_text()}\n"
        witnesses = Witness.objects.using(self.alias).filter(programme_id=self.programme.pk)
        for one in witnesses.order_by("name"):
            yield f"{Verifier(one.name, Purpose.COSIGNATURE, bytes(one.public)).to_text()}\n"


def height_of(checkpoint: Checkpoint) -> int:
    """How high the tree of accounts was."""
    return liabilities_from_bytes(bytes(checkpoint.liabilities)).height


def event_table(run: Run, salts: Octets) -> pa.Table:
    """A run of events, with the salts of their leaves."""
    events = run.events
    blobs: list[bytes | None] = [None] * len(events.kinds)
    for place, blob in events.blobs:
        blobs[place] = blob
    ints = events.ints[:, :INTS].T
    commitments = fixed(events.commitments)
    columns = [
        events.kinds,
        events.days,
        events.ats,
        *(pa.array(column, mask=column == ABSENT) for column in ints),
        pc.if_else(pa.array(events.committed), commitments, None),
        blobs,
        fixed(salts),
    ]
    return table_of(JOURNAL, columns)


def journal_writer(path: Path, some: pa.Table) -> pq.ParquetWriter:
    """Writes the table of events, each column in the way in which some of them take least."""
    words = [name for name in WORDS if USES_OF_A_WORD * len(some[name].unique()) <= len(some)]
    compressed = [name for name in JOURNAL.names if name not in RANDOM]
    return pq.ParquetWriter(
        path,
        JOURNAL,
        compression=dict.fromkeys(RANDOM, "none") | dict.fromkeys(compressed, "zstd"),
        compression_level=dict.fromkeys(compressed, LEVEL) | LEVELS,
        use_dictionary=words,
        column_encoding=dict.fromkeys(DELTAS, "DELTA_BINARY_PACKED"),
        write_statistics=False,
    )


def fixed(rows: Octets) -> pa.Array:
    """Rows of bytes, all of one length."""
    kind = pa.binary(rows.shape[1])
    return pa.FixedSizeBinaryArray.from_buffers(
        kind, len(rows), [None, pa.py_buffer(rows.tobytes())]
    )


def table_of(schema: pa.Schema, columns: Sequence[object]) -> pa.Table:
    """A table of one of an export's files; no columns at all are a table without rows."""
    if not columns:
        return schema.empty_table()
    arrays = [
        column if isinstance(column, pa.Array) else pa.array(column, field.type)
        for column, field in zip(columns, schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def sha256_of(path: Path) -> str:
    """The hash of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
