"""The two clients: one list of calls, sent by a thread or by an event loop."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from functools import wraps
from types import TracebackType
from typing import Any, Generic, ParamSpec, Self, TypeVar, overload

import httpx

from shareback.client.calls import members, merchants, orders, reading
from shareback.client.request import Page, Request, Walk
from shareback.client.session import Authorise, Pause, Session, Talk

P = ParamSpec("P")
T = TypeVar("T")

TIMEOUT_S = 30.0
TRIES = 5


class Call(Generic[P, T]):
    """A method made of a function that builds a request: sent at once, or awaited."""

    def __init__(self, build: Callable[P, Request[T]]) -> None:
        """Stand for a call."""
        self.build = build
        self.__doc__ = build.__doc__

    @overload
    def __get__(self, mall: None, owner: type[object]) -> Self: ...
    @overload
    def __get__(self, mall: "Mall", owner: type[object]) -> Callable[P, T]: ...
    @overload
    def __get__(
        self, mall: "AsyncMall", owner: type[object]
    ) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, mall: "Mall | AsyncMall | None", owner: type[object]) -> object:
        """The call as a method of a client."""
        if mall is None:
            return self
        build, send = self.build, mall.send

        @wraps(build)
        def method(*args: P.args, **kwargs: P.kwargs) -> object:
            return send(build(*args, **kwargs))

        return method


class Listing(Generic[P, T]):
    """A method made of a function that begins a walk: an iterator, plain or asynchronous."""

    def __init__(self, begin: Callable[P, Walk[T]]) -> None:
        """Stand for a call whose answer comes in parts."""
        self.begin = begin
        self.__doc__ = begin.__doc__

    @overload
    def __get__(self, mall: None, owner: type[object]) -> Self: ...
    @overload
    def __get__(self, mall: "Mall", owner: type[object]) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, mall: "AsyncMall", owner: type[object]) -> Callable[P, AsyncIterator[T]]: ...
    def __get__(self, mall: "Mall | AsyncMall | None", owner: type[object]) -> object:
        """The call as a method of a client."""
        if mall is None:
            return self
        begin, walk = self.begin, mall.walk

        @wraps(begin)
        def method(*args: P.args, **kwargs: P.kwargs) -> object:
            return walk(begin(*args, **kwargs))

        return method


class Calls:
    """Every call of the API, for both clients."""

    join_member = Call(members.join_member)
    set_referrer = Call(members.set_referrer)
    link_party = Call(members.link_party)
    redeem = Call(members.redeem)
    convert = Call(members.convert)
    pay_merchant = Call(members.pay_merchant)
    withdraw_cash = Call(members.withdraw_cash)

    pay_order = Call(orders.pay_order)
    receive_order = Call(orders.receive_order)
    refund_order = Call(orders.refund_order)
    approve_refund = Call(orders.approve_refund)
    refund_requests = Listing(orders.refund_requests)
    pay_orders = Listing(orders.pay_orders)

    join_merchant = Call(merchants.join_merchant)
    exchange_coins = Call(merchants.exchange_coins)
    redeem_merchant_points = Call(merchants.redeem_merchant_points)
    settle_merchant = Call(merchants.settle_merchant)
    pay_between_merchants = Call(merchants.pay_between_merchants)
    refund_payment = Call(merchants.refund_payment)

    award_funded = Call(merchants.award_funded)
    fund_treasury = Call(merchants.fund_treasury)
    record_unmatched = Call(merchants.record_unmatched)

    programme = Call(reading.programme)
    member = Call(reading.member)
    merchant = Call(reading.merchant)
    order = Call(reading.order)
    quote = Call(reading.quote)
    day = Call(reading.day)
    days = Listing(reading.days)
    prices = Listing(reading.prices)
    statement = Listing(reading.statement)
    journal = Listing(reading.journal)


class Mall(Calls):
    """A client that sends and waits; threads may share one.

    Every call raises `ProblemError` where the API refuses it, and `Unreachable` where no answer
    comes after all tries.
    """

    def __init__(
        self,
        base_url: str,
        client_id: str,
        client_secret: str,
        programme: int,
        *,
        timeout: float = TIMEOUT_S,
        tries: int = TRIES,
        language: str = "en",
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Connect to nothing yet.

        Args:
            base_url: Of the API, such as ``https://points.example/api/v1``.
            client_id: The client's id.
            client_secret: Its secret.
            programme: The programme's number.
            timeout: For each step of a try, in seconds: to connect, to send, to hear more.
            tries: How often a call is sent at most.
            language: Of problems' titles: ``en`` or ``zh``.
            transport: What sends instead of HTTP over TCP.
            sleep: What waits between two tries, for so many seconds.

        Raises:
            ValueError: The address is none.
        """
        self.session = Session(base_url, client_id, client_secret, programme, tries, language)
        self.http = httpx.Client(timeout=timeout, transport=transport)
        self.sleep = sleep
        self.lock = threading.Lock()

    def send(self, request: Request[T]) -> T:
        """Send a request; returns its answer."""
        return self.run(self.session.call(request))

    def walk(self, following: Walk[T]) -> Iterator[T]:
        """Send request after request; gives what they bring, one by one."""
        while (request := following()) is not None:
            page: Page[T] = self.send(request)
            yield from page.items
            following = page.following

    def run(self, talk: Talk[T]) -> T:
        """Do what a talk asks for, to its end."""
        heard: object = None
        while True:
            try:
                step = talk.send(heard)
            except StopIteration as end:
                answer: T = end.value
                return answer
            match step:
                case Authorise(refused):
                    with self.lock:
                        heard = self.run(self.session.authorised(refused))
                case Pause(seconds):
                    heard = self.sleep(seconds)
                case _:
                    heard = self.sent(step)

    def sent(self, order: httpx.Request) -> httpx.Response | httpx.RequestError:
        """What one try comes to."""
        try:
            return self.http.send(order)
        except httpx.RequestError as fault:
            return fault

    def close(self) -> None:
        """Let go of all connections."""
        self.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class AsyncMall(Calls):
    """As `Mall`, with methods to await and iterators for ``async for``; for one event loop."""

    def __init__(
        self,
        base_url: str,
        client_id: str,
        client_secret: str,
        programme: int,
        *,
        timeout: float = TIMEOUT_S,
        tries: int = TRIES,
        language: str = "en",
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Connect to nothing yet; the arguments are those of `Mall`."""
        self.session = Session(base_url, client_id, client_secret, programme, tries, language)
        self.http = httpx.AsyncClient(timeout=timeout, transport=transport)
        self.sleep = sleep
        self.lock = asyncio.Lock()

    async def send(self, request: Request[T]) -> T:
        """As `Mall.send`."""
        return await self.run(self.session.call(request))

    async def walk(self, following: Walk[T]) -> AsyncIterator[T]:
        """As `Mall.walk`."""
        while (request := following()) is not None:
            page: Page[T] = await self.send(request)
            for item in page.items:
                yield item
            following = page.following

    async def run(self, talk: Talk[T]) -> T:
        """As `Mall.run`."""
        heard: object = None
        while True:
            try:
                step = talk.send(heard)
            except StopIteration as end:
                answer: T = end.value
                return answer
            match step:
                case Authorise(refused):
                    async with self.lock:
                        heard = await self.run(self.session.authorised(refused))
                case Pause(seconds):
                    heard = await self.sleep(seconds)
                case _:
                    heard = await self.sent(step)

    async def sent(self, order: httpx.Request) -> httpx.Response | httpx.RequestError:
        """As `Mall.sent`."""
        try:
            return await self.http.send(order)
        except httpx.RequestError as fault:
            return fault

    async def aclose(self) -> None:
        """Let go of all connections."""
        await self.http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()
