"""A small programme to command by hand: two members, two shops, everything at once."""

from typing import Any

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.rules.codes import Code
from tests.backends.journals import OPENED, Opens

YUAN = 10**6
POINT = 10**8
AT = OPENED
AT_ONCE = {"maturity_days": 0, "referral_rate": "0", "dividend_rate": "0"}
"""The worked example's parameters (R3.8): an order matures at its receipt, alone."""


def opened(engine: Opens, **parameters: Any) -> Engine:  # noqa: ANN401
    """The members m1 and m2, the merchants s1 and s2, under the worked example's parameters."""
    terms: dict[str, Any] = AT_ONCE | parameters
    one = engine(**terms)
    do(one, cmd.JoinMember(AT, "m1"), cmd.JoinMember(AT, "m2", "m1"))
    do(one, cmd.JoinMerchant(AT, "s1"), cmd.JoinMerchant(AT, "s2"))
    return one


def order(order_id: str, member: str = "m1", yuan: int = 100, at: int = AT) -> cmd.PayOrder:
    """An order at the programme's own shop, paid and received."""
    return cmd.PayOrder(at, order_id, member, "", yuan * YUAN, None, received=True)


def do(engine: Engine, *commands: cmd.Command) -> list[cmd.Answer]:
    """Apply commands in one batch, all of which must be accepted."""
    answers = engine.apply(commands)
    refused = [
        (command, Code(answer.code).name)
        for command, answer in zip(commands, answers, strict=True)
        if answer.code != Code.ACCEPTED
    ]
    assert not refused
    return answers


def code_of(engine: Engine, command: cmd.Command) -> Code:
    """What a command alone comes to."""
    (answer,) = engine.apply([command])
    return Code(answer.code)
