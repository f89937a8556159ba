"""What moved between two closes of a programme: orders, refunds, dividends, and each movement.

Orders are counted in the order of their acceptance and entries of the log in its own, so that
both are found along primary keys; what matured is found by its day.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, Sum

from shareback.journal.heads import HEAD_COLUMNS
from shareback.journal.models import Day, Maturity, Movement, Order, Refund
from shareback.rules.layout import EffectKind

WITH_FEE = (EffectKind.POINTS_REDEEMED, EffectKind.POINTS_SPENT, EffectKind.MEMBER_EXITED)
"""Where points turn into money, and a fee stays in the reserve (R3.3, R3.4, R5.3)."""


class Moved(NamedTuple):
    """What some happenings of a kind came to.

    Attributes:
        times: How many there were.
        points: Units.
        gross: µ¥ before the fee.
        money: µ¥ paid.
        coins: 10⁻⁶ coins.
        fee: µ¥ that stayed in the reserve.
    """

    times: int = 0
    points: int = 0
    gross: int = 0
    money: int = 0
    coins: int = 0
    fee: int = 0


class Turnover(NamedTuple):
    """What moved between two closes.

    Attributes:
        paid: Orders paid; their money in µ¥.
        matured: Orders that matured; their money net of refunds until then.
        refunded: Refunds of orders; what was asked for as gross, what was paid out as money.
        dividends: µ¥ of dividends shared.
        movements: All else, by an `EffectKind`.
    """

    paid: Moved
    matured: Moved
    refunded: Moved
    dividends: int
    movements: Mapping[int, Moved]

    @property
    def fees(self) -> int:
        """µ¥ of fees that stayed in the reserve."""
        return sum(one.fee for one in self.movements.values())


def figures_before(before: Day | None) -> dict[str, int]:
    """The figures of a close by their columns; zeros before the first."""
    if before is None:
        return dict.fromkeys(HEAD_COLUMNS, 0)
    return {name: int(getattr(before, name)) for name in HEAD_COLUMNS}


def turnover(before: Day | None, after: Day, alias: str = DEFAULT_DB_ALIAS) -> Turnover:
    """What moved after one close up to another.

    Args:
        before: The earlier close; none for all from the beginning.
        after: The later one, of the same programme.
        alias: Which of Django's databases.
    """
    old = figures_before(before)
    mine = {"programme_id": after.programme_id}
    orders = Order.objects.using(alias).filter(
        **mine, number__gt=old["orders"], number__lte=after.orders
    )
    matured = Maturity.objects.using(alias).filter(**mine, day__gt=old["day"], day__lte=after.day)
    refunds = Refund.objects.using(alias).filter(
        **mine, sequence__gte=old["sequence"], sequence__lt=after.sequence
    )
    return Turnover(
        summed(orders.aggregate(times=Count("number"), money=Sum("paid"))),
        summed(matured.aggregate(times=Count("number"), money=Sum("matured_net"))),
        summed(refunds.aggregate(times=Count("order"), gross=Sum("money"), money=Sum("paid_out"))),
        shared(after) - (shared(before) if before is not None else 0),
        movements(mine, (old["sequence"], after.sequence), alias),
    )


def shared(day: Day) -> int:
    """All dividends shared until a close, in µ¥."""
    return int(day.payable) + int(day.dividends_credited)


def movements(mine: Mapping[str, Any], sequences: tuple[int, int], alias: str) -> dict[int, Moved]:
    """What the movements of some entries of the log came to, by their kind."""
    rows = Movement.objects.using(alias).filter(
        **mine, sequence__gte=sequences[0], sequence__lt=sequences[1]
    )
    columns = {name: Sum(name) for name in ("points", "gross", "money", "coins")}
    found: dict[int, Moved] = {}
    # An exit into coins is told of by its gross too, and pays no fee.
    for row in rows.values("kind").annotate(times=Count("line"), **columns).order_by("kind"):
        kind = row["kind"]
        found[kind] = summed({name: total for name, total in row.items() if name != "kind"})
        if kind == EffectKind.TIER_CHANGED:
            # Its points are the number of a tier.
            found[kind] = Moved(times=found[kind].times)
        elif kind in WITH_FEE:
            paid = summed(
                rows.filter(kind=kind, coins=0).aggregate(gross=Sum("gross"), money=Sum("money"))
            )
            found[kind] = found[kind]._replace(fee=paid.gross - paid.money)
    return found


def summed(row: Mapping[str, Any]) -> Moved:
    """Sums as the database gives them: nothing for no rows, decimals on PostgreSQL."""
    return Moved(**{name: int(total or 0) for name, total in row.items()})
