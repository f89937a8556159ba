"""A34: a token order resets nothing: quota grows by the multiple of matured cash alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.layout import Head, Member
from tests.rules.world import GOLDEN, POINT, YUAN, World


def exited() -> World:
    """Member 2 has left at its quota of 40 yuan."""
    world = World(**(GOLDEN | {"quota_multiple": "0.4"}))
    world.open_shop(party=3)
    world.join(party=3)
    world.buy(world.join())
    world.buy(world.join(), 1_000 * YUAN)
    world.buy(1, 1_000 * YUAN, merchant=1)
    assert (world.points(2), world.left(2)) == (0, 0)
    return world


@pytest.mark.parametrize("paid", [1, 3, 1_000, YUAN])
def test_a_token_order_brings_its_own_quota_and_no_more(paid: int) -> None:
    world = exited()
    used = world.member(2)[Member.USED]
    world.buy(2, paid)
    assert world.member(2)[Member.QUOTA] == 40 * YUAN + paid * 4 // 10
    assert world.member(2)[Member.USED] >= used


def test_what_was_received_is_never_forgotten() -> None:
    world = exited()
    for _ in range(50):
        world.buy(2, 10)
    row = world.member(2)
    assert row[Member.QUOTA] == 40 * YUAN + 50 * 4
    assert 40 * YUAN <= row[Member.USED] <= row[Member.QUOTA]


def test_an_order_on_its_way_or_given_back_grants_none() -> None:
    world = World(maturity_days=3)
    order = world.buy(world.join(), 10**6 * YUAN)
    world.close()
    assert world.left(1) == 0
    world.refund(order, 10**6 * YUAN - 1)
    world.close(3)
    assert world.member(1)[Member.QUOTA] == 2


def test_points_taken_before_count_against_the_new_quota() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.redeem(1, 21 * POINT)
    world.buy(1, 1)
    assert world.left(1) == 200 * YUAN + 2 - 30 * YUAN


@settings(max_examples=30)
@given(st.lists(st.integers(1, 10**8), max_size=10))
def test_quota_is_the_multiple_of_all_matured_cash(paid: list[int]) -> None:
    world = exited()
    for amount in paid:
        world.buy(2, amount)
    assert world.member(2)[Member.QUOTA] == 40 * YUAN + sum(one * 4 // 10 for one in paid)
    assert world.head(Head.QUOTA_PENDING) == 0
