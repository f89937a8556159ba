"""Calls become batches: all in one transaction, or each alone where that fails as a whole."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from django.db import DatabaseError, InterfaceError, OperationalError, connections

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.journal.severing import sever

if TYPE_CHECKING:
    from concurrent.futures import Future

TRIES = 3
"""How often a batch is tried that the database turned away: a deadlock, a lost connection."""

Alongside: TypeAlias = Callable[[Sequence[object], Sequence[Sequence[cmd.Answer]]], None]
"""Writes what belongs to calls into their transaction: their notes, and each call's answers."""


class Unavailable(Exception):
    """The database could not be reached, or did not answer in time.

    The call may have been done or be done yet: sent again with its own key or ids, it gets its
    first answer then.
    """


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


class Committer:
    """Commits calls on one programme; owned by one thread, which owns a connection with it."""

    def __init__(self, open_engine: Callable[[], Engine], alongside: Alongside, alias: str) -> None:
        """Open nothing yet.

        Args:
            open_engine: Makes the engine.
            alongside: Called inside each transaction, before it is written.
            alias: Which of Django's databases the engine works on.
        """
        self.open_engine = open_engine
        self.alongside = alongside
        self.connection = connections[alias]
        self.engine: Engine | None = None
        self.took: float | None = None
        self.began: float | None = None

    def commit(self, calls: Sequence[Call]) -> None:
        """Commit calls and answer all of them, whatever happens."""
        self.took = time.monotonic()
        try:
            self.settle(calls)
        finally:
            self.took = None

    def settle(self, calls: Sequence[Call]) -> None:
        """Commit calls as one batch; where that fails as a whole, each alone."""
        try:
            answers = self.attempt(calls)
        except Unavailable as fault:
            for call in calls:
                # Each caller raises an exception of its own: a raised one gathers tracebacks.
                fail(call, Unavailable(*fault.args), fault.__cause__)
        except BaseException as fault:  # noqa: BLE001 - whoever waits must hear of it
            if len(calls) == 1:
                fail(calls[0], fault)
            else:
                for call in calls:
                    self.settle([call])
        else:
            for call, answered in zip(calls, answers, strict=True):
                call.answers.set_result(answered)

    def attempt(self, calls: Sequence[Call]) -> list[list[cmd.Answer]]:
        """Apply calls in one transaction; again where the database turned it away (A22).

        A command of a call bears a key or an id of its own, so if the commit had gone through
        after all, it gets its first answer.

        Raises:
            Unavailable: The database turned it away each time.
        """
        for _ in range(TRIES - 1):
            try:
                return self.apply(calls)
            except (OperationalError, InterfaceError):
                self.rest()
        try:
            return self.apply(calls)
        except (OperationalError, InterfaceError) as fault:
            self.rest()
            raise Unavailable(str(fault)) from fault

    def apply(self, calls: Sequence[Call]) -> list[list[cmd.Answer]]:
        """Apply calls in one transaction."""
        self.began = time.monotonic()
        try:
            engine = self.engine = self.engine or self.open_engine()
            commands = [command for call in calls for command in call.commands]
            ends = list(accumulate(len(call.commands) for call in calls))

            def parted(answers: Sequence[cmd.Answer]) -> list[list[cmd.Answer]]:
                return [list(answers[start:end]) for start, end in pairwise([0, *ends])]

            notes = [call.note for call in calls]
            return parted(
                engine.apply(commands, lambda answers: self.alongside(notes, parted(answers)))
            )
        finally:
            self.began = None

    def rest(self) -> None:
        """Let go of the slice and of the connection, also of one that never made an engine."""
        self.engine = None
        with suppress(DatabaseError, InterfaceError):
            self.connection.close()

    def is_late(self, seconds: float) -> bool:
        """Whether calls have been at work for so long, all tries together; from any thread."""
        took = self.took
        return took is not None and time.monotonic() - took >= seconds

    def sever_after(self, seconds: float) -> None:
        """Cut the connection off if one try has been at work for so long; from any thread."""
        began = self.began
        if began is not None and time.monotonic() - began >= seconds:
            sever(self.connection)


def fail(call: Call, fault: BaseException, cause: BaseException | None = None) -> None:
    """Let a caller hear of a fault."""
    if cause is not None:
        fault.__cause__ = cause
    call.answers.set_exception(fault)
