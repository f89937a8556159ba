"""What no column and no calendar can hold is refused, and hurts nothing beside it (A15)."""

from typing import Any

import pytest
from pydantic import ValidationError

from shareback.engine import commands as cmd
from shareback.engine.batch import DAYS_CLOSED_MAX
from shareback.engine.opening import open_programme
from shareback.engine.verifying import verify_full
from shareback.engine.wellformed import DAYS_AHEAD_MAX, LATEST, LENGTH_MAX
from shareback.rules.codes import Code
from tests.backends.journals import DAY, Opens
from tests.engine.rows import rows_of
from tests.engine.small import AT, YUAN, code_of, do, opened, order

UNWRITABLE = {"NUL": "a\0b", "too long": "x" * (LENGTH_MAX + 1), "surrogate": "\ud800"}
OPENING: dict[str, cmd.Command] = {
    "member_id": cmd.JoinMember(AT, "new"),
    "merchant_id": cmd.JoinMerchant(AT, "new"),
    "order_id": order("new"),
    "refund_id": cmd.RefundOrder(AT, "o1", "new", YUAN),
    "payment_id": cmd.SpendPoints(AT, "new", "m1", "s1", 1),
}
UNCOUNTABLE = (2**63, -(2**63), 2**64, 10**30, -(10**30))


def replaced(command: Any, **fields: object) -> cmd.Command:  # noqa: ANN401 - any command
    """A command with other fields."""
    changed: cmd.Command = command._replace(**fields)
    return changed


@pytest.mark.parametrize("text", UNWRITABLE.values(), ids=UNWRITABLE)
@pytest.mark.parametrize("field", OPENING)
def test_an_id_that_cannot_be_written_down_is_refused(engine: Opens, field: str, text: str) -> None:
    one = opened(engine)
    do(one, order("o1"))
    bad = replaced(OPENING[field], **{field: text})
    codes = [answer.code for answer in one.apply([bad, order("o2"), bad])]
    assert codes == [Code.ID_INVALID, Code.ACCEPTED, Code.ID_INVALID]
    assert code_of(one, OPENING[field]._replace(key=text)) is Code.ID_INVALID


@pytest.mark.parametrize("field", OPENING)
def test_an_id_to_be_opened_is_not_empty(engine: Opens, field: str) -> None:
    one = opened(engine)
    do(one, order("o1"))
    assert code_of(one, replaced(OPENING[field], **{field: ""})) is Code.ID_INVALID
    do(one, cmd.JoinMember(AT, "m3"))
    assert {row[0]: row[11] for row in rows_of(one)["member"]}[3] == 0


@pytest.mark.parametrize("text", UNWRITABLE.values(), ids=UNWRITABLE)
def test_an_id_that_is_only_named_is_refused_too(engine: Opens, text: str) -> None:
    one = opened(engine)
    named: list[cmd.Command] = [
        cmd.RedeemPoints(AT, text, 1),
        cmd.SettleMerchant(AT, text, 1),
        cmd.ReceiveOrder(AT, text),
        cmd.RefundCoins(AT, text, 1),
    ]
    codes = {answer.code for answer in one.apply([*named, cmd.FundTreasury(AT, 1)])}
    assert codes == {Code.ID_INVALID, Code.ACCEPTED}


def test_ids_of_the_greatest_length_and_of_any_letters_are_taken(engine: Opens) -> None:
    one = opened(engine)
    ids = [
        "é" * LENGTH_MAX,
        "单号 1",
        "\U0001f6d2",
        "'; DROP TABLE journal_event; --",
        '"',
        "%s",
        "\\",
    ]
    answers = do(one, *[cmd.JoinMember(AT, each) for each in ids])
    do(one, *[order(each, each) for each in ids])
    one.forget()
    assert [answer.number for answer in one.apply([cmd.JoinMember(AT, each) for each in ids])] == [
        answer.number for answer in answers
    ]
    assert verify_full(one.programme.name, one.alias).findings == ()


@pytest.mark.parametrize("number", UNCOUNTABLE)
def test_a_number_outside_of_64_bits_is_refused(engine: Opens, number: int) -> None:
    one = opened(engine)
    bad: list[cmd.Command] = [
        cmd.JoinMember(AT, "x", party=number),
        order("x")._replace(paid_uyuan=number),
        order("x")._replace(profit_uyuan=number),
        cmd.RefundOrder(AT, "x", "r", number),
        cmd.FundTreasury(AT, number),
        cmd.SettleAccounts(AT, 1, number),
        cmd.AnnounceEnd(AT, number, 2),
        cmd.FundTreasury(number, 1),
    ]
    answers = one.apply([*bad, cmd.FundTreasury(AT, 1)])
    assert [answer.code for answer in answers] == [Code.AMOUNT_INVALID] * len(bad) + [0]


@pytest.mark.parametrize("at", [-1, LATEST, 2**62], ids=["before 1970", "year 9000", "no date"])
def test_a_time_outside_of_the_calendar_is_refused(engine: Opens, at: int) -> None:
    one = opened(engine)
    assert code_of(one, cmd.FundTreasury(at, 1)) is Code.AMOUNT_INVALID
    assert code_of(one, cmd.FundTreasury(0, 1)) is Code.ACCEPTED


