"""``shareback jobs``: what a mall has to do by itself, again and again."""

import signal
import sys
import threading

import typer

from shareback.cli.console import err, out, show_json
from shareback.cli.journal import NAME_HELP
from shareback.cli.malls import number_of
from shareback.cli.people import use_house
from shareback.cli.replay import DATABASE_HELP

EVERY_HELP = "Seconds from the end of a run to the next."
EOF_HELP = "End when standard input does: with the program that started it."


def jobs(
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    name: str | None = typer.Option(None, "--name", help=NAME_HELP),
    *,
    once: bool = typer.Option(False, "--once", help="End after one run, for cron."),
    every: int = typer.Option(30, "--every", min=1, max=3_600, help=EVERY_HELP),
    until_eof: bool = typer.Option(False, "--until-eof", help=EOF_HELP),
    as_json: bool = typer.Option(False, "--json", help="One JSON object at the end."),
) -> None:
    """Close what was not paid, receive what nobody confirms, carry out refunds that wait."""
    use_house(database)
    from shareback.gateways.publishing import Publisher  # noqa: PLC0415 - needs Django set up
    from shareback.mall import chores  # noqa: PLC0415 - as above

    ending = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ending.set())
    if until_eof:
        threading.Thread(target=wait_for_end, args=(ending,), daemon=True).start()
    elif not once:
        err.print("doing the mall's jobs — stop with Ctrl-C")
    programme = None if name is None else number_of(name)
    total, publisher, checkpoints = chores.Tally(), Publisher(), 0
    while not ending.is_set():
        total = chores.added(total, chores.round_of(programme, lasting=not once))
        checkpoints += publisher.round_of(programme, lasting=not once)
        if once:
            break
        ending.wait(every)
    told = total._asdict() | {"checkpoints": checkpoints}
    if as_json:
        show_json(told)
    else:
        out.print("  ".join(f"{key} {value}" for key, value in told.items()))


def wait_for_end(ending: threading.Event) -> None:
    """Read standard input until it ends, as it does when its writer does."""
    while sys.stdin.buffer.read(1):
        pass
    ending.set()
