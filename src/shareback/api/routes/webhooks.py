"""Webhooks: where a programme's events are sent, what became of them, and sending them again."""

import hashlib
import json
import secrets
from collections.abc import Callable
from typing import Annotated, Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from shareback.api.access import Caller, admit, with_rate_headers
from shareback.api.clients import now_us
from shareback.api.models import Written
from shareback.api.problems import Problem
from shareback.api.reading import PAGE
from shareback.api.routes.reading import Limit
from shareback.api.schemas import Done
from shareback.api.schemas_webhooks import (
    PLACE,
    DeliveryOut,
    DeliveryPage,
    ReplayIn,
    Replaying,
    State,
    WebhookIn,
    WebhookMade,
    WebhookPage,
)
from shareback.api.writing import IN_FLIGHT, PATH_MAX, document, key_of, scoped
from shareback.gateways.addresses import AddressRefused
from shareback.gateways.endpoints import (
    EndpointRefused,
    endpoint_of,
    endpoints_of,
    register,
    set_back,
    switch_off,
)
from shareback.gateways.models import Delivery, Endpoint, KeptAnswer
from shareback.gateways.notices import moment_text, webhook_id
from shareback.journal.models import Identity
from shareback.rules.codes import Code

router = Router(tags=["webhooks"])
SCOPE = "webhooks:write"
ATTEMPTS = 3
"""Two processes may give out the same number at the same moment; the later one tries again."""

Place = Annotated[str, Query(pattern=PLACE, examples=["1017-0"])]


def once(
    request: HttpRequest, caller: Caller, done: Callable[[], dict[str, Any]], status: int
) -> HttpResponse:
    """Do a write that is none of the journal's once for its key, and keep the answer (A20).

    Args:
        request: For its key and its body.
        caller: Who asks.
        done: Does it; called inside the transaction in which the answer is kept.
        status: Of the answer.

    Raises:
        Problem: The key is missing, in flight, or was used for another request.
    """
    key = key_of(request)
    asked = f"{request.method} {request.path}\n".encode() + request.body
    digest = hashlib.sha256(asked).digest()
    with IN_FLIGHT.hold(caller.programme, scoped(caller, key)):
        for attempt in range(1, ATTEMPTS + 1):
            kept = kept_answer(caller, key, digest)
            if kept is not None:
                return kept_response(request, kept)
            try:
                with transaction.atomic():
                    content = done()
                    keep(request, caller, key, digest, content, status)
            except IntegrityError:
                if attempt == ATTEMPTS:
                    raise
            else:
                return document(request, content, status)
    raise Problem(503, "busy", headers={"Retry-After": "1"})


