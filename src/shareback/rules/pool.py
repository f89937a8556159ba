"""The pool: reserve, supply, price, and the only ways to change them (R3)."""

from shareback.rules.layout import Head, Row
from shareback.units.exact import mul_div, mul_div_up, mul_ge
from shareback.units.scales import COARSE_UYUAN, INT64_MAX, SCALE, TOP_UYUAN_PER_UNIT

__compiled__ = True


def price_scaled(reserve_uyuan: int, supply_units: int, last_price_scaled: int) -> int:
    """The published price: ⌊R·10¹²/S⌋, or the last price where no point is out.

    Args:
        reserve_uyuan: R, in µ¥.
        supply_units: S, in units of 10⁻⁸ point.
        last_price_scaled: The scaled price before the last burn.

    Returns:
        µ¥·10¹² per unit of points.

    Source:
        R1, R3.
    """
    if supply_units == 0:
        return last_price_scaled
    return mul_div(reserve_uyuan, SCALE, supply_units)


def points_for(value_uyuan: int, reserve_uyuan: int, supply_units: int, last_scaled: int) -> int:
    """Points worth a value at a price, rounded down: what may be minted for it (R3.1, R3.2)."""
    if supply_units == 0:
        return mul_div(value_uyuan, SCALE, last_scaled)
    return mul_div(value_uyuan, supply_units, reserve_uyuan)


def worth_up(points: int, reserve_uyuan: int, supply_units: int, last_scaled: int) -> int:
    """What points are worth at a price, in µ¥, rounded up: what a member owes for them (R1)."""
    if supply_units == 0:
        return mul_div_up(points, last_scaled, SCALE)
    return mul_div_up(points, reserve_uyuan, supply_units)


def is_too_coarse(
    value_uyuan: int, points: int, reserve_uyuan: int, supply_units: int, last_scaled: int
) -> bool:
    """Whether rounding leaves an award more than 0.01 yuan below its value (R3.6).

    Points that saturate at 2⁶³ − 1 are more than any cap: the cap cuts them, not rounding.
    """
    if value_uyuan <= COARSE_UYUAN or points == INT64_MAX:
        return False
    owed = value_uyuan - COARSE_UYUAN
    if supply_units == 0:
        return not mul_ge(points, last_scaled, owed, SCALE)
    return not mul_ge(points, reserve_uyuan, owed, supply_units)


def mint(head: Row, points: int) -> None:
    """Put new points into circulation; their reserve is in R already, or comes with them."""
    head[Head.SUPPLY] += points
    head[Head.ISSUED] += points


def burn(head: Row, points: int, paid_uyuan: int) -> None:
    """Take points out of circulation for ever and pay for them out of R.

    Args:
        head: The programme's row.
        points: Units to burn, 0 <= points <= S.
        paid_uyuan: What leaves R for them, at most their worth rounded down.

    Source:
        R3.1, R3.3; the price before the burn is kept for the day when nothing is left.
    """
    if points > 0 and points == head[Head.SUPPLY]:
        head[Head.LAST_PRICE] = mul_div(head[Head.RESERVE], SCALE, points)
    head[Head.SUPPLY] -= points
    head[Head.BURNED] += points
    head[Head.RESERVE] -= paid_uyuan
    bind_surplus(head)


def bind_surplus(head: Row) -> None:
    """Move to the bound treasury what no point stands for, or what passes the top price (R3.5)."""
    kept = mul_div(head[Head.SUPPLY], TOP_UYUAN_PER_UNIT, 1)
    surplus = head[Head.RESERVE] - kept
    if surplus > 0:
        head[Head.RESERVE] = kept
        head[Head.BOUND] += surplus
