"""A writer keeps a slice; it is never older than the journal, and never lacks who is due."""

from random import Random
from typing import Any

import pytest
from django.db import connections, transaction

from shareback.engine import commands as cmd
from shareback.engine import engine as engine_module
from shareback.engine import slice as slice_module
from shareback.engine.engine import Engine
from shareback.engine.slice import Slice
from shareback.engine.verifying import verify_full
from shareback.engine.writing import Writer
from shareback.rules.codes import Code
from shareback.rules.layout import Cursor, Head
from tests.backends.journals import DAY, SALTS, Opens
from tests.engine.busy import World
from tests.engine.rows import rows_of
from tests.engine.small import AT, AT_ONCE, POINT, code_of, do, opened, order
from tests.engine.test_engine_batches import QUICK, joins, story

MANY = 300


class Planted(Exception):
    """A fault that a test has planted."""


def another(engine: Engine) -> Engine:
    """Another process's engine for the same programme."""
    return Engine(engine.programme.name, engine.alias, SALTS)


def test_two_writers_taking_turns_write_what_one_writes(engine: Opens) -> None:
    commands = story(seed=5, days=4, count=20)
    alone, first = engine("turns", **QUICK), engine("turns", **QUICK)
    writers = [first, another(first)]
    rng = Random(5)
    place = 0
    while place < len(commands):
        size = rng.randrange(1, 12)
        batch = commands[place : place + size]
        assert rng.choice(writers).apply(batch) == alone.apply(batch)
        place += size

    assert rows_of(first) == rows_of(alone)


def test_a_writer_sees_what_another_wrote(engine: Opens) -> None:
    one = opened(engine)
    other = another(one)
    do(one, order("o1"))
    do(other, cmd.RedeemPoints(AT, "m1", 5 * POINT))
    assert code_of(one, cmd.RedeemPoints(AT, "m1", 16 * POINT + 1)) is Code.POINTS_SHORT
    do(one, cmd.RedeemPoints(AT, "m1", 16 * POINT))
    assert code_of(other, cmd.RedeemPoints(AT, "m1", 1)) is Code.POINTS_SHORT


