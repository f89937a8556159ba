"""What happened to an account, sorted by day."""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from shareback.engine.statements.account import (
    Account,
    MovementRow,
    OrderRow,
    ReferralRow,
    RefundRow,
)
from shareback.engine.statements.timeline import Timeline
from shareback.rules.layout import EffectKind

Happening: TypeAlias = RefundRow | MovementRow


class Agenda(NamedTuple):
    """Lists by day.

    Attributes:
        paid: Orders paid.
        matured: Orders that matured.
        brought: Orders of those whom the member brought, that matured.
        refunds: Refunds by the day of their entry in the log.
        before: Movements before the day's close.
        closing: Movements within it.
        exits: The first exit within each close.
    """

    paid: Mapping[int, list[OrderRow]]
    matured: Mapping[int, list[OrderRow]]
    brought: Mapping[int, list[ReferralRow]]
    refunds: Mapping[int, list[RefundRow]]
    before: Mapping[int, list[MovementRow]]
    closing: Mapping[int, list[MovementRow]]
    exits: Mapping[int, MovementRow]


def agenda_of(account: Account, timeline: Timeline) -> Agenda:
    """What happened to an account, each day's in order."""
    exits: dict[int, MovementRow] = {}
    agenda = Agenda(
        defaultdict(list),
        defaultdict(list),
        defaultdict(list),
        defaultdict(list),
        defaultdict(list),
        defaultdict(list),
        exits,
    )
    for order in account.orders:
        agenda.paid[order.paid_day].append(order)
        if order.matured_day is not None:
            agenda.matured[order.matured_day].append(order)
    for referral in account.referrals:
        if referral.matured_day is not None:
            agenda.brought[referral.matured_day].append(referral)
    for refund in account.refunds:
        agenda.refunds[timeline.day_of(refund.sequence)].append(refund)
    for movement in account.movements:
        in_close = timeline.is_close_of(movement.sequence, movement.day)
        (agenda.closing if in_close else agenda.before)[movement.day].append(movement)
        if in_close and movement.kind == EffectKind.MEMBER_EXITED:
            exits.setdefault(movement.day, movement)
    return agenda
