"""A7: money sent straight to the bank account goes to suspense, never into R."""

from shareback.engine import commands as cmd
from shareback.engine.verifying import verify_full
from shareback.rules.layout import Head
from tests.backends.journals import DAY, Opens
from tests.engine.small import AT, YUAN, do, opened, order

MOVED = {Head.SUSPENSE, Head.BANK, Head.SEQUENCE}


def test_unmatched_money_moves_suspense_and_bank_alone(engine: Opens) -> None:
    one = opened(engine)
    do(one, order("o1"))
    before = one.head()
    do(one, cmd.RecordUnmatched(AT, 10**6 * YUAN))
    after = one.head()

    assert {column for column in Head if before[column] != after[column]} == MOVED
    assert after[Head.SUSPENSE] == 10**6 * YUAN


def test_no_close_and_no_trade_moves_it_on(engine: Opens) -> None:
    one = opened(engine)
    do(one, cmd.RecordUnmatched(AT, 77 * YUAN), order("o1"))
    do(one, cmd.RedeemPoints(AT, "m1", 10**8), order("o2", "m2", at=AT + 9 * DAY))
    do(one, cmd.AnnounceEnd(AT, one.head()[Head.DAY] + 1, 2))
    do(one, cmd.EndProgramme(AT + 11 * DAY), cmd.SettleAccounts(AT, 1, 2))

    assert one.head()[Head.SUSPENSE] == 77 * YUAN
    assert verify_full(one.programme.name, one.alias).findings == ()
