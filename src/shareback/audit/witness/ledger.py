"""The witness' memory: the last checkpoint of each log, and the notes that it refused.

It is a SQLite file. What was seen is durable before it is cosigned, and who looks at it in order
to change it has it alone: two processes on one file never cosign two histories.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from shareback.audit.witness.judging import NONE_SEEN, Last, Refusal
from shareback.proofs.checkpoint import Checkpoint

BUSY_S = 10.0
"""As long one process waits for another."""

REFUSED_MAX = 64
"""Refused notes that are kept, of each log and ground; the newest."""

MARK = 0x5749544E
"""SQLite's application id of such a file."""

TABLES = (
    """CREATE TABLE seen (
        origin TEXT PRIMARY KEY,
        size INTEGER NOT NULL CHECK (size >= 0),
        root BLOB NOT NULL CHECK (length(root) = 32),
        liabilities BLOB NOT NULL CHECK (length(liabilities) IN (0, 32)),
        note TEXT NOT NULL,
        at INTEGER NOT NULL
    ) STRICT""",
    """CREATE TRIGGER seen_only_grows BEFORE UPDATE ON seen
        WHEN NEW.origin <> OLD.origin OR NEW.size < OLD.size OR (NEW.size = OLD.size
            AND (NEW.root <> OLD.root OR NEW.liabilities <> OLD.liabilities))
        BEGIN SELECT RAISE(ABORT, 'what a witness has seen only grows'); END""",
    """CREATE TRIGGER seen_is_not_forgotten BEFORE DELETE ON seen
        BEGIN SELECT RAISE(ABORT, 'a witness forgets nothing'); END""",
    """CREATE TABLE refused (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        origin TEXT NOT NULL,
        ground TEXT NOT NULL,
        note TEXT NOT NULL,
        cosigned TEXT NOT NULL,
        at INTEGER NOT NULL,
        UNIQUE (origin, ground, note)
    ) STRICT""",
)


class LedgerUnreadable(ValueError):
    """A file that is no witness' ledger."""

    def __init__(self, path: Path, reason: str) -> None:
        """Keep which file, and what is wrong with it."""
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")


class Seen(NamedTuple):
    """A log and the last checkpoint of it; ``at`` is when it was cosigned, in seconds UTC."""

    origin: str
    size: int
    note: str
    at: int


class Refused(NamedTuple):
    """A note that was not cosigned.

    Attributes:
        origin: Of which log.
        ground: Why.
        note: The checkpoint with the log's signatures.
        cosigned: The checkpoint that had been cosigned then: together they are the evidence.
        at: When, in seconds UTC.
    """

    origin: str
    ground: Refusal
    note: str
    cosigned: str
    at: int


class Turn:
    """A look at the ledger by one process alone, and what it changes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Work within a transaction."""
        self.connection = connection

    def last_of(self, origin: str) -> Last:
        """The last checkpoint of a log that was cosigned."""
        row = self.connection.execute(
            "SELECT size, root, liabilities, note FROM seen WHERE origin = ?", [origin]
        ).fetchone()
        return Last(*row) if row else NONE_SEEN

    def keep(self, seen: Checkpoint, note: str, at: int) -> None:
        """Keep a checkpoint that is cosigned, in place of the one before."""
        self.connection.execute(
            """INSERT INTO seen (origin, size, root, liabilities, note, at)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root,
                liabilities = excluded.liabilities, note = excluded.note, at = excluded.at""",
            [seen.origin, seen.size, seen.root, seen.liabilities, note, at],
        )

    def clear(self, origin: str, note: str) -> None:
        """Forget that a note was not shown to extend the last one: now it was."""
        self.connection.execute(
            "DELETE FROM refused WHERE origin = ? AND ground = ? AND note = ?",
            [origin, Refusal.NOT_SHOWN.name, note],
        )

    def keep_refused(self, refused: Refused) -> None:
        """Keep a note that was refused; the oldest of its kind gives way."""
        kind = [refused.origin, refused.ground.name]
        self.connection.execute(
            """INSERT INTO refused (origin, ground, note, cosigned, at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING""",
            [*kind, refused.note, refused.cosigned, refused.at],
        )
        self.connection.execute(
            """DELETE FROM refused WHERE origin = ? AND ground = ? AND number NOT IN (
                SELECT number FROM refused WHERE origin = ? AND ground = ?
                ORDER BY number DESC LIMIT ?)""",
            [*kind, *kind, REFUSED_MAX],
        )


class Ledger:
    """A witness' memory in a file; any number of processes and threads may share it."""

    def __init__(self, path: Path) -> None:
        """Keep where it is; the file must be there."""
        self.path = path

    def connected(self) -> sqlite3.Connection:
        """A connection of its own.

        Raises:
            sqlite3.Error: There is no such file. It is never made anew: a witness that has
                forgotten what it saw would cosign a second history.
        """
        address = f"{self.path.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(address, uri=True, timeout=BUSY_S, isolation_level=None)
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """Have the ledger alone; what the block changes is durable after it, or not at all."""
        with closing(self.connected()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield Turn(connection)
            connection.execute("COMMIT")

    def last_of(self, origin: str) -> Last:
        """The last checkpoint of a log that was cosigned."""
        with closing(self.connected()) as connection:
            return Turn(connection).last_of(origin)

    def seen(self) -> list[Seen]:
        """The last checkpoint of every log, by origin."""
        with closing(self.connected()) as connection:
            rows = connection.execute("SELECT origin, size, note, at FROM seen ORDER BY origin")
            return [Seen(*row) for row in rows]

    def refused(self) -> list[Refused]:
        """The notes that were refused, the newest first."""
        with closing(self.connected()) as connection:
            rows = connection.execute(
                "SELECT origin, ground, note, cosigned, at FROM refused ORDER BY number DESC"
            )
            return [
                Refused(origin, Refusal[ground], note, cosigned, at)
                for origin, ground, note, cosigned, at in rows
            ]


def make_ledger(path: Path) -> Ledger:
    """A ledger in a file, which is made where there is none.

    Raises:
        LedgerUnreadable: It is another program's file, or cannot be used.
    """
    try:
        path.touch()
        ledger = Ledger(path)
        with closing(ledger.connected()) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        with ledger.turn() as turn:
            make_tables(path, turn.connection)
    except (OSError, sqlite3.Error) as fault:
        reason = getattr(fault, "strerror", None) or str(fault)
        raise LedgerUnreadable(path, f"cannot be used: {reason}") from None
    return ledger


def make_tables(path: Path, connection: sqlite3.Connection) -> None:
    """Make the tables of an empty ledger.

    Raises:
        LedgerUnreadable: The file is a database of another kind.
    """
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    if mark == MARK:
        return
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if tables:
        raise LedgerUnreadable(path, "is a database of another kind; name another file")
    for table in TABLES:
        connection.execute(table)
    connection.execute(f"PRAGMA application_id = {MARK}")
