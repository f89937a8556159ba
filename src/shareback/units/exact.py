"""The only ways to multiply by a ratio: exact, and rounded in a stated direction (R1).

In CPython these are three lines of unbounded integers. The room ``kernels`` gives the
compiler an implementation in two 64-bit limbs that returns the same bits.
"""

from shareback.units.scales import INT64_MAX

__compiled__ = True


def mul_div(a: int, b: int, c: int) -> int:
    """``a * b / c`` rounded down.

    Args:
        a: A factor, 0 <= a < 2⁶³.
        b: A factor, 0 <= b < 2⁶³.
        c: The divisor, 0 < c < 2⁶³.

    Returns:
        The quotient, or 2⁶³ − 1 where it would be larger.

    Source:
        R1; R3.7 for the saturation, which only exit keys can reach.
    """
    return min(a * b // c, INT64_MAX)


def mul_div_up(a: int, b: int, c: int) -> int:
    """``a * b / c`` rounded up; ranges, saturation and source as in `mul_div`."""
    return min(-(-a * b // c), INT64_MAX)


def mul_ge(a: int, b: int, c: int, d: int) -> bool:
    """Whether ``a * b >= c * d``, for factors from 0 to 2⁶³ − 1, exactly (R1, R3.1)."""
    return a * b >= c * d
