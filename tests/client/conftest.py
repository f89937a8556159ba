"""Clients of malls that the real server serves, some of them through a proxy that misbehaves."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from shareback.client import Mall
from tests.backends.servers import Mall as Served
from tests.client.proxies import Proxy, proxying

Connects = Callable[..., Mall]


@pytest.fixture
def connect() -> Iterator[Connects]:
    """Makes clients of a mall, directly or through another address; they never sleep."""
    with ExitStack() as opened:

        def connects(served: Served, url: str = "", **options: Any) -> Mall:  # noqa: ANN401 - as the client takes them
            options = {"sleep": list[float]().append, **options}
            where = url or served.server.url
            made = Mall(where, served.client_id, served.secret, served.programme, **options)
            return opened.enter_context(made)

        yield connects


@pytest.fixture
def client(mall: Served, connect: Connects) -> Mall:
    """A client of a mall that has the members li and wang."""
    return connect(mall)


@pytest.fixture
def proxy(mall: Served) -> Iterator[Proxy]:
    """A proxy before the server of `mall`."""
    with proxying(mall.server.url) as running:
        yield running
