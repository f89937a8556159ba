"""With what an order is paid: coins first, then points, the rest in cash.

Each instrument pays whole fen, so that cash is whole fen. The figures come from the rules' own
leaves; the engine decides, and a checkout takes what it answered.
"""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Sum

from shareback.engine.reporting import member_figures
from shareback.gateways.payments.interface import FEN
from shareback.journal.models import Member, Programme
from shareback.journal.models.programme import Halt
from shareback.journal.shapes import MEMBER
from shareback.mall.models import Membership, Purchase
from shareback.mall.oscar.order.models import Order
from shareback.mall.terms import in_force
from shareback.units.exact import mul_div, mul_div_up
from shareback.units.scales import DUST_UNITS, DUST_UYUAN, PPM

ALL = -1
"""As much as there is."""


class Wish(NamedTuple):
    """How much of coins and points a member wants to use, at most; `ALL` for all."""

    coins: int = 0
    points: int = 0


class Wallet(NamedTuple):
    """What a member could pay with now.

    Attributes:
        coins: 10⁻⁶ coin.
        points: Units held.
        left: Quota left, in µ¥, without what unpaid purchases will take of it.
        reserve: R.
        supply: S.
        fee_ppm: What stays in the reserve where goods are paid with points (R3.4).
        promised: Units, of those held, that purchases which wait for their cash will take.
        halted: Whether points pay for nothing at present (R3.1, R10).
    """

    coins: int
    points: int
    left: int
    reserve: int
    supply: int
    fee_ppm: int
    promised: int = 0
    halted: bool = False


class Part(NamedTuple):
    """How one order is paid.

    Attributes:
        coins: 10⁻⁶ coin, as many µ¥.
        points: Units to redeem.
        worth: What they pay of the order, in µ¥.
        cash: The rest, in µ¥.
    """

    coins: int
    points: int
    worth: int
    cash: int


def wallet_of(membership: Membership) -> Wallet:
    """What a member could pay with now, dividends that have accrued taken into account."""
    programme = membership.programme_id
    # Read first: what is taken meanwhile then counts twice, and nothing is promised twice.
    promised, worth = promised_by(membership)
    head = Programme.objects.get(pk=programme)
    account = Member.objects.get(programme_id=programme, number=membership.number)
    row = [getattr(account, name) for name in MEMBER.integers]
    parameters = in_force(programme)
    figures = member_figures(row, head.figures(), list(parameters.tier_rows()))
    return Wallet(
        coins=figures.coins,
        points=figures.points,
        left=max(
            0, figures.quota - figures.used - gross_for(worth, parameters.goods_redemption_fee)
        ),
        reserve=head.reserve,
        supply=head.supply,
        fee_ppm=parameters.goods_redemption_fee,
        promised=promised,
        halted=head.halted != Halt.NONE,
    )


def promised_by(membership: Membership) -> tuple[int, int]:
    """Points that unpaid purchases of a member will take, and what they will pay, in µ¥."""
    waiting = Order.objects.filter(
        purchase__membership=membership,
        purchase__state=Purchase.State.AWAITING,
        # One without cash takes its points at once.
        purchase__cash_uyuan__gt=0,
    )
    sums = waiting.aggregate(points=Sum("points"), worth=Sum("points_uyuan"))
    return int(sums["points"] or 0), int(sums["worth"] or 0)


def whole_fen(uyuan: int) -> int:
    """Money rounded down to whole fen."""
    return uyuan // FEN * FEN


def gross_for(net_uyuan: int, fee_ppm: int) -> int:
    """The least gross of which, after the fee, so much comes to the merchant (R3.4)."""
    return mul_div_up(net_uyuan, PPM, PPM - fee_ppm)


def net_of(gross_uyuan: int, fee_ppm: int) -> int:
    """What comes to the merchant of a gross (R3.4)."""
    return gross_uyuan - mul_div_up(gross_uyuan, fee_ppm, PPM)


def points_part(wallet: Wallet, owed_uyuan: int, wish: int) -> tuple[int, int]:
    """How many points to redeem for an order, and what they pay of it.

    Points that would stay and be dust are taken too (R3.6), and their worth with them: so either
    all points go, where they come to no more than a fen above what is owed, or a yuan's worth
    stays. What is promised already stays too.

    Args:
        wallet: What the member has.
        owed_uyuan: What is still to be paid, in µ¥, whole fen.
        wish: Units that may be used at most; `ALL` for all.
    """
    if wallet.points == 0 or wallet.supply == 0 or owed_uyuan == 0:
        return 0, 0
    free = max(0, wallet.points - wallet.promised)
    most = free if wish == ALL else min(wish, free)
    worth_all = mul_div(wallet.points, wallet.reserve, wallet.supply)
    net_all = net_of(worth_all, wallet.fee_ppm)
    fits = whole_fen(net_all) <= owed_uyuan and worth_all <= wallet.left
    if most == wallet.points and fits and whole_fen(net_all) > 0:
        return wallet.points, whole_fen(net_all)
    stays = max(DUST_UNITS, mul_div_up(DUST_UYUAN, wallet.supply, wallet.reserve))
    most = min(most, wallet.points - max(stays, wallet.promised))
    if most <= 0:
        return 0, 0
    gross = min(mul_div(most, wallet.reserve, wallet.supply), wallet.left)
    worth = min(owed_uyuan, whole_fen(net_of(gross, wallet.fee_ppm)))
    if worth <= 0:
        return 0, 0
    return units_for(worth, wallet), worth


def units_for(worth_uyuan: int, wallet: Wallet) -> int:
    """The least points of which so much comes to the merchant."""
    return mul_div_up(gross_for(worth_uyuan, wallet.fee_ppm), wallet.supply, wallet.reserve)


def part_of(wallet: Wallet, total_uyuan: int, wish: Wish) -> Part:
    """How an order would be paid out of a wallet."""
    coins = wallet.coins if wish.coins == ALL else min(wish.coins, wallet.coins)
    coins = min(whole_fen(coins), total_uyuan)
    points, worth = points_part(wallet, total_uyuan - coins, wish.points)
    return Part(coins, points, worth, total_uyuan - coins - worth)


def after(wallet: Wallet, part: Part) -> Wallet:
    """What is left in a wallet, as far as can be told before the engine has decided."""
    wallet = wallet._replace(coins=wallet.coins - part.coins)
    if part.points == 0:
        return wallet
    gross = min(mul_div(part.points, wallet.reserve, wallet.supply), wallet.left)
    return wallet._replace(
        points=wallet.points - part.points,
        left=wallet.left - gross,
        reserve=wallet.reserve - net_of(gross, wallet.fee_ppm),
        supply=wallet.supply - part.points,
    )


def less(wish: Wish, part: Part) -> Wish:
    """What may still be used of a wish."""
    return Wish(
        ALL if wish.coins == ALL else max(0, wish.coins - part.coins),
        ALL if wish.points == ALL else max(0, wish.points - part.points),
    )


def parts_of(wallet: Wallet, totals: Sequence[int], wish: Wish) -> list[Part]:
    """How several orders would be paid, one after the other."""
    parts = []
    for total in totals:
        part = part_of(wallet, total, wish)
        parts.append(part)
        wallet, wish = after(wallet, part), less(wish, part)
    return parts
