"""A witness that all tests of a module ask, each for a log of its own."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.audit.logs import Log, Running, witnessing

LOGS = [Log(f"example.com/log{number}") for number in range(120)]
NUMBERS = count()


@pytest.fixture(scope="module")
def witness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A witness that trusts all of the logs."""
    with witnessing(tmp_path_factory.mktemp("witness"), LOGS) as running:
        yield running


@pytest.fixture
def log() -> Log:
    """A log that no other test has used."""
    return LOGS[next(NUMBERS)]
