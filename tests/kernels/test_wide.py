"""The compiled products give the same bits as the rules' own."""

from collections.abc import Callable

import numba as nb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shareback.kernels import compiled
from shareback.units.exact import mul_div, mul_div_up, mul_ge
from shareback.units.scales import INT64_MAX

assert compiled.apply_batch is not None

WHOLE = st.integers(0, INT64_MAX) | st.integers(0, 63).map(lambda bits: (1 << bits) - 1)
POSITIVE = WHOLE.map(lambda number: max(1, number))


def down(a: int, b: int, c: int) -> int:
    return mul_div(a, b, c)


def up(a: int, b: int, c: int) -> int:
    return mul_div_up(a, b, c)


def compared(a: int, b: int, c: int, d: int) -> bool:
    return mul_ge(a, b, c, d)


floor: Callable[[int, int, int], int] = nb.njit(cache=False)(down)
ceiling: Callable[[int, int, int], int] = nb.njit(cache=False)(up)
at_least: Callable[[int, int, int, int], bool] = nb.njit(cache=False)(compared)


@given(WHOLE, WHOLE, POSITIVE)
@example(INT64_MAX, INT64_MAX, 1)
@example(INT64_MAX, INT64_MAX, INT64_MAX)
@example(0, 0, 1)
@example(INT64_MAX, 1, 1)
@example(1 << 62, 4, 3)
def test_quotients_are_bit_equal(a: int, b: int, c: int) -> None:
    assert floor(a, b, c) == mul_div(a, b, c)
    assert ceiling(a, b, c) == mul_div_up(a, b, c)


@given(WHOLE, WHOLE, WHOLE, WHOLE)
@example(INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX)
@example(1 << 32, 1 << 32, 1 << 33, 1 << 31)
def test_comparisons_are_bit_equal(a: int, b: int, c: int, d: int) -> None:
    assert at_least(a, b, c, d) == mul_ge(a, b, c, d)


@pytest.mark.parametrize("leaf", [floor, ceiling])
def test_saturates_instead_of_wrapping(leaf: Callable[[int, int, int], int]) -> None:
    assert leaf(INT64_MAX, 2, 1) == INT64_MAX
    assert leaf(INT64_MAX, INT64_MAX, 2) == INT64_MAX
