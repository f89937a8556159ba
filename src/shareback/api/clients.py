"""API clients: opened, given secrets, rotated, switched off."""

import hashlib
import ipaddress
import secrets
import time
from collections.abc import Iterable

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Max, Q, QuerySet

from shareback.api.changes import note
from shareback.api.models import AccessChange, Client, Secret
from shareback.api.scopes import SCOPES
from shareback.gateways.endpoints import switch_off_client

REQUESTS_PER_MINUTE = 60_000
SECRET_BYTES = 32
OVERLAP_US = 24 * 3_600_000_000
"""A rotated secret goes on for a day, so that every server of a mall can be told the new one."""


class ClientRefused(ValueError):
    """A client that cannot be opened as asked; the text is one line for people."""


def now_us() -> int:
    """µs UTC since 1970."""
    return time.time_ns() // 1_000


def digest_of(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def open_client(
    programme: int,
    name: str,
    scopes: Iterable[str],
    networks: Iterable[str] = (),
    requests_per_minute: int = REQUESTS_PER_MINUTE,
    alias: str = DEFAULT_DB_ALIAS,
    who: str = "",
) -> tuple[Client, str]:
    """Open a client of a programme.

    Args:
        programme: The programme's number.
        name: For people.
        scopes: Names of `SCOPES`.
        networks: From where it may call, in CIDR; from anywhere if there are none.
        requests_per_minute: How often.
        alias: Which of Django's databases holds the programme.
        who: Who opens it; the user of the operating system where nobody is named.

    Returns:
        The client, and its first secret, which is kept nowhere.

    Raises:
        ClientRefused: A scope or network is none.
    """
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in SCOPES]
    if unknown or not wanted:
        named = " ".join(unknown) or "(none)"
        raise ClientRefused(f"scope {named}: choose from {' '.join(SCOPES)}")
    allowed = [network_of(text) for text in networks]
    with transaction.atomic(using=alias):
        rows = Client.objects.using(alias).filter(programme_id=programme)
        top = rows.aggregate(top=Max("number"))["top"] or 0
        client = Client.objects.using(alias).create(
            programme_id=programme,
            number=top + 1,
            client_id=f"sb_{secrets.token_hex(12)}",
            name=name,
            scopes=" ".join(wanted),
            networks=" ".join(allowed),
            requests_per_minute=requests_per_minute,
        )
        given = {
            "name": name,
            "scopes": client.scopes,
            "networks": client.networks,
            "per_minute": requests_per_minute,
        }
        changed(client, AccessChange.What.CLIENT_OPENED, given, who, alias)
        return client, add_secret(client, alias)


def changed(
    client: Client, what: AccessChange.What, given: dict[str, object], who: str, alias: str
) -> None:
    """Write down what was done to a client."""
    note(client.programme_id, now_us(), what, client.client_id, given, who, alias)


def network_of(text: str) -> str:
    """A network in CIDR as it is kept; a single address is a network too."""
    try:
        return str(ipaddress.ip_network(text, strict=True))
    except ValueError as fault:
        raise ClientRefused(f"network {text!r}: {fault}") from None


def add_secret(client: Client, alias: str = DEFAULT_DB_ALIAS) -> str:
    """Give a client one more secret; returns it."""
    secret = f"sbs_{secrets.token_urlsafe(SECRET_BYTES)}"
    Secret.objects.using(alias).create(
        programme_id=client.programme_id,
        client=client.number,
        digest=digest_of(secret),
        made_at=now_us(),
    )
    return secret


def rotate_secret(client: Client, alias: str = DEFAULT_DB_ALIAS, who: str = "") -> str:
    """Give a client a new secret; those before it end after a day."""
    ends_at = now_us() + OVERLAP_US
    with transaction.atomic(using=alias):
        live_secrets(client, alias).filter(ends_at=None).update(ends_at=ends_at)
        changed(client, AccessChange.What.CLIENT_ROTATED, {"before_ends_at": ends_at}, who, alias)
        return add_secret(client, alias)


def live_secrets(client: Client, alias: str = DEFAULT_DB_ALIAS) -> QuerySet[Secret]:
    """The secrets that hold now."""
    rows = Secret.objects.using(alias).filter(
        programme_id=client.programme_id, client=client.number
    )
    return rows.filter(Q(ends_at=None) | Q(ends_at__gt=now_us()))


def secret_is_right(client: Client, secret: str, alias: str = DEFAULT_DB_ALIAS) -> bool:
    """Whether a secret is one of the client's; compared in constant time (A59)."""
    asked = digest_of(secret)
    found = [
        secrets.compare_digest(bytes(one), asked)
        for one in live_secrets(client, alias).values_list("digest", flat=True)
    ]
    return any(found)


def switch_off(client: Client, alias: str = DEFAULT_DB_ALIAS, who: str = "") -> None:
    """Turn a client away from now on, and send nothing more to its endpoints."""
    with transaction.atomic(using=alias):
        Client.objects.using(alias).filter(pk=client.pk).update(active=False)
        switch_off_client(client.programme_id, client.number, alias)
        changed(client, AccessChange.What.CLIENT_CLOSED, {}, who, alias)
