"""The programme's figures as the phone pages show them: today's, and the price over time."""

from typing import Any

from shareback.engine.calendar import day_text
from shareback.journal.models import Day, Programme
from shareback.rules.pool import price_scaled
from shareback.units.exact import mul_div
from shareback.units.text import format_down, price

CURVE_DAYS = 365
CURVE_POINTS = 120
CHANGE_DAYS = 30
PER_CENT = 100
CENTS = 100


def price_now(row: Programme | Day) -> int:
    """The price of a head or a closed day, scaled."""
    return price_scaled(row.reserve, row.supply, row.last_price)


def curve(head: Programme) -> list[tuple[str, str]]:
    """The price at the closes of the last year, evenly thinned, and today's at the end."""
    first = Day.objects.filter(programme_id=head.pk).order_by("day").first()
    points: list[tuple[str, str]] = []
    if first is not None:
        start = max(first.day, head.day - CURVE_DAYS)
        step = -(-(head.day - start) // CURVE_POINTS) or 1
        # Counted back from yesterday, so that the latest closes are always among them.
        wanted = range(head.day - 1, start - 1, -step)
        rows = Day.objects.filter(programme_id=head.pk, day__in=list(wanted)).order_by("day")
        points = [(day_text(row.day), price(price_now(row))) for row in rows]
    points.append((day_text(head.day), price(price_now(head))))
    return points


def change(head: Programme) -> str | None:
    """By how many per cent the price has changed in 30 days; nothing where there was none."""
    then = Day.objects.filter(programme_id=head.pk, day=head.day - CHANGE_DAYS).first()
    if then is None:
        return None
    before, now = price_now(then), price_now(head)
    risen = mul_div(abs(now - before), PER_CENT * CENTS, before) if before else 0
    return format_down(-risen if now < before else risen, CENTS, 2)


def figures(head: Programme) -> dict[str, Any]:
    """What the first page says of the programme."""
    return {"price_change_30d": change(head), "curve": curve(head)}
