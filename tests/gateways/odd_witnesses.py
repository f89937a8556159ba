"""Witnesses that answer whatever a test wants."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple

from shareback.proofs.checkpoint import Checkpoint
from shareback.proofs.notes import Note, Purpose, Verifier, cosign, public_key, read_note

SECRET = hashlib.sha256(b"a witness of the tests").digest()


class Said(NamedTuple):
    """What a witness answers."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


Says = Callable[[bytes, int], Said]
"""What a witness answers to a request's body, and to which of its requests."""


@contextmanager
def saying(says: Says) -> Iterator[tuple[str, list[bytes]]]:
    """A server that says what a test wants: its address, and what it was asked."""
    got: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            said = says(got[-1], len(got))
            self.send_response(said.status)
            for name, value in said.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/w", got
        finally:
            server.shutdown()
            thread.join()


KEY = Verifier("witness.example/odd", Purpose.COSIGNATURE, public_key(SECRET))


def line_under(body: bytes, name: str = KEY.name, secret: bytes = SECRET) -> bytes:
    """A cosignature under what was asked."""
    text = read_note(body.decode().partition("\n\n")[2]).text
    return cosign(text, name, secret, 1_800_000_000).to_line().encode()


def of_another(body: bytes) -> bytes:
    """A cosignature under another checkpoint."""
    text = Checkpoint("example.com/other", 9, bytes(32)).to_text()
    note = Note(text, read_note(body.decode().partition("\n\n")[2]).signatures)
    return line_under(b"old 0\n\n" + note.to_text().encode())
