"""Writes that move money: done once for their key, and answered the same way again (A20)."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from shareback.api.problems import Problem
from shareback.api.writing import key_of
from shareback.mall.models import KeptAnswer
from shareback.rules.codes import Code

Work = Callable[[str], Mapping[str, Any]]
"""Does a write, given the key for the engine's commands; returns the answer's document."""


def once(
    request: HttpRequest, programme: int, scope: str, work: Work, status: int = 200
) -> HttpResponse:
    """Do a write once for its key, and keep the answer, in one transaction.

    What is refused is not kept: once its reason is gone, the same key may try again.

    Args:
        request: For its key and its body.
        programme: Where.
        scope: Whose keys these are, such as ``m17`` for a member.
        work: Does it.
        status: Of the answer.

    Raises:
        Problem: The key is missing, or was used for another request.
    """
    key = key_of(request)
    asked = f"{request.method} {request.path}\n".encode() + request.body
    digest = hashlib.sha256(asked).digest()
    try:
        with transaction.atomic():
            kept = kept_answer(programme, scope, key, digest)
            if kept is None:
                body = compact(work(f"shop:{scope}:{key}"))
                KeptAnswer.objects.create(
                    programme_id=programme, scope=scope, key=key, request=digest, body=body
                )
                return answer(body, status)
    except IntegrityError:
        # The same request was faster in another thread; what this one did is undone.
        kept = kept_answer(programme, scope, key, digest)
        if kept is None:
            raise
    return answer(kept.body, status, replayed=True)


def kept_answer(programme: int, scope: str, key: str, digest: bytes) -> KeptAnswer | None:
    """The answer that a key got before.

    Raises:
        Problem: To another request.
    """
    kept = KeptAnswer.objects.filter(programme_id=programme, scope=scope, key=key).first()
    if kept is not None and bytes(kept.request) != digest:
        raise Problem(422, Code.KEY_TAKEN.name.lower(), rule="R10")
    return kept


def compact(content: Mapping[str, Any]) -> str:
    """A document as JSON."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def answer(body: str, status: int, *, replayed: bool = False) -> HttpResponse:
    """A JSON answer that nobody else may see."""
    response = HttpResponse(body, content_type="application/json", status=status)
    response.headers["Cache-Control"] = "private, no-store"
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def told(content: object, status: int = 200, *, public: bool = False) -> HttpResponse:
    """A JSON answer; public ones may be kept by the browser, if it asks each time."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(body, content_type="application/json", status=status)
    response.headers["Cache-Control"] = "no-cache" if public else "private, no-store"
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response
