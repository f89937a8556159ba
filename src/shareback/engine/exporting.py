"""Write a programme's books to files, from a replay of its log."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import DEFAULT_DB_ALIAS

from shareback.audit.balancing import check_balance
from shareback.audit.replaying import Chunk, Progress, Replay
from shareback.books.accounts import PLACES, amount, commodity
from shareback.books.beancount import BookDay, Title, Turnover, ledger
from shareback.books.entries import Posting, entries
from shareback.engine.calendar import EPOCH, MICROSECOND, day_text
from shareback.engine.reading import logged_bodies
from shareback.engine.snapshot import snapshot
from shareback.engine.verifying import find_programme, quiet
from shareback.journal.models import Programme as Journaled
from shareback.kernels.arrays import Integers, zeros
from shareback.proofs.merkle import frontier_from_bytes, root
from shareback.rules.kinds import Kind
from shareback.rules.layout import ACCOUNTS
from shareback.rules.programme import Programme

Format: TypeAlias = Literal["beancount", "csv", "parquet"]

FILES: dict[Format, str] = {
    "beancount": "books.beancount",
    "csv": "entries.csv",
    "parquet": "entries.parquet",
}
"""What each format is written to, inside the folder that is named."""

FIRST_DATE = date(1970, 1, 1).toordinal()
CSV_COLUMNS = ("sequence", "day", "at", "kind", "account", "amount", "commodity")
NAMES = pa.dictionary(pa.int8(), pa.string())
PARQUET_COLUMNS = pa.schema(
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


class Line(NamedTuple):
    """A posting of an event: a line of `entries.csv` or `entries.parquet`."""

    sequence: int
    day: int
    at: int
    kind: Kind
    posting: Posting


def write_books(
    programme_name: str,
    format: Format,  # noqa: A002 - the word of the command line
    out: Path,
    alias: str = DEFAULT_DB_ALIAS,
    progress: Progress = quiet,
) -> Path:
    """Write a programme's books, as they are now, into a folder.

    Args:
        programme_name: The programme's name.
        format: ``beancount``: a ledger that `bean-check` accepts; ``csv`` and ``parquet``: a
            line for each posting of each event.
        out: The folder, made where it is missing. A file there is replaced once the new one is
            whole.
        alias: Which of Django's databases holds the programme.
        progress: Told now and then how many events are done, and of how many.

    Returns:
        The file.

    Raises:
        ProgrammeUnknown: There is none of this name.
        ReplayFailed: The log cannot be replayed.
        Unbalanced: A bug: an event does not balance.
        OSError: The file cannot be written.

    Source:
        R10.
    """
    path = out / FILES[format]
    with snapshot(alias):
        programme = find_programme(programme_name, alias)
        out.mkdir(parents=True, exist_ok=True)
        replay = Replay(programme.orders)
        chunks = replayed(replay, programme, alias, progress)
        with whole_file(path) as unfinished:
            if format == "beancount":
                write_ledger(unfinished, replay, programme, chunks)
            elif format == "csv":
                write_csv(unfinished, replay, chunks)
            else:
                write_parquet(unfinished, replay, chunks)
    return path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A place to write to, which takes the file's name only when nothing has gone wrong."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def replayed(
    replay: Replay, programme: Journaled, alias: str, progress: Progress
) -> Iterator[Chunk]:
    """The chunks of a replay, each of its events balanced."""
    total = programme.sequence
    for chunk in replay.chunks(logged_bodies(programme.pk, total, alias)):
        check_balance(chunk)
        yield chunk
        progress(chunk.first + len(chunk.kinds), total)


def write_ledger(path: Path, replay: Replay, programme: Journaled, chunks: Iterator[Chunk]) -> None:
    """Write a Beancount ledger; the first chunk, which opens the programme, moves nothing."""
    first = next(chunks)
    terms = replay.versions[0]
    title = Title(
        programme=terms.name,
        issuer=terms.issuer.name,
        currency=terms.currency,
        opened=int(first.days[0]),
        events=programme.sequence,
        root=root(frontier_from_bytes(bytes(programme.frontier))).hex(),
    )
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in ledger(title, book_days(chunks), day_text):
            file.write(f"{line}\n")


def book_days(chunks: Iterable[Chunk]) -> Iterator[BookDay]:
    """What happened by day; the open day comes last, if anything has happened on it."""
    gathered = Gathered()
    for chunk in chunks:
        start = 0
        for close in chunk.closes:
            gathered.add(chunk, start, close.place + 1)
            yield gathered.day()
            start = close.place + 1
        gathered.add(chunk, start, len(chunk.kinds))
    if gathered.turnovers:
        yield gathered.day()


class Gathered:
    """The events of a day so far, by kind."""

    def __init__(self) -> None:
        """Nothing has happened."""
        self.number = 0
        self.turnovers: dict[int, tuple[int, Integers]] = {}
        self.accounts = zeros(ACCOUNTS)

    def add(self, chunk: Chunk, start: int, end: int) -> None:
        """Add some events of a chunk, all of one day."""
        if start == end:
            return
        self.number = int(chunk.days[start])
        self.accounts = chunk.after[end - 1]
        change = chunk.after[start:end] - chunk.before[start:end]
        kinds = chunk.kinds[start:end]
        for kind in np.unique(kinds).tolist():
            chosen = kinds == kind
            count, total = self.turnovers.get(kind, (0, zeros(ACCOUNTS)))
            change_of_kind = change[chosen].sum(axis=0)
            self.turnovers[kind] = (count + int(chosen.sum()), total + change_of_kind)

    def day(self) -> BookDay:
        """The day, and a fresh start."""
        turnovers = [
            Turnover(Kind(kind), count, tuple(total.tolist()))
            for kind, (count, total) in self.turnovers.items()
        ]
        self.turnovers = {}
        return BookDay(self.number, turnovers, self.accounts.tolist())


def lines_of(chunk: Chunk) -> Iterator[Line]:
    """The postings of a chunk's events, in their order."""
    moved = np.flatnonzero((chunk.after != chunk.before).any(axis=1))
    days, ats = chunk.days.tolist(), chunk.ats.tolist()
    before, after = chunk.before[moved].tolist(), chunk.after[moved].tolist()
    for row, place in enumerate(moved.tolist()):
        kind = Kind(chunk.kinds[place])
        for posting in entries(kind, before[row], after[row]):
            yield Line(chunk.first + place, days[place], ats[place], kind, posting)


