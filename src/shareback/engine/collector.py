"""Python's collector of cycles, at rest while a batch is at work.

A batch makes some ten thousand objects and no cycles; every few batches the collector would walk
through all that the process holds, which took as long as the orders themselves.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Rests:
    """How many batches the collector rests for, over all threads."""

    def __init__(self) -> None:
        """It is left as it was found."""
        self.lock = threading.Lock()
        self.count = 0
        self.was_on = False

    def change(self, by: int) -> None:
        """Begin or end one rest; the last to end switches the collector on again."""
        with self.lock:
            if self.count == 0:
                self.was_on = gc.isenabled()
                gc.disable()
            self.count += by
            if self.count == 0 and self.was_on:
                gc.enable()


RESTS = Rests()


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """No collection of cycles for the length of a ``with`` block."""
    RESTS.change(1)
    try:
        yield
    finally:
        RESTS.change(-1)
