"""Whoever buys, pays or gives up locks in one order; and a database that turns away is no bug."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Event
from uuid import UUID

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test import Client

from shareback.engine import commands as cmd
from shareback.gateways.payments import builtin
from shareback.gateways.payments.models import PlayPayment
from shareback.journal.models import Programme as Journaled
from shareback.mall import baskets, payments
from shareback.mall.engines import now_us
from shareback.mall.models import CashPayment, Membership, Purchase, Return
from shareback.mall.oscar.catalogue.models import Product
from shareback.mall.oscar.partner.models import Partner
from shareback.mall.tender import ALL
from tests.api.inside import watched
from tests.backends.house import DAY_US, YUAN, House
from tests.console.desks import Worker
from tests.mall.racing import at_once
from tests.mall.test_notices import post
from tests.mall.test_offers import coupon, offer
from tests.mall.test_returns import came, delivered

BUYERS = 6
CODES = ("FIRST", "SECOND")


def goods_of(house: House) -> list[Product]:
    """Four goods of two merchants."""
    shops = (house.partner, house.merchant("茶庄")) * 2
    return [house.good("50.00", stock=500, partner=one) for one in shops]


def fill(house: House, buyers: list[Membership], goods: list[Product]) -> None:
    """Fill baskets: every second with the first two goods; all of them with the same coupons."""
    for place, one in enumerate(buyers):
        for good in goods[:2] if place % 2 else goods[:1:-1]:
            house.put(one, good)
        for code in CODES if place % 2 else reversed(CODES):
            baskets.add_coupon(one, code)


def test_buying_paying_and_giving_up_never_block_each_other(house: House) -> None:
    offer(house, "满减", "1.00", max_global_applications=1_000)
    for code in CODES:
        coupon(house, code, "2.00")
    goods, buyers = goods_of(house), [house.member() for _buyer in range(BUYERS * 3)]
    fill(house, buyers, goods)
    first = [house.buy(one) for one in buyers]
    for purchase in first:
        payments.start(purchase)
    fill(house, buyers, goods)
    works: list[Callable[[], object]] = []
    for place in range(0, BUYERS * 3, 3):
        house.endow(buyers[place + 2], coins=100)
        works += [
            partial(house.pay_if_open, first[place]),
            partial(payments.cancel, buyers[place + 1], first[place + 1].pk),
            # Paid at once, so that all of it is one transaction.
            partial(house.buy, buyers[place + 2], coins=ALL),
        ]
    at_once(works)
    states = sorted(Purchase.objects.get(pk=one.pk).state for one in first)
    assert states == ["awaiting_payment"] * BUYERS + ["closed"] * BUYERS + ["paid"] * BUYERS
    records = [good.stockrecords.get() for good in goods]
    counts = {(record.num_in_stock, record.num_allocated) for record in records}
    assert counts == {(500 - BUYERS, BUYERS // 2)}
    house.check()


@contextmanager
def held(purchase: Purchase) -> Iterator[None]:
    """Another transaction has the purchase, and does not let it go; nobody waits for it long."""
    has, may_end = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            Purchase.objects.select_for_update().get(pk=purchase.pk)
            has.set()
            may_end.wait(60)
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert has.wait(60)
        is_sqlite = connection.vendor == "sqlite"
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 50" if is_sqlite else "SET lock_timeout = '50ms'")
        try:
            yield
        finally:
            may_end.set()
            holding.result(60)
            connection.close()


def begun(house: House) -> PlayPayment:
    """A payment at the gateway."""
    purchase = house.buy(house.member(), house.good("100.00"))
    payments.start(purchase)
    return PlayPayment.objects.get(payment_id=str(CashPayment.objects.get(purchase=purchase).pk))


def test_a_notice_that_the_database_turns_away_may_come_again(house: House) -> None:
    payment = begun(house)
    sent = builtin.pay(payment.reference)
    assert sent is not None
    purchase = Purchase.objects.get(payment=UUID(payment.payment_id))
    with held(purchase):
        answer = post(sent)
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert answer.headers["Retry-After"]
    assert post(sent).status_code == 200


def test_a_cashier_whose_database_turns_away_says_so(house: House) -> None:
    payment = begun(house)
    purchase = Purchase.objects.get(payment=UUID(payment.payment_id))
    place = f"{builtin.CASHIER}{payment.reference}"
    browser = Client()
    with held(purchase):
        answer = browser.post(place)
        if connection.vendor == "sqlite":
            # Nothing at all can be written; so nothing was paid.
            assert answer.status_code == 503
        else:
            assert "已支付，但商城暂未入账" in answer.content.decode()
    browser.post(place)
    payments.brought_up(purchase)
    assert house.order(purchase).status == "paid"


def is_head_free(house: House) -> bool:
    """Whether another transaction could lock the programme's head, at once."""

    def lock() -> bool:
        try:
            with transaction.atomic():
                rows = Journaled.objects.select_for_update(nowait=True).only("pk")
                return rows.get(pk=house.programme) is not None
        except OperationalError:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lock).result(60)


@contextmanager
def head_free_at(house: House, *tables: str) -> Iterator[list[bool]]:
    """Whether the head was free whenever a row of a table was locked for the first time.

    On SQLite a transaction has the whole database to itself, and there is nothing to ask.
    """
    found: list[bool] = []
    left = {f'"{table}"' for table in tables}

    def seen(sql: str) -> None:
        table = next((one for one in left if one in sql), None)
        if table and ("FOR NO KEY UPDATE" in sql or sql.startswith("UPDATE")):
            left.discard(table)
            found.append(is_head_free(house))

    if connection.vendor == "sqlite":
        yield found
        return
    with watched("default", seen):
        yield found
    assert not left


def at_desk(house: House, role: str) -> Worker:
    """Somebody at the console, where each request is one transaction."""
    return Worker().granted(house.programme, role).at_work(house.programme)


def test_a_refund_at_the_console_that_closes_a_day_locks_stock_before_the_head(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    li, wang, wine = house.member(), house.member(), house.good("100.00")
    delivered(house, wang, house.bought(wang, wine))
    waiting = came(house, li, delivered(house, li, house.bought(li, wine)), 1)
    assert waiting.waits_for == "treasury_short"
    finance, day, clock = at_desk(house, "finance"), house.head().day, time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: clock() + DAY_US * 1_000)

    def again() -> str:
        assert finance.post("returns/again/", returned=str(waiting.pk)).status_code == 302
        return str(Return.objects.get(pk=waiting.pk).state)

    with head_free_at(house, "catalogue_product", "partner_stockrecord") as free:
        assert again() == "accepted"
    assert all(free)
    # What it waits for is no reason to open the day again.
    assert house.head().day == day + 1
    house.tell(cmd.FundTreasury(now_us(), 1_000 * YUAN))
    assert again() == "done"
    house.check()


def test_a_merchant_that_is_added_at_the_console_locks_the_shop_before_the_head(
    house: House,
) -> None:
    operator = at_desk(house, "operator")
    form = {"name": "新茶庄", "trade": "tea", "owner": "13912345678"}
    with head_free_at(house, "mall_shop") as free:
        assert operator.post("shop/partner/partner/add/", **form).status_code == 302
    assert all(free)
    assert Partner.objects.filter(programme_id=house.programme, name="新茶庄").exists()
