"""The demo's mall on a small journal: it has what `make demo` promises, by the mall's own ways."""

import os
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from oscar.core.loading import get_model

from shareback.engine import commands as cmd
from shareback.engine.opening import open_programme
from shareback.engine.verifying import verify_full
from shareback.journal.models import Identity
from shareback.journal.models import Programme as Journaled
from shareback.mall import catalogue, offers
from shareback.mall.accounts.models import User
from shareback.mall.demo import studio
from shareback.mall.demo.making import Mall, make_mall
from shareback.mall.demo.people import CLERKS, DAY, INVITED, MEMBERS, PASSWORD
from shareback.mall.demo.wares import read_merchants
from shareback.mall.engines import begin_day, engine_of, must, now_us
from shareback.mall.models import Purchase, Return
from shareback.mall.oscar.order.models import Order
from shareback.mall.pictures import small_of
from shareback.rules.programme import TEST_ISSUER, Programme

DAY_US = 86_400_000_000
YUAN = 1_000_000
DAYS, HOUSEHOLDS, STORES = 20, 12, 4


def history(name: str) -> int:
    """A programme with some weeks of shopping, all of which has matured."""
    begin = now_us() - (DAYS + 10) * DAY_US
    parameters = Programme.model_validate({"name": name, "issuer": TEST_ISSUER})
    programme = open_programme(parameters, begin)
    must(programme, [cmd.JoinMerchant(begin, f"s{one}") for one in range(STORES)])
    must(programme, [cmd.JoinMember(begin, f"h{one}") for one in range(HOUSEHOLDS)])
    chance = random.Random(5)
    for day in range(DAYS):
        paid = [
            cmd.PayOrder(
                begin + day * DAY_US,
                f"{day}-{one}",
                f"h{one}",
                f"s{chance.randrange(STORES)}",
                (400 - 30 * one) * YUAN,
                received=True,
            )
            for one in range(HOUSEHOLDS)
        ]
        must(programme, paid)
    begin_day(programme)
    return programme


@pytest.fixture
def mall(default_database: str) -> Mall:
    """The demo's mall, without pictures; made once in each database."""
    if default_database not in MADE:
        programme = history(f"demo {os.getpid()}")
        told: list[tuple[int, int]] = []
        MADE[default_database] = make_mall(programme, {}, lambda done, of: told.append((done, of)))
        assert [done for done, _of in told] == list(range(1, told[-1][1] + 1))
    return MADE[default_database]


MADE: dict[str, Mall] = {}


def test_ten_merchants_of_different_trades_sell_sixty_goods_of_all_kinds(mall: Mall) -> None:
    programme = mall.shop.programme_id
    assert len({partner.trade for partner in mall.partners.values()}) == len(mall.partners) == 10
    goods = list(catalogue.on_sale(programme))
    assert len(goods) == len(mall.goods) >= 60
    for partner in mall.partners.values():
        kinds = Counter(good.kind for good in goods if good.partner_id == partner.pk)
        assert sum(kinds.values()) >= 6
        assert {"digital", "voucher"} <= set(kinds)
    assert {good.kind for good in goods} == {"shipped", "digital", "voucher"}
    for good in goods:
        assert good.price > 0
        assert good.in_stock > 0
        for text in ("title", "subtitle", "description"):
            chinese, english = getattr(good, text), getattr(good, f"{text}_en")
            assert chinese
            assert english
            assert english.isprintable() or text == "description"
            assert chinese != english
    assert all(one.goods >= 6 for one in catalogue.categories(programme))


def test_what_is_new_is_of_all_trades(mall: Mall) -> None:
    newest = catalogue.newest(catalogue.on_sale(mall.shop.programme_id), None)[:6]
    assert len({good.partner_id for good in newest}) >= 5


def test_stores_of_the_year_are_merchants_and_households_are_members(mall: Mall) -> None:
    programme = mall.shop.programme_id
    ids = Identity.objects.filter(programme_id=programme)
    stores = set(ids.filter(outside_id__startswith="s").values_list("outside_id", flat=True))
    assert {f"s{one}" for one in range(STORES)} <= stores
    joined = [membership.member_id for membership in mall.members]
    assert joined[:-1] == [f"h{one}" for one in range(len(MEMBERS))]
    new = mall.members[-1]
    assert new.invited_by == mall.members[0]
    assert ids.filter(kind=Identity.Kind.MEMBER, number=new.number).exists()


def test_everybody_can_log_in(mall: Mall) -> None:
    assert mall.members
    for person in (*MEMBERS, INVITED, *CLERKS):
        user = User.objects.get(phone=f"+86{person.phone}")
        assert user.name == person.name
    assert User.objects.get(phone=f"+86{INVITED.phone}").check_password(PASSWORD)


def test_orders_stand_in_every_state_and_earn(mall: Mall) -> None:
    orders = Order.objects.filter(programme_id=mall.shop.programme_id)
    assert set(orders.values_list("status", flat=True)) == {
        "awaiting_payment",
        "paid",
        "shipped",
        "received",
    }
    assert orders.count() == len(DAY)
    assert any(order.coins for order in orders)
    assert any(order.points_uyuan for order in orders)
    purchases = Purchase.objects.filter(programme_id=mall.shop.programme_id)
    assert purchases.filter(state=Purchase.State.AWAITING).count() == 1
    assert Return.objects.filter(order__in=orders, state=Return.State.ASKED).count() == 1
    wine = mall.goods["贺兰山东麓 2019 干红葡萄酒"]
    wine.refresh_from_db()
    assert wine.sold == 3
    assert catalogue.rating_of(wine) == {"average": 4.5, "count": 2}


def test_offers_and_coupons_can_be_used(mall: Mall) -> None:
    programme = mall.shop.programme_id
    assert offers.coupon_of(programme, "welcome", mall.members[4].user).code == "WELCOME"
    offer = get_model("offer", "ConditionalOffer").objects.filter(programme_id=programme)
    assert offer.filter(offer_type="Site").exists()


def test_the_journal_verifies(mall: Mall) -> None:
    engine_of(mall.shop.programme_id).forget()
    name = Journaled.objects.values_list("name", flat=True).get(pk=mall.shop.programme_id)
    assert list(verify_full(name).findings) == []


# ------------------------------------------------------------------------------------ pictures


@pytest.mark.parametrize("place", range(len(read_merchants())))
def test_a_merchants_pictures_are_drawn_whole_and_alike_each_time(place: int) -> None:
    merchant = read_merchants()[place]
    pictures = [studio.drawn_logo(merchant), *(studio.drawn(merchant, w) for w in merchant.goods)]
    seen = set()
    for picture in pictures:
        assert picture.size == (800, 800)
        # Something stands in the middle, and it is not all of one colour.
        assert np.asarray(picture)[200:700, 250:550].std() > 10
        seen.add(picture.tobytes())
    assert len(seen) == len(pictures)
    assert studio.drawn(merchant, merchant.goods[0]).tobytes() == pictures[1].tobytes()


def test_pictures_are_kept_in_two_sizes_by_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHAREBACK_MEDIA", str(tmp_path))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "shareback.web.mall_settings")
    with studio.drawing() as drawn:
        kept = drawn[0].result(120)
    first = read_merchants()[0]
    assert set(kept) == {first.name[0], *(ware.title[0] for ware in first.goods)}
    for name in kept.values():
        assert (tmp_path / name).is_file()
        assert (tmp_path / small_of(name)).is_file()
