"""The documents of the orders, returns and vouchers that a merchant serves."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from shareback.api.shop.addresses import trimmed
from shareback.api.shop.schemas import (
    Cursor,
    DateText,
    Kind,
    MomentText,
    Taken,
    Yuan,
    example,
)
from shareback.api.shop.schemas_orders import (
    OrderAddressOut,
    OrderNumber,
    OrderState,
    PaidOut,
    ParcelOut,
    ReturnedLineOut,
    ReturnOut,
    VoucherState,
)

ServedState = Literal["all", "paid", "shipped", "received", "refund"]
ReturnFilter = Literal["all", "asked", "accepted", "refused", "done"]


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

    number: OrderNumber
    state: OrderState
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


class ReturnedLine(ReturnedLineOut):
    """Pieces that are asked to go back."""

    title: str


class ServedReturn(ReturnOut):
    """A return as its merchant sees it; while it is asked, with what would go back now."""

    order: OrderNumber
    buyer: str
    lines: list[ReturnedLine]  # type: ignore[assignment] # each tells more


class ServedReturnPage(BaseModel):
    """A page of returns, the latest first."""

    items: list[ServedReturn]
    next: Cursor


class ServedCan(BaseModel):
    """What can be done with an order now."""

    ship: bool


class ServedOrder(ServedCard):
    """An order with all that its merchant needs."""

    paid: PaidOut
    address: OrderAddressOut | None
    parcel: ParcelOut | None
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
    """A voucher that somebody shows at the counter; ``by_you``: who asks has redeemed it."""

    title: str
    buyer: str
    state: VoucherState
    valid_until: DateText
    redeemed_at: MomentText | None
    by_you: bool
