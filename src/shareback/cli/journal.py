"""``shareback close``, ``books`` and ``bench``: what is done with a journal."""

import runpy
import sys
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import typer

from shareback.cli.book_words import HEADINGS
from shareback.cli.console import Fault, folder_for, out, progress_bars, show_json
from shareback.cli.database import use_database
from shareback.cli.programmes import the_programme
from shareback.cli.replay import DATABASE_HELP

NAME_HELP = "The programme, where the database holds several."
FORMATS = ("beancount", "csv", "parquet", "excel")


def close(
    until: str | None = typer.Option(None, "--until", metavar="DATE", help="Default: yesterday."),
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    name: str | None = typer.Option(None, "--name", help=NAME_HELP),
    *,
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """Close every day up to DATE that is not closed yet; for cron, any number of times."""
    use_database(database)
    from django.db import DatabaseError  # noqa: PLC0415

    from shareback.engine.engine import Engine  # noqa: PLC0415
    from shareback.engine.statements.marking import mark_long_statements  # noqa: PLC0415
    from shareback.gateways.publishing import Publisher  # noqa: PLC0415
    from shareback.rules.layout import Head  # noqa: PLC0415

    engine = Engine(the_programme(name))
    now = int(datetime.now(UTC).timestamp()) * 1_000_000
    today = engine.calendar.day_of(now)
    last = today - 1 if until is None else day_of(until)
    if last >= today:
        raise Fault(f"--until {until}: that day is not over yet in {engine.programme.timezone}")
    closed = engine.close(last)
    # The days are closed whether or not this can be done now; the next close does it too.
    with suppress(DatabaseError), progress_bars() as bars:
        Publisher().publish(engine.id, lambda done, total: bars("proving", done, total))
        mark_long_statements(engine.id)
    open_day = date.fromordinal(engine.head()[Head.DAY]).isoformat()
    if as_json:
        show_json({"closed": closed, "open_day": open_day})
    else:
        out.print(f"closed {closed} days; {open_day} is open")


def day_of(text: str) -> int:
    """A date's day number.

    Raises:
        Fault: It is no date.
    """
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        raise Fault(f"--until {text!r} is no date such as 2026-01-31") from None


def books(
    kind: str = typer.Option(..., "--format", help="beancount, csv, parquet or excel."),
    folder: Path = typer.Option(..., "--out", help="Folder for the books."),
    language: str = typer.Option("en", "--language", help="A workbook's headings: en or zh."),
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    name: str | None = typer.Option(None, "--name", help=NAME_HELP),
    *,
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """Export the books, derived anew from every event."""
    if kind not in FORMATS:
        raise Fault(f"--format {kind!r} is none of {', '.join(FORMATS)}")
    if language not in HEADINGS:
        raise Fault(f"--language {language!r} is none of {', '.join(HEADINGS)}")
    use_database(database)
    from shareback.audit.reading import ReplayFailed  # noqa: PLC0415
    from shareback.engine.exporting import BESIDE, FILES, write_books  # noqa: PLC0415

    programme = the_programme(name)
    try:
        names = (FILES[kind], *BESIDE[kind])  # type: ignore[index]
        with folder_for("--out", folder, names), progress_bars() as bars:
            path = write_books(
                programme,
                kind,  # type: ignore[arg-type]
                folder,
                progress=lambda done, of: bars("books", done, of),
                headings=HEADINGS[language],
            )
    except ReplayFailed as fault:
        raise Fault(f"{fault}; somebody has changed the log: put back a copy of it") from None
    written = [str(folder / each) for each in names]
    if as_json:
        show_json({"written": str(path), "files": written})
    else:
        out.print(f"written to {', '.join(written)}")


def bench(
    name: str = typer.Argument(..., metavar="NAME", help="engine"),
    *,
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """Compare the engine with the usual way, in the same run; from a checkout."""
    folder = Path(__file__).resolve().parents[3] / "bench"
    script = folder / f"{name}.py"
    if not name.isidentifier() or not script.is_file():
        known = sorted(path.stem for path in folder.glob("*.py") if has_main(path))
        raise Fault(f"no benchmark {name!r}; there is: {', '.join(known) or 'none here'}")
    sys.path.insert(0, str(folder.parent))
    sys.argv = [str(script), *(["--json"] if as_json else [])]
    runpy.run_path(str(script), run_name="__main__")


def has_main(path: Path) -> bool:
    """Whether a file of the benchmarks' folder is one to be run."""
    return "__main__" in path.read_text(encoding="utf-8")
