"""The documents of a member's money."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shareback.api.amounts import Points
from shareback.api.shop.schemas import (
    CoinsText,
    DateText,
    MerchantRef,
    MomentText,
    PointsText,
    Taken,
    Yuan,
    example,
)


class QuotaOut(BaseModel):
    """The ceiling on what a member may receive; never a debt."""

    granted: Yuan
    used: Yuan
    left: Yuan


class PendingOut(BaseModel):
    """An order that has not matured; ``matures_on`` is null until it is received."""

    order: Annotated[str, Field(examples=["20260301-7F3K9QX2"])]
    worth: Yuan
    matures_on: DateText | None


class DividendsOut(BaseModel):
    """``today`` is what the latest close brought; ``accrued`` what has come since the last move."""

    today: Yuan
    accrued: Yuan
    total: Yuan


class NextTier(BaseModel):
    """The next tier, and how many more points it needs at a close."""

    name: str
    needs: PointsText


class TierOut(BaseModel):
    """The tier; its multiplier weighs dividends."""

    name: str
    multiplier: Annotated[str, Field(examples=["1.2"])]
    next: NextTier | None


class TierStep(BaseModel):
    """A tier of the programme: the points that a close wants, and how it weighs dividends."""

    name: Annotated[str, Field(examples=["银卡"])]
    threshold: PointsText
    multiplier: Annotated[str, Field(examples=["1.2"])]
    partner: bool


class HoldingsOut(BaseModel):
    """All that a member holds, and what is told about it.

    ``halted``: nothing is paid out at present, since bank and books differ.
    """

    points: PointsText
    value: Yuan
    price: Yuan
    curve: Annotated[list[tuple[DateText, Yuan]], Field(max_length=121)]
    cash: Yuan
    coins: CoinsText
    quota: QuotaOut
    pending: list[PendingOut]
    pending_count: int
    pending_total: Yuan
    dividends: DividendsOut
    tier: TierOut
    tiers: list[TierStep]
    coverage: Annotated[str, Field(examples=["0.214"])]
    can_sell: bool
    halted: bool
    fee: Annotated[str, Field(examples=["10"])]
    words: list[str]
    receivable: Yuan


class DividendOut(BaseModel):
    """A day's dividend."""

    date: DateText
    points_held: PointsText
    amount: Yuan


class DividendPage(BaseModel):
    """A month of dividends, the latest first; ``next`` is what to ask for as ``before``."""

    items: list[DividendOut]
    next: Annotated[str | None, Field(examples=["202602"])]


class EntryOut(BaseModel):
    """An entry: what it changed, and why."""

    entry: int
    date: DateText
    kind: Annotated[str, Field(examples=["matured"])]
    title: Annotated[str, Field(examples=["订单成熟"])]
    why: str
    order: str | None
    points: PointsText
    points_held: PointsText
    cash: Yuan
    coins: CoinsText
    quota: Yuan


class EntryPage(BaseModel):
    """A page of entries, the latest first; ``next`` is what to ask for as ``before``."""

    items: list[EntryOut]
    next: int | None


class PointsTaken(Taken):
    """So many points."""

    model_config = example(points="10.5")
    points: Points


class SoldOut(BaseModel):
    """A sale: ``net`` has gone to the cash balance."""

    points: PointsText
    gross: Yuan
    fee: Yuan
    net: Yuan
    quota_left: Yuan
    price: Yuan


class ConvertedOut(BaseModel):
    """Points that have become coins."""

    points: PointsText
    coins: CoinsText
    quota_left: Yuan


class ChargeOut(BaseModel):
    """What a merchant asks for at the counter, and what the member has."""

    merchant: MerchantRef
    coins: CoinsText
    note: str
    expires_at: MomentText
    state: Literal["open", "paid", "cancelled", "expired"]
    balance: CoinsText
