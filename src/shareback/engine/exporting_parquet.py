"""Books as Parquet: postings, and journal, days and members without names."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shareback.audit.replaying import Chunk, Replay
from shareback.books.accounts import PLACES as PLACES_OF_UNIT
from shareback.books.accounts import commodity
from shareback.engine.exporting_rows import PLACES, Cell, Is, lines_of
from shareback.engine.pseudonyms import Of, pseudonyms_or_none
from shareback.kernels.arrays import Integers
from shareback.rules.kinds import FIELDS, Kind
from shareback.rules.layout import ABSENT

FIRST_DATE = 719_163
"""1970-01-01, from which Parquet counts days."""

ROWS_AT_ONCE = 32_768
DIGITS = 19
"""Any 64-bit integer has at most so many."""

NAMES = pa.dictionary(pa.int8(), pa.string())
ENTRIES = pa.schema(
    [
        ("sequence", pa.int64()),
        ("day", pa.date32()),
        ("at", pa.timestamp("us", "UTC")),
        ("kind", NAMES),
        ("account", NAMES),
        # The amount is units / 10 ** decimals of the commodity.
        ("units", pa.int64()),
        ("decimals", pa.int8()),
        ("commodity", NAMES),
    ]
)

TOLD: dict[str, Of | Is] = {
    "member": Of.MEMBER,
    "merchant": Of.MERCHANT,
    "payer_member": Of.MEMBER,
    "payer_merchant": Of.MERCHANT,
    "funder_merchant": Of.MERCHANT,
    "order": Of.ORDER,
    "payment": Of.PAYMENT,
    "paid": Is.MONEY,
    "profit": Is.MONEY,
    "money": Is.MONEY,
    "value": Is.MONEY,
    "points": Is.POINTS,
    "coins": Is.COINS,
    "backing_ppm": Is.COUNT,
    "received": Is.COUNT,
    "approvals": Is.COUNT,
    "from_day": Is.DAY,
    "end_day": Is.DAY,
}
"""The fields of events that the journal tells, and what stands in each.

What is left out ties people together: who invited whom, and who belongs to one party.
"""

SILENT = frozenset(
    {
        Kind.JOIN_MEMBER,
        Kind.JOIN_MERCHANT,
        Kind.SET_REFERRER,
        Kind.LINK_PARTY,
        Kind.SETTLE_ACCOUNTS,
    }
)
"""Kinds of which the journal tells the day alone.

