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

POSTGRESQL_OPTIONS = {
    "connect_timeout": "10",
    # A server that is gone, or a network that is cut, is found out within half a minute, also by
    # whoever only waits for an answer.
    "keepalives": "1",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
"""What every connection to PostgreSQL asks of libpq; times in seconds, the last in ms."""

SERVING_LIMITS = {
    "statement_timeout": "120s",
    "lock_timeout": "20s",
    # Whoever vanishes in the middle of a batch must not keep the programme's head for hours.
    "idle_in_transaction_session_timeout": "60s",
    "tcp_keepalives_idle": "15",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
"""What PostgreSQL itself watches over while it serves the site; an import may take longer."""

POOL = {
    # Programmes that are written to hold a connection each, requests another while they read.
    "min_size": 1,
    "max_size": 64,
    "max_idle": 60.0,
    # A request waits so long for a connection, and the pool gives up on a server that is away:
    # the next request tries it at once, however long it was away.
    "timeout": 5.0,
    "reconnect_timeout": 5.0,
}
"""The connections of one server process."""

_SHAPES = "sqlite:////absolute/path.db or postgresql://user:password@host:port/name"


class DatabaseUrlUnreadable(ValueError):
    """A text that names no database; the message shows it without its password."""

    def __init__(self, url: str, reason: str) -> None:
        """Keep the URL, its password blotted out, and the reason."""
        # Up to the last @: what stands before it may be a password with an @ of its own.
        self.url = re.sub(r"(?s)^([^:]*://[^:]*:).*@", r"\1***@", url)
        self.reason = reason
        super().__init__(f"{self.url!r} {reason}; write {_SHAPES}")


def database_settings(url: str, *, serving: bool = False) -> dict[str, Any]:
    """The entry of Django's ``DATABASES`` for a database's URL.

    Args:
        url: ``sqlite:////absolute/path.db`` (three slashes mean the same), or
            ``postgresql://user:password@host:port/name?option=value``. What has a meaning in
            URLs is percent-encoded where it is part of a name or password.
        serving: Whether a server's threads share it: they take PostgreSQL's connections from a
            pool, and hold none of them, nor a lock, for long.

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
        settings = _postgresql(url, parts, port)
        return _served(settings) if serving else settings
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
        "OPTIONS": POSTGRESQL_OPTIONS | options,
    }


def _served(settings: dict[str, Any]) -> dict[str, Any]:
    options = settings["OPTIONS"]
    limits = [f"-c {name}={value}" for name, value in SERVING_LIMITS.items()]
    # PostgreSQL takes the last word for each: what the URL says of its own stands.
    told = " ".join([*limits, *([options["options"]] if "options" in options else [])])
    return {
        **settings,
        # A connection that died in the pool is found out before it is used.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options | {"options": told, "pool": dict(POOL)},
    }
