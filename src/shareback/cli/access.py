"""``shareback open`` and ``shareback clients``: a programme, and who may call its API."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from shareback.cli.console import Fault, out, show_json
from shareback.cli.database import make_tables, use_database
from shareback.cli.journal import NAME_HELP
from shareback.cli.programmes import read_programme, the_programme
from shareback.cli.replay import DATABASE_HELP

if TYPE_CHECKING:
    from shareback.api.models import Client


def open_programme(
    file: Path = typer.Argument(..., metavar="FILE", help="Its parameters."),
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    *,
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """Open a programme from today on; makes the tables of an empty database."""
    programme = read_programme(file)
    if programme.issuer.test:
        raise Fault(f"{file}: issuer: a programme that is opened must name its own issuer")
    use_database(database, create=True)
    make_tables()
    from shareback.engine import opening  # noqa: PLC0415 - needs Django set up

    try:
        number = opening.open_programme(programme, time.time_ns() // 1_000)
    except opening.ProgrammeExists:
        raise Fault(f"{file}: name: there is a programme {programme.name!r} already") from None
    if as_json:
        show_json({"programme": number, "name": programme.name})
    else:
        out.print(f"opened {programme.name!r} as programme {number}")


def clients(
    opened: str | None = typer.Option(None, "--open", metavar="NAME", help="Open a client."),
    scopes: list[str] = typer.Option([], "--scope", help="What it may do; several times."),
    networks: list[str] = typer.Option([], "--network", help="From where, in CIDR."),
    per_minute: int = typer.Option(60_000, "--per-minute", min=1, help="How often it may call."),
    rotated: str | None = typer.Option(None, "--rotate", metavar="ID", help="A new secret."),
    closed: str | None = typer.Option(None, "--close", metavar="ID", help="Turn it away."),
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    name: str | None = typer.Option(None, "--name", help=NAME_HELP),
    *,
    changes: bool = typer.Option(False, "--changes", help="Who changed who may call."),
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """List the API's clients of a programme; open one, give it a new secret, or turn it away."""
    if sum(one is not None for one in (opened, rotated, closed)) + changes > 1:
        raise Fault("--open, --rotate, --close, --changes: one at a time")
    use_database(database)
    from shareback.journal.models import Programme  # noqa: PLC0415 - needs Django set up

    programme = Programme.objects.get(name=the_programme(name)).pk
    if opened is not None:
        told = with_secret(*open_client(programme, opened, scopes, networks, per_minute))
    elif rotated is not None:
        told = rotate(programme, rotated)
    elif closed is not None:
        told = close(programme, closed)
    else:
        told = changed(programme) if changes else listed(programme)
    show(told, as_json=as_json)


def show(told: dict[str, Any], *, as_json: bool) -> None:
    """Show what was done, or a list, a line for each."""
    if as_json:
        show_json(told)
        return
    (first,) = [value for value in told.values() if isinstance(value, list)] or [[told]]
    for line in first:
        out.print("  ".join(f"{key} {value}" for key, value in line.items()))


def changed(programme: int) -> dict[str, Any]:
    """Who changed who may call, clients and connections alike, the latest first."""
    from shareback.api.changes import changes  # noqa: PLC0415 - needs Django set up

    return {"changes": changes(programme)}


def open_client(
    programme: int, name: str, scopes: list[str], networks: list[str], per_minute: int
) -> "tuple[Client, str]":
    """A new client and its secret.

    Raises:
        Fault: A scope or network is none.
    """
    from shareback.api import clients as kept  # noqa: PLC0415 - needs Django set up

    try:
        return kept.open_client(programme, name, scopes, networks, per_minute)
    except kept.ClientRefused as fault:
        raise Fault(f"--{fault}") from None


def with_secret(client: "Client", secret: str) -> dict[str, Any]:
    """What is told of a client once: its secret is kept nowhere."""
    return {"client_id": client.client_id, "client_secret": secret}


def found(programme: int, client_id: str) -> "Client":
    """A client of the programme.

    Raises:
        Fault: There is none of this id.
    """
    from shareback.api.models import Client  # noqa: PLC0415 - needs Django set up

    client = Client.objects.filter(programme_id=programme, client_id=client_id).first()
    if client is None:
        raise Fault(f"no client {client_id!r}; `shareback clients` lists them")
    return client


def rotate(programme: int, client_id: str) -> dict[str, Any]:
    """A new secret for a client; the one before it ends after a day."""
    from shareback.api.clients import rotate_secret  # noqa: PLC0415 - needs Django set up

    client = found(programme, client_id)
    return with_secret(client, rotate_secret(client))


def close(programme: int, client_id: str) -> dict[str, Any]:
    """Turn a client away."""
    from shareback.api.clients import switch_off  # noqa: PLC0415 - needs Django set up

    switch_off(found(programme, client_id))
    return {"client_id": client_id, "active": False}


def listed(programme: int) -> dict[str, Any]:
    """All clients, without secrets."""
    from shareback.api.models import Client  # noqa: PLC0415 - needs Django set up

    rows = Client.objects.filter(programme_id=programme).order_by("number")
    return {
        "clients": [
            {
                "client_id": row.client_id,
                "name": row.name,
                "active": row.active,
                "scopes": row.scopes,
                "networks": row.networks,
                "per_minute": row.requests_per_minute,
            }
            for row in rows
        ]
    }
