"""R7.4: first the pot is shared, then orders mature, then exits; new points earn from the next."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.layout import Head, Member
from shareback.rules.member import accrued
from tests.rules.world import POINT, YUAN, World


def test_points_that_mature_at_a_close_have_no_part_in_its_dividends() -> None:
    world = World(maturity_days=1, referral_rate=0)
    world.buy(world.join())
    world.close()
    world.buy(world.join())
    world.close()
    assert (world.points(1), world.points(2), world.head(Head.POT)) == (21 * POINT, 0, 15 * YUAN)
    world.close()
    assert world.points(2) == 1_470_000_000
    index = world.head(Head.INDEX)
    assert accrued(world.member(1), index) == 14_999_999
    assert world.member(2)[Member.INDEX] == index
    assert 15 * YUAN <= world.head(Head.POT) <= 15 * YUAN + 1


def test_an_exit_of_the_dividend_comes_before_the_price_that_maturing_makes() -> None:
    world = World(maturity_days=1, referral_rate=0, quota_multiple="0.4")
    world.buy(world.join())
    world.close()
    world.buy(world.join(), 1_000 * YUAN)
    world.close(2)
    # Member 1 left with 10 of dividends and 30 of value, before the new contribution came in.
    assert world.cash(1) == 37 * YUAN
    last = 30 * YUAN * 10**12 // (21 * POINT)
    assert world.points(2) == 210 * YUAN * 10**12 // last


@settings(max_examples=30)
@given(st.lists(st.integers(10**6, 10**9), min_size=2, max_size=6))
def test_who_bought_later_never_gets_an_earlier_dividend(paid: list[int]) -> None:
    world = World(maturity_days=1, referral_rate=0, quota_multiple=1_000)
    for amount in paid:
        world.buy(world.join(), amount)
        world.close()
    world.close()
    index = world.head(Head.INDEX)
    earned = [accrued(row, index) / row[Member.POINTS] for row in world.state.members[1:-1]]
    assert earned[: len(paid)] == sorted(earned[: len(paid)], reverse=True)
