"""A full verification passes on what the engine wrote, and names what somebody edited (A47)."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from django.db import OperationalError, connections, transaction

from shareback.audit.findings import Comparison, Finding
from shareback.engine import commands as cmd
from shareback.engine.calendar import day_text
from shareback.engine.comparing import Stored
from shareback.engine.engine import Engine, ProgrammeUnknown
from shareback.engine.opening import open_programme
from shareback.engine.verifying import Verification, Verifier, verify_full
from shareback.engine.verifying_movements import MovementCheck
from shareback.journal.models import Event, Identity, Programme
from shareback.proofs.canonical import Entry, decode, encode
from shareback.proofs.merkle import root
from shareback.rules.kinds import Kind
from shareback.rules.layout import Head
from tests.engine.busy import DAY, OPENED, SALTS, parameters
from tests.engine.edits import EDITS

pytestmark = pytest.mark.usefixtures("alias")


def sql(engine: Engine, statement: str) -> str:
    """A statement about one programme."""
    last = r"(SELECT MAX(\1) FROM journal_\2 WHERE OURS)"
    statement = re.sub(r"LAST (\w+) OF (\w+)", last, statement)
    return statement.replace("OURS", f"programme_id = {engine.id}").replace("ID", str(engine.id))


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

        verification = verify_full(engine.programme.name, engine.alias)

        assert passes(verification)
        assert verification.programme == engine.programme.name
        assert verification.root == top


def test_tells_how_far_it_has_come(busy: Engine) -> None:
    seen: list[tuple[int, int]] = []
    events = busy.head()[Head.SEQUENCE]

    verify_full("busy", busy.alias, lambda *done: seen.append(done))

    assert seen == [(1, events), (events, events)]


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


@pytest.mark.parametrize("batches", [1, 2])
def test_orders_that_change_and_mature_in_one_batch_are_written_whole(
    alias: str, batches: int
) -> None:
    name = f"whole {batches}"
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
    if batches == 1:
        answers = engine.apply([*changes, *later])
    else:
        answers = engine.apply(changes) + engine.apply(later)

    assert [answer.code for answer in answers] == [0, 0, 0, 0]
    assert passes(verify_full(name, alias))


@pytest.mark.parametrize("statement", EDITS)
def test_names_the_row_and_column_that_were_edited(busy: Engine, statement: str) -> None:
    lines = found(busy, statement)

    assert len(lines) == 1
    assert re.match(EDITS[statement], lines[0]), lines


def test_names_an_edited_key_name_and_frontier(busy: Engine) -> None:
    key = "x'" + "00" * 32 + "'"
    if connections[busy.alias].vendor == "postgresql":
        key = "'\\x" + "00" * 32 + "'"
    lines = found(busy, f"UPDATE journal_programme SET key = {key} WHERE id = ID")  # noqa: S608
    assert lines[0].startswith("day 2026-01-01: root is ")
    assert lines[0].endswith("(11 more rows of the table differ)")
    assert [line.partition(" is ")[0] for line in lines] == [
        "day 2026-01-01: root",
        "head: frontier",
        "closed accounts of 2026-01-01: root",
    ]

    with edits(busy, "UPDATE journal_programme SET name = 'else' WHERE id = ID"):
        assert [str(each) for each in verify_full("else", busy.alias).findings] == [
            "head: name is else in the database, busy by the log"
        ]


@pytest.mark.parametrize("size", [0, 31, 33])
def test_names_a_key_of_another_length_and_keeps_it_secret(busy: Engine, size: int) -> None:
    with edits(busy):
        Programme.objects.using(busy.alias).filter(pk=busy.id).update(key=bytes(size))
        found_here = verify_full("busy", busy.alias)
    assert [str(each) for each in found_here.findings] == [
        f"head: key is {size} bytes long in the database, 32 by the log"
    ]
    assert found_here.events == 0


def test_names_a_refund_that_stands_there_twice(busy: Engine) -> None:
    twice = (
        "INSERT INTO journal_refund"
        ' (programme_id, "order", refund_id, money, paid_out, sequence, member)'
        " SELECT programme_id, \"order\", 'again', money, paid_out, sequence, member"
        " FROM journal_refund"
        " WHERE OURS AND sequence = LAST sequence OF refund"
    )
    stands_there, is_other = found(busy, twice)
    place = r"refund of event \d+"
    assert re.fullmatch(
        f"{place} is in the database, but does not follow from the log", stands_there
    )
    assert re.match(f"{place}: refund_id is 'again' in the database, not the one", is_other)


def test_counts_rows_that_stand_there_again() -> None:
    comparison = Comparison(("number", "money"), lambda row: f"row {row[0]}")
    replayed = np.array([[1, 5], [2, 6], [3, 7]], np.int64)
    comparison.rows(replayed, replayed)
    assert comparison.findings() == []

    comparison.rows(np.array([[2, 6], [2, 6], [2, 9], [3, 7]], np.int64), replayed)
    assert [str(each) for each in comparison.findings()] == [
        "row 1 is missing in the database (2 more rows of the table differ)"
    ]


def test_names_an_event_that_stands_behind_the_head(busy: Engine) -> None:
    beyond = 4 + 10**6
    statement = (
        "INSERT INTO journal_event (programme_id, sequence, body)"
        " SELECT programme_id, 4 + 1000000, body FROM journal_event WHERE OURS AND sequence = 1"
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
        f"closed accounts of {day_text(event.day)}: root",
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


def test_what_nobody_foresaw_is_a_finding_and_hides_no_other(
    busy: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbles(_self: Verifier) -> list[Finding]:
        raise ValueError("of two lines\nthe first")

    monkeypatch.setattr(Verifier, "tables", stumbles)
    edit = "UPDATE journal_programme SET orders = 7 WHERE id = ID"

    lines = found(busy, edit)

    assert lines[0].startswith("head: orders is 7 in the database")
    assert lines[1] == (
        "accounts, orders and payments cannot be compared: ValueError: of two lines"
    )
    with edits(busy):
        assert not verify_full("busy", busy.alias).passed


def test_a_replay_that_stumbles_is_not_verified(
    busy: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MovementCheck, "take", None)
    verification = verify_full("busy", busy.alias)
    (finding,) = verification.findings
    assert str(finding).startswith("the log cannot be compared: TypeError: ")
    assert not verification.passed


def test_a_database_that_fails_is_no_finding(busy: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_self: Verifier) -> list[Finding]:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(Verifier, "tables", fails)
    with pytest.raises(OperationalError):
        verify_full("busy", busy.alias)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (1, "0001-01-01"),
        (0, "0"),
        (-1, "-1"),
        (3_652_059, "9999-12-31"),
        (3_652_060, "3652060"),
        (2**63 - 1, "9223372036854775807"),
    ],
)
def test_a_day_that_no_calendar_has_is_told_by_its_number(day: int, text: str) -> None:
    assert day_text(day) == text


def test_a_finding_tells_how_many_more_rows_differ() -> None:
    finding = Finding("member 3", "cash", "5", "4", 2)
    assert str(finding) == (
        "member 3: cash is 5 in the database, 4 by the log (2 more rows of the table differ)"
    )
