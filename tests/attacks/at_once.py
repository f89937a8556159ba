"""The same request, or many of them, by many clients at once over HTTP."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx

Send = Callable[[], httpx.Response]


def at_once(sends: Sequence[Send]) -> list[httpx.Response]:
    """The answers to requests that set out at the same moment, in their order."""
    start = Barrier(len(sends))

    def go(send: Send) -> httpx.Response:
        start.wait(timeout=60)
        return send()

    with ThreadPoolExecutor(len(sends)) as pool:
        return list(pool.map(go, sends))


def statuses(answers: Sequence[httpx.Response]) -> list[int]:
    """Their statuses, sorted."""
    return sorted(answer.status_code for answer in answers)
