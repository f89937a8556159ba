"""A22: a database that is locked for a while is no "not enough points"."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connections, transaction

from shareback.journal.storage import storage_for
from tests.backends.servers import Mall


def test_a_sale_waits_for_the_lock_and_is_done(mall: Mall) -> None:
    mall.done("/orders", {"order_id": "o", "member_id": "li", "amount": "100", "received": True})
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic(using=mall.alias):
            storage_for(connections[mall.alias]).lock_head(mall.programme)
            sale = pool.submit(mall.post, "/members/li/redemptions", {"points": "21"})
            assert mall.get("/members/li").json()["points"] == "21"
            assert not sale.done()
        answer = sale.result(timeout=60)
    assert answer.status_code == 201
    assert answer.json()["points"] == "21"
