"""Throw-away databases for the benchmarks, on a server of their own and in a folder."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import django
import psycopg
from psycopg import sql

from bench.postgresql_server import create_database, start_server


class Databases(NamedTuple):
    """Where the databases are made.

    Attributes:
        server: The URL of the PostgreSQL server's own database.
        folder: The folder for SQLite's files.
    """

    server: str
    folder: Path

    def url(self, alias: str) -> str:
        """The URL of the database of an alias, such as ``sqlite_peer``."""
        if alias.startswith("sqlite"):
            return f"sqlite:///{self.path(alias)}"
        return self.server.rpartition("/")[0] + f"/{alias}"

    def path(self, alias: str) -> Path:
        """The file of an alias of SQLite's."""
        return self.folder / f"{alias}.sqlite3"

    def copy(self, alias: str, copy: str) -> None:
        """Copy a database that nobody is connected to, so that both sides start alike."""
        if alias.startswith("sqlite"):
            shutil.copyfile(self.path(alias), self.path(copy))
            return
        with psycopg.connect(self.server, autocommit=True) as connection:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(statement.format(sql.Identifier(copy), sql.Identifier(alias)))

    def settle(self, alias: str) -> None:
        """Vacuum a database and gather its statistics, as a server does sooner or later."""
        if alias.startswith("postgresql"):
            with psycopg.connect(self.url(alias), autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")


@contextmanager
def open_databases(empty: tuple[str, ...], copies: tuple[str, ...]) -> Iterator[Databases]:
    """Databases for the length of a ``with`` block, and Django set up on them.

    Args:
        empty: Aliases of databases to create.
        copies: Aliases of databases that will be made by `Databases.copy`.
    """
    with start_server() as server, tempfile.TemporaryDirectory(prefix="shareback-bench-") as name:
        made = Databases(server, Path(name))
        for alias in empty:
            if alias.startswith("postgresql"):
                create_database(server, alias)
        use({alias: made.url(alias) for alias in (*empty, *copies)})
        yield made


def use(urls: Mapping[str, str]) -> None:
    """Set Django up on databases, by alias."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shareback.web.settings")
    from django.conf import settings  # noqa: PLC0415 - reads the environment

    from shareback.journal.database_url import database_settings  # noqa: PLC0415

    settings.DATABASES.update({alias: database_settings(url) for alias, url in urls.items()})
    django.setup()
