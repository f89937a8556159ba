"""``shareback serve`` and ``shareback demo``: the site on this machine."""

import os
import sys
from pathlib import Path

import typer

from shareback.cli.console import Fault, err, make_folder, progress_bars, show_json
from shareback.cli.database import make_tables, use_database
from shareback.cli.programmes import read_programme
from shareback.cli.replay import DATABASE_HELP, show_summary

HOST, PORT = "127.0.0.1", 8000
DEMO_NAME = "Complete Journey"


def serve(
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    port: int = typer.Option(PORT, "--port", min=1, max=65_535, help="Port on 127.0.0.1."),
    *,
    as_json: bool = typer.Option(False, "--json", help="The address as a JSON object."),
) -> None:
    """Serve the public page and the statements on 127.0.0.1."""
    use_database(database)
    if as_json:
        show_json({"url": f"http://{HOST}:{port}/"})
    run_server(port)


def run_server(port: int) -> None:
    """Become the server, until it is stopped."""
    err.print(f"serving http://{HOST}:{port}/ — stop with Ctrl-C")
    program = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        HOST,
        "--port",
        str(port),
        "--workers",
        "2",
        "--no-access-log",
        "shareback.web.wsgi:application",
    ]
    # The server takes this process over, so that whoever stops it stops all of it.
    os.execv(sys.executable, program)  # noqa: S606 - our own program, without a shell


def demo(
    folder: Path = typer.Option(Path("var/demo"), "--folder", help="Where it is kept."),
    port: int = typer.Option(PORT, "--port", min=1, max=65_535, help="Port on 127.0.0.1."),
    *,
    no_serve: bool = typer.Option(False, "--no-serve", help="Replay only."),
    as_json: bool = typer.Option(False, "--json", help="The summary as JSON on stdout."),
) -> None:
    """Replay a year of shopping into a fresh programme, then serve it."""
    folder = folder.resolve()
    make_folder("--folder", folder)
    path = folder / "demo.sqlite3"
    for old in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        old.unlink(missing_ok=True)
    use_database(path.as_uri().replace("file:", "sqlite:", 1), create=True)
    make_tables()
    from shareback.engine.demo_data import DemoDataMissing, write_demo_orders  # noqa: PLC0415
    from shareback.engine.replay import replay as run  # noqa: PLC0415

    programme = read_programme(None).model_copy(update={"name": DEMO_NAME})
    orders = folder / "orders.csv"
    with progress_bars() as bars:
        try:
            report = write_demo_orders(orders, lambda done, of: bars("baskets", done, of))
        except DemoDataMissing as fault:
            raise Fault(str(fault)) from None
        done = run(
            orders,
            programme=programme,
            mapping={},
            skip_bad=None,
            out=folder / "out",
            progress=bars,
        )
    err.print(
        f"{report.orders:,} baskets of {report.households:,} households in {report.stores} stores;"
        f" {report.empty_baskets} that came to nothing are left out;"
        f" {report.invited} invitations are invented"
    )
    if as_json:
        show_json(done.summary)
    else:
        show_summary(done.summary, folder / "out")
    if not no_serve:
        run_server(port)
