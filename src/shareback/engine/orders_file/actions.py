"""What a staged orders file asks to be done, in order."""

from enum import IntEnum
from typing import NamedTuple


class ActionKind(IntEnum):
    """What happens to an order; at one instant and row they happen in this order."""

    PAY = 0
    RECEIVE = 1
    REFUND = 2


class Action(NamedTuple):
    """One thing that happens to an order.

    Attributes:
        kind: Payment, receipt or refund.
        at: When, in µs since 1970 in UTC.
        day: The local date in the programme's zone, as a proleptic Gregorian ordinal.
        row: The row of the file that says so, as faults count rows.
        order_id: The order.
        member_id: Who bought.
        merchant_id: Who sold, or "".
        referrer_id: Who brought the member, or ""; on the payment of the member's first order
            only.
        amount_uyuan: The money paid or refunded, 0 of a receipt.
        profit_uyuan: The order's profit on its payment, None where it is not stated.
        received: On a payment: whether the order was received at once.
        refund_index: On a refund: how many refunds of this order come before it.
    """

    kind: ActionKind
    at: int
    day: int
    row: int
    order_id: str
    member_id: str
    merchant_id: str
    referrer_id: str
    amount_uyuan: int
    profit_uyuan: int | None
    received: bool
    refund_index: int


ActionRow = tuple[int, int, int, int, str, str, str, str, int, int | None, int, int]
"""The fields of an action in their order, ``kind`` and ``received`` as plain integers."""


def named(row: ActionRow) -> Action:
    """An action with names, from the plain tuple."""
    kind, at, day, number, order, member, merchant, referrer, amount, profit, received, index = row
    return Action(
        ActionKind(kind),
        at,
        day,
        number,
        order,
        member,
        merchant,
        referrer,
        amount,
        profit,
        bool(received),
        index,
    )
