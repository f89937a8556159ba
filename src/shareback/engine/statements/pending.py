"""What the award of an order that has not matured is worth: in yuan, never in points (R6.1)."""

from collections.abc import Sequence

from shareback.engine.statements.account import OrderRow
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


class Waiting:
    """How many of a member's orders wait for their maturity, and what their awards are worth.

    Kept while the account is lived through, so that nobody adds up all that wait.
    """

    def __init__(self, terms: Sequence[Row], count: int, worth_uyuan: int) -> None:
        """Start with what waited when a day began."""
        self.terms = terms
        self.count = count
        self.worth_uyuan = worth_uyuan
        self.added: list[OrderRow] = []
        self.gone: set[int] = set()

    def worth_at(self, order: OrderRow, net_uyuan: int) -> int:
        """What an order's award is worth for a net amount of its cash, in µ¥."""
        row = order.row
        row[Order.REFUNDED] = order.paid - net_uyuan
        return pending_worth(row, self.terms[order.terms])

    def pay(self, order: OrderRow) -> None:
        """One more waits."""
        self.count += 1
        self.worth_uyuan += self.worth_at(order, order.paid)
        self.added.append(order)

    def refund(self, order: OrderRow, net_uyuan: int, money_uyuan: int) -> None:
        """Money went back before maturity; with all of it nothing is left to wait for (R6.2)."""
        after = net_uyuan - money_uyuan
        self.worth_uyuan += self.worth_at(order, after) - self.worth_at(order, net_uyuan)
        if after == 0:
            self.go(order)

    def mature(self, order: OrderRow) -> None:
        """It waits no more."""
        self.worth_uyuan -= self.worth_at(order, order.matured_net or 0)
        self.go(order)

    def go(self, order: OrderRow) -> None:
        """One less waits."""
        self.count -= 1
        self.gone.add(order.number)
