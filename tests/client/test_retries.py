"""Calls through a network that loses them: sent again under the same key, done once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from shareback.client import Flaw, Mall, PayLine, ProblemError, Unreachable
from shareback.client.problems import problem_from
from tests.backends.servers import Mall as Served
from tests.backends.servers import free_port
from tests.client.proxies import (
    Act,
    Proxy,
    drop_answer,
    drop_unread,
    says,
    says_plainly,
    send_twice,
    stay_silent,
)

Connects = Callable[..., Mall]


@pytest.fixture
def slept() -> list[float]:
    """What the client would have slept, in seconds."""
    return []


@pytest.fixture
def through(mall: Served, proxy: Proxy, connect: Connects, slept: list[float]) -> Mall:
    """A client that calls through the proxy."""
    return connect(mall, proxy.url, sleep=slept.append)


@pytest.mark.parametrize(
    "act",
    [
        drop_unread,
        drop_answer,
        says(503, "busy", Retry_After="1"),
        says(429, "too_many_requests", Retry_After="1"),
        says(409, "key_in_flight", Retry_After="1"),
        says_plainly(502, b"<h1>Bad Gateway</h1>"),
        says_plainly(504, b""),
    ],
    ids=["lost", "answer lost", "503", "429", "in flight", "502", "504"],
)
def test_an_order_is_sent_again_under_the_same_key_and_is_there_once(
    through: Mall, proxy: Proxy, slept: list[float], act: Act
) -> None:
    proxy.planned = [act, act]
    assert through.pay_order("o1", "li", 100).number == 1
    assert len(proxy.seen) == 3
    assert len(set(proxy.keys)) == 1
    assert proxy.keys[0]
    assert len({call.body for call in proxy.seen}) == 1
    assert len(slept) == 2
    assert through.programme().orders == 1


def test_an_order_whose_answer_never_comes_is_sent_again(
    mall: Served, proxy: Proxy, connect: Connects
) -> None:
    client: Mall = connect(mall, proxy.url)

    def wait(_seconds: float) -> None:
        # However slow the machine is, the next call meets one that is done.
        assert proxy.silent.wait(60)
        client.http.timeout = 60

    client.sleep = wait
    assert client.programme().orders == 0
    client.http.timeout = 0.2
    proxy.planned = [stay_silent]
    assert client.pay_order("o1", "li", 100, key="k").number == 1
    assert proxy.keys[1:] == ["k", "k"]
    assert client.programme().orders == 1


def test_an_order_that_arrives_twice_is_there_once(through: Mall, proxy: Proxy) -> None:
    proxy.planned = [send_twice]
    assert through.pay_order("o1", "li", 100).number == 1
    assert through.programme().orders == 1


def test_a_batch_is_sent_again_under_the_same_key(through: Mall, proxy: Proxy) -> None:
    proxy.planned = [drop_answer, drop_unread, send_twice]
    answers = list(through.pay_orders([PayLine("a", "li", 1), PayLine("b", "li", 1)], key="k"))
    assert [answer.status for answer in answers] == [201, 201]
    assert proxy.keys == ["k.1"] * 3
    assert through.programme().orders == 2


def test_a_read_is_sent_again_without_a_key(through: Mall, proxy: Proxy) -> None:
    proxy.planned = [drop_unread]
    assert through.member("li").number == 1
    assert proxy.keys == [None, None]


def test_two_orders_have_two_keys(through: Mall, proxy: Proxy) -> None:
    through.pay_order("o1", "li", 100)
    through.pay_order("o2", "li", 100)
    assert len(set(proxy.keys)) == 2


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422, 500])
def test_what_will_not_pass_is_not_sent_again(
    through: Mall, proxy: Proxy, slept: list[float], status: int
) -> None:
    proxy.planned = [says(status, "points_short")]
    with pytest.raises(ProblemError) as refused:
        through.redeem("li", 1)
    assert (refused.value.status, refused.value.code) == (status, "points_short")
    assert len(proxy.seen) == 1
    assert slept == []


def test_it_gives_up_after_as_many_tries_as_it_may(
    mall: Served, proxy: Proxy, connect: Connects, slept: list[float]
) -> None:
    client = connect(mall, proxy.url, tries=3, sleep=slept.append)
    proxy.planned = [drop_unread] * 3
    with pytest.raises(Unreachable, match="tries: 3") as lost:
        client.pay_order("o1", "li", 100)
    assert lost.value.key == proxy.keys[0]
    assert (len(proxy.seen), len(slept)) == (3, 2)
    proxy.planned = [says(503, "busy")] * 3
    with pytest.raises(ProblemError, match="503 busy"):
        client.pay_order("o1", "li", 100)
    # Whoever takes the key of the failure up again does the same thing, once.
    proxy.planned = [drop_answer] * 3
    with pytest.raises(Unreachable) as unknown:
        client.pay_order("o1", "li", 100)
    assert client.pay_order("o1", "li", 100, key=unknown.value.key).number == 1
    assert client.programme().orders == 1


def test_a_server_that_is_not_there_is_unreachable(slept: list[float]) -> None:
    url = f"http://127.0.0.1:{free_port()}/api/v1"
    with (
        Mall(url, "id", "secret", 1, tries=2, sleep=slept.append) as client,
        pytest.raises(Unreachable, match="ConnectError") as lost,
    ):
        client.programme()
    assert isinstance(lost.value, ProblemError)
    assert (lost.value.status, lost.value.code) == (0, "unreachable")
    assert len(slept) == 1


def test_pauses_double_up_to_a_limit_and_any_part_of_them_may_be_taken(
    through: Mall, proxy: Proxy, slept: list[float]
) -> None:
    through.session.tries = 9
    through.session.chance = lambda: 1.0
    proxy.planned = [drop_unread] * 8
    through.member("li")
    assert slept == [0.25, 0.5, 1, 2, 4, 8, 8, 8]
    slept.clear()
    through.session.chance = lambda: 0.0
    proxy.planned = [drop_unread] * 3
    through.member("li")
    assert slept == [0, 0, 0]


def test_the_server_s_wish_for_patience_comes_on_top(
    through: Mall, proxy: Proxy, slept: list[float]
) -> None:
    through.session.chance = lambda: 0.5
    moment = datetime.now(UTC) + timedelta(seconds=60)
    until, zoneless = format_datetime(moment, usegmt=True), format_datetime(moment)[:-5] + "-0000"
    proxy.planned = [
        says(503, "busy", Retry_After="7"),
        says(429, "too_many_requests", Retry_After=until),
        says(503, "busy", Retry_After="soon"),
        says(503, "busy", Retry_After=zoneless),
    ]
    through.member("li")
    assert slept[0] == 7.125
    assert 30 < slept[1] <= 60.25
    assert slept[2] == 0.5
    assert 30 < slept[3] <= 61


def test_a_server_that_asks_for_too_much_patience_is_left_to_the_caller(
    through: Mall, proxy: Proxy, slept: list[float]
) -> None:
    proxy.planned = [says(503, "unavailable", Retry_After="3600")]
    with pytest.raises(ProblemError, match="503 unavailable"):
        through.member("li")
    assert slept == []


@pytest.mark.parametrize("body", [b"<html>Please log in</html>", b"[]", b'{"member_id":"li"}', b""])
def test_an_answer_that_is_not_our_server_s_is_told(
    through: Mall, proxy: Proxy, body: bytes
) -> None:
    proxy.planned = [says_plainly(200, body)]
    with pytest.raises(ProblemError, match="200 answer_unreadable"):
        through.member("li")
    proxy.planned = [says_plainly(404, body)]
    with pytest.raises(ProblemError, match="404 http_404"):
        through.member("li")


def test_a_problem_with_odd_members_is_told_as_far_as_it_goes() -> None:
    document = {"code": 7, "have": "much", "need": 3, "errors": ["no", {"where": "amount"}]}
    problem = problem_from(document, 418, None)
    assert (problem.code, problem.have, problem.need) == ("7", None, None)
    assert problem.errors == (Flaw("amount", ""),)
    assert problem_from({"errors": True}, 418, None).errors == ()


@pytest.mark.parametrize("body", [b"", b"{}\n", b'{"line":1,"status":201}\n' * 2, b"1\n", b"x\n"])
def test_an_answer_to_a_batch_that_has_other_lines_is_told(
    through: Mall, proxy: Proxy, body: bytes
) -> None:
    proxy.planned = [says_plainly(200, body)]
    with pytest.raises(ProblemError, match="200 answer_unreadable") as fault:
        list(through.pay_orders([PayLine("a", "li", 1)], key="k"))
    assert fault.value.key == "k.1"
