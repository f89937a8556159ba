"""Logging in and out, who is logged in, and what they have set."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from ninja import Router

from shareback.api.shop.frame import Visit, of_user, recognised, visit
from shareback.api.shop.once import told
from shareback.api.shop.schemas_session import (
    CodeIn,
    JoinIn,
    NewPasswordIn,
    PasswordLoginIn,
    SessionOut,
    SettingsIn,
    SettingsOut,
    VerifyIn,
)
from shareback.api.shop.shown import localised, tier_name
from shareback.journal.models import Member
from shareback.mall.accounts.login import (
    change_password,
    log_in_by_password,
    log_out,
    send_code,
    verify,
)
from shareback.mall.accounts.models import User
from shareback.mall.accounts.phones import masked
from shareback.mall.members import inviter_of, join
from shareback.mall.models import MerchantStaff
from shareback.mall.terms import in_force

router = Router(tags=["session"])


def session_document(request: HttpRequest, here: Visit) -> dict[str, Any]:
    """Who is logged in, in this shop."""
    user, membership = here.user, here.membership
    document: dict[str, Any] = {
        "csrf": get_token(request),
        "user": None,
        "member": None,
        "merchants": [],
    }
    if user is None:
        return document
    document["user"] = {
        "name": user.name,
        "phone": masked(user.phone),
        "language": user.language,
        "has_password": user.has_usable_password(),
    }
    served = MerchantStaff.objects.select_related("partner").filter(
        user=user, partner__programme_id=here.programme
    )
    document["merchants"] = [
        {
            "id": one.partner_id,
            "name": localised(one.partner, "name", here.language),
            "role": one.role,
        }
        for one in served.order_by("pk")
    ]
    if membership is not None:
        tier = Member.objects.values_list("tier", flat=True).get(
            programme_id=here.programme, number=membership.number
        )
        document["member"] = {
            "number": membership.number,
            "invite_code": membership.invite_code,
            "tier": tier_name(in_force(here.programme), tier),
        }
    return document


def session_answer(request: HttpRequest) -> HttpResponse:
    """The session as it is now."""
    return told(session_document(request, recognised(request, visit(request).shop)))


def entered(request: HttpRequest, here: Visit, user: User, invite: str) -> HttpResponse:
    """Whoever has logged in joins the shop, but for those who are at work in it."""
    at_work = user.is_staff or user.serves.filter(partner__programme_id=here.programme).exists()
    if not at_work or invite:
        join(here.shop, user, invite)
    return session_answer(request)


@router.get("/session", response=SessionOut, operation_id="get_session")
def session(request: HttpRequest) -> HttpResponse:
    """Who is logged in; sets the cookie that belongs to ``csrf``."""
    return told(session_document(request, visit(request)))


@router.post("/auth/code", response={204: None}, operation_id="send_code")
def ask_for_code(request: HttpRequest, body: CodeIn) -> HttpResponse:
    """Send a code to a phone, whether or not anybody has it."""
    send_code(request, body.phone, visit(request).language)
    return HttpResponse(status=204)


@router.post("/auth/verify", response=SessionOut, operation_id="verify_code")
def send_code_back(request: HttpRequest, body: VerifyIn) -> HttpResponse:
    """Log in by the code; a new phone gets an account and joins the shop."""
    here = visit(request)
    # Looked at before the code is used up, so that a slip in it costs nothing.
    inviter_of(here.shop, body.invite)
    user = verify(request, body.phone, body.code, here.language)
    return entered(request, here, user, body.invite)


@router.post("/auth/password", response=SessionOut, operation_id="log_in_by_password")
def by_password(request: HttpRequest, body: PasswordLoginIn) -> HttpResponse:
    """Log in by password."""
    here = visit(request)
    user = log_in_by_password(request, body.login, body.password)
    return entered(request, here, user, "")


@router.post("/auth/join", auth=of_user, response=SessionOut, operation_id="join_shop")
def join_here(request: HttpRequest, body: JoinIn) -> HttpResponse:
    """Join this shop's programme; who is a member of another shop already, or serves a merchant."""
    here = visit(request)
    if here.user is not None:
        join(here.shop, here.user, body.invite)
    return session_answer(request)


@router.post("/auth/logout", response={204: None}, operation_id="log_out")
def leave(request: HttpRequest) -> HttpResponse:
    """Log out."""
    log_out(request)
    return HttpResponse(status=204)


@router.get("/me/settings", auth=of_user, response=SettingsOut, operation_id="get_settings")
def settings(request: HttpRequest) -> HttpResponse:
    """What is set."""
    user = visit(request).user
    return told({"name": user.name, "language": user.language} if user else {})


@router.patch("/me/settings", auth=of_user, response=SettingsOut, operation_id="change_settings")
def change_settings(request: HttpRequest, body: SettingsIn) -> HttpResponse:
    """Change name or language."""
    user = visit(request).user
    if user is None:
        return told({})
    if body.name is not None:
        user.name = body.name.strip()
    if body.language is not None:
        user.language = body.language
    user.save(update_fields=["name", "language"])
    return told({"name": user.name, "language": user.language})


@router.post("/me/password", auth=of_user, response={204: None}, operation_id="set_password")
def set_password(request: HttpRequest, body: NewPasswordIn) -> HttpResponse:
    """Set a password, beside the code."""
    user = visit(request).user
    if user is not None:
        change_password(request, user, body.password, body.current)
    return HttpResponse(status=204)
