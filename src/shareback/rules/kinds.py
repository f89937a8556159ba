"""The kinds of logged events, and what each of them carries.

Events hold inputs only; what follows from them is recomputed. Members, merchants, orders and
payments appear under the programme's own numbers, from 1 in order of acceptance; 0 is none.
Numbers of kinds are frozen: they stand in the canonical bytes of every log.
"""

from enum import IntEnum


class Kind(IntEnum):
    """What happened, as the log numbers it; never renumbered, only added to."""

    OPEN_PROGRAMME = 1
    JOIN_MEMBER = 2
    SET_REFERRER = 3
    JOIN_MERCHANT = 4
    PAY_ORDER = 5
    RECEIVE_ORDER = 6
    REFUND_ORDER = 7
    REDEEM_POINTS = 8
    SPEND_POINTS = 9
    REFUND_POINTS_PAYMENT = 10
    CONVERT_POINTS = 11
    PAY_COINS = 12
    REFUND_COINS = 13
    EXCHANGE_COINS = 14
    REDEEM_MERCHANT_POINTS = 15
    AWARD_FUNDED = 16
    FUND_TREASURY = 17
    WITHDRAW_TREASURY = 18
    WITHDRAW_CASH = 19
    SETTLE_MERCHANT = 20
    RECORD_UNMATCHED = 21
    CLOSE_DAY = 22
    AMEND_PROGRAMME = 23
    ANNOUNCE_END = 24
    END_PROGRAMME = 25
    SETTLE_ACCOUNTS = 26
    LINK_PARTY = 27


FIELDS: dict[Kind, tuple[str, ...]] = {
    Kind.OPEN_PROGRAMME: (),
    Kind.JOIN_MEMBER: ("member", "referrer", "party"),
    Kind.SET_REFERRER: ("member", "referrer"),
    Kind.JOIN_MERCHANT: ("merchant", "party"),
    Kind.PAY_ORDER: (
        "order",
        "member",
        "merchant",
        "paid",
        "profit",
        "backing_ppm",
        "received",
    ),
    Kind.RECEIVE_ORDER: ("order",),
    Kind.REFUND_ORDER: ("order", "money", "approvals"),
    Kind.REDEEM_POINTS: ("member", "points"),
    Kind.SPEND_POINTS: ("payment", "member", "merchant", "points"),
    Kind.REFUND_POINTS_PAYMENT: ("payment", "money"),
    Kind.CONVERT_POINTS: ("member", "points"),
    Kind.PAY_COINS: ("payment", "payer_member", "payer_merchant", "merchant", "coins"),
    Kind.REFUND_COINS: ("payment", "coins"),
    Kind.EXCHANGE_COINS: ("merchant", "coins"),
    Kind.REDEEM_MERCHANT_POINTS: ("merchant", "points"),
    Kind.AWARD_FUNDED: ("member", "funder_merchant", "money", "value"),
    Kind.FUND_TREASURY: ("money",),
    Kind.WITHDRAW_TREASURY: ("money", "approvals"),
    Kind.WITHDRAW_CASH: ("member", "money"),
    Kind.SETTLE_MERCHANT: ("merchant", "money"),
    Kind.RECORD_UNMATCHED: ("money",),
    Kind.CLOSE_DAY: (),
    Kind.AMEND_PROGRAMME: ("from_day", "approvals"),
    Kind.ANNOUNCE_END: ("end_day", "approvals"),
    Kind.END_PROGRAMME: (),
    Kind.SETTLE_ACCOUNTS: ("first_member", "last_member"),
    Kind.LINK_PARTY: ("member", "merchant", "party"),
}
"""The integers of each kind, in the order of the log.

Money is in µ¥, points in 10⁻⁸ point, coins in 10⁻⁶ coin, `backing_ppm` in parts per million,
days are the programme's local day numbers; `received` is 0 or 1; `approvals` counts approvers.
"""

COMMITTED: frozenset[Kind] = frozenset(
    {
        Kind.JOIN_MEMBER,
        Kind.JOIN_MERCHANT,
        Kind.PAY_ORDER,
        Kind.REFUND_ORDER,
        Kind.SPEND_POINTS,
        Kind.PAY_COINS,
    }
)
"""Kinds that carry a commitment to an outside id; the others must not."""

BLOBBED: frozenset[Kind] = frozenset({Kind.OPEN_PROGRAMME, Kind.CLOSE_DAY, Kind.AMEND_PROGRAMME})
"""Kinds that may carry a blob: the parameters, or the day's maturing order."""

OPTIONAL: dict[Kind, frozenset[str]] = {
    kind: frozenset({"profit"}) if kind is Kind.PAY_ORDER else frozenset() for kind in Kind
}
"""The fields that may be absent: an order's profit, where the merchant states none."""
