"""A27: what was paid with coins or points comes back as coins or points, to who paid."""

import pytest

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.rules.codes import Code
from shareback.rules.layout import Head
from tests.backends.journals import Opens
from tests.engine.rows import rows_of
from tests.engine.small import AT, POINT, YUAN, code_of, do, opened, order


@pytest.fixture
def one(engine: Opens) -> Engine:
    """s1 was paid with m1's coins, and with m1's points."""
    made = opened(engine)
    do(made, order("o1"), order("o2", "m2"), cmd.FundTreasury(AT, 100 * YUAN))
    do(made, cmd.ConvertPoints(AT, "m1", 10 * POINT))
    do(made, cmd.PayCoins(AT, "coins", "s1", 10 * YUAN, "m1"))
    do(made, cmd.SpendPoints(AT, "points", "m1", "s1", 5 * POINT))
    made.forget()
    return made


def test_coins_are_not_given_back_as_cash_or_points(one: Engine) -> None:
    before = one.head()
    assert code_of(one, cmd.RefundPointsPayment(AT, "coins", YUAN)) is Code.PAYMENT_UNKNOWN
    assert code_of(one, cmd.RefundOrder(AT, "coins", "r", YUAN, 2)) is Code.ORDER_UNKNOWN
    assert one.head() == before

    do(one, cmd.RefundCoins(AT, "coins", 10 * YUAN))
    after = one.head()
    assert after[Head.CASH] == before[Head.CASH]
    assert after[Head.COINS_MEMBERS] - before[Head.COINS_MEMBERS] == 10 * YUAN
    assert {row[0]: row[3] for row in rows_of(one)["member"]}[2] == 0


def test_points_are_not_given_back_as_cash_or_coins(one: Engine) -> None:
    before = one.head()
    assert code_of(one, cmd.RefundCoins(AT, "points", 1)) is Code.PAYMENT_UNKNOWN
    assert code_of(one, cmd.RefundOrder(AT, "points", "r", 1, 2)) is Code.ORDER_UNKNOWN
    assert one.head() == before

    do(one, cmd.RefundPointsPayment(AT, "points", YUAN))
    after = one.head()
    assert after[Head.CASH] == before[Head.CASH]
    assert after[Head.POINTS_MEMBERS] > before[Head.POINTS_MEMBERS]
    assert after[Head.RESERVE] - before[Head.RESERVE] == YUAN


def test_a_merchant_that_paid_gets_its_coins_back_itself(one: Engine) -> None:
    do(one, cmd.PayCoins(AT, "between", "s2", 4 * YUAN, payer_merchant_id="s1"))
    one.forget()
    do(one, cmd.RefundCoins(AT, "between", 4 * YUAN))
    coins = {row[0]: row[3] for row in rows_of(one)["merchant"]}
    assert coins == {1: 10 * YUAN, 2: 0}
    assert code_of(one, cmd.RefundCoins(AT, "between", 1)) is Code.REFUND_ABOVE_PAID
