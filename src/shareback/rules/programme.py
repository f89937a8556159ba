"""The parameters of a programme, as people write them, and the promises they must keep (R2).

A programme that cannot keep its promises is refused with the reason.
"""

import json
import unicodedata
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictBool,
    model_validator,
)

from shareback.rules.layout import TERM_WIDTH, Row, Table, Term
from shareback.rules.ordering import APPROVERS
from shareback.rules.profiles import DOCUMENT_BEHIND, Feature, Profile, allows
from shareback.units.exact import mul_div
from shareback.units.scales import PPM, RANGE, UNITS_PER_POINT, UYUAN_PER_YUAN
from shareback.units.text import AmountUnreadable, format_exact, parse_decimal

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_LENGTH = 18
UNFIT_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}
"""Control characters, halves of characters, and what some programs take for line ends."""


def decimal_of(units_per_one: int, value: object) -> int:
    """Read a decimal string, or a whole number, into units; anything else is refused."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError('must be a decimal string such as "0.30"')  # noqa: TRY004 - pydantic's way
    try:
        return parse_decimal(value, units_per_one)
    except AmountUnreadable as fault:
        raise ValueError(str(fault)) from None


def read_ppm(value: object) -> int:
    """A rate or multiple: ``"0.30"`` is 300,000 ppm."""
    return decimal_of(PPM, value)


def read_yuan(value: object) -> int:
    """Money: ``"1"`` is 1,000,000 µ¥."""
    return decimal_of(UYUAN_PER_YUAN, value)


def read_points(value: object) -> int:
    """Points: ``"1"`` is 10⁸ units."""
    return decimal_of(UNITS_PER_POINT, value)


def read_words(text: str) -> str:
    """Words that stand on one line of every page; a control character among them is refused."""
    if any(unicodedata.category(letter) in UNFIT_CATEGORIES for letter in text):
        raise ValueError("holds a control character, such as a line break; remove it")
    return text


Words = Annotated[str, AfterValidator(read_words)]
Rate = Annotated[
    int, BeforeValidator(read_ppm), PlainSerializer(lambda ppm: format_exact(ppm, PPM))
]
Money = Annotated[
    int,
    BeforeValidator(read_yuan),
    PlainSerializer(lambda uyuan: format_exact(uyuan, UYUAN_PER_YUAN)),
]
Points = Annotated[
    int,
    BeforeValidator(read_points),
    PlainSerializer(lambda units: format_exact(units, UNITS_PER_POINT)),
]


def uscc_is_valid(code: str) -> bool:
    """Whether a unified social credit code has its check digit right (GB 32100-2015)."""
    if len(code) != USCC_LENGTH or any(letter not in USCC_ALPHABET for letter in code):
        return False
    total = sum(
        USCC_ALPHABET.index(letter) * pow(3, place, 31) for place, letter in enumerate(code[:17])
    )
    return USCC_ALPHABET[-total % 31] == code[17]


class Strict(BaseModel):
    """What all parts of a programme share: nothing unknown, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Issuer(Strict):
    """Who stands behind the points, shown on every page (R2)."""

    name: Words = Field(min_length=1, max_length=200)
    code: str | None = None
    register_name: Words | None = Field(default=None, alias="register", max_length=200)
    number: Words | None = Field(default=None, max_length=100)
    test: StrictBool = False

    @model_validator(mode="after")
    def is_registered(self) -> Self:
        """A test issuer, a valid Chinese code, or a foreign register with a number."""
        if self.code is not None and not uscc_is_valid(self.code):
            raise ValueError(f"code {self.code!r} is no valid unified social credit code")
        if self.test or self.code is not None or (self.register_name and self.number):
            return self
        raise ValueError("needs a unified social credit code, or a register and a number")


class TierTerms(Strict):
    """One tier of members by points held at the close (R2)."""

    name: Words = Field(min_length=1, max_length=60)
    threshold: Points
    multiplier: Rate = Field(default=PPM, gt=0)
    partner: StrictBool = False


