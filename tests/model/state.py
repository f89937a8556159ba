"""What the model remembers; every total that can be summed is summed, not kept."""

import copy
import dataclasses
from collections import Counter
from dataclasses import dataclass, field
from enum import IntEnum
from fractions import Fraction

from shareback.rules.codes import Code
from tests.model.parameters import PPM, SCALE, Parameters


class Refused(Exception):
    """Raised by a command that is not accepted; `Model.apply` then forgets what it did."""

    def __init__(self, code: Code) -> None:
        super().__init__(code.name)
        self.code = code


def refuse(code: Code, *, when: bool) -> None:
    """Refuse the command with `code` when the condition holds."""
    if when:
        raise Refused(code)


class Phase(IntEnum):
    """Where a programme stands in its life."""

    OPEN = 0
    ANNOUNCED = 1
    ENDED = 2


class OrderState(IntEnum):
    """Where an order stands in its life."""

    PAID = 1
    RECEIVED = 2
    MATURED = 3
    CLOSED = 4


@dataclass
class Member:
    """Who buys."""

    number: int
    referrer: int
    party: int
    points: int = 0
    cash: int = 0
    coins: int = 0
    granted: int = 0
    used: int = 0
    index: int = 0
    tier: int = 0
    multiplier: int = PPM
    earned: int = 0
    dividends: int = 0
    receivable: int = 0
    receivable_treasury: int = 0
    refunded_late: bool = False

    @property
    def left(self) -> int:
        """The quota left; negative only after a late refund."""
        return self.granted - self.used

    @property
    def weight(self) -> int:
        """The weight in dividends (R5.1)."""
        return self.points * self.multiplier // PPM


@dataclass
class Merchant:
    """Who sells; `cost` is what the points were got for (R8.3)."""

    number: int
    party: int
    points: int = 0
    cost: int = 0
    coins: int = 0
    payable: int = 0


@dataclass
class Award:
    """What an order awarded one member, what of it was taken back, and D4's `earned`."""

    points: int = 0
    taken: int = 0
    earned_before: int = 0
    dividends_before: int = 0


@dataclass
class Order:
    """One order; `terms` are the parameters of the day it was paid on."""

    number: int
    order_id: str
    member: int
    merchant: int
    referrer: int
    paid: int
    profit: int | None
    backing_ppm: int
    terms: Parameters
    linked: bool
    state: OrderState = OrderState.PAID
    received_day: int | None = None
    refunded: int = 0
    matured_net: int = 0
    refunded_late: int = 0
    award_buyer: Award = field(default_factory=Award)
    award_referrer: Award = field(default_factory=Award)

    def copy(self) -> "Order":
        """An independent copy."""
        return dataclasses.replace(
            self,
            award_buyer=copy.copy(self.award_buyer),
            award_referrer=copy.copy(self.award_referrer),
        )

    @property
    def net(self) -> int:
        """The cash that was not given back."""
        return self.paid - self.refunded

    @property
    def pending(self) -> bool:
        """Whether the order has yet to mature."""
        return self.state in {OrderState.PAID, OrderState.RECEIVED}

    def contribution(self, net: int) -> int:
        """c of R6: what goes into the reserve."""
        return net * self.backing_ppm // PPM

    def dividend(self, net: int) -> int:
        """d of R6: what goes into the pot."""
        if self.profit is None:
            profit = net * self.terms.margin_ppm // PPM
        else:
            profit = self.profit * net // self.paid
        share = profit * self.terms.dividend_in_force_ppm // PPM
        return min(share, max(0, profit - self.contribution(net)))

    def flow(self, net: int) -> int:
        """c + d: all that the bank sees of the order's cash (D2)."""
        return self.contribution(net) + self.dividend(net)

    def quota(self, net: int) -> int:
        """The quota that the order grants, none to linked parties (R4.4)."""
        return 0 if self.linked else net * self.terms.quota_multiple_ppm // PPM


@dataclass
class Payment:
    """A payment for goods with points (`paid` in µ¥) or with coins (`paid` in 10⁻⁶ coin)."""

    number: int
    with_coins: bool
    payer_member: int
    payer_merchant: int
    merchant: int
    paid: int
    refunded: int = 0


