"""A member's weight, accrual, quota and exit key (R4, R5)."""

from shareback.rules.layout import Member, Row
from shareback.units.exact import mul_div, mul_div_up
from shareback.units.scales import INT64_MAX, PPM, RANGE, SCALE

__compiled__ = True


def left(member: Row) -> int:
    """Quota left, in µ¥: a ceiling on what may still be received; below 0 after a late refund."""
    return member[Member.QUOTA] - member[Member.USED]


def weight(points: int, multiplier_ppm: int) -> int:
    """A member's weight in the dividend, ⌊n·m/10⁶⌋ (R5.1)."""
    return mul_div(points, multiplier_ppm, PPM)


def accrued(member: Row, index_scaled: int) -> int:
    """Dividends accrued since the last touch, in µ¥, before the quota's ceiling (R5.1)."""
    return mul_div(member[Member.WEIGHT], index_scaled - member[Member.INDEX], SCALE)


def credit(member: Row, index_scaled: int) -> int:
    """What a touch pays: the accrued dividends up to the quota left (R4.2)."""
    return min(accrued(member, index_scaled), max(0, left(member)))


def left_after_touch(member: Row, index_scaled: int) -> int:
    """Quota left once the accrued dividends are credited, in µ¥."""
    return left(member) - credit(member, index_scaled)


def exit_key(left_uyuan: int, points: int, index_scaled: int, multiplier_ppm: int) -> int:
    """K, the key under which an exit is found without looking at anyone else.

    Args:
        left_uyuan: Quota left, in µ¥; below 0 after a late refund.
        points: Points held, in units, > 0.
        index_scaled: The dividend index at the last touch.
        multiplier_ppm: The tier's multiplier.

    Returns:
        ⌈left·10¹²/n⌉ + ⌊m·A₀/10⁶⌋, saturated at 2⁶³ − 1, which means "never", and at −2⁶².

    Source:
        R5.2, R3.7.
    """
    reached = mul_div(multiplier_ppm, index_scaled, PPM)
    if left_uyuan < 0:
        return max(reached - mul_div(-left_uyuan, SCALE, points), -RANGE)
    distance = mul_div_up(left_uyuan, SCALE, points)
    if distance >= INT64_MAX - reached:
        return INT64_MAX
    return distance + reached
