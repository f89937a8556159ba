"""What returns would bring back if their merchant took them now; reading it binds nobody."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db.models import prefetch_related_objects

from shareback.journal.models import Maturity
from shareback.journal.models import Order as Journaled
from shareback.mall.apportioning import Back, back_of
from shareback.mall.models import Return
from shareback.mall.receiving import COUNTED


class Preview(NamedTuple):
    """What would go back, and whether the order has matured (R6.4)."""

    back: Back
    late: bool


def previews(programme: int, found: Iterable[Return]) -> dict[UUID, Preview]:
    """What those of some returns would bring back that nobody has decided, in a few reads.

    Args:
        programme: Whose orders they are of.
        found: Returns, decided ones too.
    """
    asked = [one for one in found if one.state == Return.State.ASKED]
    prefetch_related_objects(asked, "lines", "order__lines", "order__returns__lines")
    matured = matured_of(programme, [one.order.number for one in asked])
    return {one.pk: Preview(back_now(one), one.order.number in matured) for one in asked}


def back_now(asked: Return) -> Back:
    """What a return would bring back now."""
    earlier = [one for one in asked.order.returns.all() if one.state in COUNTED]
    before = pieces_of(earlier)
    pieces = pieces_of([asked])
    lines = asked.order.lines.all()
    return back_of(
        asked.order, earlier, {line: (before[line.pk], pieces[line.pk]) for line in lines}
    )


def pieces_of(found: Iterable[Return]) -> Counter[int]:
    """How many pieces of which lines some returns are about."""
    pieces: Counter[int] = Counter()
    for one in found:
        for line in one.lines.all():
            pieces[line.line_id] += line.quantity
    return pieces


def matured_of(programme: int, numbers: Sequence[str]) -> set[str]:
    """Which orders have entered the pool (R6.3)."""
    known = dict(
        Journaled.objects.filter(programme_id=programme, order_id__in=numbers).values_list(
            "number", "order_id"
        )
    )
    matured = Maturity.objects.filter(programme_id=programme, number__in=list(known))
    return {known[number] for number in matured.values_list("number", flat=True)}
