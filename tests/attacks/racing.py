"""Several writers at once, each with a connection and an engine of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

from shareback.engine.engine import Engine

Outcome = TypeVar("Outcome")


def race(engine: Engine, works: Sequence[Callable[[Engine], Outcome]]) -> list[Outcome]:
    """Run works at once, each with another engine of the programme; returns their outcomes."""
    together = threading.Barrier(len(works))

    def run(work: Callable[[Engine], Outcome]) -> Outcome:
        try:
            mine = Engine(engine.programme.name, engine.alias, engine.salts)
            together.wait(60)
            return work(mine)
        finally:
            connections[engine.alias].close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))
