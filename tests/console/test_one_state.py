"""A member's statement shows one state of the journal, wherever another commits meanwhile."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import count
from threading import Thread

import pytest
from django.db import connections

from shareback.engine import commands as cmd
from shareback.mall.engines import now_us
from shareback.mall.models import Membership
from tests.api.inside import watched
from tests.backends.house import House
from tests.console.desks import Worker

CHANGES_ALWAYS = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
PUBLIC = "/p/{programme}/members/{member}/"
PAGES = ("/console/members/{member}/statement/", PUBLIC)
YUAN = 1_000_000
REFUNDS = count(1)


@pytest.fixture
def seller(house: House) -> Membership:
    """A member who holds points, of an order that has matured."""
    found = house.member()
    house.endow(found, points_yuan=1_000)
    house.tell(cmd.FundTreasury(now_us(), 1_000 * YUAN))
    shop = house.partner.merchant_id
    house.tell(
        cmd.PayOrder(now_us(), "old", found.member_id, shop, 500 * YUAN, 200 * YUAN, received=True)
    )
    return found


def refunds(house: House) -> None:
    """Some of the order is given back, late, on a connection of its own (R6.4)."""

    def work() -> None:
        house.tell(cmd.RefundOrder(now_us(), "old", f"back {next(REFUNDS)}", YUAN, 2))
        connections.close_all()

    thread = Thread(target=work)
    thread.start()
    thread.join()


def page_of(worker: Worker, path: str) -> str:
    """What a page says, without what differs each time."""
    answer = worker.client.get(path)
    assert answer.status_code == 200, path
    return CHANGES_ALWAYS.sub("", answer.content.decode())


@contextmanager
def refund_before(house: House, place: int) -> Iterator[list[str]]:
    """A refund comes just before one of the queries that are made within the block."""
    queries: list[str] = []

    def seen(sql: str) -> None:
        if sql.startswith("SELECT"):
            queries.append(sql)
            if len(queries) == place:
                refunds(house)

    with watched("default", seen):
        yield queries


def mixed(house: House, worker: Worker, path: str) -> list[int]:
    """The queries between which a refund shows in part."""
    with refund_before(house, 0) as queries:
        before = page_of(worker, path)
    found = []
    for place in range(1, len(queries) + 1):
        with refund_before(house, place):
            shown = page_of(worker, path)
        after = page_of(worker, path)
        assert before != after
        if shown not in {before, after}:
            found.append(place)
        before = after
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_refund_between_two_queries_shows_whole_or_not_at_all(
    house: House, seller: Membership, operator: Worker, page: str
) -> None:
    path = page.format(member=seller.number, programme=house.name)
    assert mixed(house, operator, path) == []


def test_without_a_snapshot_it_would_show_in_part(
    house: House, seller: Membership, operator: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shareback.engine.statements.reading.snapshot", lambda _: nullcontext())
    path = PUBLIC.format(member=seller.number, programme=house.name)
    assert mixed(house, operator, path)
