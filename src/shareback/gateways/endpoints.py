"""Endpoints: registered, switched off, set back."""

import base64
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Max, QuerySet

from shareback.gateways.addresses import Resolve, resolve, target_of
from shareback.gateways.models import Delivery, Endpoint
from shareback.gateways.notices import TYPES
from shareback.journal.models import Programme

SECRET_BYTES = 32
ENDPOINTS_MAX = 20
"""That one client may have switched on: each of them is one more message for every event."""

NUMBER_END = 1 << 31


class EndpointRefused(ValueError):
    """An endpoint that cannot be registered or set back; the text is one line for people."""


def now_us() -> int:
    """µs UTC since 1970."""
    return time.time_ns() // 1_000


def register(
    programme: int,
    client: int,
    url: str,
    types: Iterable[str] = (),
    alias: str = DEFAULT_DB_ALIAS,
    *,
    to_private: bool | None = None,
    look_up: Resolve = resolve,
) -> Endpoint:
    """Register an endpoint: it gets what happens from now on.

    Args:
        programme: The programme's number.
        client: The number of the API client whose endpoint it is.
        url: To where messages are posted.
        types: Names of `TYPES`; all of them where none is named.
        alias: Which of Django's databases holds the programme.
        to_private: As `addresses.target_of` takes it.
        look_up: As above.

    Raises:
        AddressRefused: Nothing is sent to this URL.
        EndpointRefused: A type is none, or the client has too many endpoints.
    """
    wanted = sorted(set(types))
    unknown = [name for name in wanted if name not in TYPES]
    if unknown:
        raise EndpointRefused(f"type {' '.join(unknown)}: choose from {' '.join(TYPES)}")
    target_of(url, to_private=to_private, look_up=look_up)
    with transaction.atomic(using=alias):
        if endpoints_of(programme, client, alias).filter(active=True).count() >= ENDPOINTS_MAX:
            raise EndpointRefused(f"at most {ENDPOINTS_MAX} endpoints; switch one off first")
        rows = Endpoint.objects.using(alias).filter(programme_id=programme)
        top = rows.aggregate(top=Max("number"))["top"] or 0
        return Endpoint.objects.using(alias).create(
            programme_id=programme,
            number=top + 1,
            client=client,
            url=url,
            secret=f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}",
            types=" ".join(wanted),
            position=Programme.objects.using(alias).get(pk=programme).sequence,
            made_at=now_us(),
        )


def endpoints_of(programme: int, client: int, alias: str = DEFAULT_DB_ALIAS) -> QuerySet[Endpoint]:
    """The endpoints of an API client, by number."""
    rows = Endpoint.objects.using(alias).filter(programme_id=programme, client=client)
    return rows.order_by("number")


def endpoint_of(
    programme: int, client: int, number: int, alias: str = DEFAULT_DB_ALIAS
) -> Endpoint | None:
    """One endpoint of an API client; nothing where it is another's, or is not there (A55)."""
    if not 0 < number < NUMBER_END:
        return None
    return endpoints_of(programme, client, alias).filter(number=number).first()


@contextmanager
def locked(endpoint: Endpoint, alias: str) -> Iterator[Endpoint]:
    """An endpoint as it stands now, for a transaction in which nobody else changes its messages.

    SQLite knows no lock of a row: there a transaction is the only one that writes.
    """
    with transaction.atomic(using=alias):
        yield Endpoint.objects.using(alias).select_for_update().get(pk=endpoint.pk)


def switch_off(endpoint: Endpoint, alias: str = DEFAULT_DB_ALIAS) -> None:
    """Send nothing more to an endpoint; what was sent stays visible."""
    Endpoint.objects.using(alias).filter(pk=endpoint.pk).update(active=False)


def switch_off_client(programme: int, client: int, alias: str = DEFAULT_DB_ALIAS) -> None:
    """Send nothing more to an API client that may call no longer."""
    endpoints_of(programme, client, alias).update(active=False)


def set_back(endpoint: Endpoint, sequence: int, alias: str = DEFAULT_DB_ALIAS) -> None:
    """Send all messages from an event on once more, under the same ids.

    What waits or was sent from there on is dropped, and taken anew from the journal in order. A
    message that is under way meanwhile finds its row gone, and leaves no trace.

    Raises:
        EndpointRefused: The event has not been read yet.
    """
    with locked(endpoint, alias) as row:
        if sequence > row.position:
            raise EndpointRefused(f"from_sequence: at most {row.position}, which comes next anyway")
        sent = Delivery.objects.using(alias).filter(
            programme_id=row.programme_id, endpoint=row.number, sequence__gte=sequence
        )
        sent.delete()
        row.position, row.line = sequence, 0
        row.save(using=alias, update_fields=["position", "line"])
