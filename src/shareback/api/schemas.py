"""The documents that the API takes and gives; amounts are decimal strings."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shareback.api.amounts import Coins, Id, Money, MoneyOrNone, Points

PARTY_MAX = 2**53 - 1
"""A party is a number of the caller's own; JSON's readers count so far exactly."""

Amount = Annotated[str, Field(examples=["100"])]
"""A decimal string, in full."""


class Taken(BaseModel):
    """What a request brings: nothing unknown is taken (A56)."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)


def example(**fields: Any) -> ConfigDict:  # noqa: ANN401 - any JSON
    """A model's example for the OpenAPI document."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [fields]})


class MemberIn(Taken):
    """Open a member's account."""

    model_config = example(member_id="m-1001", referrer_id="m-0007")
    member_id: Id
    referrer_id: Id | None = None


class ReferrerIn(Taken):
    """Name a member's referrer, once."""

    model_config = example(referrer_id="m-0007")
    referrer_id: Id


class MerchantIn(Taken):
    """Open a merchant's account."""

    model_config = example(merchant_id="noodles")
    merchant_id: Id


class PartyIn(Taken):
    """Say which person or payee stands behind a member, a merchant, or both."""

    model_config = example(party=88, member_id="m-1001", merchant_id="noodles")
    party: Annotated[int, Field(gt=0, le=PARTY_MAX)]
    member_id: Id | None = None
    merchant_id: Id | None = None

    @model_validator(mode="after")
    def names_somebody(self) -> Self:
        """A member, a merchant, or both."""
        if self.member_id is None and self.merchant_id is None:
            raise ValueError("needs member_id, merchant_id, or both")
        return self


class OrderIn(Taken):
    """Pay an order: the part of it that was paid with cash."""

    model_config = example(
        order_id="2026-000017", member_id="m-1001", merchant_id="winery", amount="100.00"
    )
    order_id: Id
    member_id: Id
    merchant_id: Id | None = None
    amount: Money
    profit: MoneyOrNone | None = None
    category: Annotated[str, Field(max_length=100)] | None = None
    received: bool = False


class RefundIn(Taken):
    """Give back money of an order; once for each refund id."""

    model_config = example(refund_id="r-1", amount="40.00")
    refund_id: Id
    amount: Money


class PointsIn(Taken):
    """A number of points."""

    model_config = example(points="10.5")
    points: Points


class CoinsIn(Taken):
    """A number of coins."""

    model_config = example(coins="15.8")
    coins: Coins


class MoneyIn(Taken):
    """An amount of money."""

    model_config = example(amount="25.00")
    amount: Money


class OneInstrument(Taken):
    """Coins or points, never both."""

    coins: Coins | None = None
    points: Points | None = None

    @model_validator(mode="after")
    def has_one(self) -> Self:
        """Exactly one of the two."""
        if (self.coins is None) == (self.points is None):
            raise ValueError("needs either coins or points")
        return self


class PaymentIn(OneInstrument):
    """A member pays a merchant with coins or points."""

    model_config = example(payment_id="p-1", merchant_id="noodles", coins="15.8")
    payment_id: Id
    merchant_id: Id


class MerchantPaymentIn(Taken):
    """A merchant pays another with coins."""

    model_config = example(payment_id="p-2", merchant_id="flour", coins="8")
    payment_id: Id
    merchant_id: Id
    coins: Coins


class PaymentRefundIn(Taken):
    """Give back what was paid, with the same instrument (A27): coins, or the worth of points."""

    model_config = example(coins="5")
    coins: Coins | None = None
    amount: Money | None = None

    @model_validator(mode="after")
    def has_one(self) -> Self:
        """Exactly one of the two."""
        if (self.coins is None) == (self.amount is None):
            raise ValueError("needs either coins or amount")
        return self


class AwardIn(Taken):
    """Pay for points for a member: out of the treasury, or of what a merchant is owed."""

    model_config = example(member_id="m-1001", amount="10", value="7", merchant_id="winery")
    member_id: Id
    amount: Money
    value: Money
    merchant_id: Id | None = None


class Numbered(BaseModel):
    """What was opened, and its number inside the programme."""

    id: Id
    number: int


class OrderPaid(BaseModel):
    """An order that was paid."""

    order_id: Id
    number: int


class Done(BaseModel):
    """Done; there is nothing more to tell."""

    done: bool = True


class Refunded(BaseModel):
    """Money that was given back; ``paid_out`` is what a late refund leaves to pay to the buyer."""

    order_id: Id
    refund_id: Id
    amount: Amount
    paid_out: Amount


class RefundWaiting(BaseModel):
    """A large late refund that was taken in and waits for another client's approval."""

    order_id: Id
    refund_id: Id
    amount: Amount
    waiting: bool


class Redeemed(BaseModel):
    """Points that were sold: what they fetched, less the fee that stays in the reserve."""

    points: Amount
    gross: Amount
    fee: Amount
    net: Amount


class Converted(BaseModel):
    """Points that became coins."""

    points: Amount
    coins: Amount


class Exchanged(BaseModel):
    """Coins that became points."""

    coins: Amount
    points: Amount


class Paid(BaseModel):
    """A payment with coins or points."""

    payment_id: Id
    number: int
    coins: Amount | None = None
    points: Amount | None = None
    gross: Amount | None = None
    fee: Amount | None = None


class Moved(BaseModel):
    """Money that was booked."""

    amount: Amount


class Awarded(BaseModel):
    """Points that were paid for."""

    points: Amount


class ProblemOut(BaseModel):
    """An error (RFC 9457): ``code`` is stable, ``rule`` names the rule of the economy."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    rule: str | None = None
    document: str | None = None
    have: str | None = None
    need: str | None = None
    errors: list[dict[str, Any]] | None = None
