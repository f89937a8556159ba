"""A mall's server that takes webhooks, and a clock that a test sets."""

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from django.db import connections
from standardwebhooks import Webhook, WebhookVerificationError

from shareback.gateways.deliveries import LEASE_US
from shareback.gateways.models import Delivery, Endpoint
from shareback.gateways.webhooks import Deliverer

SECOND = 1_000_000


class Got(NamedTuple):
    """A message that came: its webhook-id, its document, and what it was answered."""

    name: str
    document: dict[str, Any]
    status: int

    @property
    def member(self) -> str | None:
        """Whose it is, where it says so."""
        found: str | None = self.document["data"].get("member_id")
        return found


class Receiver:
    """Takes messages, checks their signatures, and answers as a test wants."""

    def __init__(self, server: ThreadingHTTPServer, scheme: str) -> None:
        """Take everything, of whatever age, until told otherwise."""
        self.url = f"{scheme}://127.0.0.1:{server.server_port}/hook"
        self.port = server.server_port
        self.lock = threading.Lock()
        self.got: list[Got] = []
        self.forged: list[str] = []
        self.heads: list[set[str]] = []
        self.secret = ""
        self.answer: Callable[[dict[str, Any]], int] = lambda _document: 204
        self.headers: dict[str, str] = {}
        self.body = b""

    def take(self, headers: dict[str, str], body: bytes) -> int:
        """Take a message; the answer's status."""
        name = headers.get("webhook-id", "")
        self.heads.append(set(headers))
        if self.secret:
            try:
                Webhook(self.secret).verify(body, headers)
            except WebhookVerificationError as fault:
                self.forged.append(f"{name}: {fault}")
                return 401
        document = json.loads(body)
        with self.lock:
            status = self.answer(document)
            self.got.append(Got(name, document, status))
        return status

    @property
    def taken(self) -> list[Got]:
        """What was answered with a success."""
        return [one for one in self.got if 200 <= one.status < 300]


class Server(ThreadingHTTPServer):
    """Whoever hangs up in the middle is no matter."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_request: object) -> None:
        """Say nothing."""


@contextmanager
def receiving(context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver on this machine, for the length of a ``with`` block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            given = {name.lower(): value for name, value in self.headers.items()}
            try:
                status = receiver.take(given, body)
            finally:
                # What a test does when a message comes may have opened some in this thread.
                connections.close_all()
            self.send_response(status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(receiver.body)))
            self.end_headers()
            self.wfile.write(receiver.body)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = Server(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver = Receiver(server, "https" if context else "http")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Clock:
    """µs UTC, from now on, as far ahead as a test says."""

    def __init__(self) -> None:
        """Start at this moment."""
        self.at = time.time_ns() // 1_000

    def __call__(self) -> int:
        """The time."""
        return self.at

    def goes_on(self, us: int) -> None:
        """Let time pass."""
        self.at += us

    def passes_a_lease(self) -> None:
        """Let so much time pass that what was claimed is anyone's again."""
        self.at += LEASE_US + 1


def deliverer_at(alias: str, clock: Clock, **options: Any) -> Deliverer:  # noqa: ANN401
    """A deliverer whose delays are not spread, and that may speak to this machine."""
    given: dict[str, Any] = {"to_private": True, "jitter": int, **options}
    return Deliverer(alias, now=clock, **given)


def rows_of(endpoint: Endpoint, alias: str, **fields: Any) -> list[Delivery]:  # noqa: ANN401
    """An endpoint's messages, as they stand."""
    rows = Delivery.objects.using(alias).filter(
        programme_id=endpoint.programme_id, endpoint=endpoint.number, **fields
    )
    return list(rows.order_by("sequence", "line"))
