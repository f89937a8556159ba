"""A member's money: points, quota, dividends, entries; selling, converting, paying a merchant."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from shareback.api import amounts
from shareback.api.problems import Problem
from shareback.api.reading import head_document, of_one_state, quote
from shareback.api.schemas_read import QuoteOut
from shareback.api.shop.cards import merchant_ref
from shareback.api.shop.figures import curve, price_now
from shareback.api.shop.frame import MemberVisit, member, of_member
from shareback.api.shop.once import once, told
from shareback.api.shop.openapi import KEYED
from shareback.api.shop.plain_words import member_words
from shareback.api.shop.schemas_money import (
    ChargeOut,
    ConvertedOut,
    DividendPage,
    EntryPage,
    HoldingsOut,
    PointsTaken,
    SoldOut,
)
from shareback.api.shop.shown import PAGE, PAGE_MAX, moment, tier_name
from shareback.api.shop.statement import shown
from shareback.api.statements import Page, statement_page
from shareback.engine import commands as cmd
from shareback.engine.calendar import day_text
from shareback.engine.reporting import MemberFigures, member_figures
from shareback.engine.statements.keeping import Dividend
from shareback.engine.statements.pending import pending_worth
from shareback.engine.statements.reading import Statement, statement_in_one_state
from shareback.journal.models import Member, Programme
from shareback.journal.models.programme import Halt
from shareback.journal.shapes import MEMBER
from shareback.mall.charges import pay, state_of
from shareback.mall.engines import must, now_us
from shareback.mall.models import CoinCharge
from shareback.mall.terms import in_force, versions_of
from shareback.rules.layout import ABSENT
from shareback.rules.profiles import Feature, allows
from shareback.rules.programme import Programme as Parameters
from shareback.units.scales import PPM
from shareback.units.text import format_exact, per_cent
from shareback.units.text import price as price_text

router = Router(tags=["money"], auth=of_member)
PENDING_SHOWN = 50
EMPTY_MONTHS_MAX = 24
ENTRY_MAX = 2**62
Before = Annotated[int | None, Query(ge=0, le=ENTRY_MAX)]


class Standing(NamedTuple):
    """A member as it stands: its row, and the same with what has accrued."""

    head: Programme
    row: Member
    figures: MemberFigures
    parameters: Parameters

    @property
    def quota_left(self) -> int:
        """What the member may still receive, in µ¥."""
        return max(0, self.figures.quota - self.figures.used)


def standing_of(here: MemberVisit) -> Standing:
    """How a member stands now."""
    head = Programme.objects.get(pk=here.programme)
    row = Member.objects.get(programme_id=here.programme, number=here.membership.number)
    parameters = in_force(here.programme)
    columns = [getattr(row, name) for name in MEMBER.integers]
    figures = member_figures(columns, head.figures(), list(parameters.tier_rows()))
    return Standing(head, row, figures, parameters)


@contextmanager
def opened(here: MemberVisit) -> Iterator[Statement]:
    """A member's statement, in one state of the journal for as long as it is read."""
    head, versions = Programme.objects.get(pk=here.programme), versions_of(here.programme)
    with statement_in_one_state(head, here.membership.number, versions) as found:
        if found is None:
            raise Problem(404, "not_found")
        yield found


@router.get("/me/points", response=HoldingsOut, operation_id="get_points")
def points(request: HttpRequest) -> HttpResponse:
    """All that the member holds."""
    here = member(request)
    with opened(here) as read:
        return told(points_document(standing_of(here), read, here.language))


def points_document(stands: Standing, read: Statement, language: str) -> dict[str, Any]:
    """A member's holdings, and what is told about them."""
    head, row, figures, parameters = stands
    return {
        "points": amounts.points(figures.points),
        "value": amounts.money(figures.worth),
        "price": price_text(price_now(head)),
        "curve": curve(head),
        "cash": amounts.money(figures.cash),
        "coins": amounts.coins(figures.coins),
        "quota": {
            "granted": amounts.money(figures.quota),
            "used": amounts.money(figures.used),
            "left": amounts.money(stands.quota_left),
        },
        **pending_document(read, versions_of(head.pk)),
        "dividends": {
            "today": amounts.money(latest_dividend(read, head.day)),
            "accrued": amounts.money(figures.accrued),
            "total": amounts.money(row.dividends + figures.accrued),
        },
        "tier": tier_document(parameters, figures),
        "tiers": [
            {
                "name": tier.name,
                "threshold": amounts.points(tier.threshold),
                "multiplier": format_exact(tier.multiplier, PPM),
                "partner": tier.partner,
            }
            for tier in parameters.tiers
        ],
        "coverage": head_document(head)["coverage"],
        "can_sell": allows(parameters.profile, Feature.BUY_BACK),
        "halted": head.halted != Halt.NONE,
        "fee": per_cent(parameters.redemption_fee),
        "words": member_words(head, row, figures, parameters, language),
        "receivable": amounts.money(figures.receivable),
    }


def pending_document(read: Statement, versions: Sequence[Parameters]) -> dict[str, Any]:
    """The latest orders that have not matured, and what all of them are worth (R6.1)."""
    terms = [version.terms_row() for version in versions]
    return {
        "pending": [
            {
                "order": order.order_id,
                "worth": amounts.money(pending_worth(order.row, terms[order.terms])),
                "matures_on": None if order.due_day == ABSENT else day_text(order.due_day),
            }
            for order in read.pending(PENDING_SHOWN)
        ],
        "pending_count": read.waiting.count,
        "pending_total": amounts.money(read.waiting.worth_uyuan),
    }


