"""The chart of accounts names every account of the head once, in a form that Beancount takes."""

import re

import pytest

from shareback.books.accounts import CHART, NOTHING, PLACES, UNITS_PER_ONE, Unit, amount, commodity
from shareback.rules.layout import ACCOUNTS, Head


def test_has_every_account_of_the_head_in_its_order() -> None:
    assert [account.column for account in CHART] == list(Head)[:ACCOUNTS]
    assert len(NOTHING) == ACCOUNTS


def test_names_are_beancount_accounts_and_no_two_are_the_same() -> None:
    names = [account.name for account in CHART]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"(Assets|Liabilities|Equity)(:[A-Z][A-Za-z]*)+", one) for one in names)


@pytest.mark.parametrize(
    ("unit", "had", "owed"),
    [(Unit.MONEY, 1, 10), (Unit.POINTS, 1, 4), (Unit.COINS, 1, 3)],
)
def test_in_each_unit_one_account_stands_against_the_others(
    unit: Unit, had: int, owed: int
) -> None:
    signs = [account.sign for account in CHART if account.unit is unit]
    assert (signs.count(1), signs.count(-1)) == (had, owed)


@pytest.mark.parametrize("unit", list(Unit))
def test_shows_every_decimal_place_of_a_unit(unit: Unit) -> None:
    assert UNITS_PER_ONE[unit] == 10 ** PLACES[unit]


@pytest.mark.parametrize(
    ("units", "unit", "text"),
    [
        (1, Unit.MONEY, "0.000001"),
        (-1, Unit.MONEY, "-0.000001"),
        (1, Unit.POINTS, "0.00000001"),
        (0, Unit.COINS, "0.000000"),
        (-(2**62), Unit.POINTS, "-46116860184.27387904"),
    ],
)
def test_writes_amounts_in_full(units: int, unit: Unit, text: str) -> None:
    assert amount(units, unit) == text


def test_counts_money_in_the_programmes_currency() -> None:
    assert [commodity(unit, "EUR") for unit in Unit] == ["EUR", "POINT", "COIN"]
