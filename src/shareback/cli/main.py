"""The command ``shareback``: its parts, and how faults reach people.

Bad input gives one clear line on stderr and exit code 2; nothing is written then.
"""

import json
import sys

import typer
from django.db import DatabaseError
from pydantic import ValidationError
from typer.exceptions import Abort, TyperException

from shareback import __version__
from shareback.cli.console import Fault, fault_line, let_output_go, shortened
from shareback.cli.programmes import told

app = typer.Typer(
    name="shareback",
    help="Every purchase gives a share back, and the books prove it.",
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    *,
    version: bool = typer.Option(False, "--version", help="Show the version and end."),
) -> None:
    """Every purchase gives a share back, and the books prove it."""
    if version:
        typer.echo(f"shareback {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def register() -> None:
    """Hang the commands onto `app`; each module brings its own."""
    from shareback.cli import (  # noqa: PLC0415
        access,
        bank,
        demo,
        example,
        exporting,
        jobs,
        journal,
        malls,
        people,
        proving,
        replay,
        serve,
        shop,
        statement,
        verifying,
        witness,
    )

    app.command(name="example")(example.example)
    app.command(name="replay")(replay.replay)
    app.command(name="open")(access.open_programme)
    app.command(name="clients")(access.clients)
    app.command(name="people")(people.people)
    app.command(name="shop")(shop.shop)
    app.command(name="connections")(malls.connections)
    app.command(name="webhooks")(malls.webhooks)
    app.add_typer(bank.bank, name="bank")
    app.command(name="jobs")(jobs.jobs)
    app.command(name="close")(journal.close)
    app.command(name="books")(journal.books)
    app.command(name="export")(exporting.export)
    app.command(name="statement")(statement.statement)
    app.command(name="verify")(verifying.verify)
    app.command(name="serve")(serve.serve)
    app.command(name="keys")(proving.keys)
    app.command(name="witnesses")(proving.witnesses)
    app.command(name="witness")(witness.witness)
    app.command(name="demo")(demo.demo)
    app.command(name="bench")(journal.bench)


def main() -> None:
    """Run the command line; the entry point of the console script."""
    register()
    command = typer.main.get_command(app)
    try:
        code = command.main(standalone_mode=False) or 0
    except (Abort, KeyboardInterrupt):
        fault_line("stopped; start it again to go on")
        code = 130
    except Exception as fault:
        line = line_for(fault)
        if line is None:
            raise
        fault_line(line)
        code = 2
    let_output_go()
    sys.exit(code)


def line_for(fault: Exception) -> str | None:
    """What people are told of a fault in one line; None where it is the program's own."""
    match fault:
        case Fault():
            return str(fault)
        case TyperException():
            return f"{fault.format_message()} (see shareback --help)"
        case DatabaseError():
            return f"the database refuses: {str(fault).splitlines()[0]}"
        case ValidationError():
            return damaged(f"a programme's parameters: {told(fault)}")
        case json.JSONDecodeError():
            return damaged(f"text that is no JSON: {fault}")
        case OSError():
            return of_the_system(fault)
        case _:
            return None


def damaged(what: str) -> str:
    """Tell what nobody but a stranger can have written into the database."""
    return f"the database holds {what}; somebody has changed it: put back a copy of it"


def of_the_system(fault: OSError) -> str:
    """Tell what the system refuses, and of which file."""
    what = fault.strerror or str(fault)
    return f"{shortened(str(fault.filename))}: {what}" if fault.filename else what


if __name__ == "__main__":
    main()
