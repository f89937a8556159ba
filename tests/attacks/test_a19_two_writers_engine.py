"""A19: two writers at once never fork the log."""

from functools import partial

import pytest
from django.db import IntegrityError

from shareback.engine import commands as cmd
from shareback.engine.batch import Batch
from shareback.engine.engine import Engine, Transaction
from shareback.engine.verifying import verify_full
from shareback.rules.codes import Code
from shareback.rules.layout import Head
from tests.attacks.racing import race
from tests.backends.journals import SALTS, Opens
from tests.engine.rows import rows_of
from tests.engine.small import AT, YUAN, do, opened, order

WRITERS, ROUNDS = 4, 12


def writes(who: int) -> list[list[cmd.Command]]:
    """One writer's batches: its own member, and orders that all of them pay alike."""
    batches: list[list[cmd.Command]] = [[cmd.JoinMember(AT, f"w{who}")]]
    batches += [
        [order(f"o{who}-{turn}", f"w{who}"), order(f"shared {turn}", "m1")]
        for turn in range(ROUNDS)
    ]
    return batches


def write(engine: Engine, batches: list[list[cmd.Command]]) -> list[cmd.Answer]:
    """Apply batches one after another."""
    return [answer for batch in batches for answer in engine.apply(batch)]


def test_threads_write_one_log(engine: Opens) -> None:
    one = opened(engine)

    told = race(one, [partial(write, batches=writes(who)) for who in range(WRITERS)])

    assert {answer.code for answers in told for answer in answers} == {Code.ACCEPTED}
    head, rows = one.head(), rows_of(one)
    assert head[Head.ORDERS] == len(rows["order"]) == (WRITERS + 1) * ROUNDS
    assert [row[0] for row in rows["event"]] == list(range(head[Head.SEQUENCE]))
    assert verify_full(one.programme.name, one.alias).findings == ()


def test_a_writer_that_trusts_an_old_slice_is_refused_by_the_database(
    engine: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: a writer that does not look whether another one has written."""
    stale = opened(engine)
    do(stale, order("o1"))
    do(Engine(stale.programme.name, stale.alias, SALTS), cmd.FundTreasury(AT, YUAN))
    before = rows_of(stale)

    def begin(self: Transaction) -> Batch:
        assert self.engine.slice is not None
        return Batch(self.engine.slice, self.engine, self.engine.frontier)

    with monkeypatch.context() as planted:
        planted.setattr(Transaction, "begin", begin)
        with pytest.raises(IntegrityError):
            stale.attempt([cmd.FundTreasury(AT, 2 * YUAN)], None, careful=True)

    assert rows_of(stale) == before
    do(stale, cmd.FundTreasury(AT, 2 * YUAN))
    assert verify_full(stale.programme.name, stale.alias).findings == ()
