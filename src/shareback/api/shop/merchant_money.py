"""A merchant's coins, points and settlement."""

import re
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from shareback.api import amounts
from shareback.api.problems import Problem
from shareback.api.shop.frame import StaffVisit, of_staff, refuse, staff
from shareback.api.shop.once import once, told
from shareback.api.shop.openapi import KEYED
from shareback.api.shop.qr import svg_of
from shareback.api.shop.schemas_merchant import (
    AskedIn,
    AskedOut,
    AskedPage,
    CoinsIn,
    ExchangedOut,
    OwnPointsIn,
    RedeemedOut,
    SettlementOut,
)
from shareback.api.shop.shown import (
    CURSOR_MAX,
    PAGE,
    PAGE_MAX,
    cursor_of,
    moment,
    moment_of,
    page,
    read_cursor,
)
from shareback.engine import commands as cmd
from shareback.mall.accounts.phones import masked, masked_name
from shareback.mall.charges import ask, state_of, withdraw
from shareback.mall.engines import must, now_us
from shareback.mall.holds import check_held
from shareback.mall.local import day_of
from shareback.mall.models import CoinCharge, MerchantStaff
from shareback.mall.settlement import Line, Totals, month_lines, month_totals

router = Router(tags=["merchant"], auth=of_staff)
MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])", re.ASCII)
Limit = Annotated[int, Query(ge=1, le=PAGE_MAX)]
After = Annotated[str, Query(max_length=CURSOR_MAX)]


def scope_of(here: StaffVisit) -> str:
    """Whose idempotency keys these are."""
    return f"p{here.partner.pk}"


def owner(request: HttpRequest) -> StaffVisit:
    """The merchant's owner.

    Raises:
        Problem: It is somebody else of its people.
    """
    here = staff(request)
    if here.role != MerchantStaff.Role.OWNER:
        raise refuse("owners_only")
    return here


def link_of(request: HttpRequest, here: StaffVisit, charge: CoinCharge) -> str:
    """What a charge's QR code holds."""
    return request.build_absolute_uri(f"/m/{here.shop.slug}/charge/{charge.token}")


def payer_of(charge: CoinCharge) -> str:
    """Who has paid, told in part."""
    if charge.paid_by is None:
        return ""
    user = charge.paid_by.user
    return masked_name(user.name) if user.name else masked(user.phone)


def charge_document(request: HttpRequest, here: StaffVisit, charge: CoinCharge) -> dict[str, Any]:
    """A charge as its merchant sees it."""
    place = f"/api/v1/shops/{here.shop.slug}/merchant/{here.partner.pk}/charges/{charge.pk}"
    return {
        "id": str(charge.pk),
        "token": charge.token,
        "url": link_of(request, here, charge),
        "qr": f"{place}/qr.svg",
        "coins": amounts.coins(charge.coins),
        "note": charge.note,
        "expires_at": moment(charge.expires_at),
        "state": state_of(charge),
        "made_at": moment(charge.made_at),
        "paid_at": moment(charge.paid_at),
        "paid_by": payer_of(charge),
    }


def charge_here(here: StaffVisit, number: UUID) -> CoinCharge:
    """One of the merchant's charges.

    Raises:
        Problem: There is none of this number, or it is another merchant's (A55).
    """
    rows = CoinCharge.objects.select_related("paid_by__user")
    found = rows.filter(pk=number, partner=here.partner).first()
    if found is None:
        raise Problem(404, "not_found")
    return found


@router.post(
    "/charges",
    response={201: AskedOut},
    operation_id="ask_for_coins",
    openapi_extra=KEYED,
)
def ask_for_coins(request: HttpRequest, body: AskedIn) -> HttpResponse:
    """Ask for coins: the code is good once, and for two minutes."""
    here = staff(request)

    def work(_key: str) -> dict[str, Any]:
        charge = ask(here.partner, here.user, body.coins, body.note)
        return charge_document(request, here, charge)

    return once(request, here.programme, scope_of(here), work, 201)


@router.get("/charges", response=AskedPage, operation_id="list_charges")
def charges(
    request: HttpRequest,
    after: After = "",
    limit: Limit = PAGE,
) -> HttpResponse:
    """What was asked for, the latest first."""
    here = staff(request)
    rows = CoinCharge.objects.filter(partner=here.partner).select_related("paid_by__user")
    rows = rows.order_by("-made_at", "-pk")
    start = read_cursor(after, moment_of, UUID)
    if start is not None:
        at, number = start
        rows = rows.filter(made_at__lte=at).exclude(made_at=at, pk__gte=number)
    return told(
        page(
            list(rows[: limit + 1]),
            limit,
            lambda one: charge_document(request, here, one),
            lambda one: cursor_of(one.made_at.isoformat(), one.pk),
        )
    )


