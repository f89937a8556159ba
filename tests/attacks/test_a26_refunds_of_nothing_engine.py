"""A26: an order that was never captured is never refunded."""

from shareback.engine import commands as cmd
from shareback.rules.codes import Code
from shareback.rules.layout import Head
from tests.backends.journals import Opens
from tests.engine.rows import rows_of
from tests.engine.small import AT, YUAN, code_of, do, opened, order

REFUND = cmd.RefundOrder(AT, "o1", "r1", YUAN, 2)


def test_an_order_nobody_paid_is_not_refunded(engine: Opens) -> None:
    one = opened(engine)
    do(one, cmd.FundTreasury(AT, 100 * YUAN))
    assert code_of(one, REFUND) is Code.ORDER_UNKNOWN
    assert code_of(one, REFUND._replace(order_id="")) is Code.ORDER_UNKNOWN
    assert one.head()[Head.FREE] == 100 * YUAN


def test_an_order_that_was_refused_is_not_refunded(engine: Opens) -> None:
    one = opened(engine)
    codes = [Code(answer.code) for answer in one.apply([order("o1", "nobody"), REFUND])]
    assert codes == [Code.MEMBER_UNKNOWN, Code.ORDER_UNKNOWN]
    assert code_of(one, REFUND) is Code.ORDER_UNKNOWN
    assert rows_of(one)["refund"] == []


def test_a_refund_before_its_order_is_refused_and_may_come_again(engine: Opens) -> None:
    one = opened(engine, maturity_days=3)
    codes = [Code(answer.code) for answer in one.apply([REFUND, order("o1"), REFUND, REFUND])]
    assert codes == [Code.ORDER_UNKNOWN, Code.ACCEPTED, Code.ACCEPTED, Code.ACCEPTED]
    assert [row[2] for row in rows_of(one)["refund"]] == [YUAN]


def test_another_programmes_order_is_not_refunded(engine: Opens) -> None:
    one, other = opened(engine), opened(engine)
    do(one, order("o1"))
    do(other, cmd.FundTreasury(AT, 100 * YUAN))
    assert code_of(other, REFUND) is Code.ORDER_UNKNOWN
