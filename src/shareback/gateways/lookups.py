"""Names looked up within a deadline: a resolver that hangs holds nobody for ever.

`getaddrinfo` cannot be stopped. So it runs in a thread of its own, which ends with the process at
the latest, and whoever asked goes on without it. Such threads are counted: all of them together, so
that there is an end to them, and those of each asker, so that one whose names hang leaves room for
the others.
"""

import threading
from collections import Counter
from collections.abc import Hashable, Sequence
from concurrent.futures import Future
from functools import partial

from shareback.gateways.addresses import Resolve, resolve

DEADLINE_S = 5.0
AT_ONCE = 64
AT_ONCE_OF_ONE = 4


class LookupsBusy(Exception):
    """Too many lookups hang already; nothing was looked up."""


class Lookups:
    """The lookups of this process that have not ended."""

    def __init__(self, at_once: int = AT_ONCE, of_one: int = AT_ONCE_OF_ONE) -> None:
        """None yet.

        Args:
            at_once: How many there may be at most.
            of_one: How many of them for the same asker.
        """
        self.at_once = at_once
        self.of_one = of_one
        self.lock = threading.Lock()
        self.running: Counter[Hashable] = Counter()

    def of(
        self, asker: Hashable, look_up: Resolve = resolve, deadline_s: float = DEADLINE_S
    ) -> Resolve:
        """A way to look names up for somebody, that raises `TimeoutError` when it takes too long.

        Args:
            asker: For whom, such as a programme and its client.
            look_up: Finds addresses, however long it takes.
            deadline_s: How long is waited.
        """
        return partial(self.find, asker, look_up, deadline_s)

    def find(
        self, asker: Hashable, look_up: Resolve, deadline_s: float, host: str, port: int
    ) -> Sequence[str]:
        """The addresses of a host.

        Raises:
            LookupsBusy: Too many lookups hang.
            TimeoutError: This one takes too long.
            OSError: There are none.
        """
        self.enter(asker)
        answer: Future[Sequence[str]] = Future()

        def work() -> None:
            try:
                answer.set_result(look_up(host, port))
            except BaseException as fault:  # noqa: BLE001 - whoever waits must hear of it
                answer.set_exception(fault)
            finally:
                self.leave(asker)

        try:
            threading.Thread(target=work, name="lookup", daemon=True).start()
        except RuntimeError:
            # This machine gives no more threads.
            self.leave(asker)
            raise LookupsBusy from None
        return answer.result(deadline_s)

    def enter(self, asker: Hashable) -> None:
        """Count one more."""
        with self.lock:
            if self.running.total() >= self.at_once or self.running[asker] >= self.of_one:
                raise LookupsBusy
            self.running[asker] += 1

    def leave(self, asker: Hashable) -> None:
        """Count one less; who has none is forgotten."""
        with self.lock:
            self.running[asker] -= 1
            if self.running[asker] == 0:
                del self.running[asker]


LOOKUPS = Lookups()