def keep(
    request: HttpRequest,
    caller: Caller,
    key: str,
    digest: bytes,
    content: dict[str, Any],
    status: int,
) -> None:
    """Keep an answer under its key, and who wrote what."""
    KeptAnswer.objects.create(
        programme_id=caller.programme,
        client=caller.number,
        key=key,
        request=digest,
        status=status,
        body=json.dumps(content, ensure_ascii=False, separators=(",", ":")),
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
        Problem: To another request.
    """
    kept = KeptAnswer.objects.filter(
        programme_id=caller.programme, client=caller.number, key=key
    ).first()
    if kept is not None and bytes(kept.request) != digest:
        raise Problem(422, Code.KEY_TAKEN.name.lower(), rule="R10")
    return kept


def kept_response(request: HttpRequest, kept: KeptAnswer) -> HttpResponse:
    """The first answer once more, byte for byte."""
    response = HttpResponse(kept.body, content_type="application/json", status=kept.status)
    response.headers["Idempotent-Replayed"] = "true"
    return with_rate_headers(request, response)


def owned(caller: Caller, number: int) -> Endpoint:
    """An endpoint of the caller's own.

    Raises:
        Problem: There is none of this number, or it is another client's (A55).
    """
    found = endpoint_of(caller.programme, caller.number, number)
    if found is None:
        raise Problem(404, "not_found")
    return found


def refusal(where: str, fault: ValueError) -> Problem:
    """What is wrong with a field."""
    return Problem(422, "invalid", errors=[{"where": where, "message": str(fault)}])


@router.post("/{programme}/webhooks", response={201: WebhookMade}, operation_id="register_webhook")
def add(request: HttpRequest, programme: int, body: WebhookIn) -> HttpResponse:
    """Register an endpoint: what happens from now on is sent to it, signed with its secret.

    The URL must begin with ``https://`` and lead to the open internet. Messages tell what the
    journal tells, so the client may read that too (`journal:read`).
    """
    admit(request, programme, "journal:read")
    caller = admit(request, programme, SCOPE)

    def done() -> dict[str, Any]:
        made = register(programme, caller.number, body.url, body.types or ())
        return {
            "number": made.number,
            "url": made.url,
            "types": made.types.split(),
            "secret": made.secret,
        }

    try:
        return once(request, caller, done, 201)
    except AddressRefused as fault:
        raise refusal("url", fault) from None
    except EndpointRefused as fault:
        raise refusal("types", fault) from None


@router.get("/{programme}/webhooks", response=WebhookPage, operation_id="list_webhooks")
def listed(request: HttpRequest, programme: int) -> HttpResponse:
    """The caller's endpoints, those that are switched off too; never their secrets."""
    caller = admit(request, programme, SCOPE)
    items = [
        {
            "number": row.number,
            "url": row.url,
            "types": row.types.split(),
            "active": row.active,
            "position": row.position,
        }
        for row in endpoints_of(programme, caller.number)
    ]
    return document(request, {"items": items, "next": None})


@router.delete(
    "/{programme}/webhooks/{number}", response={200: Done}, operation_id="switch_off_webhook"
)
def remove(request: HttpRequest, programme: int, number: int) -> HttpResponse:
    """Send nothing more to an endpoint; what was sent to it stays listed."""
    caller = admit(request, programme, SCOPE)
    endpoint = owned(caller, number)

    def done() -> dict[str, Any]:
        switch_off(endpoint)
        return {"done": True}

    return once(request, caller, done, 200)


@router.post(
    "/{programme}/webhooks/{number}/replay",
    response={200: Replaying},
    operation_id="replay_webhook",
)
def replay(request: HttpRequest, programme: int, number: int, body: ReplayIn) -> HttpResponse:
    """Send all messages from an event on once more, under the same ids, in the same order."""
    admit(request, programme, "journal:read")
    caller = admit(request, programme, SCOPE)
    endpoint = owned(caller, number)

    def done() -> dict[str, Any]:
        set_back(endpoint, body.from_sequence)
        return {"from_sequence": body.from_sequence}

    try:
        return once(request, caller, done, 200)
    except EndpointRefused as fault:
        raise refusal("from_sequence", fault) from None


@router.get(
    "/{programme}/webhooks/{number}/deliveries",
    response=DeliveryPage,
    operation_id="list_deliveries",
)
def deliveries(
    request: HttpRequest,
    programme: int,
    number: int,
    after: Place | None = None,
    limit: Limit = PAGE,
    state: State | None = None,
) -> HttpResponse:
    """An endpoint's messages, in the order of the journal, and what became of each."""
    caller = admit(request, programme, SCOPE)
    endpoint = owned(caller, number)
    rows = Delivery.objects.filter(programme_id=programme, endpoint=endpoint.number)
    if state is not None:
        rows = rows.filter(state=Delivery.State[state.upper()])
    if after is not None:
        sequence, line = map(int, after.split("-"))
        beyond = Q(sequence__gt=sequence) | Q(sequence=sequence, line__gt=line)
        rows = rows.filter(beyond, sequence__gte=sequence)
    found = list(rows.defer("body").order_by("sequence", "line")[: limit + 1])
    here = found[:limit]
    following = place_of(here[-1]) if len(found) > limit else None
    ids = member_ids(programme, here)
    return document(
        request,
        {"items": [delivery_document(row, ids) for row in here], "next": following},
    )


def place_of(row: Delivery) -> str:
    """Where a message stands."""
    return f"{row.sequence}-{row.line}"


def member_ids(programme: int, rows: list[Delivery]) -> dict[int, str]:
    """The outside ids of the members whom some messages concern."""
    found = Identity.objects.filter(
        programme_id=programme,
        kind=Identity.Kind.MEMBER,
        number__in=sorted({row.member for row in rows} - {0}),
    )
    return dict(found.values_list("number", "outside_id"))


def delivery_document(row: Delivery, ids: dict[int, str]) -> dict[str, Any]:
    """What became of a message."""
    state = Delivery.State(row.state)
    waits = state is Delivery.State.PENDING
    return DeliveryOut(
        place=place_of(row),
        id=webhook_id(row.programme_id, row.sequence, row.line),
        type=row.type,
        member_id=ids.get(row.member),
        state=state.name.lower(),  # type: ignore[arg-type] # the names are those of the document
        attempts=row.attempts,
        next_at=moment_text(row.next_at) if waits else None,
        last_status=row.last_status or None,
        last_error=row.last_error or None,
    ).model_dump()