Numbers are given in the order of joining: who is named there could be counted off.
"""


def type_of(what: Of | Is) -> pa.DataType:
    """The type of a column."""
    if isinstance(what, Of) or what in {Is.TEXT, Is.MONTH}:
        return pa.string()
    if what in PLACES:
        return pa.decimal128(DIGITS, PLACES[what])
    return pa.date32() if what is Is.DAY else pa.int64()


JOURNAL = pa.schema(
    [
        ("day", pa.date32()),
        ("kind", pa.string()),
        *((name, type_of(what)) for name, what in TOLD.items()),
    ]
)


class EntriesFile:
    """`entries.parquet`: a row for each posting, amounts in whole units."""

    def __init__(self, writer: pq.ParquetWriter) -> None:
        """Write to a file of `ENTRIES`."""
        self.writer = writer

    def add(self, chunk: Chunk, currency: str) -> None:
        """Write the postings of a chunk."""
        lines = list(lines_of(chunk))
        accounts = [line.posting.account for line in lines]
        columns: dict[str, Iterable[object]] = {
            "sequence": [line.sequence for line in lines],
            "day": [line.day - FIRST_DATE for line in lines],
            "at": [line.at for line in lines],
            "kind": [line.kind.name for line in lines],
            "account": [account.name for account in accounts],
            "units": [line.posting.units for line in lines],
            "decimals": [PLACES_OF_UNIT[account.unit] for account in accounts],
            "commodity": [commodity(account.unit, currency) for account in accounts],
        }
        arrays = [pa.array(columns[field.name], field.type) for field in ENTRIES]
        if lines:
            self.writer.write_table(pa.Table.from_arrays(arrays, schema=ENTRIES))


class JournalFile:
    """`journal.parquet`: a row for each event, under pseudonyms.

    Rows stand by day, and within a day by what they say: neither the order of events nor a
    moment tells who joined before whom.
    """

    def __init__(self, writer: pq.ParquetWriter, key: bytes) -> None:
        """Write to a file of `JOURNAL`; the key is the programme's."""
        self.key = key
        self.writer = writer
        self.waiting = JOURNAL.empty_table()

    def add(self, chunk: Chunk) -> None:
        """Take the events of a chunk; those of its last day wait for the rest of that day."""
        rows = pa.concat_tables([self.waiting, self.table(chunk)])
        last = int(chunk.days[-1]) - FIRST_DATE
        over = pc.less(rows["day"], pa.scalar(last, pa.int32()).cast(pa.date32()))
        self.write(rows.filter(over))
        self.waiting = rows.filter(pc.invert(over))

    def end(self) -> None:
        """Write what has waited."""
        self.write(self.waiting)

    def write(self, rows: pa.Table) -> None:
        """Write rows in an order that tells nothing."""
        if rows.num_rows:
            self.writer.write_table(rows.sort_by([(name, "ascending") for name in JOURNAL.names]))

    def table(self, chunk: Chunk) -> pa.Table:
        """The events of a chunk as rows."""
        fields = told_fields(chunk)
        columns = [
            pa.array(chunk.days - FIRST_DATE, pa.int32()).cast(pa.date32()),
            pa.array([Kind(kind).name for kind in chunk.kinds.tolist()], pa.string()),
            *(self.column(fields[:, place], what) for place, what in enumerate(TOLD.values())),
        ]
        return pa.Table.from_arrays(columns, schema=JOURNAL)

    def column(self, values: Integers, what: Of | Is) -> pa.Array:
        """A field of all events, as what it says; nothing where there is none."""
        if isinstance(what, Of):
            return pa.array(pseudonyms_or_none(self.key, what, values), pa.string())
        present = pa.array(values, mask=values == ABSENT)
        if what in PLACES:
            return in_decimals(present, PLACES[what])
        if what is Is.DAY:
            return pc.subtract(present, FIRST_DATE).cast(pa.int32()).cast(pa.date32())
        return present


def told_fields(chunk: Chunk) -> Integers:
    """The fields that the journal tells, an event a row; `ABSENT` where it has none."""
    place_of = {name: place for place, name in enumerate(TOLD)}
    fields = np.full((len(chunk.kinds), len(TOLD)), ABSENT, np.int64)
    for number in np.unique(chunk.kinds).tolist():
        kind = Kind(number)
        if kind in SILENT:
            continue
        rows = np.flatnonzero(chunk.kinds == kind)
        for column, name in enumerate(FIELDS[kind]):
            if name in place_of:
                fields[rows, place_of[name]] = chunk.events.ints[rows, column]
    return fields


def in_decimals(units: pa.Array, places: int) -> pa.Array:
    """Whole units as exact decimals: the same digits, with a point among them."""
    whole = units.cast(pa.decimal128(DIGITS, 0))
    return pa.Array.from_buffers(pa.decimal128(DIGITS, places), len(whole), whole.buffers())


def parquet_books(
    entries: Path, journal: Path, key: bytes, replay: Replay, chunks: Iterable[Chunk]
) -> None:
    """Write postings and journal of a log that is being replayed.

    Args:
        entries: The file of postings.
        journal: The file of the journal.
        key: The programme's.
        replay: The replay.
        chunks: Its chunks.
    """
    with (
        pq.ParquetWriter(entries, ENTRIES, compression="zstd") as first,
        pq.ParquetWriter(journal, JOURNAL, compression="zstd") as second,
    ):
        postings, events = EntriesFile(first), JournalFile(second, key)
        for chunk in chunks:
            postings.add(chunk, replay.versions[0].currency)
            events.add(chunk)
        events.end()


def write_rows(path: Path, columns: dict[str, Is], rows: Iterator[Sequence[Cell]]) -> None:
    """Write a table of days or people."""
    schema = pa.schema([(name, type_of(what)) for name, what in columns.items()])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            arrays = [
                pa.array([written(row[place], what) for row in batch], type_of(what))
                for place, what in enumerate(columns.values())
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def written(cell: Cell, what: Is) -> Cell:
    """A cell as Parquet takes it, which knows no months."""
    return str(cell)[: len("2026-01")] if what is Is.MONTH else cell
