"""Where the engine's time goes: its own functions timed, each without those it calls."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
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

PARTS: list[tuple[Any, str, str]] = [
    (engines.Engine, "apply", "commands"),
    (engines.Engine, "close", "closes"),
    (engines.Transaction, "__enter__", "lock"),
    (Translator, "gather", "commands"),
    (Repeats, "load", "commands"),
    (Slice, "load_orders", "load order"),
    (batches, "log", "log"),
    (batches, "apply_batch", "rules"),
    (Writer, "write", "rows"),
    (Writer, "write_head", "head and day"),
    (Atomic, "__exit__", "commit"),
]
"""Owner, function and the part that its time is counted to; statements are named by table."""

STORAGES = (PostgresqlStorage, SqliteStorage)


class Timers:
    """Exclusive times: while a part calls another one, its own clock stands."""

    def __init__(self) -> None:
        """Nothing is timed yet."""
        self.seconds: dict[str, float] = defaultdict(float)
        self.open: list[str] = []
        self.last = 0.0

    def turn(self) -> None:
        """Book the time since the last turn to the part that is open."""
        now = time.perf_counter()
        if self.open:
            self.seconds[self.open[-1]] += now - self.last
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
