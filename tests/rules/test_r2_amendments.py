"""R2: parameters change by amendment only: two approvers, a future day, nothing backwards."""

from shareback.rules.codes import Code
from shareback.rules.layout import Head, Order, Term
from tests.rules.world import GOLDEN, POINT, YUAN, World


def test_an_amendment_needs_two_approvers() -> None:
    world = World()
    world.refused(Code.NEEDS_TWO_APPROVERS, world.amend, 1, 1, award_rate="0.5")
    world.amend(1, 2, award_rate="0.5")


def test_an_amendment_holds_from_a_future_day() -> None:
    world = World()
    world.close(3)
    world.refused(Code.AMOUNT_INVALID, world.amend, 3, award_rate="0.5")
    world.refused(Code.AMOUNT_INVALID, world.amend, 2, award_rate="0.5")
    world.amend(4, award_rate="0.5")
    assert world.terms[Term.AWARD] == 700_000
    world.close()
    assert world.terms[Term.AWARD] == 500_000


def test_an_amendment_waits_for_its_very_day() -> None:
    world = World()
    world.amend(3, award_rate="0.5")
    world.close(2)
    assert (world.day, world.terms[Term.AWARD]) == (2, 700_000)
    world.close()
    assert (world.day, world.terms[Term.AWARD]) == (3, 500_000)


def test_of_two_amendments_for_one_day_the_later_holds() -> None:
    world = World()
    world.amend(2, award_rate="0.5")
    world.amend(1, award_rate="0.6")
    world.amend(2, award_rate="0.4")
    world.close()
    assert world.terms[Term.AWARD] == 600_000
    world.close(2)
    assert world.terms[Term.AWARD] == 400_000


def test_an_order_keeps_the_terms_under_which_it_was_paid() -> None:
    world = World(**GOLDEN)
    old = world.buy(world.join(), received=0)
    world.amend(1, award_rate="0.35", backing_rate="0.2", maturity_days=3)
    world.close()
    new = world.buy(world.join())
    world.receive(old)
    assert world.order(old)[Order.TERMS] != world.order(new)[Order.TERMS]
    assert world.awarded(old) == 21 * POINT
    assert world.order(new)[Order.DUE_DAY] == 4
    world.close(4)
    # 35 % of 20 yuan, at the price of 30 yuan for 21 points.
    assert world.awarded(new) == 7 * 21 * POINT // 30


def test_the_fee_of_today_is_that_of_the_terms_in_force() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.amend(1, redemption_fee="0.2")
    assert world.redeem(1, 7 * POINT).fee_uyuan == YUAN
    world.close()
    answer = world.redeem(1, 7 * POINT)
    assert answer.fee_uyuan == -(-answer.money_uyuan // 5)


def test_a_cap_below_what_is_issued_is_refused() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.refused(Code.AMOUNT_INVALID, world.amend, 1, supply_cap="20.99999999")
    world.amend(1, supply_cap=21)
    world.close()
    world.buy(1)
    assert world.head(Head.ISSUED) == 21 * POINT
    assert world.reserve == 60 * YUAN


def test_the_cap_never_rises() -> None:
    world = World(**(GOLDEN | {"supply_cap": 100}))
    world.buy(world.join())
    world.refused(Code.AMOUNT_INVALID, world.amend, 1, supply_cap="100.00000001")
    world.amend(1, supply_cap=100)
    world.amend(2, supply_cap=50)
    # Nor is a lower one that was announced taken back, not even for the same day.
    world.refused(Code.AMOUNT_INVALID, world.amend, 2, supply_cap="50.00000001")
    world.close(3)
    world.refused(Code.AMOUNT_INVALID, world.amend, 4, supply_cap=51)


def test_an_announced_cap_binds_awards_before_its_day_too() -> None:
    world = World(**GOLDEN)
    world.buy(world.join())
    world.amend(1, supply_cap=30)
    world.buy(1)
    world.close()
    assert world.head(Head.ISSUED) <= world.terms[Term.SUPPLY_CAP]


def test_an_amendment_of_the_maturity_changes_nothing_for_orders_on_their_way() -> None:
    world = World(maturity_days=2)
    world.buy(world.join())
    world.amend(1, maturity_days=0)
    world.close(2)
    assert world.head(Head.ORDERS_MATURED) == 0
    world.close()
    assert world.head(Head.ORDERS_MATURED) == 1
