"""Coins and points of an order: debited when it is placed, given back when it is not paid."""

from collections.abc import Sequence

from django.db import transaction

from shareback.engine import commands as cmd
from shareback.gateways.payments.interface import FEN
from shareback.mall.engines import must, now_us
from shareback.mall.faults import CannotBe
from shareback.mall.models import Membership
from shareback.mall.oscar.order.models import Order
from shareback.mall.reckoning import uyuan
from shareback.mall.tender import Part, Wish, gross_for, less, part_of, wallet_of
from shareback.units.exact import mul_div

TRIES = 4
"""How often points are weighed anew: touching a member who owes something lifts the price."""


class Mispriced(Exception):
    """Points came to another sum than was owed: undo it and take fewer.

    Attributes:
        gross_uyuan: What they came to, with the fee.
    """

    def __init__(self, gross_uyuan: int) -> None:
        """Keep the sum."""
        super().__init__(gross_uyuan)
        self.gross_uyuan = gross_uyuan


def coins_id(order: Order) -> str:
    """The id of an order's payment in coins, in the journal."""
    return f"{order.number}:coins"


def points_id(order: Order) -> str:
    """The id of an order's payment in points, in the journal."""
    return f"{order.number}:points"


def debit(membership: Membership, orders: Sequence[Order], wish: Wish) -> int:
    """Debit coins and points for orders just placed; returns what is to be paid in cash, in µ¥.

    Raises:
        CannotBe: The price moved under it.
        Refused: The engine refuses.
    """
    cash = 0
    for order in orders:
        # The engine's own answer to the order before is what there is for this one.
        part = part_of(wallet_of(membership), uyuan(order.total_incl_tax), wish)
        debit_order(membership, order, part)
        cash += part.cash
        wish = less(wish, part)
    return cash


def debit_order(membership: Membership, order: Order, part: Part) -> None:
    """Debit what an order is paid with, and write it down."""
    merchant_id = order.partner.merchant_id
    if part.coins > 0:
        pay = cmd.PayCoins(now_us(), coins_id(order), merchant_id, part.coins, membership.member_id)
        must(order.programme_id, [pay])
    order.coins, order.cash_uyuan = part.coins, part.cash
    if part.points > 0:
        order.points, order.points_uyuan = spend(membership, order, part)
    order.save(update_fields=["cash_uyuan", "coins", "points", "points_uyuan"])


def spend(membership: Membership, order: Order, part: Part) -> tuple[int, int]:
    """Redeem points for an order; returns how many went and what the merchant got for them.

    Raises:
        CannotBe: The price moves so much that no number of points fits.
        Refused: The engine refuses.
    """
    points = part.points
    fee_ppm = wallet_of(membership).fee_ppm
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                return spend_exactly(membership, order, points, part.worth)
        except Mispriced as fault:
            points = mul_div(points, gross_for(part.worth + FEN // 2, fee_ppm), fault.gross_uyuan)
    raise CannotBe("price_moved")


def spend_exactly(
    membership: Membership, order: Order, points: int, worth_uyuan: int
) -> tuple[int, int]:
    """Redeem points that come to what is owed, or less than a fen more.

    Raises:
        Mispriced: They come to something else.
        Refused: The engine refuses.
    """
    merchant_id = order.partner.merchant_id
    command = cmd.SpendPoints(now_us(), points_id(order), membership.member_id, merchant_id, points)
    (answer,) = must(order.programme_id, [command])
    net = answer.money_uyuan - answer.fee_uyuan
    if not worth_uyuan <= net < worth_uyuan + FEN:
        raise Mispriced(answer.money_uyuan)
    return answer.points, net


def giving_back(order: Order, coins: int, money_uyuan: int, why: str) -> list[cmd.Command]:
    """What gives coins and points back that an order was paid with, once for each reason.

    Args:
        order: The order.
        coins: 10⁻⁶ coin.
        money_uyuan: What the points had paid, in µ¥; they come back at today's price (R8.2).
        why: Stands in the commands' keys.
    """
    found: list[cmd.Command] = []
    if coins > 0:
        key = f"{coins_id(order)}:{why}"
        found.append(cmd.RefundCoins(now_us(), coins_id(order), coins, key))
    if money_uyuan > 0:
        key = f"{points_id(order)}:{why}"
        found.append(cmd.RefundPointsPayment(now_us(), points_id(order), money_uyuan, key))
    return found
