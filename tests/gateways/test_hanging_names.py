"""Registering at a name whose resolver hangs: over HTTP, on a site whose machine has such a one."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from shareback.gateways.lookups import AT_ONCE_OF_ONE, DEADLINE_S
from tests.attacks.at_once import at_once
from tests.backends.servers import Mall, Server, serving

RESOLVER = """
import socket, time

found = socket.getaddrinfo

def hanging(host, *more, **named):
    if host == "hangs.example":
        time.sleep(3600)
    return found(host, *more, **named)

socket.getaddrinfo = hanging
"""
"""Stands in for this machine's resolver: the site is a process of its own, and runs it first."""


@pytest.fixture
def hanging(
    journal_url: str, alias: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    """A site whose resolver never answers for one name."""
    (tmp_path / "sitecustomize.py").write_text(RESOLVER, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    with serving(journal_url, tmp_path / f"{alias}.log") as one:
        yield one


def test_a_name_that_hangs_holds_up_nobody_and_is_given_up(hanging: Server, alias: str) -> None:
    mall = Mall(hanging, alias)
    mall.members("li")
    other = mall.second_client()
    registering = [
        partial(mall.post, "/webhooks", {"url": "https://hangs.example/hook"})
        for _ in range(AT_ONCE_OF_ONE + 2)
    ]
    order = {"order_id": "o1", "member_id": "li", "amount": "1"}
    *registered, paid, elsewhere = at_once(
        [
            *registering,
            partial(other.post, "/orders", order),
            partial(other.post, "/webhooks", {"url": "https://93.184.216.34/"}),
        ]
    )
    assert (paid.status_code, elsewhere.status_code) == (201, 201)
    # Whoever waits for a name holds no lock: others are done long before it is given up.
    assert max(paid.elapsed.total_seconds(), elsewhere.elapsed.total_seconds()) < DEADLINE_S - 1
    assert sorted(one.status_code for one in registered) == [422] * AT_ONCE_OF_ONE + [503] * 2
    for one in registered:
        if one.status_code == 503:
            assert (one.json()["code"], one.headers["Retry-After"]) == ("busy", "1")
        else:
            message = "the host's address was not found in time"
            assert one.json()["errors"] == [{"where": "url", "message": message}]
    assert mall.get("/webhooks").json()["items"] == []
    mall.close()
    other.close()
