"""Logs that ask for cosignatures, also such as tell two stories; and witnesses as programs."""

import base64
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, Protocol

import httpx

from shareback.audit.witness.site import KEY, KEYS, STATE
from shareback.cli.witness import prepared
from shareback.proofs.checkpoint import Checkpoint
from shareback.proofs.merkle import EMPTY, append_many, leaf_hash, root
from shareback.proofs.notes import (
    Note,
    Purpose,
    Verifier,
    public_key,
    read_signature,
    sign,
    verifier_from_text,
    vouched,
)
from shareback.proofs.paths import consistency_proof
from tests.backends.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
START_S = 60.0
NAME = "witness.example/w1"


class Trusted(Protocol):
    """Whatever has a key that a witness may trust."""

    @property
    def verifier(self) -> Verifier:
        """The key."""
        ...


class Log:
    """A log of numbered entries, and the key that signs its checkpoints."""

    def __init__(self, origin: str, story: str = "one", fork: int = 0) -> None:
        """Tell a story; two that share an origin have the first entries in common."""
        self.origin = origin
        self.secret = hashlib.sha256(origin.encode()).digest()
        self.leaves = [
            leaf_hash(f"{'all' if number < fork else story} {number}".encode())
            for number in range(40)
        ]

    def other(self, fork: int = 0) -> "Log":
        """Another story of the same log; both begin alike up to an entry, which stands aside."""
        return Log(self.origin, "two", fork)

    @property
    def verifier(self) -> Verifier:
        """What others check its checkpoints with."""
        return Verifier(self.origin, Purpose.NOTE, public_key(self.secret))

    def nodes(self, level: int, place: int) -> bytes:
        """The root of one of its perfect subtrees."""
        leaves = self.leaves[place << level : place + 1 << level]
        assert len(leaves) == 1 << level
        return root(append_many(EMPTY, leaves))

    def checkpoint(self, size: int, owed: bytes = b"") -> Checkpoint:
        """Its checkpoint at a size."""
        return Checkpoint(self.origin, size, root(append_many(EMPTY, self.leaves[:size])), owed)

    def signed(self, text: str) -> str:
        """A note of any text that its key has signed."""
        return Note(text, (sign(text, self.origin, self.secret),)).to_text()

    def note(self, size: int, owed: bytes = b"") -> str:
        """Its checkpoint at a size, signed."""
        return self.signed(self.checkpoint(size, owed).to_text())

    def body(self, old: int, size: int, owed: bytes = b"") -> bytes:
        """A request for a cosignature."""
        proof = consistency_proof(self.nodes, old, size)
        return asking(old, proof, self.note(size, owed))


def asking(old: object, proof: Iterable[bytes], note: str) -> bytes:
    """The body of a request."""
    lines = [f"old {old}", *(base64.b64encode(each).decode() for each in proof), "", note]
    return "\n".join(lines).encode()


class Running(NamedTuple):
    """A witness that runs."""

    url: str
    key: Verifier
    process: "subprocess.Popen[bytes]"

    def ask(self, body: bytes) -> httpx.Response:
        """Ask it for a cosignature."""
        return httpx.post(f"{self.url}/add-checkpoint", content=body, timeout=60)

    def get(self, path: str) -> httpx.Response:
        """Read something of it."""
        return httpx.get(f"{self.url}{path}", timeout=60)

    def cosigns(self, log: Log, old: int, size: int, owed: bytes = b"") -> bool:
        """Whether it cosigns a log's checkpoint; its line is checked."""
        answer = self.ask(log.body(old, size, owed))
        if answer.status_code != 200:
            return False
        assert answer.text.endswith("\n")
        lines = tuple(read_signature(line) for line in answer.text[:-1].split("\n"))
        text = log.checkpoint(size, owed).to_text()
        assert vouched(Note(text, lines), [self.key]) == [self.key]
        return True

    def kill(self) -> None:
        """End it and its worker at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def trusting(folder: Path, logs: Sequence[Trusted]) -> Path:
    """The file of the logs that are trusted."""
    path = folder / "logs.txt"
    lines = ["# logs of the tests", "", *(log.verifier.to_text() for log in logs)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@contextmanager
def witnessing(
    folder: Path,
    logs: Sequence[Trusted],
    site: str = "shareback.audit.witness.site:site",
    name: str = NAME,
) -> Iterator[Running]:
    """A witness with its files in a folder, for the length of a ``with`` block."""
    state, key, log = folder / "seen.sqlite3", folder / "key", folder / "witness.log"
    identity = prepared(state, key, name)
    port = free_port()
    program = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--port", str(port)),
        *("--workers", "1", "--blocking-threads", "8", "--no-access-log", site),
    ]
    environment = os.environ | {
        KEYS: str(trusting(folder, logs)),
        STATE: str(state),
        KEY: str(key),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
    }
    with log.open("ab") as out:
        process = subprocess.Popen(
            program, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    running = Running(f"http://127.0.0.1:{port}", identity.verifier, process)
    try:
        wait_for(running, log)
        yield running
    finally:
        running.kill()


def wait_for(running: Running, log: Path) -> None:
    """Wait until a witness answers, with its own key."""
    ends = time.monotonic() + START_S
    while time.monotonic() < ends and running.process.poll() is None:
        try:
            told = running.get("/key").text
        except httpx.TransportError:
            time.sleep(0.02)
        else:
            assert verifier_from_text(told.strip()) == running.key
            return
    raise AssertionError(f"no witness: {log.read_text(errors='replace')[-2_000:]}")
