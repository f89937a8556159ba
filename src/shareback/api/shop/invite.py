"""Inviting friends: a link, its QR code, and who has come by it."""

from typing import Annotated, Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from shareback.api import amounts
from shareback.api.shop.frame import MemberVisit, member, of_member
from shareback.api.shop.once import told
from shareback.api.shop.qr import svg_of
from shareback.api.shop.schemas import Cursor, DateText, PointsText
from shareback.api.shop.shown import CURSOR_MAX, PAGE, PAGE_MAX, cursor_of, page, read_cursor
from shareback.journal.models import Maturity, Order
from shareback.mall.accounts.phones import masked, masked_name
from shareback.mall.local import day_of
from shareback.mall.models import Membership

router = Router(tags=["invite"], auth=of_member)


class InvitedOut(BaseModel):
    """Somebody who has come; of the name only a part is told."""

    name: Annotated[str, Field(examples=["韩**"])]
    joined_on: DateText


class InviteOut(BaseModel):
    """The invitation: what has come of it, and the latest who came."""

    code: Annotated[str, Field(examples=["P5GSTKX2"])]
    url: Annotated[str, Field(examples=["https://mall.example/m/vineyard/join/P5GSTKX2"])]
    qr: Annotated[str, Field(examples=["/api/v1/shops/vineyard/me/invite/qr.svg"])]
    count: int
    earned_points: PointsText
    invited: list[InvitedOut]
    next: Cursor


def link_of(request: HttpRequest, here: MemberVisit) -> str:
    """The address that an invitation leads to."""
    code = here.membership.invite_code
    return request.build_absolute_uri(f"/m/{here.shop.slug}/join/{code}")


def earned(here: MemberVisit) -> int:
    """The points that orders of those who came have brought, in units."""
    brought = Order.objects.filter(
        programme_id=here.programme, referrer=here.membership.number, referrer__gt=0
    )
    matured = Maturity.objects.filter(
        programme_id=here.programme, number__in=brought.values("number")
    )
    return int(matured.aggregate(units=Sum("points_referrer"))["units"] or 0)


def invited_document(one: Membership) -> dict[str, Any]:
    """Somebody who has come."""
    user = one.user
    name = masked_name(user.name) if user.name else masked(user.phone)
    return {"name": name, "joined_on": day_of(one.programme_id, one.joined_at).isoformat()}


@router.get("/me/invite", response=InviteOut, operation_id="get_invite")
def invite(
    request: HttpRequest,
    after: Annotated[str, Query(max_length=CURSOR_MAX)] = "",
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = PAGE,
) -> HttpResponse:
    """The member's invitation."""
    here = member(request)
    came = Membership.objects.filter(invited_by=here.membership).select_related("user")
    rows = came.order_by("-pk")
    start = read_cursor(after, int)
    if start is not None:
        rows = rows.filter(pk__lt=start[0])
    listed = page(list(rows[: limit + 1]), limit, invited_document, lambda one: cursor_of(one.pk))
    return told(
        {
            "code": here.membership.invite_code,
            "url": link_of(request, here),
            "qr": f"{request.path}/qr.svg",
            "count": came.count(),
            "earned_points": amounts.points(earned(here)),
            "invited": listed["items"],
            "next": listed["next"],
        }
    )


@router.get("/me/invite/qr.svg", operation_id="get_invite_qr", response={200: None})
def invite_qr(request: HttpRequest) -> HttpResponse:
    """The link as a QR code, an SVG."""
    return svg_of(link_of(request, member(request)))
