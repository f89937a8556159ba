"""What can be read: the programme, its days, accounts, orders, the journal."""

from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from shareback.api.access import admit
from shareback.api.problems import Problem
from shareback.api.reading import (
    PAGE,
    PAGE_MAX,
    account_of,
    day_document,
    entry_document,
    member_document,
    merchant_document,
    of_one_state,
    order_document,
    page,
    programme_document,
    programme_of,
    quote,
)
from shareback.api.schemas_read import (
    DayOut,
    DayPage,
    JournalPage,
    MemberOut,
    MerchantOut,
    OrderOut,
    PricePage,
    ProgrammeOut,
    ProgrammePage,
    QuoteOut,
)
from shareback.api.writing import document
from shareback.journal.models import Day, Event, Identity

router = Router(tags=["reading"])
router.add_decorator(of_one_state)
Limit = Annotated[int, Query(ge=1, le=PAGE_MAX)]
After = Annotated[int, Query(ge=-1, le=2**62)]


@router.get("", response=ProgrammePage, operation_id="list_programmes")
def programmes(request: HttpRequest) -> HttpResponse:
    """The programmes of the caller: a client belongs to one."""
    caller = request.auth  # type: ignore[attr-defined]
    admit(request, caller.programme, "programme:read")
    return document(
        request, {"items": [programme_document(programme_of(caller.programme))], "next": None}
    )


@router.get("/{programme}", response=ProgrammeOut, operation_id="get_programme")
def programme(request: HttpRequest, programme: int) -> HttpResponse:
    """A programme: price, reserve, supply, coverage, parameters, the log's root."""
    admit(request, programme, "programme:read")
    return document(request, programme_document(programme_of(programme)))


def days_after(programme: int, after: int, limit: int) -> QuerySet[Day]:
    """One day more than a page, from the day after one."""
    rows = Day.objects.filter(programme_id=programme, day__gt=after).order_by("day")
    return rows[: limit + 1]


@router.get("/{programme}/days", response=DayPage, operation_id="list_days")
def days(
    request: HttpRequest, programme: int, after: After = -1, limit: Limit = PAGE
) -> HttpResponse:
    """The figures of each closed day, by day."""
    admit(request, programme, "programme:read")
    rows = list(days_after(programme, after, limit))
    return document(request, page(rows, limit, day_document, lambda row: row.day))


@router.get("/{programme}/days/{day}", response=DayOut, operation_id="get_day")
def day(request: HttpRequest, programme: int, day: int) -> HttpResponse:
    """The figures of one closed day."""
    admit(request, programme, "programme:read")
    if abs(day) >= 1 << 62:
        raise Problem(404, "not_found")
    row = Day.objects.filter(programme_id=programme, day=day).first()
    if row is None:
        raise Problem(404, "not_found")
    return document(request, day_document(row))


@router.get("/{programme}/prices", response=PricePage, operation_id="list_prices")
def prices(
    request: HttpRequest, programme: int, after: After = -1, limit: Limit = PAGE
) -> HttpResponse:
    """The price at each close, by day."""
    admit(request, programme, "programme:read")
    rows = list(days_after(programme, after, limit))

    def shown(row: Day) -> dict[str, Any]:
        told = day_document(row)
        return {name: told[name] for name in ("day", "date", "price")}

    return document(request, page(rows, limit, shown, lambda row: row.day))


@router.get(
    "/{programme}/members/{outside_id:member_id}/quotes",
    response=QuoteOut,
    operation_id="quote_points",
)
def quotes(
    request: HttpRequest,
    programme: int,
    member_id: str,
    points: Annotated[str, Query(max_length=40, examples=["10.5"])],
) -> HttpResponse:
    """What points would fetch now: sold, spent on goods, or turned into coins."""
    admit(request, programme, "members:read")
    number = account_of(programme, Identity.Kind.MEMBER, member_id)
    return document(request, quote(programme, number, points))


@router.get(
    "/{programme}/members/{outside_id:member_id}", response=MemberOut, operation_id="get_member"
)
def member(request: HttpRequest, programme: int, member_id: str) -> HttpResponse:
    """A member's balances, dividends that have accrued included."""
    admit(request, programme, "members:read")
    number = account_of(programme, Identity.Kind.MEMBER, member_id)
    return document(request, member_document(programme, member_id, number))


@router.get(
    "/{programme}/merchants/{outside_id:merchant_id}",
    response=MerchantOut,
    operation_id="get_merchant",
)
def merchant(request: HttpRequest, programme: int, merchant_id: str) -> HttpResponse:
    """A merchant's points, coins, and what it is owed."""
    admit(request, programme, "merchants:read")
    number = account_of(programme, Identity.Kind.MERCHANT, merchant_id)
    return document(request, merchant_document(programme, merchant_id, number))


@router.get(
    "/{programme}/orders/{outside_id:order_id}", response=OrderOut, operation_id="get_order"
)
def order(request: HttpRequest, programme: int, order_id: str) -> HttpResponse:
    """An order: what is pending, in yuan, or what it came to."""
    admit(request, programme, "orders:read")
    return document(request, order_document(programme, order_id))


@router.get("/{programme}/journal", response=JournalPage, operation_id="list_journal")
def journal(
    request: HttpRequest, programme: int, after: After = -1, limit: Limit = PAGE
) -> HttpResponse:
    """The journal by sequence number: canonical bytes, and what they say."""
    admit(request, programme, "journal:read")
    rows = list(
        Event.objects.filter(programme_id=programme, sequence__gt=after).order_by("sequence")[
            : limit + 1
        ]
    )
    return document(request, page(rows, limit, entry_document, lambda row: row.sequence))
