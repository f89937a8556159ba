"""Every call against the real server: what it sends, and how its answer is read."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest

from shareback.client import (
    JoinLine,
    Line,
    Mall,
    PayLine,
    ProblemError,
    ReceiveLine,
    Refunded,
    RefundLine,
    RefundWaiting,
)
from shareback.client.malls import Call, Calls, Listing
from shareback.client.request import Request
from shareback.rules.layout import Head
from tests.backends.servers import Mall as Served

NOT_CALLED = {
    "list_programmes",
    *("list_webhooks", "register_webhook", "switch_off_webhook", "replay_webhook"),
    "list_deliveries",
}
"""A client is made with its programme's number; webhooks are set up by people, once."""


def test_points_are_earned_sold_converted_and_spent(client: Mall) -> None:
    client.join_merchant("noodles")
    paid = client.pay_order("o1", "li", "100.00", received=True)
    assert (paid.order_id, paid.number) == ("o1", 1)
    quote = client.quote("li", 7)
    redeemed = client.redeem("li", Decimal(7))
    assert [redeemed.gross, redeemed.fee, redeemed.net] == [10, 1, 9]
    assert [quote.gross, quote.fee, quote.net] == [10, 1, 9]
    assert client.convert("li", 7).coins == Decimal("10.5")
    assert client.pay_merchant("li", "p1", "noodles", coins=8).coins == 8
    client.refund_payment("p1", coins=3)
    spent = client.pay_merchant("li", "p2", "noodles", points=1)
    assert spent.points == 1
    assert spent.gross is not None
    client.refund_payment("p2", amount="0.5")
    member = client.member("li")
    assert [member.cash, member.coins] == [9, Decimal("5.5")]
    assert client.withdraw_cash("li", 4).amount == 4
    assert client.member("li").cash == 5


def test_merchants_are_paid_exchange_sell_and_are_settled(client: Mall) -> None:
    for name in ("noodles", "flour"):
        client.join_merchant(name)
    client.pay_order("o1", "li", 100, merchant_id="noodles", received=True)
    client.pay_merchant("li", "p0", "noodles", points=5)
    client.convert("li", 14)
    client.pay_merchant("li", "p1", "noodles", coins=10)
    assert client.pay_between_merchants("noodles", "p2", "flour", 4).coins == 4
    points = client.exchange_coins("flour", 4).points
    assert client.merchant("flour").points == points
    assert client.redeem_merchant_points("flour", points).points == points
    owed = client.merchant("noodles").payable
    assert owed > 0
    assert client.settle_merchant("noodles", owed).amount == owed
    assert client.merchant("noodles").payable == 0


def test_the_treasury_is_funded_and_pays_for_points(client: Mall) -> None:
    assert client.fund_treasury("1000000.000001").amount == Decimal("1000000.000001")
    assert client.record_unmatched(5).amount == 5
    assert client.award_funded("li", 10, 7).points > 0
    programme = client.programme()
    assert programme.treasury_free == Decimal("999990.000001")
    assert programme.parameters["maturity_days"] == 0
    assert programme.members == 2


def test_referrers_and_parties_are_named(client: Mall) -> None:
    client.set_referrer("wang", "li")
    client.pay_order("o1", "wang", 10)
    assert client.order("o1").referrer_id == "li"
    client.link_party(88, member_id="li")
    assert client.join_member("zhao", "wang").number == 3


def test_an_order_is_received_and_refunded(
    new_mall: Callable[..., Served], connect: Callable[..., Mall]
) -> None:
    served = new_mall(maturity_days=7)
    client = connect(served)
    client.join_member("li")
    client.pay_order("o1", "li", 100, profit=30, category="tea")
    client.receive_order("o1")
    refunded = client.refund_order("o1", "r1", "40.00")
    assert isinstance(refunded, Refunded)
    assert [refunded.refund_id, refunded.amount, refunded.paid_out] == ["r1", 40, 40]
    order = client.order("o1")
    assert [order.state, order.amount, order.refunded] == ["paid", 100, 40]
    assert order.pending_worth == Decimal("12.6")
    assert order.matures_on == order.paid_on + dt.timedelta(days=7)


def test_a_large_late_refund_waits_for_another_client(
    mall: Served, client: Mall, connect: Callable[..., Mall]
) -> None:
    client.fund_treasury(10_000)
    client.pay_order("2026/1", "li", 3_000, received=True)
    waiting = client.refund_order("2026/1", "r/1", 2_000)
    assert waiting == RefundWaiting("2026/1", "r/1", Decimal(2_000), waiting=True)
    (line,) = client.pay_orders([RefundLine("2026/1", "r/2", 2_500)])
    assert (line.status, line.waiting) == (202, True)
    other = connect(mall.second_client(["refunds:approve"]))
    asked = list(other.refund_requests(page_size=1))
    assert [(one.refund_id, one.amount) for one in asked] == [
        ("r/1", Decimal(2_000)),
        ("r/2", Decimal(2_500)),
    ]
    given = other.approve_refund("2026/1", "r/1", key="yes")
    assert given == other.approve_refund("2026/1", "r/1", key="yes")
    assert client.order("2026/1").refunded == given.amount == 2_000
    with pytest.raises(ProblemError, match="403 own_request"):
        connect(mall).approve_refund("2026/1", "r/2")


