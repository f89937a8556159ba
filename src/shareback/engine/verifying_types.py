"""On SQLite, which takes anything into any column: is each value of its column's type?

A value of another type could be rounded to the right one, or stop the comparison; so types are
looked at before anything is read as a number. PostgreSQL sees to them itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, models

from shareback.audit.findings import Finding, shortened
from shareback.journal.models import (
    AccountBlock,
    BalanceCheck,
    Checkpoint,
    ClosedAccounts,
    Cosignature,
    Day,
    Event,
    Identity,
    LogKey,
    LogTile,
    Maturity,
    Member,
    Merchant,
    Movement,
    Order,
    Payment,
    Programme,
    Refund,
    Terms,
    Touched,
    Witness,
)

PLACES: dict[type[models.Model], str] = {
    Programme: "head",
    Terms: "terms {version}",
    Member: "member {number}",
    Merchant: "merchant {number}",
    Order: "order {number}",
    Maturity: "maturity of order {number}",
    Refund: "refund of event {sequence}",
    Payment: "payment {number}",
    Identity: "identity {number} of kind {kind}",
    Event: "event {sequence}",
    Movement: "movement {line} of event {sequence}",
    Day: "day number {day}",
    Touched: "touched accounts up to event {sequence}",
    ClosedAccounts: "closed accounts of day number {day}",
    AccountBlock: "account block {place} of level {level}",
    Checkpoint: "checkpoint of day number {day}",
    LogKey: "log key {number}",
    Witness: "witness {name}",
    Cosignature: "cosignature of {witness} under the checkpoint of day number {day}",
    LogTile: "log tile {place} of level {level}",
    BalanceCheck: "check of account {number} of kind {kind} on day number {day}",
}
"""How a row of each table that is compared is called."""

SECRET = {(Programme, "key"), (LogKey, "secret")}
"""What a finding never shows."""

TYPES: "tuple[tuple[type[models.Field[object, object]], str, str], ...]" = (
    (models.IntegerField, "integer", "a whole number"),
    (models.CharField, "text", "a text"),
    (models.TextField, "text", "a text"),
    (models.BinaryField, "blob", "bytes"),
)
"""What SQLite calls the type of a field's values, and how people do."""


@contextmanager
def any_text(alias: str) -> Iterator[None]:
    """Read texts that are not UTF-8 too, which SQLite takes, so that their rows can be named.

    Args:
        alias: Which of Django's databases.
    """
    connection = connections[alias]
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    raw = connection.connection
    before = raw.text_factory
    raw.text_factory = lambda octets: octets.decode(errors="surrogateescape")
    try:
        yield
    finally:
        raw.text_factory = before


def wrong_types(programme: int, alias: str) -> list[Finding]:
    """Values of another type than their column's.

    Args:
        programme: The programme's number in the database.
        alias: Which of Django's databases holds it.

    Returns:
        At most one finding for each table.
    """
    if connections[alias].vendor != "sqlite":
        return []
    found = (wrong_type(model, programme, alias) for model in PLACES)
    return [finding for finding in found if finding is not None]


def wrong_type(model: type[models.Model], programme: int, alias: str) -> Finding | None:
    """The first value of a table that is of another type than its column's."""
    meta = model._meta  # noqa: SLF001 - Django's documented Meta API
    owner = "id" if model is Programme else "programme_id"
    fields = [field for field in meta.concrete_fields if field.column not in (None, owner)]
    expected = [next(each for each in TYPES if isinstance(field, each[0])) for field in fields]
    names = [f'"{field.column}"' for field in fields]
    pairs = list(zip(names, expected, strict=True))
    wrong = [f"typeof({name}) <> '{kind[1]}'" for name, kind in pairs]
    # That a column which may be empty is so is no other type.
    wrong = [
        f"({name} IS NOT NULL AND {each})" if field.null else each
        for field, name, each in zip(fields, names, wrong, strict=True)
    ]
    query = (
        f"SELECT {','.join(names)}, {','.join(wrong)}"  # noqa: S608 - names of our own tables
        f' FROM "{meta.db_table}" WHERE "{owner}" = {programme} AND ({" OR ".join(wrong)}) LIMIT 1'
    )
    with connections[alias].cursor() as cursor:
        row = cursor.execute(query).fetchone()
    if row is None:
        return None
    values, is_wrong = row[: len(fields)], row[len(fields) :]
    at = is_wrong.index(1)
    columns = [str(field.column) for field in fields]
    place = PLACES[model].format(**dict(zip(columns, values, strict=True)))
    # Whatever is left of a key stays secret.
    secret = (model, columns[at]) in SECRET
    shown = f"no {expected[at][2]}" if secret else shortened(repr(values[at]))
    return Finding(place, columns[at], shown, expected[at][2])
