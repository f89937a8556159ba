"""``shareback bank``: the bank's own statements, and how they stand to the books."""

import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from shareback.cli.access import show
from shareback.cli.console import Fault, out, shortened, show_json
from shareback.cli.journal import NAME_HELP
from shareback.cli.malls import number_of
from shareback.cli.people import use_house
from shareback.cli.replay import DATABASE_HELP

if TYPE_CHECKING:
    from shareback.gateways.bank.models import Reconciliation

bank = typer.Typer(help="Import the bank's statements, and compare them with the books.")

FORMATS = ("camt053", "csv", "alipay", "wechat")
STRETCHED = ("csv", "wechat")
FIELDS = ("date", "amount", "in", "out", "balance", "reference", "text", "id")
FORM_HELP = "camt053, csv, alipay or wechat."
MAP_HELP = "The file's name of a column of a csv; several times."
ACCOUNT_HELP = "What the account is called here; default: what the file calls it."
STRETCH_HELP = "Where the file cannot tell quiet days at its ends (csv, wechat)."
LINE_HELP = "A line of the bank's that no book explains."
ENTRY_HELP = "An entry of the journal that no statement shows."


@bank.command(name="import")
def import_statements(
    file: Path = typer.Argument(..., metavar="FILE", help="The statement."),
    form: str = typer.Option(..., "--format", help=FORM_HELP),
    maps: list[str] = typer.Option([], "--map", metavar="FIELD=COLUMN", help=MAP_HELP),
    account: str = typer.Option("", "--account", metavar="NAME", help=ACCOUNT_HELP),
    first: str = typer.Option("", "--from", metavar="DATE", help=STRETCH_HELP),
    last: str = typer.Option("", "--to", metavar="DATE", help=STRETCH_HELP),
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    name: str | None = typer.Option(None, "--name", help=NAME_HELP),
    *,
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """Import a statement, match its lines to the journal, and compare bank and books."""
    if form not in FORMATS:
        raise Fault(f"--format {form}: choose from {' '.join(FORMATS)}")
    mapping = mapping_of(maps)
    if mapping and form != "csv":
        raise Fault(f"--map: the columns of {form} have names of their own; it is for csv alone")
    if (first or last) and form not in STRETCHED:
        raise Fault(f"--from, --to: a file of {form} tells its days itself")
    stretch = (day_of(first) if first else 0, day_of(last) if last else 0)
    content = content_of(file)
    use_house(database)
    from shareback.api.changes import operator  # noqa: PLC0415 - needs Django set up
    from shareback.gateways.bank import importing  # noqa: PLC0415 - as above
    from shareback.gateways.bank.shapes import StatementUnreadable  # noqa: PLC0415 - as above

    source = importing.Source(content, form, mapping, account, operator(), now_us(), stretch)
    try:
        done = importing.import_file(number_of(name), source)
    except StatementUnreadable as fault:
        raise Fault(f"{shortened(file)}: {fault}") from None
    told: dict[str, Any] = {
        "account": done.account,
        "repeated": done.repeated,
        "statements": done.statements,
        "lines": done.lines,
        "known": done.known,
    }
    compared = comparison(done.compared) if done.compared is not None else {}
    if as_json:
        show_json(told | {"compared": compared or None})
    elif done.repeated:
        out.print(f"this file was imported before, as {done.account!r}; nothing has changed")
    else:
        show(told, as_json=False)
        show(compared, as_json=False)


@bank.command()
def status(
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    name: str | None = typer.Option(None, "--name", help=NAME_HELP),
    *,
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """Tell how bank and books stand, and what waits for an explanation."""
    use_house(database)
    from shareback.gateways.bank import standing as stands  # noqa: PLC0415 - needs Django set up

    programme = number_of(name)
    now = stands.standing(programme)
    compared = None if now.latest is None else comparison(now.latest)
    lines = [
        {
            "line": line.number,
            "day": day_text(line.day),
            "amount": yuan(line.amount),
            "said": f"{line.reference} {line.text}".strip(),
        }
        for line in now.lines
    ]
    entries = [
        {
            "entry": one.sequence,
            "day": day_text(one.day),
            "amount": yuan(one.amount_uyuan),
            "kind": one.kind.name.lower(),
        }
        for one in stands.missing_entries(programme)
    ]
    if as_json:
        show_json({"compared": compared, "lines": lines, "entries": entries})
    elif compared is None:
        out.print("no statement of the bank's has been compared; `shareback bank import` one")
    else:
        show(compared, as_json=False)
        show({"lines": lines}, as_json=False)
        show({"entries": entries}, as_json=False)


@bank.command()
def explain(
    text: str = typer.Option(..., "--text", help="What it is, in words."),
    line: int | None = typer.Option(None, "--line", help=LINE_HELP),
    entry: int | None = typer.Option(None, "--entry", help=ENTRY_HELP),
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    name: str | None = typer.Option(None, "--name", help=NAME_HELP),
    *,
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """Explain by hand what bank and books do not explain to each other; it is kept for ever."""
    if (line is None) == (entry is None):
        raise Fault("--line, --entry: name one of the two")
    use_house(database)
    from django.db import transaction  # noqa: PLC0415 - needs Django set up

    from shareback.api.changes import operator  # noqa: PLC0415 - as above
    from shareback.console.trail import keep_at_the_terminal  # noqa: PLC0415 - as above
    from shareback.gateways.bank import explaining  # noqa: PLC0415 - as above

    programme, by, at = number_of(name), operator(), now_us()
    try:
        with transaction.atomic():
            if line is not None:
                row = explaining.explain_line(programme, line, text, by, at)
            else:
                row = explaining.explain_entry(programme, entry or 0, text, by, at)
            what = f"line {line}" if line is not None else f"entry {entry}"
            keep_at_the_terminal(programme, "bank", by, f"{what}: {text}")
    except explaining.NothingToExplain as fault:
        raise Fault(str(fault)) from None
    show(comparison(row) if row is not None else {}, as_json=as_json)


def mapping_of(maps: list[str]) -> dict[str, str]:
    """The file's names of columns, by our fields.

    Raises:
        Fault: One is no such pair, or a field is named twice.
    """
    mapping: dict[str, str] = {}
    for one in maps:
        field, equals, column = one.partition("=")
        if not equals or not column or field not in FIELDS:
            raise Fault(f"--map {one}: write FIELD=COLUMN with a field of {' '.join(FIELDS)}")
        if field in mapping:
            raise Fault(f"--map {one}: {field} is named twice")
        mapping[field] = column
    return mapping


def content_of(file: Path) -> bytes:
    """What a file holds, and one byte more than is taken where it holds too much.

    Raises:
        Fault: It cannot be read.
    """
    from shareback.gateways.bank.shapes import FILE_BYTES_MAX  # noqa: PLC0415 - as its room

    try:
        with file.open("rb") as opened:
            return opened.read(FILE_BYTES_MAX + 1)
    except (OSError, ValueError) as fault:
        told = getattr(fault, "strerror", None) or fault
        raise Fault(f"{shortened(file)}: {told}") from None


def comparison(row: "Reconciliation") -> dict[str, Any]:
    """A comparison as it is told."""
    from shareback.gateways.bank.standing import state_name  # noqa: PLC0415 - needs Django set up

    return {
        "state": state_name(row),
        "day": day_text(row.day),
        "books_bank": yuan(row.books_bank),
        "books_reserve": yuan(row.books_reserve),
        "bank": yuan(row.bank),
        "in_transit": yuan(row.in_transit),
        "unexplained": yuan(row.unexplained),
        "open_lines": row.open_lines,
        "missing": row.missing,
        "gap": yuan(row.gap),
        "days_missing": row.days_missing,
    }


def yuan(uyuan: int) -> str:
    """An amount in full."""
    from shareback.gateways.bank.shapes import shown_uyuan  # noqa: PLC0415 - as its room

    return shown_uyuan(uyuan)


def day_text(day: int) -> str:
    """A local day as people write it."""
    from shareback.engine.calendar import day_text as text  # noqa: PLC0415 - as its room

    return text(day)


def day_of(text: str) -> int:
    """A date's day number.

    Raises:
        Fault: It is none.
    """
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        raise Fault(f"{text}: is no date; write 2026-01-31") from None


def now_us() -> int:
    """The time, µs UTC."""
    return time.time_ns() // 1_000
