"""Connections: opened, given another secret, switched off."""

import re
from collections.abc import Iterable

from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction
from django.db.models import Max, QuerySet

from shareback.api.changes import note
from shareback.api.clients import OVERLAP_US, ClientRefused, network_of, now_us
from shareback.api.connectors.shapes import Shape, ShapeUnfit, built_in, read_shape
from shareback.api.connectors.signatures import Shared
from shareback.api.models import AccessChange, Connection
from shareback.engine.wellformed import is_encodable

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}", re.ASCII)
SECRET_MIN, SECRET_MAX = 16, 500
TEXT_MAX = (60, 200, 200)


class ConnectionUnfit(ValueError):
    """A connection that cannot be opened as asked; the text is one line for people."""


def open_connection(
    programme: int,
    name: str,
    secret: str,
    shape: str = "",
    mapping: str = "",
    client_id: str = "",
    networks: Iterable[str] = (),
    prefix: str = "",
    merchant_id: str = "",
    alias: str = DEFAULT_DB_ALIAS,
    who: str = "",
) -> Connection:
    """Connect a mall to a programme.

    Args:
        programme: The programme's number.
        name: In the address that the mall posts to.
        secret: What the mall signs with.
        shape: A shape that comes with Shareback; or
        mapping: the TOML text of a shape of the mall's own.
        client_id: Of the mall's app at Youzan.
        networks: From where deliveries may come, in CIDR; from anywhere if there are none.
        prefix: Put before the ids of the mall's orders, members and merchants; the programme's
            second connection needs one, and so does every one after it.
        merchant_id: The merchant of orders for which the shape names none.
        alias: Which of Django's databases holds the programme.
        who: Who connects it; the user of the operating system where nobody is named.

    Raises:
        ConnectionUnfit: One of these does not do, or the name is taken.
    """
    allowed = networks_of(networks)
    check(name, secret, (prefix, merchant_id, client_id))
    check_signature(shape_from(shape, mapping), allowed, client_id)
    rows = Connection.objects.using(alias).filter(programme_id=programme)
    try:
        with transaction.atomic(using=alias):
            # Of two that are opened at once the later one finds its number taken.
            number = (rows.aggregate(top=Max("number"))["top"] or 0) + 1
            check_beside(name, prefix, rows)
            connection = Connection.objects.using(alias).create(
                programme_id=programme,
                name=name,
                number=number,
                shape=shape,
                mapping=mapping,
                secret=secret,
                client_id=client_id,
                networks=" ".join(allowed),
                prefix=prefix,
                merchant_id=merchant_id,
            )
            changed(connection, AccessChange.What.CONNECTION_OPENED, shown(connection), who, alias)
            return connection
    except IntegrityError:
        raise ConnectionUnfit("another was opened at the same moment; try again") from None


def shown(connection: Connection) -> dict[str, object]:
    """What a connection was given, without its secret."""
    return {
        "shape": connection.shape or "of its own",
        "networks": connection.networks,
        "prefix": connection.prefix,
        "merchant": connection.merchant_id,
    }


def changed(
    connection: Connection,
    what: AccessChange.What,
    given: dict[str, object],
    who: str,
    alias: str,
) -> None:
    """Write down what was done to a connection."""
    note(connection.programme_id, now_us(), what, connection.name, given, who, alias)


def check_beside(name: str, prefix: str, others: QuerySet[Connection]) -> None:
    """Refuse a name that is taken, and a prefix under which ids of two malls could be the same.

    The prefix of a connection that was closed may be taken over: the same mall, connected anew.
    """
    if others.filter(name=name).exists():
        raise ConnectionUnfit(f"name {name!r}: there is a connection of this name")
    for other in others.filter(active=True):
        if not prefix:
            told = f"prefix: {other.name} is connected already, and both may use the same ids"
            raise ConnectionUnfit(f"{told}; name one")
        if other.prefix and (prefix.startswith(other.prefix) or other.prefix.startswith(prefix)):
            told = f"prefix {prefix!r}: that of {other.name} is {other.prefix!r}"
            raise ConnectionUnfit(f"{told}; neither may begin with the other")


def networks_of(networks: Iterable[str]) -> list[str]:
    """Networks as they are kept."""
    try:
        return [network_of(text) for text in networks]
    except ClientRefused as fault:
        raise ConnectionUnfit(str(fault)) from None


def check(name: str, secret: str, texts: tuple[str, ...]) -> None:
    """Refuse a name, a secret, or a prefix, merchant or client id that does not do."""
    if not NAME.fullmatch(name):
        raise ConnectionUnfit(f"name {name!r}: 1 to 60 of a-z, 0-9 and -")
    check_secret(secret)
    bounds = zip(texts, TEXT_MAX, strict=True)
    if any(not is_encodable(text) or len(text) > most for text, most in bounds):
        told = "at most 60, 200 and 200 characters that can be stored"
        raise ConnectionUnfit(f"prefix, merchant_id and client_id: {told}")


def check_secret(secret: str) -> None:
    """Refuse a secret that can be guessed, or kept by no column."""
    if not SECRET_MIN <= len(secret) <= SECRET_MAX or not is_encodable(secret):
        raise ConnectionUnfit(f"the secret needs {SECRET_MIN} to {SECRET_MAX} characters")


def check_signature(shape: Shape, networks: list[str], client_id: str) -> None:
    """Refuse Youzan's MD5 without an allow-list and a client id."""
    if shape.signature.is_weak and not networks:
        raise ConnectionUnfit(
            "Youzan signs with MD5, which is weak: name the networks that it sends from"
        )
    if shape.signature.is_weak and not client_id:
        raise ConnectionUnfit("Youzan signs with the app's client id: name it")


def shape_from(shape: str, mapping: str) -> Shape:
    """The shape that a connection names or holds.

    Raises:
        ConnectionUnfit: It is none, or there are two.
    """
    if bool(shape) == bool(mapping):
        raise ConnectionUnfit("name either a shape or a mapping file")
    try:
        return read_shape(mapping or built_in(shape))
    except ShapeUnfit as fault:
        raise ConnectionUnfit(str(fault)) from None


def shape_of(connection: Connection) -> Shape:
    """A connection's shape."""
    return shape_from(connection.shape, connection.mapping)


def change_secret(
    connection: Connection, secret: str, alias: str = DEFAULT_DB_ALIAS, who: str = ""
) -> None:
    """Give a connection another secret; the one before holds for a day."""
    check_secret(secret)
    connection.secret_before, connection.secret = connection.secret, secret
    connection.before_ends_at = now_us() + OVERLAP_US
    fields = ["secret", "secret_before", "before_ends_at"]
    given: dict[str, object] = {"before_ends_at": connection.before_ends_at}
    with transaction.atomic(using=alias):
        connection.save(using=alias, update_fields=fields)
        changed(connection, AccessChange.What.CONNECTION_CHANGED, given, who, alias)


def known_secrets(connection: Connection) -> list[Shared]:
    """The secrets that hold now."""
    held = [connection.secret]
    if connection.secret_before and connection.before_ends_at > now_us():
        held.append(connection.secret_before)
    return [Shared(secret, connection.client_id) for secret in held]


def switch_off(connection: Connection, alias: str = DEFAULT_DB_ALIAS, who: str = "") -> None:
    """Take no delivery of a connection from now on."""
    with transaction.atomic(using=alias):
        Connection.objects.using(alias).filter(pk=connection.pk).update(active=False)
        changed(connection, AccessChange.What.CONNECTION_CLOSED, {}, who, alias)
