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


def split(
    paid_uyuan: int, profit_uyuan: int, backing_ppm: int, terms: Row, net_uyuan: int
) -> Shares:
    """Contribution, dividend share and quota of an order for a net amount of cash.

    Args:
        paid_uyuan: What was paid, > 0.
        profit_uyuan: The profit that the order states; `ABSENT` where it states none.
        backing_ppm: Its backing rate.
        terms: The parameters in force when it was paid.
        net_uyuan: Paid less refunded, 0 <= net <= paid.

    Returns:
        The three shares; contribution + dividend never falls when net rises.

    Source:
        R6.
    """
    contribution = mul_div(net_uyuan, backing_ppm, PPM)
    if profit_uyuan == ABSENT:
        profit = mul_div(net_uyuan, terms[Term.MARGIN], PPM)
    else:
        profit = mul_div(profit_uyuan, net_uyuan, paid_uyuan)
    dividend = min(mul_div(profit, terms[Term.DIVIDEND], PPM), max(0, profit - contribution))
    return Shares(contribution, dividend, mul_div(net_uyuan, terms[Term.QUOTA_MULTIPLE], PPM))


def shares(order: Row, terms: Row, net_uyuan: int) -> Shares:
    """`split` for an order's row; a linked one contributes and earns no quota (R4.4)."""
    parts = split(order[Order.PAID], order[Order.PROFIT], order[Order.BACKING], terms, net_uyuan)
    if order[Order.LINKED] == 1:
        return Shares(parts.contribution, parts.dividend, 0)
    return parts


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
