"""What goes back of an order, by the instrument that paid it (A27).

Each return takes its share of what is left of every instrument, so that no cutting into parts can
bring back more than an instrument paid, and all parts together bring back exactly that.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from shareback.gateways.payments.interface import FEN
from shareback.mall.oscar.order.models import Order
from shareback.mall.reckoning import uyuan
from shareback.units.exact import mul_div


class Back(NamedTuple):
    """Money by instrument: cash in µ¥, coins in 10⁻⁶ coin, and µ¥ that points had paid."""

    cash: int
    coins: int
    points: int

    @property
    def sum(self) -> int:
        """All of it, in µ¥."""
        return self.cash + self.coins + self.points


def paid(order: Order) -> Back:
    """With what an order was paid, as far as it goes towards its total.

    Points may have come to less than a fen more than they had to pay (R3.6).
    """
    total = uyuan(order.total_incl_tax)
    return Back(order.cash_uyuan, order.coins, total - order.cash_uyuan - order.coins)


def worth_of(line: Any, before: int, pieces: int) -> int:  # noqa: ANN401 - a row of oscar's
    """What some pieces of a line came to after offers, in µ¥, whole fen.

    Args:
        line: Of the order.
        before: Pieces of it that were returned earlier.
        pieces: Pieces that are returned now.
    """
    total = uyuan(line.line_price_incl_tax)
    return share(total, before + pieces, line.quantity) - share(total, before, line.quantity)


def share(amount: int, part: int, whole: int) -> int:
    """So much of an amount as a part is of the whole, in whole fen, rounded down."""
    return mul_div(amount, part, whole) // FEN * FEN


def apportion(rest: Back, worth: int) -> Back:
    """How a return is spread over what is left of the instruments.

    Coins and points take their shares in whole fen, cash takes the rest; where that is more than
    is left of it, coins and then points take what is over.

    Args:
        rest: What has not gone back yet.
        worth: What goes back now, in µ¥, 0 <= worth <= rest.sum.
    """
    if worth == rest.sum:
        return rest
    coins = share(rest.coins, worth, rest.sum)
    points = share(rest.points, worth, rest.sum)
    cash = min(rest.cash, worth - coins - points)
    over = worth - coins - points - cash
    more = min(over, rest.coins - coins)
    return Back(cash, coins + more, points + over - more)


def left_of(order: Order, earlier: Sequence[Any]) -> Back:
    """What has not gone back of an order, after some of its returns."""
    whole = paid(order)
    return Back(
        whole.cash - sum(one.cash_uyuan for one in earlier),
        whole.coins - sum(one.coins for one in earlier),
        whole.points - sum(one.points_uyuan for one in earlier),
    )


def back_of(order: Order, earlier: Sequence[Any], pieces: Mapping[Any, tuple[int, int]]) -> Back:
    """What a return brings back.

    Args:
        order: The order.
        earlier: Its returns before this one that count.
        pieces: For each of its lines, how many pieces were returned earlier, and how many now.
    """
    rest = left_of(order, earlier)
    if all(before + now == line.quantity for line, (before, now) in pieces.items()):
        # Nothing stays: also not what points came to above what they had to pay.
        given = sum(one.points_uyuan for one in earlier)
        return rest._replace(points=order.points_uyuan - given)
    worth = sum(worth_of(line, before, now) for line, (before, now) in pieces.items())
    return apportion(rest, min(worth, rest.sum))
