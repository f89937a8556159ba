"""``shareback serve`` and ``shareback demo``: the site on this machine."""

import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from django.conf import settings

from shareback.cli.console import Fault, err, folder_for, progress_bars, show_json
from shareback.cli.database import use_database
from shareback.cli.programmes import read_programme
from shareback.cli.replay import DATABASE_HELP, replayed, show_summary

if TYPE_CHECKING:
    from shareback.engine.demo_data import DemoReport

HOST, PORT = "127.0.0.1", 8000
WORKERS_MAX = 64
WORKERS_HELP = "Server processes; one writes fastest, more read faster."
DEMO_NAME = "Complete Journey"


def serve(
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    port: int = typer.Option(PORT, "--port", min=1, max=65_535, help="Port on 127.0.0.1."),
    workers: int = typer.Option(1, "--workers", min=1, max=WORKERS_MAX, help=WORKERS_HELP),
    *,
    as_json: bool = typer.Option(False, "--json", help="The address as a JSON object."),
) -> None:
    """Serve the public page and the statements on 127.0.0.1."""
    use_database(database)
    refuse_busy_port(port)
    if as_json:
        show_json({"url": f"http://{HOST}:{port}/"})
    run_server(port, workers)


def refuse_busy_port(port: int) -> None:
    """Refuse a port on which the server could not listen.

    Raises:
        Fault: Another program listens there, or it is not for us.
    """
    with socket.socket() as probe:
        # As the server does: connections of one that has just ended do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen()
        except OSError as fault:
            told = f"--port {port}: cannot listen on {HOST}:{port}: {fault.strerror}"
            raise Fault(f"{told}; name another port") from None


def run_server(port: int, workers: int = 1) -> None:
    """Become the server, until it is stopped.

    Args:
        port: Where it listens.
        workers: How many processes answer. A programme is written to fastest by one: several
            take turns at its head, and read again what the others wrote.
    """
    # What one process signs, the others must know for theirs.
    os.environ["SHAREBACK_SECRET_KEY"] = settings.SECRET_KEY
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
        str(workers),
        "--blocking-threads",
        "64",
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
    if not no_serve:
        refuse_busy_port(port)
    folder = folder.resolve()
    orders, database = folder / "orders.csv", folder / "demo.sqlite3"
    with folder_for("--folder", folder, (orders.name, database.name)):
        report = write_demo(orders)
    # Only now is the programme of an earlier run in the way.
    for old in (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))):
        old.unlink(missing_ok=True)
    use_database(database.as_uri().replace("file:", "sqlite:", 1), create=True)
    programme = read_programme(None).model_copy(update={"name": DEMO_NAME})
    with progress_bars() as bars:
        done = replayed(orders, programme, {}, None, "--folder", folder / "out", bars)
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
        refuse_busy_port(port)
        run_server(port)


def write_demo(orders: Path) -> "DemoReport":
    """Write the demo's orders file.

    Raises:
        Fault: Its data set is not installed; an older file stays.
    """
    # It loads Arrow, which no other command of this module needs.
    from shareback.engine.demo_data import DemoDataMissing, write_demo_orders  # noqa: PLC0415

    with progress_bars() as bars:
        try:
            return write_demo_orders(orders, lambda done, of: bars("baskets", done, of))
        except DemoDataMissing as fault:
            raise Fault(str(fault)) from None
