"""A25: partial refunds never come to more than was paid, however they are sent."""

from functools import partial

import pytest

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.rules.codes import Code
from tests.attacks.racing import race
from tests.backends.journals import Opens
from tests.engine.rows import rows_of
from tests.engine.small import AT, YUAN, do, opened, order

THIRDS = [cmd.RefundOrder(AT, "o1", f"r{n}", 33 * YUAN, 2) for n in range(5)]


def refunded(engine: Engine) -> int:
    """What was given back of the order, in µ¥."""
    return int(rows_of(engine)["order"][0][7])


@pytest.mark.parametrize("maturity_days", [0, 5], ids=["late", "early"])
def test_the_sum_of_refunds_stays_within_what_was_paid(engine: Opens, maturity_days: int) -> None:
    for sizes in ((5,), (1, 1, 1, 1, 1), (2, 3)):
        one = opened(engine, maturity_days=maturity_days)
        do(one, order("o1"), cmd.FundTreasury(AT, 100 * YUAN))
        place, answers = 0, list[cmd.Answer]()
        for size in sizes:
            answers += one.apply(THIRDS[place : place + size])
            place += size
        assert [answer.code for answer in answers] == [0, 0, 0] + [Code.REFUND_ABOVE_PAID] * 2
        assert refunded(one) == 99 * YUAN
        do(one, cmd.RefundOrder(AT, "o1", "last", YUAN, 2))
        (above,) = one.apply([cmd.RefundOrder(AT, "o1", "above", 1, 2)])
        assert above.code in (Code.REFUND_ABOVE_PAID, Code.ORDER_CLOSED)


@pytest.mark.parametrize("maturity_days", [0, 5], ids=["late", "early"])
def test_refunds_sent_at_once_stay_within_what_was_paid(engine: Opens, maturity_days: int) -> None:
    one = opened(engine, maturity_days=maturity_days)
    do(one, order("o1"), cmd.FundTreasury(AT, 100 * YUAN))
    answers = race(one, [partial(Engine.apply, commands=[third]) for third in THIRDS])
    codes = sorted(answer.code for (answer,) in answers)
    assert codes == [0, 0, 0] + [Code.REFUND_ABOVE_PAID] * 2
    assert refunded(one) == 99 * YUAN
