"""R4.4: an order between a member and a linked merchant contributes, and earns nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import Head, Member, Merchant, Order
from tests.rules.world import POINT, YUAN, World


def linked(**parameters: object) -> World:
    """Member 2, referred by member 1, owns the shop."""
    world = World(**({"maturity_days": 0} | parameters))
    world.buy(world.join())
    world.join(referrer=1, party=9)
    world.open_shop(party=9)
    world.open_shop(party=8)
    return world


def test_a_linked_order_contributes() -> None:
    world = linked()
    reserve, pot = world.reserve, world.head(Head.POT)
    world.buy(2, merchant=1)
    assert world.reserve == reserve + 30 * YUAN
    assert world.head(Head.POT) == pot + 15 * YUAN


def test_a_linked_order_earns_neither_points_nor_quota_nor_referral() -> None:
    world = linked()
    order = world.buy(2, merchant=1)
    assert world.order(order)[Order.LINKED] == 1
    assert (world.awarded(order), world.order(order)[Order.POINTS_REFERRER]) == (0, 0)
    assert (world.points(2), world.left(2), world.points(1)) == (0, 0, 21 * POINT)
    assert world.head(Head.QUOTA_PENDING) == 0


@pytest.mark.parametrize("shop", [0, 2])
def test_an_order_at_another_shop_earns(shop: int) -> None:
    world = linked()
    order = world.buy(2, merchant=shop)
    assert world.awarded(order) == 1_470_000_000
    assert world.left(2) == 200 * YUAN


def test_who_has_no_known_party_is_linked_to_nobody() -> None:
    world = World(maturity_days=0)
    world.join()
    world.open_shop()
    assert world.order(world.buy(1, merchant=1))[Order.LINKED] == 0


def test_a_link_counts_from_when_it_is_known() -> None:
    world = linked(maturity_days=1)
    world.link(2, 0, 7)
    earning = world.buy(2, merchant=1)
    world.link(2, 1, 6)
    assert (world.member(2)[Member.PARTY], world.shop(1)[Merchant.PARTY]) == (6, 6)
    world.buy(2, merchant=1)
    world.link(0, 1, 5)
    assert world.order(earning)[Order.LINKED] == 0
    assert [world.order(number)[Order.LINKED] for number in (2, 3)] == [0, 1]


def test_an_order_names_merchants_that_there_are() -> None:
    world = linked()
    world.refused(Code.MEMBER_UNKNOWN, world.buy, 0)
    unknown = World(maturity_days=0)
    unknown.join()
    unknown.state.merchants.append([0] * len(unknown.state.merchants[0]))
    unknown.refused(Code.MERCHANT_UNKNOWN, unknown.buy, 1, 100 * YUAN, 1)


def test_a_link_names_whom_there_is() -> None:
    world = World()
    world.refused(Code.MEMBER_UNKNOWN, world.link, 0, 0, 1)
    world.join()
    world.open_shop()
    world.refused(Code.AMOUNT_INVALID, world.link, 1, 1, 0)
    world.link(1, 0, 1)
    world.link(0, 1, 1)
    world.state.members.append([0] * len(world.state.members[0]))
    world.state.merchants.append([0] * len(world.state.merchants[0]))
    world.refused(Code.MEMBER_UNKNOWN, world.link, 2, 1, 1)
    world.refused(Code.MERCHANT_UNKNOWN, world.link, 1, 2, 1)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 10**10)), min_size=1, max_size=6))
def test_linked_orders_lift_everybodys_points_and_their_buyers_get_none(
    bought: list[tuple[bool, int]],
) -> None:
    world = linked(referral_rate=0, quota_multiple=1_000)
    unlinked = 0
    for own, paid in bought:
        world.buy(2, paid, merchant=1 if own else 2)
        unlinked += 0 if own else paid
    assert world.left(2) == 1_000 * unlinked
    paid_all = sum(paid * 3 // 10 for _, paid in bought)
    assert world.reserve == 30 * YUAN + paid_all
