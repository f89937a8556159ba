"""Where every number of a programme's state stands.

The state is a NamedTuple of tables of 64-bit integers: lists of lists in CPython, NumPy arrays
where the same functions run compiled. A row is one member, order and so on; the enumerations of
this module name its columns. A *slot* is a row's position in its table; a *number* is its
lasting name inside the programme, counted from 1 in order of acceptance. Row 0 of each table
stands for "none".
"""

from collections.abc import MutableSequence
from enum import IntEnum
from typing import NamedTuple

__compiled__ = True

Row = MutableSequence[int]
Table = MutableSequence[MutableSequence[int]]


class Head(IntEnum):
    """The programme's own row: pool, accounts, totals and counters."""

    # Money, in µ¥. The bank is the sum of the nine accounts before it (R10).
    RESERVE = 0
    ORDER_ESCROW = 1
    POT = 2
    PAYABLE = 3
    CASH = 4
    MERCHANT_PAYABLE = 5
    FREE = 6
    BOUND = 7
    SUSPENSE = 8
    COINS_OWED = 9
    BANK = 10
    # Points, in units. Issued = burned + members + merchants + escrow (R10).
    POINTS_MEMBERS = 11
    POINTS_MERCHANTS = 12
    POINTS_ESCROW = 13
    ISSUED = 14
    BURNED = 15
    # Coins, in 10⁻⁶ coin. Issued = retired + members + merchants (R10).
    COINS_MEMBERS = 16
    COINS_MERCHANTS = 17
    COINS_ISSUED = 18
    COINS_RETIRED = 19
    # The pool beside its reserve.
    SUPPLY = 20
    LAST_PRICE = 21
    INDEX = 22
    WEIGHT = 23
    # Totals of members' quota and of what they and the treasury owe each other.
    QUOTA_GRANTED = 24
    QUOTA_PENDING = 25
    QUOTA_OPEN = 26
    RECEIVABLES = 27
    BOUND_DRAWN = 28
    # What has happened so far.
    TREASURY_FUNDED = 29
    DIVIDENDS_IN = 30
    DIVIDENDS_CREDITED = 31
    REDEEMED = 32
    EXITS = 33
    MEMBERS = 34
    MERCHANTS = 35
    ORDERS = 36
    PAYMENTS = 37
    ORDERS_PENDING = 38
    ORDERS_MATURED = 39
    ORDERS_REFUNDED = 40
    # The calendar and the terms in force.
    DAY = 41
    TERMS = 42
    PHASE = 43
    END_DAY = 44
    FINAL_RESERVE = 45
    FINAL_SUPPLY = 46
    ACCOUNTS_SETTLED = 47
    SEQUENCE = 48


HEAD_WIDTH = 49
ACCOUNTS = 20
"""The first columns of the head are the accounts of the books."""


class Phase(IntEnum):
    """How far a programme's life has gone (R12)."""

    RUNNING = 0
    ANNOUNCED = 1
    ENDED = 2


class Term(IntEnum):
    """One version of the parameters (R2); rates and multiples in ppm.

    `FROM_DAY` is the day from which an accepted amendment holds; 0 for the first version.
    """

    ISSUE_PRICE = 0
    SUPPLY_CAP = 1
    BACKING = 2
    AWARD = 3
    REFERRAL = 4
    PER_SPEND = 5
    AWARD_POINTS = 6
    AWARD_SPEND = 7
    MARGIN = 8
    DIVIDEND = 9
    QUOTA_MULTIPLE = 10
    FEE = 11
    GOODS_FEE = 12
    MATURITY_DAYS = 13
    MONEY_OUT = 14
    REFUND_LIMIT = 15
    FROM_DAY = 16


TERM_WIDTH = 17


class Tier(IntEnum):
    """A tier of members by points held at the close; row 0 is everyone's."""

    THRESHOLD = 0
    MULTIPLIER = 1


TIER_WIDTH = 2


class Member(IntEnum):
    """A member; from WEIGHT on the columns follow from those before.

    EARNED is what a point of weight 1 has earned since it was first touched, scaled; DIVIDENDS is
    the money that was credited as dividends and not claimed back by late refunds (R6.4).
    """

    NUMBER = 0
    POINTS = 1
    CASH = 2
    COINS = 3
    QUOTA = 4
    USED = 5
    INDEX = 6
    TIER = 7
    EARNED = 8
    DIVIDENDS = 9
    RECEIVABLE = 10
    RECEIVABLE_TREASURY = 11
    REFERRER = 12
    PARTY = 13
    KEY = 14
    RETIER = 15
    WEIGHT = 16
    OPEN = 17
    REFERRER_SLOT = 18
    PLACE = 19
    LISTED = 20
    CHANGED = 21


MEMBER_WIDTH = 22


class Merchant(IntEnum):
    """A merchant; COST is what the points that it got for coins may fetch at most (R8.3)."""

    NUMBER = 0
    POINTS = 1
    COST = 2
    COINS = 3
    PAYABLE = 4
    PARTY = 5
    CHANGED = 6


MERCHANT_WIDTH = 7