@router.get(
    "/charges/{uuid:number}",
    response=AskedOut,
    operation_id="get_charge",
)
def charge(request: HttpRequest, number: UUID) -> HttpResponse:
    """A charge; the counter's page asks again until it is paid."""
    here = staff(request)
    return told(charge_document(request, here, charge_here(here, number)))


@router.get(
    "/charges/{uuid:number}/qr.svg",
    response={200: None},
    operation_id="get_charge_qr",
)
def charge_qr(request: HttpRequest, number: UUID) -> HttpResponse:
    """A charge as a QR code, an SVG."""
    here = staff(request)
    return svg_of(link_of(request, here, charge_here(here, number)))


@router.delete(
    "/charges/{uuid:number}",
    response=AskedOut,
    operation_id="withdraw_charge",
)
def withdraw_charge(request: HttpRequest, number: UUID) -> HttpResponse:
    """Withdraw a charge that nobody has paid."""
    here = staff(request)
    try:
        withdrawn = withdraw(here.partner, number)
    except CoinCharge.DoesNotExist:
        raise Problem(404, "not_found") from None
    return told(charge_document(request, here, withdrawn))


@router.post(
    "/exchange",
    response=ExchangedOut,
    operation_id="exchange_coins",
    openapi_extra=KEYED,
)
def exchange(request: HttpRequest, body: CoinsIn) -> HttpResponse:
    """Turn coins into points; the owner alone (R8.3)."""
    here = owner(request)

    def work(key: str) -> dict[str, Any]:
        command = cmd.ExchangeCoins(now_us(), here.partner.merchant_id, body.coins, key)
        (done,) = must(here.programme, [command])
        check_held(here.partner)
        return {"coins": amounts.coins(body.coins), "points": amounts.points(done.points)}

    return once(request, here.programme, scope_of(here), work)


@router.post(
    "/redeem",
    response=RedeemedOut,
    operation_id="redeem_own_points",
    openapi_extra=KEYED,
)
def redeem(request: HttpRequest, body: OwnPointsIn) -> HttpResponse:
    """Sell points back for at most what they cost; the owner alone (R8.3)."""
    here = owner(request)

    def work(key: str) -> dict[str, Any]:
        command = cmd.RedeemMerchantPoints(now_us(), here.partner.merchant_id, body.points, key)
        (done,) = must(here.programme, [command])
        return {
            "points": amounts.points(done.points),
            "gross": amounts.money(done.money_uyuan),
            "fee": amounts.money(done.fee_uyuan),
            "net": amounts.money(done.money_uyuan - done.fee_uyuan),
        }

    return once(request, here.programme, scope_of(here), work)


@router.get(
    "/settlement",
    response=SettlementOut,
    operation_id="get_settlement",
)
def settlement(
    request: HttpRequest,
    month: Annotated[str, Query(max_length=7, examples=["2026-03"])] = "",
    after: After = "",
    limit: Limit = PAGE,
) -> HttpResponse:
    """A month of sales for cash, the latest first."""
    here = staff(request)
    wanted = month or f"{day_of(here.programme):%Y-%m}"
    if not MONTH.fullmatch(wanted):
        raise Problem(422, "invalid", "month: must be such as 2026-03")
    start = read_cursor(after, int)
    lines = month_lines(here.partner, wanted, start[0] if start else None, limit + 1)
    # They are summed over the whole month, so not again for each page.
    totals = None if start else totals_document(month_totals(here.partner, wanted))
    listed = page(lines, limit, line_document, lambda one: cursor_of(one.row))
    return told(
        {
            "month": wanted,
            "lines": listed["items"],
            "totals": totals,
            "next": listed["next"],
        }
    )


def totals_document(totals: Totals) -> dict[str, Any]:
    """The sums of a month."""
    return {
        "orders": totals.orders,
        "cash": amounts.money(totals.cash),
        "concession": amounts.money(totals.concession),
        "net": amounts.money(totals.cash - totals.concession),
    }


def line_document(line: Line) -> dict[str, Any]:
    """An order of the month."""
    return {
        "order": line.order,
        "date": line.date,
        "cash": amounts.money(line.cash),
        "concession": amounts.money(line.concession),
        "net": amounts.money(line.cash - line.concession),
    }
