"""``shareback keys`` and ``shareback witnesses``: who signs a programme's checkpoints."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import typer

from shareback.cli.access import show
from shareback.cli.console import Fault
from shareback.cli.database import use_database
from shareback.cli.journal import NAME_HELP
from shareback.cli.malls import number_of
from shareback.cli.replay import DATABASE_HELP

if TYPE_CHECKING:
    from shareback.journal.models import LogKey

ROTATE_HELP = "A new key, beside those that sign."
RETIRE_HELP = "All keys but the newest sign no more; their secrets are forgotten."
ORIGIN_HELP = "Call the log so from now on; with a new key, and all others retire."
ADD_HELP = "Ask a witness for its cosignature from now on."


def keys(
    origin: str | None = typer.Option(None, "--origin", metavar="NAME", help=ORIGIN_HELP),
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    name: str | None = typer.Option(None, "--name", help=NAME_HELP),
    *,
    rotate: bool = typer.Option(False, "--rotate", help=ROTATE_HELP),
    retire: bool = typer.Option(False, "--retire", help=RETIRE_HELP),
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """List the keys that sign a programme's checkpoints; add one, retire the older ones."""
    if sum((origin is not None, rotate, retire)) > 1:
        raise Fault("--origin, --rotate, --retire: one at a time")
    use_database(database)
    from shareback.engine.proving import keys as kept  # noqa: PLC0415 - needs Django set up

    programme = number_of(name)
    try:
        if rotate:
            kept.signing_keys(programme)
            kept.add_key(programme)
        elif origin is not None:
            kept.retire_keys(programme, kept.add_key(programme, origin=origin).number)
        elif retire:
            kept.retire_keys(programme, kept.signing_keys(programme)[0].number)
        else:
            kept.signing_keys(programme)
    except kept.OriginUnfit as fault:
        raise Fault(f"--origin {fault}") from None
    show(listed_keys(programme), as_json=as_json)


def listed_keys(programme: int) -> dict[str, Any]:
    """The keys of a programme, the newest first."""
    from shareback.engine.calendar import day_text  # noqa: PLC0415 - needs Django set up
    from shareback.engine.proving.keys import verifier_of  # noqa: PLC0415 - as above
    from shareback.journal.models import LogKey  # noqa: PLC0415 - as above

    def row(key: "LogKey") -> dict[str, Any]:
        until = None if key.retired_day is None else day_text(key.retired_day)
        return {"key": verifier_of(key).to_text(), "since": day_text(key.from_day), "until": until}

    found = LogKey.objects.filter(programme_id=programme).order_by("-number")
    return {"keys": [row(key) for key in found]}


def witnesses(
    add: str | None = typer.Option(None, "--add", metavar="URL", help=ADD_HELP),
    key: str | None = typer.Option(None, "--key", metavar="NAME+ID+KEY", help="Its key."),
    remove: str | None = typer.Option(None, "--remove", metavar="NAME", help="Ask it no more."),
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    name: str | None = typer.Option(None, "--name", help=NAME_HELP),
    *,
    ask: bool = typer.Option(False, "--ask", help="Ask all of them now."),
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """List the witnesses of a programme's checkpoints; add one, remove one, ask all of them."""
    if sum((add is not None, remove is not None, ask)) > 1:
        raise Fault("--add, --remove, --ask: one at a time")
    if (add is None) != (key is None):
        raise Fault("--add and --key go together: where a witness is asked, and its key")
    use_database(database)
    programme = number_of(name)
    if add is not None and key is not None:
        add_witness(programme, add, key)
    elif remove is not None:
        remove_witness(programme, remove)
    elif ask:
        from shareback.gateways.publishing import Publisher  # noqa: PLC0415 - needs Django

        Publisher().publish(programme)
    show(listed_witnesses(programme), as_json=as_json)


def add_witness(programme: int, url: str, key: str) -> None:
    """Let a witness be asked from now on.

    Raises:
        Fault: The address or the key does not do, or there is one of that name.
    """
    from shareback.journal.models import Witness  # noqa: PLC0415 - needs Django set up
    from shareback.proofs.notes import (  # noqa: PLC0415 - as above
        NoteUnreadable,
        Purpose,
        verifier_from_text,
    )

    site = urlsplit(url)
    if site.scheme not in {"http", "https"} or not site.hostname:
        raise Fault(f"--add {url!r} is no address such as https://witness.example.org")
    try:
        found = verifier_from_text(key)
    except NoteUnreadable as fault:
        raise Fault(f"--key {key!r}: {fault}") from None
    if found.purpose != Purpose.COSIGNATURE:
        raise Fault(f"--key {key!r} is a log's key, not a witness'")
    _row, is_new = Witness.objects.get_or_create(
        programme_id=programme, name=found.name, defaults={"url": url, "public": found.key}
    )
    if not is_new:
        raise Fault(f"--key {key!r}: there is a witness {found.name!r}; --remove it first")


def remove_witness(programme: int, name: str) -> None:
    """Ask a witness no more; what it has cosigned stays.

    Raises:
        Fault: There is none of this name.
    """
    from shareback.journal.models import Witness  # noqa: PLC0415 - needs Django set up

    count, _of_each = Witness.objects.filter(programme_id=programme, name=name).delete()
    if count == 0:
        raise Fault(f"--remove {name!r}: there is no such witness")


def listed_witnesses(programme: int) -> dict[str, Any]:
    """The witnesses of a programme."""
    from shareback.journal.models import Witness  # noqa: PLC0415 - needs Django set up

    rows = Witness.objects.filter(programme_id=programme).order_by("name")
    found = [
        {"name": row.name, "url": row.url, "seen": row.seen, "fault": row.fault} for row in rows
    ]
    return {"witnesses": found}
