"""Write a programme's books to files, from a replay of its log."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from django.db import DEFAULT_DB_ALIAS

from shareback.audit.balancing import check_balance
from shareback.audit.reading import ReplayFailed
from shareback.audit.replaying import Chunk, Progress, Replay
from shareback.books.accounts import amount, commodity
from shareback.books.beancount import BookDay, Title, Turnover, ledger
from shareback.engine.calendar import EPOCH, MICROSECOND, day_text
from shareback.engine.exporting_excel import Sheet, workbook, write_entries
from shareback.engine.exporting_parquet import parquet_books, write_rows
from shareback.engine.exporting_people import Gathering, cut_at
from shareback.engine.exporting_rows import (
    DAYS,
    PEOPLE,
    Cell,
    Line,
    day_rows,
    lines_of,
    people_rows,
)
from shareback.engine.reading import logged_bodies
from shareback.engine.snapshot import snapshot
from shareback.engine.verifying import find_programme, quiet
from shareback.journal.models import Day
from shareback.journal.models import Programme as Journaled
from shareback.kernels.arrays import Integers, zeros
from shareback.proofs.merkle import frontier_from_bytes, root
from shareback.rules.kinds import Kind
from shareback.rules.layout import ACCOUNTS
from shareback.rules.programme import Programme

Format: TypeAlias = Literal["beancount", "csv", "parquet", "excel"]

FILES: dict[Format, str] = {
    "beancount": "books.beancount",
    "csv": "entries.csv",
    "parquet": "entries.parquet",
    "excel": "books.xlsx",
}
"""What each format is written to, inside the folder that is named."""

BESIDE: dict[Format, tuple[str, ...]] = {
    "beancount": (),
    "csv": (),
    "parquet": ("journal.parquet", "days.parquet", "members.parquet"),
    "excel": (),
}
"""What is written beside it: what names nobody."""

WITH_PEOPLE: frozenset[Format] = frozenset({"parquet", "excel"})
"""Formats that have a table of members and merchants."""

CSV_COLUMNS = ("sequence", "day", "at", "kind", "account", "amount", "commodity")
AS_THEY_ARE: Mapping[str, str] = MappingProxyType({})


PEOPLE_A_STEP = 10_000
"""So many members and merchants are written before it is told."""


class Book(NamedTuple):
    """A programme whose books are written.

    Attributes:
        programme: Its row.
        replay: Its log, as far as it has been replayed.
        gathering: What has been seen in it.
        chunks: The replay's chunks, each of its events balanced.
        alias: Which of Django's databases holds it.
        progress: Told how many events, and then members and merchants, are done.
        total: How many there are.
    """

    programme: Journaled
    replay: Replay
    gathering: Gathering
    chunks: Iterator[Chunk]
    alias: str
    progress: Progress
    total: int

    @property
    def currency(self) -> str:
        """The programme's, once the replay has begun."""
        return self.replay.versions[0].currency


def write_books(
    programme_name: str,
    format: Format,  # noqa: A002 - the word of the command line
    out: Path,
    alias: str = DEFAULT_DB_ALIAS,
    progress: Progress = quiet,
    headings: Mapping[str, str] = AS_THEY_ARE,
) -> Path:
    """Write a programme's books, as they are now, into a folder.

    Args:
        programme_name: The programme's name.
        format: ``beancount``: a ledger that `bean-check` accepts; ``csv``: a line for each posting
            of each event; ``parquet``: the same, and journal, days and members without names;
            ``excel``: postings, days and members as a workbook.
        out: The folder, made where it is missing. A file there is replaced once the new one is
            whole.
        alias: Which of Django's databases holds the programme.
        progress: Told now and then how many events are done, and of how many.
        headings: What a workbook's sheets and columns are called, where not by their names.

    Returns:
        The file that `FILES` names.

    Raises:
        ProgrammeUnknown: There is none of this name.
        ReplayFailed: The log cannot be replayed.
        Unbalanced: A bug: an event does not balance.
        OSError: The file cannot be written.

    Source:
        R10.
    """
    names = (FILES[format], *BESIDE[format])
    with snapshot(alias):
        programme = find_programme(programme_name, alias)
        out.mkdir(parents=True, exist_ok=True)
        book = opened(programme, alias, progress, people=format in WITH_PEOPLE)
        with ExitStack() as unfinished:
            # All of them are whole before the first gets its name.
            paths = [unfinished.enter_context(whole_file(out / name)) for name in names]
            match format:
                case "beancount":
                    write_ledger(paths[0], book)
                case "csv":
                    write_csv(paths[0], book)
                case "parquet":
                    write_parquet(paths, book)
                case "excel":
                    write_excel(paths[0], book, headings)
        if book.total > programme.sequence:
            # Who has joined since the last close is in the total, and in no table.
            progress(book.total, book.total)
    return out / FILES[format]


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A place to write to, which takes the file's name only when nothing has gone wrong."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def opened(programme: Journaled, alias: str, progress: Progress, *, people: bool) -> Book:
    """A programme's log, ready to be replayed.

    Args:
        programme: Its row.
        alias: Which of Django's databases holds it.
        progress: Told how much is done.
        people: Whether members and merchants are written too; a run of the log then ends with
            the last close.
    """
    last = Day.objects.using(alias).filter(programme_id=programme.pk).order_by("day").last()
    last_close = int(last.sequence) if people and last is not None else 0
    total = programme.sequence + (programme.members + programme.merchants if people else 0)
    replay = Replay(programme.orders)
    gathering = Gathering(replay, last_close)
    runs = cut_at(logged_bodies(programme.pk, programme.sequence, alias), last_close)
    chunks = gathering.over(replayed(replay, runs, total, progress))
    return Book(programme, replay, gathering, chunks, alias, progress, total)


