"""One PostgreSQL server for the whole run, and a fresh database for whoever asks.

Without pytest-xdist the server starts when the first test asks for it. With it, the controller
starts it before its workers, hands them the URL, and stops it after them.
"""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from bench.postgresql_server import (
    ServerUnavailable,
    create_database,
    drop_database,
    start_server,
)

RUNNING = pytest.StashKey[tuple[ExitStack, str]]()
URL = "postgresql_server_url"
FAULT = "postgresql_server_fault"


def running_server(config: pytest.Config) -> str:
    """The URL of this run's server, started at the first call."""
    if RUNNING not in config.stash:
        stack = ExitStack()
        config.stash[RUNNING] = (stack, stack.enter_context(start_server()))
    return config.stash[RUNNING][1]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Hand the server's URL to a worker of pytest-xdist, or why there is none."""
    try:
        node.workerinput[URL] = running_server(node.config)
    except ServerUnavailable as fault:
        node.workerinput[FAULT] = str(fault)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server in the process that started it."""
    if RUNNING in config.stash:
        config.stash[RUNNING][0].close()


@pytest.fixture(scope="session")
def postgresql_server(request: pytest.FixtureRequest) -> str:
    """The URL of the server's own database; a run without a server fails, it never skips."""
    given: dict[str, str] | None = getattr(request.config, "workerinput", None)
    if given is not None and URL in given:
        return given[URL]
    if given is not None:
        pytest.fail(f"PostgreSQL: {given[FAULT]}", pytrace=False)
    try:
        return running_server(request.config)
    except ServerUnavailable as fault:
        pytest.fail(f"PostgreSQL: {fault}", pytrace=False)


@pytest.fixture(scope="session")
def new_postgresql_database(postgresql_server: str) -> Iterator[Callable[..., str]]:
    """A function that creates a database and gives its URL; all go at the end of the run.

    It is empty, or begins as a copy of the one whose name is given.
    """
    names: list[str] = []
    numbers = itertools.count(1)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")

    def create(like: str = "template1") -> str:
        name = f"test_{worker}_{next(numbers)}"
        url = create_database(postgresql_server, name, like)
        names.append(name)
        return url

    yield create
    for name in names:
        drop_database(postgresql_server, name)


@pytest.fixture(scope="session")
def postgresql_url(new_postgresql_database: Callable[..., str]) -> str:
    """The URL of a fresh database that this worker has for itself."""
    return new_postgresql_database()
