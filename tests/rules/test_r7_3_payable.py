"""R7.3: the dust of flooring stays in payable, and nothing of the dividends is lost."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import EffectKind, Head, Member
from shareback.rules.member import accrued
from tests.rules.world import POINT, YUAN, World


def three_holders() -> World:
    """Three members share 45 yuan by weights that do not divide it."""
    world = World(maturity_days=0, referral_rate=0)
    for _ in range(3):
        world.buy(world.join())
    world.close()
    return world


def test_dividends_become_cash_when_the_member_is_touched() -> None:
    world = three_holders()
    coming = accrued(world.member(1), world.head(Head.INDEX))
    assert world.cash(1) == 0
    world.withdraw(1, coming)
    assert (world.cash(1), world.member(1)[Member.USED]) == (0, coming)
    assert world.events[0].kind == EffectKind.CASH_WITHDRAWN
    assert world.head(Head.DIVIDENDS_CREDITED) == coming


def test_a_unit_more_than_cash_and_dividends_is_not_there() -> None:
    world = three_holders()
    coming = accrued(world.member(1), world.head(Head.INDEX))
    refusal = world.refused(Code.CASH_SHORT, world.withdraw, 1, coming + 1)
    assert (refusal.have, refusal.need) == (coming, coming + 1)
    world.refused(Code.MEMBER_UNKNOWN, world.withdraw, 0, 1)
    bank = world.head(Head.BANK)
    world.withdraw(1, coming)
    assert world.head(Head.BANK) == bank - coming


def test_dust_stays_in_payable_when_all_are_paid() -> None:
    world = three_holders()
    for member in (1, 2, 3):
        world.withdraw(member, accrued(world.member(member), world.head(Head.INDEX)))
    dust = world.head(Head.PAYABLE)
    assert 0 <= dust <= 3
    paid = world.head(Head.DIVIDENDS_CREDITED)
    assert paid + dust + world.head(Head.POT) == 45 * YUAN


def test_what_accrued_above_the_quota_stays_in_payable() -> None:
    world = three_holders()
    row = world.member(1)
    # By hand: a unit of quota is left.
    world.state.head[Head.QUOTA_GRANTED] -= row[Member.QUOTA] - 1
    world.state.head[Head.QUOTA_OPEN] -= row[Member.OPEN] - 1
    row[Member.QUOTA] = row[Member.OPEN] = 1
    payable = world.head(Head.PAYABLE)
    world.refused(Code.CASH_SHORT, world.withdraw, 1, 2)
    world.withdraw(1, 1)
    assert (row[Member.USED], world.head(Head.PAYABLE)) == (0, payable - 1)
    assert world.member(1)[Member.USED] == 1


def test_what_is_owed_comes_off_what_can_be_withdrawn() -> None:
    world = three_holders()
    coming = accrued(world.member(1), world.head(Head.INDEX))
    world.member(1)[Member.RECEIVABLE] = 7
    world.state.head[Head.RECEIVABLES] = 7
    world.refused(Code.CASH_SHORT, world.withdraw, 1, coming - 6)
    reserve = world.reserve
    world.withdraw(1, coming - 7)
    assert (world.member(1)[Member.RECEIVABLE], world.cash(1)) == (0, 0)
    assert world.reserve == reserve + 7


@settings(max_examples=40)
@given(
    st.lists(st.integers(10**6, 10**9), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 10**7)), max_size=8),
)
def test_credited_payable_and_pot_are_all_that_flowed_in(
    paid: list[int], withdrawn: list[tuple[int, int]]
) -> None:
    world = World(maturity_days=0, referral_rate=0)
    for amount in paid:
        world.buy(world.join(), amount)
    for member, money in withdrawn:
        world.close()
        if member <= len(paid):
            row = world.member(member)
            coming = row[Member.CASH] + accrued(row, world.head(Head.INDEX))
            if money <= coming:
                world.withdraw(member, money)
    flowed = [Head.DIVIDENDS_CREDITED, Head.PAYABLE, Head.POT]
    assert sum(world.head(column) for column in flowed) == world.head(Head.DIVIDENDS_IN)
    assert world.supply <= 10**4 * POINT
