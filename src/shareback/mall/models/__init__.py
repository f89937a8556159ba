"""The mall's own tables beside oscar's."""

from shareback.mall.models.keeping import KeptAnswer
from shareback.mall.models.money import (
    CashPayment,
    CashRefund,
    CoinCharge,
    CoinRefund,
    Purchase,
)
from shareback.mall.models.people import Membership, MerchantStaff, ShopFollow
from shareback.mall.models.service import GoodsVoucher, Return, ReturnLine
from shareback.mall.models.shop import Shop

__all__ = [
    "CashPayment",
    "CashRefund",
    "CoinCharge",
    "CoinRefund",
    "GoodsVoucher",
    "KeptAnswer",
    "Membership",
    "MerchantStaff",
    "Purchase",
    "Return",
    "ReturnLine",
    "Shop",
    "ShopFollow",
]
