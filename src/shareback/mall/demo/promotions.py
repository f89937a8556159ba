"""The demo's offers and coupons."""

from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone
from oscar.core.loading import get_model

from shareback.mall.oscar.offer.models import ConditionalOffer, Range
from shareback.mall.oscar.voucher.models import Voucher

DAYS = 365


class Promise(NamedTuple):
    """So many yuan off an order from so many yuan on; by a coupon where it has a code."""

    name: str
    least: str
    off: str
    code: str = ""


PROMISES = (
    Promise("满 300 减 30 · ¥30 off from ¥300", "300", "30"),
    Promise("新客立减 10 元 · ¥10 off", "50", "10", "WELCOME"),
    Promise("满 500 减 60 · ¥60 off from ¥500", "500", "60", "YEAR60"),
)


def promise(programme: int) -> None:
    """Make the offers and coupons of a programme."""
    goods = Range.objects.create(programme_id=programme, name="all", includes_all_products=True)
    now = timezone.now()
    for one in PROMISES:
        condition = get_model("offer", "Condition").objects.create(
            range=goods, type="Value", value=Decimal(one.least)
        )
        benefit = get_model("offer", "Benefit").objects.create(
            range=goods, type="Absolute", value=Decimal(one.off)
        )
        offer = ConditionalOffer.objects.create(
            programme_id=programme,
            name=one.name,
            offer_type=ConditionalOffer.VOUCHER if one.code else ConditionalOffer.SITE,
            condition=condition,
            benefit=benefit,
            max_basket_applications=1,
        )
        if one.code:
            coupon = Voucher.objects.create(
                programme_id=programme,
                name=one.name,
                code=one.code,
                usage=Voucher.ONCE_PER_CUSTOMER,
                start_datetime=now - timedelta(days=1),
                end_datetime=now + timedelta(days=DAYS),
            )
            coupon.offers.add(offer)
