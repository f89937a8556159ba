"""A process that has just started knows every token, also those that come all at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connections
from joserfc.jwk import OctKey

from shareback.api.tokens import Tokens

LONG_S = 30.0


def test_who_comes_while_the_keys_are_read_is_not_turned_away(
    alias: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = Tokens(alias).sign("client", "orders:write")
    fresh = Tokens(alias)
    reading, go_on = Event(), Event()
    real = OctKey.import_key

    def slow(key: bytes) -> object:
        reading.set()
        assert go_on.wait(LONG_S)
        return real(key)

    def read() -> str:
        try:
            return fresh.read(token).client_id
        finally:
            connections[alias].close()

    monkeypatch.setattr(OctKey, "import_key", slow)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(read)
        assert reading.wait(LONG_S)
        second = pool.submit(read)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.1)
        go_on.set()
        assert [first.result(), second.result()] == ["client", "client"]
