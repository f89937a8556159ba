"""The demo's offers and coupons."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from shareback.mall.oscar.voucher.models import Voucher
from shareback.mall.promising import Promise, announce, issue_coupon

DAYS = 365
PROMISES = (
    ("满 300 减 30 · ¥30 off from ¥300", "300", "30", ""),
    ("新客立减 10 元 · ¥10 off", "50", "10", "WELCOME"),
    ("满 500 减 60 · ¥60 off from ¥500", "500", "60", "YEAR60"),
)
"""Name, from how many yuan, how many off, and the code of a coupon that brings it, if any."""


def promise(programme: int) -> None:
    """Make the offers and coupons of a programme."""
    now = timezone.now()
    for name, least, off, code in PROMISES:
        said = Promise(name, Decimal(least), Decimal(off))
        offer = announce(programme, said, by_coupon=code != "")
        if code:
            begins, ends = now - timedelta(days=1), now + timedelta(days=DAYS)
            issue_coupon(offer, code, Voucher.ONCE_PER_CUSTOMER, begins, ends)
