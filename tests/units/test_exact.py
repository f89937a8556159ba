"""Products and ratios are exact, and rounded in the direction that their name states."""

from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareback.units.exact import mul_div, mul_div_up, mul_ge
from shareback.units.scales import INT64_MAX

factors = st.integers(0, INT64_MAX)
divisors = st.integers(1, INT64_MAX)


def test_divides_a_product_without_a_remainder() -> None:
    assert mul_div(6, 7, 3) == 14
    assert mul_div_up(6, 7, 3) == 14


def test_rounds_down_or_up_where_one_is_left() -> None:
    assert mul_div(1, 100, 99) == 1
    assert mul_div_up(1, 100, 99) == 2


def test_rounds_where_one_is_missing() -> None:
    assert mul_div(1, 98, 99) == 0
    assert mul_div_up(1, 98, 99) == 1


@pytest.mark.parametrize(("a", "b"), [(0, 0), (0, INT64_MAX), (INT64_MAX, 0)])
def test_nothing_stays_nothing(a: int, b: int) -> None:
    assert mul_div(a, b, 3) == 0
    assert mul_div_up(a, b, 3) == 0


def test_keeps_the_product_in_full_width() -> None:
    assert mul_div(INT64_MAX, INT64_MAX, INT64_MAX) == INT64_MAX
    assert mul_div_up(INT64_MAX, INT64_MAX - 1, INT64_MAX) == INT64_MAX - 1


def test_reaches_the_largest_value_exactly() -> None:
    assert mul_div(INT64_MAX, 3, 3) == INT64_MAX
    assert mul_div_up(INT64_MAX, 3, 3) == INT64_MAX


def test_saturates_one_above_the_largest_value() -> None:
    assert mul_div(1 << 62, 2, 1) == INT64_MAX
    assert mul_div_up(1 << 62, 2, 1) == INT64_MAX
    assert mul_div(INT64_MAX, INT64_MAX, 1) == INT64_MAX
    assert mul_div_up(INT64_MAX, INT64_MAX, 1) == INT64_MAX


def test_rounding_up_may_be_what_saturates() -> None:
    # 2⁶³ − 1 and a half: the floor fits, the ceiling does not.
    odd = 2 * INT64_MAX + 1
    assert odd % 3 == 0

    assert mul_div(odd // 3, 3, 2) == INT64_MAX
    assert mul_div_up(odd // 3, 3, 2) == INT64_MAX


@given(factors, factors, divisors)
def test_rounds_down_to_the_exact_ratio(a: int, b: int, c: int) -> None:
    assert mul_div(a, b, c) == min(floor(Fraction(a * b, c)), INT64_MAX)


@given(factors, factors, divisors)
def test_rounds_up_to_the_exact_ratio(a: int, b: int, c: int) -> None:
    assert mul_div_up(a, b, c) == min(ceil(Fraction(a * b, c)), INT64_MAX)


@given(factors, factors, divisors)
def test_up_and_down_differ_by_one_only_where_a_remainder_is_left(a: int, b: int, c: int) -> None:
    more = mul_div_up(a, b, c) - mul_div(a, b, c)

    assert more in {0, 1}
    assert more == 0 or a * b % c != 0


@given(factors, divisors)
def test_multiplying_by_one_whole_changes_nothing(a: int, c: int) -> None:
    assert mul_div(a, c, c) == mul_div_up(a, c, c) == a


def test_compares_products() -> None:
    assert mul_ge(3, 5, 2, 7)
    assert not mul_ge(2, 7, 3, 5)


def test_equal_products_are_not_less() -> None:
    assert mul_ge(3, 4, 2, 6)
    assert mul_ge(0, 5, 7, 0)


def test_compares_products_that_differ_by_one_beyond_64_bits() -> None:
    big = 1 << 62

    assert mul_ge(big, big, big - 1, big + 1)
    assert not mul_ge(big - 1, big + 1, big, big)


@given(factors, factors, factors, factors)
def test_one_of_two_products_is_at_least_the_other(a: int, b: int, c: int, d: int) -> None:
    assert mul_ge(a, b, c, d) == (a * b >= c * d)
    assert mul_ge(a, b, c, d) or mul_ge(c, d, a, b)


@given(factors, factors, divisors)
def test_what_is_paid_for_a_part_never_lowers_the_price(
    points: int, reserve: int, supply: int
) -> None:
    paid = mul_div(points, reserve, supply)

    assert mul_ge(points, reserve, paid, supply)
