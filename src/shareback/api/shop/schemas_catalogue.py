"""The documents of shops, goods, reviews and merchants."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shareback.api.shop.schemas import (
    Card,
    Cursor,
    DateText,
    MerchantCard,
    MomentText,
    PointsText,
    Taken,
    Yuan,
    example,
)

Sort = Literal["popular", "new", "price_asc", "price_desc"]


class IssuerOut(BaseModel):
    """Who stands behind the points."""

    name: Annotated[str, Field(examples=["宁夏青岗酒业有限公司"])]
    code: Annotated[str, Field(examples=["91640100MA0000000X"])]


class ProgrammeRef(BaseModel):
    """The programme, with the name under which its public page is found."""

    id: int
    name: str


class ShopOut(BaseModel):
    """A shop; ``test`` marks play money, ``can_sell`` whether points are bought back (R9)."""

    slug: Annotated[str, Field(examples=["vineyard"])]
    name: str
    motto: str
    hotline: str
    is_open: bool
    test: bool
    issuer: IssuerOut
    programme: ProgrammeRef
    price: Yuan
    can_sell: bool


class CategoryRef(BaseModel):
    """A category."""

    id: int
    name: Annotated[str, Field(examples=["红酒"])]
    glyph: Annotated[str, Field(examples=["bottle"])]


class CategoryOut(CategoryRef):
    """A category with those below it; ``count`` is of goods, those below included."""

    count: int
    children: list["CategoryOut"]


class HomeOut(BaseModel):
    """The first page: today's figures, and what there is.

    ``price_change_30d`` is in per cent; null where there was no price 30 days ago. ``curve`` has
    pairs of a date and the price at its close.
    """

    price: Yuan
    price_change_30d: Annotated[str | None, Field(examples=["2.41"])]
    curve: Annotated[
        list[tuple[DateText, Yuan]], Field(examples=[[["2026-02-28", "1.4286"]]], max_length=121)
    ]
    coverage: Annotated[str, Field(examples=["0.214"])]
    reserve: Yuan
    supply: PointsText
    categories: list[CategoryRef]
    picks: list[Card]
    fresh: list[Card]
    merchants: list[MerchantCard]


class CardPage(BaseModel):
    """A page of goods."""

    items: list[Card]
    next: Cursor


class GoodEarns(BaseModel):
    """What one piece would earn, paid in cash: points worth ``award``, and quota, in yuan."""

    award: Yuan
    quota: Yuan
    matures_after_days: Annotated[int, Field(examples=[7])]


class RatingOut(BaseModel):
    """The mean score, to one place; null where nobody has said anything."""

    average: Annotated[str | None, Field(examples=["4.7"])]
    count: int


class ReviewOut(BaseModel):
    """What a buyer says; of the name only a part is told."""

    id: int
    score: Annotated[int, Field(ge=1, le=5)]
    text: str
    name: Annotated[str, Field(examples=["李**"])]
    at: MomentText


class ReviewPage(BaseModel):
    """A page of reviews, the latest first."""

    items: list[ReviewOut]
    next: Cursor


class ReviewIn(Taken):
    """A review."""

    model_config = example(score=5, text="果香浓，包装结实。")
    score: Annotated[int, Field(ge=1, le=5)]
    text: Annotated[str, Field(min_length=1, max_length=1_000)]


class GoodOut(Card):
    """A good with all that its page shows; ``stock_left`` is null where it is not told."""

    description: str
    pictures: list[str]
    stock_left: int | None
    can_buy: bool
    can_review: bool
    earns_detail: GoodEarns
    merchant: MerchantCard
    rating: RatingOut
    reviews: Annotated[list[ReviewOut], Field(max_length=3)]
    valid_days: int | None


class MerchantPage(BaseModel):
    """A page of merchants."""

    items: list[MerchantCard]
    next: Cursor


class MerchantOut(MerchantCard):
    """A merchant with all that its page shows."""

    about: str
    goods_count: int
