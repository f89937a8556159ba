"""What is dear to make is made once a worker, for each kind of database, and kept to the end.

A fixture of the session that has parameters is torn down whenever the next test wants another
parameter: with two databases that would be twice for each file of tests.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import Any, TypeVar

import pytest

Made = TypeVar("Made")


class Once:
    """Things that were made, by name, and what has to be undone at the end."""

    def __init__(self, stack: ExitStack) -> None:
        """Keep nothing yet."""
        self.stack = stack
        self.made: dict[Hashable, Any] = {}

    def __call__(self, name: Hashable, make: Callable[[], Made]) -> Made:
        """The thing of a name; made if this is the first to ask."""
        if name not in self.made:
            self.made[name] = make()
        found: Made = self.made[name]
        return found

    def entered(self, name: Hashable, make: Callable[[], AbstractContextManager[Made]]) -> Made:
        """What a context manager gives; it is left at the end of the session."""
        return self(name, lambda: self.stack.enter_context(make()))


@pytest.fixture(scope="session")
def once() -> Iterator[Once]:
    """Keeps things to the end of the session."""
    with ExitStack() as stack:
        yield Once(stack)
