"""What is sent twice is done once and answered alike; another body is refused (A20, A21)."""

import pytest

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.rules.codes import Code
from shareback.rules.layout import Head
from tests.backends.journals import DAY, SALTS, Opens
from tests.engine.rows import rows_of
from tests.engine.small import AT, POINT, YUAN, code_of, do, opened, order

SPEND = cmd.SpendPoints(AT, "p1", "m1", "s1", 10 * POINT)
COINS = cmd.PayCoins(AT, "p2", "s1", 5 * YUAN, "m1")
LATE = cmd.RefundOrder(AT, "o1", "r1", 40 * YUAN)
EARLY = cmd.RefundOrder(AT, "o9", "r1", 40 * YUAN)
TWICE: dict[str, tuple[cmd.Command, list[cmd.Command]]] = {
    "member": (
        cmd.JoinMember(AT, "m3", "m1", 5),
        [cmd.JoinMember(AT, "m3", "m2", 5), cmd.JoinMember(AT, "m3", "m1", 6)],
    ),
    "merchant": (cmd.JoinMerchant(AT, "s3", 5), [cmd.JoinMerchant(AT, "s3", 6)]),
    "order": (
        order("o3"),
        [
            order("o3", "m2"),
            order("o3", yuan=101),
            order("o3")._replace(profit_uyuan=0),
            order("o3")._replace(merchant_id="s1"),
            order("o3")._replace(category="green"),
        ],
    ),
    "spend": (
        SPEND,
        [
            SPEND._replace(points=10 * POINT - 1),
            SPEND._replace(merchant_id="s2"),
            SPEND._replace(member_id="m2"),
            COINS._replace(payment_id="p1"),
        ],
    ),
    "coins": (
        COINS,
        [
            COINS._replace(coins=5 * YUAN - 1),
            COINS._replace(merchant_id="s2"),
            COINS._replace(member_id="m2"),
            COINS._replace(member_id="", payer_merchant_id="s2"),
            SPEND._replace(payment_id="p2"),
        ],
    ),
    "late refund": (LATE, [LATE._replace(money_uyuan=40 * YUAN - 1)]),
    "early refund": (EARLY, [EARLY._replace(money_uyuan=40 * YUAN - 1)]),
}


@pytest.fixture
def one(engine: Opens) -> Engine:
    """Points, coins, money in the treasury and an order that is not received."""
    made = opened(engine, backing_by_category={"green": "0.4"})
    do(made, order("o1"), order("o2", "m2"), cmd.FundTreasury(AT, 100 * YUAN))
    do(made, cmd.ConvertPoints(AT, "m1", 5 * POINT), order("o9")._replace(received=False))
    return made


def restarted(engine: Engine) -> Engine:
    """Another process's engine for the same programme."""
    return Engine(engine.programme.name, engine.alias, SALTS)


@pytest.mark.parametrize("name", TWICE)
def test_an_id_gets_its_first_answer_again_and_refuses_another_body(one: Engine, name: str) -> None:
    command, others = TWICE[name]
    (first,) = do(one, command)
    rows = rows_of(one)
    later = command._replace(at=AT + 3600)

    for again in (one, one, restarted(one)):
        assert again.apply([later]) == [first._replace(repeated=True)]
        for other in others:
            assert code_of(again, other) is Code.ID_TAKEN

    assert rows_of(one) == rows


@pytest.mark.parametrize("name", TWICE)
def test_an_id_in_one_batch_is_as_in_two(one: Engine, name: str) -> None:
    command, others = TWICE[name]
    answers = one.apply([command, *others, command])
    assert answers[0].code == Code.ACCEPTED
    assert [answer.code for answer in answers[1:-1]] == [Code.ID_TAKEN] * len(others)
    assert answers[-1] == answers[0]._replace(repeated=True)


@pytest.mark.parametrize("name", sorted(TWICE.keys() - {"merchant"}))
def test_an_id_of_a_refused_command_is_free(engine: Opens, name: str) -> None:
    command, _ = TWICE[name]
    one = engine(maturity_days=0)
    assert code_of(one, command) is not Code.ACCEPTED
    do(one, cmd.JoinMember(AT, "m1"), cmd.JoinMember(AT, "m2"), cmd.JoinMerchant(AT, "s1"))
    do(one, order("o1"), order("o2", "m2"), cmd.FundTreasury(AT, 100 * YUAN))
    do(one, cmd.ConvertPoints(AT, "m1", 5 * POINT), order("o9")._replace(received=False))
    (first,) = do(one, command)
    assert not first.repeated
    assert one.apply([command]) == [first._replace(repeated=True)]