class Authority(Strict):
    """What the profile `authorised` rests on (R9)."""

    jurisdiction: Words = Field(min_length=1)
    licence: Words = Field(min_length=1)
    approvers: tuple[Words, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def has_two_approvers(self) -> Self:
        """Two names of one person are one approver."""
        if len({name.strip().casefold() for name in self.approvers} - {""}) < APPROVERS:
            raise ValueError("approvers must be two persons or more (R9)")
        return self


class Programme(Strict):
    """All parameters of a programme; what is left out takes the default of R2."""

    name: Words = Field(default="Shareback", min_length=1, max_length=200)
    timezone: str = "Asia/Shanghai"
    currency: str = Field(default="CNY", pattern="^[A-Z]{3}$")
    issuer: Issuer
    issue_price: Money = Field(default=UYUAN_PER_YUAN, gt=0, le=1_000_000 * UYUAN_PER_YUAN)
    supply_cap: Points = Field(default=100_000_000 * UNITS_PER_POINT, gt=0)
    backing_rate: Rate = Field(default=300_000, gt=0)
    backing_by_category: dict[Words, Rate] = Field(default_factory=dict)
    award_rate: Rate = 700_000
    referral_rate: Rate = 100_000
    award_mode: Literal["value", "per_spend"] = "value"
    award_points: Points = 0
    award_spend: Money = 0
    margin_rate: Rate = Field(default=500_000, le=PPM)
    dividend_rate: Rate | None = Field(default=None, le=PPM)
    quota_multiple: Rate = Field(default=2 * PPM, le=1_000 * PPM)
    redemption_fee: Rate = Field(default=100_000, le=500_000)
    goods_redemption_fee: Rate = Field(default=0, le=500_000)
    maturity_days: int = Field(default=7, ge=0, le=3_650, strict=True)
    late_refund_limit: Money = 1_000 * UYUAN_PER_YUAN
    tiers: tuple[TierTerms, ...] = Field(default=(), max_length=16)
    profile: Profile = "profit-share"
    authority: Authority | None = None

    @property
    def dividend_ppm(self) -> int:
        """The dividend rate in force: 30 % where none is named, nothing in `goods-only`."""
        if self.dividend_rate is not None:
            return self.dividend_rate
        return 300_000 if allows(self.profile, Feature.DIVIDENDS) else 0

    @model_validator(mode="after")
    def keeps_its_promises(self) -> Self:
        """Refuse what R2 and R3.7 refuse, with the reason."""
        for name, rate in {"backing_rate": self.backing_rate, **self.backing_by_category}.items():
            self.check_backing(name, rate)
        if self.award_rate + self.referral_rate > PPM:
            raise ValueError(
                "award_rate + referral_rate is above 1: awards would exceed the contribution"
                " and the price could fall (R2)"
            )
        if self.dividend_ppm > 0 and not allows(self.profile, Feature.DIVIDENDS):
            raise ValueError(
                f"profile {self.profile} pays no dividends: dividend_rate must be 0"
                f" (R9, {DOCUMENT_BEHIND[Feature.DIVIDENDS]})"
            )
        if self.profile == "authorised" and self.authority is None:
            raise ValueError("profile authorised needs [authority] with two approvers (R9)")
        if self.award_mode == "per_spend" and (self.award_points == 0 or self.award_spend == 0):
            raise ValueError("award_mode per_spend needs award_points and award_spend (R2)")
        self.check_tiers()
        return self

    def check_backing(self, name: str, rate: int) -> None:
        """Refuse a backing rate that the margin cannot pay, or that lets an award exit at once."""
        if rate == 0:
            raise ValueError(f"{name} must be above 0 (R2)")
        if (self.margin_rate - rate) * PPM < self.dividend_ppm * self.margin_rate:
            raise ValueError(
                f"{name} {format_exact(rate, PPM)} + dividend_rate × margin_rate is above"
                f" margin_rate {format_exact(self.margin_rate, PPM)}:"
                " the programme would pay out more than its sales earn (R2)"
            )
        if self.quota_multiple <= rate:
            raise ValueError(f"quota_multiple must be above {name}: an award could exit at once")

    def check_tiers(self) -> None:
        """Refuse tiers that do not rise, and a supply that would leave the range (R3.7)."""
        thresholds = [tier.threshold for tier in self.tiers]
        if any(low >= high for low, high in zip([0, *thresholds], thresholds, strict=False)):
            raise ValueError("tiers must rise by threshold, from above 0 (R2)")
        multipliers = [PPM, *(tier.multiplier for tier in self.tiers)]
        if self.supply_cap * max(multipliers) >= RANGE * PPM:
            raise ValueError("supply_cap × the largest multiplier is out of range (R3.7)")

    def terms_row(self) -> Row:
        """These parameters as a row of `layout.Term`."""
        terms = [0] * TERM_WIDTH
        terms[Term.ISSUE_PRICE] = self.issue_price
        terms[Term.SUPPLY_CAP] = self.supply_cap
        terms[Term.BACKING] = self.backing_rate
        terms[Term.AWARD] = self.award_rate
        terms[Term.REFERRAL] = self.referral_rate
        terms[Term.PER_SPEND] = 1 if self.award_mode == "per_spend" else 0
        terms[Term.AWARD_POINTS] = self.award_points
        terms[Term.AWARD_SPEND] = self.award_spend
        terms[Term.MARGIN] = self.margin_rate
        terms[Term.DIVIDEND] = self.dividend_ppm
        terms[Term.QUOTA_MULTIPLE] = self.quota_multiple
        terms[Term.FEE] = self.redemption_fee
        terms[Term.GOODS_FEE] = self.goods_redemption_fee
        terms[Term.MATURITY_DAYS] = self.maturity_days
        terms[Term.MONEY_OUT] = 1 if allows(self.profile, Feature.BUY_BACK) else 0
        terms[Term.REFUND_LIMIT] = self.late_refund_limit
        return terms

    def tier_rows(self) -> Table:
        """The tiers as rows of `layout.Tier`, the base tier first."""
        return [[0, PPM], *([tier.threshold, tier.multiplier] for tier in self.tiers)]

    def canonical(self) -> bytes:
        """The parameters as they stand in the log: JSON, sorted, without spaces."""
        fields = self.model_dump(mode="json", by_alias=True)
        return json.dumps(
            fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        ).encode()

    def share_of_quota_ppm(self) -> int:
        """The largest share of all quota that sales can ever fill: R11's plain figure."""
        back = self.backing_rate + mul_div(self.margin_rate, self.dividend_ppm, PPM)
        return mul_div(back, PPM, self.quota_multiple)


TEST_ISSUER = Issuer(name="Test issuer (no company)", test=True)
