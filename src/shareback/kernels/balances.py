"""Whether events balance, for many at a time; bit-equal to ``books.entries``."""

from typing import Final

import numpy as np
from numba import njit

from shareback.books.accounts import CHART, Unit
from shareback.kernels.arrays import Integers

BALANCED: Final = -1

SIGNS: Final = np.array([account.sign for account in CHART], np.int64)
UNITS: Final = np.array([account.unit for account in CHART], np.int64)
KINDS_OF_UNITS: Final = len(Unit)


@njit(cache=True, nogil=True)
def first_unbalanced(before: Integers, after: Integers) -> int:
    """The first event whose postings do not add up to nothing in every unit.

    Args:
        before: int64[n, ACCOUNTS], the accounts before each event.
        after: int64[n, ACCOUNTS], the accounts after it.

    Returns:
        Its place; `BALANCED` where there is none.
    """
    totals = np.zeros(KINDS_OF_UNITS, np.int64)
    for place in range(after.shape[0]):
        totals[:] = 0
        for column in range(SIGNS.shape[0]):
            totals[UNITS[column]] += SIGNS[column] * (after[place, column] - before[place, column])
        for unit in range(KINDS_OF_UNITS):
            if totals[unit] != 0:
                return place
    return BALANCED