def write_csv(path: Path, replay: Replay, chunks: Iterator[Chunk]) -> None:
    """Write a line for each posting, amounts in full."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(CSV_COLUMNS)
        for chunk in chunks:
            writer.writerows(csv_row(line, replay.versions[0]) for line in lines_of(chunk))


def csv_row(line: Line, programme: Programme) -> tuple[str, ...]:
    """A posting as texts."""
    account, units = line.posting
    at = (EPOCH + line.at * MICROSECOND).isoformat(timespec="microseconds")
    return (
        str(line.sequence),
        day_text(line.day),
        at,
        line.kind.name,
        account.name,
        amount(units, account.unit),
        commodity(account.unit, programme.currency),
    )


def write_parquet(path: Path, replay: Replay, chunks: Iterator[Chunk]) -> None:
    """Write a row for each posting, amounts in whole units."""
    with pq.ParquetWriter(path, PARQUET_COLUMNS, compression="zstd") as writer:
        for chunk in chunks:
            lines = list(lines_of(chunk))
            accounts = [line.posting.account for line in lines]
            currency = replay.versions[0].currency
            columns: dict[str, Iterable[object]] = {
                "sequence": [line.sequence for line in lines],
                "day": [line.day - FIRST_DATE for line in lines],
                "at": [line.at for line in lines],
                "kind": [line.kind.name for line in lines],
                "account": [account.name for account in accounts],
                "units": [line.posting.units for line in lines],
                "decimals": [PLACES[account.unit] for account in accounts],
                "commodity": [commodity(account.unit, currency) for account in accounts],
            }
            arrays = [pa.array(columns[field.name], field.type) for field in PARQUET_COLUMNS]
            if lines:
                writer.write_table(pa.Table.from_arrays(arrays, schema=PARQUET_COLUMNS))
