"""The command ``shareback``: its parts, and how faults reach people.

Bad input gives one clear line on stderr and exit code 2; nothing is written then.
"""

import sys

import typer
from django.db import DatabaseError
from typer.exceptions import Abort, TyperException

from shareback import __version__
from shareback.cli.console import Fault, fault_line

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
    from shareback.cli import example, journal, replay, serve  # noqa: PLC0415

    app.command(name="example")(example.example)
    app.command(name="replay")(replay.replay)
    app.command(name="close")(journal.close)
    app.command(name="books")(journal.books)
    app.command(name="verify")(journal.verify)
    app.command(name="serve")(serve.serve)
    app.command(name="demo")(serve.demo)
    app.command(name="bench")(journal.bench)


def main() -> None:
    """Run the command line; the entry point of the console script."""
    register()
    command = typer.main.get_command(app)
    try:
        code = command.main(standalone_mode=False)
    except TyperException as fault:
        told = getattr(fault, "format_message", fault.__str__)()
        fault_line(f"{told} (see shareback --help)")
        sys.exit(2)
    except Fault as fault:
        fault_line(str(fault))
        sys.exit(2)
    except DatabaseError as fault:
        fault_line(f"the database refuses: {str(fault).splitlines()[0]}")
        sys.exit(2)
    except (Abort, KeyboardInterrupt):
        fault_line("stopped; start it again to go on")
        sys.exit(130)
    sys.exit(code or 0)


if __name__ == "__main__":
    main()