def test_an_id_with_signs_of_an_address_is_that_id(client: Mall) -> None:
    names = ["..", ".", "a b", "50%", "%2e%2e", "?x=1", "#", "王小明", "a+b&c"]
    names += ["2026/0001", "/begins", "ends/", "a/../b", "../x", "//"]
    for name in names:
        client.join_member(name)
    assert [client.member(name).member_id for name in names] == names
    with pytest.raises(ValueError, match="an id is empty"):
        client.member("")


@pytest.mark.parametrize("page_size", [1, 2, 1_000])
def test_the_journal_is_walked_over_page_after_page(client: Mall, page_size: int) -> None:
    for number in range(4):
        client.pay_order(f"o{number}", "li", 10)
    entries = list(client.journal(page_size=page_size))
    assert [entry.sequence for entry in entries] == list(range(client.programme().sequence))
    paid = [entry for entry in entries if entry.kind == "pay_order"]
    assert len(paid) == 4
    assert 10_000_000 in paid[0].fields.values()
    assert all(entry.body for entry in entries)
    assert list(client.journal(after=entries[2].sequence)) == entries[3:]


def test_days_prices_and_statements_are_walked_over(client: Mall, mall: Served) -> None:
    client.pay_order("o1", "li", 100, received=True)
    client.redeem("li", 7)
    close_days(mall, 3)
    days = list(client.days(page_size=2))
    assert len(days) == 3
    assert days[0].date + dt.timedelta(days=2) == days[2].date
    assert client.day(days[1].day) == days[1]
    prices = list(client.prices(after=days[0].day, page_size=1))
    assert [(one.day, one.price) for one in prices] == [(day.day, day.price) for day in days[1:]]
    steps = list(client.statement("li", page_size=1))
    assert [step.entry for step in steps] == list(range(len(steps)))
    assert sum(step.points for step in steps) == client.member("li").points == 14
    assert min(step.points for step in steps) == -7


def close_days(mall: Served, count: int) -> None:
    """Close days that have not come yet, as their closes will."""
    engine = mall.engine()
    engine.close(engine.head()[Head.DAY] + count - 1)


def test_a_walk_asks_for_nothing_before_it_is_begun(client: Mall) -> None:
    client.close()
    walk = client.journal()
    with pytest.raises(RuntimeError, match="closed"):
        next(walk)


def test_lines_of_all_kinds_are_answered_in_order(client: Mall) -> None:
    lines: list[Line] = [
        PayLine("a", "li", "10"),
        ReceiveLine("a"),
        RefundLine("a", "r", 1),
        RefundLine("a", "s", 10),
        JoinLine("zhao", "li"),
        PayLine("b", "nobody", 10),
        PayLine("c", "li", -1),
    ]
    answers = list(client.pay_orders(lines))
    assert [answer.line for answer in answers] == list(range(1, 8))
    assert [answer.status for answer in answers] == [201, 200, 201, 409, 201, 404, 422]
    assert (answers[0].order_id, answers[0].number, answers[0].problem) == ("a", 1, None)
    assert (answers[2].refund_id, answers[4].member_id) == ("r", "zhao")
    assert answers[2].paid_out is not None
    problem = answers[3].problem
    assert problem is not None
    assert (problem.code, problem.rule, problem.status) == ("refund_above_paid", "R6.2", 409)
    assert answers[6].problem is not None
    assert answers[6].problem.errors[0].where == "amount"