def latest_dividend(read: Statement, today: int) -> int:
    """What the latest close has brought, in µ¥."""
    for one in reversed(read.months()[-2:]):
        for dividend in reversed(read.dividends(one)):
            return dividend.money if dividend.day == today - 1 else 0
    return 0


def tier_document(parameters: Parameters, figures: MemberFigures) -> dict[str, Any]:
    """A member's tier, and the next."""
    following = parameters.tiers[figures.tier : figures.tier + 1]
    return {
        "name": tier_name(parameters, figures.tier),
        "multiplier": format_exact(parameters.tier_rows()[figures.tier][1], PPM),
        "next": {
            "name": following[0].name,
            "needs": amounts.points(max(0, following[0].threshold - figures.points)),
        }
        if following
        else None,
    }


@router.get("/me/dividends", response=DividendPage, operation_id="list_dividends")
def dividends(
    request: HttpRequest,
    before: Annotated[int | None, Query(ge=0, le=999_999, examples=[202_602])] = None,
) -> HttpResponse:
    """Dividends day by day, a month at a time, the latest first."""
    with opened(member(request)) as read:
        months = [one for one in read.months()[::-1] if before is None or one.month < before]
        found: list[Dividend] = []
        looked = 0
        while not found and looked < min(len(months), EMPTY_MONTHS_MAX):
            found = read.dividends(months[looked])
            looked += 1
    following = str(months[looked - 1].month) if looked < len(months) else None
    return told({"items": [dividend_document(one) for one in reversed(found)], "next": following})


def dividend_document(one: Dividend) -> dict[str, str]:
    """A day's dividend."""
    return {
        "date": day_text(one.day),
        "points_held": amounts.points(one.held),
        "amount": amounts.money(one.money),
    }


@router.get("/me/statement", response=EntryPage, operation_id="list_entries")
def statement(
    request: HttpRequest,
    before: Before = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = PAGE,
) -> HttpResponse:
    """Everything that has happened to the member's account, the latest first."""
    here = member(request)
    wanted = Page(-1, ENTRY_MAX if before is None else before, limit)
    found = statement_page(here.programme, here.membership.number, wanted)
    items = shown(found["items"], here.programme, here.language)
    return told({"items": items, "next": found["next"]})


@router.get("/me/quote", response=QuoteOut, operation_id="quote_my_points")
@of_one_state
def my_quote(
    request: HttpRequest, points: Annotated[str, Query(max_length=40, examples=["10.5"])]
) -> HttpResponse:
    """What points would fetch now: sold, spent on goods, or turned into coins."""
    here = member(request)
    return told(quote(here.programme, here.membership.number, points))


@router.post("/me/sell", response=SoldOut, operation_id="sell_points", openapi_extra=KEYED)
def sell(request: HttpRequest, body: PointsTaken) -> HttpResponse:
    """Sell points back (R3.3)."""
    here = member(request)

    def work(key: str) -> dict[str, Any]:
        before = Programme.objects.get(pk=here.programme)
        command = cmd.RedeemPoints(now_us(), here.membership.member_id, body.points, key)
        (done,) = must(here.programme, [command])
        return {
            "points": amounts.points(done.points),
            "gross": amounts.money(done.money_uyuan),
            "fee": amounts.money(done.fee_uyuan),
            "net": amounts.money(done.money_uyuan - done.fee_uyuan),
            "quota_left": amounts.money(standing_of(here).quota_left),
            "price": price_text(price_now(before)),
        }

    return once(request, here.programme, scope_of(here), work)


@router.post(
    "/me/convert", response=ConvertedOut, operation_id="convert_my_points", openapi_extra=KEYED
)
def convert(request: HttpRequest, body: PointsTaken) -> HttpResponse:
    """Turn points into coins (R8.1)."""
    here = member(request)

    def work(key: str) -> dict[str, Any]:
        command = cmd.ConvertPoints(now_us(), here.membership.member_id, body.points, key)
        (done,) = must(here.programme, [command])
        return {
            "points": amounts.points(done.points),
            "coins": amounts.coins(done.money_uyuan),
            "quota_left": amounts.money(standing_of(here).quota_left),
        }

    return once(request, here.programme, scope_of(here), work)


def scope_of(here: MemberVisit) -> str:
    """Whose idempotency keys these are."""
    return f"m{here.membership.pk}"


def charge_document(charge: CoinCharge, here: MemberVisit) -> dict[str, Any]:
    """A charge as its payer sees it."""
    balance = Member.objects.values_list("coins", flat=True).get(
        programme_id=here.programme, number=here.membership.number
    )
    return {
        "merchant": merchant_ref(charge.partner, here.language),
        "coins": amounts.coins(charge.coins),
        "note": charge.note,
        "expires_at": moment(charge.expires_at),
        "state": state_of(charge),
        "balance": amounts.coins(balance),
    }


@router.get("/me/charges/{token}", response=ChargeOut, operation_id="get_charge_to_pay")
def charge(request: HttpRequest, token: str) -> HttpResponse:
    """What the code at the counter asks for."""
    here = member(request)
    found = (
        CoinCharge.objects.select_related("partner")
        .filter(token=token, partner__programme_id=here.programme)
        .first()
    )
    if found is None:
        raise Problem(404, "not_found")
    return told(charge_document(found, here))


@router.post(
    "/me/charges/{token}/pay", response=ChargeOut, operation_id="pay_charge", openapi_extra=KEYED
)
def pay_charge(request: HttpRequest, token: str) -> HttpResponse:
    """Pay the merchant with coins (R8.2), once."""
    here = member(request)

    def work(key: str) -> dict[str, Any]:
        try:
            paid = pay(token, here.membership, key)
        except CoinCharge.DoesNotExist:
            raise Problem(404, "not_found") from None
        return charge_document(paid, here)

    return once(request, here.programme, scope_of(here), work)
