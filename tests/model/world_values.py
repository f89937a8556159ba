"""Seeded random values: parameters, amounts near their edges, numbers that may be wrong."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from tests.model.parameters import PPM, UNITS_PER_POINT, Parameters

if TYPE_CHECKING:
    from random import Random

    from tests.model.state import State

YUAN = 10**6
LARGEST = 2**62

TIERS = (
    ((0, PPM),),
    ((0, PPM),),
    ((0, PPM), (UNITS_PER_POINT, 1_500_000), (20 * UNITS_PER_POINT, 3_000_000)),
    ((0, PPM), (10 * UNITS_PER_POINT, 500_000), (30 * UNITS_PER_POINT, 1_234_567)),
    ((0, PPM), (1, 1)),
    ((0, PPM), (1, 700_001), (30 * UNITS_PER_POINT, 2_000_000)),
)


def random_parameters(rng: Random) -> Parameters:
    """Parameters that hold, chosen so that exits, caps, the top and tiers matter."""
    while True:
        backing = rng.choice([300_000, 300_000, 100_000, 250_001, 0])
        award = rng.choice([700_000, 700_000, 900_000, 333_333])
        chosen = Parameters(
            issue_price_uyuan=rng.choice([YUAN] * 6 + [1, 123_457, 10**9, 10**12, 10**12]),
            supply_cap_units=rng.choice([10**16] * 6 + [3_100_000_000, 5_000_000_001, 7]),
            backing_ppm=backing,
            award_ppm=award,
            referral_ppm=rng.choice([100_000, 100_000, 0, PPM - award]),
            award_mode=rng.choice(["value", "value", "value", "per_spend"]),
            award_points_units=rng.choice([UNITS_PER_POINT, 20 * UNITS_PER_POINT, 1]),
            award_spend_uyuan=rng.choice([200 * YUAN, 100 * YUAN, 7]),
            margin_ppm=rng.choice([500_000, 500_000, 800_000]),
            dividend_ppm=rng.choice([300_000, 300_000, 400_000, 0]),
            quota_multiple_ppm=rng.choice([2_000_000, backing + 1, 320_000, 400_000, 5_000_000]),
            fee_ppm=rng.choice([100_000, 100_000, 0, 500_000, 1]),
            goods_fee_ppm=rng.choice([0, 0, 50_000]),
            maturity_days=rng.choice([0, 0, 1, 1, 2, 7]),
            tiers=rng.choice(TIERS),
            money_out=rng.random() < 0.88,
            late_refund_limit_uyuan=rng.choice([10**9, 50 * YUAN, 0]),
        )
        if chosen.hold():
            return chosen


def around(rng: Random, limit: int) -> int:
    """An amount up to a limit, often at it, a unit beside it, 1 or 0."""
    choices = [limit] * 4 + [limit + 1, limit - 1, limit // 2, limit // 3, 1, 0]
    choices += [rng.randint(1, max(1, limit)) for _ in range(6)]
    choices.append(min(LARGEST - 1, limit * 1000 + 1))
    return max(0, rng.choice(choices))


def number(rng: Random, count: int, *, zero: float = 0.01, wrong: float = 0.012) -> int:
    """The number of something that exists, sometimes 0 or one too far."""
    drawn = rng.random()
    if drawn < zero or count == 0:
        return 0
    if drawn < zero + wrong:
        return count + 1
    return rng.randint(1, count)


def likely(rng: Random, wanted: list[int], count: int) -> int:
    """Mostly one of those where the command makes sense."""
    if wanted and rng.random() < 0.85:
        return rng.choice(wanted)
    return number(rng, count)


def price_paid(rng: Random) -> int:
    """What an order costs: mostly shopping, at times a µ¥ or all the money there is."""
    drawn = rng.random()
    if drawn < 0.45:
        return 100 * YUAN
    if drawn < 0.85:
        return rng.randint(YUAN, 400 * YUAN)
    if drawn < 0.92:
        return rng.randint(1, 50)
    if drawn < 0.985:
        magnitude = rng.choice([10**2, 10**4, 10**5, 10**7, 10**9, 10**10, 10**11])
        return magnitude + rng.randint(0, 9)
    if drawn < 0.993:
        return rng.randint(1, 2 ** rng.randint(40, 61))
    return rng.choice([0, LARGEST - 1, LARGEST // 2, 2**60])


def points_to_give(rng: Random, state: State, held: int, left: int) -> int:
    """Points near the edges that matter: all, dust left over, what the quota left bears."""
    price = state.price
    edges = [around(rng, held) for _ in range(8)]
    if price > 0:
        yuan_worth = ceil(YUAN / price)
        bearable = ceil(max(0, left) / price)
        nudge = rng.choice([-1, 0, 1])
        edges += [held - 10**6 + nudge, held - yuan_worth + nudge]
        edges += [min(bearable, held) + nudge, ceil(Fraction(rng.randint(1, 3)) / price)]
    return min(LARGEST - 1, max(0, rng.choice(edges)))


def party(rng: Random) -> int:
    """Mostly nobody in particular; three parties that may meet."""
    return rng.randint(1, 3) if rng.random() < 0.15 else 0


def approvals(rng: Random) -> int:
    """Mostly enough."""
    return rng.choice([0, 1, 2, 2, 2, 2, 3])


def amended(rng: Random, parameters: Parameters) -> Parameters:
    """Parameters with some rates changed, not always allowed ones."""
    changed = dataclasses.replace(
        parameters,
        backing_ppm=rng.choice([parameters.backing_ppm, 200_000, 300_000, 900_000]),
        award_ppm=rng.choice([parameters.award_ppm, 500_000, 600_000]),
        dividend_ppm=rng.choice([parameters.dividend_ppm, 200_000]),
        quota_multiple_ppm=rng.choice([parameters.quota_multiple_ppm, 1_000_000, 350_000]),
        fee_ppm=rng.choice([parameters.fee_ppm, 200_000]),
        maturity_days=rng.choice([parameters.maturity_days, 0, 3]),
    )
    if rng.random() < 0.1:
        changed = dataclasses.replace(changed, supply_cap_units=rng.choice([1, 4 * 10**9]))
    if rng.random() < 0.1:
        changed = dataclasses.replace(changed, tiers=rng.choice(TIERS))
    return changed
