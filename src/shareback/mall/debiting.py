"""Coins and points of an order: what is debited when, and what gives it back.

Points that are redeemed are gone for ever, and such as come back are minted anew, under the cap
on all that is ever issued (R2): so they are redeemed in the transaction in which the order is
paid, and not before. Coins only move, so they are debited when the order is placed.
"""

from collections.abc import Sequence

from django.db import transaction

from shareback.engine import commands as cmd
from shareback.gateways.payments.interface import FEN
from shareback.mall.engines import must, now_us
from shareback.mall.faults import CannotBe
from shareback.mall.models import Membership
from shareback.mall.oscar.order.models import Order
from shareback.mall.reckoning import uyuan
from shareback.mall.tender import (
    Part,
    Wish,
    gross_for,
    less,
    part_of,
    units_for,
    wallet_of,
    whole_fen,
)
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


def debit(membership: Membership, orders: Sequence[Order], wish: Wish) -> None:
    """Debit coins and points that pay all of some orders just placed.

    Raises:
        CannotBe: The price moved under it, and they do not pay all any more.
        Refused: The engine refuses.
    """
    for order in orders:
        # The engine's own answer to the order before is what there is for this one.
        part = part_of(wallet_of(membership), uyuan(order.total_incl_tax), wish)
        if part.cash > 0:
            raise CannotBe("price_moved")
        debit_coins(membership, order, part)
        if part.points > 0:
            order.points, order.points_uyuan = spend(membership, order, part)
        order.save(update_fields=["cash_uyuan", "coins", "points", "points_uyuan"])
        wish = less(wish, part)


def promise(membership: Membership, orders: Sequence[Order], parts: Sequence[Part]) -> None:
    """Debit coins for orders that are paid with cash too, and note the points that they will take.

    Raises:
        Refused: The engine refuses.
    """
    for order, part in zip(orders, parts, strict=True):
        debit_coins(membership, order, part)
        order.points, order.points_uyuan = part.points, part.worth
        order.save(update_fields=["cash_uyuan", "coins", "points", "points_uyuan"])


def debit_coins(membership: Membership, order: Order, part: Part) -> None:
    """Debit an order's coins."""
    if part.coins > 0:
        merchant_id = order.partner.merchant_id
        pay = cmd.PayCoins(now_us(), coins_id(order), merchant_id, part.coins, membership.member_id)
        must(order.programme_id, [pay])
    order.coins, order.cash_uyuan = part.coins, part.cash


def redeem_promised(order: Order) -> int:
    """Redeem the points that an order was to take, now that its cash is there.

    The price may have risen since: then fewer go. Where what would stay of them is dust, all go
    (R3.6), and what they come to above their part is not to be paid in cash.

    Returns:
        How much of the order's cash is not owed any more, in µ¥, whole fen.

    Raises:
        CannotBe: The member or the quota has not so many any more; or what would stay of them is
            dust, and all of them come to more than part and cash together.
        Refused: The engine refuses; the quota is used up, say.
    """
    worth = order.points_uyuan
    if worth == 0:
        return 0
    wallet = wallet_of(order.membership)
    points = units_for(worth, wallet) if wallet.supply > 0 else 0
    if not 0 < points <= wallet.points:
        raise CannotBe("points_gone")
    part = Part(coins=0, points=points, worth=worth, cash=order.cash_uyuan)
    try:
        order.points, order.points_uyuan = spend(order.membership, order, part)
    except CannotBe:
        raise CannotBe("points_moved") from None
    over = whole_fen(order.points_uyuan) - worth
    order.cash_uyuan -= over
    return over


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
                return spend_exactly(membership, order, points, part)
        except Mispriced as fault:
            points = mul_div(points, gross_for(part.worth + FEN // 2, fee_ppm), fault.gross_uyuan)
    raise CannotBe("price_moved")


def spend_exactly(membership: Membership, order: Order, points: int, part: Part) -> tuple[int, int]:
    """Redeem points that come to what is owed, or less than a fen more.

    Where all go though fewer were asked for, they may pay of the cash too.

    Raises:
        Mispriced: They come to something else.
        Refused: The engine refuses.
    """
    merchant_id = order.partner.merchant_id
    command = cmd.SpendPoints(now_us(), points_id(order), membership.member_id, merchant_id, points)
    (answer,) = must(order.programme_id, [command])
    net = answer.money_uyuan - answer.fee_uyuan
    room = part.cash if answer.points > points else 0
    if not part.worth <= net < part.worth + room + FEN:
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
