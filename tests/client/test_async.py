"""The client for an event loop: the same calls, awaited."""

import asyncio
import inspect
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest

from shareback.client import AsyncMall, Mall, PayLine, ProblemError, Unreachable
from tests.backends.servers import Mall as Served
from tests.client.proxies import Proxy, drop_answer, drop_unread, says

T = TypeVar("T")


def opened(mall: Served, url: str = "", **options: Any) -> AsyncMall:  # noqa: ANN401 - as the client's own
    """A client of a mall, directly or through another address."""
    where = url or mall.server.url
    return AsyncMall(where, mall.client_id, mall.secret, mall.programme, **options)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end, on an event loop of its own."""
    return asyncio.run(work)


def test_an_order_earns_points_that_can_be_sold(mall: Served) -> None:
    async def work() -> None:
        async with opened(mall) as client:
            await client.pay_order("o1", "li", "100.00", received=True)
            assert (await client.redeem("li", 7)).net == 9
            assert (await client.member("li")).points == 14
            with pytest.raises(ProblemError, match="409 points_short"):
                await client.redeem("li", 15)

    run(work())


def test_many_at_once_ask_for_one_token(mall: Served, proxy: Proxy) -> None:
    async def work() -> list[int]:
        async with opened(mall, proxy.url) as client:
            paid = [client.pay_order(f"o{number}", "li", 1) for number in range(20)]
            return [order.number for order in await asyncio.gather(*paid)]

    assert sorted(run(work())) == list(range(1, 21))
    assert len(proxy.seen_tokens) == 1


def test_lists_and_lines_are_walked_over_page_after_page(
    mall: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shareback.client.calls.orders.LINES_MAX", 2)

    async def work() -> None:
        async with opened(mall) as client:
            lines = [PayLine(f"o{number}", "li", 1) for number in range(5)]
            answers = [answer async for answer in client.pay_orders(lines)]
            assert [answer.number for answer in answers] == [1, 2, 3, 4, 5]
            entries = [entry async for entry in client.journal(page_size=2)]
            assert [entry.sequence for entry in entries] == list(range(len(entries)))
            assert len(entries) == (await client.programme()).sequence

    run(work())


def test_an_order_is_sent_again_under_the_same_key_and_is_there_once(
    mall: Served, proxy: Proxy
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def work() -> None:
        async with opened(mall, proxy.url, sleep=sleep, tries=4) as client:
            proxy.planned = [drop_answer, says(503, "busy", Retry_After="5"), drop_unread]
            assert (await client.pay_order("o1", "li", 100)).number == 1
            assert len(set(proxy.keys)) == 1
            assert (await client.programme()).orders == 1
            proxy.planned = [drop_unread] * 4
            with pytest.raises(Unreachable):
                await client.member("li")
            proxy.planned = [says(401, "unauthorised")]
            assert (await client.member("li")).number == 1

    run(work())
    assert len(slept) == 6
    assert slept[1] >= 5
    assert len(proxy.seen_tokens) == 2


def test_both_clients_have_the_same_calls_with_the_same_arguments() -> None:
    both = Mall("http://127.0.0.1:1", "i", "s", 1), AsyncMall("http://127.0.0.1:1", "i", "s", 1)
    calls = [name for name in dir(Mall) if hasattr(getattr(Mall, name), "__get__")]
    assert len([name for name in calls if not name.startswith("_")]) >= 30
    for name in calls:
        if name.startswith("_") or name in {"close", "walk", "send", "run", "sent"}:
            continue
        plain, awaited = (inspect.signature(getattr(one, name)) for one in both)
        assert plain == awaited
        assert getattr(Mall, name).__doc__
    makes = [inspect.signature(kind).parameters.keys() for kind in (Mall, AsyncMall)]
    assert makes[0] == makes[1]
    both[0].close()
    run(both[1].aclose())
