"""Each kind of command through `Engine.apply`: its answer, and its nearest refusal."""

from typing import Any

import pytest

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine, ProgrammeUnknown
from shareback.engine.opening import ProgrammeExists, open_programme
from shareback.engine.verifying import verify_full
from shareback.rules.codes import Code
from shareback.rules.layout import Head
from tests.backends.journals import DAY, Opens
from tests.engine.rows import rows_of
from tests.engine.small import AT, POINT, YUAN, code_of, do, opened, order

ACCEPTED = cmd.Answer(Code.ACCEPTED, 0, 0, 0, 0, 0, 0)


def answer(**figures: Any) -> cmd.Answer:  # noqa: ANN401
    """An acceptance with some figures."""
    return ACCEPTED._replace(**figures)


@pytest.fixture
def rich(engine: Opens) -> Engine:
    """m1 holds 21 points, m2 14.7; a point is worth 1.6807 yuan."""
    one = opened(engine)
    do(one, order("o1", "m1"), order("o2", "m2"))
    return one


@pytest.fixture
def traded(rich: Engine) -> Engine:
    """m1 has turned 10 points into 16.806722 coins and paid all of them to s1."""
    do(rich, cmd.ConvertPoints(AT, "m1", 10 * POINT))
    do(rich, cmd.PayCoins(AT, "p1", "s1", 16_806_722, "m1"))
    return rich


def test_joining_numbers_members_and_merchants_from_one(engine: Opens) -> None:
    one = engine()
    assert do(one, cmd.JoinMember(AT, "a"), cmd.JoinMerchant(AT, "b"), cmd.JoinMember(AT, "c")) == [
        answer(number=1),
        answer(number=1),
        answer(number=2),
    ]
    assert code_of(one, cmd.JoinMember(AT, "d", "nobody")) is Code.MEMBER_UNKNOWN
    assert do(one, cmd.JoinMember(AT, "d", "a")) == [answer(number=3)]


def test_an_id_means_a_member_or_a_merchant_not_both(engine: Opens) -> None:
    one = engine()
    do(one, cmd.JoinMember(AT, "same"), cmd.JoinMerchant(AT, "same"))
    one.forget()
    do(one, cmd.PayOrder(AT, "o", "same", "same", YUAN))
    assert code_of(one, cmd.JoinMember(AT, "x", "no member")) is Code.MEMBER_UNKNOWN


def test_a_referrer_is_set_once_and_has_joined_before(engine: Opens) -> None:
    one = opened(engine)
    do(one, cmd.JoinMember(AT, "m3"))
    assert code_of(one, cmd.SetReferrer(AT, "m1", "m3")) is Code.REFERRAL_CYCLE
    assert code_of(one, cmd.SetReferrer(AT, "m3", "m3")) is Code.SELF_REFERRAL
    assert code_of(one, cmd.SetReferrer(AT, "m2", "m1")) is Code.REFERRER_ALREADY_SET
    assert do(one, cmd.SetReferrer(AT, "m3", "m1")) == [ACCEPTED]


def test_linked_parties_earn_nothing(engine: Opens) -> None:
    one = opened(engine)
    do(one, cmd.LinkParty(AT, 7, "m1", "s1"))
    do(one, order("o1")._replace(merchant_id="s1"), order("o2"))
    matured = rows_of(one)["maturity"]
    assert matured[0][1] == 0
    assert matured[1][1] > 0
    assert code_of(one, cmd.LinkParty(AT, 0, "m1")) is Code.AMOUNT_INVALID
    assert code_of(one, cmd.LinkParty(AT, 7, "nobody")) is Code.MEMBER_UNKNOWN
    assert code_of(one, cmd.LinkParty(AT, 7, "m1", "nowhere")) is Code.MERCHANT_UNKNOWN


