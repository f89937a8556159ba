"""A21: keys of money commands never expire, and the business's own ids refuse too."""

import pytest

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.rules.codes import Code
from tests.backends.journals import DAY, SALTS, open_anew
from tests.engine.small import AT, POINT, YUAN, do, order

YEARS = 3 * 366 * DAY
PAID_OUT: dict[str, cmd.Command] = {
    "redemption": cmd.RedeemPoints(AT, "m1", POINT, key="redemption"),
    "cash": cmd.WithdrawCash(AT, "m1", YUAN, key="cash"),
    "settlement": cmd.SettleMerchant(AT, "s1", YUAN, key="settlement"),
    "treasury": cmd.WithdrawTreasury(AT, YUAN, 2, key="treasury"),
    "exchange": cmd.ExchangeCoins(AT, "s1", YUAN, key="exchange"),
    "funding": cmd.FundTreasury(AT, YUAN, key="funding"),
}
ONCE: dict[str, cmd.Command] = {
    "order": order("o1"),
    "points": cmd.SpendPoints(AT, "p", "m1", "s1", 5 * POINT),
    "coins": cmd.PayCoins(AT, "c", "s1", 5 * YUAN, "m1"),
    "refund": cmd.RefundOrder(AT, "o2", "r", YUAN),
}


@pytest.fixture(scope="module")
def answers() -> dict[tuple[str, str], cmd.Answer]:
    """The first answers, by database and command."""
    return {}


@pytest.fixture(scope="module")
def late(alias: str, answers: dict[tuple[str, str], cmd.Answer]) -> Engine:
    """Another process, three years after everybody took something out."""
    one = open_anew(alias, "three years", maturity_days=0, referral_rate="0", dividend_rate="0")
    do(one, cmd.JoinMember(AT, "m1"), cmd.JoinMember(AT, "m2"), cmd.JoinMerchant(AT, "s1"))
    do(one, cmd.FundTreasury(AT, 100 * YUAN), ONCE["order"], order("o2", "m2"))
    do(one, cmd.RedeemPoints(AT, "m1", 5 * POINT), cmd.ConvertPoints(AT, "m1", 5 * POINT))
    once = {name: command for name, command in ONCE.items() if name != "order"}
    for name, answer in zip(once, do(one, *once.values()), strict=True):
        answers[alias, name] = answer
    for name, answer in zip(PAID_OUT, do(one, *PAID_OUT.values()), strict=True):
        answers[alias, name] = answer
    answers[alias, "order"] = cmd.Answer(Code.ACCEPTED, 1, 0, 0, 0, 0, 0)
    one.close(one.calendar.day_of(AT + YEARS) - 1)
    return Engine(one.programme.name, alias, SALTS)


@pytest.mark.parametrize("name", [*PAID_OUT, *ONCE])
def test_what_was_done_years_ago_is_not_done_again(
    late: Engine, answers: dict[tuple[str, str], cmd.Answer], name: str
) -> None:
    command = (PAID_OUT | ONCE)[name]._replace(at=AT + YEARS)
    before = late.head()
    assert late.apply([command]) == [answers[late.alias, name]._replace(repeated=True)]
    assert late.head() == before


@pytest.mark.parametrize("name", ONCE)
def test_a_business_id_refuses_under_a_new_key_too(
    late: Engine, answers: dict[tuple[str, str], cmd.Answer], name: str
) -> None:
    command = ONCE[name]._replace(at=AT + YEARS, key=f"a new key of {name}")
    before = late.head()
    assert late.apply([command]) == [answers[late.alias, name]._replace(repeated=True)]
    assert late.head() == before


def test_a_close_of_a_day_years_ago_does_nothing(late: Engine) -> None:
    before = late.head()
    assert late.close(late.calendar.day_of(AT)) == 0
    assert late.head() == before
