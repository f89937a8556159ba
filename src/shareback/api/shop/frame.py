"""Who asks the shop: which shop, which member, whose merchant; and in which language."""

from typing import NamedTuple, Protocol, cast

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from ninja.utils import check_csrf

from shareback.api.problems import Problem, language_of
from shareback.api.shop.words import SHOP_WORDS
from shareback.mall.accounts.models import User
from shareback.mall.models import Membership, MerchantStaff, Shop
from shareback.mall.oscar.partner.models import Partner

SAFE = ("GET", "HEAD", "OPTIONS")


class Visit(NamedTuple):
    """A request to a shop.

    Attributes:
        shop: Whose address it is.
        user: Who is logged in, if anybody is.
        membership: Their account in this shop's programme, if they have one.
        language: "zh" or "en".
    """

    shop: Shop
    user: User | None
    membership: Membership | None
    language: str

    @property
    def programme(self) -> int:
        """The number of the shop's programme."""
        return self.shop.programme_id


class MemberVisit(NamedTuple):
    """A request of a member of the shop's programme."""

    shop: Shop
    user: User
    membership: Membership
    language: str

    @property
    def programme(self) -> int:
        """The number of the shop's programme."""
        return self.shop.programme_id


class StaffVisit(NamedTuple):
    """A request of somebody who serves a merchant of the shop."""

    shop: Shop
    user: User
    partner: Partner
    role: str
    language: str

    @property
    def programme(self) -> int:
        """The number of the shop's programme."""
        return self.shop.programme_id


class Asked(Protocol):
    """A request that `Anybody`, `OfMember` or `OfStaff` has let in."""

    auth: object
    user: User | AnonymousUser


def refuse(code: str, detail: str = "") -> Problem:
    """A problem of the shop, with its own status."""
    return Problem(SHOP_WORDS[code].status, code, detail)


def seen(request: HttpRequest) -> Visit:
    """The shop that an address names, and who is logged in.

    Raises:
        Problem: There is no such shop, or the write does not come from its own pages.
    """
    match = request.resolver_match
    slug = match.kwargs.get("slug", "") if match is not None else ""
    shop = Shop.objects.select_related("programme").filter(slug=slug).first()
    if shop is None:
        raise Problem(404, "not_found")
    if request.method not in SAFE and check_csrf(request) is not None:
        raise refuse("csrf")
    return recognised(request, shop)


def recognised(request: HttpRequest, shop: Shop) -> Visit:
    """Who is logged in, as a shop knows them."""
    user = request.user if isinstance(request.user, User) else None
    membership = None
    if user is not None:
        membership = Membership.objects.filter(programme_id=shop.programme_id, user=user).first()
        if membership is not None:
            # What is known already is not read again.
            membership.user = user
    return Visit(shop, user, membership, language_of(request))


def anybody(request: HttpRequest) -> Visit:
    """Lets everybody in."""
    return seen(request)


def of_user(request: HttpRequest) -> Visit:
    """Lets in who is logged in, a member of this shop or not.

    Raises:
        Problem: Nobody is.
    """
    visit = seen(request)
    if visit.user is None:
        raise refuse("log_in")
    return visit


def of_member(request: HttpRequest) -> MemberVisit:
    """Lets members of the shop's programme in.

    Raises:
        Problem: Nobody is logged in, or they are no member here.
    """
    shop, user, membership, language = of_user(request)
    if membership is None or user is None:
        raise refuse("not_a_member")
    return MemberVisit(shop, user, membership, language)


def of_staff(request: HttpRequest) -> StaffVisit:
    """Lets in who serves the merchant that the address names.

    Raises:
        Problem: Nobody is logged in; or there is no such merchant here that they serve, which
            looks the same (A55).
    """
    shop, user, _membership, language = of_user(request)
    match = request.resolver_match
    number = match.kwargs.get("merchant", 0) if match is not None else 0
    served = (
        MerchantStaff.objects.select_related("partner")
        .filter(user=user, partner_id=number, partner__programme_id=shop.programme_id)
        .first()
    )
    if served is None or user is None:
        raise Problem(404, "not_found")
    return StaffVisit(shop, user, served.partner, served.role, language)


def visit(request: HttpRequest) -> Visit:
    """Who asks, where anybody may."""
    return cast("Visit", cast("Asked", request).auth)


def member(request: HttpRequest) -> MemberVisit:
    """Which member asks, where only members may."""
    return cast("MemberVisit", cast("Asked", request).auth)


def staff(request: HttpRequest) -> StaffVisit:
    """Who of a merchant's people asks, where only they may."""
    return cast("StaffVisit", cast("Asked", request).auth)
