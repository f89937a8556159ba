"""What a merchant's coins and points would become now; a quote binds nobody."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from shareback.api import amounts
from shareback.api.problems import Problem
from shareback.api.shop.figures import price_now
from shareback.api.shop.frame import StaffVisit, of_staff, staff
from shareback.api.shop.once import told
from shareback.api.shop.schemas_merchant import ExchangeQuote, RedeemQuote
from shareback.journal.models import Merchant, Programme
from shareback.mall.terms import in_force
from shareback.rules.codes import Code
from shareback.rules.holding import without_dust
from shareback.units.exact import mul_div, mul_div_up
from shareback.units.scales import PPM, UCOIN_PER_COIN, UNITS_PER_POINT
from shareback.units.text import AmountUnreadable, parse_decimal
from shareback.units.text import price as price_text

router = Router(tags=["merchant"], auth=of_staff)
TEXT_MAX = 40


def read(text: str, units: int, name: str) -> int:
    """An amount of a query, above 0.

    Raises:
        Problem: It is none.
    """
    try:
        amount = parse_decimal(text, units)
    except AmountUnreadable as fault:
        raise Problem(422, "invalid", f"{name}: {fault}") from None
    if amount == 0:
        raise Problem(422, Code.AMOUNT_INVALID.name.lower(), f"{name}: must be above 0", rule="R1")
    return amount


def standing(here: StaffVisit) -> tuple[Programme, Merchant]:
    """The pool and the merchant's account, as they are now."""
    head = Programme.objects.get(pk=here.programme)
    return head, Merchant.objects.get(programme_id=here.programme, number=here.partner.number)


@router.get("/exchange/quote", response=ExchangeQuote, operation_id="quote_exchange")
def exchange_quote(
    request: HttpRequest, coins: Annotated[str, Query(max_length=TEXT_MAX, examples=["100"])]
) -> HttpResponse:
    """The points that coins would become now (R8.3)."""
    asked = read(coins, UCOIN_PER_COIN, "coins")
    head, account = standing(staff(request))
    if asked > account.coins:
        held, needed = amounts.coins(account.coins), amounts.coins(asked)
        raise Problem(409, "coins_short", rule="R8.3", have=held, need=needed)
    return told(
        {
            "coins": amounts.coins(asked),
            "points": amounts.points(mul_div(asked, head.supply, head.reserve)),
            "price": price_text(price_now(head)),
        }
    )


@router.get("/redeem/quote", response=RedeemQuote, operation_id="quote_own_points")
def redeem_quote(
    request: HttpRequest, points: Annotated[str, Query(max_length=TEXT_MAX, examples=["10.5"])]
) -> HttpResponse:
    """What points would fetch now: never more than they cost (R8.3)."""
    here = staff(request)
    asked = read(points, UNITS_PER_POINT, "points")
    head, account = standing(here)
    if asked > account.points:
        held, needed = amounts.points(account.points), amounts.points(asked)
        raise Problem(409, "points_short", rule="R8.3", have=held, need=needed)
    taken = without_dust(asked, account.points, head.reserve, head.supply)
    worth = mul_div(taken, head.reserve, head.supply)
    gross = min(worth, mul_div(account.cost, taken, account.points))
    fee = mul_div_up(gross, in_force(here.programme).redemption_fee, PPM)
    return told(
        {
            "points": amounts.points(taken),
            "gross": amounts.money(gross),
            "fee": amounts.money(fee),
            "net": amounts.money(gross - fee),
            "price": price_text(price_now(head)),
        }
    )
