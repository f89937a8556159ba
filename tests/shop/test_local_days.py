"""Days are those of the programme's zone: not the server's, and not those of Greenwich."""

from datetime import UTC, datetime

import pytest

from shareback.mall import local
from shareback.mall.models import Membership
from shareback.mall.oscar.order.models import Order
from tests.backends.house import Opens
from tests.shop.callers import Caller, Staffed

# Half past midnight of the second of March in New York, whose evening Greenwich is ahead of.
NEW_YORK = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)
BEFORE_MIDNIGHT = datetime(2026, 3, 1, 4, 30, tzinfo=UTC)
"""Half past eleven on the last evening of February there; March in Greenwich and Shanghai."""


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("America/New_York", NEW_YORK, "2026-03-02"),
        ("America/New_York", BEFORE_MIDNIGHT, "2026-02-28"),
        ("Asia/Shanghai", datetime(2026, 3, 1, 16, 30, tzinfo=UTC), "2026-03-02"),
        ("UTC", BEFORE_MIDNIGHT, "2026-03-01"),
    ],
)
def test_a_day_is_the_programmes(new_house: Opens, zone: str, moment: datetime, day: str) -> None:
    house = new_house(timezone=zone)
    assert local.day_of(house.programme, moment).isoformat() == day
    first, following = local.month_bounds(house.programme, day[:7])
    assert first <= moment < following


def test_december_ends_with_the_year(new_house: Opens) -> None:
    house = new_house(timezone="UTC")
    first, following = local.month_bounds(house.programme, "2026-12")
    assert (first, following) == (
        datetime(2026, 12, 1, tzinfo=UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
    )


def test_who_joins_after_midnight_joins_on_the_new_day(new_house: Opens) -> None:
    house = new_house(timezone="Asia/Shanghai")
    host = Caller.member(house)
    code = host.told("/me/invite")["code"]
    guest = Caller.member(house, invite=code)
    joined = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
    Membership.objects.filter(pk=guest.membership.pk).update(joined_at=joined)
    (one,) = host.told("/me/invite")["invited"]
    assert one["joined_on"] == "2026-03-02"


def test_a_settlement_is_of_the_programmes_month(new_house: Opens) -> None:
    house = new_house(timezone="America/New_York")
    order = house.bought(house.member(), house.good())
    Order.objects.filter(pk=order.pk).update(paid_at=BEFORE_MIDNIGHT)
    owner = Staffed(house, house.partner)
    assert owner.told("/settlement?month=2026-03")["lines"] == []
    (line,) = owner.told("/settlement?month=2026-02")["lines"]
    assert (line["order"], line["date"]) == (order.number, "2026-02-28")


def test_today_begins_at_the_programmes_midnight(new_house: Opens) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
        house = new_house(timezone=zone)
        began = local.midnight(house.programme)
        assert began.utcoffset() == datetime.now(began.tzinfo).utcoffset()
        order = house.bought(house.member(), house.good())
        owner = Staffed(house, house.partner)
        assert owner.told("")["today"]["orders"] == 1
        before = began.timestamp() - 1
        Order.objects.filter(pk=order.pk).update(paid_at=datetime.fromtimestamp(before, UTC))
        assert owner.told("")["today"]["orders"] == 0
