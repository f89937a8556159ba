"""The words of a member's entries, on the phone and on paper: what each is, and why it is there."""

from collections.abc import Mapping
from typing import Any

COUNTER = "charge:"
TITLES: dict[str, tuple[str, str]] = {
    "paid": ("订单付款", "Order paid"),
    "matured": ("订单成熟", "Order matured"),
    "referral": ("推荐奖励", "Referral award"),
    "refund": ("成熟前退款", "Refund before maturity"),
    "late_refund": ("成熟后退款", "Late refund"),
    "dividend": ("每日分红", "Daily dividend"),
    "points_redeemed": ("卖出积分", "Points sold"),
    "points_spent": ("积分购物", "Paid with points"),
    "points_converted": ("兑换恒定积分", "Turned into coins"),
    "goods_returned": ("积分购物退货", "Goods paid with points returned"),
    "coins_paid": ("恒定积分付款", "Paid with coins"),
    "coins_returned": ("恒定积分退款", "Coins given back"),
    "award_funded": ("专项奖励", "Funded award"),
    "cash_withdrawn": ("余额提现", "Cash withdrawn"),
    "points_taken_back": ("收回积分", "Points taken back"),
    "receivable_booked": ("登记应还款", "Amount owed booked"),
    "receivable_collected": ("偿还应还款", "Amount owed repaid"),
    "receivable_burned": ("以积分偿还", "Repaid in points"),
    "member_exited": ("出局", "Exit"),
    "tier_changed": ("等级变更", "Tier changed"),
    "account_settled": ("项目结束，账户结清", "Programme ended, account settled"),
}
"""Chinese and English, by the kind of an entry or of its movement."""

WHY: dict[str, tuple[str, str]] = {
    "paid": (
        "待到账：退货期结束后按当日价格换成积分",
        "Pending: becomes points at the price of the day on which the return window has closed",
    ),
    "matured": ("按当日价格换成积分，并增加额度", "Became points at that day’s price, and quota"),
    "referral": ("您邀请的会员的订单已成熟", "An order of somebody whom you invited matured"),
    "refund": ("待到账的奖励相应减少", "The pending award shrinks with it"),
    "late_refund": ("额度相应减少", "The quota shrinks with it"),
    "dividend": (
        "来自已成熟订单的利润，按当日持有积分",
        "Out of matured orders’ profit, by points held",
    ),
    "points_redeemed": ("扣除手续费后转入余额", "Less the fee, to your cash balance"),
    "points_spent": ("以积分支付商品，占用额度", "Goods paid with points; uses quota"),
    "points_converted": ("1 恒定积分 = 1 元商品，占用额度", "1 coin = ¥1 of goods; uses quota"),
    "goods_returned": ("退款按当日价格换回积分", "The refund became points at that day’s price"),
    "coins_paid": ("向商家付款", "Paid to a merchant"),
    "coins_returned": ("原路退回", "Given back the way they came"),
    "award_funded": ("由平台或商家出资", "Paid for by the platform or a merchant"),
    "cash_withdrawn": ("已付到您的账户", "Paid out to you"),
    "points_taken_back": ("因成熟后退款", "Because of a late refund"),
    "receivable_booked": ("退款订单奖励的积分已不在账上", "The refunded order’s points were gone"),
    "receivable_collected": ("从余额、分红或退款中扣除", "Out of cash, dividends or the refund"),
    "receivable_burned": ("新奖励的积分先抵扣应还款", "A new award went against what was owed"),
    "member_exited": ("价值与分红达到额度，全部积分卖出", "Value and dividends reached the quota"),
    "tier_changed": ("按日终持有的积分", "By the points held at the close"),
    "account_settled": ("按同一价格结清", "Everybody was paid the same price"),
}


def name_of(entry: Mapping[str, Any]) -> str:
    """By which name an entry's words are found."""
    return str(entry["movement"] or entry["kind"])


def order_of(entry: Mapping[str, Any]) -> str | None:
    """The order behind an entry: its own, or that of a payment with coins or points."""
    if entry["order_id"] is not None:
        return str(entry["order_id"])
    payment = entry["payment_id"]
    if payment is None or payment.startswith(COUNTER):
        return None
    return str(payment).rpartition(":")[0] or None


def title_of(name: str, language: str) -> str:
    """What a kind of entry is called."""
    return TITLES[name][language == "en"]


def why_of(entry: Mapping[str, Any], names: Mapping[str, str], language: str) -> str:
    """Why an entry is there, at which merchant, and for which order.

    Args:
        entry: As `api.statements` tells it.
        names: Merchants' names by their ids, as far as they are known.
        language: "zh" or "en".
    """
    why = [WHY[name_of(entry)][language == "en"], names.get(entry["merchant_id"]), order_of(entry)]
    return " · ".join(part for part in why if part)
