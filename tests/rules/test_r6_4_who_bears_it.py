"""R6.4: who bears a late refund: free treasury, bound treasury, escrow surplus, in that order."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import Head, Member
from tests.rules.world import GOLDEN, POINT, YUAN, World


def unbacked(**parameters: object) -> World:
    """A linked order to give back: no points to burn, 30 + 15 yuan to bear."""
    world = World(**({"maturity_days": 0, "referral_rate": 0} | parameters))
    world.buy(world.join())
    world.open_shop(party=3)
    world.buy(world.join(party=3), merchant=1)
    return world


def test_a_refund_that_the_treasury_cannot_bear_waits_for_money() -> None:
    world = unbacked()
    refusal = world.refused(Code.TREASURY_SHORT, world.refund, 2, 100 * YUAN)
    assert (refusal.have, refusal.need) == (0, 45 * YUAN)
    world.fund(45 * YUAN - 1)
    refusal = world.refused(Code.TREASURY_SHORT, world.refund, 2, 100 * YUAN)
    assert (refusal.have, refusal.need) == (45 * YUAN - 1, 45 * YUAN)
    world.fund(1)
    world.refund(2, 100 * YUAN)
    assert (world.head(Head.FREE), world.reserve, world.head(Head.POT)) == (0, 60 * YUAN, 30 * YUAN)


def test_a_refusal_puts_back_what_was_touched_of_buyer_and_referrer() -> None:
    world = World(maturity_days=0)
    world.buy(world.join())
    world.buy(world.join(referrer=1))
    world.close()
    world.redeem(2, world.points(2))
    world.withdraw(2, world.cash(2))
    world.refused(Code.TREASURY_SHORT, world.refund, 2, 50 * YUAN)
    world.fund(100 * YUAN)
    world.refund(2, 50 * YUAN)


def test_the_bound_treasury_bears_what_the_free_part_cannot() -> None:
    world = World(**GOLDEN)
    world.open_shop(party=3)
    world.buy(world.join(party=3), merchant=1)
    assert (world.reserve, world.head(Head.BOUND)) == (0, 30 * YUAN)
    world.fund(10 * YUAN)
    world.refund(1, 100 * YUAN)
    head = [world.head(column) for column in (Head.FREE, Head.BOUND, Head.BOUND_DRAWN)]
    assert head == [0, 10 * YUAN, 20 * YUAN]


def test_what_comes_back_makes_the_bound_treasury_whole_first() -> None:
    world = World(**(GOLDEN | {"quota_multiple": 10}))
    world.buy(world.join())
    world.buy(world.join())
    world.redeem(1, 21 * POINT)
    world.withdraw(1, world.cash(1))
    world.fund(100 * YUAN)
    world.state.head[Head.BOUND_DRAWN] = 12 * YUAN
    world.refund(1, 100 * YUAN)
    # Of the 40.3 yuan owed 30 are the treasury's: 12 make it whole, and the cost of 30 is free's.
    columns = (Head.FREE, Head.BOUND, Head.BOUND_DRAWN)
    assert [world.head(column) for column in columns] == [88 * YUAN, 12 * YUAN, 0]


def test_what_the_buyer_owes_the_treasury_is_not_owed_by_the_referrer_again() -> None:
    world = World(maturity_days=0, dividend_rate=0, quota_multiple=20)
    world.fund(50 * YUAN)
    world.buy(world.join())
    world.buy(world.join(referrer=1))
    world.buy(world.join())
    for member in (1, 2):
        world.redeem(member, world.points(member))
    world.open_shop(party=3)
    world.buy(world.join(party=3), 50 * YUAN, merchant=1)
    reserve, supply = world.reserve, world.supply
    world.refund(2, 100 * YUAN)
    owed = [-(-points * reserve // supply) for points in (1_470_000_000, 210_000_000)]
    assert owed[0] > 30 * YUAN
    # The buyer's debt covers the treasury's 30 yuan; the rest and the referrer's are the pool's.
    assert world.head(Head.FREE) == 50 * YUAN
    assert world.reserve == reserve + sum(owed) - 30 * YUAN


def with_escrow(**parameters: object) -> World:
    """30 coins need half of the 21 points in escrow; the other half is worth 30 yuan."""
    world = World(**(GOLDEN | parameters))
    world.buy(world.join())
    world.convert(1, 21 * POINT)
    world.open_shop(party=3)
    world.buy(world.join(party=3), merchant=1)
    return world


def test_the_surplus_of_the_coin_escrow_bears_the_last() -> None:
    world = with_escrow()
    world.refund(2, 100 * YUAN)
    assert (world.reserve, world.supply) == (30 * YUAN, 1_050_000_000)
    assert world.head(Head.POINTS_ESCROW) == 1_050_000_000


def test_where_no_point_is_out_there_is_no_surplus_to_draw_on() -> None:
    world = World(maturity_days=0)
    world.open_shop(party=3)
    world.buy(world.join(party=3), merchant=1)
    # 30 yuan of contribution are bound; the 15 of dividends lie in the pot.
    refusal = world.refused(Code.TREASURY_SHORT, world.refund, 1, 100 * YUAN)
    assert (refusal.have, refusal.need) == (30 * YUAN, 45 * YUAN)
    world.fund(15 * YUAN)
    world.refund(1, 100 * YUAN)


def test_the_surplus_is_never_overdrawn() -> None:
    world = with_escrow(dividend_rate="0.000001")
    # 50 µ¥ of dividends come on top of the 30 yuan that the surplus is worth.
    refusal = world.refused(Code.TREASURY_SHORT, world.refund, 2, 100 * YUAN)
    assert (refusal.have, refusal.need) == (0, 30 * YUAN + 50)
    world.fund(49)
    world.refused(Code.TREASURY_SHORT, world.refund, 2, 100 * YUAN)
    world.fund(1)
    world.refund(2, 100 * YUAN)
    assert world.head(Head.FREE) == 0


def test_where_the_coins_need_a_fraction_of_a_unit_it_is_theirs() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.convert(1, 21 * POINT)
    world.open_shop(party=3)
    world.buy(world.join(party=3), 101 * YUAN, merchant=1)
    # 30 coins at 60.3 yuan for 21 points: 1,044,776,119.4 units, and the rest is short by one.
    refusal = world.refused(Code.TREASURY_SHORT, world.refund, 2, 101 * YUAN)
    assert refusal.need == 30_300_000
    world.fund(1)
    world.refund(2, 101 * YUAN)
    assert world.head(Head.POINTS_ESCROW) * world.reserve >= 30 * YUAN * world.supply


@settings(max_examples=40)
@given(st.integers(1, 10**9), st.lists(st.integers(1, 10**9), min_size=1, max_size=4))
def test_drawing_on_the_surplus_never_lowers_the_price_nor_uncovers_a_coin(
    paid: int, refunds: list[int]
) -> None:
    world = World(**(GOLDEN | {"quota_multiple": 100}))
    world.buy(world.join())
    world.convert(1, 21 * POINT)
    world.open_shop(party=3)
    world.buy(world.join(party=3), paid, merchant=1)
    for money in refunds:
        code = world.attempt(world.refund, 2, money)
        assert code in (Code.ACCEPTED, Code.REFUND_ABOVE_PAID, Code.TREASURY_SHORT)


def test_what_the_escrow_bore_never_becomes_the_operators() -> None:
    world = World(maturity_days=0, dividend_rate=0, quota_multiple=20, late_refund_limit=10_000)
    world.buy(world.join(), 100_000 * YUAN)
    world.convert(1, world.points(1))
    world.open_shop(party=3)
    world.buy(world.join(party=3), 100_000 * YUAN, merchant=1)
    referrer = world.join()
    world.buy(referrer, 100 * YUAN)
    order = world.buy(world.join(referrer=referrer), 1_000 * YUAN)
    world.redeem(referrer, world.points(referrer))
    world.withdraw(referrer, world.cash(referrer))
    escrow = world.head(Head.POINTS_ESCROW)
    world.refund(order, 1_000 * YUAN)
    owed = world.member(referrer)[Member.RECEIVABLE_TREASURY]
    assert world.head(Head.POINTS_ESCROW) < escrow
    assert owed > 29 * YUAN
    # The referrer's next award pays it: to the bound treasury, since the escrow had borne it.
    world.buy(referrer, 1_000 * YUAN)
    assert world.member(referrer)[Member.RECEIVABLE_TREASURY] == 0
    assert (world.head(Head.FREE), world.head(Head.BOUND)) == (0, owed)
    world.refused(Code.TREASURY_SHORT, world.withdraw_treasury, 1)
