"""Bodies of requests: bounded, and read so that those which never come hold few threads (A62).

The server gives no deadline for a body: a thread that reads one waits until it is there or the
connection ends. So it is counted who is reading what, and nobody gets more than a share of the
threads; whoever asks for more waits for a moment and is turned away. A proxy that takes bodies in
whole before it passes them on (docs/operate/site.md) keeps the rest away.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest
from django.http.request import UnreadablePostError

from shareback.api.problems import Problem

WAIT_S = 0.5
"""Most bodies come with their head: a slot is free again at once, unless somebody holds it."""

ENDED_EARLY = "the body is shorter than its Content-Length"


class Slots:
    """Places for bodies that may be on their way at the same moment, in this process.

    Args:
        most: Of one kind, all together.
        each: Of one key, in all kinds together.
        waiting_most: How many may wait for a place, all together.
        waiting_each: Of one key.
    """

    def __init__(self, most: int, each: int, waiting_most: int, waiting_each: int) -> None:
        """All places are free."""
        self.most = most
        self.each = each
        self.waiting_most = waiting_most
        self.waiting_each = waiting_each
        self.taken: Counter[str] = Counter()
        self.held: Counter[str] = Counter()
        self.waiting: Counter[str] = Counter()
        self.queue: list[Waiter] = []
        self.counting = threading.Lock()

    @contextmanager
    def place(self, kind: str, key: str) -> Iterator[None]:
        """A place, for the length of a ``with`` block.

        Args:
            kind: What is read; no kind takes another one's places.
            key: Whose body it is.

        Raises:
            Problem: None has become free.
        """
        self.take(kind, key)
        try:
            yield
        finally:
            with self.counting:
                self.taken[kind] -= 1
                lower(self.held, key)
                self.let_in()

    def take(self, kind: str, key: str) -> None:
        """Take a place; wait for one if few wait already, since waiting takes a thread too.

        Raises:
            Problem: None has become free.
        """
        with self.counting:
            if self.is_free(kind, key):
                self.count(kind, key)
                return
            all_waiting, own = len(self.queue), self.waiting.get(key, 0)
            if all_waiting >= self.waiting_most or own >= self.waiting_each:
                raise turned_away()
            waiter = Waiter(kind, key)
            self.queue.append(waiter)
            self.waiting[key] += 1
        if waiter.is_in.wait(WAIT_S):
            return
        with self.counting:
            # It may have been let in just now: then it has its place.
            if not waiter.is_in.is_set():
                self.leave(waiter)
                raise turned_away()

    def is_free(self, kind: str, key: str) -> bool:
        """Whether one more may be read."""
        return self.taken[kind] < self.most and self.held.get(key, 0) < self.each

    def count(self, kind: str, key: str) -> None:
        """Count one more."""
        self.taken[kind] += 1
        self.held[key] += 1

    def leave(self, waiter: "Waiter") -> None:
        """Let one wait no longer."""
        self.queue.remove(waiter)
        lower(self.waiting, waiter.key)

    def let_in(self) -> None:
        """Give the place that has become free to the first who waits for such a one.

        It is counted for that one here, and nobody else is woken: of a crowd that all look
        whether it is their turn, each look would hold up the others.
        """
        for waiter in self.queue:
            if self.is_free(waiter.kind, waiter.key):
                self.leave(waiter)
                self.count(waiter.kind, waiter.key)
                waiter.is_in.set()
                return


class Waiter:
    """Somebody who waits for a place."""

    def __init__(self, kind: str, key: str) -> None:
        """Wait."""
        self.kind = kind
        self.key = key
        self.is_in = threading.Event()


def lower(counter: Counter[str], key: str) -> None:
    """Count one less; nothing is kept of keys that are at zero."""
    counter[key] -= 1
    if counter[key] == 0:
        del counter[key]


def turned_away() -> Problem:
    """The answer to whoever has too many bodies on their way."""
    return Problem(429, "too_many_requests", headers={"Retry-After": "1"})


STRANGERS = Slots(most=8, each=6, waiting_most=16, waiting_each=6)
"""For those who have not shown who they are, by address; kinds are `middleware.kind_of`'s."""

CLIENTS = Slots(most=32, each=24, waiting_most=40, waiting_each=40)
"""For the API's clients, by their id: a token was given to them, and their calls are counted.

When a batch is durable, all who waited for it are answered at once and send their next call
together: a mall with 64 connections has as many bodies on their way for a moment.
"""


def read(request: HttpRequest, slots: Slots, kind: str, key: str) -> None:
    """Read a body, in a place of its own.

    Raises:
        Problem: There is no place, or the body is not as long as it was said to be: half of what
            somebody wanted must not be done.
    """
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length == 0:
        return
    with slots.place(kind, key):
        try:
            found = len(request.body)
        except UnreadablePostError:
            found = -1
    if found != length:
        raise Problem(400, "invalid", ENDED_EARLY)
