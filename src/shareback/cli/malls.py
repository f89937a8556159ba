"""``shareback connections`` and ``shareback webhooks``: malls that call us, and those we call."""

import signal
import threading
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from shareback.cli.access import show
from shareback.cli.console import Fault, err, out, show_json
from shareback.cli.database import use_database
from shareback.cli.journal import NAME_HELP
from shareback.cli.programmes import the_programme
from shareback.cli.replay import DATABASE_HELP

if TYPE_CHECKING:
    from shareback.api.models import Connection

FILE_HELP = "File that holds the mall's secret, and nothing else."
KEEP_HELP = "For so many days what was delivered stays listed."


def connections(
    connect: str | None = typer.Option(None, "--connect", metavar="NAME", help="Connect a mall."),
    shape: str = typer.Option("", "--shape", help="shopify, woocommerce or youzan."),
    mapping: Path | None = typer.Option(None, "--mapping", help="A mapping file of your own."),
    secret: Path | None = typer.Option(None, "--secret", metavar="FILE", help=FILE_HELP),
    client_id: str = typer.Option("", "--client-id", help="Youzan's client_id."),
    networks: list[str] = typer.Option([], "--network", help="From where, in CIDR."),
    prefix: str = typer.Option("", "--prefix", help="Stands before the mall's own ids."),
    merchant: str = typer.Option("", "--merchant", help="The merchant of all its orders."),
    change: str | None = typer.Option(None, "--change", metavar="NAME", help="A new secret."),
    close: str | None = typer.Option(None, "--close", metavar="NAME", help="Turn it away."),
    settle: str | None = typer.Option(None, "--settle", metavar="ORDER", help="Was looked at."),
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    name: str | None = typer.Option(None, "--name", help=NAME_HELP),
    *,
    conflicts: bool = typer.Option(False, "--conflicts", help="Payments to look at."),
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """List the malls that send their webhooks here; connect one, change its secret, close it."""
    if sum(one is not None for one in (connect, change, close, settle)) + conflicts > 1:
        raise Fault("--connect, --change, --close, --conflicts, --settle: one at a time")
    use_database(database)
    programme = number_of(name)
    if connect is not None:
        told = connected(
            programme,
            connect,
            text_of("--secret", secret),
            shape=shape,
            mapping="" if mapping is None else text_of("--mapping", mapping),
            client_id=client_id,
            networks=networks,
            prefix=prefix,
            merchant_id=merchant,
        )
    elif change is not None:
        told = changed(programme, change, text_of("--secret", secret))
    elif close is not None:
        told = closed(programme, close)
    elif settle is not None:
        told = settled(programme, settle)
    else:
        told = conflicting(programme) if conflicts else listed(programme)
    show(told, as_json=as_json)


def number_of(name: str | None) -> int:
    """The number of the programme that is meant."""
    from shareback.journal.models import Programme  # noqa: PLC0415 - needs Django set up

    return Programme.objects.get(name=the_programme(name)).pk


def text_of(option: str, path: Path | None) -> str:
    """What a file holds, without the line's end.

    Raises:
        Fault: None is named, or it cannot be read.
    """
    if path is None:
        raise Fault(f"{option}: name the file that holds it")
    try:
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, ValueError) as fault:
        raise Fault(f"{option} {path}: {getattr(fault, 'strerror', None) or fault}") from None


def connected(programme: int, name: str, secret: str, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - those of open_connection
    """Connect a mall.

    Raises:
        Fault: It cannot be connected as asked.
    """
    from shareback.api.connectors import connections as kept  # noqa: PLC0415 - as above

    try:
        connection = kept.open_connection(programme, name, secret, **options)
    except kept.ConnectionUnfit as fault:
        raise Fault(str(fault)) from None
    return shown(connection)


def shown(connection: "Connection") -> dict[str, Any]:
    """A connection, without its secret."""
    address = f"/api/v1/programmes/{connection.programme_id}/connections/{connection.name}"
    return {"connection": connection.name, "shape": connection.shape, "address": address}


def found(programme: int, name: str) -> "Connection":
    """A connection of the programme.

    Raises:
        Fault: There is none of this name.
    """
    from shareback.api.models import Connection  # noqa: PLC0415 - needs Django set up

    connection = Connection.objects.filter(programme_id=programme, name=name).first()
    if connection is None:
        raise Fault(f"no connection {name!r}; `shareback connections` lists them")
    return connection


def changed(programme: int, name: str, secret: str) -> dict[str, Any]:
    """Give a connection another secret; the one before it holds for a day more."""
    from shareback.api.connectors import connections as kept  # noqa: PLC0415 - as above

    connection = found(programme, name)
    try:
        kept.change_secret(connection, secret)
    except kept.ConnectionUnfit as fault:
        raise Fault(str(fault)) from None
    return shown(connection)


def closed(programme: int, name: str) -> dict[str, Any]:
    """Turn a mall away."""
    from shareback.api.connectors.connections import switch_off  # noqa: PLC0415 - as above

    switch_off(found(programme, name))
    return {"connection": name, "active": False}


def listed(programme: int) -> dict[str, Any]:
    """All connections, without secrets, with how many payments wait to be looked at."""
    from shareback.api.connectors.conflicts import open_conflicts  # noqa: PLC0415 - as above
    from shareback.api.models import Connection  # noqa: PLC0415 - needs Django set up

    rows = Connection.objects.filter(programme_id=programme).order_by("number")
    waiting = Counter(one["connection"] for one in open_conflicts(programme))
    return {
        "connections": [
            shown(row) | {"active": row.active, "conflicts": waiting[row.name]} for row in rows
        ]
    }


def conflicting(programme: int) -> dict[str, Any]:
    """Payments under the ids of orders that are others' already, which nobody has settled."""
    from shareback.api.connectors.conflicts import open_conflicts  # noqa: PLC0415 - as above

    return {"conflicts": open_conflicts(programme)}


def settled(programme: int, order_id: str) -> dict[str, Any]:
    """Mark an order's conflicts as looked at.

    Raises:
        Fault: It has none.
    """
    from shareback.api.connectors.conflicts import settle  # noqa: PLC0415 - as above

    count = settle(programme, order_id)
    if count == 0:
        raise Fault(f"no conflict of {order_id!r}; `shareback connections --conflicts` lists them")
    return {"order_id": order_id, "settled": count}


def webhooks(
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    name: str | None = typer.Option(None, "--name", help="One programme alone; else all."),
    *,
    once: bool = typer.Option(False, "--once", help="End as soon as nothing is due."),
    keep_days: int = typer.Option(30, "--keep-days", min=1, max=36_500, help=KEEP_HELP),
    as_json: bool = typer.Option(False, "--json", help="One JSON object at the end."),
) -> None:
    """Send what happens to the endpoints that were registered, until it is stopped."""
    use_database(database)
    from shareback.gateways.crew import run  # noqa: PLC0415 - needs Django set up

    programme = None if name is None else number_of(name)
    ending = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ending.set())
    if not once:
        err.print("sending webhooks — stop with Ctrl-C")
    tally = run(programme, once=once, stop=ending, keep_days=keep_days)
    if as_json:
        show_json(tally._asdict())
    else:
        out.print("  ".join(f"{key} {value}" for key, value in tally._asdict().items()))
