"""Which database a command works on, and Django made ready for it."""

import os
from pathlib import Path

import django
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from shareback.cli.console import Fault
from shareback.journal.database_url import DatabaseUrlUnreadable

VARIABLE = "SHAREBACK_DATABASE"


def use_database(url: str | None, *, create: bool = False) -> None:
    """Set Django up on a database that is there and has its tables.

    Args:
        url: What ``--database`` says; else the environment's ``SHAREBACK_DATABASE``, else a
            file ``shareback.sqlite3`` in the working folder.
        create: Whether a missing database is in order: `make_tables` will make it.

    Raises:
        Fault: There is no such database, or it lacks the tables.
    """
    if url:
        os.environ[VARIABLE] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shareback.web.settings")
    try:
        django.setup()
    except DatabaseUrlUnreadable as fault:
        raise Fault(str(fault)) from None
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not Path(name).exists():
        if not create:
            raise Fault(f"the database {name} does not exist; name one with --database URL")
        if not Path(name).parent.is_dir():
            raise Fault(f"the database {name} cannot be made: there is no folder for it")
        # Looking at it would make it already.
        return
    if missing_tables() and not create:
        raise Fault(
            f"the database {name} lacks tables of this version; `shareback replay` creates them"
        )


def missing_tables() -> bool:
    """Whether the database lacks tables of this version.

    Raises:
        Fault: It cannot be reached, or is none.
    """
    try:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError as fault:
        raise Fault(f"the database cannot be used: {str(fault).splitlines()[0]}") from None


def make_tables() -> None:
    """Make the tables where they are missing.

    Raises:
        Fault: The database does not take them.
    """
    try:
        call_command("migrate", verbosity=0)
    except DatabaseError as fault:
        raise Fault(f"the database cannot be used: {str(fault).splitlines()[0]}") from None
