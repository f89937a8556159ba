"""Days of a programme as people write them."""

from datetime import date


def day_text(day: int) -> str:
    """A local day as people write it, such as 2026-01-31; its number where no calendar has it."""
    if not 1 <= day <= date.max.toordinal():
        return str(day)
    return date.fromordinal(day).isoformat()
