"""How long it would take, at today's pace, until a member's quota is reached (R11)."""

from shareback.engine.statements.timeline import DayRow
from shareback.units.exact import mul_div
from shareback.units.scales import INT64_MAX, PPM

TEN_YEARS = 3_652


def reached(row: DayRow, multiplier_ppm: int) -> int:
    """P + ⌊m·A/10⁶⌋, which an exit key is compared with (R5.2)."""
    return row.price + mul_div(multiplier_ppm, row.index_scaled, PPM)


def days_to_quota(key_scaled: int, now: int, then: int, window: int) -> int | None:
    """Days until an exit key is reached at a pace.

    Args:
        key_scaled: K (R5.2).
        now: P + ⌊m·A/10⁶⌋ at the last close.
        then: The same, ``window`` days before.
        window: Days in between, > 0.

    Returns:
        Days, at least 1; None where it is more than ten years, or never.

    Source:
        R11.
    """
    risen = now - then
    if risen <= 0 or key_scaled == INT64_MAX:
        return None
    days = max(1, -(-(key_scaled - now) * window // risen))
    return days if days <= TEN_YEARS else None
