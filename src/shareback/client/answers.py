"""What the API answers, typed: amounts are exact decimals, days are dates.

Whatever a newer server adds is left out; whatever is missing makes the answer unreadable.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, Literal, TypeVar

from pydantic import Base64Bytes, InstanceOf

from shareback.client.problems import ProblemError

T = TypeVar("T")


@dataclass(frozen=True)
class Opened:
    """An account that was opened, and its number inside the programme."""

    id: str
    number: int


@dataclass(frozen=True)
class OrderPaid:
    """An order that was paid."""

    order_id: str
    number: int


@dataclass(frozen=True)
class Refunded:
    """Money that was given back; ``paid_out`` is what a late refund leaves to pay to the buyer."""

    order_id: str
    refund_id: str
    amount: Decimal
    paid_out: Decimal


@dataclass(frozen=True)
class RefundWaiting:
    """A large late refund that was taken in, and waits for another client's approval."""

    order_id: str
    refund_id: str
    amount: Decimal
    waiting: Literal[True]


@dataclass(frozen=True)
class RefundRequest:
    """A refund that waits for approval.

    Attributes:
        number: Its place in the list.
        order_id: The order.
        refund_id: The refund.
        amount: In yuan.
        asked_by: The number of the client that asked; below 0 a connected mall's.
        asked_at: When, µs UTC.
    """

    number: int
    order_id: str
    refund_id: str
    amount: Decimal
    asked_by: int
    asked_at: int


@dataclass(frozen=True)
class Redeemed:
    """Points that were sold: what they fetched, less the fee that stays in the reserve."""

    points: Decimal
    gross: Decimal
    fee: Decimal
    net: Decimal


@dataclass(frozen=True)
class Converted:
    """Points that became coins."""

    points: Decimal
    coins: Decimal


@dataclass(frozen=True)
class Exchanged:
    """Coins that became points."""

    coins: Decimal
    points: Decimal


@dataclass(frozen=True)
class Paid:
    """A payment with coins, or with points: what they fetched, and the fee."""

    payment_id: str
    number: int
    coins: Decimal | None = None
    points: Decimal | None = None
    gross: Decimal | None = None
    fee: Decimal | None = None


@dataclass(frozen=True)
class Moved:
    """Money that was booked."""

    amount: Decimal


@dataclass(frozen=True)
class Awarded:
    """Points that were paid for."""

    points: Decimal


@dataclass(frozen=True)
class Figures:
    """The figures that a programme and a closed day share."""

    price: Decimal
    reserve: Decimal
    supply: Decimal
    issued: Decimal
    burned: Decimal
    coverage: str
    order_escrow: Decimal
    dividend_pot: Decimal
    dividends: Decimal
    coins: Decimal
    treasury_free: Decimal
    treasury_bound: Decimal
    receivables: Decimal
    members: int
    merchants: int
    orders: int
    exits: int
    sequence: int


@dataclass(frozen=True)
class Programme(Figures):
    """A programme as it stands now; ``log_root`` pins its whole journal."""

    id: int
    name: str
    day: dt.date
    phase: str
    log_root: str
    parameters: dict[str, Any]


@dataclass(frozen=True)
class Day(Figures):
    """A closed day."""

    day: int
    date: dt.date
    log_root: str


@dataclass(frozen=True)
class Price:
    """The price at a close."""

    day: int
    date: dt.date
    price: Decimal


@dataclass(frozen=True)
class Member:
    """A member; the quota is a ceiling on what may still be received, never a debt."""

    member_id: str
    number: int
    points: Decimal
    value: Decimal
    cash: Decimal
    coins: Decimal
    quota: Decimal
    quota_used: Decimal
    quota_left: Decimal
    dividends_accrued: Decimal
    receivable: Decimal
    tier: str


@dataclass(frozen=True)
class Quote:
    """What points would fetch now; it binds nobody."""

    points: Decimal
    price: Decimal
    gross: Decimal
    fee: Decimal
    net: Decimal
    goods_fee: Decimal
    goods_net: Decimal
    coins: Decimal
    quota_left: Decimal
    quota_left_after: Decimal
    sequence: int


@dataclass(frozen=True)
class Merchant:
    """A merchant; its points fetch at most what they cost."""

    merchant_id: str
    number: int
    points: Decimal
    points_cost: Decimal
    coins: Decimal
    payable: Decimal


@dataclass(frozen=True)
class Order:
    """An order; before it matures its award is worth yuan, and becomes points then."""

    order_id: str
    number: int
    member_id: str | None
    merchant_id: str | None
    referrer_id: str | None
    state: str
    amount: Decimal
    refunded: Decimal
    paid_on: dt.date
    matures_on: dt.date | None
    pending_worth: Decimal | None
    points: Decimal | None
    referrer_points: Decimal | None


@dataclass(frozen=True)
class Step:
    """One entry of a statement: what came, or with a minus went, and what is behind it.

    ``movement`` says more of the kind ``moved``; ids are None where there is nothing of the kind.
    """

    entry: int
    date: dt.date
    kind: str
    points: Decimal
    points_held: Decimal
    cash: Decimal
    coins: Decimal
    quota: Decimal
    movement: str | None
    order_id: str | None
    order_number: int | None
    refund_id: str | None
    payment_id: str | None
    merchant_id: str | None


@dataclass(frozen=True)
class Entry:
    """One entry of the journal.

    Attributes:
        sequence: Its place.
        kind: What happened.
        date: The programme's local day.
        at: When, µs UTC.
        fields: Whole units: µ¥, 10⁻⁸ point, 10⁻⁶ coin.
        commitment: To what stands in no clear text, in hexadecimal.
        body: Its canonical bytes, of which the log's root is made.
    """

    sequence: int
    kind: str
    date: dt.date
    at: int
    fields: dict[str, int | None]
    commitment: str | None
    body: Base64Bytes


@dataclass(frozen=True)
class Listed(Generic[T]):
    """A page as the API gives it; ``next`` is what to ask for as ``after``."""

    items: tuple[T, ...]
    next: int | None


@dataclass(frozen=True)
class LineAnswer:
    """What one line of a bulk call came to.

    Attributes:
        line: Its place among all lines that were given, from 1.
        status: As the single call would have answered.
        order_id: Of a line about an order that was accepted.
        refund_id: Of a refund that was accepted.
        member_id: Of an account that was opened.
        number: Of what was opened, inside the programme.
        paid_out: What a refund leaves to pay to the buyer.
        waiting: Whether a refund was taken in and waits for another client's approval.
        problem: Why the line was refused; nothing where it was accepted.
    """

    line: int
    status: int
    order_id: str | None = None
    refund_id: str | None = None
    member_id: str | None = None
    number: int | None = None
    paid_out: Decimal | None = None
    waiting: bool = False
    problem: InstanceOf[ProblemError] | None = None