def test_many_lines_go_out_in_batches_and_the_same_key_gets_the_same_answers(
    client: Mall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shareback.client.calls.orders.LINES_MAX", 3)
    lines = [PayLine(f"o{number}", "li", 1) for number in range(10)]
    first = list(client.pay_orders(iter(lines), key="import"))
    again = list(client.pay_orders(lines, key="import"))
    assert first == again
    assert [answer.line for answer in first] == list(range(1, 11))
    assert [answer.number for answer in first] == list(range(1, 11))
    assert client.programme().orders == 10
    assert list(client.pay_orders([])) == []


def test_twenty_thousand_lines_and_one_more_are_two_batches(client: Mall) -> None:
    lines = [PayLine(f"o{number}", "li", "0.01") for number in range(20_001)]
    answers = client.pay_orders(lines)
    assert next(answers).line == 1
    assert client.programme().orders == 20_000
    assert [answer.line for answer in answers] == list(range(2, 20_002))
    assert client.programme().orders == 20_001


def test_a_batch_is_cut_before_it_is_too_large(
    client: Mall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shareback.client.calls.orders.BYTES_MAX", 150)
    sent: list[int] = []
    send = client.send

    def counted(request: Request[Any]) -> object:
        sent.append(len(request.body or b""))
        return send(request)

    monkeypatch.setattr(client, "send", counted)
    answers = list(client.pay_orders(PayLine(f"o{number}", "li", 1) for number in range(5)))
    assert [answer.status for answer in answers] == [201] * 5
    assert len(sent) == 2
    assert max(sent) <= 150


def test_a_problem_tells_what_the_api_says(client: Mall) -> None:
    client.pay_order("o1", "li", 100, received=True)
    with pytest.raises(ProblemError) as refused:
        client.redeem("li", "21.00000001", key="k-1")
    told = refused.value
    assert (told.status, told.code, told.rule, told.key) == (409, "points_short", "R3.3", "k-1")
    assert [told.have, told.need] == [21, Decimal("21.00000001")]
    assert str(told) == (
        "409 points_short (R3.3) · More points than are held. · have 21, need 21.00000001"
    )
    with pytest.raises(ProblemError, match=r"404 not_found · There is nothing"):
        client.member("nobody")
    with pytest.raises(ProblemError, match=r"422 invalid .* · amount: '-1' is no") as malformed:
        client.withdraw_cash("li", -1)
    assert malformed.value.errors[0].where == "amount"


def test_what_a_profile_forbids_names_the_document_in_the_language_asked_for(
    new_mall: Callable[..., Served], connect: Callable[..., Mall]
) -> None:
    client = connect(new_mall(profile="goods-only"), language="zh")
    client.join_member("li")
    client.pay_order("o1", "li", 100, received=True)
    with pytest.raises(ProblemError) as refused:
        client.redeem("li", 1)
    assert refused.value.document.startswith("《防范和处置非法集资条例》")
    assert refused.value.title == "项目所选模式不提供此操作。"


def test_the_key_that_a_caller_names_is_the_order_s(client: Mall) -> None:
    first = client.pay_order("o1", "li", 100, key="k")
    assert client.pay_order("o1", "li", Decimal("100.00"), key="k") == first
    with pytest.raises(ProblemError, match="key_taken"):
        client.pay_order("o1", "li", 101, key="k")
    for key in ("", "two words", "x" * 129, "键"):
        with pytest.raises(ValueError, match="a key is 1 to 128"):
            client.pay_order("o2", "li", 1, key=key)


def test_there_is_a_method_for_every_operation_of_the_document(mall: Served) -> None:
    document = httpx.get(f"{mall.server.url}/openapi.json", timeout=60).json()
    operations = {
        (method.upper(), path.removeprefix("/api/v1/programmes/{programme}"))
        for path, found in document["paths"].items()
        for method, operation in found.items()
        if operation["operationId"] not in NOT_CALLED
    }
    made = {
        (request.method, request.path.partition("?")[0])
        for request in map(sample, public_calls().items())
    }
    assert made == {(method, sampled(path)) for method, path in operations}


def public_calls() -> dict[str, Call[..., Any] | Listing[..., Any]]:
    """The methods of both clients, by name."""
    return {name: call for name, call in vars(Calls).items() if isinstance(call, Call | Listing)}


def sampled(path: str) -> str:
    """An operation's path with the ids that `sample` gives."""
    for name in ("member_id", "merchant_id", "order_id", "refund_id", "payment_id", "day"):
        path = path.replace(f"{{{name}}}", "1")
    return path


def sample(named: tuple[str, Call[..., Any] | Listing[..., Any]]) -> Request[Any]:
    """A request of a call, each of its ids being 1."""
    name, call = named
    arguments: dict[str, list[Any]] = {
        "pay_order": ["1", "1", 1],
        "pay_orders": [[PayLine("1", "1", 1)]],
        "refund_order": ["1", "1", 1],
        "refund_requests": [],
        "pay_between_merchants": ["1", "1", "1", 1],
        "pay_merchant": ["1", "1", "1"],
        "award_funded": ["1", 1, 1],
        "link_party": [1],
        "day": [1],
        "days": [],
        "prices": [],
        "journal": [],
        "programme": [],
    }
    two = {"set_referrer", "redeem", "convert", "withdraw_cash", "exchange_coins", "quote"}
    two |= {"redeem_merchant_points", "settle_merchant", "approve_refund"}
    given = arguments.get(name, ["1", "1"] if name in two else ["1"])
    options = {"coins": 1} if name in {"pay_merchant", "refund_payment"} else {}
    if isinstance(call, Call):
        request: Request[Any] = call.build(*given, **options)
        return request
    begun = call.begin(*given)()
    assert begun is not None
    return begun
