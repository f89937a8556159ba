"""The documents of orders and returns."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shareback.api.shop.schemas import (
    CoinsText,
    Cursor,
    DateText,
    Kind,
    MerchantRef,
    MomentText,
    PointsText,
    Taken,
    Yuan,
    example,
)
from shareback.api.shop.schemas_buying import Number, Quantity
from shareback.mall.reckoning import LINES_MAX

OrderState = Literal[
    "awaiting_payment", "paid", "shipped", "received", "refund_asked", "refunded", "closed"
]
OrderFilter = Literal["all", "awaiting_payment", "paid", "shipped", "received", "refund"]
ReturnState = Literal["asked", "accepted", "refused", "done"]
VoucherState = Literal["valid", "redeemed", "returned", "expired"]
OrderNumber = Annotated[str, Field(examples=["2603011234567890"])]


class CardLineOut(BaseModel):
    """A line as lists of orders show it."""

    title: str
    picture: str | None
    quantity: int


class OrderCardOut(BaseModel):
    """An order as lists show it; ``earns`` is the worth of its points."""

    number: OrderNumber
    state: OrderState
    merchant: MerchantRef
    lines: list[CardLineOut]
    total: Yuan
    placed_at: MomentText
    earns: Yuan


class OrderPage(BaseModel):
    """A page of orders, the latest first."""

    items: list[OrderCardOut]
    next: Cursor


class GoodsVoucherOut(BaseModel):
    """A voucher to be shown at the merchant's; ``qr`` is the address of an SVG."""

    code: Annotated[str, Field(examples=["7F3K9QX2ABCD4567"])]
    qr: str
    state: VoucherState
    valid_until: DateText


class OrderLineOut(BaseModel):
    """A line of an order; ``total`` is after offers."""

    id: int
    good_id: int | None
    title: str
    picture: str | None
    kind: Kind
    quantity: int
    price: Yuan
    total: Yuan
    returned: int
    returnable: int
    reviewed: bool
    vouchers: list[GoodsVoucherOut]


class PaidOut(BaseModel):
    """With what an order was paid, or is to be."""

    cash: Yuan
    coins: CoinsText
    points: PointsText
    points_worth: Yuan


class OrderEarnsOut(BaseModel):
    """What an order earns: a worth in yuan until it matures, points from then on."""

    worth: Yuan
    state: Literal["pending", "matured", "none", "closed"]
    matures_on: DateText | None
    points: PointsText | None


class OrderAddressOut(BaseModel):
    """Where an order goes."""

    name: str
    phone: str
    province: str
    city: str
    district: str
    detail: str


class ParcelOut(BaseModel):
    """Who brings it, and under which number."""

    carrier: Annotated[str, Field(examples=["顺丰速运"])]
    number: Annotated[str, Field(examples=["SF1234567890"])]


class HappenedOut(BaseModel):
    """Something that happened to an order."""

    what: Literal[
        "placed",
        "paid",
        "shipped",
        "received",
        "return_asked",
        "return_refused",
        "return_done",
        "refunded",
        "closed",
    ]
    at: MomentText


class CanOut(BaseModel):
    """What the member can do with an order now."""

    pay: bool
    cancel: bool
    receive: bool
    return_: Annotated[bool, Field(alias="return")]
    review: bool


class ReturnedLineOut(BaseModel):
    """Pieces of a line."""

    line: int
    quantity: int


class ReturnOut(BaseModel):
    """A return; what goes back is set once it is accepted.

    ``kept`` of the cash stays here for what the member owed (R6.4); ``waits_for`` tells why an
    accepted one is not done yet.
    """

    id: str
    state: ReturnState
    reason: str
    answer: str
    cash: Yuan
    coins: CoinsText
    points_worth: Yuan
    kept: Yuan
    late: bool
    waits_for: str
    lines: list[ReturnedLineOut]
    asked_at: MomentText


class OrderOut(BaseModel):
    """An order as its member sees it.

    ``coins_due`` are coins of an order that was closed, which its merchant has not at the moment;
    they come back by themselves as soon as it has them.
    """

    number: OrderNumber
    state: OrderState
    purchase: str
    merchant: MerchantRef
    placed_at: MomentText
    lines: list[OrderLineOut]
    total: Yuan
    paid: PaidOut
    coins_due: CoinsText
    earns: OrderEarnsOut
    address: OrderAddressOut | None
    parcel: ParcelOut | None
    timeline: list[HappenedOut]
    can: CanOut
    returns: list[ReturnOut]


class ReturnLineIn(Taken):
    """Pieces of a line that go back."""

    line: Number
    quantity: Quantity


class ReturnIn(Taken):
    """What goes back, and why."""

    model_config = example(lines=[{"line": 5, "quantity": 1}], reason="瓶口破损")
    lines: Annotated[list[ReturnLineIn], Field(min_length=1, max_length=LINES_MAX)]
    reason: Annotated[str, Field(max_length=500)] = ""
