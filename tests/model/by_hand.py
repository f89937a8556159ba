"""A world told command by command, each of which must be accepted, or refused without a trace."""

from shareback.rules.codes import FIRST_REFUSAL, Code
from shareback.rules.kinds import Kind
from tests.model.model import Model
from tests.model.parameters import Parameters

YUAN = 10**6
PURE = Parameters(maturity_days=0, referral_ppm=0, dividend_ppm=0)
"""The seed's worked example (R3.8): at once, without referrals and dividends."""


def do(model: Model, kind: Kind, **fields: object) -> int:
    """Apply a command that must be accepted; returns the number it gave."""
    code, number = model.apply(kind, model.state.day, **fields)
    assert code == 0, f"{kind.name}: {Code(code).name}"
    model.check()
    return number


def refused(model: Model, kind: Kind, **fields: object) -> Code:
    """Apply a command that must be refused and leave everything as it was."""
    before = model.snapshot()
    code, number = model.apply(kind, model.state.day, **fields)
    assert code >= FIRST_REFUSAL
    assert number == 0
    assert model.snapshot() == before
    return Code(code)


def join(model: Model, count: int) -> None:
    for _ in range(count):
        do(model, Kind.JOIN_MEMBER)


def contribute(model: Model, paid: int) -> int:
    """A linked order by a new member at a new merchant: it lifts R and earns nothing (R4.4)."""
    party = 100 + len(model.state.members)
    member = do(model, Kind.JOIN_MEMBER, party=party)
    merchant = do(model, Kind.JOIN_MERCHANT, party=party)
    return pay(model, member, paid, merchant=merchant)


def pay(model: Model, member: int, paid: int = 100 * YUAN, **fields: object) -> int:
    given = {"order_id": f"{len(model.state.orders):04}", "merchant": 0, "received": 1}
    return do(model, Kind.PAY_ORDER, member=member, paid=paid, **(given | fields))
