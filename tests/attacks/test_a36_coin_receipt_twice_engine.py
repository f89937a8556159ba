"""A36: the same coin receipt is settled once."""

from functools import partial

import pytest

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.rules.codes import Code
from shareback.rules.layout import Head
from tests.attacks.racing import race
from tests.backends.journals import Opens
from tests.engine.small import AT, POINT, YUAN, code_of, do, opened, order

RECEIPT = cmd.PayCoins(AT, "c1", "s1", 5 * YUAN, "m1")


@pytest.fixture
def one(engine: Opens) -> Engine:
    """m1 has more coins than one receipt takes."""
    made = opened(engine)
    do(made, order("o1"), order("o2", "m2"), cmd.ConvertPoints(AT, "m1", 15 * POINT))
    return made


def test_a_receipt_sent_by_many_at_once_moves_coins_once(one: Engine) -> None:
    answers = race(one, [partial(Engine.apply, commands=[RECEIPT])] * 6)
    assert {answer.code for (answer,) in answers} == {Code.ACCEPTED}
    assert sum(not answer.repeated for (answer,) in answers) == 1
    assert one.head()[Head.COINS_MERCHANTS] == 5 * YUAN


def test_a_receipt_is_not_another_merchants(one: Engine) -> None:
    do(one, RECEIPT)
    assert code_of(one, RECEIPT._replace(merchant_id="s2")) is Code.ID_TAKEN
    assert one.head()[Head.COINS_MERCHANTS] == 5 * YUAN


def test_the_coins_of_a_receipt_are_exchanged_once(one: Engine) -> None:
    do(one, RECEIPT)
    settle = cmd.ExchangeCoins(AT, "s1", 5 * YUAN)
    first, again = one.apply([settle, settle])
    assert (first.code, again.code) == (Code.ACCEPTED, Code.COINS_SHORT)
    assert one.head()[Head.COINS_MERCHANTS] == 0


def test_a_settlement_with_a_key_is_paid_once_where_there_is_enough_for_two(one: Engine) -> None:
    do(one, RECEIPT, RECEIPT._replace(payment_id="c2"))
    settle = cmd.ExchangeCoins(AT, "s1", 5 * YUAN, key="receipt c1")
    answers = race(one, [partial(Engine.apply, commands=[settle])] * 4)
    assert len({answer._replace(repeated=False) for (answer,) in answers}) == 1
    assert one.head()[Head.COINS_MERCHANTS] == 5 * YUAN


def test_coins_refunded_are_not_exchanged_as_well(one: Engine) -> None:
    do(one, RECEIPT, cmd.RefundCoins(AT, "c1", 5 * YUAN))
    assert code_of(one, cmd.ExchangeCoins(AT, "s1", 1)) is Code.COINS_SHORT
    assert code_of(one, cmd.RefundCoins(AT, "c1", 1)) is Code.REFUND_ABOVE_PAID
