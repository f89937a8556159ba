"""A66: the operator takes out no more than it put in: not leftovers, not the escrow's surplus."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import Head
from tests.rules.steps import Step, settled, steps, walk
from tests.rules.world import GOLDEN, POINT, YUAN, Refused, World


def leftovers() -> World:
    """A fee of 3 yuan is bound; an escrow for 30 coins is worth 60 yuan."""
    world = World(**GOLDEN)
    world.open_shop(party=3)
    world.join(party=3)
    world.buy(world.join())
    world.redeem(2, 21 * POINT)
    world.buy(world.join())
    world.convert(3, world.points(3))
    world.buy(1, merchant=1)
    return world


def test_neither_the_bound_treasury_nor_the_surplus_can_be_withdrawn() -> None:
    world = leftovers()
    assert world.head(Head.BOUND) == 3 * YUAN
    surplus = world.reserve - world.head(Head.COINS_MEMBERS)
    assert surplus == 30 * YUAN
    world.refused(Code.TREASURY_SHORT, world.withdraw_treasury, 1)
    world.fund(YUAN)
    world.refused(Code.TREASURY_SHORT, world.withdraw_treasury, YUAN + 1)


def test_nor_can_they_pay_for_awards_to_friends() -> None:
    world = leftovers()
    world.refused(Code.TREASURY_SHORT, world.award, 2, 1_000, 1_000)


def test_a_late_refund_moves_them_no_further_than_back_to_the_orders_own_money() -> None:
    world = leftovers()
    escrow = world.head(Head.POINTS_ESCROW)
    paid_in = 30 * YUAN
    bank = world.head(Head.BANK)
    world.refund(3, 100 * YUAN)
    # The order's own contribution leaves the bank, and not a µ¥ more.
    assert world.head(Head.BANK) == bank - paid_in
    assert (world.head(Head.FREE), world.head(Head.BOUND)) == (0, 0)
    # What bound treasury and escrow bore is theirs again before the operator's.
    assert world.head(Head.BOUND_DRAWN) == 30 * YUAN
    assert world.head(Head.POINTS_ESCROW) < escrow
    coins = world.head(Head.COINS_MEMBERS)
    assert world.head(Head.POINTS_ESCROW) * world.reserve >= coins * world.supply


def test_what_was_drawn_is_made_whole_before_the_operator_gets_any() -> None:
    world = World(**(GOLDEN | {"quota_multiple": 10}))
    world.buy(world.join())
    world.buy(world.join())
    world.redeem(1, world.points(1))
    world.fund(100 * YUAN)
    world.state.head[Head.BOUND_DRAWN] = 20 * YUAN
    world.refund(1, 100 * YUAN)
    assert world.head(Head.BOUND) == 20 * YUAN
    assert world.head(Head.BOUND_DRAWN) == 0


@settings(max_examples=80)
@given(steps, st.lists(st.integers(1, 10**9), max_size=3))
def test_the_operator_never_gets_out_more_than_it_put_in(
    taken: list[Step], withdrawn: list[int]
) -> None:
    world = settled(World(maturity_days=1, quota_multiple="0.6", referral_rate="0.3"))
    walk(world, taken)
    out = 0
    for money in withdrawn:
        try:
            world.withdraw_treasury(money)
            out += money
        except Refused:
            continue
    assert out + world.head(Head.FREE) <= world.head(Head.TREASURY_FUNDED)


def test_at_the_end_the_bound_treasury_is_everybodys() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.redeem(1, 21 * POINT)
    world.buy(world.join())
    world.announce_end(1)
    world.close()
    world.end()
    world.settle_accounts(1, 2)
    assert world.cash(2) == 33 * YUAN
    assert world.head(Head.BOUND) == 0
