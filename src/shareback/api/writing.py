"""Every write: one command with its key, grouped with others, answered when it is durable."""

import hashlib
import json
import re
import secrets
import threading
from collections import OrderedDict
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
from shareback.engine.batch import DaysUnclosed
from shareback.engine.committing import Unavailable
from shareback.engine.engine import Engine
from shareback.engine.group import Busy, Group
from shareback.journal.models import Programme
from shareback.journal.shapes import shape_of
from shareback.journal.storage import storage_for
from shareback.kernels.warm import warm
from shareback.rules.codes import Code

DAYS_AT_ONCE = 40
"""What comes by HTTP is dated by this machine's clock: a wrong one must not close a year."""

RESIDENT_MAX = 32
"""So many programmes are held in memory by a process, with a thread and a connection each."""

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
    unread: int
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
    """The groups of the programmes that this process has written to last."""

    def __init__(self, make: Callable[[int], Group], most: int = RESIDENT_MAX) -> None:
        """None yet, and never more than ``most``.

        Args:
            make: Makes the group of a programme.
            most: How many are kept.
        """
        self.lock = threading.Lock()
        self.make = make
        self.most = most
        self.groups: OrderedDict[int, Group] = OrderedDict()

    def of(self, programme: int) -> Group:
        """A programme's group; the one that was asked for longest ago makes room for it.

        Whoever still writes to that one is served by it to the end: a programme may have any
        number of writers.
        """
        with self.lock:
            group = self.groups.get(programme)
            if group is not None:
                self.groups.move_to_end(programme)
                return group
        made = self.make(programme)
        with self.lock:
            group = self.groups.setdefault(programme, made)
            self.groups.move_to_end(programme)
            while len(self.groups) > self.most:
                self.groups.popitem(last=False)[1].release()
        return group


IN_FLIGHT = InFlight()


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
        away = len(refused) + note.unread
        integers.append((at, nonce, note.caller.number, accepted, away, code))
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


def live_group(programme: int) -> Group:
    """The group of a programme for commands that are dated by this machine's clock."""
    name = Programme.objects.values_list("name", flat=True).get(pk=programme)

    def opened() -> Engine:
        # On a fresh installation this takes a while, in which no lock should be held.
        warm()
        return Engine(name, days_at_once=DAYS_AT_ONCE)

    return Group(opened, write_notes)


GROUPS = Groups(live_group)


def submit(
    request: HttpRequest,
    caller: Caller,
    commands: Sequence[cmd.Command],
    key: str,
    also: Callable[[Sequence[cmd.Answer]], None] | None = None,
    unread: int = 0,
) -> list[cmd.Answer]:
    """Apply commands; returns when they are durable.

    Args:
        request: For its address and its body.
        caller: Who asks.
        commands: In their order.
        key: As the journal keeps it.
        also: Writes what belongs to the answers, in their transaction.
        unread: How many lines of the request are no commands: they count as refused.

    Raises:
        Problem: The key is in flight, too many wait, the journal cannot be reached or does not
            answer in time, or too many days would close.
    """
    digest = hashlib.sha256(request.body).digest()
    note = Note(caller, str(request.method), request.path, key, digest, unread, also)
    with IN_FLIGHT.hold(caller.programme, key):
        try:
            group = GROUPS.of(caller.programme)
            give_back_connection()
            return group.submit(commands, note)
        except Busy:
            raise Problem(503, "busy", headers={"Retry-After": "1"}) from None
        except Unavailable:
            raise Problem(503, "unavailable", headers={"Retry-After": "2"}) from None
        except DaysUnclosed as fault:
            headers = {"Retry-After": "60"}
            raise Problem(503, "days_unclosed", str(fault), headers=headers) from None


def give_back_connection() -> None:
    """Let the pool have this thread's connection while the thread waits for its answer.

    Else those who wait could hold all of them, and the group that is to answer would get none.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.settings_dict["OPTIONS"].get("pool") and not connection.in_atomic_block:
        connection.close()


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
