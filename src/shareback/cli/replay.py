"""``shareback replay``: real orders through the production engine."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

import typer

from shareback.cli.console import (
    Bars,
    Fault,
    err,
    folder_for,
    one_line,
    out,
    progress_bars,
    show_json,
)
from shareback.cli.database import make_tables, use_database
from shareback.cli.programmes import read_programme
from shareback.rules.programme import Programme

if TYPE_CHECKING:
    from shareback.engine.replay import Replayed

DATABASE_HELP = "sqlite:////absolute/path.db or postgresql://…; default: $SHAREBACK_DATABASE"


def read_mapping(pairs: list[str]) -> dict[str, str]:
    """``FIELD=COLUMN`` pairs as a mapping.

    Raises:
        Fault: A pair is not of this form, or names no field.
    """
    from shareback.engine.orders_file import FIELDS  # noqa: PLC0415

    mapping: dict[str, str] = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not equals or not column:
            raise Fault(f"--map {pair!r} is not of the form FIELD=COLUMN")
        if field not in FIELDS:
            raise Fault(f"--map {pair!r}: {field!r} is no field; fields: {', '.join(FIELDS)}")
        if field in mapping:
            raise Fault(f"--map {pair!r}: {field!r} is mapped twice")
        mapping[field] = column
    return mapping


def replay(
    orders: Path = typer.Argument(..., metavar="ORDERS", help="A CSV or Parquet file."),
    mapping: list[str] = typer.Option([], "--map", metavar="FIELD=COLUMN", help="May repeat."),
    programme: Path | None = typer.Option(None, "--programme", help="Parameters in TOML."),
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    out_folder: Path = typer.Option(Path("out"), "--out", help="Folder for the results."),
    skip_bad: Path | None = typer.Option(None, "--skip-bad", help="Write bad rows there."),
    *,
    as_json: bool = typer.Option(False, "--json", help="The summary as JSON on stdout."),
) -> None:
    """Import orders, close each day, and write what came of it."""
    parameters = read_programme(programme)
    fields = read_mapping(mapping)
    if not orders.is_file():
        raise Fault(f"{orders} is no file")
    use_database(database, create=True)
    with progress_bars() as bars:
        done = replayed(orders, parameters, fields, skip_bad, "--out", out_folder, bars)
    if done.resumed_at:
        err.print(f"went on after {done.resumed_at:,} actions of an earlier run")
    if done.ignored_columns:
        err.print(f"ignored columns: {one_line(', '.join(done.ignored_columns))}")
    if done.skipped:
        err.print(f"left out {done.skipped:,} bad rows; they are in {skip_bad}")
    if as_json:
        show_json(done.summary)
    else:
        show_summary(done.summary, out_folder)


def replayed(
    orders: Path,
    programme: Programme,
    mapping: dict[str, str],
    skip_bad: Path | None,
    option: str,
    folder: Path,
    bars: Bars,
    make_ready: Callable[[], None] = make_tables,
) -> "Replayed":
    """Replay a file into the database that is in use.

    Args:
        orders: The file.
        programme: The parameters.
        mapping: Field to the file's name for its column.
        skip_bad: Where bad rows go, or None.
        option: Who names the folder.
        folder: The folder for the results.
        bars: Show how far it is.
        make_ready: Makes the tables, where they are missing.

    Raises:
        Fault: The file, the folder, the programme or the temporary folder does not do.
    """
    from shareback.engine.importing import ImportRefused  # noqa: PLC0415
    from shareback.engine.orders_file import OrdersUnreadable  # noqa: PLC0415
    from shareback.engine.replay import RESULTS  # noqa: PLC0415
    from shareback.engine.replay import replay as run  # noqa: PLC0415

    try:
        with folder_for(option, folder, RESULTS):
            return run(
                orders,
                programme=programme,
                mapping=mapping,
                skip_bad=skip_bad,
                out=folder,
                progress=bars,
                make_ready=make_ready,
            )
    except OrdersUnreadable as fault:
        raise Fault(str(fault)) from None
    except ImportRefused as fault:
        raise Fault(f"{orders}: {fault}") from None
    except sqlite3.Error as fault:
        # The programme's own database speaks through Django; this is where orders are sorted.
        told = f"the temporary folder {gettempdir()} does not take the orders to be sorted"
        raise Fault(f"{told} ({fault}): make room there, or name another with TMPDIR") from None


def show_summary(summary: dict[str, object], folder: Path) -> None:
    """The figures of a replay for people."""
    from rich.table import Table  # noqa: PLC0415

    table = Table(show_header=False, box=None)
    table.add_column(style="dim")
    table.add_column(justify="right")
    for name, value in summary.items():
        shown = f"{value:,}" if isinstance(value, int) else str(value)
        table.add_row(name.replace("_", " "), shown)
    out.print(table)
    out.print(f"written to {folder}/")
