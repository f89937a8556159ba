"""A full verification looks at what proves the journal to others, and names what was edited."""

import re
import zlib
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
from django.db import DatabaseError, connections
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from shareback.engine.engine import Engine
from shareback.engine.proving.checkpoints import draw_up
from shareback.engine.proving.keys import retire_keys
from shareback.engine.verifying import verify_full
from shareback.journal.models import (
    AccountBlock,
    BalanceCheck,
    Checkpoint,
    ClosedAccounts,
    Cosignature,
    LogKey,
    LogTile,
    Touched,
    Witness,
)
from shareback.kernels.arrays import Integers
from shareback.proofs.notes import cosign, read_note
from shareback.rules.layout import Head
from tests.backends.once import Once
from tests.engine.busy import OPENED, busy_programme
from tests.engine.proved import STRANGER, WITNESSES, Row, proved_programme, rows_of
from tests.engine.test_verifying import edits

pytestmark = pytest.mark.usefixtures("alias")

Edit = Callable[[Row], None]
Planted = tuple[type[Model], dict[str, Any], Edit, str]
WITNESS = "witness.example/a"
DB = "in the database"


@pytest.fixture(scope="module")
def proved(alias: str, once: Once) -> Engine:
    """A programme with every row that proves it; whoever changes them puts them back."""
    return once(("proved", alias), lambda: proved_programme("proved", alias))


def lines_of(engine: Engine) -> list[str]:
    """What a verification finds."""
    found = verify_full(engine.programme.name, engine.alias)
    assert found.passed == (not found.findings)
    return [str(finding) for finding in found.findings]


def test_a_programme_with_all_its_proofs_passes(proved: Engine) -> None:
    tables = (*(BalanceCheck, Checkpoint, ClosedAccounts, Cosignature), LogKey, LogTile, Touched)
    counts = {each: rows_of(proved, each).count() for each in (*tables, AccountBlock, Witness)}
    assert min(counts.values()) > 0
    assert counts[Checkpoint] == 13
    assert counts[ClosedAccounts] == 1
    assert lines_of(proved) == []


def test_it_passes_after_each_step_of_its_life(alias: str) -> None:
    engine = busy_programme("proved step by step", alias, seed=4, days=3)
    assert lines_of(engine) == []
    draw_up(engine.id, alias)
    assert lines_of(engine) == []
    first = engine.calendar.day_of(OPENED)
    for day in (first + 3, first + 9):
        engine.close(day)
        assert lines_of(engine) == []
    draw_up(engine.id, alias)
    draw_up(engine.id, alias)
    assert lines_of(engine) == []


def test_a_programme_that_is_older_than_its_proofs_passes(alias: str) -> None:
    engine = busy_programme("proved later", alias, seed=4, days=3)
    for model in (ClosedAccounts, Touched):
        rows_of(engine, model).delete()
    head = engine.head()
    members, merchants = (
        b"".join(number.to_bytes(4, "big") for number in range(1, head[count] + 1))
        for count in (Head.MEMBERS, Head.MERCHANTS)
    )
    # As the migration leaves it that made the tables.
    Touched.objects.using(alias).create(
        programme_id=engine.id,
        sequence=head[Head.SEQUENCE],
        members=members,
        merchants=merchants,
    )
    assert lines_of(engine) == []
    engine.close(engine.calendar.day_of(OPENED) + 4)
    assert rows_of(engine, ClosedAccounts).count() == 2
    assert lines_of(engine) == []
    draw_up(engine.id, alias)
    assert lines_of(engine) == []


def test_no_table_is_asked_once_for_each_of_its_rows(proved: Engine) -> None:
    with CaptureQueriesContext(connections[proved.alias]) as queries:
        assert lines_of(proved) == []
    for model in (Checkpoint, LogKey, Witness, Cosignature, BalanceCheck, Touched):
        table = model._meta.db_table
        asked = [query for query in queries if f'FROM "{table}"' in query["sql"]]
        types = [query for query in asked if "typeof" in query["sql"]]
        assert len(asked) - len(types) == 1, (table, asked)


def test_a_key_whose_secret_was_erased_when_it_was_retired_passes(proved: Engine) -> None:
    with edits(proved):
        assert retire_keys(proved.id, 2, proved.alias) == 1
        assert lines_of(proved) == []


def test_the_lines_of_a_witness_that_was_taken_off_the_list_pass(proved: Engine) -> None:
    with edits(proved):
        Row(proved, Witness, name=WITNESS).delete()
        assert lines_of(proved) == []


def turned(name: str, place: int = 0) -> Edit:
    """Turn a bit of a column."""
    return lambda row: row.turn(name, place)


