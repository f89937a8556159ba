"""A proxy before the real server that does to calls what networks and busy servers do."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import httpx

PASSED_ON = ("Authorization", "Idempotency-Key", "Content-Type", "Accept-Language")


class Seen(NamedTuple):
    """A call as it came to the proxy."""

    method: str
    path: str
    key: str | None
    token: str | None
    body: bytes


class Answer(NamedTuple):
    """What the proxy says to a call; nothing closes the connection without a word."""

    status: int
    body: bytes
    headers: dict[str, str]


class Proxy(ThreadingHTTPServer):
    """Passes calls on, but first does what is planned for the next ones, an act for a call.

    Attributes:
        planned: Acts for the next calls, those for tokens left out.
        planned_tokens: Acts for the next calls for tokens.
        seen: All calls, those for tokens left out, in order.
        seen_tokens: All calls for tokens.
        silent: Set once a call is done and no answer to it will come.
    """

    daemon_threads = True

    def __init__(self, behind: str) -> None:
        """Listen on a port of its own."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.behind = behind.removesuffix("/api/v1")
        self.planned: list[Act] = []
        self.planned_tokens: list[Act] = []
        self.seen: list[Seen] = []
        self.seen_tokens: list[Seen] = []
        self.silent = threading.Event()
        self.http = httpx.Client(timeout=60)

    @property
    def url(self) -> str:
        """Where the API is, through the proxy."""
        return f"http://127.0.0.1:{self.server_port}/api/v1"

    def pass_on(self, call: Seen) -> Answer:
        """Ask the real server."""
        headers = {"Authorization": call.token or "", "Idempotency-Key": call.key or ""}
        if call.path.endswith("/token"):
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        told = self.http.request(
            call.method, self.behind + call.path, content=call.body, headers=headers
        )
        kept = ("Content-Type", "Idempotent-Replayed")
        headers = {name: told.headers[name] for name in kept if name in told.headers}
        return Answer(told.status_code, told.content, headers)

    @property
    def keys(self) -> list[str | None]:
        """The key of each call, in order."""
        return [call.key for call in self.seen]


Act = Callable[["Handler", Seen], Answer | None]


class Handler(BaseHTTPRequestHandler):
    """One call."""

    server: Proxy

    def answer(self) -> None:
        """Do the next act, or pass the call on."""
        length = int(self.headers.get("Content-Length") or 0)
        call = Seen(
            self.command,
            self.path,
            self.headers.get("Idempotency-Key"),
            self.headers.get("Authorization"),
            self.rfile.read(length),
        )
        for_token = call.path.endswith("/token")
        (self.server.seen_tokens if for_token else self.server.seen).append(call)
        planned = self.server.planned_tokens if for_token else self.server.planned
        told = planned.pop(0)(self, call) if planned else self.server.pass_on(call)
        if told is None:
            return
        self.send_response(told.status)
        for name, value in told.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(told.body)))
        self.end_headers()
        self.wfile.write(told.body)

    do_GET = do_POST = do_PUT = answer  # noqa: N815 - as its parent looks them up

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as its parent calls it
        """Say nothing."""


@contextmanager
def proxying(behind: str) -> Iterator[Proxy]:
    """A proxy in a thread, for the length of a ``with`` block."""
    with Proxy(behind) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()
            proxy.http.close()


# ------------------------------------------------------------------------------------------ acts


def drop_unread(_handler: Handler, _call: Seen) -> None:
    """The call is lost on its way there."""


def drop_answer(handler: Handler, call: Seen) -> None:
    """The call is done, and its answer is lost on the way back."""
    handler.server.pass_on(call)


def stay_silent(handler: Handler, call: Seen) -> None:
    """The call is done, and no answer comes until the caller hangs up."""
    handler.server.pass_on(call)
    handler.server.silent.set()
    handler.rfile.read(1)


def send_twice(handler: Handler, call: Seen) -> Answer:
    """The call arrives twice; the second answer is told."""
    handler.server.pass_on(call)
    return handler.server.pass_on(call)


def says(status: int, code: str, **headers: str) -> Act:
    """The call is answered before it gets there."""
    body = json.dumps({"status": status, "code": code, "title": "No."}).encode()
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _handler, _call: Answer(status, body, told)


def says_plainly(status: int, body: bytes) -> Act:
    """Something that is not our server answers."""
    return lambda _handler, _call: Answer(status, body, {"Content-Type": "text/html"})