def test_an_order_is_paid_and_received(engine: Opens) -> None:
    one = opened(engine, maturity_days=1)
    paid = order("o1")._replace(received=False)
    assert do(one, paid, cmd.ReceiveOrder(AT, "o1")) == [answer(number=1), ACCEPTED]
    assert code_of(one, cmd.ReceiveOrder(AT, "o1")) is Code.ALREADY_RECEIVED
    assert code_of(one, cmd.ReceiveOrder(AT, "o2")) is Code.ORDER_UNKNOWN
    assert code_of(one, order("o2", "nobody")) is Code.MEMBER_UNKNOWN
    assert code_of(one, order("o2")._replace(merchant_id="nowhere")) is Code.MERCHANT_UNKNOWN
    assert code_of(one, order("o2", yuan=0)) is Code.AMOUNT_INVALID
    assert one.head()[Head.ORDER_ESCROW] == 30 * YUAN


def test_a_category_has_its_own_backing(engine: Opens) -> None:
    one = opened(engine, backing_by_category={"green": "0.4"})
    do(one, order("o1")._replace(category="green"), order("o2")._replace(category="other"))
    assert one.head()[Head.RESERVE] == 70 * YUAN


def test_an_early_refund_shrinks_the_escrow(engine: Opens) -> None:
    one = opened(engine, maturity_days=1)
    do(one, order("o1"))
    assert do(one, cmd.RefundOrder(AT, "o1", "r1", 40 * YUAN)) == [
        ACCEPTED._replace(money_uyuan=40 * YUAN)
    ]
    assert one.head()[Head.ORDER_ESCROW] == 18 * YUAN
    one.forget()
    (refusal,) = one.apply([cmd.RefundOrder(AT, "o1", "r2", 60 * YUAN + 1)])
    assert refusal == answer(code=Code.REFUND_ABOVE_PAID, have=60 * YUAN, need=60 * YUAN + 1)
    assert do(one, cmd.RefundOrder(AT, "o1", "r3", 60 * YUAN)) == [
        ACCEPTED._replace(money_uyuan=60 * YUAN)
    ]
    one.close(one.calendar.day_of(AT) + 1)
    assert one.head()[Head.RESERVE] == 0


def test_a_late_refund_comes_from_the_treasury(rich: Engine) -> None:
    refund = cmd.RefundOrder(AT, "o2", "r1", 100 * YUAN)
    (short,) = rich.apply([refund])
    assert short.code == Code.TREASURY_SHORT
    assert do(rich, cmd.FundTreasury(AT, short.need - short.have), refund) == [
        ACCEPTED,
        answer(money_uyuan=100 * YUAN),
    ]
    assert rich.head()[Head.FREE] == 0
    above = cmd.RefundOrder(AT, "o3", "r", 2_000 * YUAN)
    do(rich, order("o3", yuan=2_000), cmd.FundTreasury(AT, 900 * YUAN))
    assert code_of(rich, above) is Code.NEEDS_TWO_APPROVERS
    do(rich, above._replace(approvals=2))


