"""Whose turn it is: endpoints that threads serve, one at a time, so that none keeps others waiting.

No endpoint has two turns at once, no client more than a few, and those that are slow share a part
of the threads: the rest is always free for whoever answers at once.
"""

import heapq
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from itertools import count
from typing import NamedTuple


class Turn(NamedTuple):
    """An endpoint: its programme, its client, its number."""

    programme: int
    client: int
    number: int

    @property
    def party(self) -> tuple[int, int]:
        """Whose it is."""
        return self.programme, self.client


Waiting = tuple[float, int, Turn]
"""An endpoint that waits: since or until when, after how many others, and which it is."""


class Rota:
    """Gives out turns in the order in which they are due; any thread may ask."""

    def __init__(
        self, of_one: int, of_slow: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Nobody yet.

        Args:
            of_one: How many turns one client has at the same moment, at most.
            of_slow: How many all those together that are slow.
            clock: Seconds.
        """
        self.of_one = of_one
        self.of_slow = of_slow
        self.clock = clock
        self.changed = threading.Condition()
        self.is_over = False
        self.known: set[Turn] = set()
        self.serving: dict[Turn, bool] = {}
        self.parties: Counter[tuple[int, int]] = Counter()
        self.held: dict[tuple[int, int], list[tuple[bool, Waiting]]] = defaultdict(list)
        self.heaps: dict[bool, list[Waiting]] = {False: [], True: []}
        self.order = count()

    def enlist(self, turns: Iterable[Turn]) -> None:
        """Say which endpoints there are; whoever is new is due at once, whoever is gone is out."""
        with self.changed:
            wanted = set(turns)
            # One that has gone waits in its place until it is its turn, and is dropped then.
            waiting = {turn for heap in self.heaps.values() for _at, _order, turn in heap}
            waiting |= {one[2] for held in self.held.values() for _slow, one in held}
            self.known = wanted
            for turn in sorted(wanted - waiting - self.serving.keys()):
                self.wait_for(turn, self.clock(), slow=False)
            self.changed.notify_all()

    def wait_for(self, turn: Turn, at: float, *, slow: bool) -> None:
        """Let an endpoint be due at some time; among equals, whoever came first."""
        heapq.heappush(self.heaps[slow], (at, next(self.order), turn))

    def take(self) -> Turn | None:
        """Wait for a turn; nothing once it is over."""
        with self.changed:
            while not self.is_over:
                turn = self.next()
                if turn is not None:
                    return turn
                self.changed.wait(self.seconds_to_wait())
            return None

    def next(self) -> Turn | None:
        """The endpoint that has been due for longest and may be served now; the lock is held."""
        while (slow := self.first_due()) is not None:
            first = heapq.heappop(self.heaps[slow])
            turn = first[2]
            if turn not in self.known:
                continue
            if self.parties[turn.party] >= self.of_one:
                self.held[turn.party].append((slow, first))
                continue
            self.serving[turn] = slow
            self.parties[turn.party] += 1
            return turn
        return None

    def first_due(self) -> bool | None:
        """In which heap the endpoint stands that has been due for longest, where there is one."""
        now = self.clock()
        due = [
            (heap[0], slow)
            for slow, heap in self.heaps.items()
            if heap and heap[0][0] <= now and self.has_room(slow=slow)
        ]
        return min(due)[1] if due else None

    def has_room(self, *, slow: bool) -> bool:
        """Whether one more of its kind may be served."""
        return not slow or sum(self.serving.values()) < self.of_slow

    def seconds_to_wait(self) -> float | None:
        """Until the next one is due; for ever where none will be before something changes."""
        times = [
            heap[0][0] for slow, heap in self.heaps.items() if heap and self.has_room(slow=slow)
        ]
        return max(0.0, min(times) - self.clock()) if times else None

    def give_back(self, turn: Turn, rest_s: float | None, *, slow: bool) -> None:
        """End a turn.

        Args:
            turn: The endpoint that was served.
            rest_s: After how many seconds it is due again; never where nothing is said.
            slow: Whether it kept a thread waiting.
        """
        with self.changed:
            del self.serving[turn]
            self.parties[turn.party] -= 1
            if rest_s is None:
                self.known.discard(turn)
            else:
                self.wait_for(turn, self.clock() + rest_s, slow=slow)
            for was_slow, other in self.held.pop(turn.party, []):
                heapq.heappush(self.heaps[was_slow], other)
            if self.parties[turn.party] == 0:
                del self.parties[turn.party]
            self.changed.notify_all()

    def end(self) -> None:
        """Give out no more turns."""
        with self.changed:
            self.is_over = True
            self.changed.notify_all()

    def wait_until_done(self, seconds: float) -> bool:
        """Wait until nobody is served or will be, for some seconds at most; whether it is so."""
        with self.changed:
            return self.changed.wait_for(lambda: self.is_over or not self.known, seconds)
