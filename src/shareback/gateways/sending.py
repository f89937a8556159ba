"""Sign messages as Standard Webhooks says, and post them; nothing of an answer is kept."""

import socket
import ssl
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple, Self

import httpx
from standardwebhooks import Webhook

from shareback.gateways.addresses import Target
from shareback.gateways.notices import EPOCH

BATCH = 64
"""As many messages are sent to one endpoint together, each of another member."""

AT_ONCE = 16
"""As many of them are under way at the same moment."""

PATIENCE_S = 10.0
"""For a connection, and for each piece of an answer."""

DEADLINE_S = 45.0
"""For all messages of a batch: then their connections are cut, however slowly they drip."""

ANSWER_MAX = 65_536
AGENT = "Shareback-Webhooks/1"


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


class Cutter:
    """Cuts the connections of a batch when its time is over."""

    def __init__(self, seconds: float) -> None:
        """Start with no connection."""
        self.sockets: list[socket.socket] = []
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

    def cut(self) -> None:
        """End every connection; whoever waits for one is told at once."""
        self.is_over = True
        for opened in self.sockets:
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)

    def trace(self, name: str, told: dict[str, Any]) -> None:
        """What httpx calls as a request goes on: notes each connection."""
        if name in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            self.sockets.append(told["return_value"].get_extra_info("socket"))
            if self.is_over:
                self.cut()


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
) -> list[Outcome]:
    """Send messages to an endpoint, some at the same time.

    Args:
        target: The endpoint's checked address.
        secret: The endpoint's.
        letters: At most `BATCH`.
        at: When they are sent, µs UTC.
        context: Whose certificates are trusted; those that this machine trusts where none is said.
        deadline_s: For all of them together.

    Returns:
        What came of each, in order.
    """
    if not letters:
        return []
    options: dict[str, Any] = {
        # A proxy of the environment would connect to where it likes.
        "trust_env": False,
        "verify": context or trusted(),
        "follow_redirects": False,
        "timeout": PATIENCE_S,
    }
    with (
        httpx.Client(**options) as client,
        Cutter(deadline_s) as cutter,
        ThreadPoolExecutor(min(AT_ONCE, len(letters))) as pool,
    ):
        return list(pool.map(lambda one: post(client, cutter, target, secret, one, at), letters))


def post(
    client: httpx.Client, cutter: Cutter, target: Target, secret: str, letter: Letter, at: int
) -> Outcome:
    """Send one message; a success is an answer of 2xx, a redirect is none."""
    if cutter.is_over:
        return UNANSWERED
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
    except (httpx.HTTPError, httpx.StreamError, OSError) as fault:
        return Outcome(delivered=False, status=0, error=type(fault).__name__)
    if httpx.codes.is_success(status):
        return Outcome(delivered=True, status=status, error="")
    return Outcome(delivered=False, status=status, error=f"answered {status}")


def swallow(response: httpx.Response) -> None:
    """Read an answer to its end, or so far that the rest is not worth it; keep nothing."""
    read = 0
    for piece in response.iter_raw():
        read += len(piece)
        if read > ANSWER_MAX:
            return
