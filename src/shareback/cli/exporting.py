"""``shareback export``: all that a programme's claims rest on, for whoever checks them."""

from pathlib import Path

import typer

from shareback.cli.console import Fault, folder_for, out, progress_bars, show_json
from shareback.cli.database import use_database
from shareback.cli.journal import NAME_HELP
from shareback.cli.programmes import the_programme
from shareback.cli.replay import DATABASE_HELP


def export(
    folder: Path = typer.Option(..., "--out", help="Folder for the files."),
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    name: str | None = typer.Option(None, "--name", help=NAME_HELP),
    *,
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """Export log, daily figures and checkpoints, to be verified where there is no database."""
    use_database(database)
    from shareback.audit.export_form import HASHED, MANIFEST  # noqa: PLC0415 - takes a second
    from shareback.audit.reading import ReplayFailed  # noqa: PLC0415 - as above
    from shareback.engine.exporting_log import export_log  # noqa: PLC0415 - needs Django set up

    programme = the_programme(name)
    try:
        with folder_for("--out", folder, (MANIFEST, *HASHED)), progress_bars() as bars:
            written = export_log(
                programme, folder, progress=lambda done, of: bars("export", done, of)
            )
    except ReplayFailed as fault:
        raise Fault(f"{fault}; somebody has changed the log: put back a copy of it") from None
    if as_json:
        show_json({"written": str(folder), **written._asdict()})
    else:
        out.print(
            f"{written.events:,} events, {written.days:,} closed days and "
            f"{written.checkpoints:,} checkpoints written to {folder}"
        )
