"""The worked example carried on to a million orders, against its closed form (R3.8)."""

import numpy as np

from shareback.kernels.arrays import blank_arrays, with_room, zeros
from shareback.kernels.compiled import apply_batch
from shareback.rules import commands
from shareback.rules.decide import open_head
from shareback.rules.layout import ACCOUNTS, RESULT_WIDTH, Command, Head
from shareback.rules.programme import TEST_ISSUER, Programme
from shareback.units.scales import UNITS_PER_POINT, UYUAN_PER_YUAN

ORDER_UYUAN = 100 * UYUAN_PER_YUAN
BATCH = 10_000
GAMMA_OF_1_7 = 0.9086387328532904


def closed_form_error(orders: int) -> float:
    """How far the supply after so many 100-yuan orders lies off the closed form, as a share of it.

    One member buys everything, so that the quota is never reached and nobody exits.

    Args:
        orders: How many, a multiple of 10,000.
    """
    programme = Programme(issuer=TEST_ISSUER, maturity_days=0, referral_rate="0", dividend_rate="0")
    terms = programme.terms_row()
    state = with_room(
        blank_arrays(open_head(terms, 1), [terms], programme.tier_rows(), 64), orders=BATCH
    )
    results, untraced = zeros(BATCH, RESULT_WIDTH), zeros(0, ACCOUNTS)
    apply_batch(state, np.array([commands.join_member(1, 1)], np.int64), results, untraced, 0)
    order = commands.pay_order(1, 1, 1, 0, ORDER_UYUAN, programme.backing_rate, received=1)
    batch = np.array([order] * BATCH, np.int64)
    batch[:, Command.ORDER] = np.arange(1, BATCH + 1)
    for _ in range(orders // BATCH):
        state.orders[:] = 0
        apply_batch(state, batch, results, untraced, 0)
    return abs(int(state.head[Head.SUPPLY]) / supply_after(orders) - 1)


def supply_after(orders: int) -> float:
    """21·Γ(n + 0.7) ÷ (Γ(1.7)·Γ(n)), in units; its series is exact to n⁻² parts."""
    ratio = orders**0.7 * (1 - 0.7 * 0.3 / (2 * orders))
    return float(21 * UNITS_PER_POINT * ratio / GAMMA_OF_1_7)
