"""R11's plain words for a member: what the figures do not promise, in sentences."""

from shareback.engine.calendar import day_text
from shareback.engine.reporting import MemberFigures
from shareback.engine.statements.pace import days_to_quota, reached
from shareback.engine.statements.timeline import Timeline
from shareback.journal.models import Member, Programme
from shareback.journal.models.programme import Halt
from shareback.rules.layout import Tier
from shareback.rules.profiles import Feature, allows
from shareback.rules.programme import Programme as Parameters
from shareback.units import text
from shareback.units.exact import mul_div
from shareback.units.scales import PPM, UYUAN_PER_YUAN

PACE_DAYS = 30
HUNDRED = 100 * UYUAN_PER_YUAN

WORDS: dict[str, dict[str, str]] = {
    "halted": {
        "en": (
            "Bank and books do not agree at present. Until they do, no points are bought back or"
            " pay for goods, and no balance is paid out. Your points, quota and coins stay."
        ),
        "zh": (
            "目前银行与账面不符。对平之前，暂停卖出积分、用积分付款和提现；"
            "您的积分、额度和恒定积分不受影响。"
        ),
    },
    "quota": {
        "en": (
            "The ¥{left} of quota left are a ceiling on what you may still receive; nobody owes"
            " them to you. Of all members’ quota, sales can fill at most {share}%."
        ),
        "zh": (
            "剩余额度 ¥{left} 是还能收到的上限，没有人欠您这笔钱。全部会员的额度中，"
            "靠销售最多 {share}% 可能被填满。"
        ),
    },
    "quota_gone": {
        "en": (
            "The quota is used up: no dividends and no buy-back until new purchases bring new"
            " quota."
        ),
        "zh": "额度已用完：在新的消费带来新额度之前，不再支付分红与回购款。",
    },
    "back": {
        "en": "Under today’s terms at most ¥{back} of every ¥100 spent come back to members.",
        "zh": "按现行参数，每消费 ¥100 最多有 ¥{back} 回到会员手中。",
    },
    "pace": {
        "en": (
            "At the pace of the last {window} days your quota would be reached, and the points"
            " sold, in about {days} days (around {day}). The pace changes, and usually slows."
        ),
        "zh": (
            "按最近 {window} 天的速度，约 {days} 天后（{day} 前后）达到额度并出局。"
            "速度会变，而且通常越来越慢。"
        ),
    },
    "pace_never": {
        "en": "At the pace of the last {window} days the quota is not reached within 10 years.",
        "zh": "按最近 {window} 天的速度，10 年之内达不到额度。",
    },
    "slow": {
        "en": (
            "The more orders there have been, the more it takes to lift the price. Without new"
            " sales it stops rising."
        ),
        "zh": "订单越多，价格上涨一分所需的订单也越多。没有新的销售，价格就不再上涨。",
    },
    "sell": {
        "en": (
            "Points are valued at today’s price; selling them back costs {fee}% and pays at most"
            " the quota left. Nobody promises to buy."
        ),
        "zh": (
            "积分价值按今日价格计算；卖回时扣 {fee}% 手续费，且不超过剩余额度。没有人保证来买。"
        ),
    },
    "sell_then": {
        "en": (
            "Points are valued at the price of the close named above; selling them back costs"
            " {fee}% and pays at most the quota left. Nobody promises to buy."
        ),
        "zh": (
            "积分价值按上述日终价格计算；卖回时扣 {fee}% 手续费，且不超过剩余额度。没有人保证来买。"
        ),
    },
    "goods_only": {
        "en": "Points turn into goods or coins only, at most up to the quota left.",
        "zh": "积分只能兑换商品或恒定积分，不超过剩余额度。",
    },
    "reserve": {
        "en": "The ¥{reserve} in the reserve are all that stands behind all members’ points.",
        "zh": "除了托底资金里已有的 ¥{reserve}，没有任何东西为全体积分作保。",
    },
}


def said(name: str, language: str, **figures: object) -> str:
    """A sentence with its figures."""
    return WORDS[name][language].format(**figures)


def member_words(
    head: Programme, member: Member, figures: MemberFigures, parameters: Parameters, language: str
) -> list[str]:
    """What a member is told beside the figures.

    Args:
        head: The programme's row.
        member: The member's row.
        figures: The same with what has accrued.
        parameters: Those in force.
        language: "zh" or "en".

    Source:
        R11.
    """
    sentences = [said("halted", language)] if head.halted != Halt.NONE else []
    sentences += quota_words(figures.quota, figures.used, parameters, language)
    rate = parameters.backing_rate + mul_div(parameters.margin_rate, parameters.dividend_ppm, PPM)
    back = text.yuan(mul_div(HUNDRED, rate, PPM))
    sentences.append(said("back", language, back=back))
    sentences += pace(head, member, parameters, language)
    sentences.append(said("slow", language))
    sentences.append(selling_words("sell", parameters, language))
    sentences.append(said("reserve", language, reserve=text.yuan(head.reserve)))
    return sentences


def words_then(
    granted: int, used: int, reserve: int, parameters: Parameters, language: str, *, is_over: bool
) -> list[str]:
    """What a member is told beside figures of a month's end.

    Args:
        granted: The quota granted until then, in µ¥.
        used: What of it was used.
        reserve: The reserve then, in µ¥.
        parameters: Those in force then.
        language: "zh" or "en".
        is_over: Whether the month is over; else the figures are today's.

    Source:
        R11.
    """
    return [
        *quota_words(granted, used, parameters, language),
        said("slow", language),
        selling_words("sell_then" if is_over else "sell", parameters, language),
        said("reserve", language, reserve=text.yuan(reserve)),
    ]


def quota_words(granted: int, used: int, parameters: Parameters, language: str) -> list[str]:
    """That a quota is a ceiling and no debt; nothing where none was ever granted."""
    if granted > used:
        share = text.per_cent(parameters.share_of_quota_ppm())
        return [said("quota", language, left=text.yuan(granted - used), share=share)]
    return [said("quota_gone", language)] if granted > 0 else []


def selling_words(name: str, parameters: Parameters, language: str) -> str:
    """What points turn into, and that nobody promises it; of ``name`` where they are bought."""
    if not allows(parameters.profile, Feature.BUY_BACK):
        return said("goods_only", language)
    return said(name, language, fee=text.per_cent(parameters.redemption_fee))


def pace(head: Programme, member: Member, parameters: Parameters, language: str) -> list[str]:
    """When the quota would be reached at the pace of the last days; nothing without points."""
    timeline = Timeline(head, head.day - PACE_DAYS - 1)
    window = min(PACE_DAYS, len(timeline.closed) - 1)
    if member.points == 0 or window < 1:
        return []
    multiplier = parameters.tier_rows()[member.tier][Tier.MULTIPLIER]
    now, then = timeline.closed[-1], timeline.closed[-1 - window]
    days = days_to_quota(member.key, reached(now, multiplier), reached(then, multiplier), window)
    if days is None:
        return [said("pace_never", language, window=window)]
    day = day_text(now.day + days)
    return [said("pace", language, window=window, days=days, day=day)]