def test_a_refused_id_may_be_tried_again_in_its_own_batch(one: Engine) -> None:
    much = cmd.RefundOrder(AT, "o2", "r1", 100 * YUAN)
    do(one, cmd.WithdrawTreasury(AT, 100 * YUAN, 2))
    codes = [answer.code for answer in one.apply([much, cmd.FundTreasury(AT, 90 * YUAN), much])]
    assert codes == [Code.TREASURY_SHORT, Code.ACCEPTED, Code.ACCEPTED]


@pytest.mark.parametrize("at_once", [False, True])
def test_what_is_said_after_joining_makes_no_join_another(one: Engine, *, at_once: bool) -> None:
    """A member and a merchant are linked anew, and a referrer is named; retries are retries."""
    joins: list[cmd.Command] = [cmd.JoinMember(AT, "m3", "", 5), cmd.JoinMerchant(AT, "s3", 6)]
    since: list[cmd.Command] = [cmd.SetReferrer(AT, "m3", "m1"), cmd.LinkParty(AT, 9, "m3", "s3")]
    others: list[cmd.Command] = [cmd.JoinMember(AT, "m3", "m1", 5), cmd.JoinMember(AT, "m3", "", 9)]
    told: list[cmd.Command] = [*joins, *since, *joins, *others, cmd.JoinMerchant(AT, "s3", 9)]
    if at_once:
        answers = one.apply(told)
    else:
        answers = [answer for command in told for answer in restarted(one).apply([command])]
    assert [answer.code for answer in answers] == [Code.ACCEPTED] * 6 + [Code.ID_TAKEN] * 3
    assert answers[4:6] == [answer._replace(repeated=True) for answer in answers[:2]]


def test_who_joins_in_the_same_batch_is_not_nobody(one: Engine) -> None:
    """An order at the own shop is not one at a shop that joins just now; so with referrers."""
    do(one, cmd.JoinMember(AT, "m3"), order("o3"))
    answers = one.apply(
        [
            cmd.JoinMerchant(AT, "s9"),
            order("o3")._replace(merchant_id="s9"),
            cmd.JoinMember(AT, "m9"),
            cmd.JoinMember(AT, "m3", "m9"),
        ]
    )
    assert [answer.code for answer in answers] == [Code.ACCEPTED, Code.ID_TAKEN] * 2
    assert code_of(one, order("o3")._replace(merchant_id="s9")) is Code.ID_TAKEN


def test_a_repeated_order_is_answered_where_today_would_refuse_it(one: Engine) -> None:
    day = one.calendar.day_of(AT)
    (first,) = do(one, order("o3"))
    do(one, cmd.AnnounceEnd(AT, day + 1, 2))
    assert one.apply([order("o3"), order("o4")]) == [
        first._replace(repeated=True),
        first._replace(number=0, code=Code.END_ANNOUNCED),
    ]
    assert code_of(one, order("o3", yuan=1)) is Code.ID_TAKEN


KEYED: dict[str, tuple[cmd.Command, cmd.Command]] = {
    "redemption": (cmd.RedeemPoints(AT, "m1", POINT), cmd.RedeemPoints(AT, "m1", 2 * POINT)),
    "refused redemption": (
        cmd.RedeemPoints(AT, "m1", 999 * POINT),
        cmd.RedeemPoints(AT, "m1", POINT),
    ),
    "funding": (cmd.FundTreasury(AT, YUAN), cmd.RecordUnmatched(AT, YUAN)),
    "order": (order("o3"), order("o4")),
    "join": (cmd.JoinMember(AT, "m3"), cmd.JoinMember(AT, "m4")),
}


def amendment(engine: Engine) -> cmd.Command:
    """An amendment; its body holds whole parameters."""
    changed = engine.programme.model_copy(update={"redemption_fee": 50_000})
    return cmd.AmendProgramme(AT, engine.calendar.day_of(AT) + 1, 2, changed)


