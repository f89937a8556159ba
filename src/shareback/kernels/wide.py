"""`mul_div`, `mul_div_up` and `mul_ge` for the compiler: exact products in two 64-bit limbs.

A compiled ``a * b`` wraps silently and a plain 128-bit division is not to be had, so products
are formed from 32-bit halves, and divided by Knuth's algorithm D with two 32-bit digits
(The Art of Computer Programming, volume 2, 4.3.1). The rules' own three functions stay what
they are; these return the same bits. (The compiler asks that a function which chooses an
implementation have its signature, so an annotated integer is there the integer's type.)
"""

from collections.abc import Callable

import numpy as np
from numba.extending import overload, register_jitable

from shareback.units.exact import mul_div, mul_div_up, mul_ge
from shareback.units.scales import INT64_MAX

_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_BASE = np.uint64(1 << 32)
_ZERO = np.uint64(0)
_ONE = np.uint64(1)
_BITS = np.uint64(64)
_TOP = np.uint64(INT64_MAX)


@register_jitable
def high_limb(a: np.uint64, b: np.uint64) -> np.uint64:
    """The upper 64 bits of the product of two unsigned 64-bit numbers."""
    a0, a1 = a & _LOW, a >> _HALF
    b0, b1 = b & _LOW, b >> _HALF
    middle = a1 * b0 + ((a0 * b0) >> _HALF)
    other = a0 * b1 + (middle & _LOW)
    return np.uint64(a1 * b1 + (middle >> _HALF) + (other >> _HALF))


@register_jitable
def leading_zeros(x: np.uint64) -> np.uint64:
    """How many bits are zero above the highest that is set; x > 0."""
    count = _ZERO
    for step in (32, 16, 8, 4, 2, 1):
        shift = np.uint64(step)
        if (x >> (_BITS - shift)) == _ZERO:
            count += shift
            x = x << shift
    return count


@register_jitable
def digit(high: np.uint64, next_digit: np.uint64, c1: np.uint64, c0: np.uint64) -> np.uint64:
    """One 32-bit digit of a quotient: estimated from the divisor's top half, then mended."""
    guess = high // c1
    rest = high - guess * c1
    while guess >= _BASE or guess * c0 > ((rest << _HALF) | next_digit):
        guess -= _ONE
        rest += c1
        if rest >= _BASE:
            break
    return guess


@register_jitable
def divide(high: np.uint64, low: np.uint64, c: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Quotient and remainder of a two-limb number; high < c."""
    if high == _ZERO:
        return low // c, low % c
    shift = leading_zeros(c)
    c = c << shift
    if shift > _ZERO:
        high = (high << shift) | (low >> (_BITS - shift))
    low = low << shift
    c1, c0 = c >> _HALF, c & _LOW
    low1, low0 = low >> _HALF, low & _LOW
    first = digit(high, low1, c1, c0)
    high = ((high << _HALF) | low1) - first * c
    second = digit(high, low0, c1, c0)
    rest = ((high << _HALF) | low0) - second * c
    return (first << _HALF) | second, rest >> shift


@overload(mul_div)
def compiled_mul_div(_a: int, _b: int, _c: int) -> Callable[[int, int, int], int]:
    """⌊a·b/c⌋, saturated, as `shareback.units.exact.mul_div`."""

    def floor(_a: int, _b: int, _c: int) -> int:
        a, b, c = np.uint64(_a), np.uint64(_b), np.uint64(_c)
        high = high_limb(a, b)
        if high >= c:
            return INT64_MAX
        quotient, _rest = divide(high, a * b, c)
        return np.int64(min(quotient, _TOP))  # type: ignore[return-value]

    return floor


@overload(mul_div_up)
def compiled_mul_div_up(_a: int, _b: int, _c: int) -> Callable[[int, int, int], int]:
    """⌈a·b/c⌉, saturated, as `shareback.units.exact.mul_div_up`."""

    def ceiling(_a: int, _b: int, _c: int) -> int:
        a, b, c = np.uint64(_a), np.uint64(_b), np.uint64(_c)
        high = high_limb(a, b)
        if high >= c:
            return INT64_MAX
        quotient, rest = divide(high, a * b, c)
        if quotient >= _TOP:
            return INT64_MAX
        up = _ONE if rest > _ZERO else _ZERO
        return np.int64(quotient + up)  # type: ignore[return-value]

    return ceiling


@overload(mul_ge)
def compiled_mul_ge(_a: int, _b: int, _c: int, _d: int) -> Callable[[int, int, int, int], bool]:
    """a·b >= c·d, as `shareback.units.exact.mul_ge`."""

    def at_least(_a: int, _b: int, _c: int, _d: int) -> bool:
        a, b, c, d = np.uint64(_a), np.uint64(_b), np.uint64(_c), np.uint64(_d)
        left, right = high_limb(a, b), high_limb(c, d)
        if left != right:
            return left > right  # type: ignore[return-value]
        return a * b >= c * d  # type: ignore[return-value]

    return at_least
