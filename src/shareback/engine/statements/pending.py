"""What the award of an order that has not matured is worth: in yuan, never in points (R6.1)."""

from shareback.rules.layout import Order, Row, Term
from shareback.rules.order import award_ceiling, award_value, net, shares


def pending_worth(order: Row, terms: Row) -> int:
    """The worth of a pending order's award, in µ¥; at most, where it is fixed points.

    Args:
        order: The stored columns of `layout.Order`.
        terms: The parameters under which it was paid.
    """
    if order[Order.LINKED] == 1:
        return 0
    contribution = shares(order, terms, net(order)).contribution
    if terms[Term.PER_SPEND] == 1:
        return award_ceiling(terms, contribution)
    return award_value(terms, contribution)