@pytest.mark.parametrize("name", KEYED)
def test_a_key_keeps_the_first_answer_for_ever(one: Engine, name: str) -> None:
    command, other = (each._replace(key="k") for each in KEYED[name])
    (first,) = one.apply([command])
    rows = rows_of(one)

    for again in (one, restarted(one)):
        assert again.apply([command, other]) == [
            first._replace(repeated=True),
            cmd.Answer(Code.KEY_TAKEN, 0, 0, 0, 0, 0, 0),
        ]
    one.close(one.calendar.day_of(AT) + 400)
    much_later = command._replace(at=AT + 401 * DAY)
    assert one.apply([much_later])[0] == first._replace(repeated=True)
    assert rows_of(one)["answer"] == rows["answer"]


@pytest.mark.parametrize("name", KEYED)
def test_a_key_in_one_batch_is_as_in_two(one: Engine, name: str) -> None:
    command, other = (each._replace(key="k") for each in KEYED[name])
    answers = one.apply([command, other, command])
    assert answers[1].code == Code.KEY_TAKEN
    assert answers[2] == answers[0]._replace(repeated=True)


def test_amendments_may_carry_a_key(one: Engine) -> None:
    command = amendment(one)._replace(key="k")
    (first,) = do(one, command)
    assert restarted(one).apply([command]) == [first._replace(repeated=True)]
    assert len(one.versions) == 2


def test_a_key_of_an_id_done_before_is_taken_from_then_on(one: Engine) -> None:
    do(one, order("o3"))
    assert one.apply([order("o3")._replace(key="k")])[0].repeated
    assert code_of(one, order("o4")._replace(key="k")) is Code.KEY_TAKEN
    assert code_of(restarted(one), order("o4")._replace(key="k")) is Code.KEY_TAKEN


def test_another_key_does_not_make_an_order_another(one: Engine) -> None:
    (first,) = do(one, order("o3")._replace(key="k"))
    both = [order("o3")._replace(key="l"), order("o3")]
    assert one.apply(both) == [first._replace(repeated=True)] * 2


def test_keys_belong_to_their_programme(engine: Opens) -> None:
    one, other = opened(engine), opened(engine)
    fund = cmd.FundTreasury(AT, YUAN, key="k")
    do(one, fund)
    assert not do(other, fund)[0].repeated
    assert code_of(other, fund._replace(money_uyuan=1)) is Code.KEY_TAKEN


def test_what_is_done_once_moves_money_once(one: Engine) -> None:
    before = one.head()
    first = one.apply([SPEND, COINS, LATE, EARLY])
    again = restarted(one).apply([EARLY, LATE, COINS, SPEND])
    assert [answer._replace(repeated=False) for answer in reversed(again)] == first
    head = one.head()
    assert head[Head.PAYMENTS] - before[Head.PAYMENTS] == 2
    assert head[Head.ORDERS_REFUNDED] - before[Head.ORDERS_REFUNDED] == 2


def test_an_order_that_a_close_of_the_same_batch_matured_still_has_its_answer(
    engine: Opens,
) -> None:
    one = opened(engine, maturity_days=1)
    (first,) = do(one, order("o1"))
    do(one, cmd.AnnounceEnd(AT, one.calendar.day_of(AT) + 9, 2))
    again, funded = one.apply([order("o1"), cmd.FundTreasury(AT + 2 * DAY, 1)])
    assert again == first._replace(repeated=True)
    assert funded.code == Code.ACCEPTED


def test_a_refused_order_that_is_paid_after_all_can_be_refunded_in_the_same_transaction(
    engine: Opens,
) -> None:
    one = opened(engine, maturity_days=1)
    with one.transaction() as batch:
        batch.apply([order("p", "m3"), cmd.JoinMember(AT, "m3"), order("p", "m3")], careful=False)
        assert [answer.code for answer in batch.answers] == [Code.MEMBER_UNKNOWN, 0, 0]
        batch.apply([cmd.RefundOrder(AT, "p", "r", YUAN), order("p", "m3")], careful=False)
        assert [answer.code for answer in batch.answers] == [0, 0]
        assert batch.answers[1].repeated
    assert one.head()[Head.ORDERS_REFUNDED] == 1


def test_one_and_true_are_the_same_request(one: Engine) -> None:
    do(one, order("o3")._replace(key="k", received=1))  # type: ignore[arg-type]
    assert one.apply([order("o3")._replace(key="k")])[0].repeated
