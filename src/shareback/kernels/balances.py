"""Whether events balance, for many at a time; bit-equal to ``books.entries``."""

from typing import Final

import numpy as np
from numba import njit

from shareback.books.accounts import CHART
from shareback.kernels.arrays import Integers

BALANCED: Final = -1

SIGNS: Final = np.array([account.sign for account in CHART], np.int64)
UNITS: Final = np.array([account.unit for account in CHART], np.int64)


def first_unbalanced(before: Integers, after: Integers) -> int:
    """The first event whose postings do not add up to nothing in every unit.

    Args:
        before: int64[n, ACCOUNTS], the accounts before each event.
        after: int64[n, ACCOUNTS], the accounts after it.

    Returns:
        Its place; `BALANCED` where there is none.
    """
    return int(_first_unbalanced(before, after, SIGNS, UNITS))


@njit(cache=True, nogil=True)
def _first_unbalanced(before: Integers, after: Integers, signs: Integers, units: Integers) -> int:
    """As above; the chart is handed in, so that no compiled code outlives a change of it."""
    totals = np.zeros(units.max() + 1, np.int64)
    for place in range(after.shape[0]):
        totals[:] = 0
        for column in range(signs.shape[0]):
            totals[units[column]] += signs[column] * (after[place, column] - before[place, column])
        if totals.any():
            return place
    return -1
