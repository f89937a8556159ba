"""A30: no ring of referrals closes, and there is one level only."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.kinds import FIELDS
from shareback.rules.layout import Member, Order
from tests.rules.world import Refused, World


def test_a_ring_of_three_does_not_close() -> None:
    world = World()
    for _ in range(3):
        world.join()
    world.set_referrer(2, 1)
    world.set_referrer(3, 2)
    world.refused(Code.REFERRAL_CYCLE, world.set_referrer, 1, 3)
    world.refused(Code.REFERRAL_CYCLE, world.set_referrer, 1, 2)


@pytest.mark.parametrize("order", list(permutations([(1, 2), (2, 3), (3, 1)])))
def test_nor_in_any_order_of_naming(order: list[tuple[int, int]]) -> None:
    world = World()
    for _ in range(3):
        world.join()
    named = 0
    for member, referrer in order:
        try:
            world.set_referrer(member, referrer)
            named += 1
        except Refused:
            continue
    assert named == 1


def test_nobody_refers_oneself_nor_a_later_member_at_joining() -> None:
    world = World()
    world.join()
    world.refused(Code.MEMBER_UNKNOWN, world.join, 2)
    world.refused(Code.SELF_REFERRAL, world.set_referrer, 1, 1)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=20))
def test_every_chain_of_referrers_ends(named: list[tuple[int, int]]) -> None:
    world = World()
    for _ in range(6):
        world.join()
    for member, referrer in named:
        try:
            world.set_referrer(member, referrer)
        except Refused:
            continue
    for member in range(1, 7):
        seen = set()
        while member and member not in seen:
            seen.add(member)
            member = world.member(member)[Member.REFERRER]  # noqa: PLW2901 - walks up the chain
        assert member == 0


def test_a_chain_pays_its_first_link_only() -> None:
    world = World(maturity_days=0)
    for number in range(4):
        world.join(referrer=number)
        world.buy(number + 1)
    held = [world.points(member) for member in (1, 2)]
    order = world.buy(4)
    assert world.order(order)[Order.REFERRER] == 3
    assert [world.points(member) for member in (1, 2)] == held


def test_no_second_referrer_can_be_written_down() -> None:
    assert all(fields.count("referrer") <= 1 for fields in FIELDS.values())
