"""Goods and merchants as documents."""

from typing import Any

from django.core.files.storage import default_storage

from shareback.api import amounts
from shareback.api.shop.shown import localised, moment, money, picture, uyuan_of
from shareback.mall.accounts.phones import masked, masked_name
from shareback.mall.oscar.partner.models import Partner
from shareback.mall.pictures import small_of
from shareback.mall.terms import Earning, earning
from shareback.rules.programme import Programme as Parameters

STOCK_TOLD_MAX = 99
"""More than this is told as plenty: how full a merchant's store is, is its own matter."""


def merchant_ref(partner: Partner, language: str) -> dict[str, Any]:
    """A merchant by number and name."""
    return {"id": partner.pk, "name": localised(partner, "name", language)}


def merchant_card(partner: Any, language: str) -> dict[str, Any]:  # noqa: ANN401 - annotated
    """A merchant of `mall.catalogue.merchants`."""
    return {
        **merchant_ref(partner, language),
        "trade": partner.trade,
        "place": partner.place,
        "logo": picture(partner.logo),
        "followers": partner.follower_count,
        "following": bool(partner.following),
    }


def earns(good: Any, parameters: Parameters) -> Earning:  # noqa: ANN401 - oscar ships no types
    """What one piece would earn, paid in cash."""
    cash = uyuan_of(good.price)
    return earning(parameters, cash, good.partner.concession_ppm, good.backing_category)


def small_picture(good: Any) -> str | None:  # noqa: ANN401 - as above
    """The first picture of a good, in the size of lists."""
    for image in good.images.all():
        return default_storage.url(small_of(image.original.name))
    return None


def card(good: Any, parameters: Parameters, language: str) -> dict[str, Any]:  # noqa: ANN401
    """A good of `mall.catalogue.on_sale`."""
    return {
        "id": good.pk,
        "title": localised(good, "title", language),
        "subtitle": localised(good, "subtitle", language),
        "picture": small_picture(good),
        "price": money(good.price),
        "kind": good.kind,
        "merchant": merchant_ref(good.partner, language),
        "sold": good.sold,
        "earns": amounts.money(earns(good, parameters).award),
    }


def stock_left(good: Any) -> int | None:  # noqa: ANN401 - as above
    """Pieces left, where there are few enough to tell."""
    left = max(0, (good.in_stock or 0) - good.allocated)
    return left if left <= STOCK_TOLD_MAX else None


def review_document(review: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    """What a buyer says."""
    user = review.user
    name = masked_name(user.name) if user and user.name else masked(user.phone if user else "")
    return {
        "id": review.pk,
        "score": review.score,
        "text": review.body,
        "name": name,
        "at": moment(review.date_created),
    }
