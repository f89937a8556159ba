"""The documents of webhooks: where events are sent, and what became of each message."""

from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from shareback.api.schemas import Taken, example
from shareback.gateways.notices import TYPES

SEQUENCE_MAX = 2**62
PLACE = r"^[0-9]{1,18}-[0-9]{1,18}$"
"""Where a message stands: the event's sequence number, then its place among that event's."""

MessageType = Annotated[str, Field(max_length=40, json_schema_extra={"enum": list(TYPES)})]
State = Literal["pending", "parked", "delivered", "failed"]
ENDPOINT = {
    "number": 1,
    "url": "https://mall.example.com/shareback",
    "types": ["order.matured", "points.awarded"],
}
SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"  # noqa: S105 - the example of the specification


class WebhookIn(Taken):
    """Register an endpoint; all types of messages where none is named."""

    model_config = example(url=ENDPOINT["url"], types=ENDPOINT["types"])
    url: Annotated[str, Field(min_length=1, max_length=500)]
    types: Annotated[list[MessageType], Field(max_length=len(TYPES))] | None = None


class ReplayIn(Taken):
    """Send all messages from an event on once more."""

    model_config = example(from_sequence=1_017)
    from_sequence: Annotated[int, Field(ge=0, le=SEQUENCE_MAX)]


class WebhookMade(Schema):
    """An endpoint that was registered.

    The secret is told this once, and again to the same request under the same key, as long as it
    signs the endpoint's messages; after that it is null there.
    """

    model_config = example(**ENDPOINT, secret=SECRET)
    number: int
    url: str
    types: list[str]
    secret: str | None


class WebhookOut(Schema):
    """An endpoint; ``position`` is the sequence number of the event that it gets next."""

    model_config = example(**ENDPOINT, active=True, position=1_017)
    number: int
    url: str
    types: list[str]
    active: bool
    position: int


class WebhookPage(Schema):
    """Endpoints."""

    items: list[WebhookOut]
    next: int | None


class DeliveryOut(Schema):
    """A message: ``place`` is where to go on after it, ``id`` its webhook-id.

    ``parked`` waits behind an earlier message of the same member; ``failed`` is tried no more, and
    those behind it stay parked until they are replayed.
    """

    model_config = example(
        place="1017-0",
        id="1-1017-0",
        type="order.paid",
        member_id="m-1001",
        state="pending",
        attempts=2,
        next_at="2026-01-01T00:00:10.250000Z",
        last_status=503,
        last_error="answered 503",
    )
    place: str
    id: str
    type: str
    member_id: str | None
    state: State
    attempts: int
    next_at: str | None
    last_status: int | None
    last_error: str | None


class DeliveryPage(Schema):
    """Messages, in the order of the journal."""

    items: list[DeliveryOut]
    next: str | None


class Replaying(Schema):
    """From where messages are sent once more."""

    model_config = example(from_sequence=1_017)
    from_sequence: int
