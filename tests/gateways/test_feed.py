"""The journal as notices: complete, the same from every place, and read along indexes."""

import re
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.gateways import feed as reading
from shareback.gateways.feed import Feed
from shareback.gateways.notices import TYPES, Notice, message
from tests.backends.journals import DAY, OPENED, Opens
from tests.gateways.lived import YUAN, do, notices_of


def told(notices: list[Notice], type_: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """The data of the one notice of a type that has some fields."""
    (found,) = [
        one.data for one in notices if one.type == type_ and fields.items() <= one.data.items()
    ]
    return found


def places(notices: list[Notice]) -> list[tuple[int, int]]:
    return [(one.sequence, one.line) for one in notices]


def test_a_life_gives_every_type_of_notice(life: Engine) -> None:
    assert {one.type for one in notices_of(life)} == set(TYPES)


def test_notices_stand_in_order_and_no_place_twice(life: Engine) -> None:
    found = places(notices_of(life))
    assert found == sorted(set(found))


def test_an_order_and_what_it_came_to(life: Engine) -> None:
    notices = notices_of(life)
    assert told(notices, "order.paid", order_id="o-2") == {
        "order_id": "o-2",
        "member_id": "li",
        "merchant_id": None,
        "referrer_id": None,
        "amount": "100",
        "profit": "40",
    }
    refund = told(notices, "order.refunded", order_id="o-3")
    assert (refund["refund_id"], refund["amount"], refund["paid_out"]) == ("r-1", "40", "40")
    # 60 yuan are left of it: 30 % of them back it, 70 % of that is its buyer's.
    matured = told(notices, "order.matured", order_id="o-3")
    assert (matured["net"], matured["points"]) == ("60", "12.6")
    assert told(notices, "points.awarded", reason="referral")["points"] == "3"
    assert told(notices, "points.awarded", reason="order", order_id="o-1")["points"] == "21"


def test_the_movements_of_a_journal_are_told_with_their_figures(life: Engine) -> None:
    notices = notices_of(life)
    assert told(notices, "points.converted") == {
        "member_id": "li",
        "merchant_id": None,
        "points": "8",
        "coins": "10.872302",
    }
    between = told(notices, "coins.paid", payment_id="p-3")
    assert (between["payer_merchant_id"], between["merchant_id"]) == ("winery", "flour")
    assert told(notices, "points.awarded", reason="funded", amount="10")["member_id"] == "zhao"
    assert told(notices, "payout.booked", merchant_id="winery")["amount"] == "1"
    exited = told(notices, "member.exited")
    assert (exited["member_id"], exited["points"], exited["net"]) == ("li", "14", "159.186069")
    assert told(notices, "receivable.booked", member_id="wang")["amount"] == "285.4311"
    assert told(notices, "parameters.changed")["parameters"]["redemption_fee"] == "0.05"
    assert told(notices, "parameters.changed")["from_day"] == "2026-01-06"


def test_each_closed_day_has_one_dividend_and_one_set_of_figures(life: Engine) -> None:
    notices = notices_of(life)
    shared = [one.data for one in notices if one.type == "dividend.day"]
    closed = [one.data for one in notices if one.type == "day.closed"]
    assert len(shared) == len(closed) == 7
    # The pot is 15 + 10 + 9: o-2 states a profit of its own, o-3 is net of its refund.
    assert [one["shared"] for one in shared] == ["0", "0", "34", "0", "0", "7.5", "0"]
    assert shared[2]["index_rise"] == shared[2]["index"] == "0.6198671806"
    assert closed[2]["price"] == shared[2]["price"] == "1.4129"
    assert [one["log_size"] for one in closed] == [13, 14, 27, 33, 35, 37, 38]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_small_pages_tell_the_same_as_large_ones(
    life: Engine, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    whole = notices_of(life)
    for name in ("EVENTS_A_PAGE", "ORDERS_A_PAGE", "MOVEMENTS_A_PAGE"):
        monkeypatch.setattr(reading, name, size)
    assert notices_of(life) == whole


def test_reading_on_from_any_place_gives_the_rest(life: Engine) -> None:
    whole = notices_of(life)
    for sequence, line in places(whole):
        page = Feed(life.id, life.alias).read(sequence, line)
        rest = [one for one in whole if (one.sequence, one.line) >= (sequence, line)]
        assert page.notices == rest[: len(page.notices)]


def test_a_notice_stays_the_same_whatever_happens_later(engine: Opens) -> None:
    one = engine(maturity_days=1)
    do(
        one,
        cmd.JoinMember(OPENED, "li"),
        cmd.FundTreasury(OPENED, 100 * YUAN),
        cmd.PayOrder(OPENED, "o", "li", "", 100 * YUAN, received=True),
    )
    one.close(one.calendar.day_of(OPENED + DAY))
    before = [message(1, notice) for notice in notices_of(one)]
    do(one, cmd.RefundOrder(OPENED + 2 * DAY, "o", "r", 50 * YUAN))
    one.close(one.calendar.day_of(OPENED + 5 * DAY))
    after = [message(1, notice) for notice in notices_of(one)]
    assert len(after) > len(before) > 0
    assert after[: len(before)] == before


def test_an_order_without_a_return_window_matures_at_its_receipt_and_not_at_the_close(
    engine: Opens,
) -> None:
    one = engine(maturity_days=0)
    do(
        one,
        cmd.JoinMember(OPENED, "li"),
        cmd.PayOrder(OPENED, "now", "li", "", 100 * YUAN, received=True),
        cmd.PayOrder(OPENED, "later", "li", "", 100 * YUAN),
        cmd.ReceiveOrder(OPENED + DAY, "later"),
    )
    one.close(one.calendar.day_of(OPENED + DAY))
    sequences = {
        notice.data["order_id"]: notice.sequence
        for notice in notices_of(one)
        if notice.type == "order.matured"
    }
    # 0 opens, 1 joins, 2 and 3 pay, 4 closes the day.
    assert sequences == {"now": 2, "later": 5}
    assert [notice.type for notice in notices_of(one)].count("order.matured") == 2


def test_an_end_of_the_journal_is_a_page_that_goes_nowhere(life: Engine) -> None:
    end = life.head()[-1]
    page = Feed(life.id, life.alias).read(end)
    assert (page.notices, page.position, page.line) == ([], end, 0)


def test_a_page_is_read_along_indexes(life: Engine) -> None:
    connection = connections[life.alias]
    with CaptureQueriesContext(
        connection,
    ) as found:
        notices_of(life)
    statements = {re.sub(r"\d+", "0", one["sql"]): one["sql"] for one in found.captured_queries}
    assert len(found) < 100
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for statement in statements.values():
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
            assert [row[-1] for row in cursor.fetchall() if row[-1].startswith("SCAN")] == []
