"""``shareback statement``: a month of a member, or of the whole programme, as a PDF."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from shareback.cli.console import Fault, folder_for, out
from shareback.cli.database import use_database
from shareback.cli.journal import NAME_HELP
from shareback.cli.people import SETTINGS
from shareback.cli.programmes import the_programme
from shareback.cli.replay import DATABASE_HELP
from shareback.cli.serve import has_mall

if TYPE_CHECKING:
    from shareback.gateways.papers.shapes import Paper
    from shareback.journal.models import Programme

MEMBER_HELP = "A member's number; without it the whole programme's statement."
LANGUAGES = ("zh", "en")


def statement(
    month: str = typer.Option(..., "--month", metavar="YYYY-MM", help="Which month."),
    file: Path = typer.Option(..., "--out", metavar="FILE", help="The PDF."),
    member: int | None = typer.Option(None, "--member", metavar="NUMBER", help=MEMBER_HELP),
    language: str = typer.Option("zh", "--language", help="zh or en."),
    database: str | None = typer.Option(None, "--database", help=DATABASE_HELP),
    name: str | None = typer.Option(None, "--name", help=NAME_HELP),
) -> None:
    """Set the statement of a month as a PDF: a member's, or the whole programme's."""
    if language not in LANGUAGES:
        raise Fault(f"--language {language}: choose from {' '.join(LANGUAGES)}")
    use_journal(database)
    from shareback.console.papers import NoClose  # noqa: PLC0415 - needs Django set up
    from shareback.engine.statements.monthly import MonthUnfit  # noqa: PLC0415 - as above
    from shareback.gateways.papers import setting  # noqa: PLC0415 - as above
    from shareback.journal.models import Programme  # noqa: PLC0415 - as above

    head = Programme.objects.get(name=the_programme(name))
    try:
        with folder_for("--out", file.parent, (file.name,)):
            body = setting.printed(lambda: drawn(head, month, member, language))
            file.write_bytes(body)
    except (MonthUnfit, NoClose) as fault:
        raise Fault(f"--month {fault}") from None
    except (setting.FontsMissing, setting.PaperTooLong) as fault:
        raise Fault(str(fault)) from None
    except setting.PressFailed as fault:
        raise Fault(f"typst has not set it: {fault}") from None
    out.print(f"{len(body):,} bytes written to {file}")


def use_journal(database: str | None) -> None:
    """Set Django up on a journal, and on the mall where there is one: it knows merchants' names.

    Raises:
        Fault: There is no such database, or it lacks the tables.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    # A journal without a mall lacks the mall's tables and still has statements.
    use_database(database, create=True)
    from django.db import connection  # noqa: PLC0415 - needs Django set up

    where = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not Path(where).exists():
        raise Fault(f"the database {where} does not exist; name one with --database URL")
    if "journal_programme" not in connection.introspection.table_names():
        raise Fault(f"the database {where} holds no journal; `shareback replay` makes one")


def drawn(head: "Programme", month: str, member: int | None, language: str) -> "Paper":
    """The paper that is asked for.

    Raises:
        Fault: There is no such member.
    """
    from shareback.api.papers import member_paper  # noqa: PLC0415 - needs Django set up
    from shareback.api.reading import parameters_of  # noqa: PLC0415 - as above
    from shareback.console.papers import operator_paper  # noqa: PLC0415 - as above
    from shareback.engine.snapshot import snapshot  # noqa: PLC0415 - as above
    from shareback.engine.statements.monthly import span_of  # noqa: PLC0415 - as above
    from shareback.engine.statements.reading import (  # noqa: PLC0415 - as above
        statement_in_one_state,
    )
    from shareback.gateways.papers.words import Voice  # noqa: PLC0415 - as above

    span_of(head, month)
    if member is None:
        with snapshot():
            return operator_paper(head, span_of(head, month), language)
    versions = parameters_of(head.pk)
    number = member if 1 <= member <= head.members else 0
    with statement_in_one_state(head, number, versions) as read:
        if read is None:
            there = f"members 1 to {head.members}" if head.members else "no members yet"
            raise Fault(f"--member {member}: there are {there}")
        span, voice = span_of(read.head, month), Voice.of(language, versions[-1])
        return member_paper(read, span, voice, lambda ids: names_of(head.pk, ids, language))


def names_of(programme: int, ids: set[str], language: str) -> Mapping[str, str]:
    """Merchants' names by their ids, where there is a mall."""
    if not has_mall():
        return {}
    from shareback.api.shop.statement import merchant_names  # noqa: PLC0415 - needs the mall

    return merchant_names(programme, ids, language)
