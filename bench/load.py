"""A bounded load of HTTP requests from one process: many connections, little work for each."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import quantiles
from typing import NamedTuple
from urllib.parse import urlsplit

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length: "
LAST_CHUNK = b"0\r\n\r\n"
"""An answer whose length is not told ends with it."""


class Load(NamedTuple):
    """What a load came to.

    Attributes:
        per_second: Requests that were answered, a second.
        p50_ms: Half of them were answered within this.
        p99_ms: All but a hundredth.
        statuses: How often each status came.
    """

    per_second: float
    p50_ms: float
    p99_ms: float
    statuses: dict[int, int]


@dataclass
class Tally:
    """Latencies and statuses as they come."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    def load(self, wall: float) -> Load:
        """All of it together."""
        cuts = quantiles(self.seconds, n=100)
        return Load(len(self.seconds) / wall, 1_000 * cuts[49], 1_000 * cuts[98], self.statuses)


class Connection(asyncio.Protocol):
    """One connection that sends a request when it is told to, and says when the answer is whole."""

    def __init__(self, tally: Tally, idle: Callable[["Connection"], None]) -> None:
        """Tell the tally of answers, and ``idle`` that it may be given more."""
        self.tally = tally
        self.idle = idle
        self.buffer = b""
        self.due = 0.0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        if isinstance(transport, asyncio.Transport):
            self.transport = transport

    def send(self, request: bytes, due: float) -> None:
        """Send a request that was due at a moment: waiting for a connection counts too."""
        self.due = due
        if self.transport is not None:
            self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Collect an answer."""
        self.buffer += data
        head = self.buffer.find(END_OF_HEAD)
        if head < 0:
            return
        if not self.is_whole(head):
            return
        status = int(self.buffer[9:12])
        self.buffer = b""
        self.tally.seconds.append(time.perf_counter() - self.due)
        self.tally.statuses[status] = self.tally.statuses.get(status, 0) + 1
        self.idle(self)

    def is_whole(self, head: int) -> bool:
        """Whether all of the answer is there whose head ends here."""
        start = self.buffer.lower().find(LENGTH, 0, head)
        if start < 0:
            return self.buffer.endswith(LAST_CHUNK)
        size = int(self.buffer[start + len(LENGTH) : self.buffer.find(b"\r", start)])
        return len(self.buffer) >= head + len(END_OF_HEAD) + size


async def connect(
    url: str, count: int, tally: Tally, idle: Callable[[Connection], None]
) -> list[Connection]:
    """Open connections."""
    site = urlsplit(url)
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(
            lambda: Connection(tally, idle), site.hostname or "", site.port or 0
        )
        for _ in range(count)
    ]
    return [protocol for _transport, protocol in made]


async def closed(url: str, requests: Iterator[bytes], clients: int, seconds: float) -> Load:
    """As many clients as said, each sending again as soon as it has its answer."""
    tally, ends = Tally(), time.perf_counter() + seconds
    busy, done = clients, asyncio.Event()

    def idle(connection: Connection) -> None:
        nonlocal busy
        now = time.perf_counter()
        request = next(requests, None) if now < ends else None
        if request is not None:
            connection.send(request, now)
            return
        busy -= 1
        if busy == 0:
            done.set()

    connections = await connect(url, clients, tally, idle)
    start = time.perf_counter()
    for connection in connections:
        idle(connection)
    await done.wait()
    return shut(connections, tally, start)


async def opened(
    url: str, requests: Iterator[bytes], clients: int, rate: float, seconds: float
) -> Load:
    """Requests at a steady rate, whether or not answers come: what waits counts as latency."""
    tally = Tally()
    free: list[Connection] = []
    waiting: list[tuple[bytes, float]] = []

    def idle(connection: Connection) -> None:
        if waiting:
            connection.send(*waiting.pop(0))
        else:
            free.append(connection)

    connections = await connect(url, clients, tally, idle)
    free.extend(connections)
    start = time.perf_counter()
    for place in range(int(rate * seconds)):
        due = start + place / rate
        delay = due - time.perf_counter()
        if delay > 0:
            await asyncio.sleep(delay)
        request = next(requests)
        if free:
            free.pop().send(request, due)
        else:
            waiting.append((request, due))
    while len(free) < clients:  # noqa: ASYNC110 - the last answers come within milliseconds
        await asyncio.sleep(0.01)
    return shut(connections, tally, start)


def shut(connections: list[Connection], tally: Tally, start: float) -> Load:
    """Close the connections, and add up."""
    wall = time.perf_counter() - start
    for connection in connections:
        if connection.transport is not None:
            connection.transport.close()
    return tally.load(wall)
