"""The plain words of R11: what every reader is told, with the programme's own figures."""

from typing import NamedTuple

from shareback.engine.calendar import day_text
from shareback.engine.statements.pace import days_to_quota, reached
from shareback.engine.statements.timeline import Timeline
from shareback.journal.models import Member
from shareback.rules.layout import Row
from shareback.rules.layout import Tier as TierColumn
from shareback.rules.member import left_after_touch
from shareback.rules.profiles import DOCUMENT_BEHIND, Feature, allows
from shareback.rules.programme import Programme as Parameters
from shareback.units import text
from shareback.units.exact import mul_div
from shareback.units.scales import PPM, UYUAN_PER_YUAN
from shareback.web.shown import Voice

HUNDRED = 100 * UYUAN_PER_YUAN
TIMES_MAX = 1_000_000
"""From here on, "that many times as many orders" tells nobody anything."""

PACE_DAYS = 30


class Words(NamedTuple):
    """A heading and what it stands for."""

    title: str
    body: str


def programme_words(parameters: Parameters, reserve_uyuan: int, voice: Voice) -> list[Words]:
    """What the public page says in plain words (R11)."""
    back = parameters.backing_rate + mul_div(parameters.margin_rate, parameters.dividend_ppm, PPM)
    filled = {
        "quota_words": {
            "spent": voice.money(HUNDRED),
            "back": voice.money(mul_div(HUNDRED, back, PPM)),
            "share": f"{text.per_cent(parameters.share_of_quota_ppm())}%",
        },
        "guarantee_words": {"reserve": voice.money(reserve_uyuan)},
        "not_sold_words": {"document": str(DOCUMENT_BEHIND[Feature.POINTS_FOR_MONEY])},
        "fee_words": {"fee": f"{text.per_cent(parameters.redemption_fee)}%"},
    }
    names = ["quota", "price", "guarantee"]
    if parameters.dividend_ppm > 0:
        names.append("dividend")
    names.append("fee" if allows(parameters.profile, Feature.BUY_BACK) else "no_buyback")
    names.append("not_sold")
    said = [
        Words(
            voice.say(f"{name}_title"),
            voice.say(f"{name}_words", **filled.get(f"{name}_words", {})),
        )
        for name in names
    ]
    said.insert(1, Words(voice.say("slow_title"), slow_words(parameters, voice)))
    return said


def slow_words(parameters: Parameters, voice: Voice) -> str:
    """That growth slows, with how many times the orders a doubling takes where that is known."""
    times = times_to_double(parameters)
    if times is None:
        return voice.say("slow_words_plain")
    return voice.say("slow_words", times=voice.count(times))


def times_to_double(parameters: Parameters) -> int | None:
    """How many times as many orders double the price, without redemptions and referrals.

    The price grows as n^(1 − award_rate), so a doubling takes 2^(1/(1 − award_rate)) times the
    orders, rounded down, with the exponent in whole per cent.

    Returns:
        The factor; None where awards are no fixed share, or where it says nothing.

    Source:
        R3.8, R11.
    """
    exponent = (PPM - parameters.award_rate) // 10_000
    if parameters.award_mode != "value" or exponent == 0:
        return None
    goal, low, high = 1 << 100, 2, TIMES_MAX
    while low < high:
        middle = (low + high + 1) // 2
        if middle**exponent <= goal:
            low = middle
        else:
            high = middle - 1
    return low if low < TIMES_MAX else None


def member_words(
    member: Member, row: Row, parameters: Parameters, timeline: Timeline, voice: Voice
) -> list[str]:
    """What a statement says in plain words about this member (R11)."""
    today = timeline.today
    left = left_after_touch(row, today.index_scaled)
    said = []
    if left > 0:
        share = f"{text.per_cent(parameters.share_of_quota_ppm())}%"
        said.append(voice.say("member_quota_words", left=voice.money(left), share=share))
    elif member.quota > 0:
        said.append(voice.say("member_quota_gone"))
    said.append(pace_words(member, parameters, timeline, voice))
    if allows(parameters.profile, Feature.BUY_BACK):
        fee = f"{text.per_cent(parameters.redemption_fee)}%"
        said.append(voice.say("member_value_words", fee=fee))
    else:
        said.append(voice.say("member_value_goods"))
    said.append(voice.say("member_guarantee_words", reserve=voice.money(today.reserve)))
    return said


def pace_words(member: Member, parameters: Parameters, timeline: Timeline, voice: Voice) -> str:
    """When this member's quota would be reached at the pace of the last days (R11)."""
    if member.points == 0:
        return voice.say("pace_no_points")
    window = min(PACE_DAYS, len(timeline.closed) - 1)
    if window < 1:
        return voice.say("pace_unknown")
    multiplier = parameters.tier_rows()[member.tier][TierColumn.MULTIPLIER]
    now, then = timeline.closed[-1], timeline.closed[-1 - window]
    days = days_to_quota(member.key, reached(now, multiplier), reached(then, multiplier), window)
    if days is None:
        return voice.say("pace_never", window=window)
    day = day_text(now.day + days)
    return voice.say("pace_reached", window=window, days=voice.count(days), day=day)
