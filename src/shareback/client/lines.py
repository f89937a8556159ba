"""The lines of a bulk call: orders to pay, to mark as received, to refund; accounts to open."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from shareback.client.amounts import Amount, amount_text
from shareback.client.request import given


@dataclass(frozen=True)
class PayLine:
    """An order that is paid: the part of it that was paid with cash.

    Attributes:
        order_id: The caller's own.
        member_id: Who bought.
        amount: Paid, in yuan.
        merchant_id: Who sold; nobody where the mall itself did.
        profit: In yuan, where the programme awards by profit.
        category: Of goods, where the programme backs by category.
        received: Whether the buyer has it already.
    """

    order_id: str
    member_id: str
    amount: Amount
    merchant_id: str | None = None
    profit: Amount | None = None
    category: str | None = None
    received: bool = False

    def __post_init__(self) -> None:
        """Refuse an amount that is none, where it was written down."""
        self.document()

    def document(self) -> dict[str, Any]:
        """The line as the API takes it."""
        return given(
            order_id=self.order_id,
            member_id=self.member_id,
            amount=amount_text(self.amount),
            merchant_id=self.merchant_id,
            profit=None if self.profit is None else amount_text(self.profit),
            category=self.category,
            received=self.received or None,
        )


@dataclass(frozen=True)
class ReceiveLine:
    """An order that its buyer has received."""

    order_id: str

    def document(self) -> dict[str, Any]:
        """The line as the API takes it."""
        return {"op": "receive", "order_id": self.order_id}


@dataclass(frozen=True)
class RefundLine:
    """Money of an order that is given back, in yuan; once for each refund id."""

    order_id: str
    refund_id: str
    amount: Amount

    def __post_init__(self) -> None:
        """As `PayLine`."""
        self.document()

    def document(self) -> dict[str, Any]:
        """The line as the API takes it."""
        return {
            "op": "refund",
            "order_id": self.order_id,
            "refund_id": self.refund_id,
            "amount": amount_text(self.amount),
        }


@dataclass(frozen=True)
class JoinLine:
    """A member's account to open; the referrer has joined before."""

    member_id: str
    referrer_id: str | None = None

    def document(self) -> dict[str, Any]:
        """The line as the API takes it."""
        return given(op="join", member_id=self.member_id, referrer_id=self.referrer_id)


Line: TypeAlias = PayLine | ReceiveLine | RefundLine | JoinLine