@dataclass
class State:
    """All of a programme."""

    parameters: Parameters
    day: int
    phase: Phase = Phase.OPEN
    end_day: int = 0
    amendments: list[tuple[int, Parameters]] = field(default_factory=list)

    reserve: int = 0
    supply: int = 0
    issued: int = 0
    burned: int = 0
    last_price: int = 0
    index: int = 0
    pot: int = 0
    payable: int = 0
    free: int = 0
    bound: int = 0
    bound_drawn: int = 0
    suspense: int = 0
    bank: int = 0
    points_escrow: int = 0
    coins_issued: int = 0
    coins_retired: int = 0
    exits: int = 0
    redeemed: int = 0
    dividends_credited: int = 0

    # Kept for the checks alone.
    emptied: int = 0
    dividends_in: int = 0
    pot_shared_out: int = 0
    treasury_costs: int = 0
    treasury_receipts: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    # Set by the end of the programme (R12).
    final_price: Fraction = Fraction(0)
    members_settled: int = 0

    members: dict[int, Member] = field(default_factory=dict)
    merchants: dict[int, Merchant] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    payments: dict[int, Payment] = field(default_factory=dict)

    @property
    def cap(self) -> int:
        """The supply cap: the lowest that was ever announced."""
        announced = [terms for _day, terms in self.amendments]
        return min(terms.supply_cap_units for terms in (self.parameters, *announced))

    def copy(self) -> "State":
        """An independent copy, to be thrown away if the command is refused."""
        return dataclasses.replace(
            self,
            amendments=list(self.amendments),
            seen=self.seen.copy(),
            members={number: copy.copy(one) for number, one in self.members.items()},
            merchants={number: copy.copy(one) for number, one in self.merchants.items()},
            orders={number: one.copy() for number, one in self.orders.items()},
            payments={number: copy.copy(one) for number, one in self.payments.items()},
        )

    def saw(self, words: str, *, when: bool = True) -> None:
        """Count what happened, so that the random worlds can prove what they cover."""
        if when:
            self.seen[words] += 1

    @property
    def price(self) -> Fraction:
        """µ¥ a unit of points: R/S, or the last price where no points are left (R3)."""
        if self.supply == 0:
            return Fraction(self.last_price, SCALE)
        return Fraction(self.reserve, self.supply)

    @property
    def price_scaled(self) -> int:
        """P = ⌊R·10¹²/S⌋."""
        if self.supply == 0:
            return self.last_price
        return self.reserve * SCALE // self.supply

    @property
    def weight(self) -> int:
        """W, the weight of all members."""
        return sum(member.weight for member in self.members.values())

    @property
    def coins_outstanding(self) -> int:
        """Coins that somebody holds."""
        return self.coins_issued - self.coins_retired

    @property
    def order_escrow(self) -> int:
        """Contributions and dividend shares of orders that have yet to mature."""
        return sum(order.flow(order.net) for order in self.orders.values() if order.pending)

    @property
    def quota_pending(self) -> int:
        """Quota that pending orders will grant."""
        return sum(order.quota(order.net) for order in self.orders.values() if order.pending)

    def member(self, number: int) -> Member:
        """The member, or the refusal `MEMBER_UNKNOWN`."""
        refuse(Code.MEMBER_UNKNOWN, when=number not in self.members)
        return self.members[number]

    def merchant(self, number: int) -> Merchant:
        """The merchant, or the refusal `MERCHANT_UNKNOWN`; 0 has no account."""
        refuse(Code.MERCHANT_UNKNOWN, when=number not in self.merchants)
        return self.merchants[number]

    def order(self, number: int) -> Order:
        """The order, or the refusal `ORDER_UNKNOWN`."""
        refuse(Code.ORDER_UNKNOWN, when=number not in self.orders)
        return self.orders[number]

    def payment(self, number: int, *, with_coins: bool) -> Payment:
        """The payment of this sort, or the refusal `PAYMENT_UNKNOWN`."""
        found = self.payments.get(number)
        refuse(Code.PAYMENT_UNKNOWN, when=found is None or found.with_coins != with_coins)
        return self.payments[number]


def linked(one: Member | Merchant | None, other: Member | Merchant | None) -> bool:
    """Whether two accounts belong to the same party; party 0 is nobody (R4.4)."""
    return one is not None and other is not None and one.party == other.party != 0
