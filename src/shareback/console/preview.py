"""What other parameters would change, by the rules' own leaves: nothing is computed twice."""

from typing import NamedTuple

from django.db.models import F, Q, Sum

from shareback.console.daily import DayFigures, now_of
from shareback.journal.models import Day, Order
from shareback.journal.models import Programme as Journaled
from shareback.mall.terms import Earning, earning
from shareback.rules.layout import ABSENT, Term
from shareback.rules.maturing import Opening, award, buyer_award
from shareback.rules.order import split
from shareback.rules.pool import price_scaled
from shareback.rules.programme import Programme
from shareback.units.exact import mul_div
from shareback.units.scales import PPM, UYUAN_PER_YUAN

LOOKED_BACK = 30
"""Days of orders behind the pace, and days ahead that it is drawn out."""

SUMMED_MAX = 100_000
"""So many orders are added up; where there were more, the rest is taken to be like them."""

EXAMPLE = 100 * UYUAN_PER_YUAN


class Sales(NamedTuple):
    """What has been bought of late.

    Attributes:
        orders: Orders of the last days.
        cash: Their cash, less refunds, µ¥.
        referred: The part of it whose buyers have a referrer, ppm.
    """

    orders: int
    cash: int
    referred: int


class Outlook(NamedTuple):
    """What parameters come to.

    Attributes:
        earns: What an order of ¥100 in cash would earn.
        share: The largest share of all quota that sales can ever fill, ppm (R11).
        price: The scaled price in `LOOKED_BACK` days, at the same sales.
        coverage: Coverage by then, ppm; nothing where no quota is left.
    """

    earns: Earning
    share: int
    price: int
    coverage: int | None


def sales_of(head: Journaled) -> Sales:
    """What a programme sold in its last days, along the primary key of orders."""
    days = Day.objects.filter(programme_id=head.pk, day__lt=head.day - LOOKED_BACK)
    before = days.order_by("-day").values_list("orders", flat=True).first() or 0
    orders = head.orders - before
    least = max(before, head.orders - SUMMED_MAX)
    cash = Sum(F("paid") - F("refunded"))
    rows = Order.objects.filter(programme_id=head.pk, number__gt=least, linked=0)
    found = rows.aggregate(
        cash=cash, referred=Sum("paid", filter=Q(referrer__gt=0)), of=Sum("paid")
    )
    summed = int(found["cash"] or 0)
    counted = head.orders - least
    whole = mul_div(summed, orders, counted) if counted else 0
    bought = int(found["of"] or 0)
    return Sales(orders, whole, mul_div(int(found["referred"] or 0), PPM, bought) if bought else 0)


def outlook(head: Journaled, parameters: Programme, sales: Sales) -> Outlook:
    """What parameters would come to for a programme as it stands.

    Args:
        head: The programme's row.
        parameters: Those in force, or others.
        sales: At which pace it goes on.
    """
    later = drawn_out(now_of(head), parameters, sales, head.issued)
    return Outlook(
        earning(parameters, EXAMPLE, 0),
        parameters.share_of_quota_ppm(),
        later.price,
        later.coverage_ppm,
    )


def drawn_out(now: DayFigures, parameters: Programme, sales: Sales, issued: int) -> DayFigures:
    """The figures after as many days as were looked back on, each with the same sales (R3.2).

    Nobody sells points, exits or is paid dividends meanwhile; the page says so.
    """
    terms = parameters.terms_row()
    cash = sales.cash // LOOKED_BACK
    share = split(cash, ABSENT, terms[Term.BACKING], terms, cash) if cash else None
    for _day in range(LOOKED_BACK if share else 0):
        if share is None:
            break
        opening = Opening(now.reserve, now.supply, now.last_price)
        room = max(0, terms[Term.SUPPLY_CAP] - issued)
        buyers = min(buyer_award(opening, terms, share.contribution, cash), room)
        worth = mul_div(mul_div(share.contribution, terms[Term.REFERRAL], PPM), sales.referred, PPM)
        minted = buyers + min(award(opening, worth), room - buyers)
        issued += minted
        now = now._replace(
            reserve=now.reserve + share.contribution,
            supply=now.supply + minted,
            points_members=now.points_members + minted,
            quota_open=now.quota_open + share.quota,
        )
    return now


def price_now(head: Journaled) -> int:
    """The scaled price as it stands."""
    return price_scaled(head.reserve, head.supply, head.last_price)
