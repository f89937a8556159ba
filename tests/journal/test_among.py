"""The condition that a column holds one of some numbers."""

import numpy as np
import pytest

from shareback.journal.storage import among


@pytest.mark.parametrize(
    ("numbers", "condition"),
    [
        ([], "number IN (NULL)"),
        ([7], "number IN (7)"),
        ([7, 8, 9], "number BETWEEN 7 AND 9"),
        ([7, 9], "number IN (7,9)"),
        ([9, 8, 7], "number IN (9,8,7)"),
        ([7, 7, 8], "number IN (7,7,8)"),
    ],
)
def test_numbers_that_follow_on_become_a_range(numbers: list[int], condition: str) -> None:
    assert among("number", numbers) == condition
    assert among("number", np.array(numbers, np.int64)) == condition
