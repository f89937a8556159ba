"""What an order gives, computed from its net cash (R6); nothing here is scaled twice."""

from typing import NamedTuple

from shareback.rules.layout import ABSENT, Order, Row, Term
from shareback.units.exact import mul_div, mul_ge
from shareback.units.scales import PPM

__compiled__ = True


class Shares(NamedTuple):
    """What an order's net cash comes to, in µ¥.

    Attributes:
        contribution: c, what goes into the reserve.
        dividend: d, what goes into the dividend pot.
        quota: What the buyer's quota grows by.
    """

    contribution: int
    dividend: int
    quota: int


def rate_is_allowed(terms: Row, backing_ppm: int) -> bool:
    """Whether an order's own backing rate keeps the promises of the parameters (R2)."""
    if backing_ppm <= 0 or backing_ppm >= terms[Term.QUOTA_MULTIPLE]:
        return False
    left = terms[Term.MARGIN] - backing_ppm
    return left >= 0 and mul_ge(left, PPM, terms[Term.DIVIDEND], terms[Term.MARGIN])


def shares(order: Row, terms: Row, net_uyuan: int) -> Shares:
    """Contribution, dividend share and quota of an order for a net amount of cash.

    Args:
        order: The order's row.
        terms: The parameters in force when it was paid.
        net_uyuan: Paid less refunded, 0 <= net <= paid.

    Returns:
        The three shares; contribution + dividend never falls when net rises.

    Source:
        R6. A linked order contributes and earns nothing (R4.4).
    """
    contribution = mul_div(net_uyuan, order[Order.BACKING], PPM)
    if order[Order.PROFIT] == ABSENT:
        profit = mul_div(net_uyuan, terms[Term.MARGIN], PPM)
    else:
        profit = mul_div(order[Order.PROFIT], net_uyuan, order[Order.PAID])
    dividend = min(mul_div(profit, terms[Term.DIVIDEND], PPM), max(0, profit - contribution))
    quota = 0
    if order[Order.LINKED] == 0:
        quota = mul_div(net_uyuan, terms[Term.QUOTA_MULTIPLE], PPM)
    return Shares(contribution, dividend, quota)


def award_value(terms: Row, contribution_uyuan: int) -> int:
    """v, the worth of the buyer's award in `value` mode, in µ¥ (R6)."""
    return mul_div(contribution_uyuan, terms[Term.AWARD], PPM)


def award_ceiling(terms: Row, contribution_uyuan: int) -> int:
    """What a buyer's fixed award may be worth at most in `per_spend` mode, in µ¥ (R2)."""
    return mul_div(contribution_uyuan, PPM - terms[Term.REFERRAL], PPM)


def fixed_award(terms: Row, net_uyuan: int) -> int:
    """The points of the `per_spend` mode before the ceiling, in units (R2)."""
    return mul_div(net_uyuan, terms[Term.AWARD_POINTS], terms[Term.AWARD_SPEND])


def net(order: Row) -> int:
    """Paid less refunded, in µ¥ (R6)."""
    return order[Order.PAID] - order[Order.REFUNDED]
