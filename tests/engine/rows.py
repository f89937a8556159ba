"""All that a programme has in its journal, so that two journals can be compared."""

import hashlib
from typing import Any

from django.db import connections

from shareback.engine.engine import Engine
from shareback.journal import models
from shareback.journal.models import Programme
from shareback.proofs.merkle import frontier_from_bytes, root

Rows = dict[str, list[tuple[Any, ...]]]

TABLES = (
    models.Terms,
    models.Member,
    models.Merchant,
    models.Order,
    models.Maturity,
    models.Refund,
    models.Payment,
    models.Identity,
    models.Event,
    models.Movement,
    models.Day,
    models.Answer,
)
UNORDERED = {"movement": 1}
"""The place of the line: in which order one event's movements are written is left open."""


def rows_of(engine: Engine) -> Rows:
    """Every row of a programme but its number and name, table by table."""
    head = Programme.objects.using(engine.alias).get(pk=engine.id)
    rows: Rows = {"head": [(*head.figures(), bytes(head.frontier), bytes(head.key))]}
    for model in TABLES:
        table = str(model._meta.model_name)
        rows[table] = [plain(row, UNORDERED.get(table)) for row in stored(engine, model)]
        rows[table].sort()
    return rows


def stored(engine: Engine, model: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - any of the models
    """The rows of a table, in columns as they stand."""
    columns = ",".join(
        f'"{field.column}"' for field in model._meta.concrete_fields if field.name != "programme"
    )
    query = f'SELECT {columns} FROM "{model._meta.db_table}" WHERE programme_id = {engine.id}'  # noqa: S608 - the tables' own names
    with connections[engine.alias].cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def plain(row: tuple[Any, ...], left_out: int | None) -> tuple[Any, ...]:
    """A row with bytes as bytes, whichever the driver, and without one column."""
    return tuple(
        bytes(value) if isinstance(value, memoryview) else value
        for place, value in enumerate(row)
        if place != left_out
    )


def log_root(engine: Engine) -> str:
    """The root of the log, as the head has it."""
    head = Programme.objects.using(engine.alias).get(pk=engine.id)
    return root(frontier_from_bytes(bytes(head.frontier))).hex()


def digest_of(engine: Engine) -> str:
    """A few letters that stand for all rows."""
    return hashlib.sha256(repr(rows_of(engine)).encode()).hexdigest()
