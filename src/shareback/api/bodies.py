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

WAITING_EACH_MAX, WAITING_MAX = 6, 16

ENDED_EARLY = "the body is shorter than its Content-Length"


class Slots:
    """Places for bodies that may be on their way at the same moment, in this process.

    Args:
        most: Of one kind, all together.
        each: Of one key, in all kinds together.
    """

    def __init__(self, most: int, each: int) -> None:
        """All places are free."""
        self.most = most
        self.each = each
        self.taken: Counter[str] = Counter()
        self.held: Counter[str] = Counter()
        self.waiting: Counter[str] = Counter()
        self.changed = threading.Condition()

    @contextmanager
    def place(self, kind: str, key: str) -> Iterator[None]:
        """A place, for the length of a ``with`` block.

        Args:
            kind: What is read; no kind takes another one's places.
            key: Whose body it is.

        Raises:
            Problem: None has become free.
        """
        with self.changed:
            if not self.is_free(kind, key):
                self.wait(kind, key)
            self.taken[kind] += 1
            self.held[key] += 1
        try:
            yield
        finally:
            with self.changed:
                self.taken[kind] -= 1
                lower(self.held, key)
                self.changed.notify_all()

    def is_free(self, kind: str, key: str) -> bool:
        """Whether one more may be read."""
        return self.taken[kind] < self.most and self.held.get(key, 0) < self.each

    def wait(self, kind: str, key: str) -> None:
        """Wait until a place is free, if few wait already: waiting takes a thread too.

        Raises:
            Problem: None has become free.
        """
        if self.waiting.total() >= WAITING_MAX or self.waiting.get(key, 0) >= WAITING_EACH_MAX:
            raise turned_away()
        self.waiting[key] += 1
        try:
            if not self.changed.wait_for(lambda: self.is_free(kind, key), WAIT_S):
                raise turned_away()
        finally:
            lower(self.waiting, key)


def lower(counter: Counter[str], key: str) -> None:
    """Count one less; nothing is kept of keys that are at zero."""
    counter[key] -= 1
    if counter[key] == 0:
        del counter[key]


def turned_away() -> Problem:
    """The answer to whoever has too many bodies on their way."""
    return Problem(429, "too_many_requests", headers={"Retry-After": "1"})


STRANGERS = Slots(most=8, each=6)
"""For those who have not shown who they are, by address; kinds are `middleware.kind_of`'s."""

CLIENTS = Slots(most=32, each=16)
"""For the API's clients, by their id: a token was given to them."""


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
