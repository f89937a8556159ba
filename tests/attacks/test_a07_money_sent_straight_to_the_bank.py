"""A7: money without an order goes to suspense: it lifts no price and buys no points."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shareback.rules.codes import Code
from shareback.rules.layout import Head
from tests.rules.world import YUAN, World


@settings(max_examples=30)
@given(st.lists(st.integers(1, 10**15), min_size=1, max_size=5))
def test_unmatched_money_moves_bank_and_suspense_alone(sent: list[int]) -> None:
    world = World(maturity_days=0)
    world.buy(world.join())
    before = list(world.state.head)
    for money in sent:
        world.record_unmatched(money)
    changed = {column for column in Head if world.state.head[column] != before[column]}
    assert changed == {Head.BANK, Head.SUSPENSE, Head.SEQUENCE}
    assert world.head(Head.SUSPENSE) == sum(sent)


def test_nobody_can_draw_on_it() -> None:
    world = World(maturity_days=0)
    world.buy(world.join())
    world.open_shop()
    world.record_unmatched(1_000 * YUAN)
    world.refused(Code.TREASURY_SHORT, world.withdraw_treasury, 1)
    world.refused(Code.TREASURY_SHORT, world.award, 1, YUAN, YUAN)
    world.refused(Code.PAYABLE_SHORT, world.settle, 1, 1)
    world.refused(Code.CASH_SHORT, world.withdraw, 1, 1)


def test_it_is_not_shared_at_the_end_either() -> None:
    world = World(maturity_days=0, dividend_rate=0)
    world.buy(world.join())
    world.record_unmatched(1_000 * YUAN)
    world.announce_end(1)
    world.close()
    world.end()
    world.settle_accounts(1, 1)
    assert world.cash(1) == 30 * YUAN
    assert world.head(Head.SUSPENSE) == 1_000 * YUAN
