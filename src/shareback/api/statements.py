"""A member's statement as the API tells it, page by page, each entry with what is behind it."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from shareback.api import amounts
from shareback.api.problems import Problem
from shareback.api.reading import page, parameters_of, programme_of
from shareback.engine.calendar import day_text
from shareback.engine.statements.account import MovementRow, OrderRow, ReferralRow, RefundRow
from shareback.engine.statements.reading import Numbered, Statement, statement_in_one_state
from shareback.engine.statements.replaying import Source
from shareback.journal.models import Identity, Payment
from shareback.rules.layout import EffectKind

BY_REFUNDS = frozenset(
    {
        EffectKind.POINTS_TAKEN_BACK,
        EffectKind.RECEIVABLE_BOOKED,
        EffectKind.RECEIVABLE_COLLECTED,
    }
)
"""Movements that a late refund brings with it, in the same entry of the log (R6.4)."""


class Page(NamedTuple):
    """Which entries are asked for.

    Attributes:
        after: In order, from the entry after this one.
        before: The latest first, from the entry before this one; none for the other way.
        limit: How many at most.
    """

    after: int
    before: int | None
    limit: int


class Behind(NamedTuple):
    """The ids of what is behind some entries, by their numbers in the journal."""

    orders: dict[int, OrderRow]
    refunds: dict[int, RefundRow]
    payments: dict[int, str]
    merchants: dict[int, str]


def statement_page(programme: int, number: int, wanted: Page) -> dict[str, Any]:
    """A page of a statement; entries are counted from 0 in the order in which they happened.

    Raises:
        Problem: There is no such member, or both ways are asked for at once.
    """
    if wanted.before is not None and wanted.after >= 0:
        raise Problem(422, "invalid", "after, before: one of them, not both")
    head, versions = programme_of(programme), parameters_of(programme)
    with statement_in_one_state(head, number, versions) as read:
        if read is None:
            raise Problem(404, "not_found")
        here = entries_of(read, wanted)
        behind = behind_of(read, here[: wanted.limit])
    return page(here, wanted.limit, lambda one: entry_shown(one, behind), lambda one: one.entry)


def entries_of(read: Statement, wanted: Page) -> list[Numbered]:
    """The entries of a page, and one more where more follow."""
    if wanted.before is None:
        return read.between(wanted.after + 1, wanted.after + wanted.limit + 2)
    last = min(wanted.before, read.entries)
    return read.between(last - wanted.limit - 1, last)[::-1]


def behind_of(read: Statement, entries: Iterable[Numbered]) -> Behind:
    """Look up what is behind some entries: a query for each kind of thing."""
    sources = [one.step.source for one in entries]
    refunds = [source for source in sources if isinstance(source, RefundRow)]
    moved = [source for source in sources if isinstance(source, MovementRow)]
    by_refunds = {one.sequence for one in moved if one.kind in BY_REFUNDS}
    refunds += read.who.refunds(sequence__in=by_refunds) if by_refunds else []
    known = read.orders_of({refund.order for refund in refunds})
    paid = [source for source in sources if isinstance(source, OrderRow)]
    paid += [known[refund.order] for refund in refunds]
    shops = {order.merchant for order in paid} | {movement.merchant for movement in moved}
    return Behind(
        {order.number: order for order in paid},
        {refund.sequence: refund for refund in refunds},
        payment_ids(read.who.programme, {one.payment for one in moved if one.payment > 0}),
        merchant_ids(read.who.programme, shops - {0}),
    )


def payment_ids(programme: int, numbers: set[int]) -> dict[int, str]:
    """The ids of payments with coins or points."""
    rows = Payment.objects.filter(programme_id=programme, number__in=numbers)
    return dict(rows.values_list("number", "payment_id")) if numbers else {}


def merchant_ids(programme: int, numbers: set[int]) -> dict[int, str]:
    """The ids of merchants."""
    rows = Identity.objects.filter(
        programme_id=programme, kind=Identity.Kind.MERCHANT, number__in=numbers
    )
    return dict(rows.values_list("number", "outside_id")) if numbers else {}


def entry_shown(one: Numbered, behind: Behind) -> dict[str, Any]:
    """An entry: what it changed, and why."""
    step = one.step
    return {
        "entry": one.entry,
        "date": day_text(step.day),
        "kind": step.what,
        "points": amounts.points(step.points),
        "points_held": amounts.points(step.held),
        "cash": amounts.money(step.money),
        "coins": amounts.coins(step.coins),
        "quota": amounts.money(step.quota),
        **why(step.source, behind),
    }


def why(source: Source | None, behind: Behind) -> dict[str, Any]:
    """What is behind an entry, as far as there is something."""
    movement = source if isinstance(source, MovementRow) else None
    refund = source if isinstance(source, RefundRow) else None
    if movement is not None and movement.kind in BY_REFUNDS:
        refund = behind.refunds.get(movement.sequence)
    order = behind.orders[refund.order] if refund is not None else None
    if isinstance(source, OrderRow):
        order = source
    merchant = movement.merchant if movement is not None else order.merchant if order else 0
    number = order.number if order is not None else None
    return {
        "movement": EffectKind(movement.kind).name.lower() if movement is not None else None,
        "order_id": order.order_id if order is not None else None,
        "order_number": source.number if isinstance(source, ReferralRow) else number,
        "refund_id": refund.refund_id if refund is not None else None,
        "payment_id": behind.payments.get(movement.payment) if movement is not None else None,
        "merchant_id": behind.merchants.get(merchant),
    }
