"""The model's worlds as commands of the engine, and the journal in the model's words.

Member 3 of the model is ``m3`` here, merchant 2 is ``s2``; orders have the model's own ids.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from shareback.engine import commands as cmd
from shareback.engine.engine import Engine
from shareback.journal import models
from shareback.journal.heads import HEAD_COLUMNS
from shareback.rules.kinds import Kind
from shareback.rules.layout import ABSENT, OrderState
from shareback.rules.programme import TEST_ISSUER, Programme, TierTerms
from shareback.units.scales import PPM, UNITS_PER_POINT, UYUAN_PER_YUAN
from shareback.units.text import format_exact
from tests.model.model import Model
from tests.model.parameters import Parameters
from tests.model.production import COMPARED

Fields = Mapping[str, Any]
RATES = (50_000, 200_000, 300_000, 500_000, PPM)
"""Backing rates that the model's worlds draw for single orders."""


def programme_of(parameters: Parameters, name: str) -> Programme:
    """The model's parameters as a programme.

    Raises:
        ValidationError: They do not hold.
    """
    tiers = tuple(
        TierTerms(
            name=f"tier {place}",
            threshold=format_exact(threshold, UNITS_PER_POINT),
            multiplier=format_exact(multiplier, PPM),
        )
        for place, (threshold, multiplier) in enumerate(parameters.tiers)
        if place > 0
    )
    rates = {
        f"at {rate}": format_exact(rate, PPM) for rate in RATES if parameters.backing_fits(rate)
    }
    return Programme(
        name=name,
        issuer=TEST_ISSUER,
        issue_price=format_exact(parameters.issue_price_uyuan, UYUAN_PER_YUAN),
        supply_cap=format_exact(parameters.supply_cap_units, UNITS_PER_POINT),
        backing_rate=format_exact(parameters.backing_ppm, PPM),
        backing_by_category=rates,
        award_rate=format_exact(parameters.award_ppm, PPM),
        referral_rate=format_exact(parameters.referral_ppm, PPM),
        award_mode=parameters.award_mode,
        award_points=format_exact(parameters.award_points_units, UNITS_PER_POINT),
        award_spend=format_exact(parameters.award_spend_uyuan, UYUAN_PER_YUAN),
        margin_rate=format_exact(parameters.margin_ppm, PPM),
        dividend_rate=format_exact(parameters.dividend_in_force_ppm, PPM),
        quota_multiple=format_exact(parameters.quota_multiple_ppm, PPM),
        redemption_fee=format_exact(parameters.fee_ppm, PPM),
        goods_redemption_fee=format_exact(parameters.goods_fee_ppm, PPM),
        maturity_days=parameters.maturity_days,
        late_refund_limit=format_exact(parameters.late_refund_limit_uyuan, UYUAN_PER_YUAN),
        tiers=tiers,
        profile="profit-share" if parameters.money_out else "goods-only",
    )


class Unspeakable(Exception):
    """A step of the model that no command of the engine can say, since the edge refuses it."""


def member(number: int) -> str:
    """A member's id; nobody's is empty."""
    return f"m{number}" if number else ""


def merchant(number: int) -> str:
    """A merchant's id; the programme's own shop has an empty one."""
    return f"s{number}" if number else ""


class Speaker:
    """Says the model's steps as commands."""

    def __init__(self, name: str) -> None:
        """Keep the programme's name; nothing was ordered yet."""
        self.name = name
        self.order_ids = [""]
        self.said = 0

    def order(self, number: int) -> str:
        """An order's id."""
        return self.order_ids[number] if number < len(self.order_ids) else f"no order {number}"

    def accepted(self, kind: int, fields: Fields) -> None:
        """Learn the id of an order that the model took."""
        if kind == Kind.PAY_ORDER:
            self.order_ids.append(fields["order_id"])

    def command(self, kind: int, fields: Fields, at: int, model: Model) -> cmd.Command:
        """A step as a command.

        Raises:
            Unspeakable: There is no such command.
        """
        self.said += 1
        match Kind(kind):
            case Kind.PAY_ORDER:
                return self.pay_order(fields, at, model)
            case Kind.AMEND_PROGRAMME:
                try:
                    changed = programme_of(fields["parameters"], self.name)
                except ValidationError:
                    raise Unspeakable from None
                return cmd.AmendProgramme(at, fields["from_day"], fields["approvals"], changed)
            case Kind.REFUND_ORDER:
                given, order = f"r{self.said}", self.order(fields["order"])
                return cmd.RefundOrder(at, order, given, fields["money"], fields["approvals"])
            case Kind.RECEIVE_ORDER:
                return cmd.ReceiveOrder(at, self.order(fields["order"]))
            case other:
                return SAID[other](at, **fields)

    def pay_order(self, fields: Fields, at: int, model: Model) -> cmd.Command:
        """An order; its own rate is one of a category."""
        rate, terms = fields["backing_ppm"], model.state.parameters
        if rate != terms.backing_ppm and not (rate in RATES and terms.backing_fits(rate)):
            raise Unspeakable
        if fields["received"] > 1:
            raise Unspeakable
        return cmd.PayOrder(
            at,
            fields["order_id"],
            member(fields["member"]),
            merchant(fields["merchant"]),
            fields["paid"],
            fields["profit"],
            bool(fields["received"]),
            "" if rate == terms.backing_ppm else f"at {rate}",
        )


