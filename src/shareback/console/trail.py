"""The audit trail: who looked at what and changed what, when, and from where."""

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from shareback.console.desk import Desk
from shareback.console.models import AuditEntry
from shareback.mall.accounts.models import User

SAFE = ("GET", "HEAD")
PATH_MAX = 500
DETAIL_MAX = 500
ERRORS_FROM = 400


def origin_of(request: HttpRequest) -> str:
    """From where a request comes; what a proxy says is believed where one is named."""
    if settings.SHAREBACK_PROXY:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        # The last one is the proxy's own word; what stands before it anybody can write.
        return str(forwarded).rpartition(",")[2].strip()[:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def keep(request: HttpRequest, page: str, status: int, desk: Desk) -> None:
    """Write down a look or a change at the console, once its answer is known.

    Args:
        request: What was asked.
        page: The page's name.
        status: The HTTP status of the answer.
        desk: Who asked, and what they changed.
    """
    is_change = request.method not in SAFE
    AuditEntry.objects.create(
        programme_id=desk.programme.pk,
        user_id=desk.user.pk,
        who=desk.user.get_username(),
        roles=",".join(sorted(desk.roles)),
        address=origin_of(request),
        method=request.method or "",
        page=page,
        path=request.get_full_path()[:PATH_MAX],
        status=status,
        changed=is_change and status < ERRORS_FROM,
        detail="; ".join(desk.remarks)[:DETAIL_MAX],
    )


def keep_at_the_door(
    request: HttpRequest, page: str, user: User | None, programmes: list[int], detail: str
) -> None:
    """Write down what happened at the log-in: in every programme of the person, or in none.

    Args:
        request: What was asked.
        page: "login", "second" and so on.
        user: Who it was, or was said to be; nothing for a name that nobody has.
        programmes: Theirs.
        detail: What came of it.
    """
    with transaction.atomic():
        for programme in programmes or (None,):
            AuditEntry.objects.create(
                programme_id=programme,
                user_id=user.pk if user else None,
                who=user.get_username() if user else "",
                address=origin_of(request),
                method=request.method or "",
                page=page,
                path=request.path[:PATH_MAX],
                status=0,
                detail=detail,
            )


def keep_at_the_terminal(programme: int, page: str, who: str, detail: str) -> None:
    """Write down what somebody changed from the command line, inside its transaction.

    Args:
        programme: The programme's number.
        page: The page of the console on which it would have been done.
        who: The user of the operating system.
        detail: What was changed.
    """
    AuditEntry.objects.create(
        programme_id=programme,
        who=who,
        method="CLI",
        page=page,
        path="",
        status=0,
        changed=True,
        detail=detail[:DETAIL_MAX],
    )
