"""The compiled check of the books finds the first event that the books themselves refuse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareback.books.accounts import CHART
from shareback.books.entries import Unbalanced, entries
from shareback.kernels.balances import BALANCED, first_unbalanced
from shareback.rules.kinds import Kind
from shareback.rules.layout import ACCOUNTS, Head

AMOUNT = st.integers(1, 10**15)


def moved(before: list[int], debit: int, credit: int, amount: int) -> list[int]:
    """The accounts after an amount has gone from one to another of the same unit."""
    after = list(before)
    after[CHART[debit].column] += CHART[debit].sign * amount
    after[CHART[credit].column] -= CHART[credit].sign * amount
    return after


def same_unit(one: int, other: int) -> bool:
    """Whether two accounts are kept in one unit."""
    return one != other and CHART[one].unit is CHART[other].unit


PLACES = st.integers(0, ACCOUNTS - 1)
MOVES = st.lists(st.tuples(PLACES, PLACES, AMOUNT).filter(lambda one: same_unit(*one[:2])))


@given(MOVES, st.data())
def test_names_the_first_that_the_books_refuse(
    moves: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    rows = [[10**17] * ACCOUNTS]
    for move in moves:
        rows.append(moved(rows[-1], *move))
    table = np.array(rows, np.int64)
    before, after = table[:-1].copy(), table[1:].copy()
    assert first_unbalanced(before, after) == BALANCED
    if moves:
        place = data.draw(st.integers(0, len(moves) - 1))
        after[place, data.draw(PLACES)] += data.draw(AMOUNT)
        assert first_unbalanced(before, after) == place
        with pytest.raises(Unbalanced):
            entries(Kind.PAY_ORDER, before[place].tolist(), after[place].tolist())


def test_a_unit_too_much_is_named_in_each_account() -> None:
    before = np.zeros((3, ACCOUNTS), np.int64)
    for column in range(ACCOUNTS):
        after = before.copy()
        after[1, column] = 1
        assert first_unbalanced(before, after) == 1, Head(column).name
