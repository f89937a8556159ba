"""A verification names values of a type that their column cannot have, which SQLite takes."""

import re

import pytest
from django.db import DatabaseError, connections

from shareback.engine.engine import Engine
from shareback.engine.verifying import verify_full
from tests.engine.edits import WRONG_TYPES
from tests.engine.test_verifying import edits, found, unlocked

pytestmark = pytest.mark.usefixtures("alias")


def is_sqlite(engine: Engine) -> bool:
    return connections[engine.alias].vendor == "sqlite"


@pytest.mark.parametrize("statement", WRONG_TYPES)
def test_names_a_value_of_another_type_where_the_database_takes_it(
    busy: Engine, statement: str
) -> None:
    expected = WRONG_TYPES[statement]
    if not is_sqlite(busy) and "a text" in expected:
        # PostgreSQL writes the bits into a column of texts as a text of its own.
        expected = r".+: (order_id|payment_id|outside_id|parameters) is '?11111111"
    elif not is_sqlite(busy):
        with pytest.raises(DatabaseError, match="is of type"):
            found(busy, statement)
        return
    (line,) = found(busy, statement)
    assert re.match(expected, line), line


@pytest.mark.parametrize("column", ["orders_pending", "terms"])
def test_a_head_that_would_be_rounded_to_the_right_one_is_named(busy: Engine, column: str) -> None:
    statement = f"UPDATE journal_programme SET {column} = {column} + 0.5 WHERE id = ID"  # noqa: S608
    (line,) = found(busy, statement)
    if is_sqlite(busy):
        assert re.match(rf"head: {column} is \d+\.5 in the database, a whole number by", line), line
    else:
        assert re.match(rf"head: {column} is \d+ in the database, \d+ by the log", line), line


def test_names_an_event_whose_body_is_a_text(busy: Engine) -> None:
    body = "CAST('abc' AS TEXT)" if is_sqlite(busy) else "'abc'"
    statement = f"UPDATE journal_event SET body = {body} WHERE OURS AND sequence = 5"  # noqa: S608
    with edits(busy):
        with connections[busy.alias].cursor() as cursor:
            cursor.execute(unlocked(busy))
        (line,) = found(busy, statement)
    shown = {
        True: "event 5: body is 'abc' in the database, bytes by the log",
        False: "event 5 of the log is unreadable: byte 0: version 97 instead of 1",
    }
    assert line == shown[is_sqlite(busy)]


def test_names_the_row_of_a_text_that_is_not_utf8(busy: Engine) -> None:
    cast = "CAST(x'ff' AS TEXT)"
    of_order = f"UPDATE journal_order SET order_id = {cast} WHERE OURS AND number = 3"  # noqa: S608
    of_terms = f"UPDATE journal_terms SET parameters = {cast} WHERE OURS AND version = 1"  # noqa: S608
    # PostgreSQL has no such texts: what it makes of the cast is another one.
    shown = r"\udcff" if is_sqlite(busy) else "11111111"

    (line,) = found(busy, of_order)
    assert line.startswith(f"order 3: order_id is '{shown}' in the database, not the one")

    (line,) = found(busy, of_terms)
    assert line.startswith(f"terms 1: parameters is {shown} in the database, ")


def test_leaves_the_connection_as_it_was(busy: Engine) -> None:
    verify_full("busy", busy.alias)
    # Only SQLite's driver has one.
    factory = getattr(connections[busy.alias].connection, "text_factory", str)
    assert factory is str


@pytest.mark.parametrize(
    ("table", "name", "number"),
    [("member", "member 9", 9), ("order", "order 9", 9), ("payment", "payment 1", 1)],
)
def test_names_what_is_no_whole_number_even_where_the_database_takes_it(
    busy: Engine, table: str, name: str, number: int
) -> None:
    column = {"member": "used", "order": "due_day", "payment": "amount"}[table]
    edit = f"UPDATE journal_{table} SET {column} = VALUE WHERE OURS AND number = {number}"  # noqa: S608
    shown = {f"{column} + 0.6": r"\d+\.6 in the database, a whole number", "x'00'": r"b'.x00' in"}
    if connections[busy.alias].vendor == "postgresql":
        # Its columns take whole numbers only, and round what they are given.
        shown = {f"{column} + 0.6": r"\d+ in the database, \d+ by the log"}
    for value, expected in shown.items():
        lines = found(busy, edit.replace("VALUE", value))
        assert len(lines) == 1
        assert re.match(f"{name}: {column} is {expected}", lines[0]), lines
