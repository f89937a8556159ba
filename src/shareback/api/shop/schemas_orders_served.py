"""The documents of the orders, returns and vouchers that a merchant serves."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from shareback.api.shop.addresses import trimmed
from shareback.api.shop.schemas import (
    CoinsText,
    Cursor,
    DateText,
    Kind,
    MomentText,
    Taken,
    Yuan,
    example,
)

ServedState = Literal["all", "paid", "shipped", "received", "refund"]
ReturnState = Literal["all", "asked", "accepted", "refused", "done"]


class ServedLine(BaseModel):
    """Pieces of a good in an order."""

    id: int
    title: str
    picture: str | None
    quantity: int
    returned: int
    total: Yuan


class ServedCard(BaseModel):
    """An order as a merchant's list shows it; of the buyer only a part is told."""

    number: Annotated[str, Field(examples=["2603011234567890"])]
    state: str
    kind: Kind
    buyer: Annotated[str, Field(examples=["138****8000"])]
    lines: list[ServedLine]
    total: Yuan
    placed_at: MomentText
    paid_at: MomentText


class ServedPage(BaseModel):
    """A page of a merchant's orders, the latest first."""

    items: list[ServedCard]
    next: Cursor


class ShipTo(BaseModel):
    """Where a parcel goes, in full: it is written on it."""

    name: str
    phone: str
    province: str
    city: str
    district: str
    detail: str


class ServedParcel(BaseModel):
    """Who brings it."""

    carrier: str
    number: str


class ServedPaid(BaseModel):
    """With what an order was paid."""

    cash: Yuan
    coins: CoinsText
    points_worth: Yuan


class ReturnedLine(BaseModel):
    """Pieces that are asked to go back."""

    line: int
    title: str
    quantity: int


class ServedReturn(BaseModel):
    """A return; ``waits_for`` says what keeps an accepted one from being done."""

    id: str
    order: str
    buyer: str
    state: Literal["asked", "accepted", "refused", "done"]
    reason: str
    answer: str
    cash: Yuan
    coins: CoinsText
    points_worth: Yuan
    late: bool
    waits_for: str
    lines: list[ReturnedLine]
    asked_at: MomentText


class ServedReturnPage(BaseModel):
    """A page of returns, the latest first."""

    items: list[ServedReturn]
    next: Cursor


class ServedCan(BaseModel):
    """What can be done with an order now."""

    ship: bool


class ServedOrder(ServedCard):
    """An order with all that its merchant needs."""

    paid: ServedPaid
    address: ShipTo | None
    parcel: ServedParcel | None
    returns: list[ServedReturn]
    can: ServedCan


class ShipIn(Taken):
    """A parcel was handed over."""

    model_config = example(carrier="顺丰速运", number="SF1029384756")
    carrier: Annotated[str, Field(min_length=1, max_length=60), AfterValidator(trimmed)]
    number: Annotated[str, Field(min_length=1, max_length=60), AfterValidator(trimmed)]


class AnswerIn(Taken):
    """What the merchant says to a return."""

    model_config = example(answer="已收到退货")
    answer: Annotated[str, Field(max_length=500)] = ""


class VoucherOut(BaseModel):
    """A voucher that somebody shows at the counter."""

    title: str
    buyer: str
    state: Literal["valid", "redeemed", "returned", "expired"]
    valid_until: DateText
