"""A member's statement, page by page."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from shareback.api.access import admit
from shareback.api.reading import PAGE, account_of
from shareback.api.routes.reading import After, Limit
from shareback.api.schemas_read import StatementPage
from shareback.api.statements import Page, statement_page
from shareback.api.writing import document
from shareback.journal.models import Identity

router = Router(tags=["reading"])
Before = Annotated[int | None, Query(ge=0, le=2**62)]


@router.get(
    "/{programme}/members/{outside_id:member_id}/statement",
    response=StatementPage,
    operation_id="get_statement",
)
def statement(
    request: HttpRequest,
    programme: int,
    member_id: str,
    after: After = -1,
    before: Before = None,
    limit: Limit = PAGE,
) -> HttpResponse:
    """Everything that happened to a member's account, each day's dividend included, and why.

    In order after an entry, or, with `before`, the latest first: any number above the last entry,
    such as 9007199254740991, begins there.
    """
    admit(request, programme, "members:read")
    number = account_of(programme, Identity.Kind.MEMBER, member_id)
    return document(request, statement_page(programme, number, Page(after, before, limit)))
