"""Sign messages as Standard Webhooks says, and post them; nothing of an answer is kept."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache, partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, NamedTuple, Self

import httpx
from standardwebhooks import Webhook

from shareback.gateways.addresses import Target
from shareback.gateways.notices import EPOCH

BATCH = 64
"""As many messages are sent to one endpoint together, each of another member."""

AT_ONCE = 16
"""As many of them are under way at the same moment."""

DEADLINE_S = 20.0
"""For all messages of a batch: then their connections are cut, however slowly they drip."""

PATIENCE_S = DEADLINE_S / 2
"""For connecting, for a handshake, and for each piece of an answer. Messages begin in the first
half of a batch's time, so that each has this long; those that do not come to it are sent later."""

HEAD_MAX = 16_384
READ_AT_ONCE = 4_096
ANSWER_MAX = 65_536
PIECES_MAX = 64
"""Bytes of an answer's head and of its body, and pieces of that, that are read. To parse an endless
row of tiny ones would cost this machine more than it costs whoever sends them."""

AGENT = "Shareback-Webhooks/1"


Read = Callable[[int, float | None], bytes]
"""Reads from a connection: how many bytes at most, and how many seconds to wait."""


class Letter(NamedTuple):
    """A message that is to be sent: its webhook id and its body."""

    name: str
    body: str


class Outcome(NamedTuple):
    """What came of an attempt: whether it was taken, the HTTP status or 0, and what went wrong."""

    delivered: bool
    status: int
    error: str


UNANSWERED = Outcome(delivered=False, status=0, error="no answer in time")


class HeadTooLong(OSError):
    """An answer whose head, with what servers may send before it, has no end."""


class Cutter:
    """Cuts the connections of a batch when its time is over, and heads that are too long."""

    def __init__(self, seconds: float) -> None:
        """Start with no connection."""
        self.sockets: list[socket.socket] = []
        self.here = threading.local()
        self.late_at = time.monotonic() + seconds / 2
        self.is_over = False
        self.timer = threading.Timer(seconds, self.cut)
        self.timer.daemon = True

    def __enter__(self) -> Self:
        """Start the clock."""
        self.timer.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        """Stop the clock."""
        self.timer.cancel()

    def is_late(self) -> bool:
        """Whether what begins now could not be waited for long enough."""
        return self.is_over or time.monotonic() >= self.late_at

    def cut(self) -> None:
        """End every connection; whoever waits for one is told at once."""
        self.is_over = True
        for opened in self.sockets:
            # TLS's own shutdown would forget its state under the thread that reads.
            with suppress(OSError):
                socket.socket.shutdown(opened, socket.SHUT_RDWR)

    def trace(self, name: str, told: dict[str, Any]) -> None:
        """What httpx calls, in the request's own thread, as the request goes on.

        A handshake of TLS is not cut: it has a time limit of its own, as connecting has.
        """
        if name in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            stream = told["return_value"]
            stream.read = partial(self.read, stream.read)
            self.sockets.append(stream.get_extra_info("socket"))
            if self.is_over:
                self.cut()
        elif name == "http11.receive_response_headers.started":
            self.here.left = HEAD_MAX
        elif name == "http11.receive_response_headers.complete":
            self.here.left = None

    def read(self, read: Read, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read from a connection; of a head, no more than it may have.

        Raises:
            HeadTooLong: It has more.
        """
        left: int | None = getattr(self.here, "left", None)
        if left is None:
            return read(max_bytes, timeout)
        if left <= 0:
            raise HeadTooLong
        found = read(min(max_bytes, READ_AT_ONCE), timeout)
        self.here.left = left - len(found)
        return found


@cache
def trusted() -> ssl.SSLContext:
    """Whose certificates are trusted; read from the disk once, which takes its time."""
    return httpx.create_ssl_context()


def headers_of(secret: str, letter: Letter, at: int) -> dict[str, str]:
    """The three headers of Standard Webhooks.

    Args:
        secret: The endpoint's.
        letter: The message.
        at: When it is sent, µs UTC.
    """
    moment: datetime = EPOCH + timedelta(microseconds=at)
    return {
        "webhook-id": letter.name,
        "webhook-timestamp": str(at // 1_000_000),
        "webhook-signature": Webhook(secret).sign(letter.name, moment, letter.body),
    }


def post_all(
    target: Target,
    secret: str,
    letters: Sequence[Letter],
    at: int,
    context: ssl.SSLContext | None = None,
    deadline_s: float = DEADLINE_S,
) -> list[Outcome | None]:
    """Send messages to an endpoint, some at the same time.

    Args:
        target: The endpoint's checked address.
        secret: The endpoint's.
        letters: At most `BATCH`.
        at: When they are sent, µs UTC.
        context: Whose certificates are trusted; those that this machine trusts where none is said.
        deadline_s: For all of them together.

    Returns:
        What came of each, in order; nothing where the time did not suffice to begin with it.
    """
    if not letters:
        return []
    options: dict[str, Any] = {
        # A proxy of the environment would connect to where it likes.
        "trust_env": False,
        "verify": context or trusted(),
        "follow_redirects": False,
        "timeout": min(PATIENCE_S, deadline_s / 2),
        # Else one answer would have its say in the requests after it.
        "cookies": CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    }
    with (
        httpx.Client(**options) as client,
        Cutter(deadline_s) as cutter,
        ThreadPoolExecutor(min(AT_ONCE, len(letters))) as pool,
    ):
        return list(pool.map(lambda one: post(client, cutter, target, secret, one, at), letters))


def post(
    client: httpx.Client, cutter: Cutter, target: Target, secret: str, letter: Letter, at: int
) -> Outcome | None:
    """Send one message, if there is time; a success is an answer of 2xx, a redirect is none."""
    if cutter.is_late():
        return None
    headers = headers_of(secret, letter, at) | {
        "Content-Type": "application/json",
        "Host": target.host,
        "User-Agent": AGENT,
    }
    extensions = {"sni_hostname": target.name, "trace": cutter.trace}
    try:
        with client.stream(
            "POST",
            target.url,
            content=letter.body.encode(),
            headers=headers,
            extensions=extensions,
        ) as response:
            swallow(response)
            status = response.status_code
    except httpx.TimeoutException:
        return UNANSWERED
    except (httpx.HTTPError, httpx.StreamError, OSError, ValueError) as fault:
        # TLS calls it a ValueError to read what was cut at this very moment.
        if cutter.is_over:
            return UNANSWERED
        return Outcome(delivered=False, status=0, error=type(fault).__name__)
    if httpx.codes.is_success(status):
        return Outcome(delivered=True, status=status, error="")
    return Outcome(delivered=False, status=status, error=f"answered {status}")


def swallow(response: httpx.Response) -> None:
    """Read an answer to its end, or so far that the rest is not worth it; keep nothing."""
    read = 0
    for pieces, piece in enumerate(response.iter_raw(), 1):
        read += len(piece)
        if read > ANSWER_MAX or pieces >= PIECES_MAX:
            return
