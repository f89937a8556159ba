"""Where the engine's time goes: its own functions timed, each without those it calls."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple
from unittest.mock import patch

from django.db.transaction import Atomic

from shareback.engine import batch as batches
from shareback.engine import engine as engines
from shareback.engine.repeats import Repeats
from shareback.engine.slice import Slice
from shareback.engine.translate import Translator
from shareback.engine.writing import Writer
from shareback.journal.storage_postgresql import PostgresqlStorage
from shareback.journal.storage_sqlite import SqliteStorage


class Part(NamedTuple):
    """Seconds spent in a part: by the clock, and by this process's own work."""

    wall: float
    cpu: float


PARTS: list[tuple[Any, str, str]] = [
    (engines.Engine, "apply", "commands: check, translate, answer"),
    (engines.Engine, "close", "closes: find and order what is due"),
    (engines.Transaction, "__enter__", "lock and read the head"),
    (Translator, "gather", "commands: collect what they name"),
    (Repeats, "load", "commands: collect what they name"),
    (Slice, "load_orders", "closes: load orders"),
    (batches, "log", "log: encode, hash, append"),
    (batches, "apply_batch", "rules, compiled"),
    (Writer, "write", "write: choose the rows"),
    (Writer, "write_by_model", "write: head and day"),
    (Atomic, "__exit__", "commit"),
]
"""Owner, function and the part of the table that its time is counted to."""

STORAGES = (PostgresqlStorage, SqliteStorage)


class Timers:
    """Exclusive times: while a part calls another one, its own clock stands."""

    def __init__(self) -> None:
        """Nothing is timed yet."""
        self.wall: dict[str, float] = defaultdict(float)
        self.cpu: dict[str, float] = defaultdict(float)
        self.open: list[str] = []
        self.last = (0.0, 0.0)

    def turn(self) -> None:
        """Book the time since the last turn to the part that is open."""
        now = (time.perf_counter(), time.process_time())
        if self.open:
            self.wall[self.open[-1]] += now[0] - self.last[0]
            self.cpu[self.open[-1]] += now[1] - self.last[1]
        self.last = now

    def timed(self, function: Callable[..., Any], name: Callable[..., str]) -> Callable[..., Any]:
        """The function, its time booked to a part that its arguments name."""

        def run(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - any function of the engine
            self.turn()
            self.open.append(name(*arguments))
            try:
                return function(*arguments, **named)
            finally:
                self.turn()
                self.open.pop()

        return run

    def parts(self) -> dict[str, Part]:
        """What was timed, the longest first."""
        names = sorted(self.wall, key=self.wall.__getitem__, reverse=True)
        return {name: Part(self.wall[name], self.cpu[name]) for name in names}


def of_table(verb: str) -> Callable[..., str]:
    """Names the part of a call to the storage by its table."""
    return lambda _storage, shape, *_others: f"{verb} {shape.table.removeprefix('journal_')}"


@contextmanager
def timers() -> Iterator[Timers]:
    """Time the engine's parts for the length of a ``with`` block."""
    kept = Timers()
    with ExitStack() as patches:
        for owner, function, part in PARTS:
            run = kept.timed(getattr(owner, function), lambda *_, part=part: part)
            patches.enter_context(patch.object(owner, function, run))
        for storage in STORAGES:
            for verb in ("select", "insert", "update"):
                run = kept.timed(getattr(storage, verb), of_table(verb))
                patches.enter_context(patch.object(storage, verb, run))
        yield kept
