"""Which database a URL means, as Django wants it told."""

import re
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

SQLITE_SECONDS_TO_WAIT = 30
"""How long a writer waits for another one before SQLite answers "database is locked"."""

SQLITE_OPTIONS = {
    # A writer takes its lock when it begins, so that no two of them find out halfway.
    "transaction_mode": "IMMEDIATE",
    # Readers never wait for the writer, and what is committed survives a loss of power. A batch
    # of some thousands of orders changes 64 MiB at most; more cache is taken only as it fills.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;",
    "timeout": SQLITE_SECONDS_TO_WAIT,
}

_SHAPES = "sqlite:////absolute/path.db or postgresql://user:password@host:port/name"


class DatabaseUrlUnreadable(ValueError):
    """A text that names no database; the message shows it without its password."""

    def __init__(self, url: str, reason: str) -> None:
        """Keep the URL, its password blotted out, and the reason."""
        # Up to the last @: what stands before it may be a password with an @ of its own.
        self.url = re.sub(r"(?s)^([^:]*://[^:]*:).*@", r"\1***@", url)
        self.reason = reason
        super().__init__(f"{self.url!r} {reason}; write {_SHAPES}")


def database_settings(url: str) -> dict[str, Any]:
    """The entry of Django's ``DATABASES`` for a database's URL.

    Args:
        url: ``sqlite:////absolute/path.db`` (three slashes mean the same), or
            ``postgresql://user:password@host:port/name?option=value``. What has a meaning in
            URLs is percent-encoded where it is part of a name or password.

    Returns:
        ENGINE, NAME, OPTIONS and, for PostgreSQL, USER, PASSWORD, HOST and PORT.

    Raises:
        DatabaseUrlUnreadable: It is neither of the two.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        # Python's own words may quote a password that has a slash in it.
        reason = "is no URL (in a password, / is %2F, @ is %40 and : is %3A)"
        raise DatabaseUrlUnreadable(url, reason) from None
    if parts.scheme == "sqlite":
        return _sqlite(url, parts)
    if parts.scheme == "postgresql":
        return _postgresql(url, parts, port)
    raise DatabaseUrlUnreadable(url, "names neither SQLite nor PostgreSQL")


def _sqlite(url: str, parts: SplitResult) -> dict[str, Any]:
    if parts.netloc:
        raise DatabaseUrlUnreadable(url, "lacks a slash: SQLite's file has no host")
    if parts.query or parts.fragment:
        raise DatabaseUrlUnreadable(url, "has a ? or # (in a file's name: %3F, %23)")
    path = "/" + unquote(parts.path).lstrip("/")
    if path.endswith(("/", "/:memory:")) or "\0" in path:
        raise DatabaseUrlUnreadable(url, "names no file")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": dict(SQLITE_OPTIONS),
    }


def _postgresql(url: str, parts: SplitResult, port: int | None) -> dict[str, Any]:
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in parts.path.removeprefix("/"):
        raise DatabaseUrlUnreadable(url, "names no database after the host")
    if parts.fragment:
        raise DatabaseUrlUnreadable(url, "has a # (in a name or password: %23)")
    try:
        options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    except ValueError:
        raise DatabaseUrlUnreadable(url, "has options that are not name=value") from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": "" if port is None else str(port),
        "OPTIONS": options,
    }
