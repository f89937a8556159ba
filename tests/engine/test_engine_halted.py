"""While the bank is short, or a cent is unexplained, nothing is paid out; all else goes on."""

from typing import Any

import pytest

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.engine.halting import HALTED_COMMANDS
from shareback.engine.verifying import verify_full
from shareback.journal.halting import set_halted
from shareback.journal.models.programme import Halt
from shareback.rules.codes import Code
from shareback.rules.layout import Head
from tests.backends.journals import DAY, Opens
from tests.engine.small import AT, POINT, YUAN, code_of, do, opened, order

PAYOUTS: tuple[Any, ...] = (
    cmd.RedeemPoints(AT, "m1", POINT),
    cmd.RedeemMerchantPoints(AT, "s1", POINT),
    cmd.SpendPoints(AT, "p1", "m1", "s1", POINT),
    cmd.WithdrawCash(AT, "m1", YUAN),
    cmd.SettleMerchant(AT, "s1", YUAN),
    cmd.WithdrawTreasury(AT, YUAN, 2),
)
OTHERS: tuple[Any, ...] = (
    order("o2", "m2"),
    cmd.RefundOrder(AT, "o0", "r0", YUAN),
    cmd.ConvertPoints(AT, "m1", POINT),
    cmd.FundTreasury(AT, YUAN),
    cmd.RecordUnmatched(AT, YUAN),
    cmd.JoinMember(AT, "m3"),
)


@pytest.fixture
def one(engine: Opens) -> Engine:
    """Two members, two shops, an order of each kind, and cash to withdraw."""
    made = opened(engine)
    do(made, cmd.FundTreasury(AT, 50 * YUAN), order("o1"), order("o0"))
    do(
        made,
        cmd.SpendPoints(AT, "p0", "m1", "s1", 4 * POINT),
        cmd.RedeemPoints(AT, "m1", 4 * POINT),
    )
    return made


def test_every_halted_command_is_tried() -> None:
    assert {type(command) for command in PAYOUTS} == set(HALTED_COMMANDS)


@pytest.mark.parametrize(
    ("halt", "code"),
    [(Halt.BANK_SHORT, Code.BANK_SHORT), (Halt.BANK_UNEXPLAINED, Code.BANK_UNEXPLAINED)],
)
def test_what_pays_out_is_refused_and_all_else_goes_on(one: Engine, halt: Halt, code: Code) -> None:
    assert set_halted(one.id, halt, one.alias)
    assert [Code(answer.code) for answer in one.apply(PAYOUTS)] == [code] * len(PAYOUTS)
    do(one, *OTHERS)
    size = one.frontier.size
    one.apply(PAYOUTS)
    assert one.frontier.size == size
    one.close(one.head()[Head.DAY] + 1)
    assert verify_full(one.programme.name, one.alias).findings == ()


def test_a_writer_that_has_the_programme_in_memory_sees_it_at_its_next_batch(one: Engine) -> None:
    other = Engine(one.programme.name, one.alias)
    assert code_of(other, cmd.WithdrawCash(AT, "m1", 1)) is Code.ACCEPTED
    set_halted(one.id, Halt.BANK_SHORT, one.alias)
    assert code_of(other, cmd.WithdrawCash(AT, "m1", 1)) is Code.BANK_SHORT
    set_halted(one.id, Halt.NONE, one.alias)
    assert code_of(other, cmd.WithdrawCash(AT, "m1", 1)) is Code.ACCEPTED


def test_a_refusal_is_not_kept_under_the_commands_key(one: Engine) -> None:
    keyed = cmd.WithdrawCash(AT, "m1", YUAN, key="k1")
    set_halted(one.id, Halt.BANK_SHORT, one.alias)
    assert code_of(one, keyed) is Code.BANK_SHORT
    set_halted(one.id, Halt.NONE, one.alias)
    first, second = one.apply([keyed]), one.apply([keyed])
    assert (first[0].code, first[0].repeated, second[0].repeated) == (0, False, True)


def test_what_was_done_before_the_halt_gets_its_answer_again(one: Engine) -> None:
    keyed = cmd.WithdrawCash(AT, "m1", YUAN, key="k1")
    do(one, keyed)
    set_halted(one.id, Halt.BANK_SHORT, one.alias)
    (again,) = one.apply([keyed])
    assert (again.code, again.repeated) == (Code.ACCEPTED, True)


def test_the_programmes_end_is_not_halted(one: Engine) -> None:
    set_halted(one.id, Halt.BANK_UNEXPLAINED, one.alias)
    do(one, cmd.AnnounceEnd(AT, one.head()[Head.DAY] + 1, 2))
    do(one, cmd.EndProgramme(AT + 2 * DAY), cmd.SettleAccounts(AT + 2 * DAY, 1, 2))


def test_saying_it_twice_is_no_change(one: Engine) -> None:
    assert set_halted(one.id, Halt.BANK_SHORT, one.alias)
    assert not set_halted(one.id, Halt.BANK_SHORT, one.alias)