def raised(name: str, by: int = 1) -> Edit:
    """Make a figure larger."""
    return lambda row: row.set(**{name: getattr(row.now, name) + by})


def without(accounts: Integers) -> Integers:
    """Leave an account out."""
    return np.delete(accounts, 0, axis=0)


def richer(accounts: Integers) -> Integers:
    """Say that an account has more."""
    accounts[1, 2] += 1
    return accounts


def twice(accounts: Integers) -> Integers:
    """Let an account stand there again."""
    return np.vstack([accounts, accounts[:1]])


def nobody(accounts: Integers) -> Integers:
    """Let an account be of no kind that there is."""
    accounts[0, 0] = 7
    return accounts


def longer(name: str, text: str) -> Edit:
    """Add a byte to a column."""
    return lambda row: row.set(**{name: bytes(getattr(row.now, name)) + text.encode()})


DAY = r"2026-01-\d\d"
CHECKPOINT = f"checkpoint of {DAY}"
COSIGNATURE = f"cosignature of {WITNESS} under the {CHECKPOINT}"
CLOSED = "closed accounts of 2026-01-14"
FOURTH = {"day": date(2026, 1, 4).toordinal()}

PLANTED: list[Planted] = [
    (Checkpoint, {}, raised("size"), rf"{CHECKPOINT}: size is \d+ {DB}, \d+ by the log"),
    (Checkpoint, {}, turned("root"), rf"{CHECKPOINT}: root is [0-9a-f]+ {DB}"),
    (Checkpoint, {}, turned("liabilities", 39), rf"{CHECKPOINT} owes otherwise .*reserve is \d+"),
    (Checkpoint, {}, turned("liabilities", 90), rf"{CHECKPOINT} owes otherwise .*the accounts are"),
    (Checkpoint, {}, longer("liabilities", "x"), rf"{CHECKPOINT} owes otherwise"),
    (Checkpoint, FOURTH, Row.delete, "checkpoint of 2026-01-04 is missing in the database$"),
    (Checkpoint, {}, Row.delete, rf"cosignature of {WITNESS} under the {CHECKPOINT} is {DB}, but"),
    (Checkpoint, {}, raised("day", 90), rf"checkpoint of 2026-04-13 is {DB}, but"),
    (Checkpoint, {}, lambda row: row.set(note="none\n"), rf"note of {CHECKPOINT} is none: "),
    (
        Checkpoint,
        {},
        lambda row: row.set(note=row.now.note.replace("localhost", "elsewhere", 1)),
        f"note of {CHECKPOINT} is signed wrongly: the signature of localhost/proved is",
    ),
    (
        Checkpoint,
        {},
        lambda row: row.strange(alone=True),
        f"note of {CHECKPOINT} is not signed by a key of the programme",
    ),
    (
        Checkpoint,
        {},
        lambda row: row.strange(alone=False),
        f"note of {CHECKPOINT} bears the line of localhost/proved, which is no key",
    ),
    (
        Checkpoint,
        {},
        lambda row: row.resign(f"\n{row.now.size}\n", f"\n{row.now.size + 1}\n"),
        rf"note of {CHECKPOINT} is of \d+ events, and the database says \d+",
    ),
    (
        Checkpoint,
        {},
        lambda row: row.resign("liabilities ", "liabilities A"),
        f"note of {CHECKPOINT} is none: ",
    ),
    (
        Checkpoint,
        {},
        lambda row: row.resign("localhost", "elsewhere"),
        f"note of {CHECKPOINT} is of elsewhere/proved, whose key has not signed it",
    ),
    (LogKey, {}, turned("public"), "note of .*|public of log key 2 is not that of its secret"),
    (LogKey, {}, lambda row: row.set(secret=b""), "log key 2: secret is 0 bytes long .*, 32 by"),
    (LogKey, {}, lambda row: row.set(retired_day=9), "log key 2: secret is 32 bytes long .*, 0 by"),
    (LogKey, {}, raised("number"), "log key 2 is missing in the database"),
    (LogKey, {}, lambda row: row.again(number=0), f"log key 0 is {DB}, but does not follow"),
    (
        LogKey,
        {},
        Row.delete,
        f"note of {CHECKPOINT} bears the line of localhost/proved, which is no",
    ),
    (
        Cosignature,
        {"witness": WITNESS},
        lambda row: row.set(line="x\n"),
        f"line of the {COSIGNATURE} is none: ",
    ),
    (
        Cosignature,
        {"witness": WITNESS},
        lambda row: row.set(line=Row(row.engine, Cosignature, day=row.now.day - 1).now.line),
        f"line of the {COSIGNATURE} is another one's",
    ),
    (
        Cosignature,
        {"witness": WITNESS},
        lambda row: row.set(
            line=Row(row.engine, Cosignature, day=row.now.day - 1, witness=WITNESS).now.line
        ),
        f"line of the {COSIGNATURE} was not written by its key",
    ),
    (
        Cosignature,
        {"witness": WITNESS},
        lambda row: row.set(line=forged(row, STRANGER)),
        f"line of the {COSIGNATURE} is another key's",
    ),
    (
        Cosignature,
        {"witness": WITNESS},
        lambda row: row.set(line=forged(row, WITNESSES[WITNESS]).rstrip("\n")),
        f"line of the {COSIGNATURE} is another one's",
    ),
    (
        Cosignature,
        {"witness": WITNESS},
        lambda row: row.again(day=row.now.day + 1),
        f"cosignature of {WITNESS} under the checkpoint of 2026-01-14 is {DB}, but",
    ),
    (Witness, {"name": WITNESS}, turned("public"), f"line of the {COSIGNATURE} is another key's"),
    (
        BalanceCheck,
        {"kind": 1},
        raised("number", 900),
        f"check of account 924 of kind 1 on {DAY} is",
    ),
    (BalanceCheck, {"kind": 2}, raised("number", 2), f"check of account 6 of kind 2 on {DAY} is"),
    (
        BalanceCheck,
        {},
        lambda row: row.again(number=0),
        f"check of account 0 of kind 2 on {DAY} is",
    ),
    (BalanceCheck, {}, lambda row: row.again(kind=3), f"check of account 4 of kind 3 on {DAY} is"),
    (BalanceCheck, {}, raised("day"), "check of account 4 of kind 2 on 2026-01-14 is"),
    (
        LogTile,
        {},
        turned("body", 77),
        r"log tile \d of level 0: body is [0-9a-f]+ from byte 77 on",
    ),
    (
        LogTile,
        {},
        longer("body", "x"),
        r"log tile \d of level 0: body is 8193 bytes long .*, 8192 by",
    ),
    (LogTile, {"place": 0}, Row.delete, "log tile 0 of level 0 is missing"),
    (LogTile, {}, raised("place"), r"log tile \d of level 0 is missing .*\(1 more"),
    (LogTile, {}, lambda row: row.again(place=99), f"log tile 99 of level 0 is {DB}, but"),
    (LogTile, {}, lambda row: row.again(level=1), rf"log tile \d of level 1 is {DB}, but"),
    (LogTile, {}, lambda row: row.again(place=-1), f"log tile -1 of level 0 is {DB}, but"),
    (
        AccountBlock,
        {"level": 0},
        turned("body", 5),
        r"account block \d of level 0: body is \S+ from",
    ),
    (
        AccountBlock,
        {"level": 1},
        turned("body", 90),
        r"account block 0 of level 1: body is \S+ from",
    ),
    (AccountBlock, {"level": 0}, longer("body", "x"), r".*: body is 1665 bytes long .*, 1664 by"),
    (AccountBlock, {"level": 0}, Row.delete, r"account block \d of level 0 is missing"),
    (AccountBlock, {"level": 1}, Row.delete, r"account block 0 of level 1 is missing"),
    (AccountBlock, {}, lambda row: row.again(level=2), f"account block 0 of level 2 is {DB}, but"),
    (
        AccountBlock,
        {},
        lambda row: row.again(place=77),
        f"account block 77 of level 1 is {DB}, but",
    ),
    *(
        (ClosedAccounts, {}, raised(name), rf"{CLOSED}: {name} is \d+ {DB}, \d+ by the log")
        for name in (
            *("sequence", "index", "reserve", "supply", "last_price"),
            *("members", "merchants"),
        )
    ),
    (ClosedAccounts, {}, turned("root"), f"{CLOSED}: root is "),
    (ClosedAccounts, {}, Row.delete, f"{CLOSED} is missing"),
    (ClosedAccounts, {}, raised("day", -2), rf"{CLOSED} is missing in the database \(1 more"),
    (ClosedAccounts, {}, raised("day", 5), rf"{CLOSED} is missing in the database \(1 more"),
    (
        ClosedAccounts,
        {},
        lambda row: row.again(day=row.now.day - 2),
        f"closed accounts of 2026-01-12 is {DB}, but",
    ),
    (ClosedAccounts, {}, lambda row: row.set(body=b"x"), f"{CLOSED} cannot be unpacked: "),
    (ClosedAccounts, {}, lambda row: row.set(body=b""), f"{CLOSED} cannot be unpacked: cut off"),
    (
        ClosedAccounts,
        {},
        lambda row: row.set(body=zlib.compress(bytes(1 << 22))),
        rf"{CLOSED} cannot be unpacked: more than \d+ rows",
    ),
    (ClosedAccounts, {}, lambda row: row.repack(without), rf"\w+ \d+ among {CLOSED} is missing"),
    (ClosedAccounts, {}, lambda row: row.repack(richer), rf"\w+ \d+ among {CLOSED}: points is"),
    (ClosedAccounts, {}, lambda row: row.repack(twice), rf"\w+ \d+ among {CLOSED} is {DB}, but"),
    (ClosedAccounts, {}, lambda row: row.repack(nobody), rf"\w+ \d+ among {CLOSED} is missing .*1"),
    (Touched, {}, Row.delete, "m.* among touched accounts is missing"),
    (Touched, {}, raised("sequence", 90), rf"touched accounts up to event \d+ is {DB}, but"),
    (
        Touched,
        {},
        longer("members", "x"),
        r"touched .*: members is \d+ bytes long .*a multiple of 4",
    ),
    (Touched, {}, longer("members", "\0\0\0a"), rf"member 97 among touched accounts is {DB}, but"),
    (Touched, {}, longer("merchants", "\0\0\0a"), rf"merchant 97 among touched .* is {DB}, but"),
]
"""A table, which of its rows, what is done to it, and how the first line begins that tells it."""


