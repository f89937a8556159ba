"""The same request, or many of them, by many clients at once over HTTP."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import httpx
from django.db import connections

TRIES, TOO_MANY = 10, 429
Send = Callable[[], httpx.Response]
Outcome = TypeVar("Outcome")


def at_once(sends: Sequence[Send]) -> list[httpx.Response]:
    """The answers to requests that set out at the same moment, in their order."""
    start = Barrier(len(sends))

    def go(send: Send) -> httpx.Response:
        start.wait(timeout=60)
        return heard(send)

    with ThreadPoolExecutor(len(sends)) as pool:
        return list(pool.map(go, sends))


def heard(send: Send) -> httpx.Response:
    """The answer to a request; one that the server is too busy to read is sent again (A62)."""
    answer = send()
    for _again in range(TRIES):
        if answer.status_code != TOO_MANY:
            break
        time.sleep(float(answer.headers["Retry-After"]))
        answer = send()
    return answer


def statuses(answers: Sequence[httpx.Response]) -> list[int]:
    """Their statuses, sorted."""
    return sorted(answer.status_code for answer in answers)


def together(works: Sequence[Callable[[], Outcome]]) -> list[Outcome]:
    """What works come to that run at the same moment, each in a thread of its own."""

    def go(work: Callable[[], Outcome]) -> Outcome:
        try:
            return work()
        finally:
            # The thread's own; whoever asks HTTP alone has none.
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [one.result() for one in [pool.submit(go, work) for work in works]]
