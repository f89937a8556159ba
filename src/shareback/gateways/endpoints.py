"""Endpoints: registered, switched off, set back."""

import base64
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Max, Q, QuerySet

from shareback.gateways.addresses import Resolve, resolve, target_of
from shareback.gateways.models import Delivery, Endpoint
from shareback.gateways.notices import TYPES
from shareback.journal.models import Programme

SECRET_BYTES = 32
ENDPOINTS_MAX = 20
"""That one client may have switched on: each of them is one more message for every event."""

NUMBER_END = 1 << 31

SLICE = 1_000
"""As many messages are dropped in one transaction, since on SQLite all writers wait for it."""


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
    """Register an endpoint: `fit`, then `add`."""
    wanted = fit(url, types, to_private=to_private, look_up=look_up)
    return add(programme, client, url, wanted, alias)


def fit(
    url: str,
    types: Iterable[str] = (),
    *,
    to_private: bool | None = None,
    look_up: Resolve = resolve,
) -> list[str]:
    """The types that an endpoint wants, if there may be such an endpoint.

    The host is looked up, which takes as long as somebody else likes: no transaction may be open.

    Args:
        url: To where messages are posted.
        types: Names of `TYPES`; all of them where none is named.
        to_private: As `addresses.target_of` takes it.
        look_up: As above.

    Raises:
        AddressRefused: Nothing is sent to this URL.
        EndpointRefused: A type is none.
        LookupsBusy: As `addresses.target_of` says.
    """
    wanted = sorted(set(types))
    unknown = [name for name in wanted if name not in TYPES]
    if unknown:
        raise EndpointRefused(f"type {' '.join(unknown)}: choose from {' '.join(TYPES)}")
    target_of(url, to_private=to_private, look_up=look_up)
    return wanted


def add(
    programme: int,
    client: int,
    url: str,
    wanted: Iterable[str],
    alias: str = DEFAULT_DB_ALIAS,
) -> Endpoint:
    """Add an endpoint that is fit: it gets what happens from now on.

    Args:
        programme: The programme's number.
        client: The number of the API client whose endpoint it is.
        url: To where messages are posted.
        wanted: What `fit` gave.
        alias: Which of Django's databases holds the programme.

    Raises:
        EndpointRefused: The client has too many endpoints.
    """
    with head_locked(programme, alias) as head:
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
            position=head.sequence,
            made_at=now_us(),
        )


@contextmanager
def head_locked(programme: int, alias: str) -> Iterator[Programme]:
    """A programme's head, for a transaction beside which nobody else writes to the programme.

    Two endpoints cannot get the same number then, nor one key two meanings.
    """
    with transaction.atomic(using=alias):
        rows = Programme.objects.using(alias).select_for_update()
        yield rows.only("sequence").get(pk=programme)


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

    What waits or was sent from there on is dropped, and taken anew from the journal in order. Only
    a slice of it is dropped here; whatever is left, `drop` drops before anything is sent. A message
    that is under way meanwhile finds its row gone, and leaves no trace.

    Raises:
        EndpointRefused: The event has not been read yet.
    """
    with locked(endpoint, alias) as row:
        if sequence > row.position:
            raise EndpointRefused(f"from_sequence: at most {row.position}, which comes next anyway")
        row.position, row.line = sequence, 0
        row.dropping = drop_slice(row, alias) == SLICE
        row.save(using=alias, update_fields=["position", "line", "dropping"])


def drop(endpoint: Endpoint, alias: str) -> int:
    """Drop a slice of what a replay sends once more; nothing else happens to it meanwhile.

    Args:
        endpoint: Is told whether there is more to drop.
        alias: Which of Django's databases holds it.

    Returns:
        How many messages were dropped.
    """
    with locked(endpoint, alias) as row:
        count = drop_slice(row, alias) if row.dropping else 0
        row.dropping = count == SLICE
        row.save(using=alias, update_fields=["dropping"])
    endpoint.dropping = row.dropping
    return count


def drop_slice(endpoint: Endpoint, alias: str) -> int:
    """Remove at most `SLICE` messages from an endpoint's position on."""
    rows = Delivery.objects.using(alias).filter(
        programme_id=endpoint.programme_id,
        endpoint=endpoint.number,
        sequence__gte=endpoint.position,
    )
    places = rows.order_by("sequence", "line").values_list("sequence", "line")
    last = places[SLICE - 1 : SLICE].first()
    if last is not None:
        sequence, line = last
        rows = rows.filter(Q(sequence__lt=sequence) | Q(sequence=sequence, line__lte=line))
    return rows.delete()[0]
