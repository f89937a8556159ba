"""The documents of baskets, checkouts and purchases."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from shareback.api.amounts import MoneyOrNone
from shareback.api.shop.addresses import AddressOut
from shareback.api.shop.schemas import (
    Card,
    CoinsText,
    MerchantRef,
    MomentText,
    PointsText,
    Taken,
    Yuan,
    example,
)
from shareback.mall.reckoning import QUANTITY_MAX
from shareback.mall.tender import ALL
from shareback.units.scales import UCOIN_PER_COIN, UNITS_PER_POINT
from shareback.units.text import AmountUnreadable, parse_decimal

NUMBER_MAX = 2**62
Number = Annotated[int, Field(ge=1, lt=NUMBER_MAX, strict=True, examples=[17])]
Quantity = Annotated[int, Field(ge=1, le=QUANTITY_MAX, strict=True, examples=[2])]
Code = Annotated[str, Field(min_length=1, max_length=128, examples=["SPRING"])]
MAX = "max"


def most(units_per_one: int) -> BeforeValidator:
    """Reads how much may be used at most: an amount, or "max"."""

    def read(value: object) -> int:
        if value == MAX:
            return ALL
        if not isinstance(value, str):
            raise ValueError('must be "max" or a decimal string such as "12.5"')  # noqa: TRY004 - pydantic's way
        try:
            return parse_decimal(value, units_per_one)
        except AmountUnreadable as fault:
            raise ValueError(str(fault)) from None

    return BeforeValidator(read)


def shown(example_text: str) -> WithJsonSchema:
    """How it looks in the document."""
    return WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^(max|(0|[1-9][0-9]{0,17})(\.[0-9]{1,8})?)$",
            "examples": [example_text],
        }
    )


MostCoins = Annotated[int, most(UCOIN_PER_COIN), shown("max")]
MostPoints = Annotated[int, most(UNITS_PER_POINT), shown("10.5")]


class LineIn(Taken):
    """Pieces of a good for the basket; a price is never taken (A38)."""

    model_config = example(good=17, quantity=2)
    good: Number
    quantity: Quantity = 1


class LineChange(Taken):
    """Another quantity, or whether it goes to the checkout."""

    model_config = example(quantity=3, chosen=True)
    quantity: Quantity | None = None
    chosen: bool | None = None


class CouponIn(Taken):
    """A coupon's code."""

    code: Code


class BasketLineOut(BaseModel):
    """A line; ``total`` is before offers, ``left`` null where there are plenty."""

    id: int
    good: Card
    quantity: int
    chosen: bool
    total: Yuan
    left: int | None
    problem: Literal["sold_out", "short", "closed"] | None


class OfferOut(BaseModel):
    """What an offer takes off."""

    name: Annotated[str, Field(examples=["满 200 减 20"])]
    saves: Yuan


class GroupOut(BaseModel):
    """What becomes one order; ``earns`` is the worth of its points if it is paid in cash."""

    id: int
    merchant: MerchantRef
    lines: list[BasketLineOut]
    offers: list[OfferOut]
    coupons: list[str]
    subtotal: Yuan
    saves: Yuan
    total: Yuan
    earns: Yuan


class BasketOut(BaseModel):
    """All that lies in a member's baskets; ``total`` and ``earns`` of what is chosen."""

    groups: list[GroupOut]
    count: Annotated[int, Field(examples=[3])]
    total: Yuan
    earns: Yuan


class BuyNowIn(Taken):
    """Pieces of one good, past the basket."""

    good: Number
    quantity: Quantity = 1


class CheckoutIn(Taken):
    """What to buy, where to, and how much of coins and points to use at most.

    ``cash`` is the cash that the member was shown: where it is another sum by now, the checkout
    is refused.
    """

    model_config = example(
        buy_now={"good": 17, "quantity": 1}, address=4, coins="max", points="10.5", cash="89.50"
    )
    buy_now: BuyNowIn | None = None
    address: Number | None = None
    coins: MostCoins = 0
    points: MostPoints = 0
    cash: MoneyOrNone | None = None


class CoinsOut(BaseModel):
    """The member's coins: all, how many could be used, and how many are."""

    balance: CoinsText
    usable: CoinsText
    used: CoinsText


class PointsOut(BaseModel):
    """The member's points: all with their worth, how many could be used, and how many are.

    ``halted``: they pay for nothing at present, since bank and books differ.
    """

    held: PointsText
    worth: Yuan
    usable_points: PointsText
    used_points: PointsText
    used_worth: Yuan
    quota_left_after: Yuan
    halted: bool


class EarnsOut(BaseModel):
    """What the cash would earn once the orders mature."""

    award: Yuan
    quota: Yuan
    matures_after_days: int


class HindranceOut(BaseModel):
    """What stands in the way, and the line that it is about."""

    code: Annotated[str, Field(examples=["stock_short"])]
    detail: str
    line: int | None


class PreviewOut(BaseModel):
    """What a checkout would come to now."""

    groups: list[GroupOut]
    address: AddressOut | None
    needs_address: bool
    shipping: Yuan
    total: Yuan
    coins: CoinsOut
    points: PointsOut
    cash: Yuan
    earns: EarnsOut
    problems: list[HindranceOut]


class PayOut(BaseModel):
    """Where the cash is paid."""

    gateway: Annotated[str, Field(examples=["test"])]
    url: Annotated[str, Field(examples=["/pay/0b8f6a52-…"])]


class FailedOut(BaseModel):
    """Why a purchase was closed though its cash had come, which goes back."""

    code: Annotated[str, Field(examples=["points_gone"])]
    detail: str


class PurchaseOut(BaseModel):
    """A checkout that was made; ``pay`` is null where nothing is to be paid any more."""

    id: str
    state: Literal["awaiting_payment", "paid", "closed"]
    cash: Yuan
    expires_at: MomentText
    orders: list[str]
    pay: PayOut | None
    problem: FailedOut | None
