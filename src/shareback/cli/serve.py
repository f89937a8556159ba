"""``shareback serve``: the site on this machine."""

import os
import socket
import sys

import typer
from django.conf import settings
from django.db import connection

from shareback.cli.console import Fault, err, show_json
from shareback.cli.database import use_database
from shareback.cli.replay import DATABASE_HELP

HOST, PORT = "127.0.0.1", 8000
WORKERS_MAX = 64
WORKERS_HELP = "Server processes; one writes fastest, more read faster."
ALL_ADDRESSES = "0.0.0.0"  # noqa: S104 - only where a demo is asked for that phones can reach
HOUSE = "shareback.web.mall_settings"
"""The settings of the whole house: the public pages, the mall, the console."""


def serve(
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    port: int = typer.Option(PORT, "--port", min=1, max=65_535, help="Port on 127.0.0.1."),
    workers: int = typer.Option(1, "--workers", min=1, max=WORKERS_MAX, help=WORKERS_HELP),
    *,
    as_json: bool = typer.Option(False, "--json", help="The address as a JSON object."),
) -> None:
    """Serve the public page and the statements, and the mall if there is one, on 127.0.0.1."""
    use_database(database)
    refuse_busy_port(port)
    if has_mall():
        # The settings of this process are the light ones; the server reads its own.
        os.environ["DJANGO_SETTINGS_MODULE"] = HOUSE
    if as_json:
        show_json({"url": f"http://{HOST}:{port}/"})
    run_server(port, workers)


def has_mall() -> bool:
    """Whether the database has the mall's tables."""
    return "mall_shop" in connection.introspection.table_names()


def refuse_busy_port(port: int, host: str = HOST) -> None:
    """Refuse a port on which the server could not listen.

    Raises:
        Fault: Another program listens there, or it is not for us.
    """
    with socket.socket() as probe:
        # As the server does: connections of one that has just ended do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen()
        except OSError as fault:
            told = f"--port {port}: cannot listen on {host}:{port}: {fault.strerror}"
            raise Fault(f"{told}; name another port") from None


def run_server(port: int, workers: int = 1, host: str = HOST) -> None:
    """Become the server, until it is stopped.

    Args:
        port: Where it listens.
        workers: How many processes answer. A programme is written to fastest by one: several
            take turns at its head, and read again what the others wrote.
        host: The address of this machine on which it listens.
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
        host,
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
