"""The entries of an event balance in money, points and coins, or a bug is raised by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareback.books.accounts import CHART, NOTHING, Unit
from shareback.books.entries import Unbalanced, entries
from shareback.rules.kinds import Kind
from shareback.rules.layout import Head

AMOUNTS = st.integers(0, 2**62)


def accounts(**figures: int) -> tuple[int, ...]:
    changed = list(NOTHING)
    for name, figure in figures.items():
        changed[Head[name.upper()]] = figure
    return tuple(changed)


def posted(kind: Kind, before: tuple[int, ...], after: tuple[int, ...]) -> dict[str, int]:
    return {account.name: units for account, units in entries(kind, before, after)}


def test_an_order_that_is_paid_raises_the_bank_and_what_is_held_in_escrow() -> None:
    after = accounts(order_escrow=45, bank=45)
    assert posted(Kind.PAY_ORDER, NOTHING, after) == {
        "Liabilities:OrderEscrow": -45,
        "Assets:Bank": 45,
    }


def test_a_close_that_matures_orders_posts_money_and_points() -> None:
    before = accounts(order_escrow=45, bank=45)
    after = accounts(reserve=30, pot=15, bank=45, points_members=21, issued=21)
    assert posted(Kind.CLOSE_DAY, before, after) == {
        "Liabilities:Reserve": -30,
        "Liabilities:OrderEscrow": 45,
        "Liabilities:DividendPot": -15,
        "Liabilities:Points:Members": -21,
        "Equity:Points:Issued": 21,
    }


def test_coins_that_are_exchanged_are_retired() -> None:
    before = accounts(coins_merchants=9, coins_issued=9, points_escrow=4, issued=4)
    after = accounts(coins_issued=9, coins_retired=9, points_merchants=4, issued=4)
    assert posted(Kind.EXCHANGE_COINS, before, after) == {
        "Liabilities:Points:Merchants": -4,
        "Liabilities:Points:Escrow": 4,
        "Liabilities:Coins:Merchants": 9,
        "Equity:Coins:Retired": -9,
    }


def test_an_event_that_moves_nothing_has_no_entries() -> None:
    assert entries(Kind.JOIN_MEMBER, accounts(bank=5, free=5), accounts(bank=5, free=5)) == ()


@pytest.mark.parametrize(
    ("column", "unit"),
    [("bank", Unit.MONEY), ("issued", Unit.POINTS), ("coins_issued", Unit.COINS)],
)
@pytest.mark.parametrize("excess", [1, -1])
def test_raises_where_one_unit_comes_from_nowhere_or_is_lost(
    column: str, unit: Unit, excess: int
) -> None:
    before = accounts(**{column: 7})
    after = accounts(**{column: 7 + excess})

    with pytest.raises(Unbalanced) as fault:
        entries(Kind.CLOSE_DAY, before, after)

    assert (fault.value.kind, fault.value.unit) == (Kind.CLOSE_DAY, unit)
    assert fault.value.excess == excess
    expected = f"CLOSE_DAY does not balance: {unit.name.lower()} are off by {excess}"
    assert str(fault.value) == expected


def test_points_do_not_make_up_for_money() -> None:
    with pytest.raises(Unbalanced, match="money are off by 5"):
        entries(Kind.REDEEM_POINTS, NOTHING, accounts(bank=5, points_members=5))


@given(st.lists(AMOUNTS, min_size=len(CHART), max_size=len(CHART)), st.data())
def test_whatever_balances_is_posted_and_adds_up(figures: list[int], data: st.DataObject) -> None:
    before, after = list(NOTHING), list(figures)
    for unit in Unit:
        had = next(each for each in CHART if each.unit is unit and each.sign == 1)
        owed = [each.column for each in CHART if each.unit is unit and each.sign == -1]
        after[had.column] = sum(figures[column] for column in owed)
    if data.draw(st.booleans()):
        before, after = after, before

    postings = entries(Kind.CLOSE_DAY, before, after)

    assert all(units != 0 for _account, units in postings)
    for unit in Unit:
        assert sum(units for account, units in postings if account.unit is unit) == 0
    reached = list(before)
    for account, units in postings:
        reached[account.column] += account.sign * units
    assert reached == after
