"""A full verification passes on what the engine wrote, and names what somebody edited (A47)."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from django.db import connections, transaction

from shareback.engine import commands as cmd
from shareback.engine.calendar import day_text
from shareback.engine.comparing import Finding, Stored
from shareback.engine.engine import Engine, ProgrammeUnknown
from shareback.engine.opening import open_programme
from shareback.engine.verifying import Verification, verify_full
from shareback.engine.verifying_movements import MovementCheck
from shareback.journal.models import Event, Identity
from shareback.proofs.canonical import Entry, decode, encode
from shareback.proofs.merkle import root
from shareback.rules.kinds import Kind
from shareback.rules.layout import Head
from tests.engine.busy import DAY, OPENED, SALTS, parameters

pytestmark = pytest.mark.usefixtures("alias")


def sql(engine: Engine, statement: str) -> str:
    """A statement about one programme."""
    return statement.replace("HERE", f"programme_id = {engine.id}").replace("ID", str(engine.id))


@contextmanager
def edits(engine: Engine, *statements: str) -> Iterator[None]:
    """The database as somebody with all rights left it; afterwards it is as it was."""
    with transaction.atomic(using=engine.alias):
        with connections[engine.alias].cursor() as cursor:
            for statement in statements:
                cursor.execute(sql(engine, statement))
                assert cursor.rowcount != 0, f"{statement} changes nothing"
        yield
        transaction.set_rollback(True, using=engine.alias)


def found(engine: Engine, *statements: str) -> list[str]:
    with edits(engine, *statements):
        verification = verify_full(engine.programme.name, engine.alias)
    return [str(finding) for finding in verification.findings]


def unlocked(engine: Engine) -> str:
    """The statement that lets an administrator change the log itself."""
    if connections[engine.alias].vendor == "sqlite":
        return "DROP TRIGGER journal_event_no_update"
    return "ALTER TABLE journal_event DISABLE TRIGGER journal_event_append_only"


def passes(verification: Verification) -> bool:
    assert [str(finding) for finding in verification.findings] == []
    return verification.passed


def test_what_the_engine_wrote_passes(busy: Engine, ended: Engine) -> None:
    for engine in (busy, ended):
        with engine.transaction() as batch:
            top = root(batch.frontier)
        seen: list[tuple[int, int]] = []

        verification = verify_full(
            engine.programme.name, engine.alias, lambda *done: seen.append(done)
        )

        assert passes(verification)
        assert verification.programme == engine.programme.name
        assert verification.root == top
        assert seen[0] == (1, verification.events)
        assert seen[-1] == (verification.events, verification.events)


def test_a_programme_without_members_passes(alias: str) -> None:
    open_programme(parameters("empty"), OPENED, alias, SALTS)
    verification = verify_full("empty", alias)
    assert passes(verification)
    assert (verification.events, verification.days) == (1, 0)


def test_an_unknown_programme_is_a_fault(alias: str) -> None:
    with pytest.raises(ProgrammeUnknown):
        verify_full("nobody's", alias)


def test_writers_may_go_on_meanwhile(alias: str) -> None:
    open_programme(parameters("alive"), OPENED, alias, SALTS)
    Engine("alive", alias, SALTS).apply([cmd.FundTreasury(OPENED, 5)])

    def write(_done: int, _total: int) -> None:
        def other() -> None:
            Engine("alive", alias, SALTS).apply([cmd.FundTreasury(OPENED + 3 * DAY, 7)])
            connections[alias].close()

        writer = threading.Thread(target=other)
        writer.start()
        writer.join()

    first = verify_full("alive", alias, write)

    assert passes(first)
    assert first.events == 2
    assert passes(verify_full("alive", alias))


@pytest.mark.parametrize("joined_with_close", [True, False])
def test_orders_that_change_and_mature_in_one_batch_are_written_whole(
    alias: str, joined_with_close: bool
) -> None:
    name = f"whole {joined_with_close}"
    open_programme(parameters(name), OPENED, alias, SALTS)
    engine = Engine(name, alias, SALTS)
    engine.apply([cmd.FundTreasury(OPENED, 10**9), cmd.JoinMember(OPENED, "m")])
    engine.apply([cmd.PayOrder(OPENED, f"o{n}", "m", "", 10**8, None, n < 2) for n in range(4)])
    changes: list[cmd.Command] = [
        cmd.RefundOrder(OPENED, "o0", "r0", 10**7),
        cmd.ReceiveOrder(OPENED + 1, "o2"),
    ]
    later: list[cmd.Command] = [
        cmd.RefundOrder(OPENED + 5 * DAY, "o1", "r1", 10**7),
        cmd.RefundOrder(OPENED + 5 * DAY, "o0", "r2", 10**6),
    ]
    if joined_with_close:
        answers = engine.apply([*changes, *later])
    else:
        answers = engine.apply(changes) + engine.apply(later)

    assert [answer.code for answer in answers] == [0, 0, 0, 0]
    assert passes(verify_full(name, alias))


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        (
            "UPDATE journal_member SET cash = cash + 1 WHERE HERE AND number = 7",
            r"member 7: cash is \d+ in the database, \d+ by the log",
        ),
        (
            "UPDATE journal_member SET retier = 1 - retier WHERE HERE AND number > 20",
            r"member 21: retier is . in the database, . by the log \(3 more rows of the table",
        ),
        ("DELETE FROM journal_member WHERE HERE AND number = 24", "member 24 is missing in the"),
        (
            "UPDATE journal_member SET number = 99 WHERE HERE AND number = 5",
            r"member 5 is missing in the database \(1 more rows of the table differ\)",
        ),
        (
            "UPDATE journal_merchant SET payable = payable + 1 WHERE HERE AND number = 4",
            r"merchant 4: payable is \d+ in the database, \d+ by the log",
        ),
        (
            'UPDATE journal_order SET "linked" = 1 - "linked" WHERE HERE AND number = 11',
            r"order 11: linked is . in the database, . by the log",
        ),
        (
            "UPDATE journal_order SET paid = paid + 1 WHERE HERE AND number = 12",
            r"order 12: paid is \d+1 in the database, \d+ by the log|order 12: paid",
        ),
        (
            "UPDATE journal_maturity SET earned_buyer = 5 WHERE HERE AND number ="
            " (SELECT MAX(number) FROM journal_maturity WHERE HERE)",
            r"maturity of order \d+: earned_buyer is 5 in the database, \d+ by the log",
        ),
        (
            "UPDATE journal_maturity SET day = day + 1 WHERE HERE",
            r"maturity of order \d+: day is \d+ in the database, \d+ by the log \(\d+ more rows",
        ),
        (
            "UPDATE journal_payment SET merchant = merchant + 1 WHERE HERE AND number = 2",
            r"payment 2: merchant is . in the database, . by the log",
        ),
        (
            "UPDATE journal_movement SET gross = gross + 1 WHERE HERE AND sequence ="
            " (SELECT MAX(sequence) FROM journal_movement WHERE HERE) AND line = 0",
            r"movement 0 of event \d+: gross is \d+ in the database, \d+ by the log",
        ),
        (
            "DELETE FROM journal_movement WHERE HERE AND sequence ="
            " (SELECT MAX(sequence) FROM journal_movement WHERE HERE) AND line = 0",
            r"movement 0 of event \d+ is missing in the database",
        ),
        (
            "UPDATE journal_movement SET sequence = sequence + 1000000 WHERE HERE AND sequence ="
            " (SELECT MAX(sequence) FROM journal_movement WHERE HERE)",
            r"movement 0 of event \d+ is missing in the database",
        ),
        (
            "UPDATE journal_day SET exits = exits + 1 WHERE HERE AND day ="
            " (SELECT MAX(day) FROM journal_day WHERE HERE)",
            r"day 2026-01-12: exits is \d+ in the database, \d+ by the log",
        ),
        (
            "DELETE FROM journal_day WHERE HERE AND day ="
            " (SELECT MIN(day) FROM journal_day WHERE HERE)",
            "day 2026-01-01 is missing in the database",
        ),
        (
            "UPDATE journal_day SET day = day + 100 WHERE HERE AND day ="
            " (SELECT MAX(day) FROM journal_day WHERE HERE)",
            "day 2026-04-22 is in the database, but does not follow from the log",
        ),
        (
            "UPDATE journal_programme SET weight = weight - 1 WHERE id = ID",
            r"head: weight is \d+ in the database, \d+ by the log",
        ),
        (
            "UPDATE journal_programme SET reserve = reserve - 1, free = free + 1 WHERE id = ID",
            r"head: reserve is \d+ in the database, \d+ by the log",
        ),
        (
            "UPDATE journal_refund SET money = money + 1 WHERE HERE AND sequence ="
            " (SELECT MIN(sequence) FROM journal_refund WHERE HERE)",
            r"refund of event \d+: money is \d+ in the database, \d+ by the log",
        ),
        (
            "UPDATE journal_terms SET from_day = from_day + 1 WHERE HERE AND version = 1",
            r"terms 1: from_day is \d+ in the database, \d+ by the log",
        ),
        (
            "UPDATE journal_terms SET parameters = REPLACE(parameters, '0.25', '0.26')"
            " WHERE HERE AND version = 1",
            "terms 1: parameters is ",
        ),
        (
            "UPDATE journal_terms SET version = 2 WHERE HERE AND version = 1",
            "terms 2 is in the database, but does not follow from the log",
        ),
        (
            "UPDATE journal_order SET order_id = 'else' WHERE HERE AND number = 3",
            "order 3: order_id is 'else' in the database, not the one that the log commits to",
        ),
        (
            "UPDATE journal_payment SET payment_id = 'else' WHERE HERE AND number = 1",
            "payment 1: payment_id is 'else' in the database, not the one",
        ),
        (
            "UPDATE journal_refund SET refund_id = 'else' WHERE HERE AND sequence ="
            " (SELECT MIN(sequence) FROM journal_refund WHERE HERE)",
            r"refund of event \d+: refund_id is 'else' in the database, not the one",
        ),
        (
            "UPDATE journal_identity SET outside_id = 'else' WHERE HERE AND kind = 1"
            " AND number = 8",
            "identity of member 8: outside_id is 'else' in the database, not the one",
        ),
        (
            "UPDATE journal_identity SET outside_id = 'else' WHERE HERE AND kind = 2"
            " AND number = 1",
            "identity of merchant 1: outside_id is 'else' in the database, not the one",
        ),
        (
            "DELETE FROM journal_identity WHERE HERE AND kind = 1 AND number = 8",
            "identity of member 8 is missing in the database",
        ),
        (
            "UPDATE journal_identity SET number = 77 WHERE HERE AND kind = 1 AND number = 8",
            "identity of member 77 is in the database, but does not follow from the log",
        ),
    ],
)
def test_names_the_row_and_column_that_were_edited(
    busy: Engine, statement: str, finding: str
) -> None:
    lines = found(busy, statement)

    assert any(re.match(finding, line) for line in lines), lines
    assert len(lines) <= 2


def test_names_an_edited_key_name_and_frontier(busy: Engine) -> None:
    key = "x'" + "00" * 32 + "'"
    if connections[busy.alias].vendor == "postgresql":
        key = "'\\x" + "00" * 32 + "'"
    lines = found(busy, f"UPDATE journal_programme SET key = {key} WHERE id = ID")
    assert lines[0].startswith("day 2026-01-01: root is ")
    assert lines[0].endswith("(11 more rows of the table differ)")
    assert [line.partition(" is ")[0] for line in lines] == [
        "day 2026-01-01: root",
        "head: frontier",
    ]

    with edits(busy, "UPDATE journal_programme SET name = 'else' WHERE id = ID"):
        assert [str(each) for each in verify_full("else", busy.alias).findings] == [
            "head: name is else in the database, busy by the log"
        ]


def test_names_an_event_that_stands_behind_the_head(busy: Engine) -> None:
    beyond = busy.head()[Head.SEQUENCE] + 4
    statement = (
        "INSERT INTO journal_event (programme_id, sequence, body)"
        f" SELECT programme_id, {beyond}, body FROM journal_event WHERE HERE AND sequence = 1"
    )
    assert found(busy, statement) == [
        f"event {beyond} is in the database, but does not follow from the log"
    ]


def edited_event(engine: Engine, body: bytes, sequence: int) -> Verification:
    with edits(engine):
        with connections[engine.alias].cursor() as cursor:
            cursor.execute(unlocked(engine))
        row = Event.objects.using(engine.alias).filter(programme_id=engine.id, sequence=sequence)
        row.update(body=body)
        return verify_full(engine.programme.name, engine.alias)


def event_of(engine: Engine, kind: Kind) -> Entry:
    rows = Event.objects.using(engine.alias).filter(programme_id=engine.id).order_by("-sequence")
    entries = (decode(bytes(row.body)) for row in rows)
    return next(entry for entry in entries if entry.kind == kind)


def test_names_the_close_after_an_event_whose_time_was_edited(busy: Engine) -> None:
    event = event_of(busy, Kind.CLOSE_DAY)
    changed = encode(*event._replace(at=event.at + 1))

    findings = edited_event(busy, changed, event.sequence).findings

    assert [str(each).partition(" is ")[0] for each in findings] == [
        f"day {day_text(event.day)}: root",
        "head: frontier",
    ]


def test_names_what_an_edited_amount_would_have_led_to(busy: Engine) -> None:
    event = event_of(busy, Kind.FUND_TREASURY)
    changed = encode(*event._replace(ints=((event.ints[0] or 0) + 1,)))

    lines = [str(each) for each in edited_event(busy, changed, event.sequence).findings]

    assert re.match(r"head: free is \d+ in the database, \d+ by the log", lines[0])
    assert any("head: frontier" in line for line in lines)


def test_names_the_event_at_which_the_log_breaks_off(busy: Engine) -> None:
    event = event_of(busy, Kind.FUND_TREASURY)

    unreadable = edited_event(busy, b"\x01", event.sequence)
    refused = edited_event(busy, encode(*event._replace(ints=(0,))), event.sequence)

    place = f"event {event.sequence} of the log"
    assert [str(each) for each in unreadable.findings] == [
        f"{place} is unreadable: byte 1: cut off within the kind"
    ]
    assert [str(each) for each in refused.findings] == [
        f"{place} is refused by the rules: AMOUNT_INVALID"
    ]
    assert not refused.passed
    assert refused.events <= event.sequence


def test_names_an_event_that_is_missing(busy: Engine) -> None:
    behind = busy.head()[Head.SEQUENCE]
    statement = "UPDATE journal_programme SET sequence = sequence + 1 WHERE id = ID"
    assert found(busy, statement) == [f"event {behind} of the log is missing"]


def test_an_erased_salt_is_no_finding(busy: Engine) -> None:
    with edits(busy):
        rows = Identity.objects.using(busy.alias).filter(programme_id=busy.id, number__lte=3)
        assert rows.update(salt=b"") == 6
        assert passes(verify_full("busy", busy.alias))


@pytest.mark.parametrize(("salt", "column"), [(b"0123456789abcdef", "outside_id"), (b"x", "salt")])
def test_names_the_identity_whose_salt_was_edited(busy: Engine, salt: bytes, column: str) -> None:
    with edits(busy):
        rows = Identity.objects.using(busy.alias).filter(programme_id=busy.id, kind=2, number=3)
        rows.update(salt=salt)
        lines = [str(each) for each in verify_full("busy", busy.alias).findings]
    assert lines[0].startswith(f"identity of merchant 3: {column} is ")


@pytest.mark.parametrize(
    ("table", "name", "number"),
    [("member", "member 9", 9), ("order", "order 9", 9), ("payment", "payment 1", 1)],
)
def test_names_what_is_no_integer_where_the_database_takes_it(
    busy: Engine, table: str, name: str, number: int
) -> None:
    if connections[busy.alias].vendor != "sqlite":
        pytest.skip("PostgreSQL's columns take integers only")
    column = {"member": "used", "order": "due_day", "payment": "refunded"}[table]
    for value, shown in ((f"{column} + 0.5", r"\d+\.5"), ("x'00'", r"b'.x00'")):
        lines = found(
            busy, f"UPDATE journal_{table} SET {column} = {value} WHERE HERE AND number = {number}"
        )
        assert len(lines) == 1
        expected = f"{name}: {column} is {shown} in the database, a whole number by the log"
        assert re.fullmatch(expected, lines[0]), lines


def test_the_lines_of_one_event_may_stand_in_any_order(busy: Engine) -> None:
    rows = np.arange(33, dtype=np.int64).reshape(3, 11)
    rows[:, 0], rows[:, 1] = 5, [0, 1, 2]
    swapped = rows[[1, 0, 2]]
    swapped[:, 1] = [0, 1, 2]
    check = MovementCheck(Stored(busy.id, busy.alias))

    check.compare(swapped, rows)
    assert check.comparison.findings() == []

    swapped[1, 8] += 1
    check.compare(swapped, rows)
    assert len(check.comparison.findings()) == 1


def test_a_finding_tells_how_many_more_rows_differ() -> None:
    finding = Finding("member 3", "cash", "5", "4", 2)
    assert str(finding) == (
        "member 3: cash is 5 in the database, 4 by the log (2 more rows of the table differ)"
    )
