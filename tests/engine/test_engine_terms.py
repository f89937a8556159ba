"""Amendments come into force on their day, and a programme ends once (R2, R12)."""

from typing import Any

import pytest

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.engine.verifying import verify_full
from shareback.rules.codes import Code
from shareback.rules.layout import Head, Phase
from shareback.rules.programme import Programme, TierTerms
from tests.backends.journals import DAY, SALTS, Opens
from tests.engine.rows import rows_of
from tests.engine.small import AT, POINT, YUAN, code_of, do, opened, order


def amended(engine: Engine, days: int = 1, **changes: object) -> cmd.AmendProgramme:
    """An amendment some days ahead."""
    fields = engine.programme.model_dump(by_alias=True) | changes
    day = engine.calendar.day_of(AT) + days
    return cmd.AmendProgramme(AT, day, 2, Programme.model_validate(fields))


def test_an_amendment_holds_from_its_day_on_and_never_before(engine: Opens) -> None:
    one = opened(engine)
    do(one, amended(one, 2, backing_rate="0.2"))
    do(one, order("o1"), order("o2", at=AT + DAY), order("o3", at=AT + 2 * DAY))
    assert one.head()[Head.RESERVE] == 80 * YUAN
    assert [row[5] for row in rows_of(one)["order"]] == [300_000, 300_000, 200_000]
    assert one.head()[Head.TERMS] == 1


def test_another_process_sees_an_amendment(engine: Opens) -> None:
    one = opened(engine)
    other = Engine(one.programme.name, one.alias, SALTS)
    do(other, order("o1"))
    do(one, amended(one, backing_rate="0.2"))
    do(other, order("o2", at=AT + DAY))
    do(one, order("o3", at=AT + DAY))
    assert one.head()[Head.RESERVE] == 70 * YUAN
    assert verify_full(one.programme.name, one.alias).findings == ()


def test_an_amendment_needs_two_approvers_and_a_day_to_come(engine: Opens) -> None:
    one = opened(engine)
    change = amended(one, backing_rate="0.2")
    assert code_of(one, change._replace(approvals=1)) is Code.NEEDS_TWO_APPROVERS
    assert code_of(one, change._replace(from_day=change.from_day - 1)) is Code.AMOUNT_INVALID
    assert [len(rows_of(one)["terms"]), len(one.versions)] == [1, 1]
    do(one, order("o1"), change)
    assert [len(rows_of(one)["terms"]), len(one.versions)] == [2, 2]


@pytest.mark.parametrize(
    "fixed",
    [
        {"name": "another"},
        {"timezone": "Europe/Berlin"},
        {"currency": "EUR"},
        {"tiers": (TierTerms(name="new", threshold="1", multiplier="2"),)},
        {"supply_cap": "20"},
    ],
    ids=lambda fixed: next(iter(fixed)),
)
def test_what_may_not_change_does_not(engine: Opens, fixed: dict[str, Any]) -> None:
    one = opened(engine)
    do(one, order("o1"))
    assert code_of(one, amended(one, **fixed)) is Code.AMOUNT_INVALID
    do(one, order("o2", at=AT + 2 * DAY))
    assert one.head()[Head.TERMS] == 0


def test_refused_and_accepted_amendments_of_one_batch_do_not_mix(engine: Opens) -> None:
    one = opened(engine)
    bad = amended(one, backing_rate="0.1")._replace(approvals=0)
    answers = one.apply([bad, amended(one, backing_rate="0.2"), bad, order("o1", at=AT + DAY)])
    assert [answer.code for answer in answers] == [
        Code.NEEDS_TWO_APPROVERS,
        Code.ACCEPTED,
        Code.NEEDS_TWO_APPROVERS,
        Code.ACCEPTED,
    ]
    assert one.head()[Head.RESERVE] == 20 * YUAN
    assert verify_full(one.programme.name, one.alias).findings == ()


def test_the_tier_of_each_member_changes_at_the_close(engine: Opens) -> None:
    tiers = (TierTerms(name="gold", threshold="20", multiplier="2"),)
    one = opened(engine, tiers=tiers)
    do(one, order("o1"), order("o2", "m2"))
    one.forget()
    one.close(one.calendar.day_of(AT))
    assert [row[7] for row in rows_of(one)["member"]] == [1, 0]
    do(one, cmd.RedeemPoints(AT + DAY, "m1", 2 * POINT))
    one.forget()
    one.close(one.calendar.day_of(AT) + 1)
    assert [row[7] for row in rows_of(one)["member"]] == [0, 0]


