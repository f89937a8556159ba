"""The database itself refuses what the rules would never write."""

import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from tests.backends.journals import Opens
from tests.engine.rows import rows_of
from tests.engine.small import AT, POINT, do, opened, order


@pytest.fixture
def one(engine: Opens) -> Engine:
    """A programme with a row in every table."""
    made = opened(engine, maturity_days=1)
    do(made, order("o0"))
    made.close(made.calendar.day_of(AT) + 1)
    do(
        made,
        order("o1"),
        cmd.FundTreasury(AT, 10**9, key="k"),
        cmd.SpendPoints(AT, "p1", "m1", "s1", POINT),
        cmd.RefundOrder(AT, "o0", "r", 1),
    )
    return made


def planted(engine: Engine, statement: str) -> None:
    """Run a statement as if by hand; nothing of it stays."""
    with (
        transaction.atomic(using=engine.alias),
        connections[engine.alias].cursor() as cursor,
    ):
        cursor.execute(statement.replace("ours", f"programme_id = {engine.id}"))
        # Reached only where nothing was refused: do not leave it to the next test.
        transaction.set_rollback(True, using=engine.alias)


BELOW_ZERO = [("journal_member", column) for column in ("points", "cash", "coins", "used")] + [
    ("journal_merchant", column) for column in ("points", "cost", "coins", "payable")
]


@pytest.mark.parametrize(("table", "column"), BELOW_ZERO)
def test_an_account_below_zero(one: Engine, table: str, column: str) -> None:
    with pytest.raises(IntegrityError):
        planted(one, f"UPDATE {table} SET {column} = -1 WHERE ours AND number = 1")  # noqa: S608 - our own names


RECEIVABLES = ("receivable = -1", "receivable = 1, receivable_treasury = 2")
ORDERS = ("refunded = paid + 1", "refunded = -1", "paid = 0")
PAYMENTS = ("refunded = amount + 1", "refunded = -1")
HEADS = (
    "reserve = reserve + 1",
    "bank = bank + 1",
    "free = -1, bank = bank - free - 1",
    "supply = supply + 1",
    "points_members = points_members + 1",
    "issued = issued - 1",
    "coins_members = coins_members + 1",
    "burned = -1, issued = supply - 1",
)
CHANGES = {
    "journal_member": RECEIVABLES,
    "journal_order": ORDERS,
    "journal_payment": PAYMENTS,
    "journal_maturity": ("taken_buyer = points_buyer + 1", "taken_referrer = points_referrer + 1"),
}


@pytest.mark.parametrize(
    ("table", "change"), [(table, one) for table, changes in CHANGES.items() for one in changes]
)
def test_a_row_that_contradicts_itself(one: Engine, table: str, change: str) -> None:
    with pytest.raises(IntegrityError):
        planted(one, f"UPDATE {table} SET {change} WHERE ours")  # noqa: S608 - our own names


@pytest.mark.parametrize("change", HEADS)
def test_books_that_do_not_balance(one: Engine, change: str) -> None:
    with pytest.raises(IntegrityError):
        planted(one, f"UPDATE journal_programme SET {change} WHERE id = {one.id}")  # noqa: S608 - our own names


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_event SET body = body WHERE ours AND sequence = 0",
        "DELETE FROM journal_event WHERE ours AND sequence = 3",
        "DELETE FROM journal_event WHERE ours",
    ],
)
def test_the_log_is_append_only(one: Engine, statement: str) -> None:
    before = rows_of(one)
    with pytest.raises(DatabaseError, match="append-only"):
        planted(one, statement)
    assert rows_of(one) == before


@pytest.mark.postgresql
def test_the_log_is_not_truncated_either(one: Engine) -> None:
    if connections[one.alias].vendor == "sqlite":
        # It has no TRUNCATE; a DELETE of everything is one row's after another.
        with pytest.raises(DatabaseError, match="append-only"):
            planted(one, "DELETE FROM journal_event")
        return
    with pytest.raises(DatabaseError, match="append-only"):
        planted(one, "TRUNCATE journal_event")


TWICE = {
    "journal_event": "sequence",
    "journal_member": "number",
    "journal_order": "number",
    "journal_payment": "number",
    "journal_refund": '"order"',
    "journal_identity": "outside_id",
    "journal_day": "day",
    "journal_answer": "key",
    "journal_maturity": "number",
}


@pytest.mark.parametrize("table", TWICE)
def test_nothing_stands_twice(one: Engine, table: str) -> None:
    assert rows_of(one)[table.removeprefix("journal_")]
    with pytest.raises(IntegrityError):
        planted(one, f"INSERT INTO {table} SELECT * FROM {table} WHERE ours")  # noqa: S608 - our own names


def test_an_order_id_and_a_payment_id_are_taken_once(one: Engine) -> None:
    for table, column in (("order", "order_id"), ("payment", "payment_id")):
        row = rows_of(one)[table][0]
        listed = ",".join(
            repr(value) if isinstance(value, str) else str(value) for value in (999, *row[1:])
        )
        with pytest.raises(IntegrityError, match=rf"{column}|{table}_once"):
            planted(
                one,
                f"INSERT INTO journal_{table} {names(one, table)} VALUES ({one.id},{listed})",  # noqa: S608
            )


def names(engine: Engine, table: str) -> str:
    """A table's columns, the programme first."""
    with connections[engine.alias].cursor() as cursor:
        cursor.execute(f"SELECT * FROM journal_{table} LIMIT 0")  # noqa: S608 - our own names
        columns = [column[0] for column in cursor.description]
    columns.remove("programme_id")
    return "(programme_id," + ",".join(f'"{column}"' for column in columns) + ")"
