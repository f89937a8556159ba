"""What a compiled rule answers: accepted, refused with a reason, or asking for more rows."""

from enum import IntEnum


class Code(IntEnum):
    """The outcome of a command; refusals stand in their order of precedence."""

    ACCEPTED = 0

    # The rows at hand do not reach far enough; nothing is decided yet.
    NEEDS_EXITS = 1
    NEEDS_ROOM = 2
    # A bug: the engine raises InvariantBroken.
    PRICE_FELL = 3
    BOOKS_UNBALANCED = 4
    COINS_UNCOVERED = 5

    PROGRAMME_ENDED = 10
    END_ANNOUNCED = 11
    NOT_ENDED = 12
    DAY_NOT_OPEN = 13
    PROFILE_FORBIDS = 14
    NEEDS_TWO_APPROVERS = 15

    MEMBER_UNKNOWN = 20
    MERCHANT_UNKNOWN = 21
    ORDER_UNKNOWN = 22
    PAYMENT_UNKNOWN = 23

    AMOUNT_INVALID = 30
    REFUND_ABOVE_PAID = 31
    VALUE_ABOVE_MONEY = 32
    VALUE_ABOVE_QUOTA = 33

    ALREADY_RECEIVED = 40
    ORDER_CLOSED = 41
    SELF_REFERRAL = 42
    REFERRAL_CYCLE = 43
    REFERRER_ALREADY_SET = 44
    LINKED_PARTIES = 45
    ORDERS_PENDING = 46

    POINTS_SHORT = 50
    COINS_SHORT = 51
    CASH_SHORT = 52
    PAYABLE_SHORT = 53
    TREASURY_SHORT = 54
    QUOTA_USED_UP = 55
    NOTHING_TO_PAY = 56
    SUPPLY_CAP_REACHED = 57
    OUT_OF_RANGE = 58

    # The engine's own: an outside id or key that stands for something else already, or that
    # cannot be written down.
    ID_TAKEN = 60
    KEY_TAKEN = 61
    ID_INVALID = 62
    # The engine's own too: the bank does not hold what the books say; nothing is paid out.
    BANK_SHORT = 63
    BANK_UNEXPLAINED = 64


FIRST_REFUSAL = 10
"""Codes from here on are refusals; those below are accepted, pauses, or bugs."""

RULE_OF: dict[Code, str] = {
    Code.PROGRAMME_ENDED: "R12",
    Code.END_ANNOUNCED: "R12",
    Code.NOT_ENDED: "R12",
    Code.DAY_NOT_OPEN: "R7",
    Code.PROFILE_FORBIDS: "R9",
    Code.NEEDS_TWO_APPROVERS: "R6.4",
    Code.MEMBER_UNKNOWN: "R4",
    Code.MERCHANT_UNKNOWN: "R5.4",
    Code.ORDER_UNKNOWN: "R6",
    Code.PAYMENT_UNKNOWN: "R8.2",
    Code.AMOUNT_INVALID: "R1",
    Code.REFUND_ABOVE_PAID: "R6.2",
    Code.VALUE_ABOVE_MONEY: "R4.5",
    Code.VALUE_ABOVE_QUOTA: "R4.5",
    Code.ALREADY_RECEIVED: "R6.3",
    Code.ORDER_CLOSED: "R6.2",
    Code.SELF_REFERRAL: "R4.3",
    Code.REFERRAL_CYCLE: "R4.3",
    Code.REFERRER_ALREADY_SET: "R4.3",
    Code.LINKED_PARTIES: "R4.5",
    Code.ORDERS_PENDING: "R12",
    Code.POINTS_SHORT: "R3.3",
    Code.COINS_SHORT: "R8.2",
    Code.CASH_SHORT: "R10",
    Code.PAYABLE_SHORT: "R10",
    Code.TREASURY_SHORT: "R6.4",
    Code.QUOTA_USED_UP: "R4.2",
    Code.NOTHING_TO_PAY: "R3.3",
    Code.SUPPLY_CAP_REACHED: "R3.2",
    Code.OUT_OF_RANGE: "R3.7",
    Code.ID_TAKEN: "R6.1",
    Code.KEY_TAKEN: "R10",
    Code.ID_INVALID: "R6.1",
    Code.BANK_SHORT: "R3.1",
    Code.BANK_UNEXPLAINED: "R10",
}
"""The rule of the economy that each refusal cites."""
