"""A member's statements on paper: which months there are, and each of them as a PDF."""

import logging
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router
from pydantic import BaseModel, Field

from shareback.api.papers import member_paper
from shareback.api.problems import Problem
from shareback.api.shop.frame import member, of_member, refuse
from shareback.api.shop.money import opened
from shareback.api.shop.once import told
from shareback.api.shop.statement import merchant_names
from shareback.engine.statements.monthly import MonthUnfit, span_of
from shareback.gateways.papers.setting import (
    FontsMissing,
    PaperTooLong,
    PressBusy,
    PressFailed,
    printed,
)
from shareback.gateways.papers.shapes import Paper
from shareback.gateways.papers.words import Voice
from shareback.mall.accounts.phones import masked
from shareback.mall.terms import in_force

LOG = logging.getLogger(__name__)
router = Router(tags=["money"], auth=of_member)
BUSY_S = "5"
MonthText = Annotated[str, Field(examples=["2026-03"])]


class StatementMonth(BaseModel):
    """A month in which something happened; ``so_far`` while it goes on."""

    month: MonthText
    entries: int
    so_far: bool


class StatementMonths(BaseModel):
    """The months of a member's statement, the latest first."""

    items: list[StatementMonth]


@router.get("/me/statements", response=StatementMonths, operation_id="list_statements")
def months(request: HttpRequest) -> HttpResponse:
    """The months of which there is a statement, the latest first."""
    with opened(member(request)) as read:
        items = []
        for one in reversed(read.months()):
            text = f"{one.month // 100:04}-{one.month % 100:02}"
            span = span_of(read.head, text)
            items.append({"month": text, "entries": one.entries, "so_far": not span.is_over})
    return told({"items": items})


@router.get(
    "/me/statements/{month}/statement.pdf",
    response={200: None},
    operation_id="get_statement_paper",
)
def paper(
    request: HttpRequest, month: Annotated[str, Path(max_length=7, examples=["2026-03"])]
) -> HttpResponse:
    """The statement of a month as a PDF, in the language that is asked for; one at a time."""
    here = member(request)
    voice = Voice.of(here.language, in_force(here.programme))

    def draw() -> Paper:
        with opened(here) as read:
            return member_paper(
                read,
                span_of(read.head, month),
                voice,
                lambda ids: merchant_names(here.programme, ids, here.language),
                masked(here.user.phone),
            )

    try:
        body = printed(draw)
    except MonthUnfit as fault:
        raise Problem(422, "invalid", f"month: {fault}") from None
    except PaperTooLong:
        raise refuse("statement_too_long") from None
    except PressBusy:
        raise Problem(503, "busy", headers={"Retry-After": BUSY_S}) from None
    except (FontsMissing, PressFailed) as fault:
        LOG.error("%s: %s", request.path, fault)  # noqa: TRY400 - it says all that there is
        raise refuse("statements_unavailable") from None
    return pdf(body, f"statement-{month}.pdf")


def pdf(body: bytes, name: str) -> HttpResponse:
    """A file for its owner alone, to be saved under a name."""
    response = HttpResponse(body, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
