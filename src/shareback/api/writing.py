"""Every write: one command with its key, grouped with others, answered when it is durable."""

import hashlib
import json
import re
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import quote

import numpy as np
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest, HttpResponse

from shareback.api.access import Caller, with_rate_headers
from shareback.api.clients import now_us
from shareback.api.models import Written
from shareback.api.problems import Problem, refusal_problem
from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.engine.group import Busy, Group, Unavailable
from shareback.journal.models import Programme
from shareback.journal.shapes import shape_of
from shareback.journal.storage import storage_for
from shareback.rules.codes import Code

KEY = "Idempotency-Key"
KEY_MAX = 128
KEY_PATTERN = re.compile(rf"[\x21-\x7e]{{1,{KEY_MAX}}}")
PATH_MAX = 500
WRITTEN = shape_of(Written)


class Note(NamedTuple):
    """Who wrote what: becomes a row of `Written` in the transaction of the write."""

    caller: Caller
    method: str
    path: str
    key: str
    request: bytes
    also: Callable[[Sequence[cmd.Answer]], None] | None = None


def key_of(request: HttpRequest) -> str:
    """The request's idempotency key.

    Raises:
        Problem: There is none, or it is no printable ASCII of a fair length.
    """
    key = request.headers.get(KEY, "")
    if not key:
        raise Problem(400, "key_missing")
    if not KEY_PATTERN.fullmatch(key):
        raise Problem(400, "key_missing", f"1 to {KEY_MAX} printable ASCII characters, no spaces")
    return key


class InFlight:
    """The keys that this process is working on."""

    def __init__(self) -> None:
        """None yet."""
        self.lock = threading.Lock()
        self.keys: set[tuple[int, str]] = set()

    @contextmanager
    def hold(self, programme: int, key: str) -> Iterator[None]:
        """Hold a key while its request is worked on.

        Raises:
            Problem: Another request holds it (A20).
        """
        held = (programme, key)
        with self.lock:
            if held in self.keys:
                raise Problem(409, "key_in_flight", headers={"Retry-After": "1"})
            self.keys.add(held)
        try:
            yield
        finally:
            with self.lock:
                self.keys.discard(held)


class Groups:
    """The group of each programme that this process has written to."""

    def __init__(self) -> None:
        """None yet."""
        self.lock = threading.Lock()
        self.groups: dict[int, Group] = {}

    def of(self, programme: int) -> Group:
        """A programme's group."""
        group = self.groups.get(programme)
        if group is None:
            name = Programme.objects.values_list("name", flat=True).get(pk=programme)
            with self.lock:
                group = self.groups.setdefault(programme, Group(lambda: Engine(name), write_notes))
        return group


IN_FLIGHT = InFlight()
GROUPS = Groups()


def write_notes(notes: Sequence[object], answers: Sequence[Sequence[cmd.Answer]]) -> None:
    """Write who wrote what, in the transaction of the batch: one statement a programme."""
    found = [
        (note, parted)
        for note, parted in zip(notes, answers, strict=True)
        if isinstance(note, Note)
    ]
    at = now_us()
    integers, texts = [], []
    for note, parted in found:
        refused = [answer.code for answer in parted if answer.code != Code.ACCEPTED]
        accepted = len(parted) - len(refused)
        code = refused[0] if refused else 0
        nonce = secrets.randbits(62)
        integers.append((at, nonce, note.caller.number, accepted, len(refused), code))
        texts.append(
            (note.caller.address, note.method, quote(note.path)[:PATH_MAX], note.key, note.request)
        )
        if note.also is not None:
            note.also(parted)
    if found:
        storage = storage_for(connections[DEFAULT_DB_ALIAS])
        programme = found[0][0].caller.programme
        columns = [list(column) for column in zip(*texts, strict=True)]
        storage.insert(WRITTEN, programme, np.array(integers, np.int64), columns)


def submit(
    request: HttpRequest,
    caller: Caller,
    commands: Sequence[cmd.Command],
    key: str,
    also: Callable[[Sequence[cmd.Answer]], None] | None = None,
) -> list[cmd.Answer]:
    """Apply commands; returns when they are durable.

    Raises:
        Problem: The key is in flight, too many wait, or the journal cannot be reached.
    """
    digest = hashlib.sha256(request.body).digest()
    note = Note(caller, str(request.method), request.path, key, digest, also)
    with IN_FLIGHT.hold(caller.programme, key):
        try:
            return GROUPS.of(caller.programme).submit(commands, note)
        except Busy:
            raise Problem(503, "busy", headers={"Retry-After": "1"}) from None
        except Unavailable:
            raise Problem(503, "unavailable", headers={"Retry-After": "2"}) from None


def scoped(caller: Caller, key: str) -> str:
    """A key as the journal keeps it: each client has its own."""
    return f"{caller.number}:{key}"


def write(
    request: HttpRequest,
    caller: Caller,
    command: cmd.Command,
    shown: Callable[[cmd.Answer], Mapping[str, Any]],
    status: int = 201,
) -> HttpResponse:
    """Apply one command, and answer with what came of it.

    Args:
        request: For its key and its body.
        caller: Who asks.
        command: Without a key yet.
        shown: The answer's document; it may hold nothing that could change later, since the same
            request gets the same answer for ever (A20).
        status: Of the answer.

    Raises:
        Problem: The command is refused, or cannot be worked on.
    """
    key = scoped(caller, key_of(request))
    (answer,) = submit(request, caller, [command._replace(key=key)], key)
    if answer.code != Code.ACCEPTED:
        raise refusal_problem(answer)
    return document(request, shown(answer), status, repeated=answer.repeated)


def document(
    request: HttpRequest, content: object, status: int = 200, *, repeated: bool = False
) -> HttpResponse:
    """A JSON answer."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(body, content_type="application/json", status=status)
    if repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return with_rate_headers(request, response)
