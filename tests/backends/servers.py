"""The site as a process of its own, as it is served in production, and malls that call it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from copy import copy
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, Self

import httpx

from shareback.api.clients import open_client
from shareback.api.scopes import SCOPES
from shareback.engine.engine import Engine
from shareback.engine.opening import open_programme
from shareback.rules.programme import TEST_ISSUER, Programme

START_S = 60.0
LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=None)
"""Never one that another thread has just been given: the pool closes what it takes for idle."""

NAMES = count(1)
AT_ONCE = {"maturity_days": 0, "referral_rate": "0", "dividend_rate": "0"}
"""The worked example's parameters (R3.8): an order matures at its receipt, alone."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server(NamedTuple):
    """A running site.

    Attributes:
        url: Where its API is.
        process: The server; its one worker is its child.
    """

    url: str
    process: "subprocess.Popen[bytes]"


@contextmanager
def serving(database: str, log: Path) -> Iterator[Server]:
    """A site on a database, for the length of a ``with`` block."""
    port = free_port()
    program = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(port), "--workers", "1", "--blocking-threads", "64"),
        *("--no-access-log", "shareback.web.wsgi:application"),
    ]
    environment = os.environ | {"SHAREBACK_DATABASE": database}
    with log.open("wb") as out:
        process = subprocess.Popen(
            program, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    url = f"http://127.0.0.1:{port}/api/v1"
    try:
        wait_for(url, process, log)
        yield Server(url, process)
    finally:
        # At once: what a server does when it is asked to end takes seconds, and is granian's.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until a server answers."""
    ends = time.monotonic() + START_S
    while time.monotonic() < ends:
        if process.poll() is not None:
            break
        try:
            httpx.get(f"{url}/openapi.json", timeout=START_S)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"the server did not start: {log.read_text(errors='replace')[-2_000:]}")


class Mall:
    """A mall's server: a programme of its own, a client, and a token."""

    def __init__(self, server: Server, alias: str, **parameters: Any) -> None:
        """Open a programme and a client of it."""
        self.server = server
        self.alias = alias
        self.name = f"mall {os.getpid()} {next(NAMES)}"
        fields = {"name": self.name, "issuer": TEST_ISSUER, **AT_ONCE, **parameters}
        now = time.time_ns() // 1_000
        self.programme = open_programme(Programme.model_validate(fields), now, alias)
        self.url = f"{server.url}/programmes/{self.programme}"
        self.keys = count(1)
        self.opened: list[httpx.Client] = []
        self.become(SCOPES)

    def become(self, scopes: Iterable[str], **options: Any) -> None:
        """Call as a new client from now on."""
        client, self.secret = open_client(
            self.programme, "mall", scopes, alias=self.alias, **options
        )
        self.client_id = client.client_id
        self.http = httpx.Client(timeout=60, limits=LIMITS)
        self.opened.append(self.http)
        self.http.headers["Authorization"] = f"Bearer {self.token()}"

    def second_client(self, scopes: Iterable[str] = SCOPES, **options: Any) -> Self:
        """The same mall, calling as another client."""
        other = copy(self)
        other.become(scopes, **options)
        return other

    def token(self, **form: str) -> str:
        """An access token."""
        answer = httpx.post(
            f"{self.server.url}/oauth/token",
            auth=(self.client_id, self.secret),
            data={"grant_type": "client_credentials", **form},
            timeout=60,
        )
        assert answer.status_code == httpx.codes.OK, answer.text
        return str(answer.json()["access_token"])

    def get(self, path: str, **params: Any) -> httpx.Response:
        """Read something of the programme."""
        return self.http.get(self.url + path, params=params)

    def post(self, path: str, body: Any = None, key: str = "") -> httpx.Response:
        """Write something; under a key of its own where none is named."""
        headers = {"Idempotency-Key": key or f"key-{next(self.keys)}"}
        return self.http.post(self.url + path, json=body, headers=headers)

    def put(self, path: str, body: Any, key: str = "") -> httpx.Response:
        """Write something in place."""
        headers = {"Idempotency-Key": key or f"key-{next(self.keys)}"}
        return self.http.put(self.url + path, json=body, headers=headers)

    def done(self, path: str, body: Any = None, key: str = "") -> dict[str, Any]:
        """Write something that must be accepted; returns the answer's document."""
        answer = self.post(path, body, key)
        assert answer.is_success, answer.text
        document: dict[str, Any] = answer.json()
        return document

    def batch(self, lines: bytes, key: str = "") -> httpx.Response:
        """Many lines at once."""
        headers = {"Idempotency-Key": key or f"key-{next(self.keys)}"}
        return self.http.post(f"{self.url}/orders:batch", content=lines, headers=headers)

    def move(self, server: Server) -> None:
        """Call another process from now on."""
        self.server = server
        self.url = f"{server.url}/programmes/{self.programme}"
        self.http = httpx.Client(timeout=60, limits=LIMITS)
        self.opened.append(self.http)
        self.http.headers["Authorization"] = f"Bearer {self.token()}"

    def second_client_at(self, server: Server) -> Self:
        """The same client, calling another process of the site."""
        other = copy(self)
        other.move(server)
        return other

    def close(self) -> None:
        """Let go of all connections, those of second clients too."""
        for http in self.opened:
            http.close()

    def members(self, *names: str) -> None:
        """Open members' accounts."""
        for name in names:
            self.done("/members", {"member_id": name})

    def engine(self) -> Engine:
        """An engine on the mall's programme, in this process."""
        return Engine(self.name, self.alias)
