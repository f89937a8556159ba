"""Many at once in the mall, each in a thread with a connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

from shareback.mall.engines import KEPT
from shareback.mall.faults import CannotBe

Outcome = TypeVar("Outcome")


def at_once(works: Sequence[Callable[[], Outcome]]) -> list[Outcome | str]:
    """What works come to that start together, each in a thread with a connection of its own."""
    start = Barrier(len(works))

    def run(work: Callable[[], Outcome]) -> Outcome | str:
        try:
            start.wait(60)
            return work()
        except CannotBe as fault:
            return fault.code
        finally:
            KEPT.engines.clear()
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))