@pytest.fixture
def ending(engine: Opens) -> Engine:
    """A programme whose end is announced for the next day; one order is pending."""
    one = opened(engine, maturity_days=1)
    day = one.calendar.day_of(AT)
    do(one, *[cmd.JoinMember(AT, f"m{n}") for n in range(3, 10)])
    do(one, *[order(f"o{n}", f"m{n}") for n in range(1, 10)])
    do(one, order("o10")._replace(received=False))
    assert code_of(one, cmd.EndProgramme(AT)) is Code.NOT_ENDED
    assert code_of(one, cmd.AnnounceEnd(AT, day, 2)) is Code.AMOUNT_INVALID
    assert code_of(one, cmd.AnnounceEnd(AT, day + 3, 1)) is Code.NEEDS_TWO_APPROVERS
    do(one, cmd.AnnounceEnd(AT, day + 3, 2))
    return one


def test_after_the_announcement_nobody_buys_in(ending: Engine) -> None:
    assert code_of(ending, order("late")) is Code.END_ANNOUNCED
    assert code_of(ending, cmd.AwardFunded(AT, "m1", 2, 1)) is Code.END_ANNOUNCED
    assert code_of(ending, cmd.EndProgramme(AT)) is Code.NOT_ENDED
    assert code_of(ending, cmd.EndProgramme(AT + 3 * DAY)) is Code.ORDERS_PENDING
    do(ending, cmd.FundTreasury(AT, YUAN))


def end(engine: Engine) -> int:
    """Refund what is pending and end it; returns the day's time."""
    at = AT + 3 * DAY
    do(engine, cmd.RefundOrder(at, "o10", "r", 100 * YUAN))
    # Members are loaded in an order that is not that of their numbers.
    do(engine, cmd.RedeemPoints(at, "m7", POINT), cmd.RedeemPoints(at, "m3", POINT))
    do(engine, cmd.ConvertPoints(at, "m5", POINT), cmd.PayCoins(at, "p", "s2", 1_000, "m5"))
    do(engine, cmd.EndProgramme(at))
    return at


@pytest.mark.parametrize("forgets", [False, True])
def test_the_end_settles_everybody_once(ending: Engine, *, forgets: bool) -> None:
    ending.forget()
    at = end(ending)
    head = ending.head()
    assert head[Head.PHASE] == Phase.ENDED
    assert (head[Head.POT], head[Head.BOUND], head[Head.POINTS_ESCROW]) == (0, 0, 0)
    for gap in (cmd.SettleAccounts(at, 2, 3), cmd.SettleAccounts(at, 1, 0)):
        assert code_of(ending, gap) is Code.AMOUNT_INVALID
    for nobody in (cmd.SettleAccounts(at, 0, 3), cmd.SettleAccounts(at, 10, 10)):
        assert code_of(ending, nobody) is Code.MEMBER_UNKNOWN
    assert code_of(ending, cmd.SettleAccounts(at, 1, 10)) is Code.AMOUNT_INVALID

    do(ending, cmd.WithdrawCash(at, "m7", 1), cmd.SettleAccounts(at, 1, 4))
    if forgets:
        ending.forget()
    do(ending, cmd.WithdrawCash(at, "m2", 1), cmd.SettleAccounts(at, 5, 9))
    do(ending, cmd.WithdrawCash(at, "m5", 1), cmd.SettleMerchant(at, "s2", 1_000))
    head = ending.head()
    assert head[Head.ACCOUNTS_SETTLED] == 9
    assert (head[Head.SUPPLY], head[Head.COINS_OWED], head[Head.COINS_MEMBERS]) == (0, 0, 0)
    assert code_of(ending, cmd.SettleAccounts(at, 1, 9)) is Code.AMOUNT_INVALID
    assert verify_full(ending.programme.name, ending.alias).findings == ()


def test_all_of_the_end_may_stand_in_one_batch(ending: Engine) -> None:
    at = AT + 3 * DAY
    do(
        ending,
        cmd.RefundOrder(at, "o10", "r", 100 * YUAN),
        cmd.RedeemPoints(at, "m7", POINT),
        cmd.JoinMember(at, "last"),
        cmd.JoinMerchant(at, "s3"),
        cmd.EndProgramme(at),
        cmd.WithdrawCash(at, "m7", YUAN),
        cmd.SettleAccounts(at, 1, 10),
        cmd.WithdrawCash(at, "m7", 1),
    )
    assert ending.head()[Head.ACCOUNTS_SETTLED] == 10
    assert {row[4] for row in rows_of(ending)["identity"]} >= {"last", "m7", "s3"}
    do(ending, cmd.WithdrawCash(at, "m1", 1))
    assert verify_full(ending.programme.name, ending.alias).findings == ()


def test_after_the_end_nothing_is_accepted_and_no_day_closes(ending: Engine) -> None:
    at = end(ending)
    day = ending.head()[Head.DAY]
    assert code_of(ending, order("late")) is Code.PROGRAMME_ENDED
    assert code_of(ending, cmd.FundTreasury(at + 9 * DAY, 1)) is Code.PROGRAMME_ENDED
    assert ending.close(day + 9) == 0
    do(ending, cmd.SettleAccounts(at + 9 * DAY, 1, 9))
    assert ending.head()[Head.DAY] == day
