"""New offers and coupons: what a programme's shop takes off, from when to when, and how often."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import IntegrityError, transaction
from oscar.core.loading import get_model

from shareback.mall.faults import CannotBe
from shareback.mall.oscar.catalogue.models import Category
from shareback.mall.oscar.offer.models import ConditionalOffer, Range
from shareback.mall.oscar.voucher.models import Voucher

EVERYTHING = "all"
"""The name of a programme's range of all its goods."""


class Promise(NamedTuple):
    """What is taken off a basket, once a basket.

    Attributes:
        name: As members read it.
        least_yuan: From which value of the goods it is about.
        off: Yuan, or per cent of these goods' prices.
        is_percent: Whether `off` is per cent.
        category: The goods it is about, with all categories below; all goods where it is None.
        begins: From when; at once where it is None.
        ends: Until when; for good where it is None.
        budget_yuan: What it gives in all at most (A40); None for no bound.
        each_max: How often a member may use it; None for no bound.
    """

    name: str
    least_yuan: Decimal
    off: Decimal
    is_percent: bool = False
    category: Category | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    budget_yuan: Decimal | None = None
    each_max: int | None = None


def announce(programme: int, promise: Promise, *, by_coupon: bool = False) -> ConditionalOffer:
    """Announce an offer: it applies from then on by itself, or through coupons alone.

    Args:
        programme: The programme's number.
        promise: What it gives.
        by_coupon: Whether it needs a coupon.

    Raises:
        CannotBe: There is an offer of this name.
    """
    try:
        with transaction.atomic():
            goods = goods_of(programme, promise.category)
            made: ConditionalOffer = ConditionalOffer.objects.create(
                programme_id=programme,
                name=promise.name,
                offer_type=ConditionalOffer.VOUCHER if by_coupon else ConditionalOffer.SITE,
                condition=get_model("offer", "Condition").objects.create(
                    range=goods, type="Value", value=promise.least_yuan
                ),
                benefit=get_model("offer", "Benefit").objects.create(
                    range=goods,
                    type="Percentage" if promise.is_percent else "Absolute",
                    value=promise.off,
                ),
                start_datetime=promise.begins,
                end_datetime=promise.ends,
                max_basket_applications=1,
                max_user_applications=promise.each_max,
                max_discount=promise.budget_yuan,
            )
            return made
    except IntegrityError:
        raise CannotBe("offer_named") from None


def goods_of(programme: int, category: Category | None) -> Range:
    """The range of a category's goods with all below, or of all goods."""
    name = EVERYTHING if category is None else f"category {category.pk}"
    found: Range
    found, is_new = Range.objects.get_or_create(
        programme_id=programme, name=name, defaults={"includes_all_products": category is None}
    )
    if is_new and category is not None:
        found.included_categories.add(category)
    return found


def issue_coupon(
    offer: ConditionalOffer, code: str, usage: str, begins: datetime, ends: datetime
) -> Voucher:
    """Issue a coupon that brings an offer.

    Args:
        offer: One that was announced to come by a coupon.
        code: What members type, in capitals.
        usage: How often it can be used: one of `Voucher`'s.
        begins: From when.
        ends: Until when.

    Raises:
        CannotBe: There is a coupon of this code.
    """
    try:
        with transaction.atomic():
            made: Voucher = Voucher.objects.create(
                programme_id=offer.programme_id,
                name=offer.name,
                code=code,
                usage=usage,
                start_datetime=begins,
                end_datetime=ends,
            )
            made.offers.add(offer)
            return made
    except IntegrityError:
        raise CannotBe("coupon_code_taken") from None