class Order(IntEnum):
    """An order, with all that maturing and refunding it needs."""

    NUMBER = 0
    MEMBER = 1
    MERCHANT = 2
    REFERRER = 3
    TERMS = 4
    BACKING = 5
    PAID = 6
    REFUNDED = 7
    PROFIT = 8
    STATE = 9
    PAID_DAY = 10
    DUE_DAY = 11
    LINKED = 12
    POINTS_BUYER = 13
    POINTS_REFERRER = 14
    EARNED_BUYER = 15
    EARNED_REFERRER = 16
    DIVIDENDS_BUYER = 17
    DIVIDENDS_REFERRER = 18
    MATURED_NET = 19
    TAKEN_BUYER = 20
    TAKEN_REFERRER = 21
    MEMBER_SLOT = 22
    REFERRER_SLOT = 23
    CHANGED = 24


ORDER_WIDTH = 25
ABSENT = -1
"""An order that states no profit, or has no day on which it is due."""


class OrderState(IntEnum):
    """How far an order's life has gone (R6)."""

    PAID = 0
    MATURED = 1
    CLOSED = 2


class Payment(IntEnum):
    """A payment with coins or points at a merchant, kept for its refunds."""

    NUMBER = 0
    WITH_POINTS = 1
    PAYER_MEMBER = 2
    PAYER_MERCHANT = 3
    MERCHANT = 4
    AMOUNT = 5
    REFUNDED = 6
    MEMBER_SLOT = 7
    PAYER_SLOT = 8
    MERCHANT_SLOT = 9
    CHANGED = 10


PAYMENT_WIDTH = 11


class Command(IntEnum):
    """One command: its kind, its day, the slots it names, and its amounts."""

    KIND = 0
    DAY = 1
    MEMBER = 2
    OTHER = 3
    MERCHANT = 4
    PAYER = 5
    ORDER = 6
    PAYMENT = 7
    AMOUNT = 8
    SECOND = 9
    RATE = 10
    FLAG = 11
    PARTY = 12


COMMAND_WIDTH = 13


class Result(IntEnum):
    """What a command came to: a `Code`, the number given, and the figures that matter."""

    CODE = 0
    NUMBER = 1
    POINTS = 2
    MONEY = 3
    FEE = 4
    HAVE = 5
    NEED = 6


RESULT_WIDTH = 7


class Effect(IntEnum):
    """One thing that happened to one account, for statements and notices."""

    KIND = 0
    SEQUENCE = 1
    DAY = 2
    MEMBER = 3
    MERCHANT = 4
    ORDER = 5
    POINTS = 6
    GROSS = 7
    MONEY = 8
    COINS = 9


EFFECT_WIDTH = 10


class EffectKind(IntEnum):
    """What an `Effect` reports; signs follow the member's or merchant's own view."""

    POINTS_REDEEMED = 1
    POINTS_SPENT = 2
    POINTS_CONVERTED = 3
    MEMBER_EXITED = 4
    GOODS_RETURNED = 5
    COINS_PAID = 6
    COINS_RETURNED = 7
    COINS_EXCHANGED = 8
    AWARD_FUNDED = 9
    CASH_WITHDRAWN = 10
    MERCHANT_SETTLED = 11
    POINTS_TAKEN_BACK = 12
    RECEIVABLE_BOOKED = 13
    RECEIVABLE_COLLECTED = 14
    RECEIVABLE_BURNED = 15
    TIER_CHANGED = 16
    ACCOUNT_SETTLED = 17


class Cursor(IntEnum):
    """How many rows are in use, and where an operation that paused goes on."""

    MEMBERS = 0
    MERCHANTS = 1
    ORDERS = 2
    PAYMENTS = 3
    DUE = 4
    EFFECTS = 5
    LISTED = 6
    STAGE = 7
    PRICE_BEFORE = 8
    RESERVE_BEFORE = 9
    SUPPLY_BEFORE = 10
    BURNED_BEFORE = 11
    CONTRIBUTED = 12
    MINTED = 13


CURSOR_WIDTH = 14


class Stage(IntEnum):
    """Where a command stands that asked for more rows."""

    FRESH = 0
    EXITS = 1
    CLOSE_DIVIDE = 2
    CLOSE_EXITS = 3
    CLOSE_TIERS = 4
    CLOSE_LAST_EXITS = 5


class State(NamedTuple):
    """The slice of a programme that a batch needs.

    Attributes:
        head: ``HEAD_WIDTH`` numbers.
        terms: A row for each version of the parameters.
        tiers: A row for each tier, rising by threshold.
        members: Rows by slot; slot 0 is nobody.
        merchants: Rows by slot; slot 0 is the programme's own shop.
        orders: Rows by slot.
        payments: Rows by slot.
        queue: For each tier the slots of its holders, a heap by exit key, then number.
        queue_sizes: How many there are, by tier.
        horizons: The lowest exit key, by tier, of a member that is not in `members`.
        due: Slots of the orders that mature at this close, in order of order id.
        listed: Slots of members whose tier may change at the close.
        effects: What happened, in order.
        cursor: Counts of rows in use and the stage of the command at work.
        saved: Room to put back a state that a refusal must leave unchanged.
    """

    head: Row
    terms: Table
    tiers: Table
    members: Table
    merchants: Table
    orders: Table
    payments: Table
    queue: Table
    queue_sizes: Row
    horizons: Row
    due: Row
    listed: Row
    effects: Table
    cursor: Row
    saved: Table
