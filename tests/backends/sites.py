"""One server for each kind of database, and malls with programmes of their own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests.backends.once import Once
from tests.backends.servers import Mall, Server, serving


@pytest.fixture(scope="session")
def server(
    alias: str, journal_url: str, once: Once, tmp_path_factory: pytest.TempPathFactory
) -> Server:
    """A site on the worker's database; ``alias`` has migrated it."""

    def starts() -> AbstractContextManager[Server]:
        return serving(journal_url, tmp_path_factory.mktemp("server") / f"{alias}.log")

    return once.entered(("server", alias), starts)


@pytest.fixture
def new_mall(server: Server, alias: str) -> Iterator[Callable[..., Mall]]:
    """Opens malls, each with a programme and a client of its own."""
    malls: list[Mall] = []

    def opens(**parameters: Any) -> Mall:
        malls.append(Mall(server, alias, **parameters))
        return malls[-1]

    yield opens
    for one in malls:
        one.close()


@pytest.fixture
def mall(new_mall: Callable[..., Mall]) -> Mall:
    """A mall under the worked example's parameters, with the members li and wang."""
    one = new_mall()
    one.members("li", "wang")
    return one
