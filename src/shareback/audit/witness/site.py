"""The witness over HTTP: a WSGI application."""

import os
import sqlite3
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from shareback.audit.witness.answering import TEXT, Answer, Witness
from shareback.audit.witness.identity import read_identity
from shareback.audit.witness.ledger import Ledger
from shareback.audit.witness.page import POLICY, overview
from shareback.audit.witness.trust import read_logs

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

KEYS, STATE, KEY = "SHAREBACK_WITNESS_KEYS", "SHAREBACK_WITNESS_STATE", "SHAREBACK_WITNESS_KEY"
"""The variables that name its three files."""

BODY_MAX = 65_536
LENGTH_DIGITS_MAX = 12
ADD, CHECKPOINT = "/add-checkpoint", "/checkpoint/"
HTML = "text/html; charset=utf-8"
READS = "GET, HEAD"

NOT_THERE = Answer(HTTPStatus.NOT_FOUND, "there is nothing here\n")
TOO_LARGE = Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {BODY_MAX:,} bytes\n")
UNUSABLE = Answer(HTTPStatus.SERVICE_UNAVAILABLE, "the ledger cannot be used; try again\n")


class Site:
    """Answers requests for a witness."""

    def __init__(self, witness: Witness) -> None:
        """Keep whose site it is."""
        self.witness = witness

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request."""
        method = environ["REQUEST_METHOD"]
        try:
            answer, allowed = self.answer(method, environ)
        except sqlite3.Error:
            answer, allowed = UNUSABLE, ""
        body = answer.body.encode()
        headers = [
            ("Content-Type", answer.kind),
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", POLICY),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ]
        if allowed:
            headers.append(("Allow", allowed))
        start_response(f"{answer.status.value} {answer.status.phrase}", headers)
        return [b"" if method == "HEAD" else body]

    def answer(self, method: str, environ: "WSGIEnvironment") -> tuple[Answer, str]:
        """What is answered, and which methods the address takes where this one is none of them.

        Raises:
            sqlite3.Error: The ledger cannot be used.
        """
        # WSGI hands over the bytes of a path as Latin-1.
        path = environ.get("PATH_INFO", "").encode("latin-1", "replace").decode(errors="replace")
        allowed = "POST" if path == ADD else READS
        if method not in allowed.split(", "):
            told = f"this address takes {allowed}\n"
            return Answer(HTTPStatus.METHOD_NOT_ALLOWED, told), allowed
        if path == ADD:
            body = body_of(environ)
            return (TOO_LARGE if body is None else self.witness.add_checkpoint(body)), ""
        return self.shown(path), ""

    def shown(self, path: str) -> Answer:
        """What can be read at an address.

        Raises:
            sqlite3.Error: The ledger cannot be used.
        """
        identity, ledger = self.witness.identity, self.witness.ledger
        if path == "/":
            page = overview(identity, self.witness.logs, ledger.seen(), ledger.refused())
            return Answer(HTTPStatus.OK, page, HTML)
        if path == "/key":
            return Answer(HTTPStatus.OK, f"{identity.verifier.to_text()}\n", TEXT)
        note = ledger.last_of(path.removeprefix(CHECKPOINT)).note
        if path.startswith(CHECKPOINT) and note:
            return Answer(HTTPStatus.OK, note, TEXT)
        return NOT_THERE


def body_of(environ: "WSGIEnvironment") -> bytes | None:
    """A request's body; None where it is larger than any that is taken."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length and not (
        length.isascii() and length.isdecimal() and len(length) <= LENGTH_DIGITS_MAX
    ):
        return None
    if length and int(length) > BODY_MAX:
        return None
    # Of a body in chunks nobody knows the length before.
    body: bytes = environ["wsgi.input"].read(int(length) if length else BODY_MAX + 1)
    return body if len(body) <= BODY_MAX else None


def site() -> Site:
    """The site of the witness whose files the environment names."""
    keys, state, key = (Path(os.environ[name]) for name in (KEYS, STATE, KEY))
    return Site(Witness(read_logs(keys), read_identity(key), Ledger(state)))
