"""The main job: other people's orders in, exact shares out, and the files that show them."""

import json
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import DEFAULT_DB_ALIAS

from shareback.engine.engine import Engine, ProgrammeUnknown
from shareback.engine.exporting import write_books
from shareback.engine.importing import (
    Importer,
    ImportRefused,
    countable_uyuan,
    refuse_what_cannot_be_counted,
)
from shareback.engine.opening import ProgrammeExists, open_programme, seed_of
from shareback.engine.orders_file import StagedOrders, stage
from shareback.engine.proving.checkpoints import draw_up
from shareback.engine.reporting import (
    Sums,
    all_members,
    summary,
    write_days,
    write_members,
)
from shareback.engine.salts import RandomSalts, SaltSource, SeededSalts
from shareback.rules.layout import HEAD_WIDTH
from shareback.rules.programme import Programme

RESULTS = (
    "summary.json",
    "days.csv",
    "members.csv",
    "price.png",
    "members.png",
    "books.beancount",
)
"""The files that a replay writes into its folder."""

Progress = Callable[[str, int, int], None]
"""Told the name of a stage, how much of it is done, and of how much."""


class Replayed(NamedTuple):
    """What a replay came to.

    Attributes:
        summary: The keys of ``summary.json``.
        resumed_at: How many actions an earlier run had applied; 0 for a fresh run.
        skipped: Rows left out as bad.
        ignored_columns: Columns of the file that hold no field.
        out: The folder of the files.
    """

    summary: dict[str, Any]
    resumed_at: int
    skipped: int
    ignored_columns: tuple[str, ...]
    out: Path


def replay(
    orders: Path,
    *,
    programme: Programme,
    mapping: Mapping[str, str],
    skip_bad: Path | None,
    out: Path,
    progress: Progress,
    alias: str = DEFAULT_DB_ALIAS,
    make_ready: Callable[[], None] = lambda: None,
) -> Replayed:
    """Import orders through the production engine, closing each day, and write what came of it.

    Nothing is written before the whole file is found right, alone and beside what the programme
    holds already. A run that was cut off goes on where it was when it is started again with the
    same file.

    Args:
        orders: A CSV or Parquet file.
        programme: The parameters; a test issuer's salts follow from file and parameters, so that
            the same replay gives the same log.
        mapping: Field to the file's name for its column.
        skip_bad: Where to write bad rows to, or None to refuse the file.
        out: The folder for the files of `RESULTS`.
        progress: Told how far each stage is.
        alias: Which of Django's databases takes it.
        make_ready: Called when the file is found right, before the database is looked at: it
            makes the tables, where they are missing.

    Raises:
        OrdersUnreadable: The file cannot be taken.
        ImportRefused: The programme cannot take it.
        sqlite3.OperationalError: The temporary folder cannot take it.
    """
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="shareback-") as folder:
        staged = stage(
            orders,
            mapping=mapping,
            zone=ZoneInfo(programme.timezone),
            folder=Path(folder),
            skip_bad=skip_bad,
            progress=lambda done, total: progress("reading", done, total),
        )
        with staged:
            most = countable_uyuan([0] * HEAD_WIDTH, programme.quota_multiple)
            refuse_what_cannot_be_counted(staged, most)
            make_ready()
            engine = engine_for(programme, staged, alias)
            importer = Importer(engine, staged)
            record = importer.begin()
            staged.keep_leftovers()
            imported = importer.run(record, lambda done, total: progress("replaying", done, total))
    draw_up(engine.id, alias, lambda done, total: progress("proving", done, total))
    figures = write_files(engine, out, progress)
    result = summary(engine, *figures, time.monotonic() - started)
    write_text(out / "summary.json", json.dumps(result, indent=2) + "\n")
    return Replayed(result, imported.resumed_at, staged.skipped, staged.ignored_columns, out)


def engine_for(programme: Programme, staged: StagedOrders, alias: str) -> Engine:
    """The programme's engine; a programme that is not there yet is opened on the first day."""
    salts: SaltSource = RandomSalts()
    if programme.issuer.test:
        salts = SeededSalts(seed_of(staged.digest, programme))
    try:
        engine = Engine(programme.name, alias, salts)
    except ProgrammeUnknown:
        # Another run may have opened it in between.
        with suppress(ProgrammeExists):
            open_programme(programme, staged.first_at, alias, salts)
        engine = Engine(programme.name, alias, salts)
    if engine.programme != programme:
        raise ImportRefused(
            f"the database holds a programme {programme.name!r} with other parameters: name"
            " another database with --database"
        )
    return engine


def write_files(engine: Engine, out: Path, progress: Progress) -> tuple[Sums, int]:
    """Write tables, pictures and books; returns what members come to, and the days closed."""
    # Matplotlib takes a second to load, and only here is it needed.
    from shareback.engine.plots import plot_members, plot_price  # noqa: PLC0415

    out.mkdir(parents=True, exist_ok=True)
    progress("writing", 0, 4)
    sums = write_members(engine, out / "members.csv")
    days = write_days(engine, out / "days.csv")
    progress("writing", 1, 4)
    plot_price(days, out / "price.png")
    plot_members(list(all_members(engine, engine.alias)), out / "members.png")
    progress("writing", 2, 4)
    write_books(engine.programme.name, "beancount", out, engine.alias, lambda _done, _total: None)
    progress("writing", 4, 4)
    return sums, len(days)


def write_text(path: Path, text: str) -> None:
    """Write a file whole, or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
