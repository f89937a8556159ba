"""The site inside this process: the same views and middleware, where a test can hold them up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connections
from django.test import Client

from shareback.api.access import BEARER
from shareback.api.tokens import Tokens
from shareback.api.writing import Groups, live_group
from tests.backends.servers import Mall

Statement = Callable[[str], None]


class Inside:
    """A mall's programme as this process serves it."""

    def __init__(self, mall: Mall) -> None:
        """Call as the mall's client."""
        self.mall = mall
        self.client = Client(headers={"Authorization": mall.http.headers["Authorization"]})
        self.url = f"/api/v1/programmes/{mall.programme}"

    def get(self, path: str) -> Any:
        """Read something of the programme."""
        return self.client.get(self.url + path)

    def batch(self, lines: bytes, key: str) -> Any:
        """Many lines at once."""
        return self.client.post(
            f"{self.url}/orders:batch",
            lines,
            content_type="application/x-ndjson",
            headers={"Idempotency-Key": key},
        )


@contextmanager
def inside(mall: Mall) -> Iterator[Inside]:
    """Serve a mall's programme in this process, for the length of a ``with`` block."""
    with pytest.MonkeyPatch.context() as patched:
        # Threads that begin meanwhile find the database by its settings.
        settings = connections.databases[mall.alias]
        patched.setitem(connections.databases, DEFAULT_DB_ALIAS, settings)
        patched.setattr("shareback.api.access.TOKENS", Tokens())
        patched.setattr(BEARER, "known", {})
        groups = Groups(live_group)
        patched.setattr("shareback.api.writing.GROUPS", groups)
        before = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = connections[mall.alias]
        try:
            yield Inside(mall)
        finally:
            connections[DEFAULT_DB_ALIAS] = before
            for group in groups.groups.values():
                group.release()


@contextmanager
def watched(alias: str, seen: Statement) -> Iterator[None]:
    """Tell of every statement before this thread's connection runs it."""

    def wrapper(
        execute: Callable[..., object],
        sql: str,
        params: object,
        many: bool,  # noqa: FBT001 - as Django calls it
        context: dict[str, Any],
    ) -> object:
        seen(sql)
        return execute(sql, params, many, context)

    with connections[alias].execute_wrapper(wrapper):
        yield