def test_points_are_redeemed_less_the_fee(rich: Engine) -> None:
    worth = 21 * POINT * 60 * YUAN // (35 * POINT + 70 * POINT // 100)
    fee = -(-worth // 10)
    expected = answer(points=21 * POINT, money_uyuan=worth, fee_uyuan=fee)
    (short,) = rich.apply([cmd.RedeemPoints(AT, "m1", 21 * POINT + 1)])
    assert short == answer(code=Code.POINTS_SHORT, have=21 * POINT, need=21 * POINT + 1)
    assert do(rich, cmd.RedeemPoints(AT, "m1", 21 * POINT)) == [expected]
    assert rich.head()[Head.CASH] == worth - fee

    assert do(rich, cmd.WithdrawCash(AT, "m1", worth - fee)) == [ACCEPTED]
    (short,) = rich.apply([cmd.WithdrawCash(AT, "m1", 1)])
    assert short == answer(code=Code.CASH_SHORT, have=0, need=1)
    assert code_of(rich, cmd.RedeemPoints(AT, "nobody", 1)) is Code.MEMBER_UNKNOWN


def test_goods_are_paid_with_points_and_given_back(rich: Engine) -> None:
    (spent,) = do(rich, cmd.SpendPoints(AT, "p1", "m1", "s1", 10 * POINT))
    assert spent == answer(number=1, points=10 * POINT, money_uyuan=16_806_722)
    assert rich.head()[Head.MERCHANT_PAYABLE] == 16_806_722
    rich.forget()
    (back,) = do(rich, cmd.RefundPointsPayment(AT, "p1", 6_806_722))
    assert back.points > 0
    (refusal,) = rich.apply([cmd.RefundPointsPayment(AT, "p1", 10 * YUAN + 1)])
    assert refusal == answer(code=Code.REFUND_ABOVE_PAID, have=10 * YUAN, need=10 * YUAN + 1)
    assert code_of(rich, cmd.RefundCoins(AT, "p1", 1)) is Code.PAYMENT_UNKNOWN
    assert do(rich, cmd.SettleMerchant(AT, "s1", 10 * YUAN)) == [ACCEPTED]
    assert code_of(rich, cmd.SettleMerchant(AT, "s1", 1)) is Code.PAYABLE_SHORT
    assert code_of(rich, cmd.SettleMerchant(AT, "nowhere", 1)) is Code.MERCHANT_UNKNOWN


def test_coins_go_from_member_to_merchant_to_merchant_and_back(traded: Engine) -> None:
    (paid,) = do(traded, cmd.PayCoins(AT, "p2", "s2", 16 * YUAN, payer_merchant_id="s1"))
    assert paid == answer(number=2)
    assert code_of(traded, cmd.PayCoins(AT, "p3", "s2", YUAN, payer_merchant_id="s1")) is (
        Code.COINS_SHORT
    )
    traded.forget()
    assert do(traded, cmd.RefundCoins(AT, "p2", 16 * YUAN)) == [ACCEPTED]
    assert do(traded, cmd.RefundCoins(AT, "p1", 6_806_722)) == [ACCEPTED]
    assert code_of(traded, cmd.RefundCoins(AT, "p2", 1)) is Code.REFUND_ABOVE_PAID
    assert code_of(traded, cmd.RefundCoins(AT, "p9", 1)) is Code.PAYMENT_UNKNOWN
    assert traded.head()[Head.COINS_MEMBERS] == 6_806_722


def test_coins_name_one_payer_who_exists(traded: Engine) -> None:
    unknown = cmd.PayCoins(AT, "p2", "s2", 1, "", "nowhere")
    assert code_of(traded, unknown) is Code.MERCHANT_UNKNOWN
    both = unknown._replace(member_id="m1", payer_merchant_id="s1")
    assert code_of(traded, both) is Code.MEMBER_UNKNOWN
    both_of_whom_one_is_unknown = unknown._replace(member_id="m1")
    assert code_of(traded, both_of_whom_one_is_unknown) is Code.MEMBER_UNKNOWN


def test_merchants_turn_coins_into_points_and_points_into_money(traded: Engine) -> None:
    (got,) = do(traded, cmd.ExchangeCoins(AT, "s1", 16_806_722))
    assert 10 * POINT - 100 < got.points <= 10 * POINT
    assert code_of(traded, cmd.ExchangeCoins(AT, "s1", 1)) is Code.COINS_SHORT
    (sold,) = do(traded, cmd.RedeemMerchantPoints(AT, "s1", got.points))
    assert sold.money_uyuan <= 16_806_722
    assert sold.fee_uyuan == -(-sold.money_uyuan // 10)
    assert code_of(traded, cmd.RedeemMerchantPoints(AT, "s1", 1)) is Code.POINTS_SHORT


def test_awards_are_funded_by_treasury_or_merchant(rich: Engine) -> None:
    award = cmd.AwardFunded(AT, "m1", 10 * YUAN, 9 * YUAN)
    assert code_of(rich, award) is Code.TREASURY_SHORT
    do(rich, cmd.FundTreasury(AT, 10 * YUAN))
    (funded,) = do(rich, award)
    assert funded.points > 5 * POINT
    assert code_of(rich, award._replace(funder_merchant_id="s1")) is Code.PAYABLE_SHORT
    assert code_of(rich, award._replace(funder_merchant_id="nowhere")) is Code.MERCHANT_UNKNOWN
    do(rich, cmd.SpendPoints(AT, "p1", "m2", "s1", 10 * POINT))
    do(rich, award._replace(funder_merchant_id="s1"))


def test_the_treasury_takes_and_gives_and_unmatched_money_waits_in_suspense(rich: Engine) -> None:
    do(rich, cmd.FundTreasury(AT, 5 * YUAN), cmd.RecordUnmatched(AT, 3 * YUAN))
    assert code_of(rich, cmd.WithdrawTreasury(AT, YUAN, 1)) is Code.NEEDS_TWO_APPROVERS
    assert code_of(rich, cmd.WithdrawTreasury(AT, 5 * YUAN + 1, 2)) is Code.TREASURY_SHORT
    do(rich, cmd.WithdrawTreasury(AT, 5 * YUAN, 2))
    head = rich.head()
    assert (head[Head.FREE], head[Head.SUSPENSE], head[Head.BANK]) == (0, 3 * YUAN, 63 * YUAN)


def test_a_refusal_of_one_never_hurts_the_others(rich: Engine) -> None:
    mixed: list[cmd.Command] = [
        cmd.RedeemPoints(AT, "m1", 22 * POINT),
        order("o3", "m1"),
        order("o3 of nobody", "nobody"),
        cmd.JoinMember(AT, "m3", "nobody"),
        order("o4", "m3"),
        cmd.JoinMember(AT, "m4", "m2"),
        order("o5", "m4"),
        cmd.RefundOrder(AT, "o3 of nobody", "r", YUAN),
        cmd.RedeemPoints(AT, "m4", 1),
    ]
    codes = [Code(one.code) for one in rich.apply(mixed)]
    assert codes == [
        Code.POINTS_SHORT,
        Code.ACCEPTED,
        Code.MEMBER_UNKNOWN,
        Code.MEMBER_UNKNOWN,
        Code.MEMBER_UNKNOWN,
        Code.ACCEPTED,
        Code.ACCEPTED,
        Code.ORDER_UNKNOWN,
        Code.NOTHING_TO_PAY,
    ]
    assert verify_full(rich.programme.name, rich.alias).findings == ()


def test_nothing_to_apply_writes_nothing(rich: Engine) -> None:
    before = rows_of(rich)
    assert rich.apply([]) == []
    assert rows_of(rich) == before


def test_a_day_closes_at_its_end_before_the_next_days_first_command(rich: Engine) -> None:
    day = rich.calendar.day_of(AT)
    do(rich, cmd.FundTreasury(AT + 3 * DAY, 1))
    days = [row[0] for row in rows_of(rich)["day"]]
    assert rich.head()[Head.DAY] == day + 3
    assert len(days) == 3
    assert rich.close(day + 4) == 2
    assert rich.close(day + 4) == 0


def test_a_programme_is_opened_once_and_found_by_its_name(engine: Opens) -> None:
    one = engine()
    with pytest.raises(ProgrammeExists):
        open_programme(one.programme, AT, one.alias)
    with pytest.raises(ProgrammeUnknown):
        Engine("no such programme", one.alias)
    again = Engine(one.programme.name, one.alias)
    assert (again.id, again.programme, again.key) == (one.id, one.programme, one.key)


@pytest.mark.parametrize("profile", ["goods-only", "sandbox"])
def test_a_profile_decides_whether_money_goes_out(engine: Opens, profile: str) -> None:
    one = opened(engine, profile=profile)
    do(one, order("o1"))
    allowed = Code.PROFILE_FORBIDS if profile == "goods-only" else Code.ACCEPTED
    assert code_of(one, cmd.RedeemPoints(AT, "m1", POINT)) is allowed
