"""A24: buy, mature, sell, refund late, twenty times: nothing gained, and no price lowered."""

import pytest

from shareback.rules.codes import Code
from shareback.rules.layout import Head, Member
from shareback.rules.member import accrued
from tests.rules.world import YUAN, World

CYCLES = 20
PAID = 100 * YUAN


class Thief:
    """Counts what goes into the programme and what comes out of it, over all accounts."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.balance = 0
        self.prices = [world.price]

    def buy(self, member: int) -> int:
        self.balance -= PAID
        return self.world.buy(member, PAID)

    def sell_all(self, member: int) -> None:
        if self.world.points(member):
            self.world.redeem(member, self.world.points(member))
        self.take(member)

    def take(self, member: int) -> None:
        cash = self.world.cash(member)
        if cash:
            self.world.withdraw(member, cash)
            self.balance += cash
        self.watch()

    def give_back(self, order: int, money: int = PAID) -> None:
        self.balance += self.world.refund(order, money).money_uyuan
        self.watch()

    def watch(self) -> None:
        """The price never falls, and the treasury is never negative."""
        self.prices.append(self.world.price)
        assert self.prices[-1] >= self.prices[-2]
        assert min(self.world.head(Head.FREE), self.world.head(Head.BOUND)) >= 0


def seeded(**parameters: object) -> World:
    """The pool of the seed's example after a hundred orders: 5.1731 yuan a point."""
    world = World(**({"maturity_days": 0, "referral_rate": 0, "quota_multiple": 20} | parameters))
    for _ in range(100):
        world.buy(world.join())
    world.fund(10_000 * YUAN)
    return world


@pytest.mark.parametrize("dividends", ["0", "0.3"])
@pytest.mark.parametrize("throw_away", [False, True])
def test_twenty_cycles_gain_nothing(throw_away: bool, dividends: str) -> None:  # noqa: FBT001
    world = seeded(dividend_rate=dividends)
    thief = Thief(world)
    free = world.head(Head.FREE)
    member = world.join()
    for _ in range(CYCLES):
        if throw_away:
            member = world.join()
        order = thief.buy(member)
        world.close()
        thief.sell_all(member)
        thief.give_back(order)
    assert thief.balance <= 0
    assert world.price >= thief.prices[0]
    # The treasury bears what the pool keeps of an order: 45 yuan less the 21 that come back.
    assert 0 < free - world.head(Head.FREE) <= CYCLES * 24 * YUAN
    assert world.head(Head.RECEIVABLES) == 0


def test_the_seed_says_what_a_refund_out_of_the_reserve_would_do() -> None:
    world = seeded(dividend_rate=0)
    before = world.reserve * 10**12 // world.supply
    # Immediate credit, sale at the fee, and 30 yuan back out of R: 5.1731 falls to 5.1404.
    minted = 21 * YUAN * world.supply // world.reserve
    paid = minted * (world.reserve + 30 * YUAN) // (world.supply + minted) * 9 // 10
    after = (world.reserve - paid) * 10**12 // world.supply
    assert after < before
    assert [round(price / 10**10, 4) for price in (before, after)] == [5.1731, 5.1404]


def test_giving_back_in_parts_while_selling_in_parts_gains_nothing() -> None:
    world = seeded()
    thief = Thief(world)
    member = world.join()
    for _ in range(5):
        order = thief.buy(member)
        world.close()
        for _ in range(4):
            if world.points(member) > 10**8:
                world.redeem(member, world.points(member) // 2)
            thief.take(member)
            thief.give_back(order, PAID // 4)
    thief.sell_all(member)
    assert thief.balance <= 0


def test_converting_to_coins_first_gains_nothing_either() -> None:
    world = seeded(dividend_rate=0)
    shop = world.open_shop()
    thief = Thief(world)
    for _ in range(CYCLES):
        member = world.join()
        order = thief.buy(member)
        world.convert(member, world.points(member))
        coins = world.member(member)[Member.COINS]
        world.pay_coins(member, shop, coins)
        world.exchange(shop, coins)
        world.redeem_merchant(shop, world.shop(shop)[1])
        thief.give_back(order)
    thief.balance += world.payable(shop)
    assert thief.balance <= 0


def test_without_money_in_the_treasury_the_cycle_stops_and_nothing_is_lost() -> None:
    world = seeded()
    world.withdraw_treasury(world.head(Head.FREE))
    order = world.buy(world.join(), PAID)
    member = world.head(Head.MEMBERS)
    # The points are worth 21 of the 45 yuan that go back.
    world.refused(Code.TREASURY_SHORT, world.refund, order, PAID)
    assert world.points(member) == world.awarded(order)


def test_what_an_abandoned_referrer_took_is_counted_shown_and_paid_by_its_next_awards() -> None:
    world = seeded(referral_rate="0.1", dividend_rate=0)
    referrer = world.join()
    world.buy(referrer, PAID)
    took = 0
    for _ in range(CYCLES):
        buyer = world.join(referrer=referrer)
        order = world.buy(buyer, PAID)
        if world.points(referrer):
            world.redeem(referrer, world.points(referrer))
        took += world.cash(referrer)
        if world.cash(referrer):
            world.withdraw(referrer, world.cash(referrer))
        world.refund(order, PAID)
    row = world.member(referrer)
    # Its next awards pay what it owes: only the last is out, counted and shown.
    assert 0 < row[Member.RECEIVABLE] == world.head(Head.RECEIVABLES) < 31 * YUAN // 10
    assert row[Member.RECEIVABLE_TREASURY] == row[Member.RECEIVABLE]
    # And all it ever took lies within its own quota.
    assert took <= row[Member.USED] <= row[Member.QUOTA]


def wealth(world: World, member: int) -> int:
    """Cash, dividends to come, and what the points would fetch now."""
    row = world.member(member)
    coming = accrued(row, world.head(Head.INDEX))
    return row[Member.CASH] + coming + world.worth(member) * 9 // 10


def test_what_a_large_holder_gains_by_cycles_of_others_is_the_treasurys_and_within_its_quota() -> (
    None
):
    """A limit of R6.4, not its promise: what pot and pool keep of the orders is the holders'."""
    world = World(maturity_days=0, referral_rate=0)
    whale = world.join()
    world.buy(whale, 10_000 * YUAN)
    world.fund(10_000 * YUAN)
    world.close()
    before, free, left = wealth(world, whale), world.head(Head.FREE), world.left(whale)
    thief = Thief(world)
    for _ in range(CYCLES):
        order = thief.buy(world.join())
        world.close()
        thief.give_back(order)
    gained = wealth(world, whale) - before + thief.balance
    assert gained <= free - world.head(Head.FREE) <= CYCLES * 24 * YUAN
    assert gained <= left


def test_no_cycle_passes_without_a_decision_above_the_limit() -> None:
    world = seeded()
    order = world.buy(world.join(), 2_000 * YUAN)
    world.refused(Code.NEEDS_TWO_APPROVERS, world.refund, order, 2_000 * YUAN, 1)
    world.refund(order, 1_000 * YUAN, 0)
