"""A database that says nothing any more: callers are answered, and service goes on by itself."""

import time
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import pytest

from shareback.engine import commands as cmd
from shareback.engine.committing import Unavailable
from shareback.engine.engine import Engine
from shareback.engine.group import Group, Patience
from shareback.engine.verifying import verify_full
from shareback.journal.models import Order
from tests.backends.journals import SALTS, Opens, forget, register
from tests.engine.small import opened, order
from tests.faults.silence import SilentProxy, silenced

pytestmark = [
    pytest.mark.postgresql,
    # An embedded database has no network.
    pytest.mark.parametrize("journal_url", ["postgresql"], indirect=True),
]

SILENT = "silent"
PATIENCE = Patience(answer_s=0.3, batch_s=0.5)
BOUND_S = 1.0
"""More than a caller waits, and far less than it would wait for a dead connection."""

ENOUGH_S = 30.0
PAUSE_S = 0.02
"""What ``Retry-After`` asks for, in small."""


@pytest.fixture
def proxy(journal_url: str) -> Iterator[SilentProxy]:
    """A proxy before the server, and Django's alias for what is behind it."""
    parts = urlsplit(journal_url)
    assert parts.hostname is not None
    assert parts.port is not None
    with silenced(parts.hostname, parts.port) as one:
        address = f"{parts.hostname}:{parts.port}"
        through = journal_url.replace(address, f"127.0.0.1:{one.port}")
        register(SILENT, f"{through}?connect_timeout=2")
        yield one
        forget(SILENT)


@pytest.fixture
def paid(engine: Opens, proxy: SilentProxy) -> Iterator[Group]:
    """A group that has a connection through the proxy, and one order behind it."""
    del proxy
    one = opened(engine)

    def nothing(_notes: Sequence[object], _answers: Sequence[Sequence[cmd.Answer]]) -> None:
        pass

    name = one.programme.name
    group = Group(lambda: Engine(name, SILENT, SALTS), nothing, SILENT, PATIENCE)
    try:
        # As a caller does: the first batch connects, which may take longer than anybody waits.
        sent_again(group, "before")
        yield group
    finally:
        # Its connection is closed by its thread.
        thread = group.thread
        group.release()
        if thread is not None:
            thread.join()
    orders = Order.objects.using(one.alias).filter(programme_id=one.id)
    assert set(orders.values_list("order_id", flat=True)) == {"before", "o1", "o2"}
    assert verify_full(name, one.alias).findings == ()


def told_in_time(group: Group, order_id: str) -> None:
    """A caller hears within its bound that no answer came."""
    began = time.monotonic()
    with pytest.raises(Unavailable):
        group.submit([order(order_id)])
    assert time.monotonic() - began < BOUND_S


def sent_again(group: Group, order_id: str) -> cmd.Answer:
    """What a caller gets that sends its order until it is answered, each time in its bound."""
    ends = time.monotonic() + ENOUGH_S
    while time.monotonic() < ends:
        try:
            (answer,) = group.submit([order(order_id)])
        except Unavailable:
            time.sleep(PAUSE_S)
        else:
            return answer
    pytest.fail("service did not come back")


def test_a_connection_that_died_at_rest_is_given_up(paid: Group, proxy: SilentProxy) -> None:
    """It never speaks again; new ones do."""
    proxy.fall_silent()
    proxy.live_again()
    told_in_time(paid, "o1")
    assert sent_again(paid, "o1").code == 0
    assert sent_again(paid, "o2").code == 0


def test_a_silent_server_is_told_of_in_time_and_found_again(
    paid: Group, proxy: SilentProxy
) -> None:
    """New connections stay mute too, until it lives again."""
    proxy.fall_silent()
    mute = len(proxy.lines)
    told_in_time(paid, "o1")
    while len(proxy.lines) <= mute:
        told_in_time(paid, "o2")
        time.sleep(PAUSE_S)
    proxy.live_again()
    assert sent_again(paid, "o1").code == 0
    assert sent_again(paid, "o2").code == 0
