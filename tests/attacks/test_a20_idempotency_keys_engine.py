"""A20: a key stands for one body in one programme, however many ask at once."""

from functools import partial

import pytest

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.rules.codes import Code
from shareback.rules.layout import Head
from tests.attacks.racing import race
from tests.backends.journals import Opens
from tests.engine.rows import rows_of
from tests.engine.small import AT, POINT, YUAN, code_of, do, opened, order

CLIENTS = 6


def alone(engine: Engine, command: cmd.Command) -> cmd.Answer:
    """Apply one command."""
    return engine.apply([command])[0]


@pytest.mark.parametrize("key", ["", "k"])
def test_one_order_sent_by_many_at_once_is_paid_once(engine: Opens, key: str) -> None:
    one = opened(engine)
    sent = order("o1")._replace(key=key)
    answers = race(one, [partial(alone, command=sent)] * CLIENTS)

    assert sorted(answer.repeated for answer in answers) == [False] + [True] * (CLIENTS - 1)
    assert {answer._replace(repeated=False) for answer in answers} == {
        cmd.Answer(Code.ACCEPTED, 1, 0, 0, 0, 0, 0)
    }
    assert one.head()[Head.ORDERS] == 1


def test_one_key_with_many_bodies_at_once_is_one_of_them(engine: Opens) -> None:
    one = opened(engine)
    bodies = [cmd.FundTreasury(AT, n * YUAN, key="k") for n in range(1, CLIENTS + 1)]
    answers = race(one, [partial(alone, command=body) for body in bodies])

    codes = [answer.code for answer in answers]
    assert sorted(codes) == [Code.ACCEPTED] + [Code.KEY_TAKEN] * (CLIENTS - 1)
    assert one.head()[Head.FREE] == bodies[codes.index(Code.ACCEPTED)].money_uyuan


def test_the_first_answer_comes_again_to_the_last_figure(engine: Opens) -> None:
    one = opened(engine)
    do(one, order("o1"))
    sale = cmd.RedeemPoints(AT, "m1", 21 * POINT, key="k")
    (first,) = do(one, sale)
    do(one, order("o2", "m2"), order("o3"))
    (kept,) = rows_of(one)["answer"]

    for _ in range(3):
        one.forget()
        assert one.apply([sale]) == [first._replace(repeated=True)]
        assert rows_of(one)["answer"] == [kept]


def test_a_refusal_is_a_first_answer_too(engine: Opens) -> None:
    one = opened(engine)
    sale = cmd.RedeemPoints(AT, "m1", 21 * POINT, key="k")
    (refused,) = one.apply([sale])
    assert refused.code == Code.POINTS_SHORT
    do(one, order("o1"))
    assert one.apply([sale]) == [refused._replace(repeated=True)]
    do(one, sale._replace(key="another"))


def test_another_programme_knows_nothing_of_a_key(engine: Opens) -> None:
    one, other = opened(engine), opened(engine)
    do(one, cmd.FundTreasury(AT, YUAN, key="k"))
    assert code_of(other, cmd.FundTreasury(AT, 2 * YUAN, key="k")) is Code.ACCEPTED
    assert code_of(one, cmd.FundTreasury(AT, 2 * YUAN, key="k")) is Code.KEY_TAKEN
