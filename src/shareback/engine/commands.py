"""Commands as they come from outside: with outside ids, amounts in units, and a time.

``at`` is µs UTC since 1970, as the source states it; the engine derives the local day from it.
A command that may be sent twice carries an idempotency ``key``; orders, refunds and payments are
once by their own ids as well.
"""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from shareback.rules.programme import Programme


class JoinMember(NamedTuple):
    """Open a member's account; the referrer has joined before."""

    at: int
    member_id: str
    referrer_id: str = ""
    party: int = 0
    key: str = ""


class SetReferrer(NamedTuple):
    """Name a member's referrer, once."""

    at: int
    member_id: str
    referrer_id: str
    key: str = ""


class JoinMerchant(NamedTuple):
    """Open a merchant's account."""

    at: int
    merchant_id: str
    party: int = 0
    key: str = ""


class LinkParty(NamedTuple):
    """Say which person or payee stands behind a member, a merchant, or both."""

    at: int
    party: int
    member_id: str = ""
    merchant_id: str = ""
    key: str = ""


class PayOrder(NamedTuple):
    """Pay an order with cash; ``category`` picks a backing rate of its own."""

    at: int
    order_id: str
    member_id: str
    merchant_id: str
    paid_uyuan: int
    profit_uyuan: int | None = None
    received: bool = False
    category: str = ""
    key: str = ""


class ReceiveOrder(NamedTuple):
    """Mark an order as received."""

    at: int
    order_id: str
    key: str = ""


class RefundOrder(NamedTuple):
    """Give back money of an order, once for each refund id."""

    at: int
    order_id: str
    refund_id: str
    money_uyuan: int
    approvals: int = 0
    key: str = ""


class RedeemPoints(NamedTuple):
    """Sell points back for money."""

    at: int
    member_id: str
    points: int
    key: str = ""


class SpendPoints(NamedTuple):
    """Pay for goods with points."""

    at: int
    payment_id: str
    member_id: str
    merchant_id: str
    points: int
    key: str = ""


class RefundPointsPayment(NamedTuple):
    """Give back goods that were paid with points."""

    at: int
    payment_id: str
    money_uyuan: int
    key: str = ""


class ConvertPoints(NamedTuple):
    """Turn points into coins."""

    at: int
    member_id: str
    points: int
    key: str = ""


class PayCoins(NamedTuple):
    """Pay coins to a merchant, from a member or from another merchant."""

    at: int
    payment_id: str
    merchant_id: str
    coins: int
    member_id: str = ""
    payer_merchant_id: str = ""
    key: str = ""


class RefundCoins(NamedTuple):
    """Give coins back to their payer."""

    at: int
    payment_id: str
    coins: int
    key: str = ""


class ExchangeCoins(NamedTuple):
    """Turn a merchant's coins into points."""

    at: int
    merchant_id: str
    coins: int
    key: str = ""


class RedeemMerchantPoints(NamedTuple):
    """Sell a merchant's points back."""

    at: int
    merchant_id: str
    points: int
    key: str = ""


class AwardFunded(NamedTuple):
    """Pay for points for a member, from the treasury or a merchant's payable."""

    at: int
    member_id: str
    money_uyuan: int
    value_uyuan: int
    funder_merchant_id: str = ""
    key: str = ""


class FundTreasury(NamedTuple):
    """Put the operator's own money into the free treasury."""

    at: int
    money_uyuan: int
    key: str = ""


class WithdrawTreasury(NamedTuple):
    """Take money out of the free treasury, with two approvers."""

    at: int
    money_uyuan: int
    approvals: int
    key: str = ""


class WithdrawCash(NamedTuple):
    """Pay a member's cash out."""

    at: int
    member_id: str
    money_uyuan: int
    key: str = ""


class SettleMerchant(NamedTuple):
    """Pay out what a merchant is owed."""

    at: int
    merchant_id: str
    money_uyuan: int
    key: str = ""


class RecordUnmatched(NamedTuple):
    """Book money that came to the bank without an order."""

    at: int
    money_uyuan: int
    key: str = ""


class AmendProgramme(NamedTuple):
    """Bring other parameters into force from a future local day; name, tiers and zone stay."""

    at: int
    from_day: int
    approvals: int
    programme: Programme
    key: str = ""


class AnnounceEnd(NamedTuple):
    """Announce the local day from which the programme may end."""

    at: int
    end_day: int
    approvals: int
    key: str = ""


class EndProgramme(NamedTuple):
    """End the programme."""

    at: int
    key: str = ""


class SettleAccounts(NamedTuple):
    """After the end, pay the members from one number to another."""

    at: int
    first_member: int
    last_member: int
    key: str = ""


Command: TypeAlias = (
    JoinMember
    | SetReferrer
    | JoinMerchant
    | LinkParty
    | PayOrder
    | ReceiveOrder
    | RefundOrder
    | RedeemPoints
    | SpendPoints
    | RefundPointsPayment
    | ConvertPoints
    | PayCoins
    | RefundCoins
    | ExchangeCoins
    | RedeemMerchantPoints
    | AwardFunded
    | FundTreasury
    | WithdrawTreasury
    | WithdrawCash
    | SettleMerchant
    | RecordUnmatched
    | AmendProgramme
    | AnnounceEnd
    | EndProgramme
    | SettleAccounts
)


def of_each_kind(commands: Iterable[Command]) -> dict[type[Command], list[Command]]:
    """Commands sorted by kind, in their order within each."""
    kinds: dict[type[Command], list[Command]] = {}
    for command in commands:
        kinds.setdefault(type(command), []).append(command)
    return kinds


class Answer(NamedTuple):
    """What a command came to.

    Attributes:
        code: A `rules.codes.Code`: 0 is accepted, the rest refusals.
        number: The number given to a new member, merchant, order or payment; else 0.
        points: Points that left or came, in units.
        money_uyuan: The gross of a redemption, or what a late refund pays out.
        fee_uyuan: The fee that stayed in the reserve.
        have: Where refused, the figure that falls short.
        need: Where refused, what the command would take.
        repeated: Whether the command had been done before; this is the answer it got then.
    """

    code: int
    number: int
    points: int
    money_uyuan: int
    fee_uyuan: int
    have: int
    need: int
    repeated: bool = False
