"""Children that may be killed: forked from a process that has compiled everything already."""

import os
import select
import signal
import sys
import traceback
from collections.abc import Callable

from django.db import connections

from shareback.engine.engine import Engine
from shareback.engine.writing import Writer

FAILED = 70


class Child:
    """A forked process that tells with single bytes how far it is."""

    def __init__(self, work: Callable[[Callable[[bytes], object]], None]) -> None:
        """Fork; the child runs ``work`` with a function that tells, and ends.

        No connection may be open across a fork, neither a socket nor a file's locks.
        """
        connections.close_all()
        self.told = b""
        self.pipe, sink = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.pipe)
            os._exit(run(lambda: work(lambda byte: os.write(sink, byte))))
        os.close(sink)

    def hear(self, seconds: float) -> bool:
        """Wait for a byte for some time; returns whether the child may tell more."""
        ready, _, _ = select.select([self.pipe], [], [], seconds)
        if not ready:
            return True
        byte = os.read(self.pipe, 1)
        self.told += byte
        return byte != b""

    def kill(self) -> None:
        """``kill -9``, and read what it had told until then."""
        os.kill(self.pid, signal.SIGKILL)
        while self.hear(60):
            pass

    def wait(self) -> int:
        """Let it end by itself; returns its exit code, or the signal that ended it as -9."""
        while self.hear(60):
            pass
        os.close(self.pipe)
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)


def run(work: Callable[[], None]) -> int:
    """Run a child's work; returns its exit code."""
    try:
        work()
        connections.close_all()
    except BaseException:  # noqa: BLE001 - a child must never go on as its parent
        traceback.print_exc(file=sys.stderr)
        return FAILED
    return 0


def die() -> None:
    """Kill this process as ``kill -9`` does."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_while_writing(method: str, *, after: bool, turn: int = 1) -> None:
    """From now on this process dies before or after a step of writing, at its n-th time."""
    real = getattr(Writer, method)
    turns = 0

    def deadly(self: Writer, *given: str) -> None:
        nonlocal turns
        turns += 1
        if turns == turn and not after:
            die()
        real(self, *given)
        if turns == turn:
            die()

    setattr(Writer, method, deadly)


def again(engine: Engine) -> Engine:
    """The same programme, found anew."""
    return Engine(engine.programme.name, engine.alias, engine.salts)
