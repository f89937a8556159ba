"""Group commit: single calls are collected while the batch before them flushes.

One thread a programme and process owns the engine. Whoever submits waits for the answer, which
comes only when the batch that holds the command is durable. A refusal hurts nobody else; where a
batch as a whole fails, its calls are tried again one by one, so that one bug costs one call.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from itertools import accumulate, pairwise
from typing import NamedTuple, TypeAlias

from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    InterfaceError,
    OperationalError,
    connections,
)

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine

COMMANDS_MAX = 8_000
"""A batch takes no further call once it holds so many commands."""

WAITING_MAX = 100_000
"""Commands that may wait; whoever comes then is sent away at once."""

TRIES = 3
"""How often a batch is tried that the database turned away: a deadlock, a lost connection."""

Alongside: TypeAlias = Callable[[Sequence[object], Sequence[Sequence[cmd.Answer]]], None]
"""Writes what belongs to calls into their transaction: their notes, and each call's answers."""


class Busy(Exception):
    """Too many calls wait already; nothing was done."""


class Unavailable(Exception):
    """The database could not be reached, or refused for now; the call may be sent again."""


class Call(NamedTuple):
    """Commands that somebody waits for.

    Attributes:
        commands: They are applied in order, in one transaction.
        note: What is handed to `Alongside` with their answers.
        answers: Where the answers, or a fault, arrive.
    """

    commands: Sequence[cmd.Command]
    note: object
    answers: "Future[list[cmd.Answer]]"


class Group:
    """Collects calls on one programme and commits them together."""

    def __init__(
        self,
        open_engine: Callable[[], Engine],
        alongside: Alongside,
        alias: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Start nothing yet: the thread begins with the first call.

        Args:
            open_engine: Makes the engine, in the thread that will own it.
            alongside: Called inside each transaction, before it is written.
            alias: Which of Django's databases the engine works on.
        """
        self.open_engine = open_engine
        self.alongside = alongside
        self.alias = alias
        self.waiting: deque[Call] = deque()
        self.count = 0
        self.changed = threading.Condition()
        self.thread: threading.Thread | None = None
        self.engine: Engine | None = None

    def submit(self, commands: Sequence[cmd.Command], note: object = None) -> list[cmd.Answer]:
        """Apply commands together with whatever else waits; returns when they are durable.

        Raises:
            Busy: Too many wait already.
            Unavailable: The database cannot be reached.
            InvariantBroken: A bug; nothing of this call was written.
        """
        call = Call(commands, note, Future())
        with self.changed:
            if self.count + len(commands) > WAITING_MAX and self.count > 0:
                raise Busy
            self.waiting.append(call)
            self.count += len(commands)
            if self.thread is None or not self.thread.is_alive():
                # A forked child has the attribute and no thread.
                self.thread = threading.Thread(target=self.run, name="group", daemon=True)
                self.thread.start()
            self.changed.notify()
        return call.answers.result()

    def run(self) -> None:
        """Commit what waits, for ever; a daemon thread ends with its process."""
        while True:
            self.commit(self.take())

    def take(self) -> list[Call]:
        """Wait for calls; as many as a batch may hold."""
        with self.changed:
            while not self.waiting:
                self.changed.wait()
            calls: list[Call] = []
            size = 0
            while self.waiting and (not calls or size < COMMANDS_MAX):
                call = self.waiting.popleft()
                calls.append(call)
                size += len(call.commands)
            self.count -= size
        return calls

    def commit(self, calls: Sequence[Call]) -> None:
        """Commit calls as one batch; where that fails as a whole, each alone."""
        try:
            answers = self.attempt(calls)
        except BaseException as fault:  # noqa: BLE001 - whoever waits must hear of it
            if len(calls) == 1 or isinstance(fault, Unavailable):
                for call in calls:
                    call.answers.set_exception(fault)
            else:
                for call in calls:
                    self.commit([call])
            return
        for call, answered in zip(calls, answers, strict=True):
            call.answers.set_result(answered)

    def attempt(self, calls: Sequence[Call]) -> list[list[cmd.Answer]]:
        """Apply calls in one transaction; again where the database turned it away (A22).

        A command of a call bears a key or an id of its own, so if the commit had gone through
        after all, it gets its first answer.
        """
        for _ in range(TRIES - 1):
            try:
                return self.apply(calls)
            except (OperationalError, InterfaceError):
                self.reconnect()
        try:
            return self.apply(calls)
        except (OperationalError, InterfaceError) as fault:
            self.reconnect()
            raise Unavailable(str(fault)) from fault

    def apply(self, calls: Sequence[Call]) -> list[list[cmd.Answer]]:
        """Apply calls in one transaction."""
        engine = self.engine = self.engine or self.open_engine()
        commands = [command for call in calls for command in call.commands]
        ends = list(accumulate(len(call.commands) for call in calls))

        def parted(answers: Sequence[cmd.Answer]) -> list[list[cmd.Answer]]:
            return [list(answers[start:end]) for start, end in pairwise([0, *ends])]

        notes = [call.note for call in calls]
        return parted(
            engine.apply(commands, lambda answers: self.alongside(notes, parted(answers)))
        )

    def reconnect(self) -> None:
        """Let go of the slice and of the connection, also of one that never made an engine."""
        self.engine = None
        with suppress(DatabaseError, InterfaceError):
            connections[self.alias].close()