@pytest.mark.parametrize("number", [0, -1, -2, 2**62])
def test_an_amount_that_nothing_can_be_is_refused(engine: Opens, number: int) -> None:
    one = opened(engine)
    do(one, order("o1"), cmd.ConvertPoints(AT, "m1", 10**8))
    bad: list[cmd.Command] = [
        order("x")._replace(paid_uyuan=number),
        cmd.RedeemPoints(AT, "m1", number),
        cmd.SpendPoints(AT, "p", "m1", "s1", number),
        cmd.ConvertPoints(AT, "m1", number),
        cmd.PayCoins(AT, "p", "s1", number, "m1"),
        cmd.FundTreasury(AT, number),
        cmd.WithdrawTreasury(AT, number, 2),
        cmd.WithdrawCash(AT, "m1", number),
        cmd.RecordUnmatched(AT, number),
        cmd.RefundOrder(AT, "o1", "r", number, 2),
    ]
    before = one.head()
    codes = {Code(answer.code) for answer in one.apply(bad)}
    short = {Code.POINTS_SHORT, Code.COINS_SHORT, Code.CASH_SHORT, Code.TREASURY_SHORT}
    above = short | {Code.REFUND_ABOVE_PAID, Code.OUT_OF_RANGE}
    assert codes <= {Code.AMOUNT_INVALID} | (above if number > 0 else set())
    assert one.head() == before


def test_a_profit_below_nothing_is_not_an_unstated_one(engine: Opens) -> None:
    one = opened(engine)
    assert code_of(one, order("o1")._replace(profit_uyuan=-1)) is Code.AMOUNT_INVALID
    assert code_of(one, order("o1")._replace(profit_uyuan=0)) is Code.ACCEPTED


def test_approvals_are_not_below_nothing(engine: Opens) -> None:
    one = opened(engine, maturity_days=1)
    do(one, order("o1"))
    refund = cmd.RefundOrder(AT, "o1", "r", YUAN, -1)
    assert code_of(one, refund) is Code.AMOUNT_INVALID
    assert code_of(one, refund._replace(approvals=0)) is Code.ACCEPTED


@pytest.mark.parametrize("value", [1.9, "5", float("nan"), None, b"1", (1,)])
def test_an_amount_that_is_no_number_is_refused_alone(engine: Opens, value: object) -> None:
    one = opened(engine)
    bad = [
        replaced(order("x"), paid_uyuan=value),
        replaced(cmd.FundTreasury(AT, 1), money_uyuan=value),
        replaced(cmd.FundTreasury(AT, 1), at=value),
    ]
    codes = [answer.code for answer in one.apply([*bad, order("o1")])]
    assert codes == [Code.AMOUNT_INVALID] * 3 + [Code.ACCEPTED]


@pytest.mark.parametrize("value", [None, 1, b"m1", ("m1",)])
def test_an_id_that_is_no_text_is_refused_alone(engine: Opens, value: object) -> None:
    one = opened(engine)
    bad = [
        replaced(order("x"), order_id=value),
        replaced(order("x"), member_id=value),
        replaced(cmd.RedeemPoints(AT, "m1", 1), member_id=value),
        replaced(cmd.FundTreasury(AT, 1), key=value),
    ]
    codes = [answer.code for answer in one.apply([*bad, order("o1")])]
    assert codes == [Code.ID_INVALID] * 4 + [Code.ACCEPTED]


def test_what_is_announced_for_a_day_too_far_ahead_is_refused(engine: Opens) -> None:
    one = opened(engine)
    today = one.calendar.day_of(AT)
    for day in (2**31, 2**62, today + DAYS_AHEAD_MAX + 2):
        assert code_of(one, cmd.AnnounceEnd(AT, day, 2)) is Code.AMOUNT_INVALID
        amendment = cmd.AmendProgramme(AT, day, 2, one.programme)
        assert code_of(one, amendment) is Code.AMOUNT_INVALID
    do(one, cmd.AnnounceEnd(AT, today + DAYS_AHEAD_MAX - 1, 2))


def test_a_command_dated_years_ahead_closes_nothing(engine: Opens) -> None:
    one = opened(engine)
    before = one.head()
    ahead = cmd.FundTreasury(AT + (DAYS_CLOSED_MAX + 1) * DAY, 1)
    assert code_of(one, ahead) is Code.AMOUNT_INVALID
    assert one.head() == before


def test_parameters_that_were_changed_without_a_check_are_refused(engine: Opens) -> None:
    one = opened(engine)
    broken = one.programme.model_copy(update={"award_rate": 2_000_000})
    day = one.calendar.day_of(AT) + 1
    assert code_of(one, cmd.AmendProgramme(AT, day, 2, broken)) is Code.AMOUNT_INVALID
    with pytest.raises(ValidationError, match="awards would exceed"):
        open_programme(broken.model_copy(update={"name": "broken"}), AT, one.alias)
    assert verify_full(one.programme.name, one.alias).findings == ()