def forged(row: Row, secret: bytes) -> str:
    """A line under the checkpoint of a cosignature, by any key."""
    note = Row(row.engine, Checkpoint, day=row.now.day).now.note
    return cosign(read_note(note).text, WITNESS, secret, 1).to_line()


@pytest.mark.parametrize(
    "planted", PLANTED, ids=[f"{n} {p[3][:40]}" for n, p in enumerate(PLANTED)]
)
def test_names_what_somebody_did_to_a_row_that_proves(proved: Engine, planted: Planted) -> None:
    model, where, edit, expected = planted
    with edits(proved):
        edit(Row(proved, model, **where))
        lines = lines_of(proved)
    assert lines
    assert re.match(expected, lines[0]), lines


TEXT, BITS = "CAST('abc' AS TEXT)", "x'616263'"
WRONG_TYPES: dict[str, str] = {
    "logkey SET secret": "log key 1: secret is no bytes in the database, bytes by the log",
    "logkey SET retired_day": "log key 1: retired_day is 'abc' in the database, a whole number by",
    "checkpoint SET note": r"checkpoint of day number \d+: note is b'abc' in the database",
    "checkpoint SET liabilities": r"checkpoint of day number \d+: liabilities is 'abc' in the",
    "cosignature SET line": rf"cosignature of {WITNESS} under the .*: line is b'abc' in the",
    "witness SET public": rf"witness {WITNESS}: public is 'abc' in the database, bytes by the log",
    "logtile SET body": "log tile 0 of level 0: body is 'abc' in the database, bytes by the log",
    "accountblock SET body": r"account block \d of level 0: body is 'abc' in the database",
    "closedaccounts SET body": r"closed accounts of day number \d+: body is 'abc' in the database",
    "closedaccounts SET reserve": r"closed accounts of day number \d+: reserve is 'abc' in the",
    "touched SET members": r"touched accounts up to event \d+: members is 'abc' in the database",
    "balancecheck SET number": "check of account abc of kind 1 on day number .*: number is 'abc'",
}
"""Edits that only SQLite takes; the bytes of a secret are shown to nobody."""


@pytest.mark.parametrize("edit", WRONG_TYPES)
def test_names_a_value_of_another_type_in_what_proves(proved: Engine, edit: str) -> None:
    is_text = edit.endswith((" note", " line"))
    statement = f"UPDATE journal_{edit} = {BITS if is_text else TEXT} WHERE OURS"
    if edit.startswith("balancecheck"):
        statement += " AND day = LAST day OF balancecheck AND kind = 1 AND number = 3"
    is_sqlite = connections[proved.alias].vendor == "sqlite"
    if not is_sqlite and not is_text:
        # PostgreSQL sees to its columns' types itself.
        with pytest.raises(DatabaseError, match="is of type"), edits(proved, statement):
            pass
        return
    with edits(proved, statement):
        lines = lines_of(proved)
    # What PostgreSQL makes of bits in a column of texts is a text, and no note or line.
    assert re.match(WRONG_TYPES[edit] if is_sqlite else ".* is none: ", lines[0]), lines
    assert len(lines) == 1 or not is_sqlite
