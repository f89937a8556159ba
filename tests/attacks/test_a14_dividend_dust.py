"""A14: touching an account a thousand times brings no more dividends than once."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.layout import Head, Member
from shareback.rules.member import accrued
from tests.rules.world import YUAN, FastWorld, World


def holders(world: World) -> World:
    """Seven holders, and pots that their weights never divide."""
    for number in range(7):
        world.buy(world.join(), (100 + number) * YUAN + number)
    return world


def received(world: World, member: int) -> int:
    """Dividends credited and accrued."""
    row = world.member(member)
    return row[Member.USED] + accrued(row, world.head(Head.INDEX))


def test_who_touches_the_account_every_day_never_gets_more() -> None:
    greedy = holders(FastWorld(maturity_days=0, referral_rate=0, quota_multiple=100))
    patient = holders(FastWorld(maturity_days=0, referral_rate=0, quota_multiple=100))
    for _ in range(200):
        for world in (greedy, patient):
            world.buy(7, 13)
            world.close()
        if accrued(greedy.member(1), greedy.head(Head.INDEX)):
            greedy.withdraw(1, 1)
    assert received(greedy, 1) <= received(patient, 1)


def test_the_dust_of_all_accounts_stays_in_payable() -> None:
    world = holders(World(maturity_days=0, referral_rate=0))
    world.close()
    for member in range(1, 8):
        world.withdraw(member, accrued(world.member(member), world.head(Head.INDEX)))
    assert 0 <= world.head(Head.PAYABLE) <= 7
    before = world.head(Head.PAYABLE)
    world.close(5)
    assert world.head(Head.PAYABLE) <= before + world.head(Head.POT) + 1


def touched(touches: list[tuple[int, bool]], *, greedy: bool) -> World:
    """A world of closes and new pots; its members touch their accounts, or leave them alone."""
    world = holders(World(maturity_days=0, referral_rate=0, quota_multiple=100))
    for member, close in touches:
        if close:
            world.buy(7, 100 + member)
            world.close()
        elif greedy and accrued(world.member(member), world.head(Head.INDEX)):
            world.withdraw(member, 1)
    return world


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(1, 7), st.booleans()), max_size=15))
def test_the_dust_of_dividends_is_nobodys_however_often_accounts_are_touched(
    touches: list[tuple[int, bool]],
) -> None:
    greedy, patient = (touched(touches, greedy=one) for one in (True, False))
    gains = [received(greedy, member) - received(patient, member) for member in range(1, 8)]
    assert max(gains) <= 0
    flows = (Head.DIVIDENDS_CREDITED, Head.PAYABLE, Head.POT)
    for world in (greedy, patient):
        assert sum(world.head(column) for column in flows) == world.head(Head.DIVIDENDS_IN)
        assert world.head(Head.FREE) == world.head(Head.BOUND) == 0
    # What the touches rounded away lies in payable: not in the pot, the reserve or the treasury.
    assert greedy.head(Head.POT) == patient.head(Head.POT)
    assert greedy.reserve == patient.reserve
    lost = greedy.head(Head.PAYABLE) - sum(
        accrued(greedy.member(member), greedy.head(Head.INDEX)) for member in range(1, 8)
    )
    assert 0 <= lost <= 7 + 2 * len(touches)
