"""The documents of what can be read; amounts are decimal strings."""

from typing import Any

from pydantic import BaseModel

from shareback.api.schemas import Amount


class Figures(BaseModel):
    """The figures that a programme and a closed day share."""

    price: Amount
    reserve: Amount
    supply: Amount
    issued: Amount
    burned: Amount
    coverage: str
    order_escrow: Amount
    dividend_pot: Amount
    dividends: Amount
    coins: Amount
    treasury_free: Amount
    treasury_bound: Amount
    receivables: Amount
    members: int
    merchants: int
    orders: int
    exits: int
    sequence: int


class ProgrammeOut(Figures):
    """A programme as it stands now; ``log_root`` pins its whole journal."""

    id: int
    name: str
    day: str
    phase: str
    log_root: str
    parameters: dict[str, Any]


class DayOut(Figures):
    """A closed day."""

    day: int
    date: str
    log_root: str


class PriceOut(BaseModel):
    """The price at a close."""

    day: int
    date: str
    price: Amount


class MemberOut(BaseModel):
    """A member; the quota is a ceiling on what may still be received, never a debt."""

    member_id: str
    number: int
    points: Amount
    value: Amount
    cash: Amount
    coins: Amount
    quota: Amount
    quota_used: Amount
    quota_left: Amount
    dividends_accrued: Amount
    receivable: Amount
    tier: str


class QuoteOut(BaseModel):
    """What points would fetch now; it binds nobody, the price may rise before they are sold."""

    points: Amount
    price: Amount
    gross: Amount
    fee: Amount
    net: Amount
    goods_fee: Amount
    goods_net: Amount
    coins: Amount
    quota_left: Amount
    quota_left_after: Amount
    sequence: int


class MerchantOut(BaseModel):
    """A merchant; its points fetch at most what they cost."""

    merchant_id: str
    number: int
    points: Amount
    points_cost: Amount
    coins: Amount
    payable: Amount


class OrderOut(BaseModel):
    """An order; before it matures its award is worth yuan, and becomes points then."""

    order_id: str
    number: int
    member_id: str | None
    merchant_id: str | None
    referrer_id: str | None
    state: str
    amount: Amount
    refunded: Amount
    paid_on: str
    matures_on: str | None
    pending_worth: Amount | None
    points: Amount | None
    referrer_points: Amount | None


class StepOut(BaseModel):
    """One entry of a statement: what came, or with a minus went, and what is behind it.

    ``movement`` says more of ``moved``; the ids are null where there is nothing of the kind.
    """

    entry: int
    date: str
    kind: str
    points: str
    points_held: Amount
    cash: str
    coins: str
    quota: str
    movement: str | None
    order_id: str | None
    order_number: int | None
    refund_id: str | None
    payment_id: str | None
    merchant_id: str | None


class EntryOut(BaseModel):
    """One entry of the journal; ``fields`` are whole units, ``body`` its canonical bytes."""

    sequence: int
    kind: str
    date: str
    at: str
    fields: dict[str, str | None]
    commitment: str | None
    body: str


class RequestOut(BaseModel):
    """A refund that waits for approval; ``asked_by`` is a client's number, below 0 a connection's.

    ``asked_at`` is µs UTC.
    """

    number: int
    order_id: str
    refund_id: str
    amount: Amount
    asked_by: int
    asked_at: str


class RequestPage(BaseModel):
    """Refunds that wait for approval."""

    items: list[RequestOut]
    next: int | None


class ProgrammePage(BaseModel):
    """Programmes."""

    items: list[ProgrammeOut]
    next: int | None


class DayPage(BaseModel):
    """Days."""

    items: list[DayOut]
    next: int | None


class PricePage(BaseModel):
    """Prices."""

    items: list[PriceOut]
    next: int | None


class StatementPage(BaseModel):
    """Entries of a statement."""

    items: list[StepOut]
    next: int | None


class JournalPage(BaseModel):
    """Entries of the journal."""

    items: list[EntryOut]
    next: int | None