SAID: Mapping[Kind, Callable[..., cmd.Command]] = {
    Kind.JOIN_MEMBER: lambda at, member, referrer, party: cmd.JoinMember(
        at, f"m{member}", f"m{referrer}" if referrer else "", party
    ),
    Kind.SET_REFERRER: lambda at, member, referrer: cmd.SetReferrer(
        at, f"m{member}", f"m{referrer}"
    ),
    Kind.JOIN_MERCHANT: lambda at, merchant, party: cmd.JoinMerchant(at, f"s{merchant}", party),
    Kind.REDEEM_POINTS: lambda at, member, points: cmd.RedeemPoints(at, f"m{member}", points),
    Kind.SPEND_POINTS: lambda at, payment, member, merchant, points: cmd.SpendPoints(
        at, f"p{payment}", f"m{member}", f"s{merchant}", points
    ),
    Kind.REFUND_POINTS_PAYMENT: lambda at, payment, money: cmd.RefundPointsPayment(
        at, f"p{payment}", money
    ),
    Kind.CONVERT_POINTS: lambda at, member, points: cmd.ConvertPoints(at, f"m{member}", points),
    Kind.PAY_COINS: lambda at, payment, payer_member, payer_merchant, merchant, coins: cmd.PayCoins(
        at,
        f"p{payment}",
        f"s{merchant}",
        coins,
        f"m{payer_member}" if payer_member else "",
        f"s{payer_merchant}" if payer_merchant else "",
    ),
    Kind.REFUND_COINS: lambda at, payment, coins: cmd.RefundCoins(at, f"p{payment}", coins),
    Kind.EXCHANGE_COINS: lambda at, merchant, coins: cmd.ExchangeCoins(at, f"s{merchant}", coins),
    Kind.REDEEM_MERCHANT_POINTS: lambda at, merchant, points: cmd.RedeemMerchantPoints(
        at, f"s{merchant}", points
    ),
    Kind.AWARD_FUNDED: lambda at, member, funder_merchant, money, value: cmd.AwardFunded(
        at, f"m{member}", money, value, f"s{funder_merchant}" if funder_merchant else ""
    ),
    Kind.FUND_TREASURY: lambda at, money: cmd.FundTreasury(at, money),
    Kind.WITHDRAW_TREASURY: lambda at, money, approvals: cmd.WithdrawTreasury(at, money, approvals),
    Kind.WITHDRAW_CASH: lambda at, member, money: cmd.WithdrawCash(at, f"m{member}", money),
    Kind.SETTLE_MERCHANT: lambda at, merchant, money: cmd.SettleMerchant(at, f"s{merchant}", money),
    Kind.RECORD_UNMATCHED: lambda at, money: cmd.RecordUnmatched(at, money),
    Kind.ANNOUNCE_END: lambda at, end_day, approvals: cmd.AnnounceEnd(at, end_day, approvals),
    Kind.END_PROGRAMME: lambda at: cmd.EndProgramme(at),
    Kind.SETTLE_ACCOUNTS: lambda at, first_member, last_member: cmd.SettleAccounts(
        at, first_member, last_member
    ),
    Kind.LINK_PARTY: lambda at, member, merchant, party: cmd.LinkParty(
        at, party, f"m{member}" if member else "", f"s{merchant}" if merchant else ""
    ),
}


def head_words(engine: Engine) -> dict[str, int]:
    """The head in the model's words."""
    figures = zip(HEAD_COLUMNS, engine.head(), strict=True)
    return {name: value for name, value in figures if name in COMPARED}


def words(engine: Engine) -> dict[str, object]:
    """What the journal says of a programme, in the model's words (`Model.snapshot`)."""

    def rows(model: Any, *columns: str) -> dict[int, tuple[int, ...]]:  # noqa: ANN401
        found = model.objects.using(engine.alias).filter(programme_id=engine.id)
        return {row[0]: row[1:] for row in found.values_list("number", *columns)}

    return {
        **head_words(engine),
        "members": rows(models.Member, *MEMBER),
        "merchants": rows(models.Merchant, "points", "cost", "coins", "payable"),
        "orders": orders(
            rows(models.Order, "state", "refunded", "due_day"),
            rows(models.Maturity, *MATURITY),
        ),
    }


MEMBER = (
    "points",
    "cash",
    "coins",
    "quota",
    "used",
    "index",
    "tier",
    "earned",
    "dividends",
    "receivable",
    "receivable_treasury",
)
MATURITY = ("points_buyer", "points_referrer", "taken_buyer", "taken_referrer")


def orders(
    paid: Mapping[int, tuple[int, ...]], matured: Mapping[int, tuple[int, ...]]
) -> dict[int, tuple[int, ...]]:
    """Orders in the model's words, which tell paid from received."""
    said: dict[int, tuple[int, ...]] = {}
    for number, (state, refunded, due_day) in paid.items():
        if number in matured:
            said[number] = (3, refunded, *matured[number])
        elif state == OrderState.CLOSED:
            said[number] = (4, refunded, 0, 0, 0, 0)
        else:
            said[number] = (1 if due_day == ABSENT else 2, refunded, 0, 0, 0, 0)
    return said
