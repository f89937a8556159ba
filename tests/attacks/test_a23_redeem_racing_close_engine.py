"""A23: a redemption that races an exit or the close comes to what some serial order comes to."""

from collections.abc import Callable

import pytest

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.engine.verifying import verify_full
from shareback.rules.layout import Head
from tests.attacks.racing import race
from tests.backends.journals import Opens
from tests.engine.rows import Rows, rows_of
from tests.engine.small import AT, POINT, do, order

Work = Callable[[Engine], object]


def holding(engine: Opens) -> Engine:
    """Members near their exit; an order that matures at the day's close would lift them out."""
    one = engine("raced", maturity_days=0, referral_rate="0", quota_multiple="0.35")
    do(one, *[cmd.JoinMember(AT, f"m{n}") for n in range(8)])
    do(one, *[order(f"o{n}", f"m{n}") for n in range(6)])
    return one


def close(engine: Engine) -> int:
    """The close of the day, with its dividend and the exits that it brings."""
    return engine.close(engine.calendar.day_of(AT))


def redeem(engine: Engine) -> list[cmd.Answer]:
    """A member sells what it has, or some of it."""
    return engine.apply([cmd.RedeemPoints(AT, "m5", 5 * POINT)])


def pump(engine: Engine) -> list[cmd.Answer]:
    """A large order that makes members exit."""
    return engine.apply([order("pump", "m7", 3_000)])


def serial(engine: Opens, works: list[Work]) -> Rows:
    """The rows after works one after another."""
    one = holding(engine)
    for work in works:
        work(one)
        one.forget()
    return rows_of(one)


@pytest.mark.parametrize("other", [close, pump])
def test_the_outcome_is_one_of_the_two_serial_ones(engine: Opens, other: Work) -> None:
    either = [serial(engine, [redeem, other]), serial(engine, [other, redeem])]
    assert either[0] != either[1]
    for _ in range(4):
        one = holding(engine)
        works: list[Work] = [redeem, other]
        race(one, works)
        assert rows_of(one) in either
        assert one.head()[Head.EXITS] > 0
        assert verify_full(one.programme.name, one.alias).findings == ()
