"""A12: an order split into many earns no more than the whole."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.layout import Head
from tests.rules.world import YUAN, FastWorld, World


def points_for(pieces: list[int], days: int) -> int:
    """What one member gets for orders of one day, in a pool that others have filled."""
    world = FastWorld(maturity_days=days, referral_rate=0, dividend_rate=0, quota_multiple=100)
    world.buy(world.join(), 1_234_567_891)
    world.close(days + 1)
    world.join()
    for paid in pieces:
        world.buy(2, paid)
    world.close(days + 1)
    assert world.head(Head.ORDERS_PENDING) == 0
    return world.points(2)


@pytest.mark.parametrize("days", [0, 1])
@pytest.mark.parametrize("pieces", [2, 7, 100, 1_000])
def test_a_thousand_yuan_in_pieces_earn_no_more_than_at_once(pieces: int, days: int) -> None:
    whole = points_for([1_000 * YUAN], days)
    split = points_for([1_000 * YUAN // pieces] * pieces, days)
    assert split <= whole
    if days:
        assert split >= whole - 300 * pieces


@settings(max_examples=40)
@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=8), st.integers(0, 1))
def test_no_split_earns_more(pieces: list[int], days: int) -> None:
    assert points_for(pieces, days) <= points_for([sum(pieces)], days)


def test_nor_does_it_grant_more_quota_or_dividends() -> None:
    heads = []
    for pieces in ([1_000 * YUAN], [1] * 999 + [1_000 * YUAN - 999]):
        world = FastWorld(maturity_days=1, quota_multiple="1.5")
        world.join()
        for paid in pieces:
            world.buy(1, paid)
        heads.append((world.head(Head.QUOTA_PENDING), world.head(Head.ORDER_ESCROW)))
    whole, split = heads
    assert split[0] < whole[0]
    assert split[1] < whole[1]


def test_the_referrer_gains_nothing_by_it_either() -> None:
    gained = []
    for pieces in (1, 500):
        world = (
            World(maturity_days=1, dividend_rate=0)
            if pieces == 1
            else FastWorld(maturity_days=1, dividend_rate=0)
        )
        world.buy(world.join(), 1_000 * YUAN)
        world.close(2)
        world.join(referrer=1)
        before = world.points(1)
        for _ in range(pieces):
            world.buy(2, 1_000 * YUAN // pieces)
        world.close(2)
        gained.append(world.points(1) - before)
    assert gained[1] <= gained[0]
