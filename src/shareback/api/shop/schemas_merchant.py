"""The documents of merchants: what they hold, sell, ask for and are owed."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, WithJsonSchema

from shareback.api.amounts import Coins, Points
from shareback.api.shop.schemas import (
    CoinsText,
    Cursor,
    DateText,
    Kind,
    MomentText,
    PointsText,
    Taken,
    Yuan,
    example,
)
from shareback.api.shop.shown import FEN_PER_YUAN
from shareback.units.text import AmountUnreadable, parse_decimal

PRICE_MAX = 1_000_000 * FEN_PER_YUAN
STOCK_MAX = 1_000_000


def read_price(value: object) -> Decimal:
    """A price: a decimal string with at most two places, above 0 (A15)."""
    if not isinstance(value, str):
        raise ValueError('must be a decimal string such as "12.50"')  # noqa: TRY004 - pydantic's way
    try:
        fen = parse_decimal(value, FEN_PER_YUAN)
    except AmountUnreadable as fault:
        raise ValueError(str(fault)) from None
    if not 0 < fen <= PRICE_MAX:
        raise ValueError("must be above 0 and at most a million yuan")
    return Decimal(fen) / FEN_PER_YUAN


def stripped(text: str) -> str:
    """A text without blanks around it."""
    return text.strip()


Price = Annotated[
    Decimal,
    BeforeValidator(read_price),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^(0|[1-9][0-9]{0,6})(\.[0-9]{1,2})?$",
            "examples": ["128.00"],
        }
    ),
]
Title = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(stripped)]
TitleEn = Annotated[str, Field(max_length=120), AfterValidator(stripped)]
Subtitle = Annotated[str, Field(max_length=200), AfterValidator(stripped)]
Text = Annotated[str, Field(max_length=5_000)]
Stock = Annotated[int, Field(ge=0, le=STOCK_MAX, strict=True)]
Days = Annotated[int, Field(ge=1, le=3_650, strict=True)]
Backing = Annotated[str, Field(max_length=60)]


class TodayOut(BaseModel):
    """What was paid today."""

    orders: int
    cash: Yuan


class OverviewOut(BaseModel):
    """A merchant at a glance.

    ``concession`` is what it gives up of each sale, and ``fee`` what selling points back costs, in
    per cent; ``coins_free`` leaves out the coins of orders that wait for the rest of their payment.
    """

    id: int
    name: str
    role: Literal["owner", "clerk"]
    coins: CoinsText
    coins_free: CoinsText
    points: PointsText
    points_cost: Yuan
    points_worth: Yuan
    payable: Yuan
    to_ship: int
    returns_asked: int
    today: TodayOut
    concession: Annotated[str, Field(examples=["50"])]
    backing_categories: list[str]
    followers: int
    price: Yuan
    can_sell: bool
    fee: Annotated[str, Field(examples=["10"])]


class PictureOut(BaseModel):
    """A picture of a good."""

    id: int
    url: str


class OwnGoodOut(BaseModel):
    """A good as its merchant sees it, both languages side by side."""

    id: int
    title: str
    title_en: str
    subtitle: str
    subtitle_en: str
    description: str
    description_en: str
    price: Yuan
    stock: int
    kind: Kind
    category: int | None
    backing_category: str
    valid_days: int
    is_public: bool
    sold: int
    picture: str | None
    pictures: list[PictureOut]


class OwnGoodPage(BaseModel):
    """A page of a merchant's goods, the newest first."""

    items: list[OwnGoodOut]
    next: Cursor


class GoodIn(Taken):
    """Put a good on sale."""

    model_config = example(
        title="2019 干红葡萄酒", title_en="Dry red 2019", price="128.00", stock=60, category=3
    )
    title: Title
    title_en: TitleEn = ""
    subtitle: Subtitle = ""
    subtitle_en: Subtitle = ""
    description: Text = ""
    description_en: Text = ""
    price: Price
    stock: Stock
    kind: Kind = "shipped"
    category: int | None = None
    backing_category: Backing = ""
    valid_days: Days = 90
    is_public: bool = True


class GoodChanges(Taken):
    """What is named is changed; its kind stays, since orders depend on it."""

    model_config = example(price="118.00", stock=40)
    title: Title | None = None
    title_en: TitleEn | None = None
    subtitle: Subtitle | None = None
    subtitle_en: Subtitle | None = None
    description: Text | None = None
    description_en: Text | None = None
    price: Price | None = None
    stock: Stock | None = None
    category: int | None = None
    backing_category: Backing | None = None
    valid_days: Days | None = None
    is_public: bool | None = None


class AskedIn(Taken):
    """Ask for coins at the counter."""

    model_config = example(coins="15.80", note="牛肉面一碗")
    coins: Coins
    note: Annotated[str, Field(max_length=60)] = ""


class AskedOut(BaseModel):
    """A charge: its QR code holds ``url``; ``paid_by`` is told in part."""

    id: str
    token: str
    url: str
    qr: str
    coins: CoinsText
    note: str
    expires_at: MomentText
    state: Literal["open", "paid", "cancelled", "expired"]
    made_at: MomentText
    paid_at: MomentText | None
    paid_by: str


class AskedPage(BaseModel):
    """A page of charges, the latest first."""

    items: list[AskedOut]
    next: Cursor


class CoinsIn(Taken):
    """So many coins."""

    model_config = example(coins="100")
    coins: Coins


class ExchangedOut(BaseModel):
    """Coins that have become points (R8.3)."""

    coins: CoinsText
    points: PointsText


class ExchangeQuote(ExchangedOut):
    """What coins would become now; it binds nobody."""

    price: Yuan


class OwnPointsIn(Taken):
    """So many points."""

    model_config = example(points="10.5")
    points: Points


class RedeemedOut(BaseModel):
    """Points that were sold back, for at most what they cost (R8.3)."""

    points: PointsText
    gross: Yuan
    fee: Yuan
    net: Yuan


class RedeemQuote(RedeemedOut):
    """What points would fetch now; ``points`` are all of them where the rest would be dust."""

    price: Yuan


class SettlementLine(BaseModel):
    """An order that was paid in cash: what the merchant gives up of it, and what is left."""

    order: str
    date: DateText
    cash: Yuan
    concession: Yuan
    net: Yuan


class SettlementTotals(BaseModel):
    """The sums of a month."""

    orders: int
    cash: Yuan
    concession: Yuan
    net: Yuan


class SettlementOut(BaseModel):
    """A month of sales for cash, less what was given back; its first page alone has the sums."""

    month: Annotated[str, Field(examples=["2026-03"])]
    lines: list[SettlementLine]
    totals: SettlementTotals | None
    next: Cursor
