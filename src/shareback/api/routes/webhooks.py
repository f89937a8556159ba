"""Webhooks: where a programme's events are sent, what became of them, and sending them again."""

from typing import Annotated, Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from shareback.api.access import Caller, admit
from shareback.api.keeping import Told, once
from shareback.api.problems import Problem
from shareback.api.reading import PAGE
from shareback.api.routes.reading import After, Limit
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
from shareback.api.writing import document
from shareback.gateways.addresses import AddressRefused
from shareback.gateways.deliveries import listed as listed_of
from shareback.gateways.endpoints import (
    EndpointRefused,
    add,
    endpoint_of,
    endpoints_of,
    fit,
    set_back,
    switch_off,
)
from shareback.gateways.lookups import LOOKUPS, LookupsBusy
from shareback.gateways.models import Delivery, Endpoint
from shareback.gateways.notices import moment_text, webhook_id
from shareback.journal.models import Identity

router = Router(tags=["webhooks"])
SCOPE = "webhooks:write"

Place = Annotated[str, Query(pattern=PLACE, examples=["1017-0"])]


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
def register(request: HttpRequest, programme: int, body: WebhookIn) -> HttpResponse:
    """Register an endpoint: what happens from now on is sent to it, signed with its secret.

    The URL must begin with ``https://`` and lead to the open internet. Messages tell what the
    journal tells, so the client may read that too (`journal:read`).
    """
    admit(request, programme, "journal:read")
    caller = admit(request, programme, SCOPE)

    wanted: list[str] = []

    def looked_up() -> None:
        look_up = LOOKUPS.of((programme, caller.number))
        wanted[:] = fit(body.url, body.types or (), look_up=look_up)

    def done() -> Told:
        made = add(programme, caller.number, body.url, wanted)
        content = {
            "number": made.number,
            "url": made.url,
            "types": made.types.split(),
            "secret": made.secret,
        }
        return Told(content, made.number)

    try:
        return once(request, caller, done, 201, looked_up)
    except AddressRefused as fault:
        raise refusal("url", fault) from None
    except EndpointRefused as fault:
        raise refusal("types", fault) from None
    except LookupsBusy:
        raise Problem(503, "busy", headers={"Retry-After": "1"}) from None


@router.get("/{programme}/webhooks", response=WebhookPage, operation_id="list_webhooks")
def listed(
    request: HttpRequest, programme: int, after: After = 0, limit: Limit = PAGE
) -> HttpResponse:
    """The caller's endpoints, those that are switched off too; never their secrets."""
    caller = admit(request, programme, SCOPE)
    rows = endpoints_of(programme, caller.number).filter(number__gt=after)
    found = list(rows[: limit + 1])
    items = [
        {
            "number": row.number,
            "url": row.url,
            "types": row.types.split(),
            "active": row.active,
            "position": row.position,
        }
        for row in found[:limit]
    ]
    following = items[-1]["number"] if len(found) > limit else None
    return document(request, {"items": items, "next": following})


@router.delete(
    "/{programme}/webhooks/{number}", response={200: Done}, operation_id="switch_off_webhook"
)
def remove(request: HttpRequest, programme: int, number: int) -> HttpResponse:
    """Send nothing more to an endpoint; what was sent to it stays listed."""
    caller = admit(request, programme, SCOPE)
    endpoint = owned(caller, number)

    def done() -> Told:
        switch_off(endpoint)
        return Told({"done": True})

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

    def done() -> Told:
        set_back(endpoint, body.from_sequence)
        return Told({"from_sequence": body.from_sequence})

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
    """An endpoint's messages, in the order of the journal, and what became of each.

    What was delivered is listed for some weeks; all others for as long as they wait or have failed.
    """
    caller = admit(request, programme, SCOPE)
    endpoint = owned(caller, number)
    rows = listed_of(endpoint, DEFAULT_DB_ALIAS)
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
