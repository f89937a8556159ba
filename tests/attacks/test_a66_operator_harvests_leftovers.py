"""A66: the operator takes out no more than it put in: not leftovers, not the escrow's surplus."""

from contextlib import suppress

from hypothesis import example, given, settings

from shareback.rules.codes import Code
from shareback.rules.layout import Head, Member, Order
from tests.rules.steps import Step, part, steps
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


def operated() -> World:
    """Four members in a chain of referrals; the operator has its 500 yuan back already.

    Late refunds fall on the fee that member 2 left when it sold the last point, then on the
    surplus over member 1's coins: a linked order of member 5 has made the escrow's points dear.
    """
    world = World(maturity_days=0, dividend_rate="0.01", quota_multiple=20, referral_rate="0.3")
    for number in range(4):
        world.join(referrer=number)
    world.open_shop(party=3)
    world.join(party=3)
    world.fund(500 * YUAN)
    world.buy(2, 1_000 * YUAN)
    cash_out(world, 2)
    world.buy(1, 10_000 * YUAN)
    world.convert(1, world.points(1))
    world.buy(5, 10_000 * YUAN, merchant=1)
    world.withdraw_treasury(500 * YUAN)
    assert (world.head(Head.FREE), world.head(Head.BOUND)) == (0, 30 * YUAN)
    return world


def cash_out(world: World, member: int) -> None:
    """Sell everything and take the money away: what is owed later must come from new awards."""
    world.redeem(member, world.points(member))
    world.withdraw(member, world.cash(member))


def tried(world: World, step: Step) -> None:
    """Buy, convert, sell, refund, lift the price, or close the day."""
    kind, one, other, much = step
    member, order = one % 4 + 1, one * 10 + other
    if kind <= 7:
        world.buy(member, much * YUAN)
    elif kind <= 9:
        world.convert(member, part(world.points(member), much))
    elif kind <= 12:
        cash_out(world, member)
    elif kind <= 16 and order < world.head(Head.ORDERS) + 1:
        world.refund(order, part(world.order(order)[Order.PAID], much))
    elif kind == 17:
        world.buy(5, much * YUAN, merchant=1)
    else:
        world.close()


@settings(max_examples=80)
@example([(0, 0, 0, 100), (0, 1, 0, 1_000), (10, 0, 0, 1), (13, 0, 5, 1_000), (0, 0, 0, 1_000)])
@given(steps)
def test_the_operator_never_gets_out_more_than_it_put_in(taken: list[Step]) -> None:
    world = operated()
    gained = 0
    for step in taken:
        with suppress(Refused):
            tried(world, step)
        with suppress(Refused):
            free = world.head(Head.FREE)
            world.withdraw_treasury(free)
            gained += free
    assert gained == 0


def test_a_referrers_debt_for_what_bound_and_escrow_bore_is_none_of_the_operators() -> None:
    world = operated()
    world.buy(1, 100 * YUAN)
    order = world.buy(2, 1_000 * YUAN)
    cash_out(world, 1)
    escrow = world.head(Head.POINTS_ESCROW)
    world.refund(order, 1_000 * YUAN)
    assert world.head(Head.POINTS_ESCROW) < escrow
    owed = world.member(1)[Member.RECEIVABLE_TREASURY]
    assert owed > 0
    world.buy(1, 1_000 * YUAN)
    assert world.member(1)[Member.RECEIVABLE_TREASURY] == 0
    assert (world.head(Head.FREE), world.head(Head.BOUND)) == (0, owed)


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