def replayed(
    replay: Replay, runs: Iterable[Sequence[bytes]], total: int, progress: Progress
) -> Iterator[Chunk]:
    """The chunks of a replay, each of its events balanced."""
    for chunk in replay.chunks(runs):
        check_balance(chunk)
        yield chunk
        progress(chunk.first + len(chunk.kinds), total)


def write_ledger(path: Path, book: Book) -> None:
    """Write a Beancount ledger; the first chunk, which opens the programme, moves nothing."""
    first = next(book.chunks)
    terms = book.replay.versions[0]
    title = Title(
        programme=terms.name,
        issuer=terms.issuer.name,
        currency=terms.currency,
        opened=int(first.days[0]),
        events=book.programme.sequence,
        root=root(frontier_from_bytes(bytes(book.programme.frontier))).hex(),
    )
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in ledger(title, book_days(book.chunks), day_text):
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


def write_csv(path: Path, book: Book) -> None:
    """Write a line for each posting, amounts in full."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(CSV_COLUMNS)
        for chunk in book.chunks:
            terms = book.replay.versions[0]
            writer.writerows(csv_row(line, terms) for line in lines_of(chunk))


def csv_row(line: Line, programme: Programme) -> tuple[str, ...]:
    """A posting as texts, none of which looks like a formula."""
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


def write_parquet(paths: Sequence[Path], book: Book) -> None:
    """Write postings, journal, days and members."""
    entries, journal, days, members = paths
    parquet_books(entries, journal, bytes(book.programme.key), book.replay, book.chunks)
    write_rows(days, DAYS, days_of(book))
    write_rows(members, PEOPLE, people_of(book))


def write_excel(path: Path, book: Book, headings: Mapping[str, str]) -> None:
    """Write a workbook: postings, days and members."""
    with workbook(path, headings) as file:
        postings = Sheet(file, "entries", CSV_COLUMNS)
        for chunk in book.chunks:
            write_entries(postings, chunk, book.currency)
        for name, columns, rows in (
            ("days", DAYS, days_of(book)),
            ("members", PEOPLE, people_of(book)),
        ):
            sheet = Sheet(file, name, tuple(columns))
            for row in rows:
                sheet.add(row)


def days_of(book: Book) -> Iterator[list[Cell]]:
    """The closed days of a programme whose log has been replayed."""
    days = Day.objects.using(book.alias).filter(programme_id=book.programme.pk)
    roots = {day: bytes(root) for day, root in days.values_list("day", "root").iterator()}
    return day_rows(book.gathering.closed, roots)


def people_of(book: Book) -> Iterator[list[Cell]]:
    """Everybody at the last close of a programme whose log has been replayed.

    Raises:
        ReplayFailed: The days name a last close where the log has none.
    """
    gathering, events = book.gathering, book.programme.sequence
    if gathering.standing is None:
        if gathering.closed:
            reason = "closes no day, though the days say that it is the last close"
            raise ReplayFailed(max(0, gathering.last_close - 1), reason)
        return
    key = bytes(book.programme.key)
    rows = people_rows(gathering.standing, key, book.replay.versions[0])
    for done, row in enumerate(rows, 1):
        yield row
        if done % PEOPLE_A_STEP == 0:
            book.progress(events + done, book.total)
