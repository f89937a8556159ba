"""Group commit: single calls are collected while the batch before them flushes.

One thread a programme and process owns the engine. Whoever submits waits for the answer, which
comes only when the batch that holds the command is durable. A refusal hurts nobody else; where a
batch as a whole fails, its calls are tried again one by one, so that one bug costs one call.

Nobody waits for ever. A caller is told after a time that no answer came; a connection on which a
batch makes no way is cut off, and the thread goes on with a new one; a thread that has nothing to
do lets go of its engine and its connection, and ends.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS

from shareback.engine import commands as cmd
from shareback.engine.committing import Alongside, Call, Committer, Unavailable, fail
from shareback.engine.engine import Engine

COMMANDS_MAX = 8_000
"""A batch takes no further call once it holds so many commands."""

WAITING_MAX = 100_000
"""Commands that may wait; whoever comes then is sent away at once."""


class Patience(NamedTuple):
    """How long a group waits for what may never come.

    Attributes:
        answer_s: After so long a caller hears that no answer came.
        batch_s: A connection on which one try of a batch takes so long is cut off; longer than
            the server allows a statement (`journal.database_url`), so it is dead.
        idle_s: A thread without work ends after so long.
    """

    answer_s: float = 30.0
    batch_s: float = 150.0
    idle_s: float = 300.0


PATIENT = Patience()


class Busy(Exception):
    """Too many calls wait already; nothing was done."""


class Group:
    """Collects calls on one programme and commits them together."""

    def __init__(
        self,
        open_engine: Callable[[], Engine],
        alongside: Alongside,
        alias: str = DEFAULT_DB_ALIAS,
        patience: Patience = PATIENT,
    ) -> None:
        """Start nothing yet: the thread begins with the first call.

        Args:
            open_engine: Makes the engine, in the thread that will own it.
            alongside: Called inside each transaction, before it is written.
            alias: Which of Django's databases the engine works on.
            patience: How long it waits for what.
        """
        self.open_engine = open_engine
        self.alongside = alongside
        self.alias = alias
        self.patience = patience
        self.waiting: deque[Call] = deque()
        self.taken: list[Call] = []
        self.count = 0
        self.released = False
        self.changed = threading.Condition()
        self.thread: threading.Thread | None = None
        self.committer: Committer | None = None

    def submit(self, commands: Sequence[cmd.Command], note: object = None) -> list[cmd.Answer]:
        """Apply commands together with whatever else waits; returns when they are durable.

        Raises:
            Busy: Too many wait already.
            Unavailable: The database cannot be reached, or no answer came in time.
            InvariantBroken: A bug; nothing of this call was written.
        """
        call = Call(commands, note, Future())
        self.enter(call)
        try:
            return call.answers.result(self.patience.answer_s)
        except TimeoutError:
            if call.answers.done():
                # It came at the last moment, or is a fault of the call's own.
                return call.answers.result()
            self.give_up(call)
            raise Unavailable(f"no answer within {self.patience.answer_s:g} s") from None

    def enter(self, call: Call) -> None:
        """Let a call wait for the next batch, and see to it that there will be one."""
        with self.changed:
            self.refuse_if_late()
            if self.count + len(call.commands) > WAITING_MAX and self.count > 0:
                raise Busy
            # A forked child has the attribute and no thread.
            if self.thread is None or not self.thread.is_alive():
                thread = threading.Thread(target=self.run, name="group", daemon=True)
                try:
                    thread.start()
                except RuntimeError as fault:
                    raise Unavailable(str(fault)) from fault
                self.thread = thread
            self.waiting.append(call)
            self.count += len(call.commands)
            self.changed.notify()

    def refuse_if_late(self) -> None:
        """Send away at once who would wait in vain, so that no thread is held for nothing.

        Raises:
            Unavailable: The calls at work have been so for longer than anybody waits.
        """
        committer = self.committer
        if committer is not None and committer.is_late(self.patience.answer_s):
            committer.sever_after(self.patience.batch_s)
            raise Unavailable("the batch before is late")

    def give_up(self, call: Call) -> None:
        """Take back a call that still waits; one that is at work may be done yet."""
        with self.changed:
            if call.answers.cancel():
                self.waiting.remove(call)
                self.count -= len(call.commands)
            if self.committer is not None:
                self.committer.sever_after(self.patience.batch_s)

    def release(self) -> None:
        """Let the thread end as soon as nothing waits, now and whenever it is started again."""
        with self.changed:
            self.released = True
            self.changed.notify()

    def run(self) -> None:
        """Commit what comes until nothing does; a daemon thread ends with its process."""
        committer = None
        try:
            committer = Committer(self.open_engine, self.alongside, self.alias)
            self.committer = committer
            while calls := self.take():
                committer.commit(calls)
        except BaseException as fault:
            self.collapse(fault)
            raise
        finally:
            if committer is not None:
                committer.rest()

    def take(self) -> list[Call]:
        """Wait for calls; as many as a batch may hold, and none where none came for long."""
        with self.changed:
            self.taken = []
            self.changed.wait_for(lambda: self.waiting or self.released, self.patience.idle_s)
            if not self.waiting:
                # Whoever comes from now on starts another thread.
                self.thread = self.committer = None
                return []
            size = 0
            while self.waiting and (not self.taken or size < COMMANDS_MAX):
                call = self.waiting.popleft()
                self.taken.append(call)
                call.answers.set_running_or_notify_cancel()
                size += len(call.commands)
            self.count -= size
            return self.taken

    def collapse(self, fault: BaseException) -> None:
        """Let everybody hear of a bug that ends the thread; the next call starts another."""
        with self.changed:
            calls = [*self.taken, *self.waiting]
            self.taken = []
            self.waiting.clear()
            self.count = 0
            self.thread = self.committer = None
        for call in calls:
            if not call.answers.done():
                fail(call, Unavailable(f"{type(fault).__name__} in the writer"), fault)