def test_a_writer_reads_again_only_where_another_wrote(
    engine: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = opened(engine)
    other = another(one)
    do(one, order("o1"))
    kept = one.slice
    do(one, order("o2"))
    assert one.slice is kept
    assert code_of(other, cmd.RedeemPoints(AT, "nobody", 1)) is Code.MEMBER_UNKNOWN
    do(one, order("o3"))
    assert one.slice is kept
    do(other, order("o4"))
    do(one, order("o5"))
    assert one.slice is kept
    other.close(other.calendar.day_of(AT))
    do(one, order("o6", at=AT + DAY))
    assert one.slice is not kept

    monkeypatch.setattr(engine_module, "RESIDENT_ACCOUNTS_MAX", 1)
    kept = one.slice
    do(one, order("o7"))
    assert one.slice is not kept


@pytest.mark.parametrize("after", ["write_events", "write_orders", "write_head"])
def test_a_batch_that_fails_leaves_nothing_and_the_next_one_works(
    engine: Opens, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    one = opened(engine)
    do(one, order("o1"))
    before = rows_of(one)
    real = getattr(Writer, after)

    def fails(self: Writer, *given: str) -> None:
        real(self, *given)
        raise Planted

    with monkeypatch.context() as planted:
        planted.setattr(Writer, after, fails)
        with pytest.raises(Planted):
            one.apply([order("o2"), cmd.JoinMember(AT, "m3"), cmd.RedeemPoints(AT, "m1", POINT)])
    assert rows_of(one) == before

    again: list[cmd.Command] = [
        order("o2"),
        cmd.JoinMember(AT, "m3"),
        cmd.RedeemPoints(AT, "m1", POINT),
    ]
    do(one, *again)
    assert verify_full(one.programme.name, one.alias).findings == ()


def test_a_fault_while_deciding_leaves_nothing(
    engine: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = opened(engine)
    before = rows_of(one)

    def fails(_self: Slice) -> None:
        raise Planted

    with monkeypatch.context() as planted:
        planted.setattr(Slice, "load_exits", fails)
        one.forget()
        with pytest.raises(Planted):
            one.apply([cmd.FundTreasury(AT, 1), order("o1")])
    assert rows_of(one) == before
    do(one, order("o1"))


def test_a_batch_inside_of_a_callers_transaction_is_the_callers(engine: Opens) -> None:
    one = opened(engine)
    before = rows_of(one)
    with transaction.atomic(using=one.alias):
        do(one, order("o1"))
        transaction.set_rollback(True, using=one.alias)
    assert rows_of(one) == before
    one.forget()
    do(one, order("o1"))
    assert one.head()[Head.ORDERS] == 1


def crowd(engine: Opens, **parameters: Any) -> Engine:  # noqa: ANN401
    """Many members who hold points, each with another quota left, none of them in memory."""
    one = engine(**{**AT_ONCE, "quota_multiple": "0.35", **parameters})
    do(one, *[cmd.JoinMember(AT, f"m{n}") for n in range(MANY)])
    do(one, *[order(f"o{n}", f"m{n}", 100 + n) for n in range(MANY)])
    one.forget()
    return one


def whale(number: int) -> list[cmd.Command]:
    """A new member whose order lifts the price."""
    return [cmd.JoinMember(AT, f"w{number}"), order(f"w{number}", f"w{number}", 200_000)]


def test_exits_are_found_in_the_journal_and_only_they(engine: Opens) -> None:
    """Nobody who exits is named by a batch; one writer keeps what it read, the other does not."""
    keeps, forgets = crowd(engine), crowd(engine)
    number, exits = 0, keeps.head()[Head.EXITS]
    while keeps.head()[Head.EXITS] == exits:
        number += 1
        for each in (keeps, forgets):
            do(each, *whale(number))
        if number == 1:
            assert keeps.slice is not None
            assert keeps.slice.arrays.cursor[Cursor.MEMBERS] < MANY
        forgets.forget()
    assert keeps.head() == forgets.head()
    assert verify_full(forgets.programme.name, forgets.alias).findings == ()


@pytest.mark.parametrize(("read", "room"), [(1, 1), (2, 5), (MANY * 2, 4_096)])
def test_a_cascade_of_exits_is_the_same_however_little_is_read_at_a_time(
    engine: Opens, monkeypatch: pytest.MonkeyPatch, read: int, room: int
) -> None:
    whole = crowd(engine)
    do(whole, *whale(1), *whale(2), *whale(3))
    assert whole.head()[Head.EXITS] > 20

    monkeypatch.setattr(slice_module, "EXITS_READ_FIRST", read)
    monkeypatch.setattr(slice_module, "EFFECTS_ROOM", room)
    little = crowd(engine)
    do(little, *whale(1), *whale(2), *whale(3))
    for table, rows in rows_of(whole).items():
        if table not in ("event", "terms", "head"):
            assert rows_of(little)[table] == rows
    assert little.head() == whole.head()


def test_members_with_one_key_are_all_read(engine: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    """More members than are read at a time share an exit key: none is passed over."""
    monkeypatch.setattr(slice_module, "EXITS_READ_FIRST", 2)
    one = engine(maturity_days=1, quota_multiple="0.35", dividend_rate="0")
    do(one, *[cmd.JoinMember(AT, f"m{n}") for n in range(20)])
    do(one, *[order(f"o{n}", f"m{n}") for n in range(20)])
    one.close(one.calendar.day_of(AT) + 1)
    one.forget()
    at = AT + 2 * DAY
    do(one, cmd.JoinMember(at, "w"), order("w", "w", 200_000, at))
    one.forget()
    one.close(one.calendar.day_of(at) + 1)
    assert one.head()[Head.EXITS] >= 20
    assert verify_full(one.programme.name, one.alias).findings == ()


def test_a_close_reads_no_member_who_is_not_concerned(engine: Opens) -> None:
    one = crowd(engine, quota_multiple="2", dividend_rate="0.3")
    day = one.calendar.day_of(AT)
    # All of them joined and bought on the first day, so its close takes down how they stand.
    one.close(day)
    one.forget()
    one.close(day + 1)
    assert one.slice is not None
    assert one.slice.arrays.cursor[Cursor.MEMBERS] - 1 <= slice_module.EXITS_READ_FIRST
    assert one.head()[Head.PAYABLE] > 0


def test_a_world_of_one_writer_after_another_verifies(engine: Opens) -> None:
    one = engine("world", **QUICK)
    one.apply(joins())
    world = World(8)
    for day in range(5):
        for _ in range(3):
            writer = another(one)
            writer.apply(world.day(AT + day * DAY, 12))
    found = verify_full(one.programme.name, one.alias)
    assert (found.findings, found.days) == ((), 4)
    assert not connections[one.alias].in_atomic_block


def test_a_slice_whose_writing_was_rolled_back_around_it_is_not_valid(engine: Opens) -> None:
    """As many events of another writer stand there now as this one believes to have written."""
    one = opened(engine)
    other = another(one)
    with transaction.atomic(using=one.alias):
        do(one, order("o1"))
        transaction.set_rollback(True, using=one.alias)
    do(other, order("o2", "m2"))
    assert code_of(one, cmd.RedeemPoints(AT, "m1", POINT)) is Code.POINTS_SHORT
    do(one, order("o1"))
    assert one.head()[Head.ORDERS] == 2
    assert verify_full(one.programme.name, one.alias).findings == ()


def test_whoever_is_unknown_takes_no_room(engine: Opens) -> None:
    one = opened(engine)
    lost = [order(f"x{n}")._replace(merchant_id=f"nobody{n}") for n in range(50)]
    links: list[cmd.Command] = [cmd.LinkParty(AT, 1, f"nobody{n}") for n in range(50)]
    for _ in range(2):
        codes = {answer.code for answer in one.apply([*lost, *links])}
        assert codes == {Code.MERCHANT_UNKNOWN, Code.MEMBER_UNKNOWN}
    assert one.slice is not None
    cursor = one.slice.arrays.cursor
    assert cursor[Cursor.MERCHANTS] <= 4
    assert cursor[Cursor.MEMBERS] <= 4
