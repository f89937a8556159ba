"""Writes that are none of the journal's: done once for their key, and their answer is kept (A20).

A key means one thing, whatever kind of write it came with first: such a write takes its key among
the journal's answers as well, under the lock of the programme's head, as every command does.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest, HttpResponse

from shareback.api.access import Caller, with_rate_headers
from shareback.api.clients import now_us
from shareback.api.models import Written
from shareback.api.problems import Problem
from shareback.api.routes.bulk import TAKEN
from shareback.api.writing import (
    IN_FLIGHT,
    PATH_MAX,
    document,
    give_back_connection,
    key_of,
    scoped,
)
from shareback.gateways.endpoints import head_locked
from shareback.gateways.models import Endpoint, KeptAnswer
from shareback.journal.models import Answer
from shareback.rules.codes import Code


class Told(NamedTuple):
    """What a write came to.

    Attributes:
        content: The answer's document.
        secret_of: The number of the endpoint whose secret stands there as ``secret``; 0 if none.
    """

    content: dict[str, Any]
    secret_of: int = 0


def once(
    request: HttpRequest,
    caller: Caller,
    done: Callable[[], Told],
    status: int,
    before: Callable[[], object] | None = None,
) -> HttpResponse:
    """Do a write once for its key, and keep the answer.

    Args:
        request: For its key and its body.
        caller: Who asks.
        done: Does it; called inside the transaction in which the answer is kept.
        status: Of the answer.
        before: Looks at what takes its time; called for a new key, before the transaction.

    Raises:
        Problem: The key is missing, in flight, or was used for another request.
    """
    key = key_of(request)
    asked = f"{request.method} {request.path}\n".encode() + request.body
    digest = hashlib.sha256(asked).digest()
    with IN_FLIGHT.hold(caller.programme, scoped(caller, key)):
        kept = kept_answer(caller, key, digest)
        if kept is None and before is not None:
            give_back_connection()
            before()
        if kept is None:
            with head_locked(caller.programme, DEFAULT_DB_ALIAS):
                # Another process may have been at it meanwhile.
                kept = kept_answer(caller, key, digest)
                if kept is None:
                    told = done()
                    keep(request, caller, key, digest, told, status)
                    return document(request, told.content, status)
    return kept_response(request, kept)


def keep(
    request: HttpRequest, caller: Caller, key: str, digest: bytes, told: Told, status: int
) -> None:
    """Keep an answer under its key, without the secret that it tells, and who wrote what."""
    content, whole = told.content, b""
    if told.secret_of:
        whole = digest_of(content)
        content = content | {"secret": None}
    KeptAnswer.objects.create(
        programme_id=caller.programme,
        client=caller.number,
        key=key,
        request=digest,
        status=status,
        body=compact(content),
        secret_of=told.secret_of,
        whole=whole,
    )
    # A command of the journal under this key finds it taken.
    Answer.objects.create(
        programme_id=caller.programme, key=scoped(caller, key), request=digest, body=TAKEN
    )
    Written.objects.create(
        programme_id=caller.programme,
        at=now_us(),
        nonce=secrets.randbits(62),
        client=caller.number,
        address=caller.address,
        method=str(request.method),
        path=request.path[:PATH_MAX],
        key=scoped(caller, key),
        request=digest,
        accepted=1,
        refused=0,
        code=Code.ACCEPTED,
    )


def kept_answer(caller: Caller, key: str, digest: bytes) -> KeptAnswer | None:
    """The answer that a key got before.

    Raises:
        Problem: To another request, or the key is a command's.
    """
    kept = KeptAnswer.objects.filter(
        programme_id=caller.programme, client=caller.number, key=key
    ).first()
    commanded = Answer.objects.filter(programme_id=caller.programme, key=scoped(caller, key))
    taken = commanded.exists() if kept is None else bytes(kept.request) != digest
    if taken:
        raise Problem(422, Code.KEY_TAKEN.name.lower(), rule="R10")
    return kept


def kept_response(request: HttpRequest, kept: KeptAnswer) -> HttpResponse:
    """The first answer once more, byte for byte."""
    body = with_secret(kept) if kept.secret_of else kept.body
    response = HttpResponse(body, content_type="application/json", status=kept.status)
    response.headers["Idempotent-Replayed"] = "true"
    return with_rate_headers(request, response)


def with_secret(kept: KeptAnswer) -> str:
    """An answer with its endpoint's secret in place; without, where that is another one by now."""
    endpoint = Endpoint.objects.filter(
        programme_id=kept.programme_id, client=kept.client, number=kept.secret_of
    ).first()
    if endpoint is not None:
        content = json.loads(kept.body) | {"secret": endpoint.secret}
        if secrets.compare_digest(digest_of(content), bytes(kept.whole)):
            return compact(content)
    return kept.body


def digest_of(content: dict[str, Any]) -> bytes:
    """SHA-256 of an answer."""
    return hashlib.sha256(compact(content).encode()).digest()


def compact(content: dict[str, Any]) -> str:
    """A document as `writing.document` writes it."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
